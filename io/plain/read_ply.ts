import { fault } from "../gltf/_check.ts";
import { GrowingArray } from "./_growing.ts";
import { type PlyElement, type PlyProperty, type PlyType, readPlyHeader } from "./_ply_header.ts";
import { openPlyValues, type PlyValues } from "./_ply_values.ts";
import { linearOf } from "./_srgb.ts";
import type { PlainMesh } from "./plain_mesh.ts";

/**
 * Reads PLY, as text and binary of either byte order: positions, normals, UVs
 * and colours of vertices, and polygons (as fans). Other elements and
 * properties are left out; the UVs some writers give to faces too.
 *
 * @param bytes The whole file.
 * @param path The file as the caller named it.
 * @throws {InputFileError} If the data are not what the header declares, a face uses what is not there, or there is none.
 */
export function readPly(bytes: Uint8Array, path: string): PlainMesh {
  const header = readPlyHeader(bytes, path), values = openPlyValues(bytes, header, path);
  const vertices = header.elements.find(({ name }) => name === "vertex");
  const target = new PlyVertices(vertices, path);
  let positionOf: Uint32Array | undefined;
  for (const element of header.elements) {
    if (element === vertices) target.read(values);
    else if (element.name === "face") positionOf = readFaces(element, values, vertices!.count);
    else skip(element, values);
  }
  if (positionOf === undefined || positionOf.length === 0) {
    throw fault(path, undefined, "a PLY must have a face", "it has none; it may be a cloud of points");
  }
  const none = new Uint32Array(0);
  return {
    ...target.done(),
    parts: [{
      object: undefined,
      material: undefined,
      positionOf,
      uvOf: target.hasUvs ? positionOf : none,
      normalOf: target.hasNormals ? positionOf : none,
    }],
  };
}

/** Names that writers give to what we read. */
const NAMES: readonly (readonly string[])[] = [
  ["x"],
  ["y"],
  ["z"],
  ["nx"],
  ["ny"],
  ["nz"],
  ["s", "u", "texture_u", "tx"],
  ["t", "v", "texture_v", "ty"],
  ["red", "diffuse_red", "r"],
  ["green", "diffuse_green", "g"],
  ["blue", "diffuse_blue", "b"],
  ["alpha", "a"],
];
const X = 0, NX = 3, U = 6, RED = 8, ALPHA = 11;

/** The vertices of a PLY. */
class PlyVertices {
  readonly hasNormals: boolean;
  readonly hasUvs: boolean;
  readonly #hasColors: boolean;
  readonly #slots: readonly number[];
  readonly #count: number;
  #positions = new Float64Array(0);
  #normals = new Float64Array(0);
  #uvs = new Float64Array(0);
  #colors = new Float32Array(0);

  constructor(readonly element: PlyElement | undefined, path: string) {
    const properties = element?.properties ?? [];
    const slotOf = ({ name, countType }: PlyProperty) =>
      countType === undefined ? NAMES.findIndex((names) => names.includes(name)) : -1;
    this.#slots = properties.map(slotOf);
    const has = (first: number, count: number) =>
      Array.from({ length: count }, (_, k) => first + k).every((slot) => this.#slots.includes(slot));
    if (!has(X, 3)) throw fault(path, undefined, "a PLY must have vertices with x, y and z", "it has none");
    [this.hasNormals, this.hasUvs, this.#hasColors] = [has(NX, 3), has(U, 2), has(RED, 3)];
    this.#count = element!.count;
  }

  /** Reads all of them; the header was checked, so there are bytes for each. */
  read(values: PlyValues): void {
    const n = this.#count, { properties } = this.element!, row = new Float64Array(NAMES.length);
    this.#positions = new Float64Array(3 * n);
    this.#normals = new Float64Array(this.hasNormals ? 3 * n : 0);
    this.#uvs = new Float64Array(this.hasUvs ? 2 * n : 0);
    this.#colors = new Float32Array(this.#hasColors ? 4 * n : 0);
    row[ALPHA] = 1;
    for (let v = 0; v < n; v++) {
      for (let p = 0; p < properties.length; p++) {
        const value = readProperty(properties[p], values), slot = this.#slots[p];
        if (slot >= 0) row[slot] = slot < RED ? value : value / unitOf(properties[p].type);
      }
      for (let c = 0; c < 3; c++) this.#positions[3 * v + c] = row[X + c];
      if (this.hasNormals) { for (let c = 0; c < 3; c++) this.#normals[3 * v + c] = row[NX + c]; }
      if (this.hasUvs) { for (let c = 0; c < 2; c++) this.#uvs[2 * v + c] = row[U + c]; }
      if (!this.#hasColors) continue;
      for (let c = 0; c < 3; c++) this.#colors[4 * v + c] = linearOf(row[RED + c]);
      this.#colors[4 * v + 3] = Math.min(1, Math.max(0, row[ALPHA]));
    }
  }

  done(): Omit<PlainMesh, "parts"> {
    return { positions: this.#positions, normals: this.#normals, uvs: this.#uvs, colors: this.#colors };
  }
}

/** Three corners a face; polygons as fans, those of fewer than three corners left out. */
function readFaces({ count, properties }: PlyElement, values: PlyValues, vertexCount: number): Uint32Array {
  const out = new GrowingArray((n) => new Uint32Array(n));
  for (let f = 0; f < count; f++) {
    for (const property of properties) {
      if (property.countType === undefined || !/^vertex_ind(ices|ex)$/.test(property.name)) {
        readProperty(property, values);
        continue;
      }
      const corners = values.next(property.countType);
      let first = 0, last = 0;
      for (let k = 0; k < corners; k++) {
        const index = values.next(property.type);
        if (!(index >= 0 && index < vertexCount)) {
          values.refuse(`a face must use one of the ${vertexCount} vertices`, `face ${f} uses ${index}`);
        }
        if (k >= 2) {
          out.push(first);
          out.push(last);
          out.push(index);
        }
        if (k === 0) first = index;
        last = index;
      }
    }
  }
  return out.done();
}

/** Reads a value; of a list, all of them, the last one is returned. */
function readProperty({ type, countType }: PlyProperty, values: PlyValues): number {
  const count = countType === undefined ? 1 : values.next(countType);
  let value = NaN;
  for (let i = 0; i < count; i++) value = values.next(type);
  return value;
}

function skip({ count, properties }: PlyElement, values: PlyValues): void {
  for (let i = 0; i < count; i++) for (const property of properties) readProperty(property, values);
}

/** What stands for full intensity in a colour of a type. */
function unitOf(type: PlyType): number {
  return type === "uint8" ? 255 : type === "uint16" ? 65535 : 1;
}
