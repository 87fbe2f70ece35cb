import { isFileFault, type ReadUri } from "./_buffers.ts";
import { DocumentEditor } from "./_document_editor.ts";
import { isDataUri, relativePathOf } from "./_uri.ts";
import { InputFileError } from "./input_file_error.ts";
import { type GltfDocument, openGltf, type OpenGltfOptions } from "./open.ts";

/** How images of the kinds glTF knows begin. */
const SIGNATURES: readonly (readonly [mimeType: string, start: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
  ["image/ktx2", [0xab, 0x4b, 0x54, 0x58]],
];

/**
 * Brings the images of files beside the document into it, so that a written
 * file keeps its textures wherever it lies. Images that lead out of the folder,
 * cannot be read or are of no known kind stay the links they are.
 *
 * @param document From `openGltf`.
 * @param readUri Reads a file beside the document, as for `openGltf`.
 * @param options The loader of packages, when `openGltf` was given one.
 * @returns A document with the images in its first buffer; the very same one when there is nothing to bring.
 * @example A texture beside the file comes along
 * ```ts
 * import { embedImages, openGltf } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = { asset: { version: "2.0" }, images: [{ uri: "cloth.png", name: "cloth" }] };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "a.gltf" });
 * const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
 *
 * const whole = await embedImages(document, () => Promise.resolve(png));
 * assertEquals(whole.json.images, [{ name: "cloth", bufferView: 0, mimeType: "image/png" }]);
 * assertEquals(whole.buffers[0], png);
 * ```
 */
export async function embedImages(
  document: GltfDocument,
  readUri: ReadUri,
  options: Pick<OpenGltfOptions, "importPackage"> = {},
): Promise<GltfDocument> {
  const editor = new DocumentEditor(document),
    images = document.json.images ?? [];
  for (const [i, { uri, ...rest }] of images.entries()) {
    if (uri === undefined || isDataUri(uri)) continue;
    const bytes = await readImage(document, uri, i, readUri);
    const mimeType = SIGNATURES.find(([, start]) => start.every((byte, k) => bytes?.[k] === byte))?.[0];
    if (bytes === undefined || mimeType === undefined) continue;
    editor.set("images", i, {
      ...rest,
      bufferView: editor.append(bytes),
      mimeType,
    });
  }
  if (editor.json === document.json) return document;
  return openGltf(editor.finish("glb"), { ...options, path: document.path });
}

async function readImage(
  document: GltfDocument,
  uri: string,
  i: number,
  readUri: ReadUri,
): Promise<Uint8Array | undefined> {
  try {
    const path = relativePathOf(uri, document.path, `/images/${i}/uri`);
    return await readUri(path);
  } catch (error) {
    // A missing texture is no reason to refuse a mesh; a missing permission is the caller's to hear of.
    if (error instanceof InputFileError || isFileFault(error)) return undefined;
    throw error;
  }
}
