import { loadBuffers, type ReadUri } from "./_buffers.ts";
import { Check, show } from "./_check.ts";
import { checkCompression, decompress, type Decompressed, decompressedBytes } from "./_compression.ts";
import { checkData } from "./_check_data.ts";
import { checkExtensions } from "./_check_extensions.ts";
import { checkLinks } from "./_check_links.ts";
import { checkAnimations, checkMorphTargets, checkPurposes } from "./_check_animations.ts";
import { checkMeshes } from "./_check_meshes.ts";
import { checkSchema } from "./_check_schema.ts";
import { checkNodes, checkSkins } from "./_check_nodes.ts";
import { type GlbChunk, readContainer } from "./_container.ts";
import type { ImportPackage } from "./_packages.ts";
import type { GltfJson } from "./json_types.ts";

/** A glTF file whose every declared number was checked against its bytes; read only. */
export interface GltfDocument {
  /** The file as the caller named it; for messages. */
  readonly path: string;
  /** The JSON as parsed: order, unknown keys, extras and extensions included. */
  readonly json: GltfJson;
  /**
   * Bytes of each buffer, exactly as long as declared; views of the file where
   * they lie in it. Empty for one that only stands in for compressed data.
   */
  readonly buffers: readonly Uint8Array[];
  /** What was compressed (Draco, meshopt) and has no plain bytes in the buffers. */
  readonly decompressed: Decompressed;
  /** Size of the file, of the buffers outside its own bytes (files it names, data URIs decoded) and of what was decompressed. */
  readonly fileBytes: number;
  /** How the file was packed. */
  readonly container: "glb" | "gltf";
  /** The JSON as it stood in the file, so that an unchanged one is written back letter for letter. */
  readonly jsonBytes: Uint8Array;
  /** Chunks of a .glb nobody knows, carried along. */
  readonly extraChunks: readonly GlbChunk[];
}

/** Options for {@linkcode openGltf}. */
export interface OpenGltfOptions {
  /** The file as the caller names it; for messages. */
  path: string;
  /**
   * Reads a buffer beside the file. It gets a relative path with forward
   * slashes, percent-decoded, that cannot climb out by its text (`..`, drive
   * letters, schemes); symlinks are the reader's to judge. Without it, files
   * that name other files are refused.
   */
  readUri?: ReadUri;
  /**
   * Loads `draco3dgltf` or `meshoptimizer` for a file compressed with them, and
   * for no other; by default an `import()` of the npm package.
   */
  importPackage?: ImportPackage;
}

/**
 * Opens a .glb or .gltf: takes the container apart and checks every count,
 * offset, stride, length, link and URI against the bytes before anything of
 * that size is allocated. The content decides what it is, not the name.
 *
 * Copies nothing but data URIs: keep `bytes` unchanged while the document is in use.
 *
 * @param bytes The whole file.
 * @param options Its name, and how to read buffers beside it.
 * @returns The document for `findMesh`, `readMesh`, `readSkeleton` and `writeMesh`.
 * @throws {InputFileError} If the file is broken, hostile, requires an extension we do not read, or is compressed and the package that can decode it is not there.
 * @example A triangle with its buffer as a data URI
 * ```ts
 * import { openGltf } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0" },
 *   nodes: [{ mesh: 0 }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * assertEquals(document.buffers[0].length, 36);
 * ```
 */
export async function openGltf(
  bytes: Uint8Array,
  options: OpenGltfOptions,
): Promise<GltfDocument> {
  const { path, readUri, importPackage } = options;
  const check = new Check(path);
  const container = readContainer(bytes, path);
  const json = check.object(container.json, "/");
  checkAsset(check, json);
  checkExtensions(check, json);
  const buffers = await loadBuffers(check, container, readUri);
  checkData(check, json, buffers);
  checkNodes(check, json);
  checkSkins(check, json);
  checkMeshes(check, json);
  checkSchema(check, json);
  checkLinks(check, json);
  const checked = json as unknown as GltfJson;
  checkMorphTargets(check, checked);
  checkAnimations(check, checked);
  checkPurposes(check, checked);
  const compressed = checkCompression(check, checked, buffers);
  const decompressed = await decompress(check, checked, buffers, compressed, importPackage);
  const external = buffers.filter((buffer) => buffer.buffer !== bytes.buffer);
  return {
    path,
    json: checked,
    buffers,
    decompressed,
    fileBytes: external.reduce(
      (sum, buffer) => sum + buffer.length,
      bytes.length + decompressedBytes(decompressed),
    ),
    container: container.kind,
    jsonBytes: container.jsonBytes,
    extraChunks: container.extraChunks,
  };
}

function checkAsset(
  check: Check,
  json: Readonly<Record<string, unknown>>,
): void {
  const asset = check.object(json.asset, "/asset");
  for (const key of ["generator", "copyright"]) {
    const value = asset[key];
    if (value === undefined || typeof value === "string") continue;
    check.refuse(
      `/asset/${key}`,
      "it must be text",
      `current value is ${show(value)}`,
    );
  }
  for (const key of ["version", "minVersion"]) {
    const version = asset[key];
    if (version === undefined && key === "minVersion") continue;
    const accepted = key === "version" ? /^2\.\d+$/ : /^2\.0$/;
    if (typeof version !== "string" || !accepted.test(version)) {
      check.refuse(
        `/asset/${key}`,
        'the version of glTF must be "2.0"',
        `current value is ${show(version)}; convert it to glTF 2.0`,
      );
    }
  }
}
