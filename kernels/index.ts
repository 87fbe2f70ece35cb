/**
 * The kernels that run in WebAssembly with SIMD, in AssemblyScript. Built by
 * `deno task kernels` into `fitting/_kernels_binary.ts`.
 */
export { closest, closestBatch } from "./closest";
export { frameLeaves } from "./frames";
export { beginWideTree, growWideTree } from "./wide_tree";
