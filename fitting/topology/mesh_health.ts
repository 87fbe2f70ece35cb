import type { Scratch } from "../../pool/scratch.ts";
import { DUPLICATE, judgeFaces, REPEATS_PLACE, SOUND, ZERO_AREA } from "./_duplicate_faces.ts";
import { countEdges } from "./_edge_census.ts";
import { countTurnedFaces } from "./_turned_faces.ts";
import { weld, weldTableLength } from "./_weld.ts";
import { flagZeroAreaFaces } from "./_zero_area.ts";
import { faceCountOf, type TriangleMesh, vertexCountOf } from "../mesh.ts";
import type { Topology } from "./topology.ts";

/** Options for {@linkcode meshHealth}. */
export interface MeshHealthOptions {
  /** Stored normals, `3 * vertexCount`, to hold against the faces. */
  normals?: Float32Array;
}

/** What {@linkcode meshHealth} counted. */
export interface MeshHealth {
  /** Vertices no face uses. */
  unreferencedVertices: number;
  /** Vertices that repeat the place of an earlier one to the bit: seams, or a mesh nobody welded. */
  repeatedVertices: number;
  /** Places that lie so close to another that they are taken for it. */
  nearlyRepeatedPlaces: number;
  /** Faces that name a place twice. */
  degenerateFaces: number;
  /** Faces between three places with an area of zero, within rounding. */
  zeroAreaFaces: number;
  /** Faces whose three places an earlier face has too, whatever their order. */
  duplicateFaces: number;
  /** Connected parts. */
  islandCount: number;
  /** Edges with one face. */
  boundaryEdges: number;
  /** Connected chains of such edges: the openings. Those that touch in a place are one. */
  boundaryLoops: number;
  /** Edges with three faces or more. */
  nonManifoldEdges: number;
  /** Faces to turn over so that neighbours agree on which side is outside. */
  turnedFaces: number;
  /** Faces whose stored normals, taken together, point to their back; 0 when none were given. */
  facesAgainstNormals: number;
  /** Whether the surface is closed: every edge has two faces, and they agree. */
  isWatertight: boolean;
  /** Volume inside of a watertight surface, cubic metres, negative when it is inside out; `NaN` for others. */
  volume: number;
}

/**
 * Counts what is unusual about a mesh. Nothing is changed, and none of it keeps
 * an operation from working: this is for a person who wonders.
 *
 * Faces that are degenerate or duplicates count for nothing in the numbers about
 * edges and winding, those of zero area only where they stitch a gap. Linear time, but for (faces)² at one edge.
 *
 * @param mesh Read only; finite, with indices in range (`assertMesh`).
 * @param topology Of `mesh`.
 * @param scratch Left as it was found, also on a throw; {@linkcode meshHealthBytes} at the peak.
 * @param options The normals.
 * @throws {RangeError} If the normals have the wrong length.
 *
 * @example A cube that lost a face, with a stray vertex
 * ```ts
 * import { buildTopology, meshHealth } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 9, 9, 9),
 *   indices: Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const health = meshHealth(mesh, buildTopology(mesh, scope, scope), scope);
 * assertEquals([health.unreferencedVertices, health.duplicateFaces], [1, 1]);
 * assertEquals([health.boundaryEdges, health.boundaryLoops, health.isWatertight], [4, 1, false]);
 * ```
 */
export function meshHealth(
  mesh: TriangleMesh,
  topology: Topology,
  scratch: Scratch,
  options: MeshHealthOptions = {},
): MeshHealth {
  const { normals } = options, { positions, indices } = mesh;
  if (normals !== undefined && normals.length !== positions.length) {
    throw new RangeError(
      `Cannot judge the mesh as normals must hold ${positions.length} numbers: they hold ${normals.length}`,
    );
  }
  const exactPlaces = countExactPlaces(positions, scratch), vertexCount = vertexCountOf(mesh);
  const unreferencedVertices = countUnreferenced(mesh, scratch);
  using frame = scratch.frame("mesh health");
  const kind = frame.u8(faceCountOf(mesh)), isZeroArea = frame.u8(faceCountOf(mesh));
  flagZeroAreaFaces(mesh, isZeroArea);
  judgeFaces(topology, isZeroArea, kind);
  let degenerateFaces = 0, zeroAreaFaces = 0, duplicateFaces = 0;
  for (let f = 0; f < kind.length; f++) {
    if (kind[f] === REPEATS_PLACE) degenerateFaces++;
    else if (kind[f] === ZERO_AREA) zeroAreaFaces++;
    else if (kind[f] === DUPLICATE) duplicateFaces++;
  }
  const { turnedEdges, ...edges } = countEdges(topology, kind, frame);
  const isWatertight = indices.length > 0 && edges.boundaryEdges + edges.nonManifoldEdges + turnedEdges === 0 &&
    kind.includes(SOUND);
  return {
    unreferencedVertices,
    repeatedVertices: vertexCount - exactPlaces,
    nearlyRepeatedPlaces: exactPlaces - topology.weldedCount,
    degenerateFaces,
    zeroAreaFaces,
    duplicateFaces,
    islandCount: topology.islandCount,
    ...edges,
    turnedFaces: turnedEdges === 0 ? 0 : countTurnedFaces(topology, kind, frame),
    facesAgainstNormals: normals === undefined ? 0 : countAgainstNormals(mesh, normals),
    isWatertight,
    volume: isWatertight ? volumeOf(mesh, kind) : NaN,
  };
}

