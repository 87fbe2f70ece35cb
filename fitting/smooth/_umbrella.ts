import type { Rings } from "../topology/_rings.ts";

/** Places to go over in one call, and nanoseconds each takes. */
export const UMBRELLA_CHUNK = 32_768, UMBRELLA_COST = 60;

/** Pins nothing. */
export const NO_PINS: Uint8Array = new Uint8Array(0);

/**
 * One pass of neighbour averaging: `to = from + factor * (mean of the ring - from)`
 * at the places from `first` to `last`. All read the old values, so order does not matter. What is
 * pinned or has no neighbour keeps its value.
 *
 * The umbrella weights of Taubin 1995, eq. 5; one long loop, as it is where all
 * smoothing spends its time.
 *
 * @param from `3 * weldedCount`.
 * @param to `3 * weldedCount`, another array than `from`; overwritten.
 * @param pinned `weldedCount` flags, or {@linkcode NO_PINS}.
 */
export function umbrellaPass(
  { ringOffsets, ringVertices }: Rings,
  from: Float64Array,
  to: Float64Array,
  factor: number,
  pinned: Uint8Array,
  first: number,
  last: number,
): void {
  const hasPins = pinned.length !== 0;
  let begin = ringOffsets[first];
  for (let w = first; w < last; w++) {
    const end = ringOffsets[w + 1], i = 3 * w;
    const x = from[i], y = from[i + 1], z = from[i + 2];
    if (begin === end || (hasPins && pinned[w] !== 0)) {
      to[i] = x;
      to[i + 1] = y;
      to[i + 2] = z;
      begin = end;
      continue;
    }
    let sumX = 0, sumY = 0, sumZ = 0;
    const share = factor / (end - begin);
    const kept = 1 - factor;
    for (; begin < end; begin++) {
      const j = 3 * ringVertices[begin];
      sumX += from[j];
      sumY += from[j + 1];
      sumZ += from[j + 2];
    }
    to[i] = kept * x + share * sumX;
    to[i + 1] = kept * y + share * sumY;
    to[i + 2] = kept * z + share * sumZ;
  }
}

/**
 * {@linkcode umbrellaPass} with a weight for each neighbour: towards their weighted mean. A place whose weights are all
 * 0 keeps its value.
 *
 * @param weights One for each of `ringVertices`, not below 0.
 */
export function weightedPass(
  { ringOffsets, ringVertices }: Rings,
  weights: Float64Array,
  from: Float64Array,
  to: Float64Array,
  factor: number,
  pinned: Uint8Array,
  first: number,
  last: number,
): void {
  let begin = ringOffsets[first];
  for (let w = first; w < last; w++) {
    const end = ringOffsets[w + 1], i = 3 * w;
    const x = from[i], y = from[i + 1], z = from[i + 2];
    let sumX = 0, sumY = 0, sumZ = 0, sum = 0;
    for (; begin < end; begin++) {
      const j = 3 * ringVertices[begin], weight = weights[begin];
      sumX += weight * from[j];
      sumY += weight * from[j + 1];
      sumZ += weight * from[j + 2];
      sum += weight;
    }
    const isFixed = pinned[w] !== 0 || sum === 0;
    const share = isFixed ? 0 : factor / sum, kept = isFixed ? 1 : 1 - factor;
    to[i] = kept * x + share * sumX;
    to[i + 1] = kept * y + share * sumY;
    to[i + 2] = kept * z + share * sumZ;
  }
}
