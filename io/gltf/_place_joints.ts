import { AFFINE } from "./_affine.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import {
  computeWorldTransforms,
  localTransform,
  parentsOf,
  reachableFrom,
  sceneNodes,
  worldTransforms,
} from "./_hierarchy.ts";
import type { GltfNode } from "./json_types.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { Skeleton } from "./skeleton.ts";

/** Transforms that differ by less are one: rounding of two exports. */
const SAME_TRANSFORM = 1e-5;

/**
 * Finds or makes the nodes of a skeleton's joints in the document being edited
 * and returns them, joint by joint: its own where the skeleton comes from this
 * document; the joints of the same rig where the document has it, put into the
 * pose of the skeleton (so its animations keep working); else copies.
 *
 * @param bound All parts that will hang on the joints.
 */
export function placeJoints(
  editor: DocumentEditor,
  bound: readonly MeshPart[],
  skeleton: Skeleton,
): readonly number[] {
  if (skeleton.document === editor.document) return skeleton.jointNodes;
  return adoptJoints(editor, bound, skeleton) ??
    copyJoints(editor, bound, skeleton);
}

/** The joints of the same name, if the document has the same rig and nothing else would be disturbed. */
function adoptJoints(
  editor: DocumentEditor,
  bound: readonly MeshPart[],
  skeleton: Skeleton,
): readonly number[] | undefined {
  const nodes = matchByName(editor, skeleton);
  if (nodes === undefined || !hangAlike(editor, skeleton, nodes)) {
    return undefined;
  }
  const theirs = skeleton.document.json.nodes!, ours = editor.json.nodes!;
  const moved = nodes.filter((node, j) => !isSamePose(ours[node], theirs[skeleton.jointNodes[j]]));
  if (moved.length > 0 && !mayMove(editor, bound, moved)) return undefined;
  nodes.forEach((node, j) => {
    if (moved.includes(node)) {
      editor.set(
        "nodes",
        node,
        withPoseOf(ours[node], theirs[skeleton.jointNodes[j]]),
      );
    }
  });
  return nodes;
}

/** For each joint the one node of the scene that has its name, when there is exactly one, and it is no mesh. */
function matchByName(
  editor: DocumentEditor,
  skeleton: Skeleton,
): number[] | undefined {
  const isInScene = sceneNodes(editor.json), found = new Map<string, number>();
  const wanted = new Set(skeleton.jointNames);
  if (wanted.size < skeleton.jointCount) return undefined;
  for (const [n, { name, mesh }] of editor.json.nodes!.entries()) {
    if (typeof name !== "string" || !wanted.has(name) || isInScene[n] === 0) {
      continue;
    }
    if (found.has(name) || mesh !== undefined) return undefined;
    found.set(name, n);
  }
  return found.size === wanted.size ? skeleton.jointNames.map((name) => found.get(name)!) : undefined;
}

/** Whether the nodes hang from each other like the joints, and root joints from the same place in the world. */
function hangAlike(
  editor: DocumentEditor,
  skeleton: Skeleton,
  nodes: readonly number[],
): boolean {
  const theirJson = skeleton.document.json,
    theirParents = parentsOf(theirJson),
    ourParents = parentsOf(editor.json);
  const theirWorld = worldTransforms(theirJson),
    ourWorld = computeWorldTransforms(editor.json);
  const ourNodeOf = new Map(
      skeleton.jointNodes.map((node, j) => [node, nodes[j]]),
    ),
    joints = new Set(nodes);
  return skeleton.jointNodes.every((node, j) => {
    const theirParent = theirParents[node], ourParent = ourParents[nodes[j]];
    if (ourNodeOf.has(theirParent)) {
      return ourNodeOf.get(theirParent) === ourParent;
    }
    // Between joints there may be nothing else, or moving the one above would move it.
    if (skeleton.parentJoint[j] >= 0 || joints.has(ourParent)) return false;
    return isSameTransform(theirWorld, theirParent, ourWorld, ourParent);
  });
}

