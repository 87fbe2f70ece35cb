import { AFFINE, toMatrix16 } from "./_affine.ts";
import { fault } from "./_check.ts";
import { nearestJoints, parentsOf, worldTransforms } from "./_hierarchy.ts";
import { inverseBinds, unionOfJoints } from "./_skin.ts";
import type { MeshHeader } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

/** The joints that move a surface, in the pose of the file. */
export interface Skeleton {
  /** How many joints. */
  readonly jointCount: number;
  /** Their names; `joint 7` where the file has none. */
  readonly jointNames: readonly string[];
  /** The nearest joint above each, `-1` for roots. */
  readonly parentJoint: Int32Array;
  /** World transform of each, `16 * jointCount`, column-major, metres. */
  readonly jointWorld: Float64Array;
  /** From the mesh's space to each joint's, `16 * jointCount`, column-major; the last row is exactly 0, 0, 0, 1. */
  readonly inverseBindMatrices: Float32Array;
  /** The document they come from: their nodes are copied from there. */
  readonly document: GltfDocument;
  /** Node of each joint in that document. */
  readonly jointNodes: readonly number[];
  /** The skins they come from, by index into `skins`. */
  readonly skins: readonly number[];
}

/**
 * Reads the joints of a surface: of its skin, or of all its skins together,
 * where a node that is a joint of two skins is one joint and keeps the inverse
 * bind matrix of the first.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document.
 * @returns The skeleton the joints of `readMesh` refer to; `undefined` when no joints move the surface.
 * @throws {InputFileError} If an inverse bind matrix is not finite.
 * @example A mesh without a skin has no skeleton
 * ```ts
 * import { findMesh, openGltf, readSkeleton } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0" },
 *   nodes: [{ mesh: 0 }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * assertEquals(readSkeleton(document, findMesh(document)), undefined);
 * ```
 */
export function readSkeleton(
  document: GltfDocument,
  header: MeshHeader,
): Skeleton | undefined {
  if (header.skins.length === 0) return undefined;
  const union = unionOfJoints(document, header.skins),
    jointCount = union.nodes.length;
  const world = worldTransforms(document.json), nodes = document.json.nodes!;
  const binds = new Map(
    header.skins.map((skin) => [skin, inverseBinds(document, skin)]),
  );
  const jointWorld = new Float64Array(16 * jointCount),
    inverseBindMatrices = new Float32Array(16 * jointCount);
  union.nodes.forEach((node, j) => {
    toMatrix16(world, AFFINE * node, jointWorld, 16 * j);
    const { skin, slot } = union.firstSeen[j];
    toMatrix16(binds.get(skin)!, AFFINE * slot, inverseBindMatrices, 16 * j);
  });
  const bad = inverseBindMatrices.findIndex((value) => value - value !== 0);
  if (bad >= 0) {
    throw fault(
      document.path,
      "/skins",
      "inverse bind matrices must be finite",
      `joint ${Math.floor(bad / 16)} has ${inverseBindMatrices[bad]}`,
    );
  }
  return {
    jointCount,
    jointNames: union.nodes.map((node, j) => typeof nodes[node].name === "string" ? nodes[node].name : `joint ${j}`),
    parentJoint: parentJoints(document, union.nodes),
    jointWorld,
    inverseBindMatrices,
    document,
    jointNodes: union.nodes,
    skins: header.skins,
  };
}

function parentJoints(
  document: GltfDocument,
  jointNodes: readonly number[],
): Int32Array {
  const parents = parentsOf(document.json),
    nearest = nearestJoints(document.json, jointNodes);
  return Int32Array.from(
    jointNodes,
    (node) => parents[node] < 0 ? -1 : nearest[parents[node]],
  );
}
