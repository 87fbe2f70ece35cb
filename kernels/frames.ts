/**
 * The leaves of the wide tree: every triangle in a frame of its own, four by four.
 *
 * The frame has its origin in corner A and its first axis along AB, the longest
 * edge; C lies above it. So the distance splits into one along the normal and one
 * in the plane, whose parts are lengths and never differences of products: also
 * a needle is measured within a few roundings of f32, which barycentric
 * coordinates cannot promise (they divide by the area).
 *
 * 17 numbers by fours: A, the axes T, S and N (three each), B.x, C.x, C.y, and one
 * over the squared lengths of BC and AC, or 0.
 */
import { GRID, WIDE_LEAF_BYTES } from "../fitting/surface/_index_layout";
import { leavesAt, trianglesAt } from "./fields";

/** Flatter than this share of its longest edge is a segment. */
const FLAT: f64 = 1e-9;

/** Writes the frames of leaves `begin` to `end - 1`. */
export function frameLeaves(begin: i32, end: i32): void {
  for (let leaf = begin; leaf < end; leaf++) {
    const to = leavesAt() + <usize> leaf * WIDE_LEAF_BYTES;
    const from = trianglesAt() + <usize> leaf * 144;
    for (let k: usize = 0; k < 4; k++) frame(from + 36 * k, to + 4 * k);
  }
}

// @ts-ignore: decorator
@inline
function put(at: usize, i: usize, value: f64): void {
  store<f32>(at + 16 * i, <f32> value);
}

// @ts-ignore: decorator
@inline
function at(from: usize, k: i32): f64 {
  return <f64> load<f32>(from + 4 * <usize> k);
}

function lengthSq(from: usize, i: i32, j: i32): f64 {
  const x = at(from, j) - at(from, i), y = at(from, j + 1) - at(from, i + 1), z = at(from, j + 2) - at(from, i + 2);
  return x * x + y * y + z * z;
}

function frame(from: usize, to: usize): void {
  const scale = load<f64>(GRID + 24);
  const ab = lengthSq(from, 0, 3), bc = lengthSq(from, 3, 6), ca = lengthSq(from, 6, 0);
  let a = 0, b = 3, c = 6;
  if (bc > ab && bc >= ca) {
    a = 3;
    b = 6;
    c = 0;
  } else if (ca > ab) {
    a = 6;
    b = 0;
    c = 3;
  }
  const ax = at(from, a), ay = at(from, a + 1), az = at(from, a + 2);
  let tx = at(from, b) - ax, ty = at(from, b + 1) - ay, tz = at(from, b + 2) - az;
  let sx = at(from, c) - ax, sy = at(from, c + 1) - ay, sz = at(from, c + 2) - az;
  const length = sqrt(tx * tx + ty * ty + tz * tz);
  if (length > 0) {
    tx /= length;
    ty /= length;
    tz /= length;
  } else {
    tx = 1;
    ty = tz = 0;
  }
  const cx = length > 0 ? sx * tx + sy * ty + sz * tz : 0;
  sx -= cx * tx;
  sy -= cx * ty;
  sz -= cx * tz;
  let cy = sqrt(sx * sx + sy * sy + sz * sz);
  if (cy > FLAT * length) {
    sx /= cy;
    sy /= cy;
    sz /= cy;
  } else { // any direction across T will do
    cy = 0;
    sx = abs(tx) < 0.5 ? 1 : 0;
    sy = 1 - sx;
    sz = 0;
  }
  const along = sx * tx + sy * ty + sz * tz;
  sx -= along * tx;
  sy -= along * ty;
  sz -= along * tz;
  const unit = 1 / sqrt(sx * sx + sy * sy + sz * sz);
  sx *= unit;
  sy *= unit;
  sz *= unit;
  put(to, 0, (ax - load<f64>(GRID)) * scale);
  put(to, 1, (ay - load<f64>(GRID + 8)) * scale);
  put(to, 2, (az - load<f64>(GRID + 16)) * scale);
  put(to, 3, tx);
  put(to, 4, ty);
  put(to, 5, tz);
  put(to, 6, sx);
  put(to, 7, sy);
  put(to, 8, sz);
  put(to, 9, ty * sz - tz * sy);
  put(to, 10, tz * sx - tx * sz);
  put(to, 11, tx * sy - ty * sx);
  const x = length * scale, u = cx * scale, v = cy * scale;
  put(to, 12, x);
  put(to, 13, u);
  put(to, 14, v);
  // from the rounded numbers, as the query computes with these
  const px = <f64> <f32> x, pu = <f64> <f32> u, pv = <f64> <f32> v;
  const bcSq = (pu - px) * (pu - px) + pv * pv, acSq = pu * pu + pv * pv;
  put(to, 15, bcSq > 1e-30 ? 1 / bcSq : 0);
  put(to, 16, acSq > 1e-30 ? 1 / acSq : 0);
}
