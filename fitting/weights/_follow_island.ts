import { Effort } from "../_effort.ts";
import { NO_INDEX, type TriangleMesh } from "../mesh.ts";
import type { SkinWeights } from "./skin_weights.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** As many islands are named. */
export const NAMED = 8;
/** Nanoseconds a distance takes. */
const DISTANCE_COST = 4;

/** What {@linkcode followNearestIsland} found. */
export interface FollowReport {
  /** The first islands where nothing is known. */
  readonly named: number[];
  /** How many there are. */
  readonly unmatched: number;
}

/**
 * Marks the places that can be solved for, those not known on an island where
 * something is. Others take the weights of the known place nearest to their
 * island, all of it the same, so that a loose part moves with what it is next to.
 *
 * @param nearestKnown `islandCount`, overwritten: the place an island follows; `NO_INDEX` where something is known.
 * @param isUnknown `weldedCount`, overwritten: 0 to be solved for, else -1.
 */
export function* followNearestIsland(
  mesh: TriangleMesh,
  { islandOf, islandCount, weldedCount, representative }: Topology,
  isKnown: Uint8Array,
  skin: SkinWeights,
  nearestKnown: Uint32Array,
  isUnknown: Int32Array,
): Work<FollowReport> {
  const effort = new Effort(), named: number[] = [];
  nearestKnown.fill(0);
  for (let w = 0; w < weldedCount; w++) {
    if (isKnown[w] === 1 && islandOf[w] !== NO_INDEX) nearestKnown[islandOf[w]] = NO_INDEX;
  }
  let unmatched = 0;
  for (let n = 0; n < islandCount; n++) if (nearestKnown[n] !== NO_INDEX && unmatched++ < NAMED) named.push(n);
  for (let w = 0; w < weldedCount; w++) {
    const island = islandOf[w];
    isUnknown[w] = isKnown[w] === 1 || island === NO_INDEX || nearestKnown[island] !== NO_INDEX ? -1 : 0;
  }
  const { positions } = mesh;
  if (unmatched > 0) {
    for (let n = 0; n < islandCount; n++) {
      if (nearestKnown[n] === NO_INDEX) continue;
      let count = 0, x = 0, y = 0, z = 0;
      for (let w = 0; w < weldedCount; w++) {
        if (islandOf[w] !== n) continue;
        const i = 3 * representative[w];
        count++;
        x += positions[i];
        y += positions[i + 1];
        z += positions[i + 2];
      }
      nearestKnown[n] = nearestOf(x / count, y / count, z / count);
      yield* effort.spend(weldedCount, DISTANCE_COST);
    }
  }
  for (let w = 0; w < weldedCount; w++) {
    if (isKnown[w] === 1 || isUnknown[w] === 0) continue;
    if (islandOf[w] !== NO_INDEX) copyPlace(skin, nearestKnown[islandOf[w]], w);
    else {
      const i = 3 * representative[w];
      copyPlace(skin, nearestOf(positions[i], positions[i + 1], positions[i + 2]), w);
      yield* effort.spend(weldedCount, DISTANCE_COST);
    }
  }
  return { named, unmatched };

  function nearestOf(x: number, y: number, z: number): number {
    let nearest = 0, nearestSq = Infinity;
    for (let w = 0; w < weldedCount; w++) {
      if (isKnown[w] === 0) continue;
      const i = 3 * representative[w];
      const dx = positions[i] - x, dy = positions[i + 1] - y, dz = positions[i + 2] - z;
      const distanceSq = dx * dx + dy * dy + dz * dz;
      if (distanceSq >= nearestSq) continue;
      nearest = w;
      nearestSq = distanceSq;
    }
    return nearest;
  }
}

/** Copies the weights of one vertex to another. */
export function copyPlace(
  { skinJoints, skinWeights, influencesPerVertex: slots }: SkinWeights,
  from: number,
  to: number,
): void {
  for (let i = 0; i < slots; i++) {
    skinJoints[to * slots + i] = skinJoints[from * slots + i];
    skinWeights[to * slots + i] = skinWeights[from * slots + i];
  }
}
