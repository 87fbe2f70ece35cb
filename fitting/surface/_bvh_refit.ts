/**
 * Reads the triangles of a tree and bounds them, from the leaves up. Boxes are
 * kept as centre and half extent, so that the distance to one needs no branch.
 */
import type { TriangleMesh } from "../mesh.ts";
import type { Work } from "../work.ts";
import { BOX_STRIDE, type Bvh, LEAF_SIZE } from "./_bvh.ts";

/** Half extents grow by this share: f32 rounding, and more than f64 rounding differs between a box and what it holds. */
const ROUNDING = 2 ** -22;

/** Children between two pauses. */
const CHUNK_SIZE = 16384;

/**
 * Copies the corners of every slot's face, f32 as they are, and computes all
 * boxes. In preorder children come after their parent, so one backward pass does.
 */
export function* readTriangles(mesh: TriangleMesh, bvh: Bvh): Work<void> {
  const { children, boxes, faceCount, faceOfSlot, triangles } = bvh;
  if (children.length === 0 && faceCount > 0) readLeaf(mesh, faceOfSlot, triangles, 0, boxes, 0);
  for (let end = children.length; end > 0; end -= CHUNK_SIZE) {
    readChildren(mesh, bvh, Math.max(0, end - CHUNK_SIZE), end);
    yield;
  }
}

/** Children `begin` to `end - 1`, from the last on. */
function readChildren(mesh: TriangleMesh, bvh: Bvh, begin: number, end: number): void {
  const { children, boxes, faceOfSlot, triangles } = bvh;
  for (let i = end - 1; i >= begin; i--) {
    const child = children[i];
    if (child < 0) readLeaf(mesh, faceOfSlot, triangles, ~child, boxes, 6 * i);
    else boundPair(boxes, BOX_STRIDE * child, 6 * i);
  }
}

/** Copies the triangles of leaf `leaf` and writes its box to `boxes[o]` and the five after it. */
function readLeaf(
  { positions, indices }: TriangleMesh,
  faceOfSlot: Uint32Array,
  triangles: Float32Array,
  leaf: number,
  boxes: Float32Array,
  o: number,
): void {
  let x0 = Infinity, y0 = Infinity, z0 = Infinity, x1 = -Infinity, y1 = -Infinity, z1 = -Infinity;
  let t = 9 * LEAF_SIZE * leaf;
  for (let s = LEAF_SIZE * leaf; s < LEAF_SIZE * (leaf + 1); s++) {
    const corner = 3 * faceOfSlot[s];
    for (let k = corner; k < corner + 3; k++, t += 3) {
      const v = 3 * indices[k], x = positions[v], y = positions[v + 1], z = positions[v + 2];
      triangles[t] = x;
      triangles[t + 1] = y;
      triangles[t + 2] = z;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      if (z < z0) z0 = z;
      if (z > z1) z1 = z;
    }
  }
  if (o >= boxes.length) return; // one leaf is all there is
  writeSpan(boxes, o, x0, x1);
  writeSpan(boxes, o + 2, y0, y1);
  writeSpan(boxes, o + 4, z0, z1);
}

/** The box around both boxes of the node at `boxes[n]`. */
function boundPair(boxes: Float32Array, n: number, o: number): void {
  const end = n + 6;
  for (; n < end; n += 2, o += 2) {
    const low = boxes[n] - boxes[n + 1], otherLow = boxes[n + 6] - boxes[n + 7];
    const high = boxes[n] + boxes[n + 1], otherHigh = boxes[n + 6] + boxes[n + 7];
    writeSpan(boxes, o, low < otherLow ? low : otherLow, high > otherHigh ? high : otherHigh);
  }
}

/** Writes one axis of a box; the half extent is measured from the centre as it was rounded. */
function writeSpan(boxes: Float32Array, o: number, low: number, high: number): void {
  boxes[o] = (low + high) / 2;
  const up = high - boxes[o], down = boxes[o] - low;
  boxes[o + 1] = (up > down ? up : down) * (1 + ROUNDING);
}
