/**
 * Marching tetrahedra over the left half-space of a symmetric field.
 * Source: Doi & Koide 1991, "An Efficient Method of Triangulating Equi-Valued Surfaces by Using Tetrahedral Cells";
 * cubes are cut into Kuhn's six tetrahedra. Tetrahedra, not cubes: no ambiguous case, so the result is always manifold.
 *
 * @module
 */
import type { Field } from "./field.ts";
import { cross, dot, subtract, type Vec3 } from "./vec.ts";

/** Triangles while they are being worked on; counter-clockwise seen from outside. */
export interface Soup {
  readonly points: Vec3[];
  readonly faces: [number, number, number][];
}

const CUBE = [0, 1, 2, 3, 4, 5, 6, 7];
/** Kuhn's tetrahedra: every path along the cube's edges from corner 0 to corner 7 (bits: 1 x, 2 y, 4 z). */
const TETRAHEDRA = [[0, 1, 3, 7], [0, 1, 5, 7], [0, 2, 3, 7], [0, 2, 6, 7], [0, 4, 5, 7], [0, 4, 6, 7]];

/**
 * Meshes `field = 0` for x >= 0; the rim lies at x = 0 exactly, everything else beyond it.
 *
 * @param field Must be positive on the box's other five sides.
 * @param low The box's lowest corner, `low[0]` must be 0.
 * @param high Its highest corner.
 * @param cell Edge length of a cube, metres.
 */
export function meshHalf(field: Field, low: Vec3, high: Vec3, cell: number): Soup {
  const count = [0, 1, 2].map((k) => Math.ceil((high[k] - low[k]) / cell) + 1);
  const strides = [1, count[0], count[0] * count[1]];
  const corner = (i: number): Vec3 => [
    low[0] + (i % count[0]) * cell,
    low[1] + (Math.floor(i / strides[1]) % count[1]) * cell,
    low[2] + Math.floor(i / strides[2]) * cell,
  ];
  const values = new Float64Array(count[0] * count[1] * count[2]);
  for (let i = 0; i < values.length; i++) {
    values[i] = field(...corner(i));
    // Far from the surface the next corners lie on the same side: half the distance is a safe stride.
    const safe = Math.min(Math.floor(Math.abs(values[i]) / (2 * cell)), count[0] - 1 - i % count[0]);
    values.fill(values[i], i + 1, i + 1 + safe);
    i += safe;
  }
  const soup: Soup = { points: [], faces: [] };
  const crossings = new Map<number, number>();
  /** The vertex where the surface crosses the lattice edge from an inner to an outer corner. */
  const crossing = (a: number, b: number): number => {
    const key = a * values.length + b;
    let vertex = crossings.get(key);
    if (vertex === undefined) {
      // Kept off the corners, so that no triangle has area zero.
      const t = Math.min(0.95, Math.max(0.05, values[a] / (values[a] - values[b])));
      const p = corner(a), q = corner(b);
      vertex = soup.points.push([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t, p[2] + (q[2] - p[2]) * t]) - 1;
      crossings.set(key, vertex);
    }
    return vertex;
  };
  for (let z = 0; z < count[2] - 1; z++) {
    for (let y = 0; y < count[1] - 1; y++) {
      for (let x = 0; x < count[0] - 1; x++) {
        const base = x + y * strides[1] + z * strides[2];
        const cube = CUBE.map((bits) => base + (bits & 1) + ((bits >> 1) & 1) * strides[1] + (bits >> 2) * strides[2]);
        const insideCount = cube.reduce((sum, i) => sum + (values[i] <= 0 ? 1 : 0), 0);
        if (insideCount === 0 || insideCount === 8) continue;
        for (const path of TETRAHEDRA) {
          const corners = path.map((bits) => cube[bits]);
          const inner = corners.filter((i) => values[i] <= 0), outer = corners.filter((i) => values[i] > 0);
          if (inner.length === 0 || outer.length === 0) continue;
          addTriangles(soup, inner, outer, crossing, subtract(corner(outer[0]), corner(inner[0])));
        }
      }
    }
  }
  return soup;
}

/** Adds the one or two triangles that part the inner corners of a tetrahedron from the outer ones. */
function addTriangles(
  soup: Soup,
  inner: number[],
  outer: number[],
  crossing: (a: number, b: number) => number,
  outward: Vec3,
): void {
  const ring = inner.length === 2
    ? [
      crossing(inner[0], outer[0]),
      crossing(inner[0], outer[1]),
      crossing(inner[1], outer[1]),
      crossing(inner[1], outer[0]),
    ]
    : inner.length === 1
    ? outer.map((b) => crossing(inner[0], b))
    : inner.map((a) => crossing(a, outer[0]));
  for (let k = 2; k < ring.length; k++) {
    const [a, b, c] = [ring[0], ring[k - 1], ring[k]];
    const { points } = soup;
    const normal = cross(subtract(points[b], points[a]), subtract(points[c], points[a]));
    soup.faces.push(dot(normal, outward) > 0 ? [a, b, c] : [a, c, b]);
  }
}
