import type { EditContext, PrimitiveSlot } from "./_replace_values.ts";

/** A primitive of a node. */
export interface Place {
  /** Index into `nodes`. */
  readonly node: number;
  /** Index into the primitives of its mesh. */
  readonly primitive: number;
}

/** Where the primitives of a document are, once some of them have moved to other nodes. */
export class Places {
  readonly #now = new Map<string, Place>();

  /** Where a primitive of the original document is now. */
  of({ node, primitive }: Place): Place {
    return this.#now.get(`${node} ${primitive}`) ?? { node, primitive };
  }

  /** Notes that primitives have moved from where they were until now. */
  move(moves: readonly { readonly from: Place; readonly to: Place }[]): void {
    const origins = moves.map(({ from }) => this.#originOf(from));
    moves.forEach(({ to }, i) => this.#now.set(origins[i], to));
  }

  #originOf({ node, primitive }: Place): string {
    for (const [origin, now] of this.#now) if (now.node === node && now.primitive === primitive) return origin;
    return `${node} ${primitive}`;
  }
}

/**
 * Makes the primitives of a node its own, so that what changes here changes
 * nowhere else: a mesh other nodes use too is copied (its accessors stay shared
 * until they change). Where the node is bound to a skin, primitives that were
 * not selected move to a child node: a skin moves all primitives of its node.
 *
 * @param primitives The selected ones, as the node has them now.
 * @param skin The skin the node is about to get; `undefined` when it keeps its own.
 * @returns Where they are, one by one.
 */
export function claimPrimitives(
  context: EditContext,
  node: number,
  primitives: readonly number[],
  skin: number | undefined,
): PrimitiveSlot[] {
  const { editor, users } = context, mesh = editor.json.nodes![node].mesh!;
  const isShared = users.nodeCount(mesh) > 1;
  const own = isShared ? copyMesh(context, mesh) : mesh;
  if (isShared) {
    editor.set("nodes", node, { ...editor.json.nodes![node], mesh: own });
  }
  const isPartial = primitives.length < editor.json.meshes![own].primitives.length;
  if (
    skin === undefined || !isPartial || editor.json.nodes![node].skin === skin
  ) return primitives.map((primitive) => ({ mesh: own, primitive }));
  return splitMesh(context, node, own, primitives);
}

function copyMesh({ editor, users }: EditContext, mesh: number): number {
  const original = editor.json.meshes![mesh];
  original.primitives.forEach((primitive) => users.addPrimitive(primitive));
  users.addNode(mesh, -1);
  const copy = editor.add("meshes", { ...original, primitives: [...original.primitives] });
  users.addNode(copy);
  return copy;
}

/** Leaves the selected primitives at the node and gives the rest to a new child of it. */
function splitMesh(
  { editor, users, places }: EditContext,
  node: number,
  mesh: number,
  selected: readonly number[],
): PrimitiveSlot[] {
  const entry = editor.json.meshes![mesh];
  const others = entry.primitives.map((_, p) => p).filter((p) => !selected.includes(p));
  editor.set("meshes", mesh, { ...entry, primitives: selected.map((p) => entry.primitives[p]) });
  const rest = editor.add("meshes", { ...entry, primitives: others.map((p) => entry.primitives[p]) });
  users.addNode(rest);
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
  const moves = (list: readonly number[], to: number) =>
    list.map((p, k) => ({ from: { node, primitive: p }, to: { node: to, primitive: k } }));
  places.move([...moves(selected, node), ...moves(others, child)]);
  return selected.map((_, primitive) => ({ mesh, primitive }));
}
