import { elementBytes } from "./_components.ts";
import type { Use } from "./_plain_accessors.ts";
import type { GltfJson } from "./json_types.ts";

const TARGETS: Readonly<Record<Use, number | undefined>> = { vertices: 34962, indices: 34963, matrices: undefined };

/**
 * Finds accessors that lie in a buffer view where those of their kind may not:
 * one that serves another kind or an image too, one with a stride where none may
 * be, or none where several attributes share it, elements that do not start
 * at multiples of four, and sparse parts in the view of something else. Readers cope; validators do not.
 */
export function misplacedAccessors(json: GltfJson, uses: ReadonlyMap<number, { readonly layout: Use }>): Set<number> {
  const misplaced = new Set<number>(), kinds = new Map<number, Use>(), attributes = new Map<number, number>();
  const images = new Set(json.images?.map(({ bufferView }) => bufferView));
  for (const [index, { layout }] of uses) {
    const view = json.accessors![index].bufferView;
    if (view !== undefined && layout === "vertices") attributes.set(view, (attributes.get(view) ?? 0) + 1);
  }
  for (const [index, { layout }] of uses) {
    const { bufferView, byteOffset = 0, type, componentType } = json.accessors![index];
    if (bufferView === undefined) continue;
    const { target, byteStride, byteOffset: viewOffset = 0 } = json.bufferViews![bufferView];
    const kind = kinds.get(bufferView) ?? layout;
    kinds.set(bufferView, kind);
    const stride = byteStride ?? elementBytes(type, componentType);
    const isAskew = layout === "vertices"
      ? stride % 4 !== 0 || (viewOffset + byteOffset) % 4 !== 0 ||
        (byteStride === undefined && attributes.get(bufferView)! > 1)
      : byteStride !== undefined;
    if (isAskew || kind !== layout || images.has(bufferView) || (target !== undefined && target !== TARGETS[layout])) {
      misplaced.add(index);
    }
  }
  for (const index of uses.keys()) {
    const { sparse } = json.accessors![index];
    if (sparse === undefined) continue;
    const isShared = [sparse.indices.bufferView, sparse.values.bufferView].some((view) => {
      const { target, byteStride } = json.bufferViews![view];
      return kinds.has(view) || images.has(view) || target !== undefined || byteStride !== undefined;
    });
    if (isShared) misplaced.add(index);
  }
  return misplaced;
}
