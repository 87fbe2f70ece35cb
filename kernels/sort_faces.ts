/**
 * Sorts faces into the leaves of the binary tree: `fitting/surface/_bvh_build.ts`, step by
 * step and with the same outcome, for a cold process, where TypeScript is still
 * interpreted. What the numbers mean is said there.
 */
import { PROGRESS, SUMS, WIDE_STACK } from "../fitting/surface/_index_layout";
import {
  childrenAt,
  faceCount,
  faceOfSlotAt,
  indicesAt,
  leafCount,
  leafOfFaceAt,
  positionsAt,
  recordsAt,
  vertexCount,
} from "./fields";

const MAX_SPLIT_DEPTH = 30;
const SAMPLE_SIZE = 256;
const CELLS: f64 = 16777216;

/** 7 i32, of which the last counts for nothing: bounds of a span, minima before maxima. */
const BOUNDS = SUMS;
/** 4 f64: lowest corner times 3, and cells a metre. */
const CUBE = SUMS + 32;
/** 16 bytes a span, one a level: node, first leaf, leaves, depth. */
const SPANS = WIDE_STACK;

function chooseCube(): void {
  let x0 = Infinity, y0 = Infinity, z0 = Infinity, x1 = -Infinity, y1 = -Infinity, z1 = -Infinity;
  let from = positionsAt();
  for (let v = vertexCount(); v > 0; v--, from += 12) {
    const x = <f64> load<f32>(from), y = <f64> load<f32>(from, 4), z = <f64> load<f32>(from, 8);
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  const size = max(x1 - x0, max(y1 - y0, z1 - z0));
  store<f64>(CUBE, x0 * 3);
  store<f64>(CUBE + 8, y0 * 3);
  store<f64>(CUBE + 16, z0 * 3);
  store<f64>(CUBE + 24, size > 0 ? (CELLS - 1) / (3 * size) : 0);
}

// @ts-ignore: decorator
@inline
function cellOf(a: usize, b: usize, c: usize, axis: usize, scale: f64): i32 {
  const k = 4 * axis;
  const sum = <f64> load<f32>(a + k) + <f64> load<f32>(b + k) + <f64> load<f32>(c + k);
  const cell = (sum - load<f64>(CUBE + 8 * axis)) * scale;
  return cell < CELLS ? <i32> cell : 0; // else it is no number
}

/** Writes the records of all faces and begins with one span. */
export function beginSort(): void {
  chooseCube();
  const scale = load<f64>(CUBE + 24), positions = positionsAt();
  let to = recordsAt(), from = indicesAt();
  for (let f = 0; f < faceCount(); f++, to += 16, from += 12) {
    const a = positions + 12 * <usize> load<u32>(from), b = positions + 12 * <usize> load<u32>(from, 4);
    const c = positions + 12 * <usize> load<u32>(from, 8);
    store<i32>(to, cellOf(a, b, c, 0, scale));
    store<i32>(to, cellOf(a, b, c, 1, scale), 4);
    store<i32>(to, cellOf(a, b, c, 2, scale), 8);
    store<i32>(to, f, 12);
  }
  v128.store(SPANS, i32x4(0, 0, 0, 0));
  store<i32>(SPANS + 8, leafCount());
  store<i32>(PROGRESS, leafCount() > 1 ? 1 : 0);
}

/** Parts spans of `budget` faces in all; returns whether there are more to part. */
export function sortFaces(budget: i32): bool {
  let top: usize = SPANS + 16 * <usize> load<i32>(PROGRESS);
  const children = childrenAt();
  while (top > <usize> SPANS && budget > 0) {
    top -= 16;
    const node = load<i32>(top), first = load<i32>(top, 4), count = load<i32>(top, 8), depth = load<i32>(top, 12);
    const left = split(first, count, depth), right = count - left;
    budget -= 4 * count;
    store<i32>(children + 8 * <usize> node, left == 1 ? ~first : node + 1);
    store<i32>(children + 8 * <usize> node, right == 1 ? ~(first + left) : node + left, 4);
    if (left > 1) {
      v128.store(top, i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(node + 1), 1, first), 2, left), 3, depth + 1));
      top += 16;
    }
    if (right > 1) {
      v128.store(top, i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(node + left), 1, first + left), 2, right), 3, depth + 1));
      top += 16;
    }
  }
  store<i32>(PROGRESS, <i32> (top - SPANS) >> 4);
  return top > <usize> SPANS;
}

