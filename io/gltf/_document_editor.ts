import { encodeBase64 } from "./_base64.ts";
import { padded, writeGlb } from "./_container.ts";
import { stringifyJson } from "./_json_text.ts";
import { isDataUri } from "./_uri.ts";
import type { GltfBuffer, GltfJson, JsonValue } from "./json_types.ts";
import type { GltfDocument } from "./open.ts";

/** Lists of the JSON an edit may touch. */
type ListKey =
  | "accessors"
  | "bufferViews"
  | "buffers"
  | "nodes"
  | "meshes"
  | "skins"
  | "scenes"
  | "images";
type Item<K extends ListKey> = NonNullable<GltfJson[K]>[number];

/**
 * A document being changed. The original stays as it is: lists, entries and
 * bytes are copied when first touched, everything else is shared with it.
 */
export class DocumentEditor {
  /** The JSON with all changes so far; read only, change it through the editor. */
  json: GltfJson;
  readonly #owned = new Set<ListKey>();
  readonly #copies = new Map<number, Uint8Array>();
  readonly #appended: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #length: number;

  /** Starts with the document as it is. */
  constructor(readonly document: GltfDocument) {
    this.json = document.json;
    this.#length = document.buffers[0]?.length ?? 0;
  }

  /** Replaces top-level entries. */
  patch(entries: Partial<GltfJson>): void {
    this.json = { ...this.json, ...entries };
  }

  /** Removes a top-level entry. */
  remove(key: keyof GltfJson): void {
    const { [key]: _, ...rest } = this.json;
    this.json = rest as GltfJson;
  }

  /** Replaces an entry of a list. */
  set<K extends ListKey>(key: K, index: number, value: Item<K>): void {
    this.#own(key)[index] = value;
  }

  /** Adds an entry to a list and returns its index. */
  add<K extends ListKey>(key: K, value: Item<K>): number {
    return this.#own(key).push(value) - 1;
  }

  /** The bytes of a buffer, free to be overwritten. */
  bytesOf(buffer: number): Uint8Array {
    const known = this.#copies.get(buffer);
    if (known !== undefined) return known;
    const copy = this.document.buffers[buffer].slice();
    this.#copies.set(buffer, copy);
    return copy;
  }

  /** The document with the overwritten bytes, to read them back; without what was appended. */
  overwritten(): GltfDocument {
    const buffers = this.document.buffers.map((bytes, i) => this.#copies.get(i) ?? bytes);
    return { ...this.document, json: this.json, buffers };
  }

  /** Appends bytes to the first buffer and returns their new buffer view. */
  append(array: ArrayBufferView, target?: number): number {
    if (this.json.buffers === undefined || this.json.buffers.length === 0) {
      this.patch({ buffers: [{ byteLength: 0 }] });
    }
    const bytes = new Uint8Array(
      array.buffer,
      array.byteOffset,
      array.byteLength,
    );
    const at = padded(this.#length);
    this.#appended.push({ at, bytes });
    this.#length = at + bytes.length;
    const view = { buffer: 0, byteOffset: at, byteLength: bytes.length };
    return this.add(
      "bufferViews",
      target === undefined ? view : { ...view, target },
    );
  }

  /** Packs the document: one file, buffers inside it. */
  finish(format: "glb" | "gltf"): Uint8Array {
    const { document } = this, before = this.json.buffers ?? [];
    const buffers = before.map((buffer, i) => this.#packBuffer(buffer, i, format === "glb" && i === 0));
    const isSame = this.json === document.json &&
      document.container === format &&
      buffers.every((buffer, i) => buffer === before[i]);
    if (buffers.some((buffer, i) => buffer !== before[i])) {
      this.patch({ buffers });
    }
    const json = isSame ? document.jsonBytes : new TextEncoder().encode(
      stringifyJson(this.json as unknown as JsonValue),
    );
    if (format === "gltf") return isSame ? json.slice() : json;
    return writeGlb(
      json,
      before.length === 0 ? undefined : this.#bytesWithAppended(0),
      document.extraChunks,
    );
  }

  /** The entry of a buffer in the file to come; the very same object where nothing changes. */
  #packBuffer(buffer: GltfBuffer, i: number, isChunk: boolean): GltfBuffer {
    const isTouched = this.#copies.has(i) ||
      (i === 0 && this.#appended.length > 0);
    const byteLength = i === 0 ? this.#length : buffer.byteLength;
    if (isChunk) {
      if (buffer.uri === undefined && byteLength === buffer.byteLength) {
        return buffer;
      }
      const { uri: _, ...rest } = buffer;
      return { ...rest, byteLength };
    }
    if (!isTouched && buffer.uri !== undefined && isDataUri(buffer.uri)) {
      return buffer;
    }
    return {
      ...buffer,
      byteLength,
      uri: `data:application/octet-stream;base64,${encodeBase64(this.#bytesWithAppended(i))}`,
    };
  }

  #bytesWithAppended(i: number): Uint8Array {
    const bytes = this.#copies.get(i) ?? this.document.buffers[i] ??
      new Uint8Array(0);
    if (i !== 0 || this.#appended.length === 0) return bytes;
    const out = new Uint8Array(this.#length);
    out.set(bytes);
    for (const { at, bytes } of this.#appended) out.set(bytes, at);
    return out;
  }

  #own<K extends ListKey>(key: K): Item<K>[] {
    if (!this.#owned.has(key) || this.json[key] === undefined) {
      this.patch({ [key]: [...(this.json[key] ?? [])] });
      this.#owned.add(key);
    }
    return this.json[key] as Item<K>[];
  }
}
