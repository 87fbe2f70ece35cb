import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { assertMask } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Places to go over in one call, and nanoseconds each takes. */
const CHUNK = 32_768, PLACE_COST = 25;

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
  return finish(growSelectionWork(topology, mask, rings, scratch));
}

/** {@linkcode growSelection} with pauses. */
export function* growSelectionWork(
  topology: Topology,
  mask: Uint8Array,
  rings: number,
  scratch: Scratch,
): Work<number> {
  assertMask(mask, topology);
  if (!Number.isInteger(rings)) {
    throw new RangeError(`Cannot grow a selection as rings must be a whole number: current value is ${rings}`);
  }
  using frame = scratch.frame("grow");
  const before = frame.u8(mask.length);
  const from = rings < 0 ? 0 : 1, to = 1 - from, effort = new Effort();
  for (let ring = Math.abs(rings); ring > 0; ring--) {
    for (let w = 0; w < mask.length; w++) before[w] = mask[w] === 0 ? 0 : 1;
    let hasChanged = false;
    for (let w = 0; w < mask.length; w += CHUNK) {
      const end = Math.min(w + CHUNK, mask.length);
      if (spread(topology, before, mask, from, to, w, end)) hasChanged = true;
      yield* effort.spend(end - w, PLACE_COST);
    }
    if (!hasChanged) break;
  }
  let kept = 0;
  for (let w = 0; w < mask.length; w++) if (mask[w] !== 0) kept++;
  return kept;
}

/** Exactly the bytes {@linkcode growSelection} leases. */
export function growSelectionBytes({ weldedCount }: { weldedCount: number }): number {
  return weldedCount;
}

/** Gives the neighbours of places with flag `from` that flag, where they have `to`; from one place to another; returns whether there were any. */
function spread(
  { ringOffsets, ringVertices }: Topology,
  before: Uint8Array,
  mask: Uint8Array,
  from: number,
  to: number,
  first: number,
  last: number,
): boolean {
  let hasChanged = false;
  for (let w = first; w < last; w++) {
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
