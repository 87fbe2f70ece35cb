import type { Work } from "../../fitting/work.ts";
import { identity, isIdentity } from "./_affine.ts";
import { fault } from "./_check.ts";
import { BlockSpace } from "./_block_space.ts";
import {
  changeTangents,
  changeTargets,
  COARSEST_DIRECTION,
  nonFiniteElements,
  repairOthers,
} from "./_carried_attributes.ts";
import { type PackedInfluences, setsOf } from "./_influence_packing.ts";
import { isFiniteElement } from "./_part_checks.ts";
import { movePosition, readLocalNormals, readLocalPositions, turnNormal, type Vec3 } from "./_read_part.ts";
import type { NewValues } from "./_replace_values.ts";
import { blendedSpace, spaceOfPart, type VertexSpace } from "./_vertex_space.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

/** Stored integers stay integers while their grid is this fine in the world; metres. */
const COARSEST_POSITION = 1e-4;

/** New values for all vertices of a surface, in the world. */
export interface WorldEdits {
  /** Positions minus the origin. */
  readonly positions: Float32Array | undefined;
  /** Normals. */
  readonly normals: Float32Array | undefined;
  /** Tangents. */
  readonly tangents: Float32Array | undefined;
  /** What the positions are relative to. */
  readonly origin: Vec3;
}

/** The skin a surface is bound to. */
export interface Binding {
  /** Index into `skins`. */
  readonly skin: number;
  /** `jointWorld · inverseBind` of each joint. */
  readonly transforms: Float64Array;
  /** Joints and weights of all vertices of the surface. */
  readonly influences: PackedInfluences;
}

/**
 * What changes of a block: of one part's own vertices. Empty when nothing does.
 *
 * @param moved The space of its node, when that has moved.
 */
export function* changeBlock(
  document: GltfDocument,
  part: MeshPart,
  edits: WorldEdits,
  binding: Binding | undefined,
  moved?: VertexSpace,
): Work<NewValues[]> {
  const from = spaceOfPart(document, part);
  const sets = binding === undefined ? undefined : setsOf(binding.influences, part.firstVertex, part.vertexCount);
  const to = binding === undefined ? moved ?? from : blendedSpace(binding.transforms, sets!);
  const space = new BlockSpace(document, part, from, to);
  yield* space.compare();
  const positions = changePositions(space, edits);
  yield;
  const normals = changeNormals(space, edits);
  yield;
  const tangents = changeTangents(space, normals, edits.tangents);
  const targets = yield* changeTargets(space, positions, normals);
  const changes = [positions, normals, tangents, ...targets]
    .filter((change) => change !== undefined);
  const isChanged = ({ name, target }: NewValues) =>
    changes.some((change) => change.name === name && change.target === target);
  changes.push(
    ...repairOthers(document, part).filter((repair) => !isChanged(repair)),
  );
  if (binding !== undefined) {
    changes.push(...influenceValues(binding.influences, part));
  }
  return changes;
}

function changePositions(
  space: BlockSpace,
  { positions, origin }: WorldEdits,
): NewValues | undefined {
  const { document, part, from } = space, n = part.vertexCount, isBad = part.nonFiniteVertexCount > 0;
  if (positions === undefined && !space.isMoving && !isBad) return undefined;
  const values = new Float32Array(3 * n);
  readLocalPositions(document, part, values, 0);
  const changed = isBad ? nonFiniteElements(space, "POSITION") : new Uint8Array(n);
  const old = new Float32Array(3), wanted = new Float32Array(3), toWorld = startOf(from);
  const keepsBits = from.constant !== undefined && isIdentity(from.constant) && origin.every((value) => value === 0);
  let count = 0;
  for (let v = 0, at = 0; v < n; v++, at += 3) {
    if (from.constant === undefined) from.transformOf(v, toWorld);
    if (keepsBits) copyThree(values, at, old);
    else movePosition(toWorld, origin, values, at, old, 0);
    if (positions === undefined) copyThree(old, 0, wanted);
    else copyThree(positions, 3 * part.firstVertex + at, wanted);
    if (isSame(old, wanted) && !space.isMoving && changed[v] === 0) continue;
    const m = space.fromWorld(v), x = wanted[0] + origin[0], y = wanted[1] + origin[1], z = wanted[2] + origin[2];
    values[at] = m[0] * x + m[3] * y + m[6] * z + m[9];
    values[at + 1] = m[1] * x + m[4] * y + m[7] * z + m[10];
    values[at + 2] = m[2] * x + m[5] * y + m[8] * z + m[11];
    if (!isFiniteElement(values, at, 3)) throw unwritable(space, v);
    changed[v] = 1;
    count++;
  }
  return count === 0 ? undefined : {
    name: "POSITION",
    type: "VEC3",
    values,
    changed,
    coarsest: COARSEST_POSITION / scaleOf(space),
  };
}

