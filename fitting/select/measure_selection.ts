import type { Scratch } from "../../pool/scratch.ts";
import { NO_INDEX } from "../mesh.ts";
import { assertMask } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";

/** What {@linkcode measureSelection} counted. */
export interface SelectionSize {
  /** Places selected. */
  places: number;
  /** Their vertices: places at seams have several. */
  vertices: number;
  /** Connected parts of the mesh that have one. */
  islands: number;
}

/**
 * Counts what a selection holds.
 *
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags, read only.
 * @param scratch Left as it was found; {@linkcode measureSelectionBytes} are leased.
 * @throws {RangeError} If the mask has the wrong length.
 *
 * @example A place that has two vertices
 * ```ts
 * import { buildTopology, measureSelection } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, -1, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5) }, scope, scope);
 * const size = measureSelection(topology, Uint8Array.of(1, 0, 0, 0, 0), scope);
 * assertEquals(size, { places: 1, vertices: 2, islands: 1 });
 * ```
 */
export function measureSelection(topology: Topology, mask: Uint8Array, scratch: Scratch): SelectionSize {
  assertMask(mask, topology);
  const { positionRemap, islandOf, islandCount } = topology;
  using frame = scratch.frame("selection size");
  const isFound = frame.u8(islandCount), size = { places: 0, vertices: 0, islands: 0 };
  for (let w = 0; w < mask.length; w++) {
    if (mask[w] === 0) continue;
    size.places++;
    if (islandOf[w] === NO_INDEX || isFound[islandOf[w]] !== 0) continue;
    isFound[islandOf[w]] = 1;
    size.islands++;
  }
  for (let v = 0; v < positionRemap.length; v++) if (mask[positionRemap[v]] !== 0) size.vertices++;
  return size;
}

/** Exactly the bytes {@linkcode measureSelection} leases. */
export function measureSelectionBytes({ islandCount }: { islandCount: number }): number {
  return islandCount;
}
