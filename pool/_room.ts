import type { Frame } from "./scratch.ts";

const ALIGNMENT = 8;

/** Thrown by a {@linkcode Room} that is full; whoever opened it catches it. */
export class RoomFull extends RangeError {}

/** A typed array's class. */
interface Kind<T> {
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/**
 * Two stacks of frames within one array that is on lease already, one from each
 * end: for an operation whose need follows from the data, which leases its stated
 * bound and lives inside it. Results go to one stack and temporaries to the
 * other, so that what outlives what needs no thought.
 *
 * It has no pages. Frames of one stack are closed in the reverse of the order they are opened in; arrays arrive zeroed.
 */
export class Room {
  readonly #bytes: Uint8Array;
  #low = 0;
  #high: number;

  /** @param bytes Caller-owned; begins at a multiple of 8 of its buffer. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#high = bytes.length - bytes.length % ALIGNMENT;
  }

  /** Opens a frame of the stack that grows up. */
  keep(): Frame {
    const low = this.#low;
    return this.#face(
      (bytes) => {
        if (this.#low + bytes > this.#high) throw this.#full(bytes);
        this.#low += bytes;
        return this.#low - bytes;
      },
      () => this.keep(),
      () => this.#low = low,
    );
  }

  /** Opens a frame of the stack that grows down. */
  scratch(): Frame {
    const high = this.#high;
    return this.#face(
      (bytes) => {
        if (this.#low + bytes > this.#high) throw this.#full(bytes);
        return this.#high -= bytes;
      },
      () => this.scratch(),
      () => this.#high = high,
    );
  }

  #full(bytes: number): RoomFull {
    return new RoomFull(
      `Cannot lease ${bytes} bytes as the room must have them left: it has ${this.#high - this.#low}`,
    );
  }

  #face(take: (bytes: number) => number, frame: () => Frame, end: () => void): Frame {
    const { buffer, byteOffset } = this.#bytes;
    function carve<T extends { fill(value: number): T }>(kind: Kind<T>, length: number): T {
      const bytes = ALIGNMENT * Math.ceil(length * kind.BYTES_PER_ELEMENT / ALIGNMENT);
      return new kind(buffer, byteOffset + take(bytes), length).fill(0);
    }
    return {
      f32: (length) => carve(Float32Array, length),
      f64: (length) => carve(Float64Array, length),
      u32: (length) => carve(Uint32Array, length),
      i32: (length) => carve(Int32Array, length),
      u16: (length) => carve(Uint16Array, length),
      u8: (length) => carve(Uint8Array, length),
      pages: (byteLength) => {
        throw new TypeError(
          `Cannot lease pages of ${byteLength} bytes from a room as a kernel needs memory of its own: lease them from a scope`,
        );
      },
      frame,
      [Symbol.dispose]: end,
    };
  }
}
