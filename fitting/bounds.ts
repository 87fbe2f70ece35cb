import type { TriangleMesh } from "./mesh.ts";
import type { Topology } from "./topology/topology.ts";

/** The box around a mesh, metres. */
export interface Bounds {
  /** Least x, y and z; `Infinity` without a face. */
  readonly boundsMin: readonly [x: number, y: number, z: number];
  /** Greatest x, y and z; `-Infinity` without a face. */
  readonly boundsMax: readonly [x: number, y: number, z: number];
  /** From the one corner to the other; 0 without a face. */
  readonly boundsDiagonal: number;
}

/**
 * Finds the box around the vertices that faces use: a stray vertex, far away
 * and never drawn, does not count.
 *
 * @example A triangle and a stray vertex
 * ```ts
 * import { boundsOf } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const { boundsMin, boundsMax, boundsDiagonal } = boundsOf({
 *   positions: Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0, 99, 99, 99),
 *   indices: Uint32Array.of(0, 1, 2),
 * });
 * assertEquals([...boundsMin, ...boundsMax], [0, 0, 0, 3, 4, 0]);
 * assertEquals(boundsDiagonal, 5);
 * ```
 */
export function boundsOf({ positions, indices }: TriangleMesh): Bounds {
  let minX = Infinity, minY = Infinity, minZ = Infinity;
  let maxX = -Infinity, maxY = -Infinity, maxZ = -Infinity;
  for (let c = 0; c < indices.length; c++) {
    const i = 3 * indices[c];
    const x = positions[i], y = positions[i + 1], z = positions[i + 2];
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
    if (z < minZ) minZ = z;
    if (z > maxZ) maxZ = z;
  }
  const dx = maxX - minX, dy = maxY - minY, dz = maxZ - minZ;
  return {
    boundsMin: [minX, minY, minZ],
    boundsMax: [maxX, maxY, maxZ],
    boundsDiagonal: indices.length === 0 ? 0 : Math.sqrt(dx * dx + dy * dy + dz * dz),
  };
}

/**
 * The mean length of the welded edges, metres; each counts once, however many
 * faces meet there. 0 without an edge.
 *
 * @param mesh May have moved since `topology` was built.
 * @param topology Of `mesh`.
 *
 * @example A 3-4-5 triangle
 * ```ts
 * import { buildTopology, meanEdgeLength } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * assertEquals(meanEdgeLength(mesh, buildTopology(mesh, scope, scope)), 4);
 * ```
 */
export function meanEdgeLength(
  { positions }: TriangleMesh,
  topology: Topology,
): number {
  const { weldedCount, representative, ringOffsets, ringVertices } = topology;
  let sum = 0;
  for (let w = 0; w < weldedCount; w++) {
    const i = 3 * representative[w];
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (ringVertices[r] < w) continue; // the other end counted it
      const j = 3 * representative[ringVertices[r]];
      const x = positions[j] - positions[i];
      const y = positions[j + 1] - positions[i + 1];
      const z = positions[j + 2] - positions[i + 2];
      sum += Math.sqrt(x * x + y * y + z * z);
    }
  }
  return topology.edgeCount === 0 ? 0 : sum / topology.edgeCount;
}
