import { writeGlb } from "../gltf/_container.ts";
import type { GltfAccessor, GltfJson, GltfMesh, GltfNode, GltfPrimitive } from "../gltf/json_types.ts";
import { type GltfDocument, openGltf } from "../gltf/open.ts";
import { type PartVertices, splitCorners } from "./_split_corners.ts";
import { NONE, type PlainMesh, type PlainPart } from "./plain_mesh.ts";

/** A surface farther from zero than this many of its sizes gets a node that carries it there, or f32 would round it away. */
const FAR = 64;

/**
 * Makes a glTF document of a plain mesh: one node and mesh for each object, one
 * primitive for each of its materials (names alone: the material is glTF's
 * default). Numbers keep the file's unit and axes. UVs count from the top row,
 * as glTF has it.
 *
 * @param mesh As `readObj`, `readPly` or `readStl` give it.
 * @param path The file as the caller named it.
 */
export function plainToGltf(mesh: PlainMesh, path: string): Promise<GltfDocument> {
  const json = new PlainJson(mesh, baseName(path));
  return openGltf(json.pack(), { path });
}

/** The JSON and the data of the document to come. */
class PlainJson {
  readonly #mesh: PlainMesh;
  readonly #offset: readonly number[];
  readonly #data: { readonly at: number; readonly array: Float32Array | Uint32Array }[] = [];
  readonly #accessors: GltfAccessor[] = [];
  readonly #bufferViews: NonNullable<GltfJson["bufferViews"]>[number][] = [];
  readonly #materials = new Map<string, number>();
  readonly #meshes: GltfMesh[] = [];
  readonly #nodes: GltfNode[] = [];
  #length = 0;

  constructor(mesh: PlainMesh, fallbackName: string) {
    this.#mesh = mesh;
    this.#offset = offsetOf(mesh);
    const objects = new Map<string | undefined, PlainPart[]>();
    for (const part of mesh.parts) {
      const parts = objects.get(part.object);
      if (parts === undefined) objects.set(part.object, [part]);
      else parts.push(part);
    }
    for (const [object, parts] of objects) {
      const name = object === undefined || object === "" ? fallbackName : object;
      this.#meshes.push({ name, primitives: parts.map((part) => this.#primitive(part)) });
      this.#nodes.push({
        name,
        mesh: this.#meshes.length - 1,
        ...(this.#offset.some((value) => value !== 0) ? { translation: this.#offset } : {}),
      });
    }
  }

  pack(): Uint8Array {
    const json: GltfJson = {
      asset: { version: "2.0", generator: "Meshtailor" },
      scene: 0,
      scenes: [{ nodes: this.#nodes.map((_, i) => i) }],
      nodes: this.#nodes,
      meshes: this.#meshes,
      ...(this.#materials.size === 0 ? {} : { materials: [...this.#materials.keys()].map((name) => ({ name })) }),
      accessors: this.#accessors,
      bufferViews: this.#bufferViews,
      buffers: [{ byteLength: this.#length }],
    };
    const fill = (bytes: Uint8Array) => {
      for (const { at, array } of this.#data) {
        bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
      }
    };
    return writeGlb(new TextEncoder().encode(JSON.stringify(json)), { length: this.#length, fill }, []);
  }

  #primitive(part: PlainPart): GltfPrimitive {
    const { positions, uvs, colors } = this.#mesh, vertices = splitCorners(part, positions.length / 3);
    const places = Float32Array.from(
      { length: 3 * vertices.position.length },
      (_, i) => positions[3 * vertices.position[Math.floor(i / 3)] + i % 3] - this.#offset[i % 3],
    );
    const normals = this.#normals(vertices);
    const attributes = {
      POSITION: this.#accessor(places, "VEC3", boundsOf(places)),
      ...(normals === undefined ? {} : { NORMAL: this.#accessor(normals, "VEC3") }),
      ...(vertices.uv.length === 0 ? {} : { TEXCOORD_0: this.#accessor(uvsOf(vertices.uv, uvs), "VEC2") }),
      ...(colors.length === 0 ? {} : { COLOR_0: this.#accessor(colorsOf(vertices.position, colors), "VEC4") }),
    };
    const indices = this.#accessor(vertices.indices, "SCALAR"), { material } = part;
    return { attributes, indices, ...(material === undefined ? {} : { material: this.#material(material) }) };
  }

  /** Unit normals; none at all when a vertex has none that can be used. */
  #normals({ normal }: PartVertices): Float32Array | undefined {
    const { normals } = this.#mesh, out = new Float32Array(3 * normal.length);
    if (normal.length === 0) return undefined;
    for (let v = 0; v < normal.length; v++) {
      if (normal[v] === NONE) return undefined;
      const x = normals[3 * normal[v]], y = normals[3 * normal[v] + 1], z = normals[3 * normal[v] + 2];
      const length = Math.sqrt(x * x + y * y + z * z);
      if (!(length > 1e-12 && length < Infinity)) return undefined;
      out[3 * v] = x / length;
      out[3 * v + 1] = y / length;
      out[3 * v + 2] = z / length;
    }
    return out;
  }

  #accessor(array: Float32Array | Uint32Array, type: string, bounds: Partial<GltfAccessor> = {}): number {
    const components = type === "SCALAR" ? 1 : Number(type.slice(3));
    const isIndices = array instanceof Uint32Array, { byteLength } = array;
    this.#bufferViews.push({ buffer: 0, byteOffset: this.#length, byteLength, target: isIndices ? 34963 : 34962 });
    this.#data.push({ at: this.#length, array });
    this.#length += byteLength;
    const accessor = { bufferView: this.#bufferViews.length - 1, componentType: isIndices ? 5125 : 5126, type };
    return this.#accessors.push({ ...accessor, count: array.length / components, ...bounds }) - 1;
  }

  #material(name: string): number {
    const known = this.#materials.get(name) ?? this.#materials.size;
    this.#materials.set(name, known);
    return known;
  }
}

/** Where the surface lies, when that is far from zero for its size; whole numbers, so that nothing is rounded. */
function offsetOf({ positions }: PlainMesh): number[] {
  const { min, max } = boundsOf(positions);
  const middle = min.map((low, c) => Math.round((low + max[c]) / 2));
  const size = Math.max(...min.map((low, c) => max[c] - low));
  return Math.max(...middle.map(Math.abs)) > FAR * size && size > 0 ? middle : [0, 0, 0];
}

/** Bounds of what is finite; zero where nothing is. */
function boundsOf(positions: Float32Array | Float64Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity], max = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const value = positions[i];
    if (value - value !== 0) continue;
    if (value < min[i % 3]) min[i % 3] = value;
    if (value > max[i % 3]) max[i % 3] = value;
  }
  const isEmpty = min.some((value) => value === Infinity);
  return isEmpty ? { min: [0, 0, 0], max: [0, 0, 0] } : { min, max };
}

function uvsOf(uv: Uint32Array, uvs: Float64Array): Float32Array {
  const out = new Float32Array(2 * uv.length);
  for (let v = 0; v < uv.length; v++) {
    const at = uv[v] === NONE ? -1 : 2 * uv[v];
    out[2 * v] = at < 0 ? 0 : finite(uvs[at]);
    out[2 * v + 1] = at < 0 ? 1 : 1 - finite(uvs[at + 1]);
  }
  return out;
}

function colorsOf(position: Uint32Array, colors: Float32Array): Float32Array {
  return Float32Array.from({ length: 4 * position.length }, (_, i) => colors[4 * position[i >> 2] + (i & 3)]);
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return name.replace(/\.[^.]*$/, "") || "mesh";
}
