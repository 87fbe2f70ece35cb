import type { DocumentEditor } from "./_document_editor.ts";
import type { JsonObject } from "./json_types.ts";

/** Whether nothing hangs on the transform of a node but its mesh: no child, camera, extension, skin or animation. */
export function isNodeFree({ json }: DocumentEditor, node: number): boolean {
  const { children, camera, extensions } = json.nodes![node], { skins, animations } = json;
  const isJoint = skins?.some(({ joints }) => joints.includes(node)) ?? false;
  const isMoved = animations?.some(({ channels }) => channels.some(({ target }) => moves(target, node))) ?? false;
  return children === undefined && camera === undefined && extensions === undefined && !isJoint && !isMoved;
}

function moves(target: { readonly node?: number; readonly extensions?: JsonObject }, node: number): boolean {
  const { pointer } = (target.extensions?.KHR_animation_pointer ?? {}) as JsonObject;
  return target.node === node || (typeof pointer === "string" && pointer.startsWith(`/nodes/${node}/`));
}
