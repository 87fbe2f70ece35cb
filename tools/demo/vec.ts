/**
 * Three-vectors and circle functions that give the same bits in every engine: only `+ - * /` and `Math.sqrt`,
 * which IEEE 754 rounds in one way. `Math.sin` and friends may differ in the last bit, so they are not used here.
 *
 * @module
 */

/** A point or direction: x to the character's left, y up, z forward; metres. */
export type Vec3 = readonly [number, number, number];

/** `a + b * t`. */
export function addScaled(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + b[0] * t, a[1] + b[1] * t, a[2] + b[2] * t];
}

/** `a - b`. */
export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** The scalar product. */
export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The vector product, right-handed. */
export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Euclidean length. */
export function length(a: Vec3): number {
  return Math.sqrt(dot(a, a));
}

/** `a` with length 1; the zero vector stays zero. */
export function unit(a: Vec3): Vec3 {
  const size = length(a);
  return size > 0 ? [a[0] / size, a[1] / size, a[2] / size] : [0, 0, 0];
}

/** The point at `t` between `a` (0) and `b` (1). */
export function between(a: Vec3, b: Vec3, t: number): Vec3 {
  return addScaled(a, subtract(b, a), t);
}

/** `a` seen in the mirror of the character's middle plane, x = 0. */
export function mirrored(a: Vec3): Vec3 {
  return [a[0] === 0 ? 0 : -a[0], a[1], a[2]];
}

/** Distance from a point to a line segment; `a` and `b` must differ. */
export function segmentDistance(p: Vec3, a: Vec3, b: Vec3): number {
  const axis = subtract(b, a), from = subtract(p, a);
  const t = Math.min(1, Math.max(0, dot(from, axis) / dot(axis, axis)));
  return length(addScaled(from, axis, -t));
}

/** 0 below `from`, 1 above `to`, smooth in between; `from < to`. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** `[cos, sin]` of an angle given in turns (1 = full circle). */
export function circle(turns: number): readonly [number, number] {
  const eighths = Math.round((turns - Math.floor(turns)) * 8);
  const angle = (turns - Math.floor(turns) - eighths / 8) * 2 * Math.PI; // |angle| <= pi/8: the series below is exact to 1e-16
  const square = angle * angle;
  let cos = 1, sin = angle, cosTerm = 1, sinTerm = angle;
  for (let k = 1; k <= 8; k++) {
    cosTerm *= -square / ((2 * k - 1) * 2 * k);
    sinTerm *= -square / (2 * k * (2 * k + 1));
    cos += cosTerm;
    sin += sinTerm;
  }
  for (let k = 0; k < eighths; k++) {
    [cos, sin] = [(cos - sin) * Math.SQRT1_2, (cos + sin) * Math.SQRT1_2];
  }
  return [cos, sin];
}

/** The angle of direction `(x, y)` in turns, in [0, 1); counter-clockwise from +x. */
export function turnOf(x: number, y: number): number {
  const ax = Math.abs(x), ay = Math.abs(y);
  if (ax + ay === 0) return 0;
  let eighth = arcTangent(Math.min(ax, ay) / Math.max(ax, ay)) / (2 * Math.PI);
  if (ay > ax) eighth = 0.25 - eighth;
  if (x < 0) eighth = 0.5 - eighth;
  return y < 0 ? (1 - eighth) % 1 : eighth;
}

/** Arc tangent on [0, 1]: halved twice by `tan(a/2) = t / (1 + sqrt(1 + t²))`, then the Taylor series. */
function arcTangent(t: number): number {
  let u = t / (1 + Math.sqrt(1 + t * t));
  u /= 1 + Math.sqrt(1 + u * u);
  let sum = 0, power = u;
  for (let k = 0; k < 12; k++) {
    sum += (k % 2 === 0 ? power : -power) / (2 * k + 1);
    power *= u * u;
  }
  return 4 * sum;
}
