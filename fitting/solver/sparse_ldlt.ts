import type { Frame, Scratch } from "../../pool/scratch.ts";
import { amdOrder, amdOrderBytes, type AssemblyForest } from "./_amd_order.ts";
import { factorPanels, factorPanelsBytes } from "./_ldlt_factor.ts";
import { backwardOne, backwardThree, forwardOne, forwardThree, LANE_LENGTH, LANES } from "./_ldlt_solve.ts";
import { buildSupernodes, type LdltPanels } from "./_supernodes.ts";
import { assertPattern, type SymmetricPattern } from "./_symmetric_pattern.ts";
import { NO_INDEX } from "../mesh.ts";
import { finish, type Work } from "../work.ts";

export type { LdltPanels } from "./_supernodes.ts";
export type { SymmetricPattern } from "./_symmetric_pattern.ts";

/** Entries of the factor that are read between two pauses of a solve. */
const ENTRIES_PER_PAUSE = 1 << 20;

/** The values of a symmetric matrix. */
export interface SymmetricMatrix {
  /** `unknownCount` values. */
  readonly diagonal: Float64Array;
  /** A value for each of `ringVertices`; both halves are given, of equal value. */
  readonly offDiagonal: Float64Array;
}

/** What {@linkcode analyzeLdlt} finds out about a pattern, before there are values. */
export interface LdltSymbolic {
  /** The pattern that was analyzed; read again by every factorization. */
  readonly pattern: SymmetricPattern;
  /** Rows of the matrix. */
  readonly unknownCount: number;
  /** Non-zeros of L below its diagonal, in this order of elimination; the most there can be where a hub was put last. */
  readonly fillCount: number;
  /** Numbers the factor stores; more than {@linkcode LdltSymbolic.fillCount}, as small dense blocks are made larger ones. */
  readonly entryCount: number;
  /** Dense blocks of the factor. */
  readonly panelCount: number;
  /** The blocks. */
  readonly panels: LdltPanels;
}

/** A factorization `L D Lᵀ`; {@linkcode leaseLdltFactor} makes one, {@linkcode factorLdlt} fills it, again and again. */
export interface LdltFactor {
  /** What it was leased for. */
  readonly symbolic: LdltSymbolic;
  /** The blocks of L, one after the other. */
  readonly values: Float64Array;
  /** D, in order of elimination. */
  readonly pivots: Float64Array;
  /** Used while solving: one factor solves for one caller at a time. */
  readonly lane: Float64Array;
  /** Whether it can solve: its last factorization came to an end. */
  isFactored: boolean;
  /** The unknown at which the last factorization failed, or `NO_INDEX`. */
  failedUnknown: number;
}

/**
 * Plans the factorization of all symmetric matrices of one pattern: finds an
 * order of elimination that keeps the factor sparse, and its exact size.
 *
 * About O(n log n) for the Laplacian of a surface. Unconnected parts and
 * unknowns without neighbours are welcome.
 *
 * Source: Amestoy, Davis & Duff 1996, "An Approximate Minimum Degree Ordering
 * Algorithm"; Ashcraft & Grimes 1989 for joining columns to dense blocks.
 *
 * @param pattern Kept: it must stay as it is while factors are made.
 * @param out Owns the result, exactly {@linkcode ldltSymbolicBytes}.
 * @param scratch Left as it was found, also on a throw; {@linkcode analyzeLdltBytes} at the peak.
 * @throws {RangeError} If the pattern is not symmetric, not ascending or out of range.
 *
 * @example A chain of three unknowns has two entries below the diagonal
 * ```ts
 * import { analyzeLdlt } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 1, 3, 4), ringVertices: Uint32Array.of(1, 0, 2, 1) };
 * using scope = new BufferScope();
 * assertEquals(analyzeLdlt(pattern, scope, scope).fillCount, 2);
 * ```
 */
export function analyzeLdlt(pattern: SymmetricPattern, out: Frame, scratch: Scratch): LdltSymbolic {
  return finish(analyzeLdltWork(pattern, out, scratch));
}

/**
 * {@linkcode analyzeLdlt} with pauses.
 *
 * @example Driven by hand
 * ```ts
 * import { analyzeLdltWork } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assert } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 1, 2), ringVertices: Uint32Array.of(1, 0) };
 * using scope = new BufferScope();
 * const work = analyzeLdltWork(pattern, scope, scope);
 * let pauses = 0;
 * while (!work.next().done) pauses++;
 * assert(pauses > 0);
 * ```
 */
