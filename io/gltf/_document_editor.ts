import type { ComponentArray } from "./_components.ts";
import { type ChunkSource, padded, writeGlb } from "./_container.ts";
import { isFallback, meshoptOf, withMeshoptPlace } from "./_meshopt.ts";
import { packGltf } from "./_pack_gltf.ts";
import { isDataUri } from "./_uri.ts";
import type { GltfBuffer, GltfJson, GltfPrimitive } from "./json_types.ts";
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

/** Changes the bytes of a buffer in the file to come. */
export type Overwrite = (bytes: Uint8Array) => void;

/**
 * A document being changed. The original stays as it is: lists and entries are
 * copied when first touched, bytes are changed only in the file to come, which
 * is the one copy that is made of them.
 */
export class DocumentEditor {
  /** The JSON with all changes so far; read only, change it through the editor. */
  json: GltfJson;
  readonly #owned = new Set<ListKey>();
  readonly #overwrites = new Map<number, Overwrite[]>();
  readonly #appended: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  /** Lists of primitives that are this editor's own, by themselves. */
  readonly #primitives = new Map<readonly GltfPrimitive[], GltfPrimitive[]>();
  readonly #rewritten = new Set<number>();
  readonly #values = new Map<number, ComponentArray>();
  readonly #dropped = new Set<number>();
  /** The buffer that new bytes go to, and that becomes the binary chunk. */
  readonly #home: number;
  #length: number;
  #changes = 0;

  /** Starts with the document as it is. */
  constructor(readonly document: GltfDocument) {
    this.json = document.json;
    const buffers = document.json.buffers ?? [], first = buffers.findIndex((buffer) => !isFallback(buffer));
    this.#home = first < 0 ? buffers.length : first;
    this.#length = document.buffers[this.#home]?.length ?? 0;
  }

  /** How often something was changed so far. */
  get changes(): number {
    return this.#changes;
  }

  /** Replaces top-level entries. */
  patch(entries: Partial<GltfJson>): void {
    this.#changes++;
    this.json = { ...this.json, ...entries };
  }

  /** Removes a top-level entry. */
  remove(key: keyof GltfJson): void {
    this.#changes++;
    const { [key]: _, ...rest } = this.json;
    this.json = rest as GltfJson;
  }

  /** Replaces an entry of a list. */
  set<K extends ListKey>(key: K, index: number, value: Item<K>): void {
    this.#own(key)[index] = value;
  }

  /** Replaces a primitive of a mesh. */
  setPrimitive(mesh: number, primitive: number, value: GltfPrimitive): void {
    const entry = this.json.meshes![mesh];
    let primitives = this.#primitives.get(entry.primitives);
    if (primitives === undefined) {
      primitives = [...entry.primitives];
      this.#primitives.set(primitives, primitives);
      this.set("meshes", mesh, { ...entry, primitives });
    }
    primitives[primitive] = value;
    this.#changes++;
  }

  /** Adds an entry to a list and returns its index. */
  add<K extends ListKey>(key: K, value: Item<K>): number {
    return this.#own(key).push(value) - 1;
  }

  /** Notes new values of an accessor where its old ones lie; `write` is called when the file is packed, with what the buffer holds. */
  overwrite(accessor: number, buffer: number, write: Overwrite): void {
    this.#changes++;
    this.#rewritten.add(accessor);
    this.#overwrites.set(buffer, [...this.#overwrites.get(buffer) ?? [], write]);
  }

  /** Remembers the packed elements that {@linkcode append} was given for an accessor; they may still be changed. */
  keepValues(accessor: number, packed: ComponentArray): void {
    this.#values.set(accessor, packed);
  }

  /** Elements given to {@linkcode keepValues}. */
  valuesOf(accessor: number): ComponentArray | undefined {
    return this.#values.get(accessor);
  }

  /** Whether an accessor is new or got new values; then the document does not tell what it holds. */
  isRewritten(accessor: number): boolean {
    return this.#rewritten.has(accessor) ||
      this.json.accessors![accessor].bufferView !== this.document.json.accessors?.[accessor]?.bufferView;
  }

