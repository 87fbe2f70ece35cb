import { partition } from "./_select_kth.ts";
import type { Work } from "./work.ts";

/** Of so many values more may be looked at without a pause. */
const FEW = 65_536;

/**
 * Writes the values below which `shares` (ascending) of the first `count`
 * `values` lie; between two it interpolates linearly (type 7 of Hyndman & Fan
 * 1996, what NumPy does). `NaN` without a value. Reorders the values, which may
 * not be `NaN`. By selection and not by sorting, which takes ten times as long
 * and cannot be paused.
 */
export function* percentilesWork(
  values: Float64Array,
  count: number,
  shares: readonly number[],
  out: number[],
): Work<void> {
  let low = 0; // nothing before it is greater than anything after
  for (let i = 0; i < shares.length; i++) {
    const at = shares[i] * (count - 1), k = Math.floor(at);
    for (let high = count - 1; low < high;) {
      if (high - low > FEW) yield;
      const middle = partition(values, low, high);
      if (k < middle) high = middle - 1;
      else low = middle;
    }
    out[i] = count === 0 ? NaN : values[k];
    if (at > k) out[i] += (at - k) * (leastOf(values, k + 1, count) - values[k]);
  }
}

function leastOf(values: Float64Array, from: number, end: number): number {
  let least = values[from];
  for (let i = from + 1; i < end; i++) if (values[i] < least) least = values[i];
  return least;
}
