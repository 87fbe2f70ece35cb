import { MATERIAL_RULES, type Rule } from "./_check_schema.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import { parentsOf, reachableFrom } from "./_hierarchy.ts";
import type { GltfJson, GltfNode, GltfObject, GltfScene, JsonObject, JsonValue } from "./json_types.ts";

/** Lists that glTF wants left out rather than empty. */
const LISTS = [
  "accessors",
  "animations",
  "buffers",
  "bufferViews",
  "cameras",
  "extensionsRequired",
  "extensionsUsed",
  "images",
  "materials",
  "meshes",
  "nodes",
  "samplers",
  "scenes",
  "skins",
  "textures",
] as const;

/**
 * Repairs what came along in the JSON and no file may hold, where what was meant
 * is plain: empty lists, numbers out of range, extensions nobody declared, skins
 * on what has no joints, scenes without the joints of their meshes. A valid
 * document stays as it is.
 */
export function repairJson(editor: DocumentEditor): void {
  repairMaterials(editor);
  repairCameras(editor);
  repairAnimations(editor);
  repairNodes(editor);
  repairAttributes(editor);
  joinRoots(editor);
  repairSkins(editor);
  repairScenes(editor);
  dropEmpty(editor);
  declareExtensions(editor);
}

function repairMaterials(editor: DocumentEditor): void {
  const materials = editor.json.materials?.map((material) =>
    withinRules(material as JsonObject, MATERIAL_RULES) as GltfObject
  );
  if (materials?.some((material, i) => material !== editor.json.materials![i])) editor.patch({ materials });
}

/** A camera sees from near to far: without a far end where one is no further, or the two change places. */
function repairCameras(editor: DocumentEditor): void {
  type Camera = GltfObject & Partial<Record<"perspective" | "orthographic", { znear: number; zfar?: number }>>;
  const before = editor.json.cameras as readonly Camera[] | undefined;
  const cameras = before?.map((camera) => {
    const { perspective, orthographic } = camera;
    if (perspective?.zfar !== undefined && perspective.zfar <= perspective.znear) {
      return { ...camera, perspective: omit(perspective, "zfar") };
    }
    if (orthographic?.zfar === undefined || orthographic.zfar > orthographic.znear) return camera;
    const { znear, zfar } = orthographic;
    return { ...camera, orthographic: { ...orthographic, znear: zfar === znear ? 0 : zfar, zfar: znear } };
  });
  if (cameras?.some((camera, c) => camera !== before![c])) editor.patch({ cameras });
}

/** An animation that moves nothing is none. */
function repairAnimations(editor: DocumentEditor): void {
  const { animations } = editor.json;
  const kept = animations?.filter(({ channels, samplers }) => channels.length > 0 && samplers.length > 0);
  if (kept !== undefined && kept.length < animations!.length) editor.patch({ animations: kept });
}

/** An object whose numbers are brought into range; the very same one when they are. */
function withinRules(value: JsonObject, rules: Readonly<Record<string, Rule>>): JsonObject {
  let result = value;
  for (const [key, rule] of Object.entries(rules)) {
    const member = value[key], inside = member === undefined ? undefined : withinRule(member, rule);
    if (inside !== member && inside !== undefined) result = { ...result, [key]: inside };
  }
  return result;
}

function withinRule(value: JsonValue, rule: Rule): JsonValue {
  if (rule.kind === "object") return withinRules(value as JsonObject, rule.keys);
  if (rule.kind !== "number" && rule.kind !== "numbers") return value;
  const { min = -Infinity, max = Infinity } = rule;
  if (rule.kind === "number") return Math.min(max, Math.max(min, value as number));
  const numbers = value as readonly number[];
  return numbers.every((number) => number >= min && number <= max)
    ? value
    : numbers.map((number) => Math.min(max, Math.max(min, number)));
}

function repairNodes(editor: DocumentEditor): void {
  editor.json.nodes?.forEach((node, n) => {
    const repaired = repairedNode(editor.json, node);
    if (repaired !== node) editor.set("nodes", n, repaired);
  });
}

