import { openColumn, readFloats } from "./_column.ts";
import { parentsOf } from "./_hierarchy.ts";
import { attributesOf } from "./_read_part.ts";
import type { GltfObject } from "./json_types.ts";
import type { MeshHeader } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

/** A primitive of a surface by what a person may call it. */
export interface SurfacePart {
  /** The first of its faces in the surface. */
  readonly firstFace: number;
  /** How many it has. */
  readonly faceCount: number;
  /** Name of its material; the material's index where that has none; `undefined` without a material. */
  readonly material: string | undefined;
  /** Names of its primitive (`extras.name`), its mesh, its node and the nodes above that, nearest first. */
  readonly names: readonly string[];
}

/**
 * Lists the primitives of a surface with their names, in the order of its faces: for choosing among them.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document.
 * @example A named material on a named node
 * ```ts
 * import { findMesh, openGltf, surfaceParts } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0" },
 *   nodes: [{ mesh: 0, name: "coat" }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 }, material: 0 }] }],
 *   materials: [{ name: "wool" }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "coat.gltf" });
 * const parts = surfaceParts(document, findMesh(document));
 * assertEquals(parts, [{ firstFace: 0, faceCount: 1, material: "wool", names: ["coat"] }]);
 * ```
 */
export function surfaceParts(document: GltfDocument, header: MeshHeader): SurfacePart[] {
  const { json } = document, parents = parentsOf(json);
  return header.parts.map(({ node, mesh, primitive, material, firstFace, faceCount }) => {
    const above: number[] = [];
    for (let n = node; n >= 0; n = parents[n]) above.push(n);
    const extras = json.meshes![mesh].primitives[primitive].extras;
    const own = typeof extras === "object" && extras !== null && "name" in extras ? extras.name : undefined;
    const names = [own, nameOf(json.meshes![mesh]), ...above.map((n) => nameOf(json.nodes![n]))];
    return {
      firstFace,
      faceCount,
      material: material === undefined ? undefined : nameOf(json.materials![material]) ?? String(material),
      names: [...new Set(names.filter((name) => typeof name === "string"))],
    };
  });
}

/** Whether every part of a surface has the texture coordinates `TEXCOORD_0`. */
export function hasUVs(document: GltfDocument, header: MeshHeader): boolean {
  return header.parts.every((part) => attributesOf(document, part).TEXCOORD_0 !== undefined);
}

/** Whether a part of a surface has tangents, and all have the texture coordinates they are made of. */
export function hasTangents(document: GltfDocument, header: MeshHeader): boolean {
  return hasUVs(document, header) && header.parts.some((part) => attributesOf(document, part).TANGENT !== undefined);
}

/**
 * Decodes `TEXCOORD_0`, the first set of texture coordinates; `v` counts from the top of the image, as in the file.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document, see {@linkcode hasUVs}.
 * @param out `2 * vertexCount`; overwritten. Vertices of parts without the attribute get zeros.
 * @throws {RangeError} If `out` has the wrong length.
 */
export function readUVs(document: GltfDocument, header: MeshHeader, out: Float32Array): void {
  if (out.length !== 2 * header.vertexCount) {
    throw new RangeError(
      `Cannot read texture coordinates as out must hold ${2 * header.vertexCount} numbers: it holds ${out.length}`,
    );
  }
  for (const part of header.parts) {
    if (part.sharesVertices) continue;
    const accessor = attributesOf(document, part).TEXCOORD_0;
    const start = 2 * part.firstVertex;
    if (accessor === undefined) out.fill(0, start, start + 2 * part.vertexCount);
    else readFloats(openColumn(document, accessor), out, start);
  }
}

function nameOf(object: GltfObject): string | undefined {
  return typeof object.name === "string" && object.name !== "" ? object.name : undefined;
}
