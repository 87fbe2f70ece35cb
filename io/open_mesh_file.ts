import { fault } from "./gltf/_check.ts";
import { type GltfDocument, openGltf, type OpenGltfOptions } from "./gltf/open.ts";
import { plainToGltf } from "./plain/plain_to_gltf.ts";
import { readObj } from "./plain/read_obj.ts";
import { readPly } from "./plain/read_ply.ts";
import { looksLikeStl, readStl } from "./plain/read_stl.ts";

/** The formats that are read and become glTF documents. */
const PLAIN = { obj: readObj, ply: readPly, stl: readStl };

/** Options for {@linkcode openMeshFile}. */
export interface OpenMeshFileOptions extends OpenGltfOptions {
  /** The name whose ending decides on the format. @default `path` */
  name?: string;
}

/**
 * Opens a mesh in any format that is read: .glb and .gltf, and OBJ, PLY and STL,
 * which become documents like any other (to be written as .glb or .gltf). The
 * ending of the name decides; of an unknown one, the content.
 *
 * The readers of OBJ, PLY and STL are our own, as those of three.js leave out
 * polygons of PLY with more than four corners, make NaN of indices that are not
 * there, break up OBJ without normals into single faces, speak to the console,
 * and take quadratic time for some broken STL. Tests hold them against each other.
 *
 * @param bytes The whole file.
 * @param options As for `openGltf`.
 * @throws {InputFileError} If the file is broken, hostile or of another kind.
 * @example A triangle as OBJ
 * ```ts
 * import { findMesh, openMeshFile } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
 * const document = await openMeshFile(new TextEncoder().encode(text), { path: "scarf.obj" });
 * const { vertexCount, faceCount } = findMesh(document, { node: "scarf" });
 * assertEquals([vertexCount, faceCount], [3, 1]);
 * ```
 */
export async function openMeshFile(bytes: Uint8Array, options: OpenMeshFileOptions): Promise<GltfDocument> {
  const { path } = options, format = formatOf(bytes, options.name ?? path);
  if (format === "gltf") return await openGltf(bytes, options);
  if (looksLikeGlb(bytes)) {
    throw fault(path, undefined, `a .${format} must be ${format.toUpperCase()}`, "it is binary glTF; name it .glb");
  }
  return await plainToGltf(PLAIN[format](bytes, path), path);
}

function formatOf(bytes: Uint8Array, path: string): "gltf" | keyof typeof PLAIN {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase();
  if (ending === "obj" || ending === "ply" || ending === "stl") return ending;
  if (ending === "glb" || ending === "gltf" || looksLikeGlb(bytes)) return "gltf";
  if (/^ply\r?\n/.test(new TextDecoder().decode(bytes.subarray(0, 8)))) return "ply";
  return looksLikeStl(bytes) ? "stl" : "gltf";
}

function looksLikeGlb(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x67 && bytes[1] === 0x6c && bytes[2] === 0x54 && bytes[3] === 0x46;
}
