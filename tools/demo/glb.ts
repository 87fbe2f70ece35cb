/**
 * Writes a .glb: one buffer, one view and accessor per array.
 *
 * @module
 */

/** A JSON value as it stands in a glTF document. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** The typed arrays an accessor can be made from. */
type Elements = Float32Array | Uint16Array | Uint8Array;

const COMPONENT_TYPES = new Map<unknown, number>([[Float32Array, 5126], [Uint16Array, 5123], [Uint8Array, 5121]]);
const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 } as const;
/** What a buffer view is for: vertex attributes, indices, or neither. */
export const TARGETS = { attributes: 34962, indices: 34963, data: undefined } as const;

/** Collects arrays, then writes them behind a document. */
export class GlbWriter {
  readonly #views: Json[] = [];
  readonly #accessors: Json[] = [];
  readonly #chunks: Uint8Array[] = [];
  #byteLength = 0;

  /**
   * Adds an array.
   *
   * @param bounds Write `min` and `max`, which glTF wants for positions.
   * @returns The accessor's index.
   */
  add(values: Elements, type: keyof typeof WIDTHS, target: keyof typeof TARGETS, bounds = false): number {
    const width = WIDTHS[type];
    const view: Record<string, Json> = { buffer: 0, byteOffset: this.#byteLength, byteLength: values.byteLength };
    if (TARGETS[target] !== undefined) view.target = TARGETS[target];
    const accessor: Record<string, Json> = {
      bufferView: this.#views.push(view) - 1,
      componentType: COMPONENT_TYPES.get(values.constructor)!,
      count: values.length / width,
      type,
    };
    if (bounds) {
      const column = (k: number) => Array.from(values).filter((_, i) => i % width === k);
      const each = Array.from({ length: width }, (_, k) => column(k));
      accessor.min = each.map((c) => c.reduce((a, b) => Math.min(a, b)));
      accessor.max = each.map((c) => c.reduce((a, b) => Math.max(a, b)));
    }
    this.#append(littleEndian(values));
    return this.#accessors.push(accessor) - 1;
  }

  /** The finished file; `document` holds everything but accessors, views and buffers. */
  finish(document: { readonly [key: string]: Json }): Uint8Array<ArrayBuffer> {
    const json = new TextEncoder().encode(JSON.stringify({
      ...document,
      accessors: this.#accessors,
      bufferViews: this.#views,
      buffers: [{ byteLength: this.#byteLength }],
    }));
    const jsonLength = Math.ceil(json.length / 4) * 4;
    const file = new Uint8Array(28 + jsonLength + this.#byteLength);
    const header = new DataView(file.buffer);
    const words = [0x46546c67, 2, file.length, jsonLength, 0x4e4f534a]; // "glTF", version, "JSON"
    words.forEach((word, i) => header.setUint32(4 * i, word, true));
    file.fill(0x20, 20, 20 + jsonLength).set(json, 20);
    header.setUint32(20 + jsonLength, this.#byteLength, true);
    header.setUint32(24 + jsonLength, 0x004e4942, true); // "BIN"
    let at = 28 + jsonLength;
    for (const chunk of this.#chunks) {
      file.set(chunk, at);
      at += chunk.length;
    }
    return file;
  }

  #append(bytes: Uint8Array): void {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    this.#chunks.push(padded);
    this.#byteLength += padded.length;
  }
}

/** The bytes of an array in the order glTF wants, whatever the machine's. */
function littleEndian(values: Elements): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.byteLength), view = new DataView(bytes.buffer);
  values.forEach((value, i) =>
    values instanceof Float32Array ? view.setFloat32(4 * i, value, true) : view.setUint16(2 * i, value, true)
  );
  return bytes;
}
