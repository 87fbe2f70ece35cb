import type { Topology } from "../topology/topology.ts";

/** What {@linkcode seamCracks} measured. */
export interface SeamCracks {
  /** Greatest distance between two vertices that were one place, metres. */
  seamCrackMax: number;
  /** Vertices more than 0.01 mm from the first at their place. */
  seamCracks: number;
}

/** A crack this wide is seen by nobody, metres. */
const INVISIBLE = 1e-5;

/**
 * Measures how far vertices that lay at one place came apart.
 *
 * @param deformed Positions now, `3 * vertexCount` metres.
 * @param topology Of the mesh as it was.
 * @example A seam that opened by a metre
 * ```ts
 * import { buildTopology, seamCracks } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5) }, scope, scope);
 * const open = positions.map((x, i) => i >= 9 && i % 3 === 2 ? x + 1 : x);
 * assertEquals(seamCracks(open, topology), { seamCrackMax: 1, seamCracks: 2 });
 * ```
 */
export function seamCracks(deformed: Float32Array, { positionRemap, representative }: Topology): SeamCracks {
  let maxSq = 0, count = 0;
  for (let v = 0; v < positionRemap.length; v++) {
    const i = 3 * v, j = 3 * representative[positionRemap[v]];
    const x = deformed[i] - deformed[j], y = deformed[i + 1] - deformed[j + 1], z = deformed[i + 2] - deformed[j + 2];
    const distanceSq = x * x + y * y + z * z;
    if (distanceSq > maxSq) maxSq = distanceSq;
    if (distanceSq > INVISIBLE * INVISIBLE) count++;
  }
  return { seamCrackMax: Math.sqrt(maxSq), seamCracks: count };
}
