/**
 * Affine maps as 12 numbers in a `Float64Array`: three columns of the linear
 * part, then the translation (glTF's 16 column-major numbers without the last
 * row). `at` is where a map starts, so that many lie in one array.
 */

/** Numbers of one map. */
export const AFFINE = 12;

/** A determinant this small against the columns' lengths counts as flat. */
const FLAT = 1e-9;

/** A new identity map. */
export function identity(): Float64Array {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
}

/** Whether a map is exactly the identity. */
export function isIdentity(m: Float64Array, at = 0): boolean {
  for (let i = 0; i < AFFINE; i++) {
    if (m[at + i] !== (i === 0 || i === 4 || i === 8 ? 1 : 0)) return false;
  }
  return true;
}

/** Writes `a · b` (first `b`, then `a`); `out` may not overlap either. */
export function multiply(
  a: Float64Array,
  aAt: number,
  b: ArrayLike<number>,
  bAt: number,
  out: Float64Array,
  outAt: number,
): void {
  for (let column = 0; column < 4; column++) {
    const x = b[bAt + 3 * column],
      y = b[bAt + 3 * column + 1],
      z = b[bAt + 3 * column + 2];
    for (let row = 0; row < 3; row++) {
      const sum = a[aAt + row] * x + a[aAt + 3 + row] * y +
        a[aAt + 6 + row] * z;
      out[outAt + 3 * column + row] = column === 3 ? sum + a[aAt + 9 + row] : sum;
    }
  }
}

/** Determinant of the linear part; negative when the map mirrors. */
export function determinant(m: Float64Array, at = 0): number {
  return m[at] * (m[at + 4] * m[at + 8] - m[at + 5] * m[at + 7]) -
    m[at + 3] * (m[at + 1] * m[at + 8] - m[at + 2] * m[at + 7]) +
    m[at + 6] * (m[at + 1] * m[at + 5] - m[at + 2] * m[at + 4]);
}

/** Whether a map flattens space, or holds numbers that are not finite: it has no inverse worth the name. */
export function isSingular(m: Float64Array, at = 0): boolean {
  let volume = 1, translation = 0;
  for (let column = 0; column < 3; column++) {
    const x = m[at + 3 * column],
      y = m[at + 3 * column + 1],
      z = m[at + 3 * column + 2];
    volume *= Math.sqrt(x * x + y * y + z * z);
    translation += m[at + 9 + column];
  }
  const size = Math.abs(determinant(m, at));
  return !(size > FLAT * volume && volume < Infinity &&
    translation - translation === 0);
}

/** Writes the inverse; `false` when there is none. `out` may be `m`. */
export function invert(m: Float64Array, out: Float64Array): boolean {
  if (isSingular(m)) return false;
  const a = m[0], b = m[1], c = m[2], d = m[3], e = m[4], f = m[5];
  const g = m[6], h = m[7], i = m[8], x = m[9], y = m[10], z = m[11];
  const scale = 1 / determinant(m);
  out[0] = (e * i - f * h) * scale;
  out[1] = (c * h - b * i) * scale;
  out[2] = (b * f - c * e) * scale;
  out[3] = (f * g - d * i) * scale;
  out[4] = (a * i - c * g) * scale;
  out[5] = (c * d - a * f) * scale;
  out[6] = (d * h - e * g) * scale;
  out[7] = (b * g - a * h) * scale;
  out[8] = (a * e - b * d) * scale;
  for (let row = 0; row < 3; row++) {
    out[9 + row] = -(out[row] * x + out[3 + row] * y + out[6 + row] * z);
  }
  return true;
}

/** Drops the last row of 16 column-major numbers. */
export function fromMatrix16(
  m: ArrayLike<number>,
  from: number,
  out: Float64Array,
  at: number,
): void {
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 3; row++) {
      out[at + 3 * column + row] = m[from + 4 * column + row];
    }
  }
}

/** Adds the last row `0, 0, 0, 1`: 16 column-major numbers. */
export function toMatrix16(
  m: Float64Array,
  from: number,
  out: Float64Array | Float32Array,
  at: number,
): void {
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 3; row++) {
      out[at + 4 * column + row] = m[from + 3 * column + row];
    }
    out[at + 4 * column + 3] = column === 3 ? 1 : 0;
  }
}

/** Writes the map of a translation, a quaternion and factors. The quaternion is used as it stands, as viewers do. */
export function compose(
  t: readonly number[],
  r: readonly number[],
  s: readonly number[],
  out: Float64Array,
  at: number,
): void {
  const [x, y, z, w] = r;
  out[at] = (1 - 2 * (y * y + z * z)) * s[0];
  out[at + 1] = 2 * (x * y + z * w) * s[0];
  out[at + 2] = 2 * (x * z - y * w) * s[0];
  out[at + 3] = 2 * (x * y - z * w) * s[1];
  out[at + 4] = (1 - 2 * (x * x + z * z)) * s[1];
  out[at + 5] = 2 * (y * z + x * w) * s[1];
  out[at + 6] = 2 * (x * z + y * w) * s[2];
  out[at + 7] = 2 * (y * z - x * w) * s[2];
  out[at + 8] = (1 - 2 * (x * x + y * y)) * s[2];
  out[at + 9] = t[0];
  out[at + 10] = t[1];
  out[at + 11] = t[2];
}
