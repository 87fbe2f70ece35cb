import type { Frame } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import { triangleArea } from "../_triangle_area.ts";

/** Places spread evenly over the area of a mesh, and its size; vertices that no face uses have no say. */
export interface SurfaceSamples {
  /** `3 * count` coordinates **relative to the centre**, in the mesh's own unit. */
  readonly points: Float64Array;
  /** Unit normals of the faces they lie on, likewise. */
  readonly normals: Float64Array;
  /** How many places there are; 0 when the mesh has no area. */
  readonly count: number;
  /** Mean of the places: x, y, z. */
  readonly centre: Float64Array;
  /** Root of the mean squared distance to the centre. */
  readonly radius: number;
}

/** Bytes {@linkcode sampleSurface} leases from `out`. */
export function surfaceSamplesBytes(count: number): number {
  return 8 * (6 * count + 3);
}

/**
 * Takes `count` places, one in each of as many equal shares of the area in face
 * order, so every n-th of them is an even sample too. How a flat piece is cut
 * into triangles hardly matters. O(faceCount).
 *
 * @param out Owns the result, {@linkcode surfaceSamplesBytes}.
 */
export function sampleSurface(mesh: TriangleMesh, count: number, out: Frame): SurfaceSamples {
  const points = out.f64(3 * count), normals = out.f64(3 * count), centre = out.f64(3);
  const area = totalArea(mesh);
  if (!(area > 0 && area < Infinity)) return { points, normals, count: 0, centre, radius: 0 };
  placeSamples(mesh, points, normals, count, area);
  for (let i = 0; i < points.length; i++) centre[i % 3] += points[i] / count;
  let radiusSq = 0;
  for (let i = 0; i < points.length; i++) {
    points[i] -= centre[i % 3];
    radiusSq += points[i] * points[i] / count;
  }
  return { points, normals, count, centre, radius: Math.sqrt(radiusSq) };
}

function totalArea({ positions, indices }: TriangleMesh): number {
  let area = 0;
  for (let f = 0; f < indices.length; f += 3) {
    area += triangleArea(positions, 3 * indices[f], 3 * indices[f + 1], 3 * indices[f + 2]);
  }
  return area;
}

/** Where in its face a sample lies follows the R2 sequence (Roberts 2018): even, and the same on every run. */
function placeSamples(
  { positions, indices }: TriangleMesh,
  points: Float64Array,
  normals: Float64Array,
  count: number,
  area: number,
): void {
  let passed = 0, i = 0;
  for (let f = 0; f < indices.length; f += 3) {
    const a = 3 * indices[f], b = 3 * indices[f + 1], c = 3 * indices[f + 2];
    passed += triangleArea(positions, a, b, c);
    while (i < count && (passed * count >= (i + 0.5) * area || f + 3 === indices.length)) {
      let u = (i + 0.5) * 0.7548776662466927 % 1, v = (i + 0.5) * 0.5698402909980532 % 1;
      if (u + v > 1) {
        u = 1 - u;
        v = 1 - v;
      }
      for (let k = 0; k < 3; k++) {
        const p = positions[a + k];
        points[3 * i + k] = p + u * (positions[b + k] - p) + v * (positions[c + k] - p);
      }
      writeNormal(positions, a, b, c, normals, 3 * i++);
    }
  }
}

/** Zero for a face without area: it may get the last sample. */
function writeNormal(positions: Float32Array, a: number, b: number, c: number, out: Float64Array, at: number): void {
  const ux = positions[b] - positions[a],
    uy = positions[b + 1] - positions[a + 1],
    uz = positions[b + 2] - positions[a + 2];
  const vx = positions[c] - positions[a],
    vy = positions[c + 1] - positions[a + 1],
    vz = positions[c + 2] - positions[a + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz), scale = length > 0 ? 1 / length : 0;
  out[at] = scale * nx;
  out[at + 1] = scale * ny;
  out[at + 2] = scale * nz;
}
