import type { Work } from "../../fitting/work.ts";
import { determinant } from "./_affine.ts";
import type { BlockSpace } from "./_block_space.ts";
import { openColumn, readFloats } from "./_column.ts";
import { F32 } from "./_components.ts";
import { countNonFinite, isFiniteElement } from "./_part_checks.ts";
import { attributesOf, readLocalNormals, readLocalPositions } from "./_read_part.ts";
import type { NewValues } from "./_replace_values.ts";
import { surfaceMaps } from "./_surface_maps.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import { readFaces } from "./read_mesh.ts";

/** Stored integers hold unit vectors down to i8. */
export const COARSEST_DIRECTION: number = 1 / 127;

/** Maps of a surface that differ from the identity by less are rounding: that of f32, over edges of a millimetre or two. */
const REST_TOLERANCE = 3e-5;

/**
 * Tangents that are given are taken to the space of the mesh. Others go with the surface: turned like it, at right angles
 * to the new normals. Mirrored ones change hands.
 *
 * @param tangents Of the whole surface, in the world.
 */
export function changeTangents(
  space: BlockSpace,
  normals: NewValues | undefined,
  tangents: Float32Array | undefined,
): NewValues | undefined {
  const { document, part } = space,
    accessor = attributesOf(document, part).TANGENT;
  if (accessor === undefined || (normals === undefined && tangents === undefined && !space.isMoving)) {
    return undefined;
  }
  if (tangents !== undefined) return newTangents(space, tangents);
  const values = new Float32Array(4 * part.vertexCount);
  readFloats(openColumn(document, accessor), values, 0);
  const changed = nonFiniteElements(space, "TANGENT");
  for (let v = 0, at = 0; v < part.vertexCount; v++, at += 4) {
    if (changed[v] === 1) values.set(FALLBACK_TANGENT, at);
    const isTurned = normals !== undefined &&
      (normals.changed === undefined || normals.changed[v] === 1);
    if (space.isMoving) moveTangent(space.between(v), values, at);
    if (isTurned || space.isMoving) {
      straighten(values, at, normals?.values, 3 * v);
      changed[v] = 1;
    }
  }
  return {
    name: "TANGENT",
    type: "VEC4",
    values,
    changed,
    coarsest: COARSEST_DIRECTION,
  };
}

function newTangents(space: BlockSpace, tangents: Float32Array): NewValues {
  const { part } = space, start = 4 * part.firstVertex;
  const values = tangents.slice(start, start + 4 * part.vertexCount);
  for (let v = 0, at = 0; v < part.vertexCount; v++, at += 4) {
    moveTangent(space.fromWorld(v), values, at);
    straighten(values, at, undefined, 0);
  }
  return { name: "TANGENT", type: "VEC4", values, coarsest: COARSEST_DIRECTION };
}

const FALLBACK_TANGENT = [1, 0, 0, 1];

function moveTangent(m: Float64Array, values: Float32Array, at: number): void {
  moveDirection(m, values, at);
  if (determinant(m) < 0) values[at + 3] = -values[at + 3];
}

function moveDirection(
  m: Float64Array,
  values: Float32Array,
  at: number,
): void {
  const x = values[at], y = values[at + 1], z = values[at + 2];
  values[at] = m[0] * x + m[3] * y + m[6] * z;
  values[at + 1] = m[1] * x + m[4] * y + m[7] * z;
  values[at + 2] = m[2] * x + m[5] * y + m[8] * z;
}

/** Makes a tangent unit length and, where there is a normal, at right angles to it; leaves one that cannot be. */
function straighten(
  values: Float32Array,
  at: number,
  normals: Float32Array | Uint16Array | undefined,
  normalAt: number,
): void {
  let x = values[at], y = values[at + 1], z = values[at + 2];
  if (normals !== undefined) {
    const nx = normals[normalAt],
      ny = normals[normalAt + 1],
      nz = normals[normalAt + 2];
    const along = x * nx + y * ny + z * nz;
    x -= along * nx;
    y -= along * ny;
    z -= along * nz;
  }
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 1e-6 && length < Infinity)) return;
  values[at] = x / length;
  values[at + 1] = y / length;
  values[at + 2] = z / length;
}

