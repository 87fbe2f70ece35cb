import { fault, show } from "../gltf/_check.ts";
import { GrowingArray } from "./_growing.ts";
import { Lines } from "./_lines.ts";
import { linearOf } from "./_srgb.ts";
import { NONE, type PlainMesh, type PlainPart } from "./plain_mesh.ts";

/** Names of objects and materials, all together; a file of nothing else is no mesh. */
const MAX_PARTS = 65536;

/**
 * Reads Wavefront OBJ: vertices with or without colours, UVs, normals, polygons
 * (as fans), objects and groups, names of materials. Lines, points, curves,
 * smoothing groups and the colours in .mtl files are left out.
 *
 * @param bytes The whole file.
 * @param path The file as the caller named it.
 * @throws {InputFileError} If a face uses what is not there, or there is none.
 */
export function readObj(bytes: Uint8Array, path: string): PlainMesh {
  if (bytes.subarray(0, 4096).includes(0)) {
    throw fault(path, undefined, "an OBJ must be text", "it has bytes of 0");
  }
  return new ObjReader(new Lines(path, bytes)).read();
}

class ObjReader {
  readonly #lines: Lines;
  readonly #positions = new GrowingArray((n) => new Float64Array(n));
  readonly #uvs = new GrowingArray((n) => new Float64Array(n));
  readonly #normals = new GrowingArray((n) => new Float64Array(n));
  readonly #colors = new GrowingArray((n) => new Float32Array(n));
  readonly #parts = new Map<string, ObjPart>();
  #object: string | undefined;
  #material: string | undefined;
  #part: ObjPart | undefined;
  #hasColors = false;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  read(): PlainMesh {
    for (let word = this.#lines.nextLine(); word !== undefined; word = this.#lines.nextLine()) {
      if (word === "v") this.#position();
      else if (word === "vt") this.#take(this.#uvs, 2);
      else if (word === "vn") this.#take(this.#normals, 3);
      else if (word === "f") this.#face();
      else if (word === "o" || word === "g") this.#name(word);
      else if (word === "usemtl") this.#useMaterial();
    }
    const parts = [...this.#parts.values()].map((part) => part.done());
    if (parts.length === 0) throw fault(this.#lines.file, undefined, "an OBJ must have a face (f)", "it has none");
    return {
      positions: this.#positions.done(),
      uvs: this.#uvs.done(),
      normals: this.#normals.done(),
      colors: this.#hasColors ? this.#colors.done() : new Float32Array(0),
      parts,
    };
  }

  #position(): void {
    this.#take(this.#positions, 3);
    const r = this.#lines.number(), g = this.#lines.number(), b = this.#lines.number();
    const hasColor = r - r === 0 && g - g === 0 && b - b === 0;
    this.#hasColors ||= hasColor;
    for (const value of hasColor ? [linearOf(r), linearOf(g), linearOf(b), 1] : [1, 1, 1, 1]) {
      this.#colors.push(value);
    }
  }

  /** Takes the first numbers of a line; a UV may be short of its second. */
  #take(list: GrowingArray<Float64Array>, count: number): void {
    for (let c = 0; c < count; c++) {
      const word = this.#lines.word();
      if (word === undefined && count === 3) {
        this.#lines.refuse("it must have 3 numbers", `it has ${c}`);
      }
      list.push(word === undefined ? 0 : this.#number(word));
    }
  }

  #number(word: string): number {
    const value = Number(word);
    // Writers spell what is no number in many ways; such a vertex may be there as long as no face uses it.
    if (value === value || /^[-+]?(nan|inf|1\.#)/i.test(word)) return value;
    return this.#lines.refuse("it must have numbers", `it has ${show(word)}`);
  }

  #face(): void {
    const part = this.#part ??= this.#open();
    let corners = 0;
    for (let word = this.#lines.word(); word !== undefined; word = this.#lines.word()) {
      if (word.startsWith("#")) break;
      const [position, uv, normal] = word.split("/");
      corners++;
      part.corner(
        corners,
        this.#index(position, this.#positions.length / 3, "vertices"),
        uv === undefined || uv === "" ? NONE : this.#index(uv, this.#uvs.length / 2, "UVs"),
        normal === undefined || normal === "" ? NONE : this.#index(normal, this.#normals.length / 3, "normals"),
      );
    }
    if (corners < 3) this.#lines.refuse("a face must have 3 corners at least", `it has ${corners}`);
  }

  /** An index from 1, or from the last one backwards when it is negative. */
  #index(word: string, count: number, what: string): number {
    const number = Number(word), index = number < 0 ? count + number : number - 1;
    if (Number.isInteger(number) && index >= 0 && index < count && number !== 0) return index;
    return this.#lines.refuse(`a face must use one of the ${count} ${what} before it`, `it uses ${show(word)}`);
  }

  #name(word: string): void {
    const name = this.#lines.rest();
    // A group without a name ends one; it is no object of its own.
    this.#object = name === "" && word === "g" ? undefined : name;
    this.#part = undefined;
  }

  #useMaterial(): void {
    const name = this.#lines.rest();
    this.#material = name === "" ? undefined : name;
    this.#part = undefined;
  }

  #open(): ObjPart {
    const key = JSON.stringify([this.#object, this.#material]), known = this.#parts.get(key);
    if (known !== undefined) return known;
    if (this.#parts.size === MAX_PARTS) {
      this.#lines.refuse(`a mesh may have ${MAX_PARTS} objects and materials`, "it has more");
    }
    const part = new ObjPart(this.#object, this.#material);
    this.#parts.set(key, part);
    return part;
  }
}

/** The faces of one object and material. */
class ObjPart {
  readonly #position = new GrowingArray((n) => new Uint32Array(n));
  readonly #uv = new GrowingArray((n) => new Uint32Array(n));
  readonly #normal = new GrowingArray((n) => new Uint32Array(n));
  readonly #first = new Uint32Array(3);
  readonly #last = new Uint32Array(3);
  #hasUvs = false;
  #hasNormals = false;

  constructor(readonly object: string | undefined, readonly material: string | undefined) {}

  /** Adds the corner of a polygon, from number 1 on; from the third one on each makes a triangle. */
  corner(number: number, position: number, uv: number, normal: number): void {
    if (number >= 3) {
      this.#add(this.#first[0], this.#first[1], this.#first[2]);
      this.#add(this.#last[0], this.#last[1], this.#last[2]);
      this.#add(position, uv, normal);
    }
    const kept = number === 1 ? this.#first : this.#last;
    kept[0] = position;
    kept[1] = uv;
    kept[2] = normal;
  }

  #add(position: number, uv: number, normal: number): void {
    this.#position.push(position);
    this.#uv.push(uv);
    this.#normal.push(normal);
    this.#hasUvs ||= uv !== NONE;
    this.#hasNormals ||= normal !== NONE;
  }

  done(): PlainPart {
    return {
      object: this.object,
      material: this.material,
      positionOf: this.#position.done(),
      uvOf: this.#hasUvs ? this.#uv.done() : new Uint32Array(0),
      normalOf: this.#hasNormals ? this.#normal.done() : new Uint32Array(0),
    };
  }
}
