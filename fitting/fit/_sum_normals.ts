import type { Topology } from "../topology/topology.ts";

/**
 * Normals of places, by area; not unit.
 *
 * @param p `3 * weldedCount`.
 * @param normals `3 * weldedCount`, overwritten.
 */
export function sumNormals({ weldedIndices }: Topology, p: Float64Array, normals: Float64Array): void {
  normals.fill(0);
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const a = 3 * weldedIndices[c], b = 3 * weldedIndices[c + 1], d = 3 * weldedIndices[c + 2];
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    for (let k = 0; k < 3; k++) {
      const v = 3 * weldedIndices[c + k];
      normals[v] += nx;
      normals[v + 1] += ny;
      normals[v + 2] += nz;
    }
  }
}
