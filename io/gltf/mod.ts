/**
 * Reading .glb and .gltf files, and writing them back as patches: what did not
 * change stays as it was.
 *
 * `openGltf` takes the file apart and checks it, `findMesh` finds a surface in
 * it, `readMesh` and `readSkeleton` decode that, `writeMesh` puts it back.
 *
 * @module
 */
export * from "./input_file_error.ts";
export * from "./json_types.ts";
export { type GltfDocument, openGltf, type OpenGltfOptions } from "./open.ts";
export { farOrigin } from "./far_origin.ts";
export { findMesh } from "./find_mesh.ts";
export { embedImages } from "./embed_images.ts";
export type { ReadUri } from "./_buffers.ts";
export type { Decompressed } from "./_compression.ts";
export type { ImportPackage, ReaderPackage } from "./_packages.ts";
export type { GlbChunk } from "./_container.ts";
export type { MeshSelection } from "./_select.ts";
export type { MeshHeader, MeshPart } from "./mesh_header.ts";
export { type MeshArrays, readMesh, type ReadMeshOptions, readMeshWork } from "./read_mesh.ts";
export type { Vec3 } from "./_read_part.ts";
export { hasTangents, hasUVs, readUVs, type SurfacePart, surfaceParts } from "./surface_parts.ts";
export { readSkeleton, type Skeleton } from "./skeleton.ts";
export { type MeshPiece, writeMeshes, writeMeshesWork, type WrittenMeshes } from "./write_meshes.ts";
export { type MeshEdits, type SkinEdit, WRITE_MESH_DEFAULTS, writeMesh, type WriteMeshOptions } from "./write_mesh.ts";
