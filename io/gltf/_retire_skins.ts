import type { DocumentEditor } from "./_document_editor.ts";
import { parentsOf, reachableFrom } from "./_hierarchy.ts";
import type { GltfNode } from "./json_types.ts";

/**
 * Removes the skins of a list that no node uses any more, and takes their
 * joints out of the scenes where nothing else needs them. Nodes keep their
 * indices: extensions we do not know may refer to them.
 */
export function retireSkins(
  editor: DocumentEditor,
  candidates: readonly number[],
): void {
  const isUsed = new Set(editor.json.nodes?.map(({ skin }) => skin));
  const retired = candidates.filter((skin) => !isUsed.has(skin)).sort((a, b) => a - b);
  if (retired.length === 0) return;
  const skins = editor.json.skins!,
    joints = new Set(retired.flatMap((skin) => skins[skin].joints));
  editor.patch({ skins: skins.filter((_, skin) => !retired.includes(skin)) });
  editor.json.nodes!.forEach((node, n) => {
    const below = node.skin === undefined ? 0 : retired.filter((skin) => skin < node.skin!).length;
    if (below > 0) {
      editor.set("nodes", n, { ...node, skin: node.skin! - below });
    }
  });
  unlinkJoints(editor, joints);
}

/** Takes whole branches out of the scenes that hold nothing but retired joints. */
export function unlinkJoints(
  editor: DocumentEditor,
  joints: ReadonlySet<number>,
): void {
  const { skins, animations } = editor.json, nodes = editor.json.nodes!;
  const needed = new Set([
    ...(skins ?? []).flatMap((skin) => skin.skeleton === undefined ? skin.joints : [...skin.joints, skin.skeleton]),
    ...(animations ?? []).flatMap(({ channels }) => channels.flatMap(({ target }) => target.node ?? [])),
  ]);
  const isIdle = (node: number) => !needed.has(node) && isPlain(nodes[node]);
  const parents = parentsOf(editor.json), unlinked = new Set<number>();
  for (const joint of joints) {
    if (joints.has(parents[joint])) continue;
    const isBelow = reachableFrom(editor.json, [joint]);
    if (nodes.every((_, n) => isBelow[n] === 0 || isIdle(n))) {
      unlinked.add(joint);
    }
  }
  if (unlinked.size === 0) return;
  nodes.forEach((node, n) =>
    node.children?.some((child) => unlinked.has(child)) &&
    editor.set("nodes", n, without(node, "children", unlinked))
  );
  editor.json.scenes?.forEach((scene, s) =>
    scene.nodes?.some((node) => unlinked.has(node)) &&
    editor.set("scenes", s, without(scene, "nodes", unlinked))
  );
}

function isPlain({ mesh, camera, skin, extensions }: GltfNode): boolean {
  return mesh === undefined && camera === undefined && skin === undefined &&
    extensions === undefined;
}

/** An object without some entries of a list; an empty list goes too, as glTF wants it. */
function without<
  K extends string,
  T extends { readonly [key in K]?: readonly number[] },
>(object: T, key: K, gone: ReadonlySet<number>): T {
  const list = object[key]!.filter((node) => !gone.has(node)),
    { [key]: _, ...rest } = object;
  return (list.length === 0 ? rest : { ...object, [key]: list }) as T;
}
