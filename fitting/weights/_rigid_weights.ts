import type { Scratch } from "../../pool/scratch.ts";
import { join, rootOf } from "../topology/_disjoint_sets.ts";
import { MOST_FACES } from "../measure/_small_islands.ts";
import { NO_INDEX, type TriangleMesh } from "../mesh.ts";
import type { SkinWeights } from "./skin_weights.ts";
import type { Topology } from "../topology/topology.ts";

/** Ends a list. */
const END = NO_INDEX;

/** Bytes {@linkcode bindRigidParts} leases. */
export function bindRigidPartsBytes(
  { weldedCount, islandCount, jointCount }: { weldedCount: number; islandCount: number; jointCount: number },
): number {
  return 12 * weldedCount + 48 * islandCount + 4 * islandCount + 8 * jointCount;
}

/**
 * Gives every rigid part one blend of joints, the mean over its surface, so that
 * it moves and does not bend: buttons, buckles, plates.
 *
 * @param skin One entry a place, overwritten where a part is rigid.
 * @param areas One a place.
 * @param mask Flags of places that are rigid, those that hang together as one; `undefined` for none.
 * @param smallerThan Whole islands of at most 500 faces whose bounds' diagonal is below this are rigid too; metres, 0 for none.
 * @returns How many parts were bound.
 */
export function bindRigidParts(
  mesh: TriangleMesh,
  topology: Topology,
  skin: SkinWeights,
  areas: Float64Array,
  mask: Uint8Array | undefined,
  smallerThan: number,
  jointCount: number,
  scratch: Scratch,
): number {
  const { weldedCount, islandOf, islandCount, ringOffsets, ringVertices } = topology;
  using frame = scratch.frame("rigid parts");
  const partOf = frame.u32(weldedCount).fill(NO_INDEX), first = frame.u32(weldedCount).fill(END);
  const next = frame.u32(weldedCount), bounds = frame.f64(6 * islandCount), faces = frame.u32(islandCount);
  const sums = frame.f64(jointCount);
  const isSmall = measureIslands(mesh, topology, bounds, faces, smallerThan);
  for (let w = 0; w < weldedCount; w++) {
    const island = islandOf[w];
    if ((mask !== undefined && mask[w] > 0) || (isSmall && island !== NO_INDEX && faces[island] === 1)) partOf[w] = w;
  }
  for (let w = 0; w < weldedCount; w++) {
    if (partOf[w] === NO_INDEX) continue;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (ringVertices[r] > w && partOf[ringVertices[r]] !== NO_INDEX) join(partOf, w, ringVertices[r]);
    }
  }
  for (let w = weldedCount - 1; w >= 0; w--) {
    if (partOf[w] === NO_INDEX) continue;
    const root = rootOf(partOf, w);
    next[w] = first[root];
    first[root] = w;
  }
  let parts = 0;
  for (let root = 0; root < weldedCount; root++) {
    if (first[root] === END || next[root] === END) continue;
    blendPart(skin, areas, first, next, root, sums);
    parts++;
  }
  return parts;
}

/** Writes 1 into `faces` where an island is small, else 0; says whether any is. */
function measureIslands(
  { positions }: TriangleMesh,
  { weldedCount, islandOf, islandCount, representative, weldedIndices }: Topology,
  bounds: Float64Array,
  faces: Uint32Array,
  smallerThan: number,
): boolean {
  if (!(smallerThan > 0)) return false;
  for (let n = 0; n < islandCount; n++) {
    for (let k = 0; k < 3; k++) {
      bounds[6 * n + k] = Infinity;
      bounds[6 * n + 3 + k] = -Infinity;
    }
  }
  for (let w = 0; w < weldedCount; w++) {
    if (islandOf[w] === NO_INDEX) continue;
    const b = 6 * islandOf[w], i = 3 * representative[w];
    for (let k = 0; k < 3; k++) {
      bounds[b + k] = Math.min(bounds[b + k], positions[i + k]);
      bounds[b + 3 + k] = Math.max(bounds[b + 3 + k], positions[i + k]);
    }
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const island = islandOf[weldedIndices[c]];
    if (island !== NO_INDEX) faces[island]++;
  }
  let any = false;
  for (let n = 0; n < islandCount; n++) {
    const b = 6 * n,
      x = bounds[b + 3] - bounds[b],
      y = bounds[b + 4] - bounds[b + 1],
      z = bounds[b + 5] - bounds[b + 2];
    const isSmall = faces[n] <= MOST_FACES && x * x + y * y + z * z < smallerThan * smallerThan;
    faces[n] = isSmall ? 1 : 0;
    any ||= isSmall;
  }
  return any;
}

function blendPart(
  { skinJoints, skinWeights, influencesPerVertex: slots }: SkinWeights,
  areas: Float64Array,
  first: Uint32Array,
  next: Uint32Array,
  root: number,
  sums: Float64Array,
): void {
  let area = 0;
  for (let w = first[root]; w !== END; w = next[w]) area += areas[w];
  for (let w = first[root]; w !== END; w = next[w]) {
    const share = area > 0 ? areas[w] : 1;
    for (let i = w * slots; i < (w + 1) * slots; i++) sums[skinJoints[i]] += share * skinWeights[i];
  }
  const begin = first[root] * slots;
  let whole = 0;
  for (let k = 0; k < slots; k++) { // the greatest first, ties by lower joint
    let greatest = 0;
    for (let joint = 1; joint < sums.length; joint++) if (sums[joint] > sums[greatest]) greatest = joint;
    skinJoints[begin + k] = sums[greatest] > 0 ? greatest : 0;
    skinWeights[begin + k] = sums[greatest];
    whole += sums[greatest];
    sums[greatest] = 0;
  }
  sums.fill(0);
  for (let k = begin; k < begin + slots; k++) skinWeights[k] /= whole || 1;
  for (let w = next[first[root]]; w !== END; w = next[w]) {
    for (let k = 0; k < slots; k++) {
      skinJoints[w * slots + k] = skinJoints[begin + k];
      skinWeights[w * slots + k] = skinWeights[begin + k];
    }
  }
}
