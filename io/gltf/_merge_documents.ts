import { padded } from "./_container.ts";
import { LIST_SHAPES, type Numbered, ROOT_LISTS } from "./_index_shapes.ts";
import { stringifyJson } from "./_json_text.ts";
import { type BufferPlace, isFallback, withMeshoptPlace } from "./_meshopt.ts";
import { shareJoints } from "./_share_joints.ts";
import { Renumbering } from "./_renumber.ts";
import type { GltfBuffer, GltfBufferView, GltfJson, GltfScene, JsonObject, JsonValue } from "./json_types.ts";
import type { MeshHeader } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import type { Skeleton } from "./skeleton.ts";

/** Where the entries of one of the documents begin in the merged one. */
export type Offsets = Readonly<Partial<Record<Numbered, number>>>;

/** Several documents as one. */
export interface MergedDocument {
  readonly document: GltfDocument;
  /** By document, in order. */
  readonly offsets: readonly Offsets[];
  /** Joints that nothing follows any more, as the first document has the same ones. */
  readonly orphans: readonly number[];
  /** What could not come along, each in a few words. */
  readonly left: readonly string[];
}

type Lists = Record<string, JsonValue[]>;

/**
 * Joins documents into one: the first stays as it is, number for number, and
 * what the others show is shown in its default scene too. Their lists go behind
 * its lists, with the indices in them, those of known extensions included. All
 * bytes go into one buffer, as a .glb has only one.
 *
 * @param documents At least one; the first decides on `asset` and on what stands at the root.
 */
export function mergeDocuments(documents: readonly GltfDocument[]): MergedDocument {
  const [first, ...others] = documents;
  const buffers = new JoinedBuffers(documents);
  const root: Record<string, JsonValue | undefined> = { ...first.json as unknown as JsonObject };
  const lists: Lists = Object.fromEntries(
    Object.keys(LIST_SHAPES).map((key) => [key, [...listOf(first.json, key)]]),
  );
  lists.bufferViews = lists.bufferViews.map((view) => buffers.moved(0, view));
  const offsets: Offsets[] = [{}], left = new Set<string>();
  others.forEach((document, k) => {
    const variants = new Map<number, number>(), own = offsetsIn(lists, root);
    const renumbering = new Renumbering((list, index) =>
      list === "variants" ? variants.get(index) ?? index : index + (own[list] ?? 0)
    );
    const { scene, rest } = ownScene(document.json);
    mergeRootLists(root, document.json, variants, renumbering);
    for (const [key, shape] of Object.entries(LIST_SHAPES)) {
      const entries = (key === "scenes" ? rest as unknown as JsonValue[] : listOf(document.json, key))
        .map((entry) => key === "bufferViews" ? buffers.moved(k + 1, entry) : entry);
      for (const entry of entries) lists[key].push(renumbering.copy(entry, shape)); // a spread of many overflows the stack
    }
    showAll(root, lists, scene.map((node) => node + (own.nodes ?? 0)), own.nodes ?? 0);
    mergeRoot(root, document, renumbering, left);
    offsets.push(own);
  });
  for (const [key, list] of Object.entries(lists)) if (list.length > 0) root[key] = list;
  if (buffers.entries.length > 0) root.buffers = buffers.entries as unknown as JsonValue;
  const merged = root as unknown as GltfJson, { nodes = [], skins = [] } = first.json;
  const { json, orphans } = shareJoints(merged, nodes.length, skins.length);
  return { document: documentOf(documents, json, buffers, offsets), offsets, orphans, left: [...left] };
}

/** A header of one of the documents, for the merged one. */
export function movedHeader(header: MeshHeader, offsets: Offsets): MeshHeader {
  const { nodes = 0, meshes = 0, materials = 0, skins = 0 } = offsets;
  return {
    ...header,
    skins: header.skins.map((skin) => skin + skins),
    parts: header.parts.map((part) => ({
      ...part,
      node: part.node + nodes,
      mesh: part.mesh + meshes,
      material: part.material === undefined ? undefined : part.material + materials,
      skin: part.skin === undefined ? undefined : part.skin + skins,
    })),
  };
}

/** A skeleton of one of the documents, for the merged one. */
export function movedSkeleton(skeleton: Skeleton, document: GltfDocument, offsets: Offsets): Skeleton {
  const { nodes = 0, skins = 0 } = offsets;
  return {
    ...skeleton,
    document,
    jointNodes: skeleton.jointNodes.map((node) => node + nodes),
    skins: skeleton.skins.map((skin) => skin + skins),
  };
}

