/**
 * Solids as scalar fields: negative inside, zero on the surface, close to the distance in metres around it.
 * Source: Inigo Quilez, "Distance functions" (round cone, ellipsoid bound, polynomial smooth minimum); the lofts are ours.
 *
 * @module
 */
import { addScaled, cross, dot, length, subtract, unit, type Vec3 } from "./vec.ts";

/** Approximate signed distance at a point, metres, negative inside. */
export type Field = (x: number, y: number, z: number) => number;

/** A field with a ball around what it bounds. */
export interface Solid {
  readonly field: Field;
  readonly center: Vec3;
  readonly radius: number;
}

/** One cross-section of a loft. */
export interface Section {
  /** Place along the axis, metres from its origin. */
  readonly at: number;
  /** Half axes of the ellipse along the loft's `side` and `front` directions, metres. */
  readonly side: number;
  readonly front: number;
  /** Shift of the centre along the same directions, metres. @default {0} */
  readonly sideShift?: number;
  readonly frontShift?: number;
  /** 0 is an ellipse, 1 a squircle. @default {0} */
  readonly square?: number;
}

/** Sphere-swept cone from `a` (radius `ra`) to `b` (radius `rb`); exact. */
export function roundCone(a: Vec3, b: Vec3, ra: number, rb: number): Solid {
  const axis = subtract(b, a);
  const l2 = dot(axis, axis), rr = ra - rb, a2 = l2 - rr * rr, il2 = 1 / l2;
  const field: Field = (x, y, z) => {
    const px = x - a[0], py = y - a[1], pz = z - a[2];
    const t = px * axis[0] + py * axis[1] + pz * axis[2], s = t - l2;
    const ex = px * l2 - axis[0] * t, ey = py * l2 - axis[1] * t, ez = pz * l2 - axis[2] * t;
    const x2 = ex * ex + ey * ey + ez * ez, t2 = t * t * l2, s2 = s * s * l2, k = Math.sign(rr) * rr * rr * x2;
    if (Math.sign(s) * a2 * s2 > k) return Math.sqrt(x2 + s2) * il2 - rb;
    if (Math.sign(t) * a2 * t2 < k) return Math.sqrt(x2 + t2) * il2 - ra;
    return (Math.sqrt(x2 * a2 * il2) + t * rr) * il2 - ra;
  };
  return { field, center: addScaled(a, axis, 0.5), radius: Math.sqrt(l2) / 2 + Math.max(ra, rb) };
}

/** Axis-aligned ellipsoid; exact on the surface, a first-order distance near it. */
export function ellipsoid(center: Vec3, radii: Vec3): Solid {
  const [cx, cy, cz] = center, [rx, ry, rz] = radii;
  const field: Field = (x, y, z) => ellipseDistance((x - cx) / rx, (y - cy) / ry, (z - cz) / rz, rx, ry, rz);
  return { field, center, radius: Math.max(rx, ry, rz) };
}

/** First-order distance to an ellipsoid from coordinates in units of its half axes. */
function ellipseDistance(u: number, v: number, w: number, ru: number, rv: number, rw: number): number {
  const rho = Math.sqrt(u * u + v * v + w * w);
  const slope = Math.sqrt((u / ru) * (u / ru) + (v / rv) * (v / rv) + (w / rw) * (w / rw));
  return slope > 1e-9 ? rho * (rho - 1) / slope : -Math.min(ru, rv, rw);
}

/**
 * A tube along a straight axis whose elliptic section changes smoothly; both ends are rounded.
 *
 * @param origin Where `at` is 0.
 * @param axis Direction of growing `at`; any length.
 * @param front Direction of a section's `front` half axis; made perpendicular to `axis`. Then `side = front x axis`.
 * @param sections At least two, `at` rising.
 */
