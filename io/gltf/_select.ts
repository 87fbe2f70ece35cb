import { fault, show } from "./_check.ts";
import { reachableFrom, sceneNodes } from "./_hierarchy.ts";
import type { GltfNode, GltfObject, GltfPrimitive } from "./json_types.ts";
import type { GltfDocument } from "./open.ts";

/**
 * What of a file is meant; names are compared letter for letter, and a whole
 * number that is no name is an index. Missing keys select everything.
 */
export interface MeshSelection {
  /** Name or index of a node: it and everything below it. */
  node?: string;
  /** Name or index of a mesh. */
  mesh?: string;
  /** Place of a primitive in its mesh (`"0"` is the first), or the name in its `extras.name`. */
  primitive?: string;
  /** Name or index of a material. */
  material?: string;
  /** Name or index of a skin: the meshes it moves. */
  skin?: string;
}

/** A primitive of a mesh at a node. */
export interface SelectedPrimitive {
  /** Index into `nodes`. */
  readonly node: number;
  /** Index into `meshes`. */
  readonly mesh: number;
  /** Index into the primitives of the mesh. */
  readonly primitive: number;
}

/** Names a message lists at most. */
const MAX_LISTED = 8;

/** The primitives that make faces and match the selection, in the order of nodes and primitives. */
export function selectPrimitives(
  document: GltfDocument,
  selection: MeshSelection,
): SelectedPrimitive[] {
  const { json, path } = document, nodes = json.nodes ?? [];
  const isInScene = sceneNodes(json),
    isChosen = chosenNodes(document, selection, isInScene);
  const offered = {
    mesh: new Set<string>(),
    primitive: new Set<string>(),
    material: new Set<string>(),
    skin: new Set<string>(),
  };
  const meantIndex = {
    mesh: indexMeant(json.meshes, selection.mesh),
    primitive: undefined, // its place is its name already
    material: indexMeant(json.materials, selection.material),
    skin: indexMeant(json.skins, selection.skin),
  };
  const selected: SelectedPrimitive[] = [];
  let hasMesh = false, hasFaces = false;
  nodes.forEach((node, n) => {
    if (isChosen[n] === 0 || node.mesh === undefined) return;
    hasMesh = true;
    json.meshes![node.mesh].primitives.forEach((primitive, p) => {
      if ((primitive.mode ?? 4) < 4) return;
      hasFaces = true;
      const names = namesOf(document, node, primitive, p), indices = indicesOf(node, primitive);
      // Each key is only offered where the keys before it matched.
      for (const key of ["mesh", "primitive", "material", "skin"] as const) {
        for (const name of names[key]) offered[key].add(name);
        if (selection[key] === undefined || names[key].includes(selection[key])) continue;
        if (indices[key] === undefined || indices[key] !== meantIndex[key]) return;
      }
      selected.push({ node: n, mesh: node.mesh!, primitive: p });
    });
  });
  if (selected.length > 0) return selected;
  const place = selection.node === undefined ? "the scene" : `node ${show(selection.node)}`;
  if (!hasMesh) {
    throw fault(
      path,
      "/nodes",
      `${place} must have a mesh`,
      nodes.length === 0 ? "the file has no nodes" : "no node of it has one",
    );
  }
  if (!hasFaces) {
    throw fault(
      path,
      "/meshes",
      `${place} must have triangles`,
      "its meshes have points and lines only",
    );
  }
  for (const key of ["mesh", "primitive", "material", "skin"] as const) {
    if (meantIndex[key] === undefined && selection[key] !== undefined && !offered[key].has(selection[key])) {
      throw unknownName(document, key, selection[key], [...offered[key]]);
    }
  }
  throw fault(
    path,
    "/meshes",
    "a primitive must match the whole selection",
    "none does",
  );
}

/** Marks the nodes of the scene that the selection's node name covers. */
function chosenNodes(
  document: GltfDocument,
  { node: name }: MeshSelection,
  isInScene: Uint8Array,
): Uint8Array {
  if (name === undefined) return isInScene;
  const nodes = document.json.nodes ?? [], index = indexMeant(nodes, name);
  const roots = nodes.flatMap((node, n) => (node.name === name || n === index) && isInScene[n] === 1 ? [n] : []);
  if (roots.length > 0) return reachableFrom(document.json, roots);
  const names = nodes.flatMap((node, n) => isInScene[n] === 1 && typeof node.name === "string" ? [node.name] : []);
  throw unknownName(document, "node", name, names);
}

/** The index that a text means, when it is one and nothing has it as its name. */
function indexMeant(list: readonly GltfObject[] | undefined, text: string | undefined): number | undefined {
  if (list === undefined || text === undefined || !/^(0|[1-9]\d*)$/.test(text)) return undefined;
  return Number(text) < list.length && !list.some(({ name }) => name === text) ? Number(text) : undefined;
}

function indicesOf(
  node: GltfNode,
  { material }: GltfPrimitive,
): Record<"mesh" | "material" | "skin", number | undefined> & {
  primitive?: undefined;
} {
  return { mesh: node.mesh, material, skin: node.skin };
}

/** What a person may call a primitive, by selection key. */
function namesOf(
  document: GltfDocument,
  node: GltfNode,
  primitive: GltfPrimitive,
  index: number,
): Record<"mesh" | "primitive" | "material" | "skin", string[]> {
  const { meshes, materials, skins } = document.json;
  const extras = primitive.extras;
  const inExtras = typeof extras === "object" && extras !== null && "name" in extras ? extras.name : undefined;
  return {
    mesh: nameList(meshes![node.mesh!]),
    primitive: [
      String(index),
      ...(typeof inExtras === "string" ? [inExtras] : []),
    ],
    material: primitive.material === undefined ? [] : nameList(materials![primitive.material]),
    skin: node.skin === undefined ? [] : nameList(skins![node.skin]),
  };
}

function nameList(object: GltfObject): string[] {
  return typeof object.name === "string" ? [object.name] : [];
}

function unknownName(
  document: GltfDocument,
  key: string,
  name: string,
  offered: readonly string[],
): Error {
  const distinct = [...new Set(offered)],
    listed = distinct.slice(0, MAX_LISTED).map(show).join(", ");
  const rest = distinct.length > MAX_LISTED ? ` and ${distinct.length - MAX_LISTED} more` : "";
  const lists = { node: "nodes", mesh: "meshes", material: "materials", skin: "skins", primitive: "meshes" } as const;
  const count = document.json[lists[key as keyof typeof lists]]?.length ?? 0;
  const nameless = count === 0 ? "it has none" : `none has a name; choose it by its index, from 0 to ${count - 1}`;
  const found = distinct.length === 0 ? nameless : `it has ${listed}${rest}`;
  return fault(
    document.path,
    undefined,
    `it must have a ${key} named ${show(name)}`,
    found,
  );
}
