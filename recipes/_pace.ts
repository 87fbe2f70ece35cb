import { collectErrors } from "../pool/_settle_then.ts";
import { throwFirst } from "../pool/_throw_first.ts";
import type { Iterations, Work } from "../fitting/work.ts";

/** How long work may hold the event loop before a pause lets it turn, milliseconds; pauses are a few apart, and 50 are promised. */
const TURN_MS = 8;
/** The longest delay `setTimeout` takes, 24 days; a longer one would fire at once. */
const MAX_DELAY_MS = 0x7fffffff;

/**
 * Keeps a run stoppable: lets the event loop turn now and then, and looks there
 * whether the caller's signal or a time limit has stopped it.
 */
export class Pace implements Disposable {
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#stop.abort(this.#signal!.reason);
  #turnedAt = performance.now();
  /** Called when work that goes by iterations pauses, just before the event loop turns. */
  onIterations: ((iterations: Iterations) => void) | undefined;

  /** @param signal Stops at the next pause; listened to until {@linkcode Pace[Symbol.dispose]}. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /**
   * Stops when `ms` milliseconds have passed, unless what is returned is disposed before.
   *
   * @param what Begins the message: `Cannot fit armor`.
   */
  limit(ms: number, what: string): Disposable {
    if (!(ms <= MAX_DELAY_MS)) return { [Symbol.dispose]: () => {} };
    const stop = () => this.#stop.abort(new DOMException(`${what} in time: the limit is ${ms} ms`, "TimeoutError"));
    const timer = setTimeout(stop, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }

  /** Runs `work` to its end, with pauses. When it is stopped, `work` closes what it has open. */
  async drive<T>(work: Work<T>): Promise<T> {
    try {
      for (;;) {
        const { done, value } = work.next();
        if (done) return value as T;
        if (!this.#isDue) continue;
        if (isIterations(value)) this.onIterations?.(value);
        await this.turn(); // asked here, as breathe() would make a promise at every pause
      }
    } catch (error) {
      throwFirst([error, ...collectErrors([() => work.return(undefined as T)])]);
      throw error; // not reached; the compiler does not know
    }
  }

  /** Lets the event loop turn if that is due. */
  async breathe(): Promise<void> {
    if (this.#isDue) await this.turn();
  }

  get #isDue(): boolean {
    return performance.now() - this.#turnedAt >= TURN_MS;
  }

  /** Lets timers, signals and other runs have their turn. */
  async turn(): Promise<void> {
    await nextTurn();
    this.#turnedAt = performance.now();
    this.check();
  }

  /** Waits for what others do, but no longer than it may; what comes later goes nowhere. */
  async wait<T>(promise: PromiseLike<T>): Promise<T> {
    const { signal } = this.#stop;
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const onStop = () => reject(signal.reason);
    if (signal.aborted) onStop();
    else signal.addEventListener("abort", onStop);
    try {
      return await Promise.race([stopped, promise]);
    } finally {
      signal.removeEventListener("abort", onStop);
    }
  }

  /** @throws The reason, when it was stopped. */
  check(): void {
    this.#stop.signal.throwIfAborted();
  }

  /** Whether `error` is why it was stopped, and no fault of who was. */
  isReason(error: unknown): boolean {
    const { aborted, reason } = this.#stop.signal;
    return aborted && error === reason;
  }

  /** Listens to the caller's signal no longer. */
  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}

/** What a custom step yields may be anything. */
function isIterations(value: unknown): value is Iterations {
  const { done, most } = (value ?? {}) as Partial<Iterations>;
  return typeof done === "number" && typeof most === "number" && done >= 0 && done <= most;
}

/** The next turn of the event loop. A message takes 0.05 ms there, where a timer takes 2 (Deno) or 4 (browsers). */
function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
