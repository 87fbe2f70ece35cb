import { MAX_WIDTH } from "./_supernodes.ts";
import type { LdltFactor } from "./sparse_ldlt.ts";

/** Right-hand sides that are solved at once: coordinates come in threes. */
export const LANES = 3;

/** What the kernels keep of the columns of one panel. */
export const LANE_LENGTH = LANES * MAX_WIDTH;

/**
 * Solves with the part of L in panel `s`, for one column of `x`, whose rows are
 * `stride` long. All panels, ascending, make up L.
 */
export function forwardOne(
  factor: LdltFactor,
  x: Float64Array,
  stride: number,
  column: number,
  s: number,
): void {
  const { values, lane, symbolic: { panels } } = factor;
  const { order, columnOffsets, entryOffsets, rowStart, rowEnd, rows } = panels;
  const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
  let entry = entryOffsets[s];
  for (let i = 0; i < width; i++, entry += width) {
    const at = order[firstColumn + i] * stride + column;
    let sum = x[at];
    for (let k = 0; k < i; k++) sum -= values[entry + k] * lane[k];
    lane[i] = x[at] = sum;
  }
  for (let r = rowStart[s], end = rowEnd[s]; r < end; r++, entry += width) {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += values[entry + k] * lane[k];
    x[rows[r] * stride + column] -= sum;
  }
}

/** Solves with the part of D and Lᵀ in panel `s`; all panels, descending, make them up. */
export function backwardOne(
  factor: LdltFactor,
  x: Float64Array,
  stride: number,
  column: number,
  s: number,
): void {
  const { values, pivots, lane, symbolic: { panels } } = factor;
  const { order, columnOffsets, entryOffsets, rowStart, rowEnd, rows } = panels;
  const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
  for (let k = 0; k < width; k++) lane[k] = x[order[firstColumn + k] * stride + column] / pivots[firstColumn + k];
  let entry = entryOffsets[s + 1];
  for (let r = rowEnd[s] - 1, start = rowStart[s]; r >= start; r--) {
    const known = x[rows[r] * stride + column];
    entry -= width;
    for (let k = 0; k < width; k++) lane[k] -= values[entry + k] * known;
  }
  for (let i = width - 1; i >= 0; i--) {
    const known = lane[i];
    entry -= width;
    x[order[firstColumn + i] * stride + column] = known;
    for (let k = 0; k < i; k++) lane[k] -= values[entry + k] * known;
  }
}

/** {@linkcode forwardOne} for three columns from `column` on: the factor is read once for them. */
export function forwardThree(
  factor: LdltFactor,
  x: Float64Array,
  stride: number,
  column: number,
  s: number,
): void {
  const { values, lane, symbolic: { panels } } = factor;
  const { order, columnOffsets, entryOffsets, rowStart, rowEnd, rows } = panels;
  const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
  let entry = entryOffsets[s];
  for (let i = 0; i < width; i++, entry += width) {
    const at = order[firstColumn + i] * stride + column;
    let sum0 = x[at], sum1 = x[at + 1], sum2 = x[at + 2];
    for (let k = 0, l = 0; k < i; k++, l += 3) {
      const value = values[entry + k];
      sum0 -= value * lane[l];
      sum1 -= value * lane[l + 1];
      sum2 -= value * lane[l + 2];
    }
    lane[3 * i] = x[at] = sum0;
    lane[3 * i + 1] = x[at + 1] = sum1;
    lane[3 * i + 2] = x[at + 2] = sum2;
  }
  for (let r = rowStart[s], end = rowEnd[s]; r < end; r++, entry += width) {
    let sum0 = 0, sum1 = 0, sum2 = 0;
    for (let k = 0, l = 0; k < width; k++, l += 3) {
      const value = values[entry + k];
      sum0 += value * lane[l];
      sum1 += value * lane[l + 1];
      sum2 += value * lane[l + 2];
    }
    const at = rows[r] * stride + column;
    x[at] -= sum0;
    x[at + 1] -= sum1;
    x[at + 2] -= sum2;
  }
}

/** {@linkcode backwardOne} for three columns from `column` on. */
export function backwardThree(
  factor: LdltFactor,
  x: Float64Array,
  stride: number,
  column: number,
  s: number,
): void {
  const { values, pivots, lane, symbolic: { panels } } = factor;
  const { order, columnOffsets, entryOffsets, rowStart, rowEnd, rows } = panels;
  const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn;
  for (let k = 0; k < width; k++) {
    const at = order[firstColumn + k] * stride + column, pivot = pivots[firstColumn + k];
    lane[3 * k] = x[at] / pivot;
    lane[3 * k + 1] = x[at + 1] / pivot;
    lane[3 * k + 2] = x[at + 2] / pivot;
  }
  let entry = entryOffsets[s + 1];
  for (let r = rowEnd[s] - 1, start = rowStart[s]; r >= start; r--) {
    const at = rows[r] * stride + column, x0 = x[at], x1 = x[at + 1], x2 = x[at + 2];
    entry -= width;
    for (let k = 0, l = 0; k < width; k++, l += 3) {
      const value = values[entry + k];
      lane[l] -= value * x0;
      lane[l + 1] -= value * x1;
      lane[l + 2] -= value * x2;
    }
  }
  for (let i = width - 1; i >= 0; i--) {
    const at = order[firstColumn + i] * stride + column;
    const x0 = x[at] = lane[3 * i], x1 = x[at + 1] = lane[3 * i + 1], x2 = x[at + 2] = lane[3 * i + 2];
    entry -= width;
    for (let k = 0, l = 0; k < i; k++, l += 3) {
      const value = values[entry + k];
      lane[l] -= value * x0;
      lane[l + 1] -= value * x1;
      lane[l + 2] -= value * x2;
    }
  }
}
