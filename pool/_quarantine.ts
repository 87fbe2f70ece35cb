import { type BufferRecord, isDetached, type Owner, sitesOf } from "./_buffer_record.ts";
import type { PooledBuffer } from "./buffer_type.ts";

/**
 * Every byte of a released buffer in debug mode: as a 32-bit float -24.2, as a
 * 64-bit one -5.96e8, as an index 3,250,700,737, as an `Int32` -1,044,266,559.
 * Out of place for a reader, and small enough that a late `+= 1e-6` shows; NaN
 * or 1e36 would swallow it.
 */
const POISON = 0xc1;
/** How many released buffers are watched before they may be used again. */
const QUARANTINE_SIZE = 32;

interface Watched {
  readonly record: BufferRecord;
  owner: Owner;
  /** Whether it is known that its memory was transferred away; that is told once. */
  isLost: boolean;
}

/**
 * Holds released buffers, poisoned, for a while, so that a write through a view
 * that should be dead shows as damage. Who released a buffer answers for it: at
 * its close the owner asks what was damaged, and an heir answers from then on.
 *
 * Guard bytes around a buffer would find nothing: it fills its own
 * `ArrayBuffer`, and writes past the end of a typed array do not happen.
 */
export class Quarantine {
  #watched: Watched[] = [];
  #found: { readonly owner: Owner; readonly error: TypeError }[] = [];

  /** How many are held. */
  get count(): number {
    return this.#watched.length;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#watched.reduce((sum, { record }) => sum + record.bytes, 0);
  }

  /** Takes a released buffer in and gives out the one that has served its time. */
  admit(record: BufferRecord, owner: Owner): BufferRecord | undefined {
    asBytes(record.buffer).fill(POISON);
    this.#watched.push({ record, owner, isLost: false });
    return this.#watched.length > QUARANTINE_SIZE ? this.leave() : undefined;
  }

  /** Gives out the buffer held longest; damage is kept for who answers for it. */
  leave(): BufferRecord | undefined {
    const next = this.#watched.shift();
    if (next === undefined) return undefined;
    this.#inspect(next);
    return next.record;
  }

  /** What was written to buffers after `owner` released them; `heir` answers for them from now on. */
  answer(owner: Owner, heir: Owner): TypeError[] {
    for (const watched of this.#watched) {
      if (watched.owner !== owner) continue;
      this.#inspect(watched);
      watched.owner = heir;
    }
    const mine = this.#found.filter((found) => found.owner === owner);
    this.#found = this.#found.filter((found) => found.owner !== owner);
    return mine.map(({ error }) => error);
  }

  #inspect(watched: Watched): void {
    if (watched.isLost) return;
    const { record, owner } = watched;
    const damage = damageOf(record);
    if (damage === undefined) return;
    const error = new TypeError(
      `Cannot reuse ${record.type}(${record.length}) of ${owner.name} as nothing may touch it after its release: ${damage}${
        sitesOf(record)
      }`,
    );
    this.#found.push({ owner, error });
    watched.isLost = isDetached(record);
    if (!watched.isLost) asBytes(record.buffer).fill(POISON); // so that the next owner hears only of later writes
  }
}

function damageOf(record: BufferRecord): string | undefined {
  if (isDetached(record)) return "its memory was transferred away";
  const { buffer } = record;
  const bytes = asBytes(buffer);
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === POISON) continue;
    const element = Math.floor(i / buffer.BYTES_PER_ELEMENT);
    return `element ${element} is ${buffer[element]}`;
  }
  return undefined;
}

function asBytes(buffer: PooledBuffer): Uint8Array {
  return new Uint8Array(buffer.buffer);
}
