import type { Work } from "../fitting/work.ts";

/** How long work may hold the event loop, milliseconds; well under the 50 ms promised. */
const TURN_MS = 16;

/** Keeps a run stoppable: lets the event loop turn now and then, and looks at the abort signal there. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #turnedAt = performance.now();

  /** @param signal Stops the run at the next pause. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Runs `work` to its end, with pauses. */
  async drive<T>(work: Work<T>): Promise<T> {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value as T;
      if (performance.now() - this.#turnedAt >= TURN_MS) await this.turn();
    }
  }

  /** Lets timers, signals and other runs have their turn. */
  async turn(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve));
    this.#turnedAt = performance.now();
    this.check();
  }

  /** Waits for a promise of a custom step, but no longer than the signal allows. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return await promise;
    let onAbort: () => void;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort);
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort!);
    }
  }

  /** @throws The signal's reason, when it was aborted. */
  check(): void {
    this.#signal?.throwIfAborted();
  }
}