/**
 * Morph targets are differences in the space of the mesh. Where the surface has moved they turn and grow with it, vertex
 * by vertex; else they go with the space. Those of normals turn with the normals.
 */
export function* changeTargets(
  space: BlockSpace,
  positions: NewValues | undefined,
  normals: NewValues | undefined,
): Work<NewValues[]> {
  const { document, part } = space,
    targets = document.json.meshes![part.mesh].primitives[part.primitive].targets ?? [];
  const hasMoved = positions !== undefined && targets.some(({ POSITION }) => POSITION !== undefined);
  const changes = hasMoved ? yield* carryTargets(space, positions, targets) : [];
  if (normals !== undefined) changes.push(...turnTargetNormals(space, normals, targets));
  if (!space.isMoving) return changes;
  const isDone = (name: string) => changes.some((change) => change.name === name);
  return changes.concat(
    targets.flatMap((attributes, target) =>
      ["POSITION", "NORMAL", "TANGENT"].filter((name) => attributes[name] !== undefined && !isDone(name))
        .map((name) => moveTarget(space, name, attributes[name], target))
    ),
  );
}

/** Differences of positions go with the surface around their vertex, from where it was read to where it is written. */
function* carryTargets(
  { document, part }: BlockSpace,
  positions: NewValues,
  targets: readonly Readonly<Record<string, number>>[],
): Work<NewValues[]> {
  const old = new Float32Array(3 * part.vertexCount), indices = new Uint32Array(3 * part.faceCount);
  readLocalPositions(document, part, old, 0);
  readFaces(document, { ...part, firstVertex: 0, firstFace: 0 }, indices);
  const maps = yield* surfaceMaps(old, positions.values, indices);
  const changes: NewValues[] = [];
  for (const [target, { POSITION }] of targets.entries()) {
    if (POSITION === undefined) continue;
    const values = new Float32Array(3 * part.vertexCount);
    readFloats(openColumn(document, POSITION), values, 0);
    for (let v = 0, at = 0; v < part.vertexCount; v++, at += 3) {
      if (!isFiniteElement(values, at, 3)) values.fill(0, at, at + 3);
      if (!isAtRest(maps, 9 * v)) moveDirection(maps.subarray(9 * v, 9 * v + 9), values, at);
    }
    changes.push({ name: "POSITION", target, type: "VEC3", values, coarsest: 0 });
    yield;
  }
  return changes;
}

/** Whether a map is the identity but for rounding: what did not move keeps its bits. */
function isAtRest(maps: Float64Array, at: number): boolean {
  for (let i = 0; i < 9; i++) if (Math.abs(maps[at + i] - (i % 4 === 0 ? 1 : 0)) > REST_TOLERANCE) return false;
  return true;
}

/** A difference goes with the space; those of directions turn, but do not grow. */
function moveTarget(space: BlockSpace, name: string, accessor: number, target: number): NewValues {
  const values = new Float32Array(3 * space.part.vertexCount);
  readFloats(openColumn(space.document, accessor), values, 0);
  for (let v = 0, at = 0; v < space.part.vertexCount; v++, at += 3) {
    if (!isFiniteElement(values, at, 3)) values.fill(0, at, at + 3);
    const m = space.between(v);
    moveDirection(m, values, at);
    if (name !== "POSITION") shrink(values, at, Math.cbrt(Math.abs(determinant(m))));
  }
  return { name, target, type: "VEC3", values, coarsest: 0 };
}

