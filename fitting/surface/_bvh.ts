import { memoryOf, pageBytes, type Pages } from "../../pool/pages.ts";
import type { Frame } from "../../pool/scratch.ts";
import {
  ANSWER,
  ARRAYS,
  BATCH_FACES,
  BATCH_POINTS,
  BATCH_RESULTS,
  BATCH_SIZE,
  FIELDS,
  QUERY,
  RESULT,
  STACK_KEY,
  STACK_REF,
  SUMS,
  WIDE_LEAF_BYTES,
  WIDE_NODE_BYTES,
} from "./_index_layout.ts";
import { type Kernels, kernelsOf } from "./_kernels.ts";

/**
 * Faces a leaf holds. Measured on a body of 27k faces, near queries: 2 is 7 %
 * faster than 4 and 8 is 15 % slower, while nodes cost 216 bytes a leaf.
 */
export const LEAF_SIZE = 4;

/** Deepest traversal: one entry a level; the builder keeps trees below it. */
export const STACK_SIZE = 64;

/** Floats a node keeps: for each of two children centre and half extent, `cx hx cy hy cz hz`. */
export const BOX_STRIDE = 12;

/** Floats a child keeps for the winding number: see `_winding_moments.ts`. */
export const MOMENT_STRIDE = 20;

/**
 * A flat binary tree of boxes over triangles.
 *
 * Leaf `l` holds slots `LEAF_SIZE * l` and the following; all leaves but the
 * last are full, so the face count alone decides every size. Nodes lie in
 * preorder. A child is a node (`>= 0`) or the complement `~leaf` of a leaf, and
 * its box lies in its parent, so one visit decides about both children.
 */
export interface Bvh {
  /** Faces of the mesh. */
  readonly faceCount: number;
  /** All of it: what follows are views of these. */
  readonly pages: Pages;
  /** Answer closest points where there is SIMD; a tree of their own lies beside this one, see `_wide_tree.ts`. */
  readonly kernels: Kernels | undefined;
  /** `0`, or `~0` when one leaf is all there is. */
  readonly root: number;
  /** 9 floats a slot, corners 0, 1 and 2; unused slots of the last leaf repeat the last face. */
  readonly triangles: Float32Array;
  /** Face in each slot. */
  readonly faceOfSlot: Uint32Array;
  /** Leaf that holds each face. */
  readonly leafOfFace: Uint32Array;
  /** Two children a node. */
  readonly children: Int32Array;
  /** {@linkcode BOX_STRIDE} floats a node. */
  readonly boxes: Float32Array;
  /** {@linkcode MOMENT_STRIDE} floats a child. */
  readonly moments: Float32Array;
  /** Children still to visit. */
  readonly stackRef: Int32Array;
  /** Squared distances of their boxes. */
  readonly stackKey: Float64Array;
  /** What is asked: point or origin 0-2, direction 3-5, limit 6. In an array, as an engine boxes numbers that are passed. */
  readonly query: Float64Array;
  /** Barycentric coordinates 1 and 2 and squared distance, from the rare case of a thin triangle. */
  readonly answer: Float64Array;
  /** Where moments are summed. */
  readonly sums: Float64Array;
  /** During a build 4 integers a face: centroid in cells, then the face. Where the frames of the wide tree come to lie. */
  readonly records: Int32Array;
  /** What a kernel found: `x y z w0 w1 w2 distanceSq`. */
  readonly result: Float64Array;
  /** Queries of a batch, the faces they start from and then find, and `w0 w1 w2 distanceSq` of each. */
  readonly batchPoints: Float64Array;
  readonly batchFaces: Int32Array;
  readonly batchResults: Float64Array;
}

/** How many leaves a tree over `faceCount` faces has. */
export function leafCountOf(faceCount: number): number {
  return Math.ceil(faceCount / LEAF_SIZE);
}

/**
 * Where the arrays begin: those of the wide tree first, as SIMD reads 16 bytes at a time, then the others.
 */
function layOut(faceCount: number) {
  const leafCount = leafCountOf(faceCount), nodeCount = Math.max(0, leafCount - 1);
  const leaves = ARRAYS, nodes = leaves + WIDE_LEAF_BYTES * leafCount;
  const triangles = nodes + WIDE_NODE_BYTES * nodeCount, faceOfSlot = triangles + 36 * LEAF_SIZE * leafCount;
  const children = faceOfSlot + 4 * LEAF_SIZE * leafCount, boxes = children + 8 * nodeCount;
  const moments = boxes + 4 * BOX_STRIDE * nodeCount, leafOfFace = moments + 8 * MOMENT_STRIDE * nodeCount;
  const end = leafOfFace + 4 * faceCount;
  return { leafCount, nodeCount, leaves, nodes, triangles, faceOfSlot, children, boxes, moments, leafOfFace, end };
}

/** Leases an empty tree. */
export function leaseBvh(faceCount: number, out: Frame): Bvh {
  const at = layOut(faceCount), { leafCount, nodeCount } = at;
  const pages = out.pages(at.end), { buffer } = memoryOf(pages);
  const fields = [at.triangles, at.faceOfSlot, at.leafOfFace, at.children, at.boxes, at.leaves, at.nodes];
  new Int32Array(buffer, FIELDS, 16).set([...fields, faceCount, leafCount, at.moments, at.leaves]); // as `kernels/fields.ts` reads them
  return {
    faceCount,
    root: leafCount > 1 ? 0 : ~0,
    pages,
    kernels: kernelsOf(pages),
    triangles: new Float32Array(buffer, at.triangles, 9 * LEAF_SIZE * leafCount),
    faceOfSlot: new Uint32Array(buffer, at.faceOfSlot, LEAF_SIZE * leafCount),
    leafOfFace: new Uint32Array(buffer, at.leafOfFace, faceCount),
    children: new Int32Array(buffer, at.children, 2 * nodeCount),
    boxes: new Float32Array(buffer, at.boxes, BOX_STRIDE * nodeCount),
    moments: new Float32Array(buffer, at.moments, 2 * MOMENT_STRIDE * nodeCount),
    stackRef: new Int32Array(buffer, STACK_REF, STACK_SIZE),
    stackKey: new Float64Array(buffer, STACK_KEY, STACK_SIZE),
    query: new Float64Array(buffer, QUERY, 7),
    answer: new Float64Array(buffer, ANSWER, 3),
    sums: new Float64Array(buffer, SUMS, 19),
    records: new Int32Array(buffer, at.leaves, 4 * faceCount),
    result: new Float64Array(buffer, RESULT, 7),
    batchPoints: new Float64Array(buffer, BATCH_POINTS, 3 * BATCH_SIZE),
    batchFaces: new Int32Array(buffer, BATCH_FACES, BATCH_SIZE),
    batchResults: new Float64Array(buffer, BATCH_RESULTS, 4 * BATCH_SIZE),
  };
}

/** Bytes {@linkcode leaseBvh} leases, the same with and without SIMD. */
export function bvhBytes(faceCount: number): number {
  return pageBytes(layOut(faceCount).end);
}
