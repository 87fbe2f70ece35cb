import type { BufferType, PooledBuffer } from "./buffer_type.ts";

/** What the pool keeps apart: arrays by their type, and whole pages, shown as bytes. */
export type KeptType = BufferType | "Pages";

/** Who must give a buffer back. Owners are told apart by identity, so nobody can pose as another. */
export interface Owner {
  /** In error messages: `"fit/solve"`, with its quotes. */
  readonly name: string;
  /** Whether its views die with its leases; if not, the next lease may get the same view. */
  readonly revokes: boolean;
}

/** What the pool knows of one buffer it made; lives as long as the buffer. */
export interface BufferRecord {
  readonly buffer: PooledBuffer;
  /** The WebAssembly memory that `buffer` shows, if it is any. */
  readonly wasm: WebAssembly.Memory | undefined;
  readonly type: KeptType;
  readonly length: number;
  readonly bytes: number;
  /** Who has it on lease, `undefined` while nobody has. */
  owner: Owner | undefined;
  /** How the last lease ended. */
  end: "release" | "re-home" | "hand over";
  /** Since when it lies idle, milliseconds of `performance.now()`. */
  idleSince: number;
  /** Errors nobody throws, for their stacks: where it was leased and given back; only in debug mode. */
  acquiredAt: Error | undefined;
  releasedAt: Error | undefined;
}

/** Whether somebody transferred the memory away: to a worker, or with `transfer()`. */
export function isDetached({ buffer }: BufferRecord): boolean {
  return (buffer.buffer as ArrayBuffer).detached;
}

/** The end of an error message: where the buffer was leased and given back, as far as that is known. */
export function sitesOf({ acquiredAt, releasedAt }: BufferRecord): string {
  return (acquiredAt === undefined ? "" : `; acquired at ${siteOf(acquiredAt)}`) +
    (releasedAt === undefined ? "" : `; released at ${siteOf(releasedAt)}`);
}

const POOL_FOLDER = new URL(".", import.meta.url).href;

/** Where the caller outside `pool/` stood, such as `fit (file:///…/fit.ts:12:3)`. Reading a stack costs 8 times what making it does (64 and 8 µs), so it is read only to report. */
function siteOf({ stack = "" }: Error): string {
  const frames = stack.split("\n").slice(1);
  const caller = frames.find((frame) => !frame.includes(POOL_FOLDER)) ??
    frames.at(-1) ?? "an unknown place";
  return caller.trim().replace(/^at /, "");
}
