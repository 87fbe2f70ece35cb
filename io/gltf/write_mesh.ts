import type { SkinEdit } from "./_bind_skeleton.ts";
import type { Vec3 } from "./_read_part.ts";
import { runThrough } from "./_run_through.ts";
import { writeDocument } from "./_write_document.ts";
import type { JsonObject } from "./json_types.ts";
import type { MeshHeader } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

export type { SkinEdit } from "./_bind_skeleton.ts";

/** What changed; missing keys stay as they are in the file. */
export interface MeshEdits {
  /** `3 * vertexCount`, metres, world space minus the origin, all finite. Vertices equal to what was read keep their bits. */
  positions?: Float32Array;
  /** `3 * vertexCount`, unit length; a zero normal leaves the one of the file. */
  normals?: Float32Array;
  /**
   * `4 * vertexCount`: unit length in the world, and the side of the bitangent. Written where the file has tangents; without
   * them those of the file are turned to the new normals.
   */
  tangents?: Float32Array;
  /** Binds the surface to a skeleton: joints, weights, and where they come from. */
  skin?: SkinEdit;
  /** Becomes `asset.extras.meshtailor`. */
  provenance?: JsonObject;
}

/** Options for {@linkcode writeMesh}. */
export interface WriteMeshOptions {
  /** The origin the positions are relative to, as given to `readMesh`; metres. @default {[0, 0, 0]} */
  origin?: Vec3;
  /** A binary file, or JSON with the buffers inside it. @default {"glb"} */
  format?: "glb" | "gltf";
}

/** Defaults of {@linkcode WriteMeshOptions}. */
export const WRITE_MESH_DEFAULTS: Readonly<Required<WriteMeshOptions>> = {
  origin: [0, 0, 0],
  format: "glb",
};

/**
 * Writes the document with a changed surface: a patch, not a rebuild. The JSON
 * stays as it was parsed (order, unknown keys, extras, extensions, generator),
 * every byte that did not change stays, and without edits the result is the
 * same document letter for letter. Changed values are written over the old ones
 * where they fit (interleaved too), else appended. The document in memory is not
 * changed.
 *
 * Positions go back through the inverse of the node's world transform, or of
 * the blend of joints; normals by its transpose, unit length. Bound to a
 * skeleton, vertices go to bind space, so that `Σ w · jointWorld · inverseBind · v`
 * gives the world position; the joints and all nodes above them come along,
 * unless the document has the same rig, which is then used and put in that pose. A
 * skin nothing uses any more goes. Tangents and morph targets follow. A mesh
 * other nodes show too is copied, not changed for them. What was compressed and
 * changes becomes plain; the rest stays compressed as it is.
 *
 * What came along and no file may hold is repaired where it is plain what was
 * meant (numbers that are none, weights that do not sum to one, bounds, scenes
 * without their joints): a valid document needs none of that.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document.
 * @param edits What changed.
 * @param options Origin and format.
 * @returns The whole file; the same input gives the same bytes.
 * @throws {RangeError} If an array has the wrong length or holds what a file may not hold.
 * @throws {InputFileError} If a vertex cannot be taken back (its joints flatten it, or it leaves f32).
 * @example A triangle moves up, everything else stays
 * ```ts
 * import { findMesh, openGltf, readMesh, writeMesh } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0", generator: "by hand" },
 *   nodes: [{ mesh: 0 }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * const header = findMesh(document);
 * const positions = new Float32Array(9), indices = new Uint32Array(3);
 * readMesh(document, header, { positions, indices });
 * for (let v = 0; v < 3; v++) positions[3 * v + 2] += 2;
 *
 * const written = await openGltf(writeMesh(document, header, { positions }), { path: "triangle.glb" });
 * assertEquals(written.json.accessors![0].max, [1, 1, 2]);
 * assertEquals(written.json.asset.generator, "by hand");
 * ```
 */
export function writeMesh(
  document: GltfDocument,
  header: MeshHeader,
  edits: MeshEdits,
  options: WriteMeshOptions = {},
): Uint8Array {
  const { origin, format } = { ...WRITE_MESH_DEFAULTS, ...options };
  return runThrough(writeDocument(document, [{ header, edits, origin }], format, edits.provenance));
}
