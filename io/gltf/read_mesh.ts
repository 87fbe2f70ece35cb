import type { Work } from "../../fitting/work.ts";
import { fault } from "./_check.ts";
import { openColumn } from "./_column.ts";
import { TRIANGLES, writeFaces } from "./_faces.ts";
import { readInfluences } from "./_read_influences.ts";
import { readLocalNormals, readLocalPositions, toWorldNormals, toWorldPositions, type Vec3 } from "./_read_part.ts";
import { runThrough } from "./_run_through.ts";
import { spaceOfPart } from "./_vertex_space.ts";
import type { MeshHeader, MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

/** Arrays {@linkcode readMesh} fills: caller-owned, overwritten from end to end. */
export interface MeshArrays {
  /** `3 * vertexCount` coordinates, metres, world space minus the origin. */
  positions: Float32Array;
  /** `3 * faceCount` vertex indices, counter-clockwise seen from outside. */
  indices: Uint32Array;
  /** `3 * vertexCount`, unit length; zero where the file has none. */
  normals?: Float32Array;
  /** `influencesPerVertex * vertexCount` joints of the skeleton `readSkeleton` gives. */
  skinJoints?: Uint16Array;
  /** `influencesPerVertex * vertexCount`, falling, summing to one; unused places are joint 0, weight 0. */
  skinWeights?: Float32Array;
}

/** Options for {@linkcode readMesh}. */
export interface ReadMeshOptions {
  /** Subtracted from every position before it is rounded to f32; metres. @default {[0, 0, 0]} */
  origin?: Vec3;
}

/**
 * Decodes the surface into the caller's arrays, in world space and in the pose
 * of the file. Meshes without a skin are moved by their nodes, skinned ones by
 * `Σ w · jointWorld · inverseBind` (their node is ignored, as glTF says), all
 * in f64; what mirrors gets its faces turned. Morph targets are not applied.
 *
 * Where a node's world transform is the identity and the origin zero, positions
 * are the file's own bits. Coordinates that are not finite (no face uses them,
 * else `findMesh` refuses) are read as the local origin, such normals as zero.
 *
 * Nothing is created per vertex; sparse accessors are copied once.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document.
 * @param out Arrays of exactly the lengths the header asks for; missing ones are not read.
 * @param options The origin.
 * @throws {InputFileError} If transforms take a vertex beyond what f32 can hold.
 * @throws {RangeError} If an array has the wrong length.
 * @example A triangle of a mirrored node is turned, so that it faces the same side
 * ```ts
 * import { findMesh, openGltf, readMesh } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0" },
 *   nodes: [{ mesh: 0, scale: [-1, 1, 1] }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * const header = findMesh(document);
 * const positions = new Float32Array(3 * header.vertexCount), indices = new Uint32Array(3 * header.faceCount);
 * readMesh(document, header, { positions, indices });
 * assertEquals(positions[3], -1);
 * assertEquals([...indices], [0, 2, 1]);
 * ```
 */
export function readMesh(
  document: GltfDocument,
  header: MeshHeader,
  out: MeshArrays,
  options: ReadMeshOptions = {},
): void {
  runThrough(readMeshWork(document, header, out, options));
}

/** {@linkcode readMesh} with pauses. */
export function* readMeshWork(
  document: GltfDocument,
  header: MeshHeader,
  out: MeshArrays,
  options: ReadMeshOptions = {},
): Work<void> {
  const { origin = [0, 0, 0] } = options;
  checkLengths(header, out);
  for (const part of header.parts) {
    readFaces(document, part, out.indices);
    yield;
    if (part.sharesVertices) continue;
    const space = spaceOfPart(document, part), start = 3 * part.firstVertex;
    readLocalPositions(document, part, out.positions, start);
    yield;
    yield* toWorldPositions(space, out.positions, start, part.vertexCount, origin);
    yield;
    refuseOverflow(document, part, out.positions);
    if (out.normals === undefined) continue;
    yield;
    readLocalNormals(document, part, out.normals, start);
    yield;
    yield* toWorldNormals(space, out.normals, start, part.vertexCount);
  }
  if (
    out.skinJoints === undefined || out.skinWeights === undefined ||
    header.influencesPerVertex === 0
  ) return;
  yield;
  readInfluences(document, header, {
    skinJoints: out.skinJoints,
    skinWeights: out.skinWeights,
  });
}

/** Writes the faces of a part where they belong in the surface. */
export function readFaces(
  document: GltfDocument,
  part: MeshPart,
  out: Uint32Array,
): void {
  const { mode, indices } = document.json.meshes![part.mesh].primitives[part.primitive];
  const column = indices === undefined ? undefined : openColumn(document, indices);
  const source = {
    mode: mode ?? TRIANGLES,
    indices: column,
    vertexCount: part.vertexCount,
  };
  writeFaces(
    source,
    out,
    3 * part.firstFace,
    part.firstVertex,
    part.isMirrored,
  );
}

function checkLengths(header: MeshHeader, out: MeshArrays): void {
  const { vertexCount, faceCount, influencesPerVertex } = header;
  const wanted: Record<keyof MeshArrays, number> = {
    positions: 3 * vertexCount,
    indices: 3 * faceCount,
    normals: 3 * vertexCount,
    skinJoints: influencesPerVertex * vertexCount,
    skinWeights: influencesPerVertex * vertexCount,
  };
  for (const key of Object.keys(wanted) as (keyof MeshArrays)[]) {
    const array = out[key];
    if (array !== undefined && array.length !== wanted[key]) {
      throw new RangeError(
        `Cannot read the mesh as ${key} must hold ${wanted[key]} numbers: it holds ${array.length}`,
      );
    }
  }
  if ((out.skinJoints === undefined) !== (out.skinWeights === undefined)) {
    throw new RangeError(
      "Cannot read the mesh as skinJoints and skinWeights must come together: one is missing",
    );
  }
}

function refuseOverflow(
  document: GltfDocument,
  part: MeshPart,
  positions: Float32Array,
): void {
  const end = 3 * (part.firstVertex + part.vertexCount);
  for (let i = 3 * part.firstVertex; i < end; i++) {
    if (positions[i] - positions[i] === 0) continue;
    const vertex = Math.floor(i / 3) - part.firstVertex;
    const pointer = `/meshes/${part.mesh}/primitives/${part.primitive}/attributes/POSITION`;
    throw fault(
      document.path,
      pointer,
      "coordinates in the world must fit f32",
      `vertex ${vertex} is moved to ${positions[i]}`,
    );
  }
}
