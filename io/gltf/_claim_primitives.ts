import type { DocumentEditor } from "./_document_editor.ts";
import type { EditContext, PrimitiveSlot } from "./_replace_values.ts";
import type { MeshPart } from "./mesh_header.ts";

/**
 * Makes the primitives of a node its own, so that what changes here changes
 * nowhere else: a mesh other nodes use too is copied (its accessors stay shared
 * until they change). Where the node is bound to a skin, primitives that were
 * not selected move to a child node: a skin moves all primitives of its node.
 *
 * @param skin The skin the node is about to get; `undefined` when it keeps its own.
 * @returns The primitive of each part.
 */
export function claimPrimitives(
  context: EditContext,
  node: number,
  parts: readonly MeshPart[],
  skin: number | undefined,
): PrimitiveSlot[] {
  const { editor } = context, { mesh } = parts[0];
  const isShared = editor.json.nodes!.some((other, n) => n !== node && other.mesh === mesh);
  const own = isShared ? copyMesh(context, mesh) : mesh;
  if (isShared) {
    editor.set("nodes", node, { ...editor.json.nodes![node], mesh: own });
  }
  const slots = parts.map(({ primitive }) => ({ mesh: own, primitive }));
  const isPartial = parts.length < editor.json.meshes![own].primitives.length;
  if (
    skin === undefined || !isPartial || editor.json.nodes![node].skin === skin
  ) return slots;
  return splitMesh(editor, node, own, parts);
}

function copyMesh({ editor, users }: EditContext, mesh: number): number {
  const original = editor.json.meshes![mesh];
  original.primitives.forEach((primitive) => users.addPrimitive(primitive));
  return editor.add("meshes", {
    ...original,
    primitives: [...original.primitives],
  });
}

/** Leaves the selected primitives at the node and gives the rest to a new child of it. */
function splitMesh(
  editor: DocumentEditor,
  node: number,
  mesh: number,
  parts: readonly MeshPart[],
): PrimitiveSlot[] {
  const entry = editor.json.meshes![mesh],
    selected = parts.map(({ primitive }) => primitive);
  editor.set("meshes", mesh, {
    ...entry,
    primitives: selected.map((p) => entry.primitives[p]),
  });
  const rest = editor.add("meshes", {
    ...entry,
    primitives: entry.primitives.filter((_, p) => !selected.includes(p)),
  });
  const { name, skin, weights } = editor.json.nodes![node];
  const child = editor.add("nodes", {
    ...(name === undefined ? {} : { name: `${name} (rest)` }),
    mesh: rest,
    ...(skin === undefined ? {} : { skin }),
    ...(weights === undefined ? {} : { weights }),
  });
  const owner = editor.json.nodes![node];
  editor.set("nodes", node, {
    ...owner,
    children: [...(owner.children ?? []), child],
  });
  return selected.map((_, primitive) => ({ mesh, primitive }));
}
