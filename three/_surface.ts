import type { TriangleMesh } from "../fitting/mesh.ts";
import { AFFINE, determinant, invert } from "../io/gltf/_affine.ts";
import type { Frame } from "../pool/scratch.ts";
import { nameOf } from "./_name.ts";
import { writeWorldMap } from "./_space.ts";
import type { AttributeLike, GeometryLike, MeshLike } from "./mesh_like.ts";

/** A mesh is far away when its middle is this many diagonals of its bounds from zero: f32 has lost 6 of its 24 bits there. */
const FAR = 64;

/** A geometry as flat arrays on lease. */
export interface Surface extends TriangleMesh {
  /** From the geometry's own coordinates to these, as 12 numbers. */
  readonly map: Float64Array;
  /** Whether faces were turned, as the map mirrors. */
  readonly isMirrored: boolean;
}

/**
 * Reads a mesh in world space, minus an origin; faces are counter-clockwise
 * seen from outside there. Everything is leased from `out`.
 *
 * @param origin Three numbers that are subtracted before positions are rounded to f32.
 * @throws {TypeError} If there are no positions.
 * @throws {RangeError} If an index has no vertex, a coordinate is not finite, or the world transform has no inverse.
 */
export function readWorld(mesh: MeshLike, role: string, origin: Float64Array, out: Frame): Surface {
  const map = out.f64(AFFINE);
  writeWorldMap(mesh, role, map, out);
  for (let k = 0; k < 3; k++) map[9 + k] -= origin[k];
  return read(mesh.geometry, nameOf(mesh, role), map, out);
}

/** Reads a geometry in its own coordinates. */
export function readLocal(geometry: GeometryLike, name: string, out: Frame): Surface {
  const map = out.f64(AFFINE);
  map[0] = map[4] = map[8] = 1;
  return read(geometry, name, map, out);
}

/**
 * Writes where to put the zero of coordinates: at the middle of this mesh, in
 * whole metres, when it is so far away that f32 would lose its detail, else
 * where it is, so that ordinary scenes keep their bits: as `farOrigin` does for files.
 *
 * @param out Caller-owned, three numbers.
 */
export function writeOrigin(mesh: MeshLike, role: string, out: Float64Array, scratch: Frame): void {
  using frame = scratch.frame("origin");
  const map = frame.f64(AFFINE), min = frame.f64(3).fill(Infinity), max = frame.f64(3).fill(-Infinity);
  writeWorldMap(mesh, role, map, frame);
  const position = positionOf(mesh.geometry, nameOf(mesh, role));
  for (let v = 0; v < position.count; v++) {
    const x = position.getX(v), y = position.getY(v), z = position.getZ(v);
    for (let k = 0; k < 3; k++) {
      const value = map[k] * x + map[3 + k] * y + map[6 + k] * z + map[9 + k];
      if (value < min[k]) min[k] = value;
      if (value > max[k]) max[k] = value;
    }
  }
  const dx = max[0] - min[0], dy = max[1] - min[1], dz = max[2] - min[2];
  const near = FAR * Math.sqrt(dx * dx + dy * dy + dz * dz);
  const isFar = Math.max(...min.map((low, k) => Math.abs(low + max[k]) / 2)) > near;
  for (let k = 0; k < 3; k++) out[k] = isFar ? Math.round((min[k] + max[k]) / 2) : 0;
}

/**
 * Writes positions in the geometry's own coordinates: the old ones, and what
 * each vertex moved. So a vertex that did not move keeps its bits.
 *
 * @param moved `3 * vertexCount`, in the space of `surface`.
 * @param out Caller-owned, as long; may be `moved`.
 */
export function writeMoved(
  geometry: GeometryLike,
  { positions, map }: Surface,
  moved: Float32Array,
  out: Float32Array,
  scratch: Frame,
): void {
  using frame = scratch.frame("write moved");
  const back = frame.f64(AFFINE), position = positionOf(geometry, "the geometry");
  back.set(map);
  invert(back, back);
  for (let i = 0; i < positions.length; i += 3) {
    const x = moved[i] - positions[i], y = moved[i + 1] - positions[i + 1], z = moved[i + 2] - positions[i + 2];
    const v = i / 3;
    out[i] = position.getX(v) + back[0] * x + back[3] * y + back[6] * z;
    out[i + 1] = position.getY(v) + back[1] * x + back[4] * y + back[7] * z;
    out[i + 2] = position.getZ(v) + back[2] * x + back[5] * y + back[8] * z;
  }
}

function positionOf({ attributes }: GeometryLike, name: string): AttributeLike {
  const { position } = attributes;
  if (position !== undefined && position.itemSize >= 3) return position;
  throw new TypeError(
    `Cannot read ${name} as it must have an attribute "position" of 3 numbers a vertex: it has ${
      position === undefined ? Object.keys(attributes).join(", ") || "no attribute" : position.itemSize
    }`,
  );
}

function read(geometry: GeometryLike, name: string, map: Float64Array, out: Frame): Surface {
  const position = positionOf(geometry, name), isMirrored = determinant(map) < 0;
  const positions = out.f32(3 * position.count);
  readPositions(position, map, positions);
  assertFinite(positions, name);
  const cornerCount = geometry.index?.count ?? position.count;
  const indices = out.u32(cornerCount - cornerCount % 3); // three.js draws whole faces only
  readFaces(geometry.index, isMirrored, indices);
  assertInRange(indices, position.count, name);
  return { positions, indices, map, isMirrored };
}

function readPositions(position: AttributeLike, m: Float64Array, out: Float32Array): void {
  for (let v = 0; v < position.count; v++) {
    const x = position.getX(v), y = position.getY(v), z = position.getZ(v);
    out[3 * v] = m[0] * x + m[3] * y + m[6] * z + m[9];
    out[3 * v + 1] = m[1] * x + m[4] * y + m[7] * z + m[10];
    out[3 * v + 2] = m[2] * x + m[5] * y + m[8] * z + m[11];
  }
}

function readFaces(index: AttributeLike | null, isMirrored: boolean, out: Uint32Array): void {
  for (let c = 0; c < out.length; c++) out[c] = index === null ? c : index.getX(c);
  if (!isMirrored) return;
  for (let c = 0; c < out.length; c += 3) {
    const b = out[c + 1];
    out[c + 1] = out[c + 2];
    out[c + 2] = b;
  }
}

function assertFinite(positions: Float32Array, name: string): void {
  for (let i = 0; i < positions.length; i++) {
    if (Number.isFinite(positions[i])) continue;
    const v = 3 * Math.floor(i / 3);
    throw new RangeError(
      `Cannot read ${name} as coordinates must be finite: vertex ${v / 3} is at (${
        positions.subarray(v, v + 3).join(", ")
      })`,
    );
  }
}

function assertInRange(indices: Uint32Array, vertexCount: number, name: string): void {
  for (let c = 0; c < indices.length; c++) {
    if (indices[c] < vertexCount) continue;
    throw new RangeError(
      `Cannot read ${name} as every index must be < ${vertexCount}: a corner of face ${Math.floor(c / 3)} is ${
        indices[c]
      }`,
    );
  }
}
