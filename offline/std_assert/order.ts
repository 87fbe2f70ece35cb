import { shown } from "./_equal.ts";
import { AssertionError, withReason } from "./assertion_error.ts";

/**
 * Asserts that two numbers are close.
 *
 * @param actual What was found.
 * @param expected What it must be close to.
 * @param tolerance Largest difference allowed; without it 1e-7 of `expected`.
 * @param msg Said when it is not close.
 * @throws {AssertionError} If they are further apart, or one is `NaN`.
 *
 * @example A third
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(Math.fround(1 / 3), 1 / 3, 1e-7);
 * ```
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  const sentence = `Expected actual: "${actual}" to be close to "${expected}": ` +
    `delta "${delta}" is greater than "${allowed}"`;
  throw new AssertionError(withReason(sentence, msg));
}

/**
 * Asserts `actual < expected`.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must be below.
 * @param msg Said instead when it is not.
 * @throws {AssertionError} If it is not less.
 *
 * @example Numbers
 * ```ts
 * import { assertLess } from "@std/assert";
 *
 * assertLess(1, 2);
 * ```
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) throw misordered(actual, "<", expected, msg);
}

/**
 * Asserts `actual <= expected`.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must not exceed.
 * @param msg Said instead when it does.
 * @throws {AssertionError} If it is greater.
 *
 * @example Numbers
 * ```ts
 * import { assertLessOrEqual } from "@std/assert";
 *
 * assertLessOrEqual(2, 2);
 * ```
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual <= expected)) throw misordered(actual, "<=", expected, msg);
}

/**
 * Asserts `actual > expected`.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must exceed.
 * @param msg Said instead when it does not.
 * @throws {AssertionError} If it is not greater.
 *
 * @example Numbers
 * ```ts
 * import { assertGreater } from "@std/assert";
 *
 * assertGreater(2, 1);
 * ```
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) throw misordered(actual, ">", expected, msg);
}

/**
 * Asserts `actual >= expected`.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must reach.
 * @param msg Said instead when it does not.
 * @throws {AssertionError} If it is less.
 *
 * @example Numbers
 * ```ts
 * import { assertGreaterOrEqual } from "@std/assert";
 *
 * assertGreaterOrEqual(2, 2);
 * ```
 */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual >= expected)) throw misordered(actual, ">=", expected, msg);
}

function misordered(
  actual: unknown,
  sign: string,
  expected: unknown,
  msg?: string,
): AssertionError {
  return new AssertionError(
    msg ?? `Expect ${shown(actual)} ${sign} ${shown(expected)}`,
  );
}
