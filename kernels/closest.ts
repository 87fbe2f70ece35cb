/**
 * Closest points, four boxes and four triangles at a time.
 *
 * The search is f32 and only narrows down: it collects the triangles within a
 * bound on its own rounding of the nearest. These few are then measured in f64 as
 * TypeScript does it, so the answer is the same to the last bit, whatever the path
 * taken through the tree.
 */
import {
  BATCH_FACES,
  BATCH_POINTS,
  BATCH_RESULTS,
  CANDIDATE_COUNT,
  CANDIDATES,
  GRID,
  PROGRESS,
  QUERY,
  RESULT,
  WIDE_LEAF_BYTES,
  WIDE_STACK,
} from "../fitting/surface/_index_layout";
import { faceCount, faceOfSlotAt, leafOfFaceAt, leavesAt, trianglesAt } from "./fields";
import { b1, b2, distanceSq, measure } from "./triangle";

/** A query farther out than this is left to TypeScript: too many triangles lie within rounding. */
const FAR: f64 = 64;

/** What is found where the query is {@linkcode FAR} or no number. */
const UNDECIDED: i32 = -2;

/**
 * More than the f32 distance to a triangle or box may be off, as a share of the
 * largest coordinate, at least 1: a frame is rounded by 2^-24 and so is every
 * operation, of which some ten are in a row.
 */
const ROUNDING: f32 = 1.0 / 1048576.0;

/** The same, as a share of squares. */
const GROWTH: f32 = 1.0 + 1.0 / 1048576.0;

/** Found in f64 so far. */
let bestSq: f64 = 0;
let bestSlot: i32 = -1;
let bestB1: f64 = 0;
let bestB2: f64 = 0;

/** Squared distances of the four triangles of a leaf. */
// @ts-ignore: decorator
@inline
function distancesToLeaf(leaf: usize, qx: v128, qy: v128, qz: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  const px = f32x4.sub(qx, v128.load(leaf)), py = f32x4.sub(qy, v128.load(leaf, 16));
  const pz = f32x4.sub(qz, v128.load(leaf, 32));
  const x = f32x4.add(
    f32x4.add(f32x4.mul(px, v128.load(leaf, 48)), f32x4.mul(py, v128.load(leaf, 64))),
    f32x4.mul(pz, v128.load(leaf, 80)),
  );
  const y = f32x4.add(
    f32x4.add(f32x4.mul(px, v128.load(leaf, 96)), f32x4.mul(py, v128.load(leaf, 112))),
    f32x4.mul(pz, v128.load(leaf, 128)),
  );
  const z = f32x4.add(
    f32x4.add(f32x4.mul(px, v128.load(leaf, 144)), f32x4.mul(py, v128.load(leaf, 160))),
    f32x4.mul(pz, v128.load(leaf, 176)),
  );
  const bx = v128.load(leaf, 192), cx = v128.load(leaf, 208), cy = v128.load(leaf, 224);
  const ycy = f32x4.mul(y, cy), ySq = f32x4.mul(y, y);
  const ab = f32x4.sub(x, f32x4.pmax(zero, f32x4.pmin(x, bx)));
  const toAB = f32x4.add(f32x4.mul(ab, ab), ySq);
  const s = f32x4.pmax(
    zero,
    f32x4.pmin(f32x4.mul(f32x4.add(f32x4.mul(x, cx), ycy), v128.load(leaf, 256)), one),
  );
  const acX = f32x4.sub(x, f32x4.mul(s, cx)), acY = f32x4.sub(y, f32x4.mul(s, cy));
  const toAC = f32x4.add(f32x4.mul(acX, acX), f32x4.mul(acY, acY));
  const gx = f32x4.sub(x, bx), hx = f32x4.sub(cx, bx);
  const t = f32x4.pmax(
    zero,
    f32x4.pmin(f32x4.mul(f32x4.add(f32x4.mul(gx, hx), ycy), v128.load(leaf, 240)), one),
  );
  const bcX = f32x4.sub(gx, f32x4.mul(t, hx)), bcY = f32x4.sub(y, f32x4.mul(t, cy));
  const toBC = f32x4.add(f32x4.mul(bcX, bcX), f32x4.mul(bcY, bcY));
  const inside = v128.and(
    f32x4.gt(y, zero),
    v128.and(
      f32x4.gt(f32x4.mul(x, cy), f32x4.mul(y, cx)),
      f32x4.gt(f32x4.mul(hx, y), f32x4.mul(gx, cy)),
    ),
  );
  const toSides = f32x4.pmin(f32x4.pmin(toAB, toAC), toBC);
  return f32x4.add(f32x4.mul(z, z), v128.andnot(toSides, inside));
}

