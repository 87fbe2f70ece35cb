import { type GltfDocument, openGltf } from "../../../io/mod.ts";

/** JSON with every part free to be broken. */
// deno-lint-ignore no-explicit-any
export type LooseJson = Record<string, any>;

type Components =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Float32Array;

const CODES = new Map<unknown, number>([
  [Int8Array, 5120],
  [Uint8Array, 5121],
  [Int16Array, 5122],
  [Uint16Array, 5123],
  [Uint32Array, 5125],
  [Float32Array, 5126],
]);
const SIZES: Record<string, number> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT4: 16,
};

/** Builds small glTF files by hand, right or wrong. */
export class Builder {
  json: LooseJson = {
    asset: { version: "2.0", generator: "tests" },
    scene: 0,
    scenes: [{ nodes: [] }],
    nodes: [],
    meshes: [],
    accessors: [],
    bufferViews: [],
    buffers: [],
  };
  #bytes: number[] = [];

  /** Adds bytes and a view of them; returns the view. */
  view(array: ArrayBufferView, extra: LooseJson = {}): number {
    while (this.#bytes.length % 4 !== 0) this.#bytes.push(0);
    const bytes = new Uint8Array(
      array.buffer,
      array.byteOffset,
      array.byteLength,
    );
    this.json.bufferViews.push({
      buffer: 0,
      byteOffset: this.#bytes.length,
      byteLength: bytes.length,
      ...extra,
    });
    for (const byte of bytes) this.#bytes.push(byte); // not spread: a large mesh has more than a call takes
    return this.json.bufferViews.length - 1;
  }

  /** Adds an accessor over elements; `stride` in components spreads them. Returns the accessor. */
  accessor(
    array: Components,
    type: string,
    extra: LooseJson = {},
    stride?: number,
  ): number {
    const size = SIZES[type], count = array.length / size;
    let stored = array, viewExtra: LooseJson = {};
    if (stride !== undefined) {
      stored = new (array.constructor as new (n: number) => Components)(
        stride * count,
      );
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < size; c++) {
          stored[stride * i + c] = array[size * i + c];
        }
      }
      viewExtra = { byteStride: stride * array.BYTES_PER_ELEMENT };
    }
    const bounds = extra.bounds === true ? boundsOf(array, size) : {};
    const { bounds: _, ...rest } = extra;
    this.json.accessors.push({
      bufferView: this.view(stored, viewExtra),
      componentType: CODES.get(array.constructor),
      count,
      type,
      ...bounds,
      ...rest,
    });
    return this.json.accessors.length - 1;
  }

  /** Adds positions with their bounds. */
  positions(numbers: Iterable<number>): number {
    return this.accessor(Float32Array.from(numbers), "VEC3", { bounds: true });
  }

  /** Adds a mesh. */
  mesh(primitives: LooseJson[], extra: LooseJson = {}): number {
    return this.json.meshes.push({ primitives, ...extra }) - 1;
  }

  /** Adds a node, to the scene too unless `isRoot` is false. */
  node(node: LooseJson, isRoot = true): number {
    const index = this.json.nodes.push(node) - 1;
    if (isRoot) this.json.scenes[0].nodes.push(index);
    return index;
  }

  /** The bytes added so far. */
  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** The file as .glb. */
  glb(): Uint8Array {
    if (this.#bytes.length > 0 && this.json.buffers.length === 0) {
      this.json.buffers.push({ byteLength: this.#bytes.length });
    }
    for (const key of Object.keys(this.json)) {
      if (Array.isArray(this.json[key]) && this.json[key].length === 0) {
        delete this.json[key];
      }
    }
    return packGlb(JSON.stringify(this.json), this.bytes);
  }

  /** The file, opened. */
  open(): Promise<GltfDocument> {
    return openGltf(this.glb(), { path: "test.glb" });
  }
}

/** Packs a .glb from text and bytes. */
export function packGlb(json: string, bin?: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(json),
    pad = (n: number) => Math.ceil(n / 4) * 4;
  const hasBin = bin !== undefined && bin.length > 0;
  const length = 20 + pad(text.length) + (hasBin ? 8 + pad(bin.length) : 0);
  const out = new Uint8Array(length), view = new DataView(out.buffer);
  [0x46546c67, 2, length, pad(text.length), 0x4e4f534a].forEach((value, i) => view.setUint32(4 * i, value, true));
  out.fill(0x20, 20, 20 + pad(text.length)).set(text, 20);
  if (hasBin) {
    const at = 20 + pad(text.length);
    view.setUint32(at, pad(bin.length), true);
    view.setUint32(at + 4, 0x004e4942, true);
    out.set(bin, at + 8);
  }
  return out;
}

function boundsOf(array: Components, size: number): LooseJson {
  const min = Array(size).fill(Infinity), max = Array(size).fill(-Infinity);
  array.forEach((value, i) => {
    min[i % size] = Math.min(min[i % size], value);
    max[i % size] = Math.max(max[i % size], value);
  });
  return { min, max };
}

/** Corners of a unit square in the xy-plane, two triangles, facing +Z. */
export const SQUARE = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0];
/** Its faces. */
export const SQUARE_FACES = [0, 1, 2, 0, 2, 3];

/** A file with the square at one node. */
export function square(
  node: LooseJson = {},
  primitive: LooseJson = {},
): Builder {
  const b = new Builder();
  const attributes = {
    POSITION: b.positions(SQUARE),
    NORMAL: b.accessor(
      new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]),
      "VEC3",
    ),
  };
  const indices = b.accessor(Uint16Array.from(SQUARE_FACES), "SCALAR");
  b.mesh([{ attributes, indices, ...primitive }], { name: "square" });
  b.node({ mesh: 0, name: "card", ...node });
  return b;
}

/**
 * A square bound to two joints: the left half to `hip` at the origin, the right
 * half to `knee`, one metre along x, turned a quarter around z in the bind pose.
 */
export function skinnedSquare(node: LooseJson = {}): Builder {
  const b = square(node), s = Math.SQRT1_2;
  const { attributes } = b.json.meshes[0].primitives[0];
  attributes.JOINTS_0 = b.accessor(
    Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
    "VEC4",
  );
  attributes.WEIGHTS_0 = b.accessor(
    Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
    "VEC4",
  );
  const knee = b.node({
    name: "knee",
    translation: [1, 0, 0],
    rotation: [0, 0, s, s],
  }, false);
  const hip = b.node({ name: "hip", children: [knee] });
  // The inverse of a quarter turn around z at (1, 0, 0): x' = y, y' = 1 - x.
  const inverse = [0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1];
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  b.json.skins = [{
    name: "rig",
    joints: [hip, knee],
    inverseBindMatrices: b.accessor(
      Float32Array.from([...identity, ...inverse]),
      "MAT4",
    ),
  }];
  b.json.nodes[0].skin = 0;
  return b;
}
