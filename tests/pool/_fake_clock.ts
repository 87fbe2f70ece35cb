interface Timer {
  readonly at: number;
  readonly call: () => void;
  isUnref: boolean;
}

/** A clock that a test moves by hand, in place of the global one until disposed. */
export class FakeClock implements Disposable {
  readonly #setTimeout = globalThis.setTimeout;
  readonly #clearTimeout = globalThis.clearTimeout;
  readonly #timers = new Map<unknown, Timer>();
  #now = 1000;
  #id = 0;
  /** How often a timer was set. */
  started = 0;

  /** @param browser Whether timers are numbers, as in browsers. */
  constructor(browser = false) {
    globalThis.setTimeout = ((call: () => void, delayMs: number) => {
      const timer = { at: this.#now + delayMs, call, isUnref: false };
      const handle = browser ? ++this.#id : { unref: () => timer.isUnref = true };
      this.#timers.set(handle, timer);
      this.started++;
      return handle;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = (handle) => this.#timers.delete(handle);
    performance.now = () => this.#now; // an own property that hides the method
  }

  /** Delays of the timers that are set, and whether each holds the process. */
  get pending(): { inMs: number; holdsProcess: boolean }[] {
    return [...this.#timers.values()].map(({ at, isUnref }) => ({
      inMs: at - this.#now,
      holdsProcess: !isUnref,
    }));
  }

  /** Moves on; calls what is due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      const [handle, { at, call }] = due;
      this.#timers.delete(handle);
      this.#now = at;
      call();
    }
    this.#now = end;
  }

  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#setTimeout;
    globalThis.clearTimeout = this.#clearTimeout;
    Reflect.deleteProperty(performance, "now");
  }
}