/**
 * Exactly the peak bytes {@linkcode meshHealth} leases, for a mesh whose
 * neighbours agree; `5 * faceCount` may come to the others' when they do not.
 *
 * @example A cube
 * ```ts
 * import { meshHealthBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(meshHealthBytes({ vertexCount: 8, faceCount: 12, weldedCount: 8, areFacesTurned: false }), 152);
 * ```
 */
export function meshHealthBytes(
  { vertexCount, faceCount, weldedCount, areFacesTurned }: {
    vertexCount: number;
    faceCount: number;
    weldedCount: number;
    areFacesTurned: boolean;
  },
): number {
  const whileWelding = 4 * (2 * vertexCount + weldTableLength(vertexCount));
  const whileCounting = 2 * faceCount + Math.max(16 * weldedCount, areFacesTurned ? 5 * faceCount : 0);
  return Math.max(whileWelding, whileCounting);
}

function countExactPlaces(positions: Float32Array, scratch: Scratch): number {
  const count = positions.length / 3;
  using frame = scratch.frame("exact places");
  return weld(positions, 0, frame.u32(count), frame.u32(weldTableLength(count)), frame.u32(count));
}

function countUnreferenced({ positions, indices }: TriangleMesh, scratch: Scratch): number {
  using frame = scratch.frame("unreferenced");
  const isUsed = frame.u8(positions.length / 3);
  for (let c = 0; c < indices.length; c++) isUsed[indices[c]] = 1;
  let count = 0;
  for (let v = 0; v < isUsed.length; v++) count += 1 - isUsed[v];
  return count;
}

function countAgainstNormals({ positions, indices }: TriangleMesh, normals: Float32Array): number {
  let count = 0;
  for (let c = 0; c < indices.length; c += 3) {
    const i = 3 * indices[c], j = 3 * indices[c + 1], k = 3 * indices[c + 2];
    const ux = positions[j] - positions[i], uy = positions[j + 1] - positions[i + 1];
    const uz = positions[j + 2] - positions[i + 2], vx = positions[k] - positions[i];
    const vy = positions[k + 1] - positions[i + 1], vz = positions[k + 2] - positions[i + 2];
    const dot = (uy * vz - uz * vy) * (normals[i] + normals[j] + normals[k]) +
      (uz * vx - ux * vz) * (normals[i + 1] + normals[j + 1] + normals[k + 1]) +
      (ux * vy - uy * vx) * (normals[i + 2] + normals[j + 2] + normals[k + 2]);
    if (dot < 0) count++;
  }
  return count;
}

/** By the divergence theorem; about the first vertex, so that a mesh far away loses nothing. */
function volumeOf({ positions, indices }: TriangleMesh, kind: Uint8Array): number {
  const o = 3 * indices[0], ox = positions[o], oy = positions[o + 1], oz = positions[o + 2];
  let sum = 0;
  for (let f = 0; f < kind.length; f++) {
    if (kind[f] !== SOUND) continue;
    const i = 3 * indices[3 * f], j = 3 * indices[3 * f + 1], k = 3 * indices[3 * f + 2];
    const ax = positions[i] - ox, ay = positions[i + 1] - oy, az = positions[i + 2] - oz;
    const bx = positions[j] - ox, by = positions[j + 1] - oy, bz = positions[j + 2] - oz;
    const cx = positions[k] - ox, cy = positions[k + 1] - oy, cz = positions[k + 2] - oz;
    sum += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return sum / 6;
}
