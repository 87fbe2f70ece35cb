import type { Scratch } from "../pool/scratch.ts";
import { AFFINE, fromMatrix16, invert, isSingular, multiply } from "../io/gltf/_affine.ts";
import type { Matrix4Like, MeshLike, SkeletonLike, SkinnedMeshLike } from "./mesh_like.ts";
import { isBound, nameOf } from "./_name.ts";

/**
 * Writes where a mesh's own coordinates lie in the world, as 12 numbers: see `io/gltf/_affine.ts`.
 *
 * A mesh is moved by its node. A skinned mesh is read in its bind pose, and
 * stands where its root joint puts it: what the other joints do is animation.
 * With no joint moved that is exactly where three.js draws it.
 *
 * @param out Caller-owned, 12 numbers.
 * @throws {RangeError} If the map is flat or not finite, so that nothing could be written back.
 */
export function writeWorldMap(mesh: MeshLike, role: string, out: Float64Array, scratch: Scratch): void {
  mesh.updateWorldMatrix(true, false);
  if (isBound(mesh)) writeSkinnedMap(mesh, out, scratch);
  else readMatrix(mesh.matrixWorld, out);
  if (!isSingular(out)) return;
  throw new RangeError(
    `Cannot use ${
      nameOf(mesh, role)
    } as its transform to the world must be finite and have an inverse: its columns are ${
      [0, 3, 6, 9].map((i) => `(${out.subarray(i, i + 3).join(", ")})`).join(" ")
    }`,
  );
}

/**
 * Writes where the bind pose of a skeleton stands in the world: where its root joint is, out of where it was bound.
 *
 * @param out Caller-owned, 12 numbers.
 */
export function writeBindPoseMap({ bones, boneInverses }: SkeletonLike, out: Float64Array, scratch: Scratch): void {
  const root = bones.findIndex(({ parent }) => !(bones as readonly unknown[]).includes(parent));
  if (root < 0 || boneInverses[root] === undefined) {
    throw new TypeError(
      `Cannot read the skeleton as its root joint must have an inverse bind matrix: there are ${bones.length} joints and ${boneInverses.length} matrices`,
    );
  }
  bones[root].updateWorldMatrix(true, false);
  using frame = scratch.frame("bind pose");
  const joint = frame.f64(AFFINE), inverseBind = frame.f64(AFFINE);
  readMatrix(bones[root].matrixWorld, joint);
  readMatrix(boneInverses[root], inverseBind);
  multiply(joint, 0, inverseBind, 0, out, 0);
}

/** Copies a matrix without its last row. */
export function readMatrix({ elements }: Matrix4Like, out: Float64Array): void {
  fromMatrix16(elements, 0, out, 0);
}

function writeSkinnedMap(mesh: SkinnedMeshLike, out: Float64Array, scratch: Scratch): void {
  using frame = scratch.frame("skinned map");
  const pose = frame.f64(AFFINE), bind = frame.f64(AFFINE);
  writeBindPoseMap(mesh.skeleton, pose, frame);
  readMatrix(mesh.bindMatrix, bind);
  multiply(pose, 0, bind, 0, out, 0);
  if (mesh.bindMode !== "detached") return;
  const world = frame.f64(AFFINE), onTop = frame.f64(AFFINE), posed = frame.f64(AFFINE);
  readMatrix(mesh.matrixWorld, world);
  if (!invert(bind, bind)) return void out.fill(NaN); // refused by the caller
  multiply(world, 0, bind, 0, onTop, 0);
  posed.set(out);
  multiply(onTop, 0, posed, 0, out, 0);
}