export function* analyzeLdltWork(pattern: SymmetricPattern, out: Frame, scratch: Scratch): Work<LdltSymbolic> {
  const unknownCount = pattern.ringOffsets.length - 1;
  assertPattern(pattern, scratch);
  yield;
  using frame = scratch.frame("analyze");
  const forest: AssemblyForest = {
    absorbedBy: frame.i32(unknownCount),
    pivotCount: frame.i32(unknownCount),
    rowCount: frame.i32(unknownCount),
    sequence: frame.i32(unknownCount),
  };
  yield* amdOrder(pattern, forest, frame);
  const fillCount = countFill(forest);
  const panels = yield* buildSupernodes(pattern, forest, out, frame);
  const panelCount = panels.rowStart.length, entryCount = panels.entryOffsets[panelCount];
  return { pattern, unknownCount, fillCount, entryCount, panelCount, panels };
}

function countFill({ pivotCount, rowCount, sequence }: AssemblyForest): number {
  let fillCount = 0;
  for (let k = 0; k < sequence.length && sequence[k] !== -1; k++) {
    const columns = pivotCount[sequence[k]];
    fillCount += columns * ((columns - 1) / 2 + rowCount[sequence[k]]);
  }
  return fillCount;
}

/**
 * Exactly the bytes {@linkcode analyzeLdlt} leased from `out`.
 *
 * @example Two unknowns that make one block
 * ```ts
 * import { analyzeLdlt, ldltSymbolicBytes } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 1, 2), ringVertices: Uint32Array.of(1, 0) };
 * using scope = new BufferScope(), out = new BufferScope();
 * const symbolic = analyzeLdlt(pattern, out, scope);
 * assertEquals(ldltSymbolicBytes(symbolic), 40);
 * assertEquals(out.inUseBytes, 40);
 * ```
 */
export function ldltSymbolicBytes({ unknownCount, panelCount, panels }: LdltSymbolic): number {
  return 4 * (2 * unknownCount + 4 * panelCount + 2 + panels.rows.length);
}

/**
 * Exactly the peak bytes {@linkcode analyzeLdlt} leases from `scratch`.
 *
 * @param sizes Unknowns, and entries of `ringVertices`.
 *
 * @example Follows from the size of the pattern
 * ```ts
 * import { analyzeLdltBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(analyzeLdltBytes({ unknownCount: 100, entryCount: 580 }), 7984);
 * ```
 */
export function analyzeLdltBytes(
  { unknownCount, entryCount }: { unknownCount: number; entryCount: number },
): number {
  return 16 * unknownCount + amdOrderBytes(unknownCount, entryCount); // nothing after the ordering needs as much
}

/**
 * Leases room for a factor of matrices of this pattern.
 *
 * @param out Owns it, exactly {@linkcode ldltFactorBytes}.
 *
 * @example It can solve only after it was filled
 * ```ts
 * import { analyzeLdlt, leaseLdltFactor } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 1, 2), ringVertices: Uint32Array.of(1, 0) };
 * using scope = new BufferScope();
 * const factor = leaseLdltFactor(analyzeLdlt(pattern, scope, scope), scope);
 * assertEquals(factor.isFactored, false);
 * ```
 */
export function leaseLdltFactor(symbolic: LdltSymbolic, out: Frame): LdltFactor {
  return {
    symbolic,
    values: out.f64(symbolic.entryCount),
    pivots: out.f64(symbolic.unknownCount),
    lane: out.f64(LANE_LENGTH),
    isFactored: false,
    failedUnknown: NO_INDEX,
  };
}

/**
 * Exactly the bytes {@linkcode leaseLdltFactor} leases.
 *
 * @example Ten numbers in the blocks, four pivots, a lane of 144
 * ```ts
 * import { ldltFactorBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ldltFactorBytes({ entryCount: 10, unknownCount: 4 }), 1264);
 * ```
 */
export function ldltFactorBytes(
  { entryCount, unknownCount }: Pick<LdltSymbolic, "entryCount" | "unknownCount">,
): number {
  return 8 * (entryCount + unknownCount + LANE_LENGTH);
}

