import { AFFINE, compose, fromMatrix16, identity, multiply } from "./_affine.ts";
import type { GltfJson, GltfNode } from "./json_types.ts";

const NO_TRANSLATION = [0, 0, 0],
  NO_ROTATION = [0, 0, 0, 1],
  NO_SCALE = [1, 1, 1];

/** Parent of each node, `-1` for roots. */
export function parentsOf(json: GltfJson): Int32Array {
  const nodes = json.nodes ?? [];
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach((node, i) => node.children?.forEach((child) => parents[child] = i));
  return parents;
}

/** Writes the transform of a node relative to its parent; `matrix` wins over the three parts. */
export function localTransform(
  node: GltfNode,
  out: Float64Array,
  at: number,
): void {
  if (node.matrix !== undefined) return fromMatrix16(node.matrix, 0, out, at);
  compose(
    node.translation ?? NO_TRANSLATION,
    node.rotation ?? NO_ROTATION,
    node.scale ?? NO_SCALE,
    out,
    at,
  );
}

/** Transforms of documents, which never change: many parts ask for the same ones. */
const cache = new WeakMap<GltfJson, Float64Array>();

/** World transform of every node of an opened document, 12 numbers each; read only. */
export function worldTransforms(json: GltfJson): Float64Array {
  const known = cache.get(json);
  if (known !== undefined) return known;
  const world = computeWorldTransforms(json);
  cache.set(json, world);
  return world;
}

/** World transform of every node of a document that may still change. It has no cycles: that was checked. */
export function computeWorldTransforms(json: GltfJson): Float64Array {
  const nodes = json.nodes ?? [], parents = parentsOf(json);
  const world = new Float64Array(AFFINE * nodes.length), local = identity();
  const isDone = new Uint8Array(nodes.length), path: number[] = [];
  for (let start = 0; start < nodes.length; start++) {
    for (
      let node = start;
      node >= 0 && isDone[node] === 0;
      node = parents[node]
    ) path.push(node);
    while (path.length > 0) {
      const node = path.pop()!;
      if (parents[node] < 0) localTransform(nodes[node], world, AFFINE * node);
      else {
        localTransform(nodes[node], local, 0);
        multiply(world, AFFINE * parents[node], local, 0, world, AFFINE * node);
      }
      isDone[node] = 1;
    }
  }
  return world;
}

/** Marks the nodes at and below `roots`. */
export function reachableFrom(
  json: GltfJson,
  roots: readonly number[],
): Uint8Array {
  const nodes = json.nodes ?? [],
    isReached = new Uint8Array(nodes.length),
    open = [...roots];
  while (open.length > 0) {
    const node = open.pop()!;
    if (isReached[node] === 1) continue;
    isReached[node] = 1;
    for (const child of nodes[node].children ?? []) open.push(child);
  }
  return isReached;
}

/** Marks the nodes of the default scene; of the first one where none is default; all where there is no scene. */
export function sceneNodes(json: GltfJson): Uint8Array {
  const scene = json.scenes?.[json.scene ?? 0];
  if (scene === undefined) {
    return new Uint8Array(json.nodes?.length ?? 0).fill(1);
  }
  return reachableFrom(json, scene.nodes ?? []);
}

/** For each node the nearest joint at or above it, as its place in `jointNodes`; `-1` where there is none. */
export function nearestJoints(
  json: GltfJson,
  jointNodes: readonly number[],
): Int32Array {
  const UNKNOWN = -2, parents = parentsOf(json), path: number[] = [];
  const nearest = new Int32Array(parents.length).fill(UNKNOWN);
  jointNodes.forEach((node, joint) => nearest[node] = joint);
  for (let start = 0; start < parents.length; start++) {
    let node = start;
    for (; node >= 0 && nearest[node] === UNKNOWN; node = parents[node]) {
      path.push(node);
    }
    const joint = node < 0 ? -1 : nearest[node];
    while (path.length > 0) nearest[path.pop()!] = joint;
  }
  return nearest;
}