  /** Appends bytes to the first buffer and returns their new buffer view. They are read when the file is packed. */
  append(array: ArrayBufferView, description: { target?: number; byteStride?: number } = {}): number {
    if (this.json.buffers?.[this.#home] === undefined) this.add("buffers", { byteLength: 0 });
    const bytes = new Uint8Array(
      array.buffer,
      array.byteOffset,
      array.byteLength,
    );
    const at = padded(this.#length);
    this.#appended.push({ at, bytes });
    this.#length = at + bytes.length;
    return this.add("bufferViews", {
      buffer: this.#home,
      byteOffset: at,
      byteLength: bytes.length,
      ...description,
    });
  }

  /** Leaves a buffer out of the file to come; nothing may refer to it any more. */
  dropBuffer(buffer: number): void {
    this.#dropped.add(buffer);
  }

  /** Packs the document: one file, buffers inside it. */
  finish(format: "glb" | "gltf"): Uint8Array {
    const { document } = this;
    const order = this.#orderBuffers(format), before = this.json.buffers ?? [];
    const isBinary = (i: number) => format === "glb" && i === this.#home;
    const embedded = new Map<number, ChunkSource>();
    const buffers = order.map((i, place) => {
      const isEmbedded = !isBinary(i) && this.#needsEmbedding(before[i], i);
      if (isEmbedded) embedded.set(place, this.#contentOf(i));
      return this.#entryOf(before[i], i, isBinary(i) || isEmbedded);
    });
    const isChanged = buffers.length < before.length || buffers.some((buffer, i) => buffer !== before[i]);
    if (isChanged) this.patch({ buffers });
    const isSame = this.json === document.json && document.container === format && embedded.size === 0;
    if (format === "gltf") return isSame ? document.jsonBytes.slice() : packGltf(this.json, embedded);
    const json = isSame ? document.jsonBytes : packGltf(this.json, embedded);
    return writeGlb(json, order.some(isBinary) ? this.#contentOf(this.#home) : undefined, document.extraChunks);
  }

  /**
   * The buffers to write, by index; the binary chunk has to be the first. Where
   * that changes places, the links of buffer views follow.
   */
  #orderBuffers(format: "glb" | "gltf"): number[] {
    const all = (this.json.buffers ?? []).map((_, i) => i).filter((i) => !this.#dropped.has(i));
    const order = format === "glb" && all.includes(this.#home)
      ? [this.#home, ...all.filter((i) => i !== this.#home)]
      : all;
    if (order.every((i, k) => i === k)) return order;
    const placeOf = (buffer: number) => ({ buffer: order.indexOf(buffer), shift: 0 });
    this.json.bufferViews?.forEach((view, i) => {
      const moved = { ...withMeshoptPlace(view, placeOf), buffer: order.indexOf(view.buffer) };
      if (moved.buffer !== view.buffer || meshoptOf(view) !== undefined) this.set("bufferViews", i, moved);
    });
    return order;
  }

  /** Whether a buffer becomes a data URI; one that is one and did not change stays as it is. */
  #needsEmbedding(buffer: GltfBuffer, i: number): boolean {
    if (isFallback(buffer)) return false;
    const isTouched = this.#overwrites.has(i) || (i === this.#home && this.#appended.length > 0);
    return isTouched || buffer.uri === undefined || !isDataUri(buffer.uri);
  }

  /** The entry of a buffer in the file to come; the very same object where nothing changes. */
  #entryOf(buffer: GltfBuffer, i: number, isInFile: boolean): GltfBuffer {
    const byteLength = i === this.#home ? this.#length : buffer.byteLength;
    if (!isInFile || (buffer.uri === undefined && byteLength === buffer.byteLength)) return buffer;
    const { uri: _, ...rest } = buffer;
    return { ...rest, byteLength };
  }

  /** The content of a buffer with all its changes. */
  #contentOf(buffer: number): ChunkSource {
    const isHome = buffer === this.#home, bytes = this.document.buffers[buffer] ?? new Uint8Array(0);
    return {
      length: isHome ? this.#length : bytes.length,
      fill: (out) => {
        out.set(bytes);
        for (const write of this.#overwrites.get(buffer) ?? []) write(out);
        if (isHome) { for (const { at, bytes } of this.#appended) out.set(bytes, at); }
      },
    };
  }

  /** A list that may be changed in place, which its caller is about to do. */
  #own<K extends ListKey>(key: K): Item<K>[] {
    this.#changes++;
    if (!this.#owned.has(key) || this.json[key] === undefined) {
      this.patch({ [key]: [...(this.json[key] ?? [])] });
      this.#owned.add(key);
    }
    return this.json[key] as Item<K>[];
  }
}
