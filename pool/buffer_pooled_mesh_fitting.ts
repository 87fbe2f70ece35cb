import type { BufferPoolStats } from "./buffer_pool.ts";
import type { PooledBuffer } from "./buffer_type.ts";
import { meshBuffers, type PooledMeshBuffers, type SkinWeightBuffers } from "./pooled_mesh_buffers.ts";

/**
 * Pooled arrays for people who write their own fitting loops, by what they hold.
 * All come from {@linkcode bufferPool}, zeroed; whoever makes one gives it back.
 * Every function works without the class: `const { copyFloat32Array } = BufferPooledMeshFitting`.
 *
 * @example One buffer, by hand
 * ```ts
 * import { BufferPooledMeshFitting, bufferPool } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const displacements = BufferPooledMeshFitting.createDisplacementBuffer(100);
 * try {
 *   assertEquals(displacements.length, 300);
 * } finally {
 *   BufferPooledMeshFitting.releaseBuffer(displacements);
 * }
 * assertEquals(bufferPool.getStats().leasedBuffers, 0);
 * BufferPooledMeshFitting.clearPool();
 * ```
 *
 * @example Several, given back by themselves
 * ```ts
 * import { BufferPooledMeshFitting } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const highest = BufferPooledMeshFitting.withBuffers((pool) => {
 *   const positions = pool.createPositionBuffer(2);
 *   positions.set([0, 1, 0, 0, 3, 0]);
 *   const copy = pool.copyFloat32Array(positions);
 *   return Math.max(...copy);
 * });
 * assertEquals(highest, 3);
 * assertEquals(BufferPooledMeshFitting.getPoolStats().leasedBuffers, 0);
 * BufferPooledMeshFitting.clearPool();
 * ```
 */
export class BufferPooledMeshFitting {
  /**
   * A displacement for every vertex, `3 * vertexCount` floats.
   *
   * @throws {RangeError} If that is not a whole number >= 0.
   */
  static createDisplacementBuffer(vertexCount: number): Float32Array {
    return meshBuffers.createDisplacementBuffer(vertexCount);
  }

  /**
   * A position for every vertex, `3 * vertexCount` floats.
   *
   * @throws {RangeError} If that is not a whole number >= 0.
   */
  static createPositionBuffer(vertexCount: number): Float32Array {
    return meshBuffers.createPositionBuffer(vertexCount);
  }

  /**
   * A normal for every vertex, `3 * vertexCount` floats.
   *
   * @throws {RangeError} If that is not a whole number >= 0.
   */
  static createNormalBuffer(vertexCount: number): Float32Array {
    return meshBuffers.createNormalBuffer(vertexCount);
  }

  /**
   * An index for every corner, `indexCount` 32-bit unsigned integers.
   *
   * @throws {RangeError} If that is not a whole number >= 0.
   */
  static createIndexBuffer(indexCount: number): Uint32Array {
    return meshBuffers.createIndexBuffer(indexCount);
  }

  /**
   * Four influences for every vertex, two buffers of `4 * vertexCount` floats,
   * to be released one by one.
   *
   * @throws {RangeError} If that is not a whole number >= 0.
   */
  static createSkinWeightBuffers(vertexCount: number): SkinWeightBuffers {
    return meshBuffers.createSkinWeightBuffers(vertexCount);
  }

  /** A pooled buffer with the values of `source`, whose own memory it does not share. */
  static copyFloat32Array(source: Float32Array): Float32Array {
    return meshBuffers.copyFloat32Array(source);
  }

  /**
   * Takes a buffer back. Forget it then: the next who asks for its type and length gets this very array.
   *
   * @throws {TypeError} If it was already released, belongs to a `withBuffers()`, or is not from {@linkcode bufferPool}.
   */
  static releaseBuffer(buffer: PooledBuffer): void {
    meshBuffers.releaseBuffer(buffer);
  }

  /**
   * Takes buffers back, each whatever becomes of the others.
   *
   * @throws {TypeError} As {@linkcode BufferPooledMeshFitting.releaseBuffer} does for the first it refuses.
   */
  static releaseBuffers(...buffers: PooledBuffer[]): void {
    meshBuffers.releaseBuffers(...buffers);
  }

  /**
   * Hands `use` an object with the functions of this class. Every buffer made by
   * it, copies and skin weights too, goes back when `use` returns or throws, or
   * when its promise settles. May be nested, and several may run at a time.
   *
   * @returns What `use` returns; not one of the buffers, as those are gone by then.
   * @throws What `use` throws.
   */
  static withBuffers<R>(use: (pool: PooledMeshBuffers) => R): R {
    return meshBuffers.withBuffers(use);
  }

  /** What {@linkcode bufferPool} has done and what it holds. */
  static getPoolStats(): BufferPoolStats {
    return meshBuffers.getPoolStats();
  }

  /** Drops every idle buffer of {@linkcode bufferPool}; leases go on. */
  static clearPool(): void {
    meshBuffers.clearPool();
  }

  /** Starts the counters of {@linkcode bufferPool} again. */
  static resetPoolStats(): void {
    meshBuffers.resetPoolStats();
  }
}
