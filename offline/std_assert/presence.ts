import { equal, shown } from "./_equal.ts";
import { AssertionError, withReason } from "./assertion_error.ts";

/** What {@linkcode assertFalse} lets through. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Something with a length and elements that is no string. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/**
 * Asserts that something is truthy.
 *
 * @param expr What must hold.
 * @param msg Said when it does not.
 * @throws {AssertionError} If it is falsy.
 *
 * @example A condition
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert("armor.glb".endsWith(".glb"));
 * ```
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Asserts that something is falsy.
 *
 * @param expr What must not hold.
 * @param msg Said when it does.
 * @throws {AssertionError} If it is truthy.
 *
 * @example A condition
 * ```ts
 * import { assertFalse } from "@std/assert";
 *
 * assertFalse("armor.glb".endsWith(".yaml"));
 * ```
 */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/**
 * Asserts that something is neither `null` nor `undefined`.
 *
 * @typeParam T Its type.
 * @param actual What must be there.
 * @param msg Said when it is not.
 * @throws {AssertionError} If it is `null` or `undefined`.
 *
 * @example An entry of a map
 * ```ts
 * import { assertExists } from "@std/assert";
 *
 * assertExists(new Map([["fit", 1]]).get("fit"));
 * ```
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    withReason(`Expected actual: "${actual}" to not be null or undefined`, msg),
  );
}

/**
 * Asserts that something is an instance of a class.
 *
 * @typeParam T The class's type.
 * @param actual The object.
 * @param expectedType The class.
 * @param msg Said when it is not.
 * @throws {AssertionError} If it is not.
 *
 * @example An error
 * ```ts
 * import { assertInstanceOf } from "@std/assert";
 *
 * assertInstanceOf(new RangeError("too small"), Error);
 * ```
 */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any -- as in the original
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const found = typeof actual === "object" ? actual?.constructor?.name ?? String(actual) : typeof actual;
  const sentence = `Expected object to be an instance of "${expectedType.name}" but was "${found}"`;
  throw new AssertionError(withReason(sentence, msg));
}

/**
 * Asserts that an array holds all elements of another, by deep equality and in any order.
 *
 * @typeParam T Type of the elements.
 * @param actual The array.
 * @param expected What it must hold.
 * @param msg Said when something is missing.
 * @throws {AssertionError} If an element is missing.
 *
 * @example Names
 * ```ts
 * import { assertArrayIncludes } from "@std/assert";
 *
 * assertArrayIncludes(["align", "fit", "smooth"], ["smooth", "align"]);
 * ```
 */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const held = Array.from(actual);
  const missing = Array.from(expected).filter((item) => !held.some((element) => equal(element, item)));
  if (missing.length === 0) return;
  const sentence = withReason(
    `Expected actual: "${shown(actual)}" to include: "${shown(expected)}"`,
    msg,
  );
  throw new AssertionError(`${sentence}\nmissing: ${shown(missing)}`);
}
