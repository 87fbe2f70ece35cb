/** What a pause may be apart, nanoseconds of {@linkcode Effort.spend}: a driver that looks at a clock is asked often enough. */
const PAUSE_AFTER = 6_000_000;

/**
 * Says when a `Work` has gone on long enough for a pause, over all its loops
 * together. Pausing makes an object each time, so small meshes should do it every
 * few iterations, and large ones many times in each: a pause at the end of every
 * loop is too many for one and too few for the other.
 *
 * Costs are estimates, measured once, so that nothing here needs a clock.
 */
export class Effort {
  #spent = 0;

  /**
   * Adds what was done since the last call.
   *
   * @param count Elements a loop went over.
   * @param cost What each takes, nanoseconds; a whole number, as an engine makes an object of any other.
   * @returns Whether to pause now.
   */
  spend(count: number, cost: number): boolean {
    this.#spent += count * cost;
    if (this.#spent < PAUSE_AFTER) return false;
    this.#spent = 0;
    return true;
  }
}
