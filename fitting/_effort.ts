import type { Iterations } from "./work.ts";

/** How much is done between two pauses, nanoseconds of {@linkcode Effort.spend}. */
const PAUSE_AFTER = 6_000_000;

const GO_ON = { done: true, value: undefined } as const;

/**
 * Pauses `Work` when it has done enough, counted over all its loops together:
 * every few iterations on a small mesh, many times in each on a large one. Costs
 * are estimates, measured once, so that nothing in `fitting/` needs a clock.
 *
 * It is what `yield*` delegates to, and hands out the same object at every pause;
 * a plain `yield` makes one each time (40 bytes), and so does a generator that is
 * started inside an iteration (200).
 *
 * ```ts ignore
 * const effort = new Effort();
 * for (let i = 0; i < iterations; i++) {
 *   smooth(positions);
 *   yield* effort.spend(vertexCount, SMOOTH_COST);
 * }
 * ```
 */
export class Effort implements Iterator<Iterations | undefined, undefined, void> {
  #spent = 0;
  #isDue = false;
  readonly #iterations = { done: 0, most: 0 };
  readonly #paused: { done: false; value: Iterations | undefined } = { done: false, value: undefined };

  /** Says at every pause from now on how many iterations are done, of at most how many. */
  count(done: number, most: number): void {
    this.#iterations.done = done;
    this.#iterations.most = most;
    this.#paused.value = this.#iterations;
  }

  /**
   * Adds what was done since the last call, and pauses if that is enough.
   *
   * @param count Elements a loop went over.
   * @param cost What each takes, nanoseconds; a whole number, as an engine makes an object of any other.
   */
  spend(count: number, cost: number): this {
    this.#spent += count * cost;
    this.#isDue = this.#spent >= PAUSE_AFTER;
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): { done: false; value: Iterations | undefined } | typeof GO_ON {
    if (!this.#isDue) return GO_ON;
    this.#isDue = false;
    this.#spent = 0;
    return this.#paused;
  }
}
