/**
 * The error of a failed assertion.
 *
 * @example What a failed assertion throws
 * ```ts
 * import { assertEquals, AssertionError, assertThrows } from "@std/assert";
 *
 * assertThrows(() => assertEquals(1, 2), AssertionError);
 * ```
 */
export class AssertionError extends Error {
  /**
   * Makes an error named `AssertionError`.
   *
   * @param message What was expected and what was found.
   * @param options The cause, as of any error.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/**
 * Fails, always.
 *
 * @param msg Why.
 * @throws {AssertionError} Always.
 *
 * @example A branch that must not be reached
 * ```ts
 * import { AssertionError, assertThrows, fail } from "@std/assert";
 *
 * assertThrows(() => fail("unreachable"), AssertionError, "unreachable");
 * ```
 */
export function fail(msg?: string): never {
  throw new AssertionError(withReason("Failed assertion", msg));
}

/** A sentence with the caller's own words after it. */
export function withReason(sentence: string, msg: string | undefined): string {
  return msg ? `${sentence}: ${msg}` : `${sentence}.`;
}
