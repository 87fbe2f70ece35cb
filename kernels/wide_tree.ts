/**
 * A tree with four children a node, as SIMD looks at four boxes at once: the
 * binary tree with nodes opened from the top, the largest first (Dammertz, Hanika
 * & Keller 2008, "Shallow Bounding Volume Hierarchies for Fast SIMD Ray Tracing of
 * Incoherent Rays"). Boxes are f32 in [-1, 1], rounded outwards.
 */
import { GRID, LANES, PROGRESS, WIDE_NODE_BYTES, WIDE_STACK } from "../fitting/_index_layout";
import { boxesAt, childrenAt, leafCount, nodesAt } from "./fields";

/** More than rounding to f32 moves a number of at most 1. */
const ROUNDING: f64 = 1.0 / 4194304.0;

/** Writes where the surface lies and how large it is: a power of two, so that scaling rounds nothing. */
function chooseGrid(low: usize): void {
  let largest: f64 = 0;
  for (let axis: usize = 0; axis < 3; axis++) {
    const min = load<f64>(low + 8 * axis), max = load<f64>(low + 8 * (3 + axis));
    store<f64>(GRID + 8 * axis, (min + max) / 2);
    largest = Math.max(largest, (max - min) / 2);
  }
  // 2^-(exponent + 1) of the largest half extent
  const exponent = <i64> (reinterpret<u64>(largest) >> 52) - 1023;
  const isUsable = largest > 0 && exponent > -1000 && exponent < 1000;
  store<f64>(GRID + 24, isUsable ? reinterpret<f64>(<u64> (1023 - exponent - 1) << 52) : 1);
}

/**
 * Begins a wide tree.
 *
 * @param low 6 f64, bounds of the surface, minima before maxima.
 */
export function beginWideTree(low: usize): void {
  chooseGrid(low);
  store<i32>(PROGRESS, leafCount() > 1 ? 1 : 0); // entries on the stack
  store<i32>(PROGRESS + 4, 0); // nodes made
  store<i32>(WIDE_STACK, 0); // binary node
  store<i32>(WIDE_STACK + 4, PROGRESS + 8); // where the reference to it goes
  store<i32>(PROGRESS + 8, ~0);
}

/** Makes up to `count` nodes; returns whether there are more to make. */
export function growWideTree(count: i32): bool {
  let top = load<i32>(PROGRESS), made = load<i32>(PROGRESS + 4);
  for (; count > 0 && top > 0; count--) {
    top--;
    const entry = WIDE_STACK + 8 * <usize> top;
    const node = load<i32>(entry), to = nodesAt() + <usize> made * WIDE_NODE_BYTES;
    store<i32>(<usize> load<i32>(entry + 4), <i32> to);
    made++;
    const width = openChildren(node);
    for (let k = 0; k < width; k++) {
      writeLane(to, k, <usize> load<i32>(LANES + 4 * <usize> k));
    }
    for (let k = width; k < 4; k++) writeEmptyLane(to, k);
    for (let k = width - 1; k >= 0; k--) { // so that the first is made next
      const child = load<i32>(childrenAt() + 4 * <usize> load<i32>(LANES + 4 * <usize> k));
      if (child < 0) continue;
      store<i32>(WIDE_STACK + 8 * <usize> top, child);
      store<i32>(WIDE_STACK + 8 * <usize> top + 4, <i32> (to + 96 + 4 * <usize> k));
      top++;
    }
  }
  store<i32>(PROGRESS, top);
  store<i32>(PROGRESS + 4, made);
  return top > 0;
}

/** Lists up to four descendants of a node, as places in the children's array; returns how many. */
function openChildren(node: i32): i32 {
  store<i32>(LANES, 2 * node);
  store<i32>(LANES + 4, 2 * node + 1);
  let width = 2;
  while (width < 4) {
    let largest = -1, largestArea: f64 = -1;
    for (let k = 0; k < width; k++) {
      const place = load<i32>(LANES + 4 * <usize> k);
      if (load<i32>(childrenAt() + 4 * <usize> place) < 0) continue;
      const area = areaOf(<usize> place);
      if (area > largestArea) {
        largestArea = area;
        largest = k;
      }
    }
    if (largest < 0) break;
    const at = LANES + 4 * <usize> largest, opened = load<i32>(childrenAt() + 4 * <usize> load<i32>(at));
    store<i32>(at, 2 * opened);
    store<i32>(LANES + 4 * <usize> width, 2 * opened + 1);
    width++;
  }
  return width;
}

/** An eighth of the surface of a child's box. */
function areaOf(place: usize): f64 {
  const box = boxesAt() + 24 * place;
  const x = <f64> load<f32>(box, 4), y = <f64> load<f32>(box, 12), z = <f64> load<f32>(box, 20);
  return x * y + y * z + z * x;
}

function writeLane(to: usize, k: i32, place: usize): void {
  const box = boxesAt() + 24 * place, scale = load<f64>(GRID + 24), lane = to + 4 * <usize> k;
  for (let axis: usize = 0; axis < 3; axis++) {
    const centre = <f64> load<f32>(box + 8 * axis), half = <f64> load<f32>(box + 8 * axis + 4);
    const origin = load<f64>(GRID + 8 * axis);
    store<f32>(lane + 32 * axis, <f32> ((centre - half - origin) * scale - ROUNDING));
    store<f32>(lane + 32 * axis + 16, <f32> ((centre + half - origin) * scale + ROUNDING));
  }
  store<i32>(lane + 96, load<i32>(childrenAt() + 4 * place));
}

/** No distance to a box of NaN is below anything. */
function writeEmptyLane(to: usize, k: i32): void {
  const lane = to + 4 * <usize> k;
  for (let i: usize = 0; i < 6; i++) store<f32>(lane + 16 * i, f32.NaN);
  store<i32>(lane + 96, ~0);
}