function listOf(json: GltfJson, key: string): readonly JsonValue[] {
  return (json as unknown as Record<string, readonly JsonValue[] | undefined>)[key] ?? [];
}

/** How long all lists are now: where the next document's entries begin. */
function offsetsIn(lists: Lists, root: Readonly<Record<string, JsonValue | undefined>>): Offsets {
  const offsets: Partial<Record<string, number>> = {};
  for (const [key, list] of Object.entries(lists)) offsets[key] = list.length;
  for (const [extension, [key, list]] of ROOT_LISTS) offsets[list] = rootList(root, extension, key).length;
  return offsets;
}

function rootList(root: Readonly<Record<string, JsonValue | undefined>>, extension: string, key: string): JsonValue[] {
  const list = ((root.extensions as JsonObject | undefined)?.[extension] as JsonObject | undefined)?.[key];
  return Array.isArray(list) ? list : [];
}

/** The nodes a document shows, as roots, and its other scenes. */
function ownScene(json: GltfJson): { scene: readonly number[]; rest: readonly GltfScene[] } {
  const shown = json.scenes?.[json.scene ?? 0];
  if (shown !== undefined) return { scene: shown.nodes ?? [], rest: json.scenes!.filter((scene) => scene !== shown) };
  return { scene: rootsOf(json.nodes ?? []), rest: [] };
}

function rootsOf(nodes: readonly { readonly children?: readonly number[] }[]): number[] {
  const below = new Set(nodes.flatMap(({ children = [] }) => children));
  return nodes.flatMap((_, n) => below.has(n) ? [] : [n]);
}

/** Adds nodes to the default scene; a document without scenes shows all it has, and gets one that says so. */
function showAll(
  root: Record<string, JsonValue | undefined>,
  lists: Lists,
  nodes: readonly number[],
  before: number,
): void {
  const scenes = lists.scenes as unknown as GltfScene[], shown = (root.scene as number | undefined) ?? 0;
  if (root.scenes === undefined) {
    const all = rootsOf(lists.nodes.slice(0, before) as unknown as GltfJson["nodes"] & object);
    scenes.unshift({ nodes: [...all, ...nodes] });
    root.scene = 0;
    root.scenes = [];
  } else if (nodes.length > 0) scenes[shown] = { ...scenes[shown], nodes: [...(scenes[shown].nodes ?? []), ...nodes] };
}

/** Appends what extensions keep in lists at the root; variants of one name are one. */
function mergeRootLists(
  root: Record<string, JsonValue | undefined>,
  json: GltfJson,
  variants: Map<number, number>,
  renumbering: Renumbering,
): void {
  const theirs = (json as unknown as JsonObject).extensions as JsonObject | undefined;
  for (const [extension, [key, list, shape]] of ROOT_LISTS) {
    const added = rootList({ extensions: theirs }, extension, key);
    if (added.length === 0) continue;
    const merged = [...rootList(root, extension, key)];
    added.forEach((entry, i) => {
      const name = (entry as JsonObject | null)?.name;
      const same = list === "variants" ? merged.findIndex((other) => (other as JsonObject | null)?.name === name) : -1;
      if (list === "variants") variants.set(i, same < 0 ? merged.length : same);
      if (same < 0) merged.push(renumbering.copy(entry, shape));
    });
    const extensions = (root.extensions as JsonObject | undefined) ?? {};
    root.extensions = { ...extensions, [extension]: { ...extensions[extension] as JsonObject, [key]: merged } };
  }
}

