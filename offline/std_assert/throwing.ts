import { shown } from "./_equal.ts";
import { AssertionError, withReason } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any -- as in the original
type ErrorType<E extends Error> = abstract new (...args: any[]) => E;

/**
 * Asserts that a function throws.
 *
 * @param fn The function.
 * @param msg Said when it does not.
 * @returns What was thrown.
 * @throws {AssertionError} If it returns.
 *
 * @example Anything thrown
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => JSON.parse("{"));
 * ```
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that a function throws an error of a class, with a message.
 *
 * @typeParam E The error's type.
 * @param fn The function.
 * @param ErrorClass The class.
 * @param msgIncludes A part of the error's message.
 * @param msg Said when it throws nothing or something else.
 * @returns The error.
 * @throws {AssertionError} If it returns, or throws something else.
 *
 * @example An error by class and message
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => new Float32Array(-1), RangeError, "Invalid typed array length");
 * ```
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorType<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  classOrMsg?: ErrorType<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const reason = typeof classOrMsg === "string" ? classOrMsg : msg;
  try {
    fn();
  } catch (error) {
    if (typeof classOrMsg === "function") {
      assertErrorOf(error, classOrMsg, msgIncludes, reason);
    }
    return error;
  }
  throw new AssertionError(withReason("Expected function to throw", reason));
}

/**
 * Asserts that a promise is rejected.
 *
 * @param fn Gives the promise.
 * @param msg Said when it is not rejected.
 * @returns What it was rejected with.
 * @throws {AssertionError} If it is fulfilled, or `fn` itself throws or gives no promise.
 *
 * @example Any rejection
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => Promise.reject(new Error("aborted")));
 * ```
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that a promise is rejected with an error of a class, with a message.
 *
 * @typeParam E The error's type.
 * @param fn Gives the promise.
 * @param ErrorClass The class.
 * @param msgIncludes A part of the error's message.
 * @param msg Said when it is not rejected so.
 * @returns The error.
 * @throws {AssertionError} If it is fulfilled, rejected with something else, or `fn` itself throws or gives no promise.
 *
 * @example An error by class and message
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => Promise.reject(new RangeError("too small")), RangeError, "small");
 * ```
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorType<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorType<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const reason = typeof classOrMsg === "string" ? classOrMsg : msg;
  const promise = startedBy(fn, reason);
  try {
    await promise;
  } catch (error) {
    if (typeof classOrMsg === "function") {
      assertErrorOf(error, classOrMsg, msgIncludes, reason);
    }
    return error;
  }
  throw new AssertionError(withReason("Expected function to reject", reason));
}

function startedBy(
  fn: () => PromiseLike<unknown>,
  reason: string | undefined,
): PromiseLike<unknown> {
  let promise: unknown;
  try {
    promise = fn();
  } catch {
    promise = undefined;
  }
  if (
    typeof (promise as PromiseLike<unknown> | undefined)?.then === "function"
  ) return promise as PromiseLike<unknown>;
  throw new AssertionError(
    withReason("Function throws when expected to reject", reason),
  );
}

function assertErrorOf<E extends Error>(
  error: unknown,
  ErrorClass: ErrorType<E>,
  msgIncludes: string | undefined,
  reason: string | undefined,
): void {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      withReason(
        `A non-Error object was thrown or rejected: ${shown(error)}`,
        reason,
      ),
    );
  }
  if (!(error instanceof ErrorClass)) {
    const sentence = `Expected error to be instance of "${ErrorClass.name}", but was "${error.constructor.name}"`;
    throw new AssertionError(`${withReason(sentence, reason)}\n${error.stack}`);
  }
  if (msgIncludes !== undefined && !error.message.includes(msgIncludes)) {
    const sentence = `Expected error message to include ${shown(msgIncludes)}, but got ${shown(error.message)}`;
    throw new AssertionError(withReason(sentence, reason));
  }
}
