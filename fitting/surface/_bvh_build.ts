/**
 * Sorts faces into the leaves of a tree, from the top: a node's faces are parted
 * at the middle of the box of their centroids, along its longest side (Ericson
 * 2005, "Real-Time Collision Detection", 6.1.3.1). Ours: the parting moves to the
 * next multiple of the leaf size, so leaves are full and sizes known beforehand.
 *
 * A cold process spends most of a build in the interpreter, where every float is
 * an object. So centroids become integers first, and kernels are short and called
 * often, which gets them compiled one by one.
 *
 * Rejected, 27k faces: median of counts, as fast to build, queries 7 % slower;
 * surface area heuristic over 16 bins, builds in 1.8 times the time, queries 5-8 %
 * faster; Morton order (queries 25-40 % slower).
 */
import type { TriangleMesh } from "../mesh.ts";
import type { Work } from "../work.ts";
import { type Bvh, LEAF_SIZE, leafCountOf } from "./_bvh.ts";

/** Below this depth parts are halves, whatever their shape, which bounds the depth of the tree. */
const MAX_SPLIT_DEPTH = 30;

/**
 * No more faces than this are looked at to choose a plane, or to move a few
 * across it; nothing but the shape of the tree depends on them.
 */
const SAMPLE_SIZE = 256;

/** Splits between two pauses, and faces in a call of a kernel. */
const CHUNK_SIZE = 256;

/** Integer cells along the longest side of the mesh. */
const CELLS = 2 ** 24;

/** What the splitting loop works on. */
interface Splitter {
  readonly faceCount: number;
  /** 4 integers a face: centroid in cells, then the face. */
  readonly records: Int32Array;
  /** Bounds of a span, minima before maxima. */
  readonly bounds: Int32Array;
}

/** Fills `faceOfSlot`, `leafOfFace` and `children` of `bvh`. */
export function* sortFacesIntoLeaves(mesh: TriangleMesh, bvh: Bvh): Work<void> {
  const { faceCount, faceOfSlot, leafOfFace, records, stackRef: bounds, sums: grid } = bvh;
  const splitter: Splitter = { faceCount, records, bounds };
  chooseGrid(mesh.positions, grid);
  for (let f = 0; f < faceCount; f += CHUNK_SIZE) {
    writeRecords(mesh, grid, splitter.records, f, Math.min(faceCount, f + CHUNK_SIZE));
    if (f % (128 * CHUNK_SIZE) === 127 * CHUNK_SIZE) yield;
  }
  yield;
  yield* splitAll(splitter, bvh.children, bvh.batchFaces);
  for (let s = 0; s < faceOfSlot.length; s++) {
    const face = splitter.records[4 * Math.min(s, faceCount - 1) + 3];
    faceOfSlot[s] = face;
    if (s < faceCount) leafOfFace[face] = s / LEAF_SIZE;
  }
}

/** Lowest corner of the grid, times 3 as records hold sums of three corners, and cells a metre. */
function chooseGrid(positions: Float32Array, grid: Float64Array): void {
  grid.fill(Infinity, 0, 3);
  grid.fill(-Infinity, 3, 6);
  for (let k = 0; k < positions.length; k += 3 * CHUNK_SIZE) {
    widen(grid, positions, k, Math.min(positions.length, k + 3 * CHUNK_SIZE));
  }
  const size = Math.max(grid[3] - grid[0], grid[4] - grid[1], grid[5] - grid[2]);
  for (let axis = 0; axis < 3; axis++) grid[axis] *= 3;
  grid[3] = size > 0 ? (CELLS - 1) / (3 * size) : 0;
}

