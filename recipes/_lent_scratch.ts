import type { BufferScope } from "../pool/buffer_scope.ts";
import { type BufferType, type BufferTypes, bytesOf } from "../pool/buffer_type.ts";
import type { Frame, Scratch } from "../pool/scratch.ts";

/**
 * The memory of one operation as a custom step gets it: frames that lease, and
 * nothing that could take memory out of the scope or its tree. Holds the step to
 * the bytes it declared, so that the plan of a recipe stays true.
 */
export class LentScratch implements Scratch {
  readonly #scope: BufferScope;
  readonly #maxBytes: number;
  readonly #step: string;

  /**
   * @param scope Owns all that is leased.
   * @param maxBytes What the step's `scratchBytes` said.
   * @param step Its name, for messages.
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
      frame: (label) => this.#face(own.frame(label)),
      [Symbol.dispose]: () => own[Symbol.dispose](),
    };
  }

  #lease<T extends BufferType>(own: BufferScope, length: number, type: T): BufferTypes[T] {
    const neededBytes = this.#scope.inUseBytes + bytesOf(type, length);
    if (neededBytes > this.#maxBytes) {
      throw new RangeError(
        `Cannot lease ${type}(${length}) as the scratchBytes of "${this.#step}" must cover what it leases: it is ${this.#maxBytes}, and ${neededBytes} would be in use`,
      );
    }
    return own.lease(length, type);
  }
}
