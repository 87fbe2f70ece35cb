/**
 * Meshes in and out of files.
 *
 * @module
 */
export * from "./gltf/mod.ts";