/** What stands beside the lists: rights come along, extensions when they hold no index, other keys when there is room. */
function mergeRoot(
  root: Record<string, JsonValue | undefined>,
  { json, path }: GltfDocument,
  renumbering: Renumbering,
  left: Set<string>,
): void {
  const asset = root.asset as JsonObject, { copyright, minVersion } = json.asset as unknown as JsonObject;
  const rights = [asset.copyright, copyright].filter((text) => text !== undefined);
  root.asset = {
    ...asset,
    ...(rights.length === 0 ? {} : { copyright: [...new Set(rights)].join("; ") }),
    ...(minVersion === undefined ? {} : { minVersion }),
  };
  const { extensions: theirs = {} } = json as unknown as { extensions?: JsonObject };
  const unlisted = Object.fromEntries(Object.entries(theirs).filter(([name]) => !ROOT_LISTS.has(name)));
  const copied = renumbering.copy({ extensions: unlisted }, undefined) as JsonObject;
  const ours = (root.extensions as JsonObject | undefined) ?? {};
  for (const [name, value] of Object.entries((copied.extensions as JsonObject | undefined) ?? {})) {
    if (ours[name] === undefined) root.extensions = { ...root.extensions as JsonObject, [name]: value };
    else if (stringifyJson(ours[name]) !== stringifyJson(value!)) renumbering.left.add(name);
  }
  const gone = (name: string) =>
    renumbering.left.has(name) && !stringifyJson(root as JsonObject).includes(`"${name}":`);
  for (const key of ["extensionsUsed", "extensionsRequired"] as const) {
    const names = new Set([...(root[key] as string[] | undefined) ?? [], ...json[key] ?? []]);
    if (names.size > 0) root[key] = [...names].filter((name) => !gone(name));
  }
  for (const [key, value] of Object.entries(json)) {
    if (key in LIST_SHAPES || KNOWN_AT_ROOT.has(key)) continue;
    if (root[key] === undefined) root[key] = value as JsonValue;
    else if (stringifyJson(root[key]) !== stringifyJson(value as JsonValue)) left.add(`"${key}" of "${path}"`);
  }
  for (const name of renumbering.left) left.add(`what "${path}" has of ${name}`);
}

const KNOWN_AT_ROOT = new Set(["asset", "buffers", "scene", "extensions", "extensionsUsed", "extensionsRequired"]);

/** The bytes of all documents in one buffer, behind each other; buffers that only stand in for others stay apart. */
class JoinedBuffers {
  readonly entries: GltfBuffer[] = [];
  readonly contents: Uint8Array[] = [];
  readonly #places: BufferPlace[][] = [];

  constructor(documents: readonly GltfDocument[]) {
    const pieces: { at: number; bytes: Uint8Array }[] = [], standIns: GltfBuffer[] = [];
    let length = 0;
    for (const { json, buffers } of documents) {
      this.#places.push((json.buffers ?? []).map((entry, i) => {
        if (isFallback(entry)) return { buffer: standIns.push(entry), shift: 0 };
        const at = padded(length);
        pieces.push({ at, bytes: buffers[i] });
        length = at + buffers[i].length;
        return { buffer: 0, shift: at };
      }));
    }
    if (pieces.length === 0) return;
    const joined = new Uint8Array(length);
    for (const { at, bytes } of pieces) joined.set(bytes, at);
    const { uri: _, ...home } = documents[0].json.buffers?.find((entry) => !isFallback(entry)) ?? { byteLength: 0 };
    this.entries.push({ ...home, byteLength: length }, ...standIns);
    this.contents.push(joined, ...standIns.map(() => new Uint8Array(0)));
  }

  /** A buffer view of a document where its bytes are now. */
  moved(document: number, entry: JsonValue): JsonValue {
    const view = entry as unknown as GltfBufferView, places = this.#places[document];
    const { buffer, shift } = places[view.buffer];
    const isSame = buffer === view.buffer && shift === 0;
    const moved = isSame
      ? view
      : { ...view, buffer, ...(shift === 0 ? {} : { byteOffset: (view.byteOffset ?? 0) + shift }) };
    return withMeshoptPlace(moved, (i) => places[i]) as unknown as JsonValue;
  }
}

function documentOf(
  documents: readonly GltfDocument[],
  json: GltfJson,
  { contents }: JoinedBuffers,
  offsets: readonly Offsets[],
): GltfDocument {
  const [{ path, extraChunks }] = documents;
  const shifted = (key: "accessors" | "views", list: "accessors" | "bufferViews") =>
    new Map(
      documents.flatMap(({ decompressed }, d) =>
        [...decompressed[key]].map(([i, bytes]) => [i + (offsets[d][list] ?? 0), bytes] as const)
      ),
    );
  return {
    path,
    json,
    buffers: contents,
    decompressed: { accessors: shifted("accessors", "accessors"), views: shifted("views", "bufferViews") },
    fileBytes: documents.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
    container: "glb",
    get jsonBytes() {
      return new TextEncoder().encode(stringifyJson(json as unknown as JsonObject));
    },
    extraChunks,
  };
}