/**
 * Factors a symmetric positive definite matrix into `L D Lᵀ`. Call it again when
 * values change; nothing is analyzed anew.
 *
 * A matrix that is not positive definite is data, not an error: `failedUnknown`
 * then names the unknown whose pivot is not a number, or not above 2^-40 of the
 * diagonal value it came from: less is rounding (a Laplacian without mass or
 * fixed vertices has such a pivot in each connected part).
 *
 * Source: Ng & Peyton 1993, "Block Sparse Cholesky Algorithms on Advanced
 * Uniprocessor Computers" (left-looking by supernodes). An up-looking prototype
 * (Davis 2005, Algorithm 849) took 1.6 times as long as Eigen's factorization at
 * 20k and 100k unknowns; this takes 0.4 to 0.9 times, and 1.3 times on a body of 13k.
 *
 * @param matrix Read only.
 * @param factor Overwritten.
 * @param scratch Left as it was found, also on a throw; {@linkcode factorLdltBytes} at the peak.
 * @returns Whether the matrix is positive definite, beyond rounding.
 * @throws {RangeError} If a length is wrong.
 *
 * @example A 2 × 2 matrix, twice
 * ```ts
 * import { analyzeLdlt, factorLdlt, leaseLdltFactor, solveLdlt } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 1, 2), ringVertices: Uint32Array.of(1, 0) };
 * const matrix = { diagonal: Float64Array.of(2, 2), offDiagonal: Float64Array.of(-1, -1) };
 * using scope = new BufferScope();
 * const factor = leaseLdltFactor(analyzeLdlt(pattern, scope, scope), scope);
 * assertEquals(factorLdlt(matrix, factor, scope), true);
 * const x = Float64Array.of(1, 1);
 * solveLdlt(factor, x);
 * assertEquals([...x], [1, 1]);
 * matrix.diagonal.fill(1); // now a Laplacian, which is singular
 * assertEquals(factorLdlt(matrix, factor, scope), false);
 * assertEquals(factor.failedUnknown, 1);
 * ```
 */
export function factorLdlt(matrix: SymmetricMatrix, factor: LdltFactor, scratch: Scratch): boolean {
  return finish(factorLdltWork(matrix, factor, scratch));
}

/**
 * {@linkcode factorLdlt} with a pause every few milliseconds.
 *
 * @example Driven by hand
 * ```ts
 * import { analyzeLdlt, factorLdltWork, finish, leaseLdltFactor } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 0), ringVertices: new Uint32Array(0) };
 * const matrix = { diagonal: Float64Array.of(4), offDiagonal: new Float64Array(0) };
 * using scope = new BufferScope();
 * const factor = leaseLdltFactor(analyzeLdlt(pattern, scope, scope), scope);
 * assertEquals(finish(factorLdltWork(matrix, factor, scope)), true);
 * assertEquals([...factor.pivots], [4]);
 * ```
 */
export function* factorLdltWork(matrix: SymmetricMatrix, factor: LdltFactor, scratch: Scratch): Work<boolean> {
  assertMatrix(matrix, factor);
  factor.isFactored = false;
  const failed = yield* factorPanels(factor.symbolic, matrix, factor, scratch);
  factor.failedUnknown = failed === -1 ? NO_INDEX : failed;
  return factor.isFactored = failed === -1;
}

/**
 * Exactly the peak bytes {@linkcode factorLdlt} leases from `scratch`.
 *
 * @example Mostly one block of 48 columns
 * ```ts
 * import { factorLdltBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(factorLdltBytes({ unknownCount: 4, panelCount: 2 }), 18664);
 * ```
 */
export function factorLdltBytes(sizes: Pick<LdltSymbolic, "unknownCount" | "panelCount">): number {
  return factorPanelsBytes(sizes);
}

/**
 * Solves `A x = b` in place, for any number of right-hand sides. Leases nothing
 * and creates nothing.
 *
 * @param factor Filled by {@linkcode factorLdlt}.
 * @param x `unknownCount * columnCount`: the right-hand sides side by side, all numbers of
 * the first unknown first (as coordinates are); overwritten by the solutions.
 * @throws {RangeError} If the length is no multiple of `unknownCount`, or the matrix was not positive definite.
 * @throws {TypeError} If nothing was factored yet.
 *
 * @example Coordinates on a chain between 0 and 4, two columns at once
 * ```ts
 * import { analyzeLdlt, factorLdlt, leaseLdltFactor, solveLdlt } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 1, 3, 4), ringVertices: Uint32Array.of(1, 0, 2, 1) };
 * const matrix = { diagonal: Float64Array.of(2, 2, 2), offDiagonal: new Float64Array(4).fill(-1) };
 * using scope = new BufferScope();
 * const factor = leaseLdltFactor(analyzeLdlt(pattern, scope, scope), scope);
 * factorLdlt(matrix, factor, scope);
 * const x = Float64Array.of(0, 4, 0, 0, 4, 0); // the ends that are not unknowns lie at 0 and 4, or at 4 and 0
 * solveLdlt(factor, x);
 * [1, 3, 2, 2, 3, 1].forEach((value, i) => assertAlmostEquals(x[i], value, 1e-12));
 * ```
 */
