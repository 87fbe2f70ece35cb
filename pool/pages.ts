import type { BufferRecord } from "./_buffer_record.ts";

/** Bytes of a page, the unit WebAssembly memory comes in. */
export const PAGE_BYTES = 65_536;

/** What kernels work on, see {@linkcode memoryOf}; not public. */
export interface PageMemory {
  /** All pages. */
  readonly buffer: ArrayBuffer;
  /** The memory `buffer` belongs to; `undefined` where pages are plain memory. */
  readonly wasm: WebAssembly.Memory | undefined;
}

/** The memory behind a lease, for the kernels of this module; not public, as views of WebAssembly memory cannot be revoked. */
export let memoryOf: (pages: Pages) => PageMemory;

/** Makes the handle of a lease; not public. */
export let pagesOf: (record: BufferRecord) => Pages;

/**
 * A lease of whole pages of 64 KiB that SIMD kernels can work on: WebAssembly
 * memory where the pool has it, plain memory elsewhere. A handle: who has it can
 * pass it to operations and see how large it is, but gets no view of it. So they
 * are not zeroed, which would take as long as some kernels do.
 *
 * @example Whole pages, open until the scope closes
 * ```ts
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const scope = new BufferScope();
 * const pages = scope.pages(70_000);
 * assertEquals([pages.byteLength, pages.isOpen, scope.inUseBytes], [131_072, true, 131_072]);
 * scope.close();
 * assertEquals([pages.isOpen, scope.inUseBytes], [false, 0]);
 * ```
 */
export class Pages {
  /** Whole pages, bytes. */
  readonly byteLength: number;
  readonly #record: BufferRecord;

  static {
    memoryOf = (pages) => {
      const { buffer, wasm } = pages.#record;
      if (!pages.isOpen) throw new TypeError("Cannot use pages as their lease has ended");
      return { buffer: buffer.buffer as ArrayBuffer, wasm };
    };
    pagesOf = (record) => new Pages(record);
  }

  private constructor(record: BufferRecord) {
    this.#record = record;
    this.byteLength = record.bytes;
  }

  /** Whether the lease goes on. */
  get isOpen(): boolean {
    return this.#record.owner !== undefined;
  }
}

/**
 * Bytes of the whole pages that hold `byteLength` bytes: what `pages(byteLength)` leases.
 *
 * @example One byte takes a page
 * ```ts
 * import { pageBytes } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([pageBytes(0), pageBytes(1), pageBytes(65_536), pageBytes(65_537)], [0, 65_536, 65_536, 131_072]);
 * ```
 */
export function pageBytes(byteLength: number): number {
  return Math.ceil(byteLength / PAGE_BYTES) * PAGE_BYTES;
}
