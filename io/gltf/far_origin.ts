import { AFFINE } from "./_affine.ts";
import { openColumn } from "./_column.ts";
import { attributesOf, type Vec3 } from "./_read_part.ts";
import { spaceOfPart } from "./_vertex_space.ts";
import type { MeshHeader, MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";

/** A surface is far away when its middle is this many diagonals of its bounds from zero: f32 has lost 6 of its 24 bits there. */
const FAR = 64;

/** Corners that are looked at, about. */
const SAMPLES = 4096;

/**
 * Where to put the zero of a run's coordinates: at the middle of this surface
 * when it is so far from the world's zero that f32 would lose its detail, else
 * where it is, so that ordinary files keep their bits. Whole metres.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document: the surface the others are fitted to.
 * @returns For the `origin` of `readMesh`, `writeMesh` and `alignBounds`.
 * @example A triangle seven kilometres away
 * ```ts
 * import { farOrigin, findMesh, openGltf } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const open = async (translation: number[]) => {
 *   const json = {
 *     asset: { version: "2.0" },
 *     nodes: [{ mesh: 0, translation }],
 *     meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *     accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *     bufferViews: [{ buffer: 0, byteLength: 36 }],
 *     buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 *   };
 *   return await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * };
 * const near = await open([5, 0, 0]), far = await open([7000.25, 0, 0]);
 * assertEquals(farOrigin(near, findMesh(near)), [0, 0, 0]);
 * assertEquals(farOrigin(far, findMesh(far)), [7001, 1, 0]);
 * ```
 */
export function farOrigin(document: GltfDocument, header: MeshHeader): Vec3 {
  const min = [Infinity, Infinity, Infinity], max = [-Infinity, -Infinity, -Infinity];
  for (const part of header.parts) growByCorners(document, part, min, max);
  if (!isFarAway(min, max)) return [0, 0, 0];
  const [x, y, z] = min.map((low, c) => Math.round((low + max[c]) / 2) + 0); // no -0
  return [x, y, z];
}

/** Whether f32 would lose detail of what lies within these bounds, as they are far from zero. */
export function isFarAway(min: readonly number[], max: readonly number[]): boolean {
  const diagonal = Math.sqrt(min.reduce((sum, low, c) => sum + (max[c] - low) ** 2, 0));
  return min.some((low, c) => Math.abs(low + max[c]) / 2 > FAR * diagonal);
}

/** Grows bounds by corners of faces, a few thousand of them: what no face uses may lie anywhere. */
function growByCorners(document: GltfDocument, part: MeshPart, min: number[], max: number[]): void {
  const { array, step, divisor } = openColumn(document, attributesOf(document, part).POSITION);
  const { indices: accessor } = document.json.meshes![part.mesh].primitives[part.primitive];
  const indices = accessor === undefined ? undefined : openColumn(document, accessor);
  const corners = indices?.count ?? part.vertexCount, stride = Math.max(1, Math.floor(corners / SAMPLES));
  const space = spaceOfPart(document, part), m = new Float64Array(AFFINE);
  if (space.constant !== undefined) m.set(space.constant);
  for (let i = 0; i < corners; i += stride) {
    const v = indices === undefined ? i : indices.array[indices.step * i], at = step * v;
    if (space.constant === undefined) space.transformOf(v, m);
    const x = array[at] / divisor, y = array[at + 1] / divisor, z = array[at + 2] / divisor;
    for (let c = 0; c < 3; c++) {
      const value = m[c] * x + m[3 + c] * y + m[6 + c] * z + m[9 + c];
      if (value < min[c]) min[c] = value;
      if (value > max[c]) max[c] = value;
    }
  }
}