// @ts-ignore: decorator
@inline
function least(d: v128): f32 {
  const pairs = f32x4.pmin(d, v128.shuffle<f32>(d, d, 2, 3, 0, 1));
  const m = f32x4.pmin(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
  return f32x4.extract_lane(m, 0);
}

// @ts-ignore: decorator
@inline
function leastKey(keys: v128): i32 {
  const pairs = i32x4.min_u(keys, v128.shuffle<i32>(keys, keys, 2, 3, 0, 1));
  return i32x4.extract_lane(i32x4.min_u(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** The squared distance up to which a triangle may still be the closest where one at `sq` is known. */
// @ts-ignore: decorator
@inline
function bound(sq: f32, slack: f32): f32 {
  const d = sqrt<f32>(sq) + slack;
  return d * d * GROWTH;
}

/** Lists the triangles of a leaf whose bit in `mask` is set after those that end at `last`; returns where they end now. */
// @ts-ignore: decorator
@inline
function addCandidates(last: usize, leaf: i32, d: v128, mask: i32): usize {
  const slots = i32x4.add(i32x4.splat(4 * leaf), i32x4(0, 1, 2, 3));
  const low = v128.shuffle<i32>(slots, d, 0, 4, 1, 5), high = v128.shuffle<i32>(slots, d, 2, 6, 3, 7);
  v128.store_lane<i64>(last, low, 0);
  last += <usize> ((mask & 1) << 3);
  v128.store_lane<i64>(last, low, 1);
  last += <usize> ((mask & 2) << 2);
  v128.store_lane<i64>(last, high, 0);
  last += <usize> ((mask & 4) << 1);
  v128.store_lane<i64>(last, high, 1);
  return last + <usize> (mask & 8);
}

/** Measures the candidates up to `end` within `limit` in f64; ties go to the lower face. */
function settle(end: usize, limit: f32, x: f64, y: f64, z: f64): void {
  for (let entry: usize = CANDIDATES; entry < end; entry += 8) {
    if (load<f32>(entry, 4) > limit) continue;
    const slot = load<i32>(entry);
    measure(trianglesAt() + 36 * <usize> slot, x, y, z);
    if (!(distanceSq <= bestSq)) continue;
    if (distanceSq < bestSq || bestSlot < 0 || faceOf(slot) < faceOf(bestSlot)) {
      bestSq = distanceSq;
      bestSlot = slot;
      bestB1 = b1;
      bestB2 = b2;
    }
  }
}

// @ts-ignore: decorator
@inline
function faceOf(slot: i32): u32 {
  return load<u32>(faceOfSlotAt() + 4 * <usize> slot);
}

/**
 * Finds the closest point within `maxSq`, starting with `startLeaf` if there is
 * one; writes the globals above. Returns the face, -1 for none, or `UNDECIDED`.
 */
function search(x: f64, y: f64, z: f64, maxSq: f64, startLeaf: i32): i32 {
  const scale = load<f64>(GRID + 24);
  const nx = (x - load<f64>(GRID)) * scale, ny = (y - load<f64>(GRID + 8)) * scale;
  const nz = (z - load<f64>(GRID + 16)) * scale;
  if (!(abs(nx) < FAR && abs(ny) < FAR && abs(nz) < FAR)) return UNDECIDED;
  const qx = f32x4.splat(<f32> nx), qy = f32x4.splat(<f32> ny), qz = f32x4.splat(<f32> nz);
  const largest = max<f64>(max<f64>(abs(nx), abs(ny)), max<f64>(abs(nz), 1));
  const slack = <f32> largest * (2 * ROUNDING);
  const zero = f32x4.splat(0);
  bestSq = maxSq;
  bestSlot = -1;
  let nearest: f32 = <f32> (maxSq * scale * scale) * GROWTH;
  let limit = bound(nearest, slack);
  let last: usize = CANDIDATES;
  const leaves = leavesAt();
  if (startLeaf >= 0) {
    const d = distancesToLeaf(leaves + <usize> startLeaf * WIDE_LEAF_BYTES, qx, qy, qz);
    const m = least(d);
    if (m < nearest) {
      nearest = m;
      limit = bound(m, slack);
    }
    last = addCandidates(last, startLeaf, d, i32x4.bitmask(f32x4.le(d, f32x4.splat(limit))));
  }
  let top = WIDE_STACK;
  let ref = load<i32>(PROGRESS + 8);
  while (true) {
    if (ref >= 0) {
      const node = <usize> ref;
      const dx = f32x4.pmax(zero, f32x4.pmax(f32x4.sub(v128.load(node), qx), f32x4.sub(qx, v128.load(node, 16))));
      const dy = f32x4.pmax(zero, f32x4.pmax(f32x4.sub(v128.load(node, 32), qy), f32x4.sub(qy, v128.load(node, 48))));
      const dz = f32x4.pmax(zero, f32x4.pmax(f32x4.sub(v128.load(node, 64), qz), f32x4.sub(qz, v128.load(node, 80))));
      const d = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
      const near = f32x4.le(d, f32x4.splat(limit));
      let mask = i32x4.bitmask(near);
      if (mask != 0) {
        const refs = v128.load(node, 96);
        // the lane in the lowest bits of its distance: the least of these is the nearest
        const keys = v128.or(v128.and(d, i32x4.splat(~3)), i32x4(0, 1, 2, 3));
        const first = leastKey(v128.or(keys, v128.not(near))) & 3;
        ref = load<i32>(node + 96 + 4 * <usize> first);
        // all others near enough go to the stack: each is written, and stays written if it counts
        mask &= ~(1 << first);
        const low = v128.shuffle<i32>(refs, d, 0, 4, 1, 5), high = v128.shuffle<i32>(refs, d, 2, 6, 3, 7);
        v128.store_lane<i64>(top, low, 0);
        top += <usize> ((mask & 1) << 3);
        v128.store_lane<i64>(top, low, 1);
        top += <usize> ((mask & 2) << 2);
        v128.store_lane<i64>(top, high, 0);
        top += <usize> ((mask & 4) << 1);
        v128.store_lane<i64>(top, high, 1);
        top += <usize> (mask & 8);
        continue;
      }
    } else if (~ref != startLeaf) {
      const leaf = ~ref;
      const d = distancesToLeaf(leaves + <usize> leaf * WIDE_LEAF_BYTES, qx, qy, qz);
      const mask = i32x4.bitmask(f32x4.le(d, f32x4.splat(limit)));
      if (mask != 0) {
        const m = least(d);
        if (m < nearest) {
          nearest = m;
          limit = bound(m, slack);
        }
        if (last > <usize> (CANDIDATES + 8 * (CANDIDATE_COUNT - 4))) {
          settle(last, limit, x, y, z);
          last = CANDIDATES;
        }
        last = addCandidates(last, leaf, d, mask);
      }
    }
    do {
      if (top == WIDE_STACK) {
        settle(last, limit, x, y, z);
        return bestSlot < 0 ? -1 : <i32> faceOf(bestSlot);
      }
      top -= 8;
    } while (load<f32>(top, 4) > limit);
    ref = load<i32>(top);
  }
}

// @ts-ignore: decorator
@inline
function leafOf(face: i32): i32 {
  return face < 0 ? -1 : load<i32>(leafOfFaceAt() + 4 * <usize> face);
}

/** Answers the query at `QUERY`, whose last number is the farthest squared distance, at `RESULT`. */
export function closest(startFace: i32): i32 {
  const face = search(load<f64>(QUERY), load<f64>(QUERY + 8), load<f64>(QUERY + 16), load<f64>(QUERY + 48), leafOf(startFace));
  if (face < 0) return face;
  const t = trianglesAt() + 36 * <usize> bestSlot;
  for (let axis: usize = 0; axis < 3; axis++) {
    const a = <f64> load<f32>(t + 4 * axis), b = <f64> load<f32>(t + 4 * axis + 12);
    const c = <f64> load<f32>(t + 4 * axis + 24);
    store<f64>(RESULT + 8 * axis, a + bestB1 * (b - a) + bestB2 * (c - a));
  }
  storeWeights(RESULT + 24);
  return face;
}

// @ts-ignore: decorator
@inline
function storeWeights(at: usize): void {
  const own = 1 - bestB1 - bestB2;
  store<f64>(at, own > 0 ? own : 0);
  store<f64>(at + 8, bestB1);
  store<f64>(at + 16, bestB2);
  store<f64>(at + 24, bestSq);
}

/** Answers `count` queries of a batch, each starting from its face, or that of the one before where that is -1. */
export function closestBatch(count: i32, maxSq: f64): void {
  const faces = faceCount();
  let last = -1;
  for (let i = 0; i < count; i++) {
    const point = BATCH_POINTS + 24 * <usize> i, start = load<i32>(BATCH_FACES + 4 * <usize> i);
    const near = start >= 0 && start < faces ? leafOf(start) : last;
    const face = search(load<f64>(point), load<f64>(point + 8), load<f64>(point + 16), maxSq, near);
    store<i32>(BATCH_FACES + 4 * <usize> i, face);
    if (face < 0) continue;
    last = bestSlot >> 2;
    storeWeights(BATCH_RESULTS + 32 * <usize> i);
  }
}
