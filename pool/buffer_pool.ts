import { Ledger } from "./_ledger.ts";
import { collectErrors, settleThen } from "./_settle_then.ts";
import { throwFirst } from "./_throw_first.ts";
import { assertBufferType, type BufferType, type BufferTypes, type PooledBuffer } from "./buffer_type.ts";

/** Options for {@linkcode BufferPool}. */
export interface BufferPoolOptions {
  /** Idle buffers kept of one type and length; who leases more at one time gets new memory for the rest, each time. @default {100} */
  maxPoolSize?: number;
  /** Idle bytes kept in all; the longest idle go first. @default {Infinity} */
  maxBytes?: number;
  /** How long a buffer may lie idle before it is dropped, milliseconds; `Infinity` starts no timer. @default {30000} */
  idleMs?: number;
  /**
   * When a buffer is zeroed: as it is handed out again, or as it comes back, so
   * that no old values lie about; then a late write to a released buffer is
   * found by the next who leases it. Both cost the same: 120 kB acquired,
   * written and released took 6.3 and 6.1 µs (a new array 32), 3.6 MB 161 and
   * 167 µs (1200); `bench/memory/pool_bench.ts`, 2-core EPYC, Deno 2.9.6.
   * @default {"acquire"}
   */
  clearOn?: "acquire" | "release";
  /**
   * Whether {@linkcode Pages} are WebAssembly memory, on which kernels run with
   * SIMD. Without it, and where an engine has neither, they run in TypeScript
   * and give the same bytes, later.
   * @default {true}
   */
  wasm?: boolean;
  /**
   * Poison and watch what is released, keep where it was leased and given back,
   * and report who touches it later. Buffers come back into use late, under a
   * new view, and always zeroed on acquire.
   * @default {false}
   */
  debug?: boolean;
}

/** Defaults of {@linkcode BufferPoolOptions}. */
export const BUFFER_POOL_DEFAULTS: Readonly<Required<BufferPoolOptions>> = {
  maxPoolSize: 100,
  maxBytes: Infinity,
  idleMs: 30_000,
  clearOn: "acquire",
  wasm: true,
  debug: false,
};

/** What a pool has done and what it holds, see {@linkcode BufferPool.getStats}. */
export interface BufferPoolStats {
  /** Buffers handed out. */
  acquisitions: number;
  /** Buffers given back. */
  releases: number;
  /** Acquisitions served without new memory. */
  reuses: number;
  /** `reuses / acquisitions`, 0–1; 0 before the first acquisition. */
  hitRate: number;
  /** Buffers the pool keeps: idle, or watched in debug mode. */
  totalBuffers: number;
  /** Bytes of the buffers the pool keeps. */
  totalMemoryBytes: number;
  /** Buffers handed out and not given back. */
  leasedBuffers: number;
  /** Bytes handed out and not given back. */
  leasedBytes: number;
  /** The most bytes handed out at one time: the high-water mark. */
  peakLeasedBytes: number;
  /** Bytes of new memory made. */
  allocatedBytes: number;
}

/** The books of a pool, for the scopes that lease from it; not public. */
export let ledgerOf: (pool: BufferPool) => Ledger;

/**
 * Hands out zeroed typed arrays and takes them back for the next who asks for
 * the same type and length. Plain memory only, nothing shared.
 *
 * It knows its own: a buffer that is not on lease, is on lease to another, or
 * comes from elsewhere, is refused. Prefer a {@linkcode BufferScope}, which
 * gives back by itself and revokes its views.
 *
 * @example What comes back is handed out again, zeroed
 * ```ts
 * import { BufferPool } from "@meshtailor/meshtailor/pool";
 * import { assertEquals, assertStrictEquals } from "@std/assert";
 *
 * using pool = new BufferPool();
 * const first = pool.acquire(3, "Float32Array");
 * first.fill(7);
 * pool.release(first);
 * const second = pool.acquire(3, "Float32Array");
 * assertStrictEquals(second, first);
 * assertEquals([...second], [0, 0, 0]);
 * pool.release(second);
 * ```
 */
export class BufferPool implements Disposable {
  readonly #ledger: Ledger;

  static {
    ledgerOf = (pool) => pool.#ledger;
  }

