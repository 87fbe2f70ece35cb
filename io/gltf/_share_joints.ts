import { AFFINE } from "./_affine.ts";
import { computeWorldTransforms, nearestJoints, parentsOf } from "./_hierarchy.ts";
import type { GltfAnimation, GltfJson, GltfSkin } from "./json_types.ts";

/** Transforms that differ by less are one: rounding of two exports. */
const SAME_TRANSFORM = 1e-5;

/** What {@linkcode shareJoints} found. */
export interface SharedJoints {
  /** The document, some skins and animations of which name other joints. */
  readonly json: GltfJson;
  /** Joints that no skin has any more. */
  readonly orphans: readonly number[];
}

/**
 * Puts skins that came in with another document on the joints the first one has,
 * where they are the same rig in the same pose: names, places and what hangs
 * from what agree. Their inverse bind matrices stay their own; animations of the
 * joints they had move those they have now.
 *
 * @param json Several documents as one.
 * @param nodeCount How many nodes the first one has.
 * @param skinCount How many skins.
 */
export function shareJoints(json: GltfJson, nodeCount: number, skinCount: number): SharedJoints {
  const skins = json.skins ?? [], moved = new Map<number, number>();
  if (skinCount === 0 || skinCount === skins.length) return { json, orphans: [] };
  const known = jointsByName(json, skins.slice(0, skinCount)), world = computeWorldTransforms(json);
  const shared = skins.map((skin, s): GltfSkin => {
    if (s < skinCount) return skin;
    const joints = skin.joints.map((node) => known.get(json.nodes![node].name ?? "") ?? -1);
    const isSame = joints.every((node, j) => node >= 0 && isSameTransform(world, node, skin.joints[j])) &&
      new Set(joints).size === joints.length && hangAlike(json, skin.joints, joints);
    if (!isSame) return skin;
    skin.joints.forEach((node, j) => node >= nodeCount && moved.set(node, joints[j]));
    const { skeleton: _, ...rest } = skin;
    return { ...rest, joints };
  });
  if (moved.size === 0) return { json, orphans: [] };
  const animations = json.animations?.map((animation) => withTargets(animation, moved));
  return {
    json: { ...json, skins: shared, ...(animations === undefined ? {} : { animations }) },
    orphans: [...moved.keys()],
  };
}

function withTargets(animation: GltfAnimation, moved: ReadonlyMap<number, number>): GltfAnimation {
  const channels = animation.channels.map((channel) => {
    const node = moved.get(channel.target.node ?? -1);
    return node === undefined ? channel : { ...channel, target: { ...channel.target, node } };
  });
  return { ...animation, channels };
}

/** Joints by name; a name that several nodes have tells nothing. */
function jointsByName(json: GltfJson, skins: readonly GltfSkin[]): Map<string, number> {
  const found = new Map<string, number>(), ambiguous = new Set<string>();
  for (const node of new Set(skins.flatMap(({ joints }) => joints))) {
    const { name } = json.nodes![node];
    if (name === undefined) continue;
    if (found.has(name)) ambiguous.add(name);
    found.set(name, node);
  }
  for (const name of ambiguous) found.delete(name);
  return found;
}

/** Whether joints have the same joint above them in both rigs. */
function hangAlike(json: GltfJson, theirs: readonly number[], ours: readonly number[]): boolean {
  const parents = parentsOf(json),
    above = (joints: readonly number[]) => {
      const nearest = nearestJoints(json, joints);
      return joints.map((node) => parents[node] < 0 ? -1 : nearest[parents[node]]);
    };
  const a = above(theirs), b = above(ours);
  return a.every((parent, j) => parent === b[j]);
}

function isSameTransform(world: Float64Array, a: number, b: number): boolean {
  for (let i = 0; i < AFFINE; i++) {
    if (!(Math.abs(world[AFFINE * a + i] - world[AFFINE * b + i]) <= SAME_TRANSFORM)) return false;
  }
  return true;
}
