import { assertMask } from "../_narrow.ts";
import { assertSkinWeights, type SkinWeights } from "../weights/skin_weights.ts";
import type { Topology } from "../topology/topology.ts";

/**
 * Keeps of a selection the places that some joints move: where their weights together are at least `leastWeight` and
 * above 0. A place with several vertices stays where one of them is moved so.
 *
 * @param skin Of the mesh; its weights sum to 1.
 * @param joints Indices of the joints.
 * @param leastWeight From 0 to 1.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags; those of other places become 0.
 * @returns How many places are left.
 * @throws {RangeError} If a length is wrong.
 *
 * @example Where joint 2 has at least half
 * ```ts
 * import { buildTopology, keepInfluenced } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * const skin = {
 *   skinJoints: Uint16Array.of(2, 0, 0, 2, 1, 0),
 *   skinWeights: Float32Array.of(1, 0, 0.75, 0.25, 0.5, 0.5),
 *   influencesPerVertex: 2,
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), mask = Uint8Array.of(1, 1, 1);
 * assertEquals(keepInfluenced(skin, [2], 0.5, topology, mask), 1);
 * assertEquals([...mask], [1, 0, 0]);
 * ```
 */
export function keepInfluenced(
  skin: SkinWeights,
  joints: readonly number[],
  leastWeight: number,
  topology: Topology,
  mask: Uint8Array,
): number {
  assertMask(mask, topology);
  const { positionRemap } = topology, { skinJoints, skinWeights, influencesPerVertex } = skin;
  assertSkinWeights(skin, positionRemap.length);
  const FOUND = 2; // beside the 1 of a place that was selected before
  for (let v = 0; v < positionRemap.length; v++) {
    const w = positionRemap[v];
    if (mask[w] === 0 || mask[w] === FOUND) continue;
    let weight = 0;
    for (let i = influencesPerVertex * v; i < influencesPerVertex * (v + 1); i++) {
      if (joints.includes(skinJoints[i])) weight += skinWeights[i];
    }
    if (weight > 0 && weight >= leastWeight) mask[w] = FOUND;
  }
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    mask[w] = mask[w] === FOUND ? 1 : 0;
    kept += mask[w];
  }
  return kept;
}
