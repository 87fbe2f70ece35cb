import { assertMask } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";

/**
 * Keeps of a selection what is in another one, or what is not.
 *
 * @param other `weldedCount` flags, read only.
 * @param isWanted Whether places of `other` are kept; else those outside of it.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags, another array; those of other places become 0.
 * @returns How many places are left.
 * @throws {RangeError} If a mask has the wrong length.
 *
 * @example What two selections share
 * ```ts
 * import { buildTopology, keepSelected } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), mask = Uint8Array.of(1, 1, 0);
 * assertEquals(keepSelected(Uint8Array.of(0, 1, 1), true, topology, mask), 1);
 * assertEquals([...mask], [0, 1, 0]);
 * ```
 */
export function keepSelected(other: Uint8Array, isWanted: boolean, topology: Topology, mask: Uint8Array): number {
  assertMask(other, topology);
  assertMask(mask, topology);
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    if ((other[w] !== 0) !== isWanted) mask[w] = 0;
    else if (mask[w] !== 0) kept++;
  }
  return kept;
}
