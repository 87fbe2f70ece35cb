/**
 * Memory: pooled typed arrays, scopes that give them back, and nothing else.
 *
 * @module
 */
export { BudgetError } from "./budget_error.ts";
export {
  BUFFER_POOL_DEFAULTS,
  BufferPool,
  bufferPool,
  type BufferPoolOptions,
  type BufferPoolStats,
} from "./buffer_pool.ts";
export { BufferPooledMeshFitting } from "./buffer_pooled_mesh_fitting.ts";
export { BUFFER_SCOPE_DEFAULTS, BufferScope, type BufferScopeOptions } from "./buffer_scope.ts";
export { BUFFER_TYPES, type BufferType, type BufferTypes, type PooledBuffer } from "./buffer_type.ts";
export { errorsInOrder } from "./errors_in_order.ts";
export { pageBytes, Pages } from "./pages.ts";
export type { PooledMeshBuffers, SkinWeightBuffers } from "./pooled_mesh_buffers.ts";
export type { Frame, Scratch } from "./scratch.ts";
