import type { DocumentEditor } from "./_document_editor.ts";
import { unlist } from "./_extension_lists.ts";
import { MESHOPT_NAMES, meshoptOf } from "./_meshopt.ts";
import type { GltfBuffer, GltfBufferView, GltfJson } from "./json_types.ts";

/**
 * Compressed buffer views nobody uses any more, as what was in them is plain
 * now, become views of their compressed bytes (nothing is renumbered). With the
 * last of them go the buffers that stood in for them, and the extension.
 */
export function retireCompression(editor: DocumentEditor): void {
  if (editor.document.decompressed.views.size === 0) return;
  const before = viewsInUse(editor.document.json), after = viewsInUse(editor.json);
  editor.json.bufferViews!.forEach((view, i) => {
    if (before.has(i) && !after.has(i) && meshoptOf(view) !== undefined) {
      editor.set("bufferViews", i, plainView(view));
    }
  });
  if (editor.json.bufferViews!.some((view) => meshoptOf(view) !== undefined)) return;
  editor.json.buffers!.forEach((buffer, i) => {
    const mark = meshoptOf(buffer);
    if (mark === undefined) return;
    editor.set("buffers", i, withoutMeshopt(buffer));
    if (mark.fallback === true) editor.dropBuffer(i);
  });
  for (const name of MESHOPT_NAMES) unlist(editor, name);
}

/** The buffer views that accessors and images lie in. */
function viewsInUse({ accessors, images }: GltfJson): Set<number | undefined> {
  return new Set([
    ...(accessors ?? []).flatMap(({ bufferView, sparse }) => [
      bufferView,
      sparse?.indices.bufferView,
      sparse?.values.bufferView,
    ]),
    ...(images ?? []).map(({ bufferView }) => bufferView),
  ]);
}

function plainView(view: GltfBufferView): GltfBufferView {
  const { buffer, byteOffset, byteLength } = meshoptOf(view) as unknown as GltfBufferView;
  const { byteStride: _s, target: _t, ...rest } = withoutMeshopt(view);
  return { ...rest, buffer, byteOffset: byteOffset ?? 0, byteLength };
}

function withoutMeshopt<T extends GltfBuffer | GltfBufferView>(owner: T): T {
  const { extensions, ...rest } = owner, found = meshoptOf(owner);
  const others = Object.entries(extensions!).filter(([, extension]) => extension !== found);
  return (others.length === 0 ? rest : { ...rest, extensions: Object.fromEntries(others) }) as T;
}
