/** Ranges this short are sorted by insertion. */
const SHORT = 24;

/** Sorts `[start, end)` of `values`, ascending, in place: quicksort around the median of three (Hoare 1962, Singleton 1969). */
export function sortRange(values: Uint32Array, start: number, end: number): void {
  while (end - start > SHORT) {
    const a = values[start], b = values[(start + end) >>> 1], c = values[end - 1];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
    let low = start, high = end - 1;
    while (low <= high) {
      while (values[low] < pivot) low++;
      while (values[high] > pivot) high--;
      if (low > high) break;
      const value = values[low];
      values[low++] = values[high];
      values[high--] = value;
    }
    if (high + 1 - start < end - low) { // the shorter part first, so the depth stays logarithmic
      sortRange(values, start, high + 1);
      start = low;
    } else {
      sortRange(values, low, end);
      end = high + 1;
    }
  }
  for (let i = start + 1; i < end; i++) {
    const value = values[i];
    let to = i;
    for (; to > start && values[to - 1] > value; to--) values[to] = values[to - 1];
    values[to] = value;
  }
}