function isSameTransform(
  a: Float64Array,
  aNode: number,
  b: Float64Array,
  bNode: number,
): boolean {
  for (let i = 0; i < AFFINE; i++) {
    const unit = i === 0 || i === 4 || i === 8 ? 1 : 0;
    const left = aNode < 0 ? unit : a[AFFINE * aNode + i],
      right = bNode < 0 ? unit : b[AFFINE * bNode + i];
    if (!(Math.abs(left - right) <= SAME_TRANSFORM)) return false;
  }
  return true;
}

function isSamePose(a: GltfNode, b: GltfNode): boolean {
  const left = new Float64Array(AFFINE), right = new Float64Array(AFFINE);
  localTransform(a, left, 0);
  localTransform(b, right, 0);
  return isSameTransform(left, 0, right, 0);
}

/** Whether joints may get another pose: only the meshes being written hang on them, and no animation wants their parts. */
function mayMove(
  editor: DocumentEditor,
  bound: readonly MeshPart[],
  moved: readonly number[],
): boolean {
  const { nodes, skins, animations } = editor.json,
    written = new Set(bound.map((part) => part.node));
  const isMoved = new Set(moved), touched = new Set<number>();
  skins?.forEach(({ joints }, skin) => joints.some((joint) => isMoved.has(joint)) && touched.add(skin));
  if (
    nodes!.some((node, n) => node.skin !== undefined && touched.has(node.skin) && !written.has(n))
  ) return false;
  const isAnimated = animations?.some(({ channels }) =>
    channels.some(({ target }) => target.node !== undefined && isMoved.has(target.node))
  );
  return !isAnimated ||
    moved.every((node) => nodes![node].matrix === undefined);
}

function withPoseOf(node: GltfNode, pose: GltfNode): GltfNode {
  const { matrix: _m, translation: _t, rotation: _r, scale: _s, ...rest } = node;
  return { ...rest, ...poseOf(pose) };
}

function poseOf(
  { matrix, translation, rotation, scale }: GltfNode,
): Partial<GltfNode> {
  if (matrix !== undefined) return { matrix };
  return {
    ...(translation === undefined ? {} : { translation }),
    ...(rotation === undefined ? {} : { rotation }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/**
 * Copies the joints and all nodes above them, with names, transforms and
 * extras; meshes, cameras and extensions stay behind. The copies join every
 * scene that shows the meshes being written.
 */
function copyJoints(
  editor: DocumentEditor,
  bound: readonly MeshPart[],
  skeleton: Skeleton,
): readonly number[] {
  const theirs = skeleton.document.json.nodes!,
    parents = parentsOf(skeleton.document.json);
  const isNeeded = new Set<number>();
  for (const joint of skeleton.jointNodes) {
    for (
      let node = joint;
      node >= 0 && !isNeeded.has(node);
      node = parents[node]
    ) isNeeded.add(node);
  }
  const sources = [...isNeeded].sort((a, b) => a - b),
    base = editor.json.nodes!.length;
  const copyOf = new Map(sources.map((node, k) => [node, base + k]));
  for (const source of sources) {
    const { name, extras } = theirs[source],
      children = (theirs[source].children ?? []).flatMap((child) => copyOf.get(child) ?? []);
    editor.add("nodes", {
      ...(name === undefined ? {} : { name }),
      ...poseOf(theirs[source]),
      ...(children.length === 0 ? {} : { children }),
      ...(extras === undefined ? {} : { extras }),
    });
  }
  const roots = sources.filter((node) => parents[node] < 0).map((node) => copyOf.get(node)!);
  addToScenes(editor, bound, roots);
  return skeleton.jointNodes.map((node) => copyOf.get(node)!);
}

function addToScenes(
  editor: DocumentEditor,
  bound: readonly MeshPart[],
  roots: readonly number[],
): void {
  editor.json.scenes?.forEach((scene, s) => {
    const isShown = reachableFrom(editor.json, scene.nodes ?? []);
    if (bound.some((part) => isShown[part.node] === 1)) {
      editor.set("scenes", s, {
        ...scene,
        nodes: [...(scene.nodes ?? []), ...roots],
      });
    }
  });
}
