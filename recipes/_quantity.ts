import { Misreading } from "./_option.ts";
import { nearest } from "./nearest.ts";
import { listed, quote } from "./_words.ts";

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The pattern of {@linkcode readDecimal} for JSON Schema, without its ends. */
export const DECIMAL_PATTERN = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";

/**
 * Reads a decimal number as JSON writes it: `-3`, `0.5`, `1e-3`. Everything that some YAML dialect reads otherwise
 * (`017`, `0x1F`, `1_000`, `.inf`) is an error that says what to write.
 *
 * @param shift Powers of ten the value is multiplied by, without rounding twice.
 */
export function readDecimal(text: string, shift = 0): number | Misreading {
  if (!DECIMAL.test(text)) return diagnose(text);
  const [mantissa, exponent = "0"] = text.split(/e/i);
  // Beyond ±9999 every power is 0 or infinite; as text it would no longer be an exponent.
  const power = Math.max(-9999, Math.min(9999, Number(exponent))) + shift;
  const value = Number(`${mantissa}e${power}`) + 0;
  return Number.isFinite(value) ? value : new Misreading("is too large for a number");
}

function diagnose(text: string): Misreading {
  const bare = text.trim();
  const write = (fixed: string) => DECIMAL.test(fixed) ? `Write ${fixed}` : undefined;
  if (bare === "") return new Misreading("is empty");
  if (bare !== text) return new Misreading("has spaces around it", write(bare));
  if (/^[-+]?0[xob]/i.test(text)) {
    return new Misreading("is not decimal", Number.isFinite(Number(text)) ? write(String(Number(text))) : undefined);
  }
  if (/^[-+]?[\d,]*\d_[\d_]*/.test(text)) return new Misreading("has an underscore", write(text.replaceAll("_", "")));
  if (/^[-+]?0\d/.test(text)) {
    return new Misreading(
      "starts with a zero, which some tools read as octal",
      write(text.replace(/^([-+]?)0+(?=\d)/, "$1")),
    );
  }
  if (/^[-+]?\.?(inf|infinity|nan)$/i.test(text)) return new Misreading("is not finite");
  if (/^[-+]?\d+,\d+$/.test(text)) return new Misreading("has a comma", write(text.replace(",", ".").replace("+", "")));
  if (/^[-+]?\d*\.?\d*(e[-+]?\d+)?$/i.test(text) && /\d/.test(text)) {
    const fixed = text.replace("+", "").replace(/^(-?)\./, "$10.").replace(/\.(?=$|e)/i, "");
    return new Misreading("is not written in full", write(fixed));
  }
  return new Misreading("is not a number");
}

/** How a kind of quantity is written. */
export interface Units {
  /** What the units are of, in the plural: `"Lengths"`. */
  readonly plural: string;
  /** The units, and what one of each is in the unit the code works with: a power of ten, or a factor. */
  readonly units: Readonly<Record<string, { readonly shift: number } | { readonly factor: number }>>;
  /** The unit of a bare number; without one, a bare number is an error. */
  readonly bare?: string;
  /** What people write for a unit, and which it is. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Units we do not have, and what one is in the unit the code works with. */
  readonly foreign?: Readonly<Record<string, number>>;
  /** Writes a value in the unit that suits it. */
  readonly print: (value: number) => string;
}

/** A number and its unit. */
export interface Quantity {
  /** In the unit the code works with. */
  readonly value: number;
  /** As it was written; empty for a bare number of a kind that allows it. */
  readonly unit: string;
}

/** Reads a number with its unit. */
export function readQuantity(text: string, units: Units): Quantity | Misreading {
  const match = /^([-+]?[\d.,_]*\d(?:[eE][-+]?\d+)?\.?)(\s*)([^\d\s]*)$/.exec(text);
  if (match === null) return diagnose(text);
  const [, number, space, unit] = match;
  const plain = readDecimal(number);
  if (plain instanceof Misreading) {
    const help = plain.help === undefined ? undefined : `${plain.help}${unit}`;
    return new Misreading(plain.reason, help, plain.code);
  }
  const meant = unit === "" ? units.bare : unit;
  if (meant === undefined) {
    return new Misreading(
      "has no unit",
      `Write ${listed(Object.keys(units.units).map((unit) => number + unit), "or")}`,
      "unknown-unit",
    );
  }
  if (!Object.hasOwn(units.units, meant)) return unknownUnit(plain, number, unit, units);
  if (space !== "") return new Misreading("has a space before its unit", `Write ${number}${unit}`);
  const scale = units.units[meant];
  const value = "shift" in scale ? readDecimal(number, scale.shift) : plain * scale.factor;
  return value instanceof Misreading ? value : { value, unit };
}

function unknownUnit(
  plain: number,
  number: string,
  unit: string,
  { plural, units, aliases = {}, foreign = {}, print }: Units,
): Misreading {
  const names = Object.keys(units);
  const near = Object.hasOwn(aliases, unit) ? aliases[unit] : nearest(unit, names);
  const reason = `has an unknown unit, ${quote(unit)}`;
  if (Object.hasOwn(foreign, unit)) {
    return new Misreading(reason, `Write ${print(plain * foreign[unit])}`, "unknown-unit");
  }
  if (near !== undefined) {
    return new Misreading(`${reason}: did you mean "${number}${near}"?`, undefined, "unknown-unit");
  }
  return new Misreading(reason, `${plural} are written with ${listed(names, "or")}`, "unknown-unit");
}

/** The pattern of a number with one of the units, for JSON Schema. */
export function quantityPattern({ units, bare }: Units): string {
  const names = Object.keys(units).map((unit) => unit.replaceAll(/[^\w%]/g, "\\$&")).join("|");
  return `^${DECIMAL_PATTERN}(${names})${bare === undefined ? "" : "?"}$`;
}

/** A number without the noise of binary fractions: `6` for 0.006 · 1000. */
export function tidy(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** The rule a value breaks, or `undefined` when it is inside its range. */
export function rangeRule(
  value: number,
  { min, max }: { min?: number | undefined; max?: number | undefined },
  print: (value: number) => string,
): string | undefined {
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return undefined;
  return rangeWords({ min, max }, print);
}

/** A range behind the name of a kind: ` from 0mm to 50mm`, ` of at least 0mm`, or nothing. */
export function rangeSuffix(
  range: { min?: number | undefined; max?: number | undefined },
  print: (value: number) => string,
): string {
  const words = rangeWords(range, print);
  return words === "" ? "" : words.startsWith("from") ? ` ${words}` : ` of ${words}`;
}

/** A range in words: `at least 0mm`, `from 0mm to 50mm`; an infinite end is none. */
export function rangeWords(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  print: (value: number) => string,
): string {
  const least = Number.isFinite(min) ? print(min!) : undefined, most = Number.isFinite(max) ? print(max!) : undefined;
  if (least !== undefined && most !== undefined) return `from ${least} to ${most}`;
  if (least !== undefined) return `at least ${least}`;
  return most === undefined ? "" : `at most ${most}`;
}