function widen(grid: Float64Array, positions: Float32Array, begin: number, end: number): void {
  let x0 = grid[0], y0 = grid[1], z0 = grid[2], x1 = grid[3], y1 = grid[4], z1 = grid[5];
  for (let k = begin; k < end; k += 3) {
    const x = positions[k], y = positions[k + 1], z = positions[k + 2];
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  grid[0] = x0;
  grid[1] = y0;
  grid[2] = z0;
  grid[3] = x1;
  grid[4] = y1;
  grid[5] = z1;
}

function writeRecords(
  { positions, indices }: TriangleMesh,
  grid: Float64Array,
  records: Int32Array,
  begin: number,
  end: number,
): void {
  const x = grid[0], y = grid[1], z = grid[2], scale = grid[3];
  for (let f = begin; f < end; f++) {
    const a = 3 * indices[3 * f], b = 3 * indices[3 * f + 1], c = 3 * indices[3 * f + 2];
    records[4 * f] = (positions[a] + positions[b] + positions[c] - x) * scale;
    records[4 * f + 1] = (positions[a + 1] + positions[b + 1] + positions[c + 1] - y) * scale;
    records[4 * f + 2] = (positions[a + 2] + positions[b + 2] + positions[c + 2] - z) * scale;
    records[4 * f + 3] = f;
  }
}

function* splitAll(splitter: Splitter, children: Int32Array, spans: Int32Array): Work<void> {
  let top = 0, splits = 0;
  spans[2] = leafCountOf(splitter.faceCount);
  if (spans[2] > 1) top = 4;
  while (top > 0) {
    top -= 4;
    const node = spans[top], first = spans[top + 1], count = spans[top + 2], depth = spans[top + 3];
    const left = split(splitter, first, count, depth), right = count - left;
    children[2 * node] = left === 1 ? ~first : node + 1;
    children[2 * node + 1] = right === 1 ? ~(first + left) : node + left;
    if (left > 1) {
      spans[top] = node + 1;
      spans[top + 1] = first;
      spans[top + 2] = left;
      spans[top + 3] = depth + 1;
      top += 4;
    }
    if (right > 1) {
      spans[top] = node + left;
      spans[top + 1] = first + left;
      spans[top + 2] = right;
      spans[top + 3] = depth + 1;
      top += 4;
    }
    if (++splits % CHUNK_SIZE === 0) yield;
  }
}

/** Parts the faces of `count` leaves from `first` on; returns how many leaves go left. */
function split(splitter: Splitter, first: number, count: number, depth: number): number {
  const { faceCount, records, bounds } = splitter;
  const low = first * LEAF_SIZE, high = Math.min(faceCount, low + count * LEAF_SIZE) - 1;
  boundSpan(records, low, high, bounds);
  const sx = bounds[3] - bounds[0], sy = bounds[4] - bounds[1], sz = bounds[5] - bounds[2];
  const axis = sx >= sy ? (sx >= sz ? 0 : 2) : sy >= sz ? 1 : 2;
  const middle = part(records, axis, low, high, (bounds[axis] + bounds[axis + 3] + 1) >> 1);
  let left = depth < MAX_SPLIT_DEPTH ? ((middle - low + LEAF_SIZE / 2) / LEAF_SIZE) | 0 : count >> 1;
  if (left < 1) left = 1;
  else if (left === count) left--;
  const rank = low + left * LEAF_SIZE;
  for (let at = middle; at < rank; at++) swap(records, 4 * at, lowest(records, axis, at, high));
  for (let at = middle - 1; at >= rank; at--) swap(records, 4 * at, highest(records, axis, at, low));
  return left;
}

function boundSpan(records: Int32Array, first: number, last: number, bounds: Int32Array): void {
  const step = 4 * (((last - first) / SAMPLE_SIZE | 0) + 1);
  let k = 4 * first, x0 = records[k], y0 = records[k + 1], z0 = records[k + 2], x1 = x0, y1 = y0, z1 = z0;
  for (k += step; k <= 4 * last; k += step) {
    const x = records[k], y = records[k + 1], z = records[k + 2];
    if (x < x0) x0 = x;
    else if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    else if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    else if (z > z1) z1 = z;
  }
  bounds[0] = x0;
  bounds[1] = y0;
  bounds[2] = z0;
  bounds[3] = x1;
  bounds[4] = y1;
  bounds[5] = z1;
}

/**
 * Hoare's partition of `[low, high]` at a plane that lies among the keys.
 * Returns the first face of the upper part.
 */
function part(records: Int32Array, axis: number, low: number, high: number, plane: number): number {
  let i = 4 * low + axis, j = 4 * high + axis;
  while (i <= j) {
    while (records[i] < plane) i += 4;
    while (plane < records[j]) j -= 4;
    if (i > j) break;
    swap(records, i - axis, j - axis);
    i += 4;
    j -= 4;
  }
  return i >> 2;
}

/** Where the record of the lowest centroid along `axis` is, of those from `first` on. */
function lowest(records: Int32Array, axis: number, first: number, last: number): number {
  const end = 4 * Math.min(last, first + SAMPLE_SIZE) + axis;
  let at = 4 * first + axis;
  for (let k = at + 4; k <= end; k += 4) if (records[k] < records[at]) at = k;
  return at - axis;
}

/** Where the record of the highest centroid along `axis` is, of those up to `last`. */
function highest(records: Int32Array, axis: number, last: number, first: number): number {
  const end = 4 * Math.max(first, last - SAMPLE_SIZE) + axis;
  let at = 4 * last + axis;
  for (let k = at - 4; k >= end; k -= 4) if (records[k] > records[at]) at = k;
  return at - axis;
}

function swap(records: Int32Array, i: number, j: number): void {
  const x = records[i], y = records[i + 1], z = records[i + 2], face = records[i + 3];
  records[i] = records[j];
  records[i + 1] = records[j + 1];
  records[i + 2] = records[j + 2];
  records[i + 3] = records[j + 3];
  records[j] = x;
  records[j + 1] = y;
  records[j + 2] = z;
  records[j + 3] = face;
}