function repairedNode({ meshes }: GltfJson, node: GltfNode): GltfNode {
  let result = node;
  const isSkinned = node.mesh !== undefined &&
    meshes![node.mesh].primitives.some(({ attributes }) => attributes.JOINTS_0 !== undefined);
  if (node.skin !== undefined && !isSkinned) result = omit(result, "skin");
  if (node.weights !== undefined && node.mesh === undefined) result = omit(result, "weights");
  if (node.matrix !== undefined) { // it wins over the three parts, in our reading too
    for (const key of ["translation", "rotation", "scale"] as const) {
      if (node[key] !== undefined) result = omit(result, key);
    }
  }
  return result;
}

/** Names that glTF gives to attributes; others start with an underscore. */
const KNOWN = /^(POSITION|NORMAL|TANGENT|(TEXCOORD|COLOR|JOINTS|WEIGHTS)_\d+|_.*)$/;

/**
 * Attributes of our own names get the underscore they lack, sets of UVs and
 * colours are numbered without a gap, and morph targets lose what they have no base for.
 */
function repairAttributes(editor: DocumentEditor): void {
  editor.json.meshes?.forEach((mesh, m) => {
    const primitives = mesh.primitives.map((primitive) => {
      const attributes = withoutGaps(renamed(primitive.attributes)), { targets } = primitive;
      const kept = targets?.map((target) => withBase(withoutGaps(renamed(target)), attributes));
      const isSame = attributes === primitive.attributes &&
        (kept?.every((target, t) => target === targets![t]) ?? true);
      return isSame ? primitive : { ...primitive, attributes, ...(kept === undefined ? {} : { targets: kept }) };
    });
    if (primitives.some((primitive, p) => primitive !== mesh.primitives[p])) {
      editor.set("meshes", m, { ...mesh, primitives });
    }
  });
}

/** More sets than this are no gap to be filled. */
const MOST_SETS = 15;

type Attributes = Readonly<Record<string, number>>;

function renamed(attributes: Attributes): Attributes {
  if (Object.keys(attributes).every((name) => KNOWN.test(name))) return attributes;
  const entries = Object.entries(attributes).map(([name, index]) => [KNOWN.test(name) ? name : `_${name}`, index]);
  return Object.fromEntries(entries);
}

/** A set that is missing below another is that one's values once more, so that materials that name a set need no change. */
function withoutGaps(attributes: Attributes): Attributes {
  let result = attributes;
  for (const kind of ["TEXCOORD", "COLOR"]) {
    const sets = Object.keys(attributes).flatMap((name) =>
      name.startsWith(`${kind}_`) ? [Number(name.slice(kind.length + 1))] : []
    ).sort((a, b) => a - b);
    if (sets.every((set, i) => set === i) || sets.at(-1)! > MOST_SETS) continue;
    for (let set = 0; set < sets.at(-1)!; set++) {
      const next = sets.find((other) => other >= set)!;
      if (next !== set) result = { ...result, [`${kind}_${set}`]: attributes[`${kind}_${next}`] };
    }
  }
  return result;
}

function withBase(target: Attributes, base: Attributes): Attributes {
  if (Object.keys(target).every((name) => base[name] !== undefined)) return target;
  return Object.fromEntries(Object.entries(target).filter(([name]) => base[name] !== undefined));
}

/** Joints of a skin have one root: those of several get a node above them all. */
function joinRoots(editor: DocumentEditor): void {
  for (const [s] of editor.json.skins?.entries() ?? []) {
    const parents = parentsOf(editor.json),
      roots = new Set(editor.json.skins![s].joints.map((joint) => rootOf(parents, joint)));
    if (roots.size < 2) continue;
    const { name } = editor.json.skins![s], children = [...roots].sort((a, b) => a - b);
    const above = editor.add("nodes", { ...(name === undefined ? {} : { name: `${name} (root)` }), children });
    editor.json.scenes?.forEach((scene, i) => {
      if (!scene.nodes?.some((node) => roots.has(node))) return;
      editor.set("scenes", i, { ...scene, nodes: [...scene.nodes.filter((node) => !roots.has(node)), above] });
    });
  }
}

