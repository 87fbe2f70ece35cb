import type { PooledBuffer } from "../pool/buffer_type.ts";

/** Whether a part of a value is memory. */
export function isArray(part: unknown): part is PooledBuffer {
  return ArrayBuffer.isView(part);
}

/** A copy of a value that is made of arrays and numbers, with other arrays. */
export function mapArrays<T extends object>(payload: T, map: (array: PooledBuffer) => PooledBuffer): T {
  const parts = Object.entries(payload).map(([key, part]) => [key, isArray(part) ? map(part) : part]);
  return Object.fromEntries(parts) as T;
}
