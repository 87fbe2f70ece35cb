/**
 * The value below which the share `p` of the first `count` ascending `values`
 * lies; between two it interpolates linearly (type 7 of Hyndman & Fan 1996, what
 * NumPy does). `NaN` without a value.
 */
export function percentile(values: Float64Array, p: number, count: number = values.length): number {
  if (count === 0) return NaN;
  const at = p * (count - 1), low = Math.floor(at), high = Math.min(low + 1, count - 1);
  return at === low ? values[low] : values[low] + (at - low) * (values[high] - values[low]);
}
