import type { WorldEdits } from "./_block_change.ts";
import { AFFINE, invert, multiply } from "./_affine.ts";
import { openColumn } from "./_column.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import { isFarAway } from "./far_origin.ts";
import { localTransform } from "./_hierarchy.ts";
import { isNodeFree } from "./_free_node.ts";
import { attributesOf } from "./_read_part.ts";
import { constantSpace, spaceOfPart, type VertexSpace } from "./_vertex_space.ts";
import type { GltfNode } from "./json_types.ts";
import type { MeshPart } from "./mesh_header.ts";

/**
 * Moves a node to its mesh when the mesh has gone so far from it that f32 would
 * lose its detail: a garment that stood seven kilometres from its body. Only
 * where nothing else hangs on the node, and all its primitives are written.
 *
 * @returns The space the node has then; `undefined` when it stays as it is.
 */
export function recentreNode(
  editor: DocumentEditor,
  node: number,
  parts: readonly MeshPart[],
  { positions, origin }: WorldEdits,
): VertexSpace | undefined {
  const { document } = editor, entry = editor.json.nodes![node], [{ mesh }] = parts;
  const isWhole = parts.length === document.json.meshes![mesh].primitives.length;
  if (positions === undefined || !isWhole || parts.some(({ skin }) => skin !== undefined)) return undefined;
  if (node >= document.json.nodes!.length || !isNodeFree(editor, node)) return undefined;
  const world = spaceOfPart(document, parts[0]).constant!, inverse = new Float64Array(AFFINE);
  if (!invert(world, inverse)) return undefined;
  const before = new Box(), after = new Box();
  for (const part of parts) {
    const { array, step, divisor } = openColumn(document, attributesOf(document, part).POSITION);
    for (let v = 0; v < part.vertexCount; v++) {
      const at = step * v, to = 3 * (part.firstVertex + v);
      before.add(array[at] / divisor, array[at + 1] / divisor, array[at + 2] / divisor);
      const x = positions[to] + origin[0], y = positions[to + 1] + origin[1], z = positions[to + 2] + origin[2];
      after.add(
        inverse[0] * x + inverse[3] * y + inverse[6] * z + inverse[9],
        inverse[1] * x + inverse[4] * y + inverse[7] * z + inverse[10],
        inverse[2] * x + inverse[5] * y + inverse[8] * z + inverse[11],
      );
    }
  }
  if (isFarAway(before.min, before.max) || !isFarAway(after.min, after.max)) return undefined;
  const centre = after.min.map((low, c) => (low + after.max[c]) / 2);
  editor.set("nodes", node, movedNode(entry, centre));
  const shift = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, ...centre), moved = new Float64Array(AFFINE);
  multiply(world, 0, shift, 0, moved, 0);
  return constantSpace(moved);
}

/** A node whose zero lies where `centre` was. */
function movedNode(entry: GltfNode, centre: readonly number[]): GltfNode {
  const m = new Float64Array(AFFINE), [x, y, z] = centre;
  localTransform(entry, m, 0);
  const place = [0, 1, 2].map((c) => m[c] * x + m[3 + c] * y + m[6 + c] * z + m[9 + c]);
  if (entry.matrix === undefined) return { ...entry, translation: place };
  return { ...entry, matrix: [...entry.matrix.slice(0, 12), ...place, 1] };
}

/** Bounds of points, f64; those that are not finite count for nothing. */
class Box {
  readonly min: number[] = [Infinity, Infinity, Infinity];
  readonly max: number[] = [-Infinity, -Infinity, -Infinity];

  add(x: number, y: number, z: number): void {
    if (x - x !== 0 || y - y !== 0 || z - z !== 0) return;
    const { min, max } = this;
    if (x < min[0]) min[0] = x;
    if (y < min[1]) min[1] = y;
    if (z < min[2]) min[2] = z;
    if (x > max[0]) max[0] = x;
    if (y > max[1]) max[1] = y;
    if (z > max[2]) max[2] = z;
  }
}
