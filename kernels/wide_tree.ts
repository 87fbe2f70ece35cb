/**
 * A tree with four children a node, as SIMD looks at four boxes at once: the
 * binary tree with nodes opened into their parents (Dammertz, Hanika & Keller 2008,
 * "Shallow Bounding Volume Hierarchies for Fast SIMD Ray Tracing of Incoherent
 * Rays"). Boxes are f32 in [-1, 1], rounded outwards.
 */
import { GRID, LANES, PROGRESS, WIDE_NODE_BYTES, WIDE_STACK } from "../fitting/surface/_index_layout";
import { boxesAt, childrenAt, leafCount, momentsAt, nodesAt } from "./fields";

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
  if (leafCount() > 1) chooseOpenings();
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

/**
 * Decides for every node, from the leaves up, how it is best opened: with `i`
 * places at hand, 1 to 3, take it as it is, or part the places among its children.
 * The cost of a tree is the surface of its wide nodes, as a query comes by a box the
 * more often the larger it is (Wald, Benthin & Boulos 2008, "Getting Rid of
 * Packets"; Ylitie, Karras & Laine 2017). Lies where moments will lie.
 */
function chooseOpenings(): void {
  for (let place = 2 * (leafCount() - 1) - 1; place >= 0; place--) {
    const node = load<i32>(childrenAt() + 4 * <usize> place);
    if (node >= 0) chooseOpening(node, areaOf(place));
  }
  chooseOpening(0, 0);
}

/** Costs of a node with 1, 2 and 3 places, f32, then how many of 2, 3 and 4 go to its first child, 0 for none opened. */
// @ts-ignore: decorator
@inline
function planOf(node: i32): usize {
  return momentsAt() + 16 * <usize> node;
}

// @ts-ignore: decorator
@inline
function costOf(child: i32, places: i32): f32 {
  return child < 0 ? 0 : load<f32>(planOf(child) + 4 * <usize> (places - 1));
}

function chooseOpening(node: i32, area: f64): void {
  const left = load<i32>(childrenAt() + 8 * <usize> node), right = load<i32>(childrenAt() + 8 * <usize> node + 4);
  const plan = planOf(node);
  let best = f32.MAX_VALUE, first: u8 = 0;
  for (let k = 1; k <= 3; k++) {
    const cost = costOf(left, k) + costOf(right, 4 - k);
    if (cost < best) {
      best = cost;
      first = <u8> k;
    }
  }
  store<u8>(plan + 14, first);
  best += <f32> area;
  store<f32>(plan, best);
  const two = costOf(left, 1) + costOf(right, 1);
  store<u8>(plan + 12, two < best ? 1 : 0);
  best = min(best, two);
  store<f32>(plan + 4, best);
  const oneTwo = costOf(left, 1) + costOf(right, 2), twoOne = costOf(left, 2) + costOf(right, 1);
  store<u8>(plan + 13, oneTwo < best && oneTwo <= twoOne ? 1 : twoOne < best ? 2 : 0);
  store<f32>(plan + 8, min(best, min(oneTwo, twoOne)));
}

/** How many of a node's descendants {@linkcode openChildren} has listed. */
let width: i32 = 0;

/** Lists up to four descendants of a node, as places in the children's array; returns how many. */
function openChildren(node: i32): i32 {
  width = 0;
  const first = <i32> load<u8>(planOf(node) + 14);
  list(2 * node, first);
  list(2 * node + 1, 4 - first);
  return width;
}

/** Lists a child, or what it is opened into with so many places. */
function list(place: i32, places: i32): void {
  const child = load<i32>(childrenAt() + 4 * <usize> place);
  let first = 0;
  while (child >= 0 && places > 1 && first == 0) { // what is no better with all places is as with one less
    first = <i32> load<u8>(planOf(child) + 10 + places);
    if (first == 0) places--;
  }
  if (first == 0) {
    store<i32>(LANES + 4 * <usize> width, place);
    width++;
    return;
  }
  list(2 * child, first);
  list(2 * child + 1, places - first);
}

/** An eighth of the surface of a child's box. */
function areaOf(place: i32): f64 {
  const box = boxesAt() + 24 * <usize> place;
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
