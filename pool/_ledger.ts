import { type BufferRecord, isDetached, type KeptType, type Owner, sitesOf } from "./_buffer_record.ts";
import type { BufferPoolOptions, BufferPoolStats } from "./buffer_pool.ts";
import {
  type BufferType,
  type BufferTypes,
  bytesOf,
  createBuffer,
  describeBuffer,
  type PooledBuffer,
} from "./buffer_type.ts";
import { IdleBuffers } from "./_idle_buffers.ts";
import { Quarantine } from "./_quarantine.ts";
import { PAGE_BYTES } from "./pages.ts";

const PAST = {
  "release": "released",
  "re-home": "re-homed",
  "hand over": "handed over",
};

/**
 * The books of a pool: which buffers it made, who has each on lease, and all
 * counts. Only the owner of a lease can end it, whoever else holds the array,
 * so no close can take away what another already has.
 */
export class Ledger {
  /** Who leases from the pool itself; answers for what the scopes no longer do. */
  readonly owner: Owner = { name: "a caller of acquire()", revokes: false };
  /** Buffers nobody has on lease. */
  readonly idle: IdleBuffers;
  readonly #clearOn: "acquire" | "release";
  /** Whether pages are WebAssembly memory. */
  readonly hasWasm: boolean;
  readonly #records = new WeakMap<PooledBuffer, BufferRecord>();
  readonly #quarantine: Quarantine | undefined;
  #leasedBuffers = 0;
  #leasedBytes = 0;
  #peakLeasedBytes = 0;
  #allocatedBytes = 0;
  #acquisitions = 0;
  #releases = 0;
  #reuses = 0;

  /** @param options Of the pool, checked. */
  constructor(options: Required<BufferPoolOptions>) {
    this.idle = new IdleBuffers(options);
    this.hasWasm = options.wasm && typeof WebAssembly === "object";
    this.#quarantine = options.debug ? new Quarantine() : undefined;
    this.#clearOn = options.debug ? "acquire" : options.clearOn; // poison stays until the last moment
  }

  /** Leases a zeroed buffer to `owner`. */
  acquire<T extends BufferType>(
    length: number,
    type: T,
    owner: Owner,
  ): BufferTypes[T] {
    bytesOf(type, length); // refuses what is no type or length
    const record = this.#reuse(type, length) ?? this.#make(type, length);
    this.#begin(record, owner);
    return record.buffer as BufferTypes[T];
  }

  /** Leases pages of `bytes` bytes in all to `owner`, with whatever is in them; the record is theirs. */
  acquirePages(bytes: number, owner: Owner): BufferRecord {
    const record = this.#reuse("Pages", bytes) ?? this.#make("Pages", bytes);
    this.#begin(record, owner);
    return record;
  }

  #begin(record: BufferRecord, owner: Owner): void {
    record.owner = owner;
    if (this.#quarantine !== undefined) record.acquiredAt = new Error();
    this.#acquisitions++;
    this.#leasedBuffers++;
    this.#leasedBytes += record.bytes;
    if (this.#leasedBytes > this.#peakLeasedBytes) {
      this.#peakLeasedBytes = this.#leasedBytes;
    }
  }

  /**
   * Ends a lease: the books first, so that they are right whatever happens to
   * the memory, which is for {@linkcode keep}.
   */
  end(
    buffer: PooledBuffer,
    owner: Owner,
    verb: "release" | "hand over",
  ): BufferRecord {
    const record = verb === "release" ? this.#leased(buffer, owner, verb) : this.#usable(buffer, owner, verb);
    record.owner = undefined;
    record.end = verb;
    this.#leasedBuffers--;
    this.#leasedBytes -= record.bytes;
    if (verb === "release") this.#releases++;
    return record;
  }

