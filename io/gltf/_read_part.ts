import type { Work } from "../../fitting/work.ts";
import { AFFINE, identity, isIdentity } from "./_affine.ts";
import { openColumn, readFloats } from "./_column.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import { isFiniteElement } from "./_part_checks.ts";
import type { VertexSpace } from "./_vertex_space.ts";

/** A place in metres. */
export type Vec3 = readonly [x: number, y: number, z: number];

/** Vertices between two pauses. */
const PAUSE_EVERY = 16_384;

/** The attributes of the primitive a part stands for. */
export function attributesOf(
  document: GltfDocument,
  part: MeshPart,
): Readonly<Record<string, number>> {
  return document.json.meshes![part.mesh].primitives[part.primitive].attributes;
}

/** Writes positions as the file has them, from float `start` on; those that are not finite as zero. */
export function readLocalPositions(
  document: GltfDocument,
  part: MeshPart,
  out: Float32Array,
  start: number,
): void {
  readFloats(
    openColumn(document, attributesOf(document, part).POSITION),
    out,
    start,
  );
  if (part.nonFiniteVertexCount > 0) {
    zeroNonFinite(out, start, part.vertexCount);
  }
}

/** Writes normals as the file has them, from float `start` on; zero where they are not finite or missing. */
export function readLocalNormals(
  document: GltfDocument,
  part: MeshPart,
  out: Float32Array,
  start: number,
): void {
  if (!part.hasNormals) {
    out.fill(0, start, start + 3 * part.vertexCount);
    return;
  }
  readFloats(
    openColumn(document, attributesOf(document, part).NORMAL),
    out,
    start,
  );
  if (part.nonFiniteNormalCount > 0) {
    zeroNonFinite(out, start, part.vertexCount);
  }
}

function zeroNonFinite(out: Float32Array, start: number, count: number): void {
  for (let v = 0; v < count; v++) {
    if (!isFiniteElement(out, start + 3 * v, 3)) {
      out.fill(0, start + 3 * v, start + 3 * v + 3);
    }
  }
}

/**
 * Takes positions from a part's space to the world, minus `origin`, in place.
 * Where nothing is to be done the bits stay.
 */
export function* toWorldPositions(
  space: VertexSpace,
  positions: Float32Array,
  start: number,
  count: number,
  origin: Vec3,
): Work<void> {
  const m = identity(), isConstant = space.constant !== undefined;
  if (isConstant) {
    if (isIdentity(space.constant) && origin.every((value) => value === 0)) return;
    m.set(space.constant);
  }
  for (let v = 0, at = start; v < count; v++, at += 3) {
    if (v % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
    if (!isConstant) space.transformOf(v, m);
    movePosition(m, origin, positions, at, positions, at);
  }
}

/** Takes one position to the world, minus `origin`, rounded as `out` rounds. */
export function movePosition(
  m: Float64Array,
  origin: Vec3,
  from: Float32Array,
  at: number,
  out: Float32Array,
  to: number,
): void {
  const x = from[at], y = from[at + 1], z = from[at + 2];
  out[to] = m[0] * x + m[3] * y + m[6] * z + m[9] - origin[0];
  out[to + 1] = m[1] * x + m[4] * y + m[7] * z + m[10] - origin[1];
  out[to + 2] = m[2] * x + m[5] * y + m[8] * z + m[11] - origin[2];
}

/** Takes normals from a part's space to the world by the inverse transpose, unit length, in place. */
export function* toWorldNormals(
  space: VertexSpace,
  normals: Float32Array,
  start: number,
  count: number,
): Work<void> {
  const m = new Float64Array(AFFINE), isConstant = space.constant !== undefined;
  if (isConstant) {
    if (isIdentity(space.constant)) return;
    m.set(space.constant);
  }
  for (let v = 0, at = start; v < count; v++, at += 3) {
    if (v % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
    if (!isConstant) space.transformOf(v, m);
    turnNormal(m, normals, at, normals, at);
  }
}

/** Turns one normal by the inverse transpose of a map: by its cofactors, the sign of its determinant kept. */
export function turnNormal(
  m: Float64Array,
  from: Float32Array,
  at: number,
  out: Float32Array,
  to: number,
): void {
  const x = from[at], y = from[at + 1], z = from[at + 2];
  const cx = m[4] * m[8] - m[5] * m[7],
    cy = m[5] * m[6] - m[3] * m[8],
    cz = m[3] * m[7] - m[4] * m[6];
  const sign = m[0] * cx + m[1] * cy + m[2] * cz < 0 ? -1 : 1;
  const nx = cx * x + (m[2] * m[7] - m[1] * m[8]) * y +
    (m[1] * m[5] - m[2] * m[4]) * z;
  const ny = cy * x + (m[0] * m[8] - m[2] * m[6]) * y +
    (m[2] * m[3] - m[0] * m[5]) * z;
  const nz = cz * x + (m[1] * m[6] - m[0] * m[7]) * y +
    (m[0] * m[4] - m[1] * m[3]) * z;
  const length = sign * Math.sqrt(nx * nx + ny * ny + nz * nz);
  const scale = length === 0 || length - length !== 0 ? 0 : 1 / length;
  out[to] = nx * scale;
  out[to + 1] = ny * scale;
  out[to + 2] = nz * scale;
}