/** Turns the differences of normals by the smallest turn from the old normal to the new one. */
function turnTargetNormals(
  { document, part }: BlockSpace,
  normals: NewValues,
  targets: readonly Readonly<Record<string, number>>[],
): NewValues[] {
  if (!part.hasNormals || !targets.some(({ NORMAL }) => NORMAL !== undefined)) return [];
  const old = new Float32Array(3 * part.vertexCount);
  readLocalNormals(document, part, old, 0);
  return targets.flatMap(({ NORMAL }, target) => {
    if (NORMAL === undefined) return [];
    const values = new Float32Array(3 * part.vertexCount), changed = new Uint8Array(part.vertexCount);
    readFloats(openColumn(document, NORMAL), values, 0);
    for (let v = 0; v < part.vertexCount; v++) {
      if (normals.changed !== undefined && normals.changed[v] === 0) continue;
      turnBetween(old, normals.values, values, 3 * v);
      changed[v] = 1;
    }
    return [{ name: "NORMAL", target, type: "VEC3", values, changed, coarsest: COARSEST_DIRECTION }];
  });
}

/** Turns a vector by the smallest turn from one unit vector to another; between opposite ones it stays. */
function turnBetween(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  values: Float32Array,
  at: number,
): void {
  const ax = from[at], ay = from[at + 1], az = from[at + 2], bx = to[at], by = to[at + 1], bz = to[at + 2];
  const c = ax * bx + ay * by + az * bz, x = values[at], y = values[at + 1], z = values[at + 2];
  if (!(c > -0.999)) return;
  const vx = ay * bz - az * by, vy = az * bx - ax * bz, vz = ax * by - ay * bx;
  const along = (vx * x + vy * y + vz * z) / (1 + c);
  values[at] = c * x + vy * z - vz * y + along * vx;
  values[at + 1] = c * y + vz * x - vx * z + along * vy;
  values[at + 2] = c * z + vx * y - vy * x + along * vz;
}

function shrink(values: Float32Array, at: number, factor: number): void {
  for (let c = 0; c < 3; c++) values[at + c] /= factor;
}

/** Other attributes keep their values, but for those that are no numbers: no file of ours spreads NaN. */
export function repairOthers(
  document: GltfDocument,
  part: MeshPart,
): NewValues[] {
  const primitive = document.json.meshes![part.mesh].primitives[part.primitive],
    repairs: NewValues[] = [];
  const repair = (name: string, accessor: number, target?: number) => {
    const { type, componentType } = document.json.accessors![accessor];
    if (componentType !== F32 || !/^(VEC[234]|SCALAR)$/.test(type)) return;
    const column = openColumn(document, accessor);
    if (countNonFinite(column) === 0) return;
    const values = new Float32Array(column.count * column.components),
      changed = new Uint8Array(column.count);
    readFloats(column, values, 0);
    for (let i = 0, at = 0; i < column.count; i++, at += column.components) {
      if (isFiniteElement(values, at, column.components)) continue;
      for (let c = 0; c < column.components; c++) {
        values[at + c] = name === "TANGENT" ? FALLBACK_TANGENT[c] : 0;
      }
      changed[i] = 1;
    }
    repairs.push({
      name,
      target,
      type: type as NewValues["type"],
      values,
      changed,
      coarsest: 0,
    });
  };
  for (const [name, accessor] of Object.entries(primitive.attributes)) {
    if (!/^(POSITION|NORMAL)$/.test(name)) repair(name, accessor);
  }
  primitive.targets?.forEach((target, t) =>
    Object.entries(target).forEach(([name, accessor]) => repair(name, accessor, t))
  );
  return repairs;
}

/** 1 for each element of an attribute that is not finite. */
export function nonFiniteElements(
  { document, part }: BlockSpace,
  name: string,
): Uint8Array {
  const flags = new Uint8Array(part.vertexCount),
    accessor = attributesOf(document, part)[name];
  if (accessor === undefined) return flags;
  const { array, step, components } = openColumn(document, accessor);
  if (array instanceof Float32Array) {
    for (let v = 0; v < flags.length; v++) {
      flags[v] = isFiniteElement(array, step * v, components) ? 0 : 1;
    }
  }
  return flags;
}
