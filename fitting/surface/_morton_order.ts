import type { Scratch } from "../../pool/scratch.ts";

/** Bits an axis: three make the 30-bit key. */
const BITS = 10;

/** Bits sorted in a pass; three passes sort a key. */
const RADIX_BITS = 10;
const RADIX = 1 << RADIX_BITS;

/** Bytes {@linkcode mortonOrder} leases from scratch. */
export function mortonOrderBytes(pointCount: number): number {
  return 12 * pointCount + 4 * RADIX + 48;
}

/**
 * Orders points along a Morton curve through the cube that holds them (Morton
 * 1966), so that neighbours in the order are neighbours in space. Stable: points
 * in one cell keep their order. O(pointCount).
 *
 * @param points `3 * pointCount` coordinates.
 * @param order Receives `pointCount` indices.
 */
export function mortonOrder(points: Float32Array, order: Uint32Array, scratch: Scratch): void {
  const pointCount = order.length;
  using frame = scratch.frame("Morton order");
  const keys = frame.u32(pointCount), otherKeys = frame.u32(pointCount), otherOrder = frame.u32(pointCount);
  const counts = frame.u32(RADIX), bounds = frame.f64(6);
  boundPoints(points, bounds);
  writeKeys(points, bounds, keys);
  for (let i = 0; i < pointCount; i++) order[i] = i;
  sortPass(keys, order, otherKeys, otherOrder, counts, 0);
  sortPass(otherKeys, otherOrder, keys, order, counts, RADIX_BITS);
  sortPass(keys, order, otherKeys, otherOrder, counts, 2 * RADIX_BITS);
  order.set(otherOrder);
}

/** Bounds of the finite points, minima before maxima. */
function boundPoints(points: Float32Array, bounds: Float64Array): void {
  for (let axis = 0; axis < 3; axis++) {
    let low = Infinity, high = -Infinity;
    for (let k = axis; k < points.length; k += 3) {
      const value = points[k];
      if (value < low && value > -Infinity) low = value;
      if (value > high && value < Infinity) high = value;
    }
    bounds[axis] = low;
    bounds[3 + axis] = high;
  }
}

function writeKeys(points: Float32Array, bounds: Float64Array, keys: Uint32Array): void {
  const x0 = bounds[0], y0 = bounds[1], z0 = bounds[2];
  const size = Math.max(bounds[3] - x0, bounds[4] - y0, bounds[5] - z0);
  const scale = size > 0 ? ((1 << BITS) - 1) / size : 0;
  for (let i = 0, k = 0; i < keys.length; i++, k += 3) {
    const x = (points[k] - x0) * scale, y = (points[k + 1] - y0) * scale, z = (points[k + 2] - z0) * scale;
    keys[i] = spread(x) | spread(y) << 1 | spread(z) << 2;
  }
}

/** Moves bit i of a number of {@linkcode BITS} bits to bit 3i; what is not finite counts as 0. */
function spread(value: number): number {
  let n = value & ((1 << BITS) - 1);
  n = (n | n << 16) & 0x030000ff;
  n = (n | n << 8) & 0x0300f00f;
  n = (n | n << 4) & 0x030c30c3;
  return (n | n << 2) & 0x09249249;
}

/** One pass of a stable radix sort, least significant digit first. */
function sortPass(
  keys: Uint32Array,
  values: Uint32Array,
  outKeys: Uint32Array,
  outValues: Uint32Array,
  counts: Uint32Array,
  shift: number,
): void {
  counts.fill(0);
  for (let i = 0; i < keys.length; i++) counts[(keys[i] >>> shift) & (RADIX - 1)]++;
  for (let d = 0, sum = 0; d < RADIX; d++) {
    const count = counts[d];
    counts[d] = sum;
    sum += count;
  }
  for (let i = 0; i < keys.length; i++) {
    const at = counts[(keys[i] >>> shift) & (RADIX - 1)]++;
    outKeys[at] = keys[i];
    outValues[at] = values[i];
  }
}
