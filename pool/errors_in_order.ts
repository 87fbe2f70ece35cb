/**
 * The errors in `error`, the one that came first at the head. When a block
 * fails and closing what it had opened with `using` fails too, the language
 * throws a `SuppressedError` that shows the later one; here the first wins.
 *
 * @example A block that fails twice
 * ```ts
 * import { errorsInOrder } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * let errors: unknown[] = [];
 * try {
 *   using _file = { [Symbol.dispose]: () => { throw "second"; } };
 *   throw "first";
 * } catch (error) {
 *   errors = errorsInOrder(error);
 * }
 * assertEquals(errors, ["first", "second"]);
 * ```
 */
export function errorsInOrder(error: unknown): unknown[] {
  if (!isSuppressed(error)) return [error];
  return [...errorsInOrder(error.suppressed), ...errorsInOrder(error.error)];
}

/** By name, as some runtimes have no `SuppressedError` and compiled code brings its own. */
function isSuppressed(
  error: unknown,
): error is { error: unknown; suppressed: unknown } {
  return error instanceof Error && error.name === "SuppressedError" &&
    "suppressed" in error && "error" in error;
}
