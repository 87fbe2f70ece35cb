import type { BufferScope } from "./buffer_scope.ts";
import { type BufferType, type BufferTypes, bytesOf } from "./buffer_type.ts";
import { pageBytes } from "./pages.ts";
import type { Frame, Scratch } from "./scratch.ts";

/**
 * A scope as code gets it that nobody has read, such as a custom step: frames
 * that lease, and nothing that could take memory out of the scope or its tree.
 * Holds that code to the bytes it declared, so that what was planned stays true.
 */
export class LentScratch implements Scratch {
  readonly #scope: BufferScope;
  readonly #maxBytes: number;
  readonly #step: string;

  /**
   * @param scope Owns all that is leased.
   * @param maxBytes What the step's `scratchBytes` said.
   * @param step Its name, for the message.
   */
  constructor(scope: BufferScope, maxBytes: number, step: string) {
    this.#scope = scope;
    this.#maxBytes = maxBytes;
    this.#step = step;
  }

  frame(label?: string): Frame {
    return this.#face(this.#scope.frame(label));
  }

  #face(own: BufferScope): Frame {
    return {
      f32: (length) => this.#lease(own, length, "Float32Array"),
      f64: (length) => this.#lease(own, length, "Float64Array"),
      u32: (length) => this.#lease(own, length, "Uint32Array"),
      i32: (length) => this.#lease(own, length, "Int32Array"),
      u16: (length) => this.#lease(own, length, "Uint16Array"),
      u8: (length) => this.#lease(own, length, "Uint8Array"),
      pages: (byteLength) => {
        this.#assertDeclared(`pages of ${byteLength} bytes`, pageBytes(byteLength));
        return own.pages(byteLength);
      },
      frame: (label) => this.#face(own.frame(label)),
      [Symbol.dispose]: () => own[Symbol.dispose](),
    };
  }

  #lease<T extends BufferType>(own: BufferScope, length: number, type: T): BufferTypes[T] {
    this.#assertDeclared(`${type}(${length})`, bytesOf(type, length));
    return own.lease(length, type);
  }

  #assertDeclared(what: string, bytes: number): void {
    const neededBytes = this.#scope.inUseBytes + bytes;
    if (neededBytes <= this.#maxBytes) return;
    throw new RangeError(
      `Cannot lease ${what} as the scratchBytes of "${this.#step}" must cover what it leases: it is ${this.#maxBytes}, and ${neededBytes} would be in use`,
    );
  }
}
