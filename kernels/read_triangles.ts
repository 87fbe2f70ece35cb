/** Reads the triangles of the binary tree and bounds them: `fitting/surface/_bvh_refit.ts`, number for number. */
import { boxesAt, childrenAt, faceOfSlotAt, indicesAt, positionsAt, trianglesAt } from "./fields";

const GROWTH: f64 = 1.0 + 1.0 / 4194304.0;

/** Children `begin` to `end - 1`, from the last on; their own come after them, so those are done. */
export function readChildren(begin: i32, end: i32): void {
  const children = childrenAt(), boxes = boxesAt();
  for (let i = end - 1; i >= begin; i--) {
    const child = load<i32>(children + 4 * <usize> i), box = boxes + 24 * <usize> i;
    if (child < 0) readLeaf(~child, box);
    else boundPair(boxes + 48 * <usize> child, box);
  }
}

/** The triangles of the only leaf, which has no box. */
export function readOnlyLeaf(): void {
  readLeaf(0, 0);
}

function readLeaf(leaf: i32, box: usize): void {
  const positions = positionsAt(), indices = indicesAt(), faceOfSlot = faceOfSlotAt() + 16 * <usize> leaf;
  let to = trianglesAt() + 144 * <usize> leaf;
  let x0 = f32.POSITIVE_INFINITY, y0 = x0, z0 = x0, x1 = f32.NEGATIVE_INFINITY, y1 = x1, z1 = x1;
  for (let s: usize = 0; s < 16; s += 4) {
    const face = indices + 12 * <usize> load<u32>(faceOfSlot + s);
    for (let k: usize = 0; k < 12; k += 4, to += 12) {
      const from = positions + 12 * <usize> load<u32>(face + k);
      const x = load<f32>(from), y = load<f32>(from, 4), z = load<f32>(from, 8);
      store<f32>(to, x);
      store<f32>(to, y, 4);
      store<f32>(to, z, 8);
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      if (z < z0) z0 = z;
      if (z > z1) z1 = z;
    }
  }
  if (box == 0) return;
  writeSpan(box, x0, x1);
  writeSpan(box + 8, y0, y1);
  writeSpan(box + 16, z0, z1);
}

function boundPair(node: usize, box: usize): void {
  for (let o: usize = 0; o < 24; o += 8) {
    const centre = <f64> load<f32>(node + o), half = <f64> load<f32>(node + o, 4);
    const otherCentre = <f64> load<f32>(node + o, 24), otherHalf = <f64> load<f32>(node + o, 28);
    const low = centre - half, otherLow = otherCentre - otherHalf;
    const high = centre + half, otherHigh = otherCentre + otherHalf;
    writeSpan(box + o, low < otherLow ? low : otherLow, high > otherHigh ? high : otherHigh);
  }
}

// @ts-ignore: decorator
@inline
function writeSpan(to: usize, low: f64, high: f64): void {
  const centre = <f32> ((low + high) / 2);
  const up = high - <f64> centre, down = <f64> centre - low;
  store<f32>(to, centre);
  store<f32>(to, <f32> ((up > down ? up : down) * GROWTH), 4);
}