function rootOf(parents: Int32Array, node: number): number {
  let at = node;
  while (parents[at] >= 0) at = parents[at];
  return at;
}

/** The node a skin names as its skeleton is above all joints, or is none. */
function repairSkins(editor: DocumentEditor): void {
  editor.json.skins?.forEach((skin, s) => {
    if (skin.skeleton === undefined) return;
    const isBelow = reachableFrom(editor.json, [skin.skeleton]);
    if (!skin.joints.every((joint) => isBelow[joint] === 1)) editor.set("skins", s, omit(skin, "skeleton"));
  });
}

/** Scenes list roots, and show the joints of the meshes they show. */
function repairScenes(editor: DocumentEditor): void {
  const { scenes, nodes, skins } = editor.json;
  if (scenes === undefined || nodes === undefined) return;
  const parents = parentsOf(editor.json);
  scenes.forEach((scene, s) => {
    if (scene.nodes === undefined) return;
    // A child in the list is shown by its parent already, or would be cut off from it.
    const roots = new Set(scene.nodes.map((node) => rootOf(parents, node))),
      isShown = reachableFrom(editor.json, [...roots]);
    nodes.forEach(({ skin }, n) => {
      if (skin === undefined || isShown[n] === 0) return;
      for (const joint of skins![skin].joints) roots.add(rootOf(parents, joint));
    });
    const list = [...roots];
    if (list.length === scene.nodes.length && list.every((node, k) => node === scene.nodes![k])) return;
    editor.set("scenes", s, { ...scene, nodes: list } as GltfScene);
  });
}

function dropEmpty(editor: DocumentEditor): void {
  for (const key of LISTS) {
    if (editor.json[key as keyof GltfJson] !== undefined && isEmpty(editor.json, key)) {
      editor.remove(key as keyof GltfJson);
    }
  }
  editor.json.nodes?.forEach((node, n) => {
    const kept = withoutEmpty(node, "children", "weights");
    if (kept !== node) editor.set("nodes", n, kept);
  });
  editor.json.scenes?.forEach((scene, s) => {
    const kept = withoutEmpty(scene, "nodes");
    if (kept !== scene) editor.set("scenes", s, kept);
  });
  editor.json.meshes?.forEach((mesh, m) => {
    const primitives = mesh.primitives.map((primitive) => withoutEmpty(primitive, "targets"));
    const isSame = primitives.every((primitive, p) => primitive === mesh.primitives[p]);
    const kept = withoutEmpty(isSame ? mesh : { ...mesh, primitives }, "weights");
    if (kept !== mesh) editor.set("meshes", m, kept);
  });
}

function isEmpty(owner: object, key: string): boolean {
  const list = (owner as Record<string, unknown>)[key];
  return Array.isArray(list) && list.length === 0;
}

function withoutEmpty<T extends object>(owner: T, ...keys: (keyof T & string)[]): T {
  return keys.reduce((result, key) => isEmpty(result, key) ? omit(result, key) : result, owner);
}

function omit<T extends object>(owner: T, key: keyof T): T {
  const { [key]: _, ...rest } = owner;
  return rest as T;
}

/** Every extension an object has is declared, once. */
function declareExtensions(editor: DocumentEditor): void {
  const found = new Set<string>();
  const open: unknown[] = [editor.json];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    for (const [key, member] of Object.entries(value as JsonObject)) {
      if (key === "extras" || typeof member !== "object" || member === null) continue;
      if (key === "extensions") { for (const name of Object.keys(member)) found.add(name); }
      open.push(member);
    }
  }
  for (const key of ["extensionsUsed", "extensionsRequired"] as const) {
    const names = editor.json[key] ?? [],
      extra = key === "extensionsUsed" ? [...found, ...editor.json.extensionsRequired ?? []] : [];
    const next = [...new Set([...names, ...extra])];
    if (next.length !== names.length) editor.patch({ [key]: next });
  }
}
