import { byteRangeOf } from "./_column.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import type { GltfJson, GltfPrimitive } from "./json_types.ts";

/** Counts who uses each accessor, so that no change reaches something it was not meant for. */
export class AccessorUsers {
  readonly #uses = new Map<number, number>();

  /** Counts the uses in the document as it is. */
  constructor(json: GltfJson) {
    for (const mesh of json.meshes ?? []) {
      mesh.primitives.forEach((primitive) => this.addPrimitive(primitive));
    }
    for (const { inverseBindMatrices } of json.skins ?? []) {
      this.add(inverseBindMatrices);
    }
    for (const { samplers } of json.animations ?? []) {
      for (const { input, output } of samplers) {
        this.add(input);
        this.add(output);
      }
    }
  }

  /** Counts one use more, or `-1` for one less. */
  add(accessor: number | undefined, change: 1 | -1 = 1): void {
    if (accessor !== undefined) {
      this.#uses.set(accessor, (this.#uses.get(accessor) ?? 0) + change);
    }
  }

  /** Counts the uses of a primitive, which was copied. */
  addPrimitive(primitive: GltfPrimitive): void {
    this.add(primitive.indices);
    for (const source of [primitive.attributes, ...(primitive.targets ?? [])]) {
      for (const accessor of Object.values(source)) this.add(accessor);
    }
  }

  /** How often an accessor is used. */
  count(accessor: number): number {
    return this.#uses.get(accessor) ?? 0;
  }
}

/**
 * Whether the bytes of an accessor are its own: no other accessor, image or
 * sparse part has a byte in common with its elements. Interleaved attributes of
 * one stride lie between each other without touching.
 */
export function ownsItsBytes({ json, document }: DocumentEditor, index: number): boolean {
  const accessor = json.accessors![index], range = byteRangeOf(json, accessor);
  if (range === undefined || accessor.sparse !== undefined) return false;
  // One that this edit made has its bytes elsewhere.
  if (document.json.accessors?.[index]?.bufferView !== accessor.bufferView) return false;
  // A view with an extension may hold something else than its bytes say (compression).
  if (json.bufferViews![accessor.bufferView!].extensions !== undefined) {
    return false;
  }
  const viewMeets = (view: number) => {
    const { buffer, byteOffset = 0, byteLength } = json.bufferViews![view];
    return buffer === range.buffer && byteOffset < range.end &&
      byteOffset + byteLength > range.start;
  };
  for (const image of json.images ?? []) {
    if (image.bufferView !== undefined && viewMeets(image.bufferView)) {
      return false;
    }
  }
  return json.accessors!.every((other, i) => {
    if (
      other.sparse !== undefined &&
      (viewMeets(other.sparse.indices.bufferView) ||
        viewMeets(other.sparse.values.bufferView))
    ) return false;
    const theirs = i === index ? undefined : byteRangeOf(json, other);
    if (
      theirs === undefined || theirs.buffer !== range.buffer ||
      theirs.start >= range.end || theirs.end <= range.start
    ) return true;
    if (theirs.stride !== range.stride) return false;
    const shift = (((theirs.start - range.start) % range.stride) + range.stride) %
      range.stride;
    return shift >= range.size && shift + theirs.size <= range.stride;
  });
}
