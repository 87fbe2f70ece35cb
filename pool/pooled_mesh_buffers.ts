import type { Owner } from "./_buffer_record.ts";
import { collectErrors, settleThen } from "./_settle_then.ts";
import { throwFirst } from "./_throw_first.ts";
import { bufferPool, type BufferPoolStats, ledgerOf } from "./buffer_pool.ts";
import type { BufferType, BufferTypes, PooledBuffer } from "./buffer_type.ts";

/** Two arrays for the skin of a mesh, four influences a vertex. */
export interface SkinWeightBuffers {
  /** Joint of each influence, `4 * vertexCount`; floats, as three.js attributes may be. */
  readonly indices: Float32Array;
  /** Weight of each influence, `4 * vertexCount`. */
  readonly weights: Float32Array;
}

/** Makes and takes back the buffers of mesh fitting; {@linkcode BufferPooledMeshFitting} says what each function does. */
export interface PooledMeshBuffers {
  /** See {@linkcode BufferPooledMeshFitting.createDisplacementBuffer}. */
  createDisplacementBuffer(vertexCount: number): Float32Array;
  /** See {@linkcode BufferPooledMeshFitting.createPositionBuffer}. */
  createPositionBuffer(vertexCount: number): Float32Array;
  /** See {@linkcode BufferPooledMeshFitting.createNormalBuffer}. */
  createNormalBuffer(vertexCount: number): Float32Array;
  /** See {@linkcode BufferPooledMeshFitting.createIndexBuffer}. */
  createIndexBuffer(indexCount: number): Uint32Array;
  /** See {@linkcode BufferPooledMeshFitting.createSkinWeightBuffers}. */
  createSkinWeightBuffers(vertexCount: number): SkinWeightBuffers;
  /** See {@linkcode BufferPooledMeshFitting.copyFloat32Array}. */
  copyFloat32Array(source: Float32Array): Float32Array;
  /** See {@linkcode BufferPooledMeshFitting.releaseBuffer}. */
  releaseBuffer(buffer: PooledBuffer): void;
  /** See {@linkcode BufferPooledMeshFitting.releaseBuffers}. */
  releaseBuffers(...buffers: PooledBuffer[]): void;
  /** See {@linkcode BufferPooledMeshFitting.withBuffers}. */
  withBuffers<R>(use: (pool: PooledMeshBuffers) => R): R;
  /** See {@linkcode BufferPooledMeshFitting.getPoolStats}. */
  getPoolStats(): BufferPoolStats;
  /** See {@linkcode BufferPooledMeshFitting.clearPool}. */
  clearPool(): void;
  /** See {@linkcode BufferPooledMeshFitting.resetPoolStats}. */
  resetPoolStats(): void;
}

type Acquire = <T extends BufferType>(
  length: number,
  type: T,
) => BufferTypes[T];

/** The functions over a way to lease and one to give back; they work without `this`. */
function meshBuffersOver(
  acquire: Acquire,
  releaseBuffer: (buffer: PooledBuffer) => void,
): PooledMeshBuffers {
  const createVectors = (vertexCount: number) => acquire(3 * vertexCount, "Float32Array");
  return {
    createDisplacementBuffer: createVectors,
    createPositionBuffer: createVectors,
    createNormalBuffer: createVectors,
    createIndexBuffer: (indexCount) => acquire(indexCount, "Uint32Array"),
    createSkinWeightBuffers(vertexCount) {
      const indices = acquire(4 * vertexCount, "Float32Array");
      try {
        return { indices, weights: acquire(4 * vertexCount, "Float32Array") };
      } catch (error) {
        releaseBuffer(indices);
        throw error;
      }
    },
    copyFloat32Array(source) {
      const copy = acquire(source.length, "Float32Array");
      copy.set(source);
      return copy;
    },
    releaseBuffer,
    releaseBuffers(...buffers) {
      throwFirst(collectErrors(buffers.map((b) => () => releaseBuffer(b))));
    },
    withBuffers,
    getPoolStats: () => bufferPool.getStats(),
    clearPool: () => bufferPool.clear(),
    resetPoolStats: () => bufferPool.resetStats(),
  };
}

/** Buffers of {@linkcode bufferPool}, each given back by hand. */
export const meshBuffers: PooledMeshBuffers = meshBuffersOver(
  (length, type) => bufferPool.acquire(length, type),
  (buffer) => bufferPool.release(buffer),
);

/** See {@linkcode BufferPooledMeshFitting.withBuffers}. */
function withBuffers<R>(use: (pool: PooledMeshBuffers) => R): R {
  const ledger = ledgerOf(bufferPool);
  const owner: Owner = { name: "withBuffers()", revokes: false };
  const leases = new Set<PooledBuffer>();
  let isOver = false;
  const acquire: Acquire = (length, type) => {
    if (isOver) {
      throw new TypeError(
        "Cannot create a buffer as this withBuffers() has ended",
      );
    }
    const buffer = ledger.acquire(length, type, owner);
    leases.add(buffer);
    return buffer;
  };
  const release = (buffer: PooledBuffer) => {
    if (!leases.delete(buffer)) return bufferPool.release(buffer);
    ledger.release(buffer, owner);
  };
  return settleThen(() => use(meshBuffersOver(acquire, release)), () => {
    isOver = true;
    return collectErrors([...leases].map((buffer) => () => release(buffer)));
  });
}