function changeNormals(
  space: BlockSpace,
  { normals }: WorldEdits,
): NewValues | undefined {
  const { document, part, from } = space, n = part.vertexCount, isBad = part.nonFiniteNormalCount > 0;
  if (normals === undefined && !(part.hasNormals && (space.isMoving || isBad))) return undefined;
  const values = new Float32Array(3 * n);
  readLocalNormals(document, part, values, 0);
  const changed = isBad ? nonFiniteElements(space, "NORMAL") : new Uint8Array(n);
  const old = new Float32Array(3), wanted = new Float32Array(3), toWorld = startOf(from);
  const keepsBits = from.constant !== undefined && isIdentity(from.constant);
  let count = 0;
  for (let v = 0, at = 0; v < n; v++, at += 3) {
    if (from.constant === undefined) from.transformOf(v, toWorld);
    if (keepsBits) copyThree(values, at, old);
    else turnNormal(toWorld, values, at, old, 0);
    // A normal of zero is no normal (no face votes for it): the file's own stays.
    const start = 3 * part.firstVertex + at;
    if (normals === undefined || isZero(normals, start)) copyThree(old, 0, wanted);
    else copyThree(normals, start, wanted);
    if (part.hasNormals && isSame(old, wanted) && !space.isMoving && changed[v] === 0) continue;
    writeNormal(space.toWorld(v), wanted, values, at);
    changed[v] = 1;
    count++;
  }
  return count === 0 ? undefined : {
    name: "NORMAL",
    type: "VEC3",
    values,
    changed: part.hasNormals ? changed : undefined,
    coarsest: COARSEST_DIRECTION,
  };
}

/** The map of a space to the world, or room for that of each vertex. */
function startOf(space: VertexSpace): Float64Array {
  return space.constant ?? identity();
}

function copyThree(from: Float32Array, at: number, out: Float32Array): void {
  out[0] = from[at];
  out[1] = from[at + 1];
  out[2] = from[at + 2];
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

/** Takes a normal back from the world: by the transpose of the way there, unit length; `+Z` where there is none. */
function writeNormal(
  m: Float64Array,
  world: Float32Array,
  out: Float32Array,
  at: number,
): void {
  const x = world[0], y = world[1], z = world[2];
  const nx = m[0] * x + m[1] * y + m[2] * z,
    ny = m[3] * x + m[4] * y + m[5] * z,
    nz = m[6] * x + m[7] * y + m[8] * z;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz),
    isUsable = length > 0 && length < Infinity;
  out[at] = isUsable ? nx / length : 0;
  out[at + 1] = isUsable ? ny / length : 0;
  out[at + 2] = isUsable ? nz / length : 1;
}

function influenceValues(
  { slots, joints, weights }: PackedInfluences,
  part: MeshPart,
): NewValues[] {
  const changes: NewValues[] = [];
  for (let set = 0; 4 * set < slots; set++) {
    const setJoints = new Uint16Array(4 * part.vertexCount),
      setWeights = new Float32Array(4 * part.vertexCount);
    for (let i = 0; i < setJoints.length; i++) {
      const at = slots * (part.firstVertex + (i >> 2)) + 4 * set + (i & 3);
      setJoints[i] = joints[at];
      setWeights[i] = weights[at];
    }
    changes.push({
      name: `JOINTS_${set}`,
      type: "VEC4",
      values: setJoints,
      coarsest: 0,
    }, {
      name: `WEIGHTS_${set}`,
      type: "VEC4",
      values: setWeights,
      coarsest: 0,
    });
  }
  return changes;
}

/** How much longer the world is than the written space, at most, at the first vertex. */
function scaleOf(space: BlockSpace): number {
  const m = space.toWorld(0);
  let largest = 0;
  for (let column = 0; column < 9; column += 3) {
    largest = Math.max(
      largest,
      Math.sqrt(m[column] ** 2 + m[column + 1] ** 2 + m[column + 2] ** 2),
    );
  }
  return largest;
}

function isZero(values: Float32Array, at: number): boolean {
  return values[at] === 0 && values[at + 1] === 0 && values[at + 2] === 0;
}

function unwritable({ document, part }: BlockSpace, vertex: number): Error {
  const pointer = `/meshes/${part.mesh}/primitives/${part.primitive}/attributes/POSITION`;
  return fault(
    document.path,
    pointer,
    "coordinates in the space of the mesh must fit f32",
    `vertex ${vertex} leaves it`,
  );
}