/** Writes which face lies in which slot, and which leaf holds it. */
export function listSlots(): void {
  const records = recordsAt(), faceOfSlot = faceOfSlotAt(), leafOfFace = leafOfFaceAt(), count = faceCount();
  for (let s = 0; s < 4 * leafCount(); s++) {
    const face = load<i32>(records + 16 * <usize> min(s, count - 1), 12);
    store<i32>(faceOfSlot + 4 * <usize> s, face);
    if (s < count) store<i32>(leafOfFace + 4 * <usize> face, s >> 2);
  }
}

function split(first: i32, count: i32, depth: i32): i32 {
  const records = recordsAt();
  const low = 4 * first, high = min(faceCount(), low + 4 * count) - 1;
  boundSpan(records, low, high);
  const sx = load<i32>(BOUNDS + 12) - load<i32>(BOUNDS), sy = load<i32>(BOUNDS + 16) - load<i32>(BOUNDS + 4);
  const sz = load<i32>(BOUNDS + 20) - load<i32>(BOUNDS + 8);
  const axis: usize = sx >= sy ? (sx >= sz ? 0 : 2) : sy >= sz ? 1 : 2;
  const plane = (load<i32>(BOUNDS + 4 * axis) + load<i32>(BOUNDS + 4 * axis + 12) + 1) >> 1;
  const keys = records + 4 * axis;
  const middle = part(keys, low, high, plane);
  let left = depth < MAX_SPLIT_DEPTH ? (middle - low + 2) >> 2 : count >> 1;
  if (left < 1) left = 1;
  else if (left == count) left--;
  const rank = low + 4 * left;
  for (let at = middle; at < rank; at++) swap(records, at, lowest(keys, at, high));
  for (let at = middle - 1; at >= rank; at--) swap(records, at, highest(keys, at, low));
  return left;
}

function boundSpan(records: usize, first: i32, last: i32): void {
  const step = 16 * <usize> ((last - first) / SAMPLE_SIZE + 1), end = records + 16 * <usize> last;
  let at = records + 16 * <usize> first;
  let low = v128.load(at), high = low;
  for (at += step; at <= end; at += step) {
    const record = v128.load(at);
    low = i32x4.min_s(low, record);
    high = i32x4.max_s(high, record);
  }
  v128.store(BOUNDS, low);
  v128.store(BOUNDS + 12, high); // the fourth of `low` is no bound
}

// @ts-ignore: decorator
@inline
function key(keys: usize, i: i32): i32 {
  return load<i32>(keys + 16 * <usize> i);
}

function part(keys: usize, low: i32, high: i32, plane: i32): i32 {
  const records = keys & ~15;
  let i = low, j = high;
  while (i <= j) {
    while (key(keys, i) < plane) i++;
    while (plane < key(keys, j)) j--;
    if (i > j) break;
    swap(records, i, j);
    i++;
    j--;
  }
  return i;
}

function lowest(keys: usize, first: i32, last: i32): i32 {
  const end = min(last, first + SAMPLE_SIZE);
  let at = first;
  for (let i = first + 1; i <= end; i++) if (key(keys, i) < key(keys, at)) at = i;
  return at;
}

function highest(keys: usize, last: i32, first: i32): i32 {
  const end = max(first, last - SAMPLE_SIZE);
  let at = last;
  for (let i = last - 1; i >= end; i--) if (key(keys, i) > key(keys, at)) at = i;
  return at;
}

// @ts-ignore: decorator
@inline
function swap(records: usize, i: i32, j: i32): void {
  const a = records + 16 * <usize> i, b = records + 16 * <usize> j;
  const kept = v128.load(a);
  v128.store(a, v128.load(b));
  v128.store(b, kept);
}
