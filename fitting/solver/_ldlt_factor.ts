import type { Scratch } from "../../pool/scratch.ts";
import { type LdltPanels, MAX_WIDTH } from "./_supernodes.ts";
import type { SymmetricPattern } from "./_symmetric_pattern.ts";
import type { LdltFactor, LdltSymbolic, SymmetricMatrix } from "./sparse_ldlt.ts";
import type { Work } from "../work.ts";

/** Multiplications between two pauses. */
const WORK_PER_PAUSE = 4e6;

/**
 * A pivot this small against the diagonal it came from is rounding: Laplacians
 * without mass, of 1k to 100k vertices, ended in pivots of -7e-14 to 5e-14.
 */
const PIVOT_EPSILON = 2 ** -40;

/** Bytes {@linkcode factorPanels} leases from scratch. */
export function factorPanelsBytes(
  { unknownCount, panelCount }: Pick<LdltSymbolic, "unknownCount" | "panelCount">,
): number {
  return 4 * (unknownCount + 3 * panelCount + MAX_WIDTH) + 8 * MAX_WIDTH * MAX_WIDTH;
}

/** What the kernels of one factorization share. */
interface Factoring {
  readonly values: Float64Array;
  readonly pivots: Float64Array;
  /** Which row of the present panel an unknown is; what other unknowns have means nothing. */
  readonly rowOf: Uint32Array;
  /** Which columns of the present panel the first rows of the earlier one are. */
  readonly columns: Uint32Array;
  /** The rows of the earlier panel that lie in the present columns, times their pivots. */
  readonly scaled: Float64Array;
  /** The first panel that has something for a panel, or -1. */
  readonly firstWaiting: Int32Array;
  /** The next that waits for the same one. */
  readonly nextWaiting: Int32Array;
  /** Rows of a panel before this have contributed. */
  readonly done: Uint32Array;
  /** Multiplications since the last pause. */
  work: number;
}

/**
 * Computes L and D panel by panel. A panel gathers its part of the matrix,
 * subtracts what earlier panels contribute, and is factored as a dense block;
 * then it waits in the list of the next panel it contributes to.
 *
 * Source: Ng & Peyton 1993, "Block Sparse Cholesky Algorithms on Advanced
 * Uniprocessor Computers" (left-looking, supernode by supernode); linked lists
 * of contributors as in George & Liu 1981.
 *
 * @returns The unknown whose pivot is not positive, or -1.
 */
export function* factorPanels(
  { pattern, panels, unknownCount, panelCount }: LdltSymbolic,
  { diagonal, offDiagonal }: SymmetricMatrix,
  { values, pivots }: LdltFactor,
  scratch: Scratch,
): Work<number> {
  using frame = scratch.frame("factor");
  const factoring: Factoring = {
    values,
    pivots,
    rowOf: frame.u32(unknownCount),
    columns: frame.u32(MAX_WIDTH),
    scaled: frame.f64(MAX_WIDTH * MAX_WIDTH),
    firstWaiting: frame.i32(panelCount).fill(-1),
    nextWaiting: frame.i32(panelCount),
    done: frame.u32(panelCount),
    work: 0,
  };
  const { order, columnOffsets } = panels;
  for (let s = 0; s < panelCount; s++) {
    gatherMatrix(factoring, panels, pattern, diagonal, offDiagonal, s);
    subtractContributions(factoring, panels, s);
    const bad = factorPanel(factoring, panels, diagonal, s);
    if (bad !== -1) return order[columnOffsets[s] + bad];
    awaitNext(factoring, panels, s, panels.rowStart[s]);
    if (factoring.work > WORK_PER_PAUSE) {
      factoring.work = 0;
      yield;
    }
  }
  return -1;
}

/** Puts the entries of the matrix that panel `s` has, on and below the diagonal, in their places; zeros elsewhere. */
function gatherMatrix(
  { values, rowOf }: Factoring,
  { order, panelOf, columnOffsets, entryOffsets, rowStart, rowEnd, rows }: LdltPanels,
  { ringOffsets, ringVertices }: SymmetricPattern,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  s: number,
): void {
  const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn, base = entryOffsets[s];
  values.fill(0, base, entryOffsets[s + 1]);
  for (let k = 0; k < width; k++) rowOf[order[firstColumn + k]] = k;
  for (let r = rowStart[s], end = rowEnd[s], k = width; r < end; r++) rowOf[rows[r]] = k++;
  for (let k = 0; k < width; k++) {
    const v = order[firstColumn + k], column = base + k;
    values[column + k * width] = diagonal[v];
    for (let r = ringOffsets[v], end = ringOffsets[v + 1]; r < end; r++) {
      const u = ringVertices[r];
      if (panelOf[u] < s) continue;
      const row = rowOf[u];
      if (row > k) values[column + row * width] = offDiagonal[r];
    }
  }
}

