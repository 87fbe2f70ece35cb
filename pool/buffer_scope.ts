import type { BufferRecord, Owner } from "./_buffer_record.ts";
import type { Ledger } from "./_ledger.ts";
import { collectErrors } from "./_settle_then.ts";
import { throwFirst } from "./_throw_first.ts";
import { BudgetError } from "./budget_error.ts";
import { BufferPool, ledgerOf } from "./buffer_pool.ts";
import { type BufferType, type BufferTypes, bytesOf, describeBuffer, type PooledBuffer } from "./buffer_type.ts";
import { pageBytes, type Pages, pagesOf } from "./pages.ts";
import type { Frame } from "./scratch.ts";

/** Options for {@linkcode BufferScope}. */
export interface BufferScopeOptions {
  /** Names the scope in error messages. @default {"scope"} */
  label?: string;
  /** The most bytes that may be on lease here and in all frames at one time. @default {Infinity} */
  maxBytes?: number;
}

/** Defaults of {@linkcode BufferScopeOptions}. */
export const BUFFER_SCOPE_DEFAULTS: Readonly<Required<BufferScopeOptions>> = {
  label: "scope",
  maxBytes: Infinity,
};

/**
 * Owns leases for a span of time. When it closes, however that happens, it
 * gives them back and revokes their views: a view somebody kept has length 0,
 * reads `undefined`, and its writes reach nobody.
 *
 * Scopes form a tree by hand-over ({@linkcode BufferScope.frame}), not by an
 * ambient stack, so `await` cannot mix up two runs. {@linkcode BufferScope.promote}
 * is the only way out of a frame: to its parent.
 *
 * A frame with one lease costs 2–8 µs, of which about 1 µs is the revocation:
 * open frames before a loop, never inside it.
 *
 * @example What a scope leases is back when the block ends
 * ```ts
 * import { BufferPool, BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using pool = new BufferPool();
 * using run = new BufferScope(pool, { label: "run" });
 * let kept: Float32Array;
 * {
 *   using step = run.frame("step");
 *   kept = step.f32(100);
 *   assertEquals(run.inUseBytes, 400);
 * }
 * assertEquals([run.inUseBytes, run.peakBytes, kept.length], [0, 400, 0]);
 * ```
 */
export class BufferScope implements Frame {
  /** Names the scope in messages, after the scopes it lies in: `run/fit`. */
  readonly label: string;
  readonly #pool: BufferPool;
  readonly #ledger: Ledger;
  readonly #maxBytes: number;
  readonly #owner: Owner;
  readonly #leases = new Set<PooledBuffer>();
  readonly #frames = new Set<BufferScope>();
  #parent: BufferScope | undefined;
  #inUseBytes = 0;
  #peakBytes = 0;
  #isClosed = false;

  /**
   * Opens a root scope, the arena of a run.
   *
   * @param pool Where memory comes from; by default a pool of its own without a timer.
   * @param options Missing keys take {@linkcode BUFFER_SCOPE_DEFAULTS}.
   * @throws {RangeError} If `maxBytes` is negative or not a number.
   */
  constructor(
    pool: BufferPool = new BufferPool({ idleMs: Infinity }),
    options: BufferScopeOptions = {},
  ) {
    const { label, maxBytes } = { ...BUFFER_SCOPE_DEFAULTS, ...options };
    if (!(maxBytes >= 0)) {
      throw new RangeError(
        `Cannot open "${label}" as "maxBytes" must be >= 0: current value is ${maxBytes}`,
      );
    }
    this.label = label;
    this.#pool = pool;
    this.#ledger = ledgerOf(pool);
    this.#maxBytes = maxBytes;
    this.#owner = { name: `"${label}"`, revokes: true };
  }

  /** Bytes on lease here and in all frames. */
  get inUseBytes(): number {
    return this.#inUseBytes;
  }

  /** The most bytes on lease at one time here and in all frames, since the scope was opened or {@linkcode takePeakBytes}. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Bytes of new memory the pool behind this scope has made. */
  get allocatedBytes(): number {
    return this.#ledger.getStats().allocatedBytes;
  }

  /** Reads the peak and starts a new measure at what is in use now. */
  takePeakBytes(): number {
    const peakBytes = this.#peakBytes;
    this.#peakBytes = this.#inUseBytes;
    return peakBytes;
  }

