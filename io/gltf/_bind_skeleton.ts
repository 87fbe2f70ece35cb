import { AFFINE, fromMatrix16, multiply } from "./_affine.ts";
import type { Binding } from "./_block_change.ts";
import { F32 } from "./_components.ts";
import { computeWorldTransforms } from "./_hierarchy.ts";
import { placeJoints } from "./_place_joints.ts";
import type { EditContext } from "./_replace_values.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { Skeleton } from "./skeleton.ts";

/** New skin weights, and the skeleton whose joints they name. */
export interface SkinEdit {
  /** From `readSkeleton`, of this document or another one. */
  skeleton: Skeleton;
  /** `influencesPerVertex * vertexCount` joints of the skeleton. */
  skinJoints: Uint16Array;
  /** `influencesPerVertex * vertexCount`, each finite and >= 0; written as shares of their sum. A vertex without any follows joint 0. */
  skinWeights: Float32Array;
  /** Joint and weight pairs a vertex has; written in sets of four. */
  influencesPerVertex: number;
}

/** A skeleton in the document being edited. */
export type PlacedSkeleton = Omit<Binding, "influences">;

/**
 * Brings a skeleton into the document being edited and makes a skin of it. Nodes are not bound to it yet.
 *
 * @param bound All parts that will be bound to it.
 */
export function placeSkeleton(
  context: EditContext,
  bound: readonly MeshPart[],
  skeleton: Skeleton,
): PlacedSkeleton {
  const { editor } = context, nodes = placeJoints(editor, bound, skeleton);
  const skin = sameSkin(context, skeleton) ?? addSkin(context, skeleton, nodes);
  const world = computeWorldTransforms(editor.json),
    transforms = new Float64Array(AFFINE * nodes.length);
  const bind = new Float64Array(AFFINE);
  nodes.forEach((node, j) => {
    fromMatrix16(skeleton.inverseBindMatrices, 16 * j, bind, 0);
    multiply(world, AFFINE * node, bind, 0, transforms, AFFINE * j);
  });
  return { skin, transforms };
}

/** The skin the skeleton was read from, when it is one skin of this very document. */
function sameSkin(
  { editor }: EditContext,
  skeleton: Skeleton,
): number | undefined {
  return skeleton.document === editor.document && skeleton.skins.length === 1 ? skeleton.skins[0] : undefined;
}

function addSkin(
  { editor, users }: EditContext,
  skeleton: Skeleton,
  nodes: readonly number[],
): number {
  const inverseBindMatrices = editor.add("accessors", {
    bufferView: editor.append(skeleton.inverseBindMatrices),
    componentType: F32,
    count: skeleton.jointCount,
    type: "MAT4",
  });
  users.add(inverseBindMatrices);
  const { name, skeleton: root } = skeleton.document.json.skins![skeleton.skins[0]];
  const rootJoint = root === undefined || skeleton.skins.length > 1 ? -1 : skeleton.jointNodes.indexOf(root);
  return editor.add("skins", {
    ...(name === undefined ? {} : { name }),
    inverseBindMatrices,
    ...(rootJoint < 0 ? {} : { skeleton: nodes[rootJoint] }),
    joints: nodes,
  });
}
