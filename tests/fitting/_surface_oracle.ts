/**
 * Answers of `SurfaceIndex` by other means: every face, in the plainest terms,
 * in f64. Slow, and different from what is tested.
 *
 * @module
 */
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { meshOf, seeded } from "./_meshes.ts";

/** A point or direction. */
export type Vector = readonly [number, number, number];

export const sub = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vector): number => Math.sqrt(dot(a, a));
const along = (a: Vector, b: Vector, t: number): Vector => [
  a[0] + t * (b[0] - a[0]),
  a[1] + t * (b[1] - a[1]),
  a[2] + t * (b[2] - a[2]),
];

/** The corners of face `f`. */
export function cornersOf({ positions, indices }: TriangleMesh, f: number): [Vector, Vector, Vector] {
  const corner = (k: number): Vector => {
    const v = 3 * indices[3 * f + k];
    return [positions[v], positions[v + 1], positions[v + 2]];
  };
  return [corner(0), corner(1), corner(2)];
}

function distanceToSegment(p: Vector, a: Vector, b: Vector): number {
  const ab = sub(b, a), lengthSq = dot(ab, ab);
  const t = lengthSq === 0 ? 0 : Math.min(1, Math.max(0, dot(sub(p, a), ab) / lengthSq));
  return length(sub(p, along(a, b, t)));
}

/** The distance of `p` to a triangle: the plane if `p` lies above the triangle, else the nearest side. */
export function distanceToTriangle(p: Vector, a: Vector, b: Vector, c: Vector): number {
  const sides = Math.min(distanceToSegment(p, a, b), distanceToSegment(p, b, c), distanceToSegment(p, c, a));
  const n = cross(sub(b, a), sub(c, a)), area = length(n);
  if (area === 0) return sides;
  const isAbove = ([u, v]: readonly [Vector, Vector]) => dot(cross(sub(v, u), sub(p, u)), n) >= 0;
  if (![[a, b] as const, [b, c] as const, [c, a] as const].every(isAbove)) return sides;
  return Math.min(sides, Math.abs(dot(n, sub(p, a))) / area);
}

/** The distance of `p` to each face. */
export function distancesToFaces(mesh: TriangleMesh, p: Vector): number[] {
  return Array.from({ length: mesh.indices.length / 3 }, (_, f) => distanceToTriangle(p, ...cornersOf(mesh, f)));
}

/** The generalized winding number, solid angle by solid angle (Van Oosterom & Strackee 1983). */
export function exactWindingNumber(mesh: TriangleMesh, p: Vector): number {
  let sum = 0;
  for (let f = 0; f < mesh.indices.length / 3; f++) {
    const [a, b, c] = cornersOf(mesh, f).map((corner) => sub(corner, p));
    const la = length(a), lb = length(b), lc = length(c);
    const even = la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb;
    sum += 2 * Math.atan2(dot(a, cross(b, c)), even);
  }
  return sum / (4 * Math.PI);
}

/** How far along the direction (in lengths of it) a ray meets each face, from the front or behind; `Infinity` where it does not. */
export function rayParameters(mesh: TriangleMesh, origin: Vector, direction: Vector): number[] {
  return Array.from({ length: mesh.indices.length / 3 }, (_, f) => {
    const [a, b, c] = cornersOf(mesh, f);
    const n = cross(sub(b, a), sub(c, a)), slope = dot(n, direction);
    const t = dot(n, sub(a, origin)) / slope;
    if (slope === 0 || t < 0) return Infinity;
    const p = along([0, 0, 0], direction, t), hit: Vector = [origin[0] + p[0], origin[1] + p[1], origin[2] + p[2]];
    const sides = [[a, b], [b, c], [c, a]].map(([u, v]) => dot(cross(sub(v, u), sub(hit, u)), n));
    return sides.every((side) => side >= 0) ? t : Infinity;
  });
}

/** `count` unconnected triangles in `[0, 1]³`, of all sizes from the whole box down to a hundredth. */
export function triangleSoup(count: number, seed: number): TriangleMesh {
  const random = seeded(seed), positions: number[] = [];
  for (let f = 0; f < count; f++) {
    const size = 10 ** (-2 * random()), at = [random(), random(), random()];
    for (let k = 0; k < 9; k++) positions.push(at[k % 3] + size * (random() - 0.5));
  }
  return meshOf(positions, positions.keys().toArray().slice(0, 3 * count));
}

/** What breaks naive code, eight of each: points, collinear and folded triangles, needles, duplicates, turned duplicates. */
export function degenerateSoup(seed: number): TriangleMesh {
  const random = seeded(seed), positions: number[] = [];
  const point = () => [random(), random(), random()].map(Math.fround);
  for (let i = 0; i < 8; i++) {
    const a = point(), b = point(), c = point(), middle = a.map((x, k) => (x + b[k]) / 2);
    const near = b.map((x) => x + 1e-6);
    for (const face of [[a, a, a], [a, a, b], [a, b, b], [a, b, a], [a, middle, b], [a, b, middle], [middle, a, b]]) {
      positions.push(...face.flat());
    }
    for (const face of [[a, b, near], [near, a, b], [b, near, a], [a, b, c], [a, b, c], [a, c, b]]) {
      positions.push(...face.flat());
    }
  }
  return meshOf(positions, positions.keys().toArray().slice(0, positions.length / 3));
}

/** Points that provoke: at and near corners, on sides, in faces, in the box, and a thousand diagonals away. */
export function provokingPoints(mesh: TriangleMesh, count: number, seed: number): Vector[] {
  const random = seeded(seed), faces = mesh.indices.length / 3, size = Math.max(...mesh.positions.map(Math.abs));
  const jitter = (p: Vector, by: number): Vector =>
    along(p, [random() - 0.5, random() - 0.5, random() - 0.5], 0).map(
      (x) => x + by * size * (random() - 0.5),
    ) as unknown as Vector;
  return Array.from({ length: count }, (_, i): Vector => {
    const [a, b, c] = cornersOf(mesh, Math.floor(random() * faces));
    if (i % 7 === 0) return a;
    if (i % 7 === 1) return jitter(a, 1e-6);
    if (i % 7 === 2) return along(a, b, 0.5);
    if (i % 7 === 3) return along(along(a, b, random()), c, random());
    if (i % 7 === 4) return jitter(along(a, b, random()), 0.1);
    if (i % 7 === 5) return jitter([0, 0, 0], 2);
    return jitter([0, 0, 0], 2000);
  });
}
