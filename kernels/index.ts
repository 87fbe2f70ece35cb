/**
 * The kernels that run in WebAssembly with SIMD, in AssemblyScript. Built by
 * `deno task kernels` into `fitting/surface/_kernels_binary.ts`.
 */
export { closest, closestBatch } from "./closest";
export { frameLeaves } from "./frames";
export { addVotes, writeNormals } from "./normals";
export { readChildren, readOnlyLeaf } from "./read_triangles";
export { umbrella } from "./smooth";
export { beginSort, listSlots, sortFaces } from "./sort_faces";
export { beginWideTree, growWideTree } from "./wide_tree";
