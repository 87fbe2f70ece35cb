/** Every typed array the pool keeps, by the name of its constructor. */
export interface BufferTypes {
  /** 32-bit floats: positions, normals, weights. */
  Float32Array: Float32Array;
  /** 64-bit floats: sums and solver values. */
  Float64Array: Float64Array;
  /** 32-bit unsigned integers: vertex and face indices. */
  Uint32Array: Uint32Array;
  /** 32-bit signed integers: indices where `-1` means none. */
  Int32Array: Int32Array;
  /** 16-bit unsigned integers: joints, small indices. */
  Uint16Array: Uint16Array;
  /** Bytes: flags. */
  Uint8Array: Uint8Array;
}

/** The name of a typed array the pool keeps. */
export type BufferType = keyof BufferTypes;

/** Any typed array the pool keeps. */
export type PooledBuffer = BufferTypes[BufferType];

interface PooledConstructor<B> {
  readonly BYTES_PER_ELEMENT: number;
  new (source: number | ArrayBuffer): B;
}

const CONSTRUCTORS: {
  readonly [T in BufferType]: PooledConstructor<BufferTypes[T]>;
} = {
  Float32Array,
  Float64Array,
  Uint32Array,
  Int32Array,
  Uint16Array,
  Uint8Array,
};

/** The pooled types, in a fixed order. */
export const BUFFER_TYPES: readonly BufferType[] = Object.keys(
  CONSTRUCTORS,
) as BufferType[];

/** Makes a zeroed array of `length` elements, or a view of a whole `ArrayBuffer`. */
export function createBuffer<T extends BufferType>(
  type: T,
  source: number | ArrayBuffer,
): BufferTypes[T] {
  return new CONSTRUCTORS[type](source);
}

/**
 * The bytes of a buffer before it exists.
 *
 * @throws {TypeError} If `type` names no pooled type.
 * @throws {RangeError} If `length` is not a whole number >= 0.
 */
export function bytesOf(type: BufferType, length: number): number {
  assertBufferType(type);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(
      `Cannot acquire a ${type} as its length must be a whole number >= 0: current value is ${String(length)}`,
    );
  }
  return length * CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}

/**
 * Refuses names of types that the pool does not keep.
 *
 * @throws {TypeError} If `type` is none of {@linkcode BUFFER_TYPES}.
 */
export function assertBufferType(type: BufferType): void {
  if (Object.hasOwn(CONSTRUCTORS, type)) return;
  throw new TypeError(
    `Cannot pool a buffer as its type must be one of ${BUFFER_TYPES.join(", ")}: current value is "${String(type)}"`,
  );
}

/** A buffer in an error message: `Float32Array(3)`; what is none, by its kind. */
export function describeBuffer(buffer: unknown): string {
  const type = BUFFER_TYPES.find((type) => buffer instanceof CONSTRUCTORS[type]);
  if (type !== undefined) return `${type}(${(buffer as PooledBuffer).length})`;
  return buffer === null || buffer === undefined ? String(buffer) : `a value of type ${typeof buffer}`;
}
