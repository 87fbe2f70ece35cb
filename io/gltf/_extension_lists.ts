import { F32, U16, U8 } from "./_components.ts";
import { DRACO } from "./_draco.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import type { GltfJson, GltfPrimitive } from "./json_types.ts";

const QUANTIZATION = "KHR_mesh_quantization";

/** Makes the extension lists say what the edited document needs: integers for positions are declared, and only while they are there. */
export function settleExtensions(editor: DocumentEditor): void {
  const before = needsQuantization(editor.document.json),
    after = needsQuantization(editor.json);
  if (after) {
    list(editor, "extensionsUsed", QUANTIZATION, true);
    list(editor, "extensionsRequired", QUANTIZATION, true);
  } else if (before) unlist(editor, QUANTIZATION);
  if (usesDraco(editor.document.json) && !usesDraco(editor.json)) {
    unlist(editor, DRACO);
  }
}

/** A primitive without its compressed twin, which would show the old shape to readers that prefer it. */
export function withoutCompression(primitive: GltfPrimitive): GltfPrimitive {
  if (primitive.extensions?.[DRACO] === undefined) return primitive;
  const { [DRACO]: _, ...others } = primitive.extensions,
    { extensions: __, ...rest } = primitive;
  return Object.keys(others).length === 0 ? rest : { ...rest, extensions: others };
}

/** Takes a name out of both lists. */
export function unlist(editor: DocumentEditor, name: string): void {
  list(editor, "extensionsUsed", name, false);
  list(editor, "extensionsRequired", name, false);
}

/** Adds a name to a list or takes it out; an empty list goes too. */
function list(
  editor: DocumentEditor,
  key: "extensionsUsed" | "extensionsRequired",
  name: string,
  isWanted: boolean,
): void {
  const names = editor.json[key] ?? [];
  if (names.includes(name) === isWanted) return;
  const next = isWanted ? [...names, name] : names.filter((other) => other !== name);
  if (next.length === 0) editor.remove(key);
  else editor.patch({ [key]: next });
}

function usesDraco({ meshes }: GltfJson): boolean {
  return meshes?.some(({ primitives }) => primitives.some(({ extensions }) => extensions?.[DRACO] !== undefined)) ??
    false;
}

/** Whether an attribute is stored in a way that core glTF does not allow. */
function needsQuantization({ meshes, accessors }: GltfJson): boolean {
  const isQuantized = (name: string, index: number) => {
    const { componentType, normalized } = accessors![index];
    if (/^(POSITION|NORMAL|TANGENT)$/.test(name)) return componentType !== F32;
    return /^TEXCOORD_/.test(name) && componentType !== F32 &&
      !(normalized && (componentType === U8 || componentType === U16));
  };
  return meshes?.some(({ primitives }) =>
    primitives.some(({ attributes, targets }) =>
      [attributes, ...(targets ?? [])].some((source) =>
        Object.entries(source).some(([name, index]) => isQuantized(name, index))
      )
    )
  ) ?? false;
}