export function loft(origin: Vec3, axis: Vec3, front: Vec3, sections: readonly Section[]): Solid {
  const w = unit(axis);
  const v = unit(addScaled(front, w, -dot(front, w)));
  const u = cross(v, w);
  const at = sections.map((s) => s.at), first = at[0], last = at[at.length - 1];
  const curve = (pick: (s: Section) => number) => spline(at, sections.map(pick));
  const side = curve((s) => s.side), depth = curve((s) => s.front);
  const sideShift = curve((s) => s.sideShift ?? 0), frontShift = curve((s) => s.frontShift ?? 0);
  const square = curve((s) => s.square ?? 0);
  const field: Field = (x, y, z) => {
    const dx = x - origin[0], dy = y - origin[1], dz = z - origin[2];
    const along = dx * w[0] + dy * w[1] + dz * w[2];
    const t = Math.min(last, Math.max(first, along));
    const ru = side(t), rv = depth(t), rw = Math.min(ru, rv);
    const a = (dx * u[0] + dy * u[1] + dz * u[2] - sideShift(t)) / ru;
    const b = (dx * v[0] + dy * v[1] + dz * v[2] - frontShift(t)) / rv;
    const round = Math.sqrt(a * a + b * b), box = Math.sqrt(Math.sqrt(a * a * a * a + b * b * b * b));
    const fill = round > 0 ? 1 + square(t) * (box / round - 1) : 1; // squircle: the same direction, nearer to the middle
    return ellipseDistance(a * fill, b * fill, (along - t) / rw, ru, rv, rw);
  };
  const reach = sections.map((s) =>
    1.2 * Math.max(s.side, s.front) + Math.abs(s.sideShift ?? 0) + Math.abs(s.frontShift ?? 0)
  );
  return { field, center: addScaled(origin, w, (first + last) / 2), radius: (last - first) / 2 + Math.max(...reach) };
}

/** Cubic Hermite curve through `(at[i], values[i])` with Catmull-Rom tangents. */
function spline(at: readonly number[], values: readonly number[]): (t: number) => number {
  const n = at.length;
  const tangent = values.map((_, i) => {
    const lo = Math.max(0, i - 1), hi = Math.min(n - 1, i + 1);
    return (values[hi] - values[lo]) / (at[hi] - at[lo]);
  });
  return (t) => {
    let i = 0;
    while (i < n - 2 && t > at[i + 1]) i++;
    const h = at[i + 1] - at[i], s = (t - at[i]) / h, s2 = s * s, s3 = s2 * s;
    return (2 * s3 - 3 * s2 + 1) * values[i] + (s3 - 2 * s2 + s) * h * tangent[i] +
      (3 * s2 - 2 * s3) * values[i + 1] + (s3 - s2) * h * tangent[i + 1];
  };
}

/** Minimum of two distances with a fillet of about radius `blend` where they meet; `blend > 0`. */
export function smoothMin(a: number, b: number, blend: number): number {
  const h = Math.max(blend - Math.abs(a - b), 0);
  return Math.min(a, b) - h * h / (4 * blend);
}

/** The gradient of a field by central differences, and its value: `[gx, gy, gz, value]`. */
export function gradient(field: Field, x: number, y: number, z: number): [number, number, number, number] {
  const h = 1e-4;
  return [
    (field(x + h, y, z) - field(x - h, y, z)) / (2 * h),
    (field(x, y + h, z) - field(x, y - h, z)) / (2 * h),
    (field(x, y, z + h) - field(x, y, z - h)) / (2 * h),
    field(x, y, z),
  ];
}

/** Moves a point along the gradient onto the level `level` (metres) by at most `steps` damped Newton steps. */
export function projectTo(field: Field, p: Vec3, level = 0, steps = 4): Vec3 {
  let q = p;
  for (let k = 0; k < steps; k++) {
    const [gx, gy, gz, value] = gradient(field, q[0], q[1], q[2]);
    const move = (level - value) / Math.max(gx * gx + gy * gy + gz * gz, 0.05);
    const step: Vec3 = [gx * move, gy * move, gz * move];
    q = addScaled(q, step, Math.min(1, 0.03 / Math.max(length(step), 1e-12)));
  }
  return q;
}

/** The unit outward normal of the level set through a point. */
export function normalAt(field: Field, p: Vec3): Vec3 {
  const [gx, gy, gz] = gradient(field, p[0], p[1], p[2]);
  return unit([gx, gy, gz]);
}
