/** How far a paused operation is, where it goes by iterations. One object for all pauses: read it at once. */
export interface Iterations {
  /** Those that are done. */
  readonly done: number;
  /** The most there will be; it may end before, when nothing moves any more. */
  readonly most: number;
}

/**
 * An operation that can be paused: it yields (nothing, or how far it is) every few
 * milliseconds of work and returns its result. Whoever drives it decides what happens at a
 * pause: look at a clock, an abort signal, let the event loop turn, or nothing
 * at all ({@linkcode finish}). So `fitting/` needs no clock and no promise.
 */
export type Work<T> = Generator<Iterations | void, T, void>;

/**
 * Runs `work` to its end without a pause.
 *
 * @example The sum of a paused count
 * ```ts
 * import { finish, type Work } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * function* countTo(end: number): Work<number> {
 *   let sum = 0;
 *   for (let i = 1; i <= end; i++) {
 *     sum += i;
 *     yield;
 *   }
 *   return sum;
 * }
 * assertEquals(finish(countTo(4)), 10);
 * ```
 */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value as T;
  }
}