  /** Keeps the memory of a lease that `owner` has ended, unless it was transferred away: then there is none. */
  keep(record: BufferRecord, owner: Owner): void {
    if (isDetached(record)) return;
    if (this.#quarantine === undefined) {
      if (this.#clearOn === "release" && record.type !== "Pages") record.buffer.fill(0);
      this.idle.put(owner.revokes ? this.#revoke(record) : record);
    } else {
      record.releasedAt = new Error();
      this.#endWatchOf(this.#quarantine.admit(record, owner));
    }
  }

  /** Both: what a release is. */
  release(buffer: PooledBuffer, owner: Owner): void {
    this.keep(this.end(buffer, owner, "release"), owner);
  }

  /**
   * Passes a lease on.
   *
   * @returns Its bytes.
   */
  promote(buffer: PooledBuffer, from: Owner, to: Owner): number {
    const record = this.#usable(buffer, from, "promote");
    record.owner = to;
    return record.bytes;
  }

  /** Goes on with a lease under a new view; the old one is as if released. */
  rehome<B extends PooledBuffer>(buffer: B, owner: Owner): B {
    const record = this.#usable(buffer, owner, "re-home");
    const isWatched = this.#quarantine !== undefined;
    const fresh = isWatched ? this.#copy(record) : this.#revoke(record);
    fresh.owner = owner;
    record.owner = undefined;
    record.end = "re-home";
    if (isWatched) this.keep(record, owner);
    return fresh.buffer as B;
  }

  /** In debug mode, what was written to buffers after `owner` released them; `heir` answers for them from now on. */
  answer(owner: Owner, heir: Owner): TypeError[] {
    return this.#quarantine?.answer(owner, heir) ?? [];
  }

  /** In debug mode, ends the watch over released buffers. */
  endWatch(): void {
    while (this.#quarantine !== undefined && this.#quarantine.count > 0) {
      this.#endWatchOf(this.#quarantine.leave());
    }
  }

  /** All counts, see {@linkcode BufferPoolStats}. */
  getStats(): BufferPoolStats {
    return {
      acquisitions: this.#acquisitions,
      releases: this.#releases,
      reuses: this.#reuses,
      hitRate: this.#acquisitions === 0 ? 0 : this.#reuses / this.#acquisitions,
      totalBuffers: this.idle.count + (this.#quarantine?.count ?? 0),
      totalMemoryBytes: this.idle.bytes + (this.#quarantine?.bytes ?? 0),
      leasedBuffers: this.#leasedBuffers,
      leasedBytes: this.#leasedBytes,
      peakLeasedBytes: this.#peakLeasedBytes,
      allocatedBytes: this.#allocatedBytes,
    };
  }

  /** Starts the counters again; what is held stays. */
  resetStats(): void {
    this.#acquisitions = this.#releases = this.#reuses = 0;
    this.#allocatedBytes = 0;
    this.#peakLeasedBytes = this.#leasedBytes;
  }

  #reuse(type: KeptType, length: number): BufferRecord | undefined {
    const record = this.idle.take(type, length);
    if (record === undefined) return undefined;
    this.#reuses++;
    if (this.#clearOn === "acquire" && type !== "Pages") record.buffer.fill(0);
    return record;
  }

  #make(type: KeptType, length: number): BufferRecord {
    try {
      const wasm = type === "Pages" && this.hasWasm ? makeWasm(length) : undefined;
      const record = this.#register(viewOf(type, wasm ?? length), type, wasm);
      this.#allocatedBytes += record.bytes;
      return record;
    } catch (cause) {
      throw new RangeError(
        `Cannot acquire ${type}(${length}) as the memory for it cannot be had: ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  #register(buffer: PooledBuffer, type: KeptType, wasm: WebAssembly.Memory | undefined): BufferRecord {
    const record: BufferRecord = {
      buffer,
      wasm,
      type,
      length: buffer.length,
      bytes: buffer.byteLength,
      owner: undefined,
      end: "release",
      idleSince: 0,
      acquiredAt: undefined,
      releasedAt: undefined,
    };
    this.#records.set(buffer, record);
    return record;
  }

  /** The values of `record` in other memory, so that writes to the old one can be watched. */
  #copy(record: BufferRecord): BufferRecord {
    const { type, length } = record;
    const copy = this.idle.take(type, length) ?? this.#make(type, length);
    copy.buffer.set(record.buffer);
    copy.acquiredAt = record.acquiredAt;
    return copy;
  }

  /** Moves the memory of `record` into a view nobody has. That of WebAssembly does not move; nobody is given a view of it. */
  #revoke(record: BufferRecord): BufferRecord {
    const { type, wasm } = record;
    const memory = wasm ?? (record.buffer.buffer as ArrayBuffer).transfer();
    const fresh = this.#register(viewOf(type, memory), type, wasm);
    fresh.acquiredAt = record.acquiredAt;
    return fresh;
  }

  #endWatchOf(record: BufferRecord | undefined): void {
    if (record === undefined || isDetached(record)) return;
    this.idle.put(this.#revoke(record));
  }

  /** The record of a buffer that `owner` has on lease. */
  #leased(buffer: PooledBuffer, owner: Owner, verb: string): BufferRecord {
    const record = this.#records.get(buffer);
    if (record?.owner === owner) return record;
    throw new TypeError(
      record === undefined
        ? `Cannot ${verb} ${describeBuffer(buffer)} as it does not come from this pool`
        : `Cannot ${verb} ${record.type}(${record.length}) as ${
          record.owner === undefined ? `it was already ${PAST[record.end]}` : `it is on lease to ${record.owner.name}`
        }${sitesOf(record)}`,
    );
  }

  /** The same, for those who go on using the memory. */
  #usable(buffer: PooledBuffer, owner: Owner, verb: string): BufferRecord {
    const record = this.#leased(buffer, owner, verb);
    if (!isDetached(record)) return record;
    throw new TypeError(
      `Cannot ${verb} ${record.type}(${record.length}) as its memory was transferred away${sitesOf(record)}`,
    );
  }
}

/**
 * WebAssembly memory of `bytes` bytes, whole pages; it never grows. None where the engine gives none, as it wants more
 * addresses for it than bytes: plain memory does as well.
 */
function makeWasm(bytes: number): WebAssembly.Memory | undefined {
  const pages = bytes / PAGE_BYTES;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return undefined;
  }
}

/** An array of new or given memory; pages are shown as bytes. */
function viewOf(type: KeptType, source: number | ArrayBuffer | WebAssembly.Memory): PooledBuffer {
  const memory = source instanceof Object && "buffer" in source ? source.buffer as ArrayBuffer : source;
  return createBuffer(type === "Pages" ? "Uint8Array" : type, memory);
}