  /**
   * Makes an empty pool.
   *
   * @param options Missing keys take {@linkcode BUFFER_POOL_DEFAULTS}; a number is `maxPoolSize`.
   * @throws {RangeError} If a limit is negative or not a number, or `clearOn` is neither word.
   */
  constructor(options: number | BufferPoolOptions = {}) {
    const given = typeof options === "number" ? { maxPoolSize: options } : options;
    const complete = { ...BUFFER_POOL_DEFAULTS, ...given };
    assertOptions(complete);
    this.#ledger = new Ledger(complete);
  }

  /**
   * Hands out a zeroed array of exactly `length` elements.
   *
   * @throws {RangeError} If `length` is not a whole number >= 0, or there is not so much memory.
   * @throws {TypeError} If `type` names no pooled type.
   */
  acquire<T extends BufferType = "Float32Array">(
    length: number,
    type: T = "Float32Array" as T,
  ): BufferTypes[T] {
    return this.#ledger.acquire(length, type, this.#ledger.owner);
  }

  /**
   * Takes a buffer back. Forget it then: the next who asks for its type and
   * length gets this very array.
   *
   * @throws {TypeError} If it was already released, was leased by a scope, or never came from this pool.
   */
  release(buffer: PooledBuffer): void {
    this.#ledger.release(buffer, this.#ledger.owner);
  }

  /**
   * Lends a buffer for the length of `use`, also when that throws or its promise rejects.
   *
   * @returns What `use` returns.
   * @throws What `use` throws; what {@linkcode acquire} throws.
   */
  withBuffer<R, T extends BufferType = "Float32Array">(
    length: number,
    type: T,
    use: (buffer: BufferTypes[T]) => R,
  ): R {
    const buffer = this.acquire(length, type);
    return settleThen(
      () => use(buffer),
      () => collectErrors([() => this.release(buffer)]),
    );
  }

  /** What the pool has done since it was made or {@linkcode resetStats}, and what it holds now. */
  getStats(): BufferPoolStats {
    return this.#ledger.getStats();
  }

  /** Starts the counters again; what is held stays, and the high-water mark falls to what is on lease. */
  resetStats(): void {
    this.#ledger.resetStats();
  }

  /**
   * Drops every idle buffer and stops the clock. Leases go on, and the pool may be used again.
   *
   * @throws {TypeError} In debug mode, if somebody wrote to a buffer after its release.
   */
  clear(): void {
    const { idle, owner } = this.#ledger;
    this.#ledger.endWatch();
    idle.clear();
    throwFirst(this.#ledger.answer(owner, owner));
  }

  /**
   * Drops the idle buffers of one type.
   *
   * @throws {TypeError} If `type` names no pooled type.
   */
  clearType(type: BufferType): void {
    assertBufferType(type);
    this.#ledger.idle.clear(type);
  }

  /**
   * Drops idle buffers, the longest idle first, until at most `maxBytes` of them are left.
   *
   * @throws {RangeError} If `maxBytes` is negative or not a number.
   */
  trim(maxBytes = 0): void {
    assertLimit("trim a buffer pool", "maxBytes", maxBytes);
    this.#ledger.idle.trim(maxBytes);
  }

  /** The same as {@linkcode clear}, for `using`. */
  [Symbol.dispose](): void {
    this.clear();
  }
}

function assertOptions(options: Required<BufferPoolOptions>): void {
  for (const key of ["maxPoolSize", "maxBytes", "idleMs"] as const) {
    assertLimit("create a buffer pool", key, options[key]);
  }
  if (options.clearOn !== "acquire" && options.clearOn !== "release") {
    throw new RangeError(
      `Cannot create a buffer pool as "clearOn" must be "acquire" or "release": current value is "${
        String(options.clearOn)
      }"`,
    );
  }
}

function assertLimit(verb: string, key: string, value: number): void {
  if (value >= 0) return;
  throw new RangeError(
    `Cannot ${verb} as "${key}" must be >= 0: current value is ${value}`,
  );
}

/**
 * The pool of people who write their own loops, apart from the pools of runs.
 * While something is idle it keeps a timer, which never holds a process; call
 * `bufferPool.clear()` at the end of a test that counts timers.
 */
export const bufferPool: BufferPool = new BufferPool();
