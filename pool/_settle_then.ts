import { throwFirst } from "./_throw_first.ts";

/**
 * Calls `use`, then `settle`: when `use` has returned or thrown, or when the
 * promise it returned has settled. The first error wins, see {@linkcode throwFirst}.
 *
 * @param settle Returns what went wrong on its way; never throws.
 * @returns What `use` returned; a promise in place of a foreign thenable.
 */
export function settleThen<R>(use: () => R, settle: () => unknown[]): R {
  let result: R;
  try {
    result = use();
  } catch (error) {
    throwFirst([error, ...settle()]);
    throw error; // not reached; the compiler does not know
  }
  if (!isThenable(result)) {
    throwFirst(settle());
    return result;
  }
  return Promise.resolve(result).then(
    (value) => {
      throwFirst(settle());
      return value;
    },
    (error) => throwFirst([error, ...settle()]),
  ) as R;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === "function";
}

/** What calls of `actions` throw, in order; each is called whatever the others do. */
export function collectErrors(actions: Iterable<() => void>): unknown[] {
  const errors: unknown[] = [];
  for (const action of actions) {
    try {
      action();
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}
