import { assertMask } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";

/**
 * Keeps of a selection the places inside a box, its faces included.
 *
 * @param values `components` numbers a vertex: positions (3) or texture coordinates (2). A place with several vertices
 * stays where one of them is inside.
 * @param components Numbers a vertex has.
 * @param box Least values, then greatest, `2 * components`; infinite where a side is open.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags; those of other places become 0.
 * @returns How many places are left.
 * @throws {RangeError} If a length is wrong.
 *
 * @example The upper end of an edge
 * ```ts
 * import { buildTopology, keepInBox } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), mask = Uint8Array.of(1, 1, 1);
 * const box = [-Infinity, 0.5, -Infinity, Infinity, Infinity, Infinity];
 * assertEquals(keepInBox(mesh.positions, 3, box, topology, mask), 1);
 * assertEquals([...mask], [0, 0, 1]);
 * ```
 */
export function keepInBox(
  values: Float32Array,
  components: number,
  box: ArrayLike<number>,
  topology: Topology,
  mask: Uint8Array,
): number {
  assertMask(mask, topology);
  const { positionRemap } = topology;
  if (values.length !== components * positionRemap.length || box.length !== 2 * components) {
    throw new RangeError(
      `Cannot select by a box as there must be ${components} values a vertex and ${
        2 * components
      } sides: there are ${values.length} values for ${positionRemap.length} vertices and ${box.length} sides`,
    );
  }
  const FOUND = 2; // beside the 1 of a place that was selected before
  for (let v = 0; v < positionRemap.length; v++) {
    const w = positionRemap[v];
    if (mask[w] === 0 || mask[w] === FOUND) continue;
    let isInside = true;
    for (let k = 0; k < components; k++) {
      const value = values[components * v + k];
      if (!(value >= box[k] && value <= box[components + k])) isInside = false;
    }
    if (isInside) mask[w] = FOUND;
  }
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    mask[w] = mask[w] === FOUND ? 1 : 0;
    kept += mask[w];
  }
  return kept;
}
