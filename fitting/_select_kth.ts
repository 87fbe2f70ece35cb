/**
 * The k-th smallest (from 0) of the first `count` values, by Hoare's selection;
 * reorders them. Linear time on average. `NaN` is not allowed.
 */
export function selectKth(values: Float64Array, count: number, k: number): number {
  let low = 0, high = count - 1;
  while (low < high) {
    const middle = partition(values, low, high);
    if (k < middle) high = middle - 1;
    else low = middle;
  }
  return values[k];
}

/**
 * Reorders the values from `low` to `high`, two or more, so that those before
 * what is returned are no greater than those from there on; neither part is empty.
 */
export function partition(values: Float64Array, low: number, high: number): number {
  const pivot = values[(low + high) >> 1];
  let i = low, j = high;
  while (i <= j) {
    while (values[i] < pivot) i++;
    while (values[j] > pivot) j--;
    if (i > j) break;
    const value = values[i];
    values[i++] = values[j];
    values[j--] = value;
  }
  return i;
}
