import { equal, showDifference, shown } from "./_equal.ts";
import { AssertionError, withReason } from "./assertion_error.ts";

/**
 * Asserts deep equality.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must equal.
 * @param msg Said when it does not.
 * @throws {AssertionError} If they differ.
 *
 * @example Two objects
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals({ mesh: "armor", inside: [0, 1] }, { inside: [0, 1], mesh: "armor" });
 * ```
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    withReason("Values are not equal", msg) + showDifference(actual, expected),
  );
}

/**
 * Asserts that two values are not deeply equal.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must not equal.
 * @param msg Said when it does.
 * @throws {AssertionError} If they are equal.
 *
 * @example Two arrays
 * ```ts
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals([1, 2], [2, 1]);
 * ```
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    withReason(
      `Expected actual: ${shown(actual)} not to be: ${shown(expected)}`,
      msg,
    ),
  );
}

/**
 * Asserts that two values are the same by `Object.is`: here `0` is not `-0`.
 *
 * @typeParam T Type of the expected value.
 * @param actual What was found.
 * @param expected What it must be.
 * @param msg Said when it is not.
 * @throws {AssertionError} If they are not the same.
 *
 * @example The same array
 * ```ts
 * import { assertStrictEquals } from "@std/assert";
 *
 * const positions = new Float32Array(3);
 * assertStrictEquals(positions, positions);
 * ```
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  if (shown(actual) === shown(expected)) {
    const sentence = withReason(
      "Values have the same structure but are not reference-equal",
      msg,
    );
    throw new AssertionError(`${sentence}\n    ${shown(actual)}`);
  }
  throw new AssertionError(
    withReason("Values are not strictly equal", msg) +
      showDifference(actual, expected),
  );
}

/**
 * Asserts that two values are not the same by `Object.is`.
 *
 * @typeParam T Type of both.
 * @param actual What was found.
 * @param expected What it must not be.
 * @param msg Said when it is.
 * @throws {AssertionError} If they are the same.
 *
 * @example Two arrays that are equal
 * ```ts
 * import { assertNotStrictEquals } from "@std/assert";
 *
 * assertNotStrictEquals(new Float32Array(3), new Float32Array(3));
 * ```
 */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    withReason(
      `Expected "actual" to not be strictly equal to: ${shown(actual)}`,
      msg,
    ),
  );
}

/**
 * Asserts that an object holds what another holds, and maybe more.
 *
 * @param actual What was found.
 * @param expected The part of it that is known; arrays match index by index.
 * @param msg Said when it does not match.
 * @throws {AssertionError} If a property is missing or differs.
 *
 * @example A report
 * ```ts
 * import { assertObjectMatch } from "@std/assert";
 *
 * assertObjectMatch({ step: "fit", seconds: 0.3, moved: { max: 2 } }, { step: "fit", moved: { max: 2 } });
 * ```
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- as in the original
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(common(actual, expected), common(expected, expected), msg);
}

/** What of `actual` stands where `expected` has something, as plain objects. */
function common(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return expected.slice(0, actual.length).map((value, index) => common(actual[index], value));
  }
  if (!isPlain(actual) || !isPlain(expected)) return actual;
  const keys = Reflect.ownKeys(expected).filter((key) => Object.hasOwn(actual, key));
  return Object.fromEntries(
    keys.map((key) => [key, common(actual[key], expected[key])]),
  );
}

function isPlain(value: unknown): value is Record<PropertyKey, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
