import type { TriangleMesh } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";

/**
 * Area-weighted unit normals of the places of a surface, and one third of the area around each. A place without area
 * has the normal (0, 0, 0).
 *
 * @param normals `3 * weldedCount`, zeroed.
 * @param areas `weldedCount`, zeroed.
 */
export function placeNormals(
  { positions: p, indices }: TriangleMesh,
  { weldedIndices }: Topology,
  normals: Float64Array,
  areas: Float64Array,
): void {
  for (let c = 0; c < indices.length; c += 3) {
    const a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const sixth = Math.sqrt(nx * nx + ny * ny + nz * nz) / 6;
    for (let k = 0; k < 3; k++) {
      const j = weldedIndices[c + k];
      normals[3 * j] += nx;
      normals[3 * j + 1] += ny;
      normals[3 * j + 2] += nz;
      areas[j] += sixth;
    }
  }
  for (let j = 0; j < areas.length; j++) {
    const length = Math.sqrt(normals[3 * j] ** 2 + normals[3 * j + 1] ** 2 + normals[3 * j + 2] ** 2);
    const scale = length > 0 ? 1 / length : 0;
    for (let k = 3 * j; k < 3 * j + 3; k++) normals[k] *= scale;
  }
}
