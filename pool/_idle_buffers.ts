import { type BufferRecord, isDetached, type KeptType } from "./_buffer_record.ts";

/** The longest delay `setTimeout` takes; a longer one would fire at once. */
const MAX_DELAY_MS = 0x7fffffff;

/** How much an idle store keeps, and for how long. */
export interface IdleLimits {
  /** Buffers of one type and length. */
  readonly maxPoolSize: number;
  /** Bytes in all. */
  readonly maxBytes: number;
  /** Milliseconds a buffer may lie; `Infinity` starts no timer. */
  readonly idleMs: number;
}

/**
 * Buffers nobody has on lease: the last in is the first out, as it is the
 * warmest in cache; the longest idle goes first when memory is given up.
 */
export class IdleBuffers {
  readonly #limits: IdleLimits;
  readonly #stacks = new Map<KeptType, Map<number, BufferRecord[]>>();
  /** All of them, the longest idle first. */
  readonly #order = new Set<BufferRecord>();
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param limits Kept by dropping. */
  constructor(limits: IdleLimits) {
    this.#limits = limits;
  }

  /** How many lie here. */
  get count(): number {
    return this.#order.size;
  }

  /** Bytes of all that lie here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a buffer; drops older ones, or this one, where a limit says so. */
  put(record: BufferRecord): void {
    const { maxPoolSize, maxBytes, idleMs } = this.#limits;
    const { type, length, bytes } = record;
    const stack = this.#stacks.get(type)?.get(length) ?? [];
    if (stack.length >= maxPoolSize || bytes > maxBytes) return;
    this.#shrinkTo(maxBytes - bytes);
    if (stack.length === 0) this.#lengthsOf(type).set(length, stack);
    stack.push(record);
    record.idleSince = performance.now();
    this.#order.add(record);
    this.#bytes += bytes;
    if (this.#timer === undefined) this.#startTimer(idleMs);
  }

  /** Takes the warmest buffer of exactly this type and length. */
  take(type: KeptType, length: number): BufferRecord | undefined {
    const stack = this.#stacks.get(type)?.get(length);
    while (stack !== undefined && stack.length > 0) {
      const record = stack[stack.length - 1];
      this.#remove(record, stack, stack.length - 1);
      if (!isDetached(record)) return record; // else a stale view was used to transfer its memory away
    }
    return undefined;
  }

  /** Drops the longest idle until at most `maxBytes` are left. */
  trim(maxBytes: number): void {
    this.#shrinkTo(maxBytes);
    this.#stopTimerWhenEmpty();
  }

  /** Drops everything, or everything of one type. */
  clear(type?: KeptType): void {
    for (const record of this.#order) {
      if (type === undefined || record.type === type) this.#drop(record);
    }
    this.#stopTimerWhenEmpty();
  }

  #shrinkTo(maxBytes: number): void {
    if (this.#bytes <= maxBytes) return;
    for (const record of this.#order) {
      this.#drop(record);
      if (this.#bytes <= maxBytes) return;
    }
  }

  #lengthsOf(type: KeptType): Map<number, BufferRecord[]> {
    let lengths = this.#stacks.get(type);
    if (lengths === undefined) this.#stacks.set(type, lengths = new Map());
    return lengths;
  }

  /** Drops a buffer that is the longest idle one of its stack. */
  #drop(record: BufferRecord): void {
    this.#remove(
      record,
      this.#stacks.get(record.type)!.get(record.length)!,
      0,
    );
  }

  #remove(record: BufferRecord, stack: BufferRecord[], at: number): void {
    stack.splice(at, 1);
    if (stack.length === 0) {
      this.#stacks.get(record.type)!.delete(record.length);
    }
    this.#order.delete(record);
    this.#bytes -= record.bytes;
  }

  /** The timer never keeps a process alive. Browsers have no `unref` and need none. */
  #startTimer(delayMs: number): void {
    if (delayMs === Infinity) return;
    const delay = Math.min(Math.max(delayMs, 1), MAX_DELAY_MS);
    this.#timer = setTimeout(() => this.#evict(), delay);
    (this.#timer as { unref?(): void }).unref?.();
  }

  /** Taking the last buffer leaves the timer: it ends by itself, and loops that lease and release would restart it each time (3.6 µs). */
  #stopTimerWhenEmpty(): void {
    if (this.#order.size > 0 || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Drops what has been idle for too long and sets the clock to the next that will be. */
  #evict(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const record of this.#order) {
      const leftMs = record.idleSince + this.#limits.idleMs - now;
      if (leftMs > 0) return this.#startTimer(leftMs);
      this.#drop(record);
    }
  }
}
