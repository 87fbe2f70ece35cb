/** The linear value of an sRGB one, both 0 to 1 (IEC 61966-2-1); values outside are brought in. */
export function linearOf(value: number): number {
  const inside = Math.min(1, Math.max(0, value));
  return inside <= 0.04045 ? inside / 12.92 : ((inside + 0.055) / 1.055) ** 2.4;
}
