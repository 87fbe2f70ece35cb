/**
 * Meshes small enough to know by heart, and a random generator that repeats.
 * Shared by the tests and benchmarks of `fitting/`.
 *
 * @module
 */
import type { TriangleMesh } from "../../fitting/mesh.ts";

/** Makes a mesh of plain numbers. */
export function meshOf(positions: ArrayLike<number>, indices: ArrayLike<number>): TriangleMesh {
  return { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) };
}

/**
 * The cube `[0, 1]³`: 8 vertices, 12 faces, volume 1, area 6, closed. Vertex
 * `i` lies at `(i & 1, (i >> 1) & 1, (i >> 2) & 1)`; faces 2k and 2k + 1 make
 * side k of `-x, +x, -y, +y, -z, +z`.
 */
export function unitCube(): TriangleMesh {
  const positions = [];
  for (let i = 0; i < 8; i++) positions.push(i & 1, (i >> 1) & 1, (i >> 2) & 1);
  const quads = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
  return meshOf(positions, quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]));
}

/** The corner of the unit cube at the origin: 4 vertices, 4 faces, volume 1/6, closed. */
export function tetrahedron(): TriangleMesh {
  return meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]);
}

/** An icosahedron split `level` times, pushed onto the sphere: `20 * 4^level` faces, `10 * 4^level + 2` vertices, closed. */
export function icosphere(level: number, radius = 1): TriangleMesh {
  const t = (1 + Math.sqrt(5)) / 2;
  const points: number[][] = [];
  const middles = new Map<string, number>();
  const addPoint = (x: number, y: number, z: number): number => {
    const scale = radius / Math.sqrt(x * x + y * y + z * z);
    return points.push([x * scale, y * scale, z * scale]) - 1;
  };
  const middle = (a: number, b: number): number => {
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let m = middles.get(key);
    if (m === undefined) {
      const p = points[a], q = points[b];
      middles.set(key, m = addPoint(p[0] + q[0], p[1] + q[1], p[2] + q[2]));
    }
    return m;
  };
  for (const s of [1, -1]) {
    for (const r of [1, -1]) {
      addPoint(0, r, s * t); // 0..2, then 3..5 and so on: three points for each pair of signs
      addPoint(r, s * t, 0);
      addPoint(s * t, 0, r);
    }
  }
  let faces = hullOfIcosahedron(points);
  for (let i = 0; i < level; i++) {
    faces = faces.flatMap(([a, b, c]) => {
      const ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      return [[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]];
    });
  }
  return meshOf(points.flat(), faces.flat());
}

/** All triples of points one edge length apart, wound to face outwards. */
function hullOfIcosahedron(points: number[][]): number[][] {
  const distance = (a: number, b: number) => Math.hypot(...points[a].map((value, k) => value - points[b][k]));
  const edge = Math.min(...points.slice(1).map((_, i) => distance(0, i + 1))) * 1.01;
  const faces = [];
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      for (let c = b + 1; c < points.length; c++) {
        if (distance(a, b) > edge || distance(b, c) > edge || distance(c, a) > edge) continue;
        const [p, q, r] = [points[a], points[b], points[c]];
        const volume = p[0] * (q[1] * r[2] - q[2] * r[1]) + p[1] * (q[2] * r[0] - q[0] * r[2]) +
          p[2] * (q[0] * r[1] - q[1] * r[0]);
        faces.push(volume > 0 ? [a, b, c] : [a, c, b]);
      }
    }
  }
  return faces;
}

/**
 * An open sheet of `n * n` vertices over `[0, 1]²` in x and z, y up, with waves
 * of amplitude 0.05: `2 (n - 1)²` faces that face +y. Vertex `row * n + column`
 * lies at `x = column / (n - 1)`, `z = row / (n - 1)`.
 */
export function wavyGrid(n: number): TriangleMesh {
  const positions = new Float32Array(3 * n * n), indices = new Uint32Array(6 * (n - 1) * (n - 1));
  let corner = 0;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const v = row * n + column, x = column / (n - 1), z = row / (n - 1);
      positions.set([x, 0.05 * Math.sin(9 * x) * Math.cos(7 * z), z], 3 * v);
      if (row === n - 1 || column === n - 1) continue;
      indices.set([v, v + n, v + 1, v + 1, v + n, v + n + 1], corner);
      corner += 6;
    }
  }
  return { positions, indices };
}

/** A copy of `mesh`, every coordinate multiplied by `factor`. */
export function scaled(mesh: TriangleMesh, factor: number): TriangleMesh {
  return { positions: mesh.positions.map((value) => value * factor), indices: mesh.indices.slice() };
}

/** A generator of numbers in `[0, 1)` that repeats for the same `seed` (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
