/**
 * Curves in space as lists of points: through given points, and evenly spaced along their length.
 *
 * @module
 */
import { between, length, subtract, type Vec3 } from "./vec.ts";

/** A Catmull-Rom curve through `points`, `steps` pieces for each gap; the ends are its first and last point. */
export function curveThrough(points: readonly Vec3[], steps = 16): Vec3[] {
  const curve: Vec3[] = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    const [p, q] = [points[i], points[i + 1]];
    const before = points[i - 1] ?? between(q, p, 2), after = points[i + 2] ?? between(p, q, 2);
    for (let k = 1; k <= steps; k++) {
      const t = k / steps, t2 = t * t, t3 = t2 * t;
      const at = (c: number) =>
        0.5 * (2 * p[c] + (q[c] - before[c]) * t + (2 * before[c] - 5 * p[c] + 4 * q[c] - after[c]) * t2 +
          (3 * p[c] - before[c] - 3 * q[c] + after[c]) * t3);
      curve.push([at(0), at(1), at(2)]);
    }
  }
  return curve;
}

/** `count + 1` points evenly spaced along a list of points, ends kept. */
export function evenly(curve: readonly Vec3[], count: number): Vec3[] {
  const at = [0];
  for (let i = 1; i < curve.length; i++) at.push(at[i - 1] + length(subtract(curve[i], curve[i - 1])));
  const total = at[at.length - 1];
  const points: Vec3[] = [];
  for (let k = 0, i = 0; k <= count; k++) {
    const target = total * k / count;
    while (i < curve.length - 2 && at[i + 1] < target) i++;
    points.push(between(curve[i], curve[i + 1], (target - at[i]) / (at[i + 1] - at[i])));
  }
  points[0] = curve[0];
  points[count] = curve[curve.length - 1];
  return points;
}

/**
 * Fills four border curves with a grid (Coons 1967, bilinear blending): `grid[row][column]`.
 *
 * @param bottom Left to right.
 * @param top Left to right, as many points.
 * @param left Bottom to top; its ends are the first points of `bottom` and `top`.
 * @param right Bottom to top, as many points; its ends are the last points of `bottom` and `top`.
 */
export function coonsGrid(
  bottom: readonly Vec3[],
  top: readonly Vec3[],
  left: readonly Vec3[],
  right: readonly Vec3[],
): Vec3[][] {
  const columns = bottom.length - 1, rows = left.length - 1;
  return left.map((_, j) =>
    bottom.map((_, i) => {
      if (j === 0) return bottom[i];
      if (j === rows) return top[i];
      if (i === 0) return left[j];
      if (i === columns) return right[j];
      const u = i / columns, v = j / rows;
      const upright = between(bottom[i], top[i], v), level = between(left[j], right[j], u);
      const corners = between(between(bottom[0], bottom[columns], u), between(top[0], top[columns], u), v);
      return [0, 1, 2].map((c) => upright[c] + level[c] - corners[c]) as unknown as Vec3;
    })
  );
}
