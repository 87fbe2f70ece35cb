/**
 * Meshes in and out of files.
 *
 * @module
 */
export * from "./gltf/mod.ts";
export { openMeshFile, type OpenMeshFileOptions } from "./open_mesh_file.ts";
