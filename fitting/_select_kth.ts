/**
 * The k-th smallest (from 0) of the first `count` values, by Hoare's selection;
 * reorders them. Linear time on average.
 */
export function selectKth(values: Float64Array, count: number, k: number): number {
  let low = 0, high = count - 1;
  while (low < high) {
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
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k];
}
