import { base64Length, encodeBase64Into } from "./_base64.ts";
import type { ChunkSource } from "./_container.ts";
import { stringifyJson } from "./_json_text.ts";
import type { GltfJson, JsonObject, JsonValue } from "./json_types.ts";

/** What stands before base64 in a URI. */
const DATA_URI = "data:application/octet-stream;base64,";

/**
 * Packs the text of a .gltf whose buffers are data URIs. Base64 is written where
 * it belongs in the file: as a string it would be there three times over.
 *
 * @param json Buffers that are embedded have no `uri` yet; it becomes their last key.
 * @param embedded Content by index into `buffers`.
 */
export function packGltf(json: GltfJson, embedded: ReadonlyMap<number, ChunkSource>): Uint8Array {
  const encoder = new TextEncoder(), pieces: (Uint8Array | ChunkSource)[] = [];
  let text = "{";
  for (const [k, [key, value]] of Object.entries(json).filter(([, value]) => value !== undefined).entries()) {
    text += `${k === 0 ? "" : ","}${JSON.stringify(key)}:`;
    if (key !== "buffers") text += stringifyJson(value as JsonValue);
    else addBuffers(value as readonly JsonObject[]);
  }
  pieces.push(encoder.encode(`${text}}`));
  const sizes = pieces.map((piece) => piece instanceof Uint8Array ? piece.length : base64Length(piece.length));
  const out = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  pieces.forEach((piece, i) => {
    if (piece instanceof Uint8Array) out.set(piece, at);
    else encodeBase64Into(contentOf(piece), out, at);
    at += sizes[i];
  });
  return out;

  function addBuffers(buffers: readonly JsonObject[]): void {
    text += "[";
    buffers.forEach((buffer, i) => {
      const source = embedded.get(i), json = stringifyJson(buffer as JsonValue);
      if (i > 0) text += ",";
      if (source === undefined) {
        text += json;
        return;
      }
      pieces.push(encoder.encode(`${text}${json.slice(0, -1)}${json === "{}" ? "" : ","}"uri":"${DATA_URI}`), source);
      text = '"}';
    });
    text += "]";
  }
}

function contentOf({ length, fill }: ChunkSource): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(bytes);
  return bytes;
}
