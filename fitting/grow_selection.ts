import type { Scratch } from "../pool/scratch.ts";
import { assertMask } from "./_narrow.ts";
import type { Topology } from "./topology.ts";

/**
 * Grows a selection by rings of neighbours, or shrinks it.
 *
 * @param topology Of the mesh; seams do not stop it.
 * @param mask `weldedCount` flags, changed in place.
 * @param rings How often every neighbour of the selection joins it; below 0, how often every neighbour of the rest leaves it.
 * @param scratch Left as it was found; {@linkcode growSelectionBytes} are leased.
 * @returns How many places are selected now.
 * @throws {RangeError} If the mask has the wrong length or `rings` is no whole number.
 *
 * @example Along a strip of two triangles, and back
 * ```ts
 * import { buildTopology, growSelection } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2, 2, 1, 3) }, scope, scope);
 * const mask = Uint8Array.of(1, 0, 0, 0);
 * assertEquals(growSelection(topology, mask, 1, scope), 3);
 * assertEquals(growSelection(topology, mask, -1, scope), 1);
 * assertEquals([...mask], [1, 0, 0, 0]);
 * ```
 */
export function growSelection(topology: Topology, mask: Uint8Array, rings: number, scratch: Scratch): number {
  assertMask(mask, topology);
  if (!Number.isInteger(rings)) {
    throw new RangeError(`Cannot grow a selection as rings must be a whole number: current value is ${rings}`);
  }
  using frame = scratch.frame("grow");
  const before = frame.u8(mask.length);
  const from = rings < 0 ? 0 : 1, to = 1 - from;
  for (let ring = Math.abs(rings); ring > 0; ring--) {
    for (let w = 0; w < mask.length; w++) before[w] = mask[w] === 0 ? 0 : 1;
    if (!spread(topology, before, mask, from, to)) break;
  }
  let kept = 0;
  for (let w = 0; w < mask.length; w++) if (mask[w] !== 0) kept++;
  return kept;
}

/** Exactly the bytes {@linkcode growSelection} leases. */
export function growSelectionBytes({ weldedCount }: { weldedCount: number }): number {
  return weldedCount;
}

/** Gives the neighbours of places with flag `from` that flag, where they have `to`; returns whether there were any. */
function spread(
  { ringOffsets, ringVertices }: Topology,
  before: Uint8Array,
  mask: Uint8Array,
  from: number,
  to: number,
): boolean {
  let hasChanged = false;
  for (let w = 0; w < before.length; w++) {
    if (before[w] !== to) continue;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (before[ringVertices[r]] !== from) continue;
      mask[w] = from;
      hasChanged = true;
      break;
    }
  }
  return hasChanged;
}