export function solveLdlt(factor: LdltFactor, x: Float64Array): void {
  const columnCount = assertSolvable(factor, x), { panelCount } = factor.symbolic;
  let c = 0;
  for (; c + LANES <= columnCount; c += LANES) {
    for (let p = 0; p < panelCount; p++) forwardThree(factor, x, columnCount, c, p);
    for (let p = panelCount - 1; p >= 0; p--) backwardThree(factor, x, columnCount, c, p);
  }
  for (; c < columnCount; c++) {
    for (let p = 0; p < panelCount; p++) forwardOne(factor, x, columnCount, c, p);
    for (let p = panelCount - 1; p >= 0; p--) backwardOne(factor, x, columnCount, c, p);
  }
}

/**
 * {@linkcode solveLdlt} with a pause every few milliseconds. One factor solves
 * for one caller at a time; `x` is of no use before the end.
 *
 * @example Driven to its end
 * ```ts
 * import { analyzeLdlt, factorLdlt, finish, leaseLdltFactor, solveLdltWork } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = { ringOffsets: Uint32Array.of(0, 0), ringVertices: new Uint32Array(0) };
 * const matrix = { diagonal: Float64Array.of(4), offDiagonal: new Float64Array(0) };
 * using scope = new BufferScope();
 * const factor = leaseLdltFactor(analyzeLdlt(pattern, scope, scope), scope);
 * factorLdlt(matrix, factor, scope);
 * const x = Float64Array.of(8, 4);
 * finish(solveLdltWork(factor, x));
 * assertEquals([...x], [2, 1]);
 * ```
 */
export function* solveLdltWork(factor: LdltFactor, x: Float64Array): Work<void> {
  const columnCount = assertSolvable(factor, x);
  const { panelCount, panels: { entryOffsets } } = factor.symbolic;
  for (let c = 0, columns = 0; c < columnCount; c += columns) {
    columns = c + LANES <= columnCount ? LANES : 1;
    const forward = columns === LANES ? forwardThree : forwardOne;
    const backward = columns === LANES ? backwardThree : backwardOne;
    for (let p = 0, pausedAt = 0; p < panelCount; p++) {
      forward(factor, x, columnCount, c, p);
      if (entryOffsets[p] - pausedAt < ENTRIES_PER_PAUSE) continue;
      pausedAt = entryOffsets[p];
      yield;
    }
    for (let p = panelCount - 1, pausedAt = entryOffsets[panelCount]; p >= 0; p--) {
      backward(factor, x, columnCount, c, p);
      if (pausedAt - entryOffsets[p] < ENTRIES_PER_PAUSE) continue;
      pausedAt = entryOffsets[p];
      yield;
    }
  }
}

/** @returns How many columns `x` has. */
function assertSolvable({ isFactored, failedUnknown, symbolic }: LdltFactor, x: Float64Array): number {
  const { unknownCount } = symbolic;
  if (failedUnknown !== NO_INDEX) {
    throw new RangeError(
      `Cannot solve as the matrix must be positive definite: the pivot of unknown ${failedUnknown} is not positive`,
    );
  }
  if (!isFactored) throw new TypeError("Cannot solve as no matrix was factored");
  const columnCount = unknownCount === 0 ? 0 : x.length / unknownCount;
  if (!Number.isInteger(columnCount) || (unknownCount === 0 && x.length > 0)) {
    throw new RangeError(
      `Cannot solve as x must hold a multiple of ${unknownCount} numbers: it holds ${x.length}`,
    );
  }
  return columnCount;
}

function assertMatrix({ diagonal, offDiagonal }: SymmetricMatrix, { symbolic, values, pivots }: LdltFactor): void {
  const { unknownCount, entryCount, pattern } = symbolic;
  const entries = pattern.ringVertices.length;
  if (diagonal.length !== unknownCount || offDiagonal.length !== entries) {
    throw new RangeError(
      `Cannot factor as the matrix must have ${unknownCount} values on and ${entries} off the diagonal: it has ${diagonal.length} and ${offDiagonal.length}`,
    );
  }
  if (values.length !== entryCount || pivots.length !== unknownCount) {
    throw new RangeError(
      `Cannot factor as the factor must be leased for this pattern and still be open: it holds ${values.length} of ${entryCount} entries`,
    );
  }
}
