import { MAX_WIDTH } from "./_supernodes.ts";
import type { LdltFactor } from "./sparse_ldlt.ts";

/** Right-hand sides solved at once: coordinates come in threes. */
export const LANES = 3;

/** Numbers {@linkcode solveThree} and {@linkcode solveOne} keep between rows. */
export const LANE_LENGTH = LANES * MAX_WIDTH;

/** Solves for the column `at` of `x`, whose rows are `stride` long, in place. */
export function solveOne(factor: LdltFactor, x: Float64Array, stride: number, at: number): void {
  const { values, pivots, lane, symbolic: { panelCount, panels } } = factor;
  const { order, columnOffsets, entryOffsets, rowStart, rowEnd, rows } = panels;
  for (let s = 0; s < panelCount; s++) {
    const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
    let entry = entryOffsets[s];
    for (let i = 0; i < width; i++, entry += width) {
      const place = order[firstColumn + i] * stride + at;
      let sum = x[place];
      for (let k = 0; k < i; k++) sum -= values[entry + k] * lane[k];
      lane[i] = sum;
      x[place] = sum;
    }
    for (let r = rowStart[s], end = rowEnd[s]; r < end; r++, entry += width) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += values[entry + k] * lane[k];
      x[rows[r] * stride + at] -= sum;
    }
  }
  for (let s = panelCount - 1; s >= 0; s--) {
    const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
    for (let k = 0; k < width; k++) lane[k] = x[order[firstColumn + k] * stride + at] / pivots[firstColumn + k];
    let entry = entryOffsets[s + 1];
    for (let r = rowEnd[s] - 1, start = rowStart[s]; r >= start; r--) {
      const known = x[rows[r] * stride + at];
      entry -= width;
      for (let k = 0; k < width; k++) lane[k] -= values[entry + k] * known;
    }
    for (let i = width - 1; i >= 0; i--) {
      const known = lane[i];
      entry -= width;
      x[order[firstColumn + i] * stride + at] = known;
      for (let k = 0; k < i; k++) lane[k] -= values[entry + k] * known;
    }
  }
}

/** {@linkcode solveOne} for the columns `at`, `at + 1` and `at + 2`: the factor is read once for the three. */
export function solveThree(factor: LdltFactor, x: Float64Array, stride: number, at: number): void {
  const { values, pivots, lane, symbolic: { panelCount, panels } } = factor;
  const { order, columnOffsets, entryOffsets, rowStart, rowEnd, rows } = panels;
  for (let s = 0; s < panelCount; s++) {
    const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
    let entry = entryOffsets[s];
    for (let i = 0; i < width; i++, entry += width) {
      const place = order[firstColumn + i] * stride + at;
      let sum0 = x[place], sum1 = x[place + 1], sum2 = x[place + 2];
      for (let k = 0, l = 0; k < i; k++, l += 3) {
        const value = values[entry + k];
        sum0 -= value * lane[l];
        sum1 -= value * lane[l + 1];
        sum2 -= value * lane[l + 2];
      }
      lane[3 * i] = x[place] = sum0;
      lane[3 * i + 1] = x[place + 1] = sum1;
      lane[3 * i + 2] = x[place + 2] = sum2;
    }
    for (let r = rowStart[s], end = rowEnd[s]; r < end; r++, entry += width) {
      let sum0 = 0, sum1 = 0, sum2 = 0;
      for (let k = 0, l = 0; k < width; k++, l += 3) {
        const value = values[entry + k];
        sum0 += value * lane[l];
        sum1 += value * lane[l + 1];
        sum2 += value * lane[l + 2];
      }
      const place = rows[r] * stride + at;
      x[place] -= sum0;
      x[place + 1] -= sum1;
      x[place + 2] -= sum2;
    }
  }
  for (let s = panelCount - 1; s >= 0; s--) {
    const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
    for (let k = 0; k < width; k++) {
      const place = order[firstColumn + k] * stride + at, pivot = pivots[firstColumn + k];
      lane[3 * k] = x[place] / pivot;
      lane[3 * k + 1] = x[place + 1] / pivot;
      lane[3 * k + 2] = x[place + 2] / pivot;
    }
    let entry = entryOffsets[s + 1];
    for (let r = rowEnd[s] - 1, start = rowStart[s]; r >= start; r--) {
      const place = rows[r] * stride + at, x0 = x[place], x1 = x[place + 1], x2 = x[place + 2];
      entry -= width;
      for (let k = 0, l = 0; k < width; k++, l += 3) {
        const value = values[entry + k];
        lane[l] -= value * x0;
        lane[l + 1] -= value * x1;
        lane[l + 2] -= value * x2;
      }
    }
    for (let i = width - 1; i >= 0; i--) {
      const place = order[firstColumn + i] * stride + at;
      const x0 = x[place] = lane[3 * i], x1 = x[place + 1] = lane[3 * i + 1], x2 = x[place + 2] = lane[3 * i + 2];
      entry -= width;
      for (let k = 0, l = 0; k < i; k++, l += 3) {
        const value = values[entry + k];
        lane[l] -= value * x0;
        lane[l + 1] -= value * x1;
        lane[l + 2] -= value * x2;
      }
    }
  }
}
