import type { Bvh } from "./_bvh.ts";
import { closestInTree } from "./_bvh_closest.ts";
import type { SurfaceHit } from "./surface_hit.ts";

/** What a kernel answers where the query is too far out for f32, or no number: TypeScript decides. */
const UNDECIDED = -2;

/**
 * Finds the point of the surface closest to `bvh.query`, with SIMD where there
 * are kernels. The bits are those of {@linkcode closestInTree} either way.
 *
 * @param startFace A face thought to be near, or -1.
 * @param hit Written if something is found.
 */
export function findClosest(bvh: Bvh, startFace: number, hit: SurfaceHit): boolean {
  const { kernels, result } = bvh;
  if (kernels === undefined) return closestInTree(bvh, hit);
  const face = kernels.closest(startFace);
  if (face < 0) return face === UNDECIDED && closestInTree(bvh, hit);
  hit.face = face;
  hit.x = result[0];
  hit.y = result[1];
  hit.z = result[2];
  hit.w0 = result[3];
  hit.w1 = result[4];
  hit.w2 = result[5];
  hit.distanceSq = result[6];
  return true;
}

/**
 * Answers the first `count` of `bvh.batchPoints`: faces to `batchFaces`, -1 where
 * nothing lies within `maxSq`, and weights and squared distance to `batchResults`.
 * Each starts from the face in `batchFaces`, or that of the one before where it is -1.
 */
export function findClosestBatch(bvh: Bvh, count: number, maxSq: number, hit: SurfaceHit): void {
  const { kernels, batchFaces } = bvh;
  kernels?.closestBatch(count, maxSq);
  for (let i = 0; i < count; i++) {
    if (kernels === undefined || batchFaces[i] === UNDECIDED) findOne(bvh, i, maxSq, hit);
  }
}

/** One query of a batch in TypeScript. */
function findOne(bvh: Bvh, i: number, maxSq: number, hit: SurfaceHit): void {
  const { query, batchPoints, batchFaces, batchResults } = bvh;
  query[0] = batchPoints[3 * i];
  query[1] = batchPoints[3 * i + 1];
  query[2] = batchPoints[3 * i + 2];
  query[6] = maxSq;
  const isFound = closestInTree(bvh, hit);
  batchFaces[i] = isFound ? hit.face : -1;
  if (!isFound) return;
  batchResults[4 * i] = hit.w0;
  batchResults[4 * i + 1] = hit.w1;
  batchResults[4 * i + 2] = hit.w2;
  batchResults[4 * i + 3] = hit.distanceSq;
}
