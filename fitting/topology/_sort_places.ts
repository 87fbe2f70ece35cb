import type { Scratch } from "../../pool/scratch.ts";
import { mortonOrder, mortonOrderBytes } from "../surface/_morton_order.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Work } from "../work.ts";

/**
 * With more places than this, neighbours are in no cache any more where a mesh has them far apart, as one that was
 * parted in four again and again: each level lies behind the last.
 */
const CACHED_PLACES = 50_000;
/** Corners of a face that are fewer places apart than so many sides of a square sheet are near already, as in rows of a grid. */
const NEAR_SIDES = 4;

/** Bytes {@linkcode sortPlaces} leases from scratch. */
export function sortPlacesBytes({ weldedCount }: { weldedCount: number }): number {
  return weldedCount > CACHED_PLACES ? (12 + 4 + 4) * weldedCount + mortonOrderBytes(weldedCount) : 0;
}

/**
 * Numbers the places of a large mesh along a Morton curve, so that neighbours lie
 * near each other in memory: whatever goes over rings is faster by it, a fit of
 * half a million places by a sixth. A mesh of fewer keeps its numbers, and so does one
 * whose neighbours are near as they come: a grid in rows has better ones than the curve.
 *
 * @param representative The lowest vertex of each place; overwritten, like `positionRemap`.
 */
export function* sortPlaces(
  { positions, indices }: TriangleMesh,
  positionRemap: Uint32Array,
  representative: Uint32Array,
  scratch: Scratch,
): Work<void> {
  const { length } = representative;
  if (length <= CACHED_PLACES) return;
  using frame = scratch.frame("sort places");
  const points = frame.f32(3 * length), order = frame.u32(length), numbers = frame.u32(length);
  for (let w = 0; w < length; w++) {
    for (let k = 0; k < 3; k++) points[3 * w + k] = positions[3 * representative[w] + k];
  }
  yield;
  mortonOrder(points, order, frame);
  yield;
  if (meanGap(indices, positionRemap) < NEAR_SIDES * Math.sqrt(length)) return; // known only now, but what is leased is as planned
  for (let i = 0; i < length; i++) numbers[order[i]] = i;
  for (let v = positionRemap.length - 1; v >= 0; v--) {
    positionRemap[v] = numbers[positionRemap[v]];
    representative[positionRemap[v]] = v; // the lowest comes last
  }
  yield;
}

/** How many places apart the corners of a face are, on average. */
function meanGap(indices: Uint32Array, positionRemap: Uint32Array): number {
  let sum = 0;
  for (let c = 0; c < indices.length; c += 3) {
    const a = positionRemap[indices[c]], b = positionRemap[indices[c + 1]];
    sum += Math.abs(a - b) + Math.abs(b - positionRemap[indices[c + 2]]);
  }
  return indices.length === 0 ? Infinity : sum / (2 * indices.length / 3);
}
