import { AssertionError, withReason } from "./assertion_error.ts";

/**
 * Asserts that a text holds another.
 *
 * @param actual The text.
 * @param expected What it must hold.
 * @param msg Said when it does not.
 * @throws {AssertionError} If it does not.
 *
 * @example A message
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes("recipe.yaml:3:5: error", ":3:5:");
 * ```
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    withReason(`Expected actual: "${actual}" to contain: "${expected}"`, msg),
  );
}

/**
 * Asserts that a text matches a pattern.
 *
 * @param actual The text.
 * @param expected The pattern.
 * @param msg Said when it does not match.
 * @throws {AssertionError} If it does not match.
 *
 * @example A place in a file
 * ```ts
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch("recipe.yaml:3:5", /:\d+:\d+$/);
 * ```
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    withReason(`Expected actual: "${actual}" to match: "${expected}"`, msg),
  );
}

/**
 * Asserts that a text does not match a pattern.
 *
 * @param actual The text.
 * @param expected The pattern.
 * @param msg Said when it matches.
 * @throws {AssertionError} If it matches.
 *
 * @example No stack trace
 * ```ts
 * import { assertNotMatch } from "@std/assert";
 *
 * assertNotMatch("Cannot read armor.glb", /^\s+at /m);
 * ```
 */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    withReason(`Expected actual: "${actual}" to not match: "${expected}"`, msg),
  );
}