  /**
   * Opens a scope inside this one. It closes with this one at the latest.
   *
   * @param label Names it in messages, after this one's label.
   * @throws {TypeError} If this scope is closed.
   */
  frame(label = "frame"): BufferScope {
    this.#assertOpen("open a frame");
    const frame = new BufferScope(this.#pool, {
      label: `${this.label}/${label}`,
    });
    frame.#parent = this;
    this.#frames.add(frame);
    return frame;
  }

  f32(length: number): Float32Array {
    return this.lease(length, "Float32Array");
  }
  f64(length: number): Float64Array {
    return this.lease(length, "Float64Array");
  }
  u32(length: number): Uint32Array {
    return this.lease(length, "Uint32Array");
  }
  i32(length: number): Int32Array {
    return this.lease(length, "Int32Array");
  }
  u16(length: number): Uint16Array {
    return this.lease(length, "Uint16Array");
  }
  u8(length: number): Uint8Array {
    return this.lease(length, "Uint8Array");
  }

  pages(byteLength: number): Pages {
    this.#assertOpen("lease memory");
    const bytes = pageBytes(bytesOf("Uint8Array", byteLength));
    this.#assertBudget(bytes, this.label);
    const record = this.#ledger.acquirePages(bytes, this.#owner);
    this.#leases.add(record.buffer);
    this.#count(bytes);
    return pagesOf(record);
  }

  /**
   * Leases a zeroed array of `length` elements.
   *
   * @throws {BudgetError} If this scope or one it lies in would exceed its `maxBytes`.
   * @throws {RangeError} If `length` is not a whole number >= 0, or there is not so much memory.
   * @throws {TypeError} If the scope is closed, or `type` names no pooled type.
   */
  lease<T extends BufferType>(length: number, type: T): BufferTypes[T] {
    this.#assertOpen("lease memory");
    const bytes = bytesOf(type, length);
    this.#assertBudget(bytes, this.label);
    const buffer = this.#ledger.acquire(length, type, this.#owner);
    this.#leases.add(buffer);
    this.#count(bytes);
    return buffer;
  }

  /**
   * Gives one lease back before the scope closes, and revokes its view.
   *
   * @throws {TypeError} If this scope does not own the buffer.
   */
  release(buffer: PooledBuffer): void {
    this.#ledger.keep(this.#endLease(buffer, "release"), this.#owner);
  }

  /**
   * Hands a lease to the parent scope. The array stays valid; see
   * {@linkcode BufferScope.rehome} to take it from others who have it.
   *
   * @returns The buffer.
   * @throws {TypeError} If this scope does not own the buffer or has no parent, or its memory was transferred away.
   */
  promote<B extends PooledBuffer>(buffer: B): B {
    const parent = this.#parent;
    if (parent === undefined) {
      throw new TypeError(
        `Cannot promote ${describeBuffer(buffer)} as "${this.label}" has no parent`,
      );
    }
    const bytes = this.#ledger.promote(buffer, this.#owner, parent.#owner);
    this.#leases.delete(buffer);
    parent.#leases.add(buffer);
    this.#inUseBytes -= bytes; // the parent counts what its frames have, so nothing changes above
    return buffer;
  }

  /**
   * Revokes every view of a leased buffer but the one returned: the others have
   * length 0 from now on. For arrays that strangers have seen and that live on.
   *
   * @returns The same memory; use it in place of `buffer`.
   * @throws {TypeError} If this scope does not own the buffer, or its memory was transferred away.
   */
  rehome<B extends PooledBuffer>(buffer: B): B {
    const fresh = this.#ledger.rehome(buffer, this.#owner);
    this.#leases.delete(buffer);
    this.#leases.add(fresh);
    return fresh;
  }

  /**
   * Moves a buffer out of the tree: the caller owns it, the pool no longer counts it.
   *
   * @returns The buffer.
   * @throws {TypeError} If this scope does not own the buffer, or its memory was transferred away.
   */
  surrender<B extends PooledBuffer>(buffer: B): B {
    this.#endLease(buffer, "hand over");
    return buffer;
  }

  /**
   * Closes open frames, the youngest first, and gives back every lease, the
   * last first, each under its own guard. Closing twice does nothing.
   *
   * @returns What went wrong, in order; nothing is left on lease either way. In
   * debug mode: writes to buffers that this scope or its frames had released.
   */
  close(): unknown[] {
    if (this.#isClosed) return [];
    this.#isClosed = true;
    const errors = [...this.#frames].reverse().flatMap((frame) => frame.close());
    const releases = [...this.#leases].reverse()
      .map((buffer) => () => this.release(buffer));
    errors.push(...collectErrors(releases));
    const parent = this.#parent;
    if (parent !== undefined) parent.#frames.delete(this);
    const heir = parent === undefined ? this.#ledger.owner : parent.#owner;
    return errors.concat(this.#ledger.answer(this.#owner, heir));
  }

  /** Closes the scope and throws the first error of {@linkcode close} with the others attached as `others`. */
  [Symbol.dispose](): void {
    throwFirst(this.close());
  }

  #endLease(buffer: PooledBuffer, verb: "release" | "hand over"): BufferRecord {
    const record = this.#ledger.end(buffer, this.#owner, verb);
    this.#leases.delete(buffer);
    this.#count(-record.bytes);
    return record;
  }

  /** Adds to what is in use here and in the scopes around. */
  #count(bytes: number): void {
    this.#inUseBytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#inUseBytes);
    if (this.#parent !== undefined) this.#parent.#count(bytes);
  }

  #assertBudget(bytes: number, label: string): void {
    const neededBytes = this.#inUseBytes + bytes;
    if (neededBytes > this.#maxBytes) {
      throw new BudgetError(label, neededBytes, this.#maxBytes);
    }
    if (this.#parent !== undefined) this.#parent.#assertBudget(bytes, label);
  }

  #assertOpen(verb: string): void {
    if (!this.#isClosed) return;
    throw new TypeError(`Cannot ${verb} in "${this.label}" as it is closed`);
  }
}