/** Subtracts from panel `s` what the panels that wait for it contribute; they go on to wait for another. */
function subtractContributions(factoring: Factoring, panels: LdltPanels, s: number): void {
  const { firstWaiting, nextWaiting, done } = factoring, { panelOf, columnOffsets, rowEnd, rows } = panels;
  for (let d = firstWaiting[s]; d !== -1;) {
    const next = nextWaiting[d], from = done[d], end = rowEnd[d];
    let to = from + 1;
    while (to < end && panelOf[rows[to]] === s) to++;
    subtractPanel(factoring, panels, d, from, to, s);
    factoring.work += (to - from) * (end - from) * (columnOffsets[d + 1] - columnOffsets[d]);
    awaitNext(factoring, panels, d, to);
    d = next;
  }
}

/** Enters panel `d` with the panel its row `from` belongs to, if there is such a row. */
function awaitNext(
  { firstWaiting, nextWaiting, done }: Factoring,
  { panelOf, rowEnd, rows }: LdltPanels,
  d: number,
  from: number,
): void {
  if (from === rowEnd[d]) return;
  const waitsFor = panelOf[rows[from]];
  done[d] = from;
  nextWaiting[d] = firstWaiting[waitsFor];
  firstWaiting[waitsFor] = d;
}

/**
 * Subtracts what panel `d` contributes to panel `s`: the product of its
 * rows from `from` on with those from `from` to `to`, which are columns of that
 * panel. One long loop over tiles of four rows and two columns; above
 * the diagonal they write where nobody reads.
 */
function subtractPanel(
  { values, pivots, rowOf, columns, scaled }: Factoring,
  { columnOffsets, entryOffsets, rowStart, rowEnd, rows }: LdltPanels,
  d: number,
  from: number,
  to: number,
  s: number,
): void {
  const base = entryOffsets[s], width = columnOffsets[s + 1] - columnOffsets[s];
  const firstColumn = columnOffsets[d], depth = columnOffsets[d + 1] - firstColumn;
  const first = entryOffsets[d] + (depth + from - rowStart[d]) * depth;
  const rowCount = rowEnd[d] - from, columnCount = to - from;
  for (let j = 0; j < columnCount; j++) {
    columns[j] = rowOf[rows[from + j]];
    for (let k = 0, at = j * depth; k < depth; k++) scaled[at + k] = values[first + at + k] * pivots[firstColumn + k];
  }
  let i = 0;
  for (; i + 3 < rowCount; i += 4) {
    const a0 = first + i * depth, a1 = a0 + depth, a2 = a1 + depth, a3 = a2 + depth;
    const t0 = base + rowOf[rows[from + i]] * width, t1 = base + rowOf[rows[from + i + 1]] * width;
    const t2 = base + rowOf[rows[from + i + 2]] * width, t3 = base + rowOf[rows[from + i + 3]] * width;
    const jEnd = i + 4 < columnCount ? i + 4 : columnCount;
    let j = 0;
    for (; j + 1 < jEnd; j += 2) {
      const b0 = j * depth, b1 = b0 + depth;
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0;
      for (let k = 0; k < depth; k++) {
        const y0 = scaled[b0 + k], y1 = scaled[b1 + k];
        const x0 = values[a0 + k], x1 = values[a1 + k], x2 = values[a2 + k], x3 = values[a3 + k];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s30 += x3 * y0;
        s31 += x3 * y1;
      }
      const c0 = columns[j], c1 = columns[j + 1];
      values[t0 + c0] -= s00;
      values[t0 + c1] -= s01;
      values[t1 + c0] -= s10;
      values[t1 + c1] -= s11;
      values[t2 + c0] -= s20;
      values[t2 + c1] -= s21;
      values[t3 + c0] -= s30;
      values[t3 + c1] -= s31;
    }
    if (j < jEnd) {
      const b0 = j * depth, c0 = columns[j];
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let k = 0; k < depth; k++) {
        const y0 = scaled[b0 + k];
        s0 += values[a0 + k] * y0;
        s1 += values[a1 + k] * y0;
        s2 += values[a2 + k] * y0;
        s3 += values[a3 + k] * y0;
      }
      values[t0 + c0] -= s0;
      values[t1 + c0] -= s1;
      values[t2 + c0] -= s2;
      values[t3 + c0] -= s3;
    }
  }
  for (; i < rowCount; i++) {
    const a0 = first + i * depth, t0 = base + rowOf[rows[from + i]] * width;
    const jEnd = i + 1 < columnCount ? i + 1 : columnCount;
    let j = 0;
    for (; j + 1 < jEnd; j += 2) {
      const b0 = j * depth, b1 = b0 + depth;
      let s0 = 0, s1 = 0;
      for (let k = 0; k < depth; k++) {
        const x0 = values[a0 + k];
        s0 += x0 * scaled[b0 + k];
        s1 += x0 * scaled[b1 + k];
      }
      values[t0 + columns[j]] -= s0;
      values[t0 + columns[j + 1]] -= s1;
    }
    if (j < jEnd) {
      const b0 = j * depth;
      let s0 = 0;
      for (let k = 0; k < depth; k++) s0 += values[a0 + k] * scaled[b0 + k];
      values[t0 + columns[j]] -= s0;
    }
  }
}

