import type { Frame, Scratch } from "../pool/scratch.ts";
import { amdOrder, amdOrderBytes, type AssemblyForest } from "./_amd_order.ts";
import { factorPanels, factorPanelsBytes } from "./_ldlt_factor.ts";
import { LANE_LENGTH, LANES, solveOne, solveThree } from "./_ldlt_solve.ts";
import { buildSupernodes, type LdltPanels } from "./_supernodes.ts";
import { NO_INDEX } from "./mesh.ts";
import { finish, type Work } from "./work.ts";

export type { LdltPanels } from "./_supernodes.ts";

/**
 * Which entries off the diagonal of a symmetric matrix may be other than zero. A
 * `Topology` is the pattern of its Laplacian.
 */
export interface SymmetricPattern {
  /** `unknownCount + 1` offsets into {@linkcode SymmetricPattern.ringVertices}. */
  readonly ringOffsets: Uint32Array;
  /** The neighbours of each unknown, ascending, never itself; if `j` stands with `i`, `i` stands with `j`. */
  readonly ringVertices: Uint32Array;
}

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
  /** The most rows below one block. */
  readonly maxRows: number;
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
  /** Used while solving. */
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
  const { entryOffsets, rowStart, rowEnd } = panels;
  const panelCount = rowStart.length;
  let maxRows = 0;
  for (let p = 0; p < panelCount; p++) maxRows = Math.max(maxRows, rowEnd[p] - rowStart[p]);
  const entryCount = entryOffsets[panelCount];
  return { pattern, unknownCount, fillCount, entryCount, panelCount, maxRows, panels };
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
 * @example Ten numbers in the blocks, four pivots, a lane of 96
 * ```ts
 * import { ldltFactorBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ldltFactorBytes({ entryCount: 10, unknownCount: 4 }), 880);
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
 * then names the unknown whose pivot came out zero, negative or not a number
 * (a Laplacian without mass or fixed vertices has one per connected part).
 *
 * Source: Ng & Peyton 1993, "Block Sparse Cholesky Algorithms on Advanced
 * Uniprocessor Computers" (left-looking by supernodes). The up-looking
 * factorization of Davis 2005, Algorithm 849, was twice as slow from 20k unknowns on.
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
 * @example Eight kibibytes at least
 * ```ts
 * import { factorLdltBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(factorLdltBytes({ unknownCount: 4, panelCount: 2, maxRows: 2 }), 8240);
 * ```
 */
export function factorLdltBytes(sizes: Pick<LdltSymbolic, "unknownCount" | "panelCount" | "maxRows">): number {
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
  const columnCount = assertSolvable(factor, x);
  let at = 0;
  for (; at + LANES <= columnCount; at += LANES) solveThree(factor, x, columnCount, at);
  for (; at < columnCount; at++) solveOne(factor, x, columnCount, at);
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

/** Walks rows and columns side by side: in a symmetric pattern each row meets the others in ascending order. */
function assertPattern({ ringOffsets, ringVertices }: SymmetricPattern, scratch: Scratch): void {
  const n = ringOffsets.length - 1;
  if (n < 0 || ringOffsets[0] !== 0 || ringOffsets[n] !== ringVertices.length) {
    throw new RangeError(
      `Cannot analyze the pattern as ringOffsets must run from 0 to ${ringVertices.length}: it has ${ringOffsets.length} entries from ${
        ringOffsets[0]
      } to ${ringOffsets[n]}`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (ringOffsets[i] > ringOffsets[i + 1]) {
      throw new RangeError(`Cannot analyze the pattern as ringOffsets must not fall: it does after row ${i}`);
    }
  }
  using frame = scratch.frame("pattern");
  const next = frame.u32(n);
  for (let i = 0; i < n; i++) next[i] = ringOffsets[i];
  for (let i = 0; i < n; i++) {
    for (let r = ringOffsets[i], before = -1; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r];
      if (j >= n || j === i || j <= before) {
        throw new RangeError(
          `Cannot analyze the pattern as a row must name other unknowns < ${n}, ascending: row ${i} names ${j}`,
        );
      }
      before = j;
      if (next[j] === ringOffsets[j + 1] || ringVertices[next[j]++] !== i) {
        throw new RangeError(
          `Cannot analyze the pattern as rows must name each other: one of the rows ${i} and ${j} names more than the other knows of`,
        );
      }
    }
  }
}
