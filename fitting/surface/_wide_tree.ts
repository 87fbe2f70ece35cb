import type { Bvh } from "./_bvh.ts";
import { SUMS } from "./_index_layout.ts";
import type { Work } from "../work.ts";

/** Nodes, and leaves, between two pauses: a millisecond. */
const CHUNK_SIZE = 4096;

/**
 * Makes the tree the SIMD kernels search, over the leaves of the binary one: nodes
 * of four boxes, and a frame for each triangle. See `kernels/wide_tree.ts` and
 * `kernels/frames.ts`. Nothing to do where there are no kernels.
 */
export function* widenTree(bvh: Bvh): Work<void> {
  const { kernels, faceCount, faceOfSlot } = bvh;
  if (kernels === undefined || faceCount === 0) return;
  boundTree(bvh);
  kernels.beginWideTree(SUMS);
  while (kernels.growWideTree(CHUNK_SIZE) !== 0) yield;
  const leafCount = faceOfSlot.length / 4;
  for (let leaf = 0; leaf < leafCount; leaf += CHUNK_SIZE) {
    kernels.frameLeaves(leaf, Math.min(leafCount, leaf + CHUNK_SIZE));
    yield;
  }
}

/** Writes the bounds of the surface to `sums`, minima before maxima: of the boxes at the root, or the triangles of the only leaf. */
function boundTree({ boxes, triangles, sums }: Bvh): void {
  sums.fill(Infinity, 0, 3);
  sums.fill(-Infinity, 3, 6);
  for (let axis = 0; axis < 3; axis++) {
    if (boxes.length === 0) {
      for (let k = axis; k < triangles.length; k += 3) widen(sums, axis, triangles[k], 0);
    } else {
      for (let o = 2 * axis; o < 12; o += 6) widen(sums, axis, boxes[o], boxes[o + 1]);
    }
  }
}

function widen(sums: Float64Array, axis: number, centre: number, half: number): void {
  sums[axis] = Math.min(sums[axis], centre - half);
  sums[3 + axis] = Math.max(sums[3 + axis], centre + half);
}