/**
 * Factors a dense panel in place: first its square, row by row, then the rows
 * below, four at once.
 *
 * @returns The column whose pivot is not positive, or -1.
 */
function factorPanel(
  factoring: Factoring,
  { order, columnOffsets, entryOffsets, rowStart, rowEnd }: LdltPanels,
  diagonal: Float64Array,
  s: number,
): number {
  const { values, pivots } = factoring;
  const firstColumn = columnOffsets[s], width = columnOffsets[s + 1] - firstColumn, base = entryOffsets[s];
  const rowCount = width + rowEnd[s] - rowStart[s], end = base + rowCount * width;
  factoring.work += width * width * rowCount;
  for (let i = 0; i < width; i++) {
    const row = base + i * width;
    let pivot = values[row + i];
    for (let j = 0; j < i; j++) {
      const other = base + j * width;
      let sum = values[row + j];
      for (let k = 0; k < j; k++) sum -= values[row + k] * values[other + k];
      values[row + j] = sum; // L times D, until the row is done
    }
    for (let j = 0; j < i; j++) {
      const product = values[row + j], entry = product / pivots[firstColumn + j];
      values[row + j] = entry;
      pivot -= product * entry;
    }
    pivots[firstColumn + i] = pivot;
    if (!(pivot > PIVOT_EPSILON * diagonal[order[firstColumn + i]])) return i;
  }
  let row = base + width * width;
  for (; row + 3 * width < end; row += 4 * width) {
    const row1 = row + width, row2 = row1 + width, row3 = row2 + width;
    for (let j = 0; j < width; j++) {
      const other = base + j * width;
      let sum0 = values[row + j], sum1 = values[row1 + j], sum2 = values[row2 + j], sum3 = values[row3 + j];
      for (let k = 0; k < j; k++) {
        const entry = values[other + k];
        sum0 -= values[row + k] * entry;
        sum1 -= values[row1 + k] * entry;
        sum2 -= values[row2 + k] * entry;
        sum3 -= values[row3 + k] * entry;
      }
      values[row + j] = sum0;
      values[row1 + j] = sum1;
      values[row2 + j] = sum2;
      values[row3 + j] = sum3;
    }
    for (let j = 0; j < width; j++) {
      const inverse = 1 / pivots[firstColumn + j];
      values[row + j] *= inverse;
      values[row1 + j] *= inverse;
      values[row2 + j] *= inverse;
      values[row3 + j] *= inverse;
    }
  }
  for (; row < end; row += width) {
    for (let j = 0; j < width; j++) {
      const other = base + j * width;
      let sum = values[row + j];
      for (let k = 0; k < j; k++) sum -= values[row + k] * values[other + k];
      values[row + j] = sum;
    }
    for (let j = 0; j < width; j++) values[row + j] /= pivots[firstColumn + j];
  }
  return -1;
}
