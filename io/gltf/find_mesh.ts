import { fault } from "./_check.ts";
import { worldTransforms } from "./_hierarchy.ts";
import { readPart, spendDeclared } from "./_part.ts";
import { Budget } from "./_part_checks.ts";
import { type MeshSelection, type SelectedPrimitive, selectPrimitives } from "./_select.ts";
import { unionOfJoints } from "./_skin.ts";
import type { MeshHeader, MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

/**
 * Finds the surface a selection means: by default every primitive that makes
 * faces, of every mesh node of the default scene, as one surface, vertices and
 * faces one after the other in the order of the nodes. Primitives of a node
 * that use the same vertex accessors share their vertices.
 *
 * Looks at indices, joints, weights and coordinates, so that `readMesh` cannot
 * meet a bad one; allocates nothing of their size.
 *
 * @param document From `openGltf`.
 * @param selection Names; missing keys select everything.
 * @returns Sizes and parts, for `readMesh`, `readSkeleton` and `writeMesh`.
 * @throws {InputFileError} If nothing matches, a primitive has no positions or no faces, an index, joint or
 * weight is out of range, a face uses a vertex that is not finite, or a node flattens its mesh.
 * @example The sizes of a triangle
 * ```ts
 * import { findMesh, openGltf } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0" },
 *   nodes: [{ mesh: 0, name: "leaf" }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * const { vertexCount, faceCount, hasNormals } = findMesh(document, { node: "leaf" });
 * assertEquals([vertexCount, faceCount, hasNormals], [3, 1, false]);
 * ```
 */
export function findMesh(
  document: GltfDocument,
  selection: MeshSelection = {},
): MeshHeader {
  const selected = selectPrimitives(document, selection);
  const budget = new Budget(document);
  for (const item of selected) spendDeclared(document, item, budget);
  const world = worldTransforms(document.json),
    mirroring = new Map<number, boolean>();
  const blocks = new Map<string, MeshPart>(), parts: MeshPart[] = [];
  let vertexCount = 0, faceCount = 0;
  for (const item of selected) {
    const key = vertexKey(document, item), twin = blocks.get(key);
    const part = readPart(document, item, {
      world,
      mirroring,
      budget,
      twin,
      firstVertex: vertexCount,
      firstFace: faceCount,
    });
    if (twin === undefined) {
      blocks.set(key, part);
      vertexCount += part.vertexCount;
    }
    faceCount += part.faceCount;
    parts.push(part);
  }
  if (faceCount === 0) {
    throw fault(
      document.path,
      "/meshes",
      "the surface must have a triangle",
      "it has none",
    );
  }
  const own = parts.filter((part) => !part.sharesVertices);
  const skins = [
    ...new Set(parts.flatMap(({ skin }) => skin === undefined ? [] : [skin])),
  ];
  return {
    vertexCount,
    faceCount,
    hasNormals: parts.every((part) => part.hasNormals),
    influencesPerVertex: parts.reduce((most, part) => Math.max(most, part.influencesPerVertex), 0),
    jointCount: unionOfJoints(document, skins).nodes.length,
    skins,
    nonFiniteVertexCount: own.reduce(
      (sum, part) => sum + part.nonFiniteVertexCount,
      0,
    ),
    nonFiniteNormalCount: own.reduce(
      (sum, part) => sum + part.nonFiniteNormalCount,
      0,
    ),
    unweightedVertexCount: own.reduce((sum, part) => sum + part.unweightedVertexCount, 0),
    parts,
  };
}

/** Equal for primitives of a node that use the same vertices. */
function vertexKey(
  document: GltfDocument,
  { node, mesh, primitive }: SelectedPrimitive,
): string {
  const { attributes } = document.json.meshes![mesh].primitives[primitive];
  const used = Object.keys(attributes).filter((name) => /^(POSITION|NORMAL|TANGENT|JOINTS_\d+|WEIGHTS_\d+)$/.test(name))
    .sort();
  return [
    node,
    ...used.map((name) => `${name}:${attributes[name]}`),
    targetsKey(document, mesh, primitive),
  ].join(" ");
}

function targetsKey(
  document: GltfDocument,
  mesh: number,
  primitive: number,
): string {
  return JSON.stringify(
    document.json.meshes![mesh].primitives[primitive].targets ?? [],
  );
}
