/** A length of some millimetres for people: `12.3 mm`, `0.04 mm`. */
export function millimetres(metres: unknown): string {
  const mm = 1000 * Number(metres);
  if (!Number.isFinite(mm)) return "no surface";
  if (mm === 0) return "0 mm";
  return `${Math.abs(mm) < 1 ? mm.toPrecision(2) : Math.abs(mm) < 100 ? mm.toFixed(1) : mm.toFixed(0)} mm`;
}

/** A share of 0–1 for people: `23.1 %`, `0.02 %`; only a true 0 shows as 0. */
export function percent(share: unknown): string {
  const value = 100 * Number(share);
  if (value === 0 || value === 100) return `${value} %`;
  return `${value < 1 ? value.toPrecision(2) : value.toFixed(1)} %`;
}

/** A ratio for people: `1.05`. */
export function twoDecimals(value: unknown): string {
  return Number(value).toFixed(2);
}

/** A count with its noun: `1 flip`, `0 flips`. */
export function counted(count: unknown, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
