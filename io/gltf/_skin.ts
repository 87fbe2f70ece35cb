import { AFFINE, determinant, fromMatrix16, identity, multiply } from "./_affine.ts";
import { openColumn } from "./_column.ts";
import { worldTransforms } from "./_hierarchy.ts";
import type { GltfDocument } from "./open.ts";

/** The joints of several skins as one list: a node that is a joint of two skins is one joint. */
export interface JointUnion {
  /** Node of each joint, in order of first appearance. */
  readonly nodes: readonly number[];
  /** For each joint the skin it was first seen in, and its place there. */
  readonly firstSeen: readonly {
    readonly skin: number;
    readonly slot: number;
  }[];
  /** For each skin: joint of the union by joint of the skin. */
  readonly jointOf: ReadonlyMap<number, Uint16Array>;
}

/** Joins the joints of `skins`. */
export function unionOfJoints(
  document: GltfDocument,
  skins: readonly number[],
): JointUnion {
  const joints = new Map<number, number>(),
    firstSeen: { skin: number; slot: number }[] = [];
  const jointOf = new Map<number, Uint16Array>();
  for (const skin of skins) {
    const nodes = document.json.skins![skin].joints;
    const map = new Uint16Array(nodes.length);
    nodes.forEach((node, slot) => {
      if (!joints.has(node)) {
        joints.set(node, joints.size);
        firstSeen.push({ skin, slot });
      }
      map[slot] = joints.get(node)!;
    });
    jointOf.set(skin, map);
  }
  return { nodes: [...joints.keys()], firstSeen, jointOf };
}

/** Inverse bind matrices of a skin, 12 numbers each; the identity where the file gives none. */
export function inverseBinds(
  document: GltfDocument,
  skin: number,
): Float64Array {
  const { joints, inverseBindMatrices } = document.json.skins![skin];
  const out = new Float64Array(AFFINE * joints.length);
  if (inverseBindMatrices === undefined) {
    for (let j = 0; j < joints.length; j++) out.set(identity(), AFFINE * j);
    return out;
  }
  const { array, step } = openColumn(document, inverseBindMatrices);
  for (let j = 0; j < joints.length; j++) {
    fromMatrix16(array, step * j, out, AFFINE * j);
  }
  return out;
}

/** `jointWorld · inverseBind` of each joint of a skin: from the mesh's space to the world, in the pose of the file. */
export function skinTransforms(
  document: GltfDocument,
  skin: number,
): Float64Array {
  const world = worldTransforms(document.json),
    binds = inverseBinds(document, skin);
  const { joints } = document.json.skins![skin];
  const out = new Float64Array(AFFINE * joints.length);
  joints.forEach((node, j) => multiply(world, AFFINE * node, binds, AFFINE * j, out, AFFINE * j));
  return out;
}

/** Whether most of the maps mirror: then the faces of what they move are turned. */
export function isMirroring(transforms: Float64Array): boolean {
  let mirrored = 0;
  for (let at = 0; at < transforms.length; at += AFFINE) {
    mirrored += determinant(transforms, at) < 0 ? 1 : -1;
  }
  return mirrored > 0;
}
