import { fault } from "../gltf/_check.ts";
import { GrowingArray } from "./_growing.ts";
import { Lines } from "./_lines.ts";
import type { PlainMesh } from "./plain_mesh.ts";

const HEADER_BYTES = 84, FACET_BYTES = 50;

/**
 * Reads STL, text and binary. Its corners are joined where they are equal to
 * the bit. Normals are left out: they only repeat the faces.
 *
 * @param bytes The whole file.
 * @param path The file as the caller named it.
 * @throws {InputFileError} If it is cut off, or has no triangle.
 */
export function readStl(bytes: Uint8Array, path: string): PlainMesh {
  const corners = isBinary(bytes) ? readBinary(bytes, path) : readText(bytes, path);
  if (corners.length === 0) throw fault(path, undefined, "an STL must have a triangle", "it has none");
  const positionOf = new Uint32Array(corners.length / 3);
  const positions = joinEqual(corners, positionOf), none = new Uint32Array(0);
  return {
    positions,
    uvs: new Float64Array(0),
    normals: new Float64Array(0),
    colors: new Float32Array(0),
    parts: [{ object: undefined, material: undefined, positionOf, uvOf: none, normalOf: none }],
  };
}

/** Whether bytes are an STL whatever their name: of exactly the declared size, or text of facets. */
export function looksLikeStl(bytes: Uint8Array): boolean {
  if (bytes.length >= HEADER_BYTES && declaredBytes(bytes) === bytes.length) return true;
  return startsWithSolid(bytes) && /facet\s+normal/.test(new TextDecoder().decode(bytes.subarray(0, 1024)));
}

/** Binary headers may start with "solid" too, so the size decides first. */
function isBinary(bytes: Uint8Array): boolean {
  if (bytes.length >= HEADER_BYTES && declaredBytes(bytes) === bytes.length) return true;
  return !startsWithSolid(bytes);
}

function startsWithSolid(bytes: Uint8Array): boolean {
  return /^\s*solid/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}

function declaredBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return HEADER_BYTES + FACET_BYTES * view.getUint32(80, true);
}

function readBinary(bytes: Uint8Array, path: string): Float64Array {
  const declared = bytes.length < HEADER_BYTES ? HEADER_BYTES : declaredBytes(bytes);
  if (declared > bytes.length) {
    const rule = bytes.length < HEADER_BYTES
      ? 'an STL must start with "solid" or a header of 84 bytes'
      : `its ${(declared - HEADER_BYTES) / FACET_BYTES} triangles take ${declared} bytes`;
    throw fault(path, undefined, rule, `it has ${bytes.length}; it is cut off or no STL`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = (declared - HEADER_BYTES) / FACET_BYTES, out = new Float64Array(9 * count);
  for (let f = 0; f < count; f++) {
    const at = HEADER_BYTES + FACET_BYTES * f + 12; // after the normal
    for (let c = 0; c < 9; c++) out[9 * f + c] = view.getFloat32(at + 4 * c, true);
  }
  return out;
}

function readText(bytes: Uint8Array, path: string): Float64Array {
  const lines = new Lines(path, bytes), out = new GrowingArray((n) => new Float64Array(n));
  let corners = 0;
  for (let word = lines.nextLine(); word !== undefined; word = lines.nextLine()) {
    if (word === "vertex") {
      for (let c = 0; c < 3; c++) out.push(lines.number());
      corners++;
    } else if (word === "endfacet") {
      if (corners !== 3) lines.refuse("a facet must have 3 vertices", `it has ${corners}`);
      corners = 0;
    }
  }
  if (corners !== 0) lines.refuse('a facet must end with "endfacet"', "the file ends; it is cut off");
  return out.done();
}

/** Gives equal corners one position, in order of first appearance. */
function joinEqual(corners: Float64Array, positionOf: Uint32Array): Float64Array {
  const count = positionOf.length, size = 2 ** Math.ceil(Math.log2(2 * count + 1)), mask = size - 1;
  const table = new Int32Array(size).fill(-1), positions = new Float64Array(corners.length);
  const bits = new Uint32Array(corners.buffer, corners.byteOffset, 2 * corners.length);
  let next = 0;
  for (let i = 0; i < count; i++) {
    for (let c = 3 * i; c < 3 * i + 3; c++) corners[c] += 0; // no two zeros
    let hash = 0;
    for (let k = 6 * i; k < 6 * i + 6; k++) hash = Math.imul(hash ^ bits[k], 0x9e3779b1) ^ (hash >>> 15);
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (;; slot = (slot + 1) & mask) {
      const known = table[slot];
      if (known < 0) break;
      const at = 3 * known;
      if (
        Object.is(positions[at], corners[3 * i]) && Object.is(positions[at + 1], corners[3 * i + 1]) &&
        Object.is(positions[at + 2], corners[3 * i + 2])
      ) break;
    }
    if (table[slot] < 0) {
      table[slot] = next;
      positions.set(corners.subarray(3 * i, 3 * i + 3), 3 * next++);
    }
    positionOf[i] = table[slot];
  }
  return positions.subarray(0, 3 * next);
}
