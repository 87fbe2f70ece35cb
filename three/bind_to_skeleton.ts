import { AFFINE, invert, multiply, toMatrix16 } from "../io/gltf/_affine.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import type { Scratch } from "../pool/scratch.ts";
import type { MeshLike, SkinnedMeshLike } from "./mesh_like.ts";
import { nameOf } from "./_name.ts";
import { writeBindPoseMap, writeWorldMap } from "./_space.ts";
import { assertSkinned } from "./_skin.ts";
import { forgetPosedBounds } from "./_store.ts";

/**
 * Binds a mesh that has the skin weights of a body to the body's skeleton, in
 * the place where it is: in the bind pose it shows where it showed before.
 *
 * A mesh that is skinned already is bound anew. Of a plain one a skinned mesh is
 * made, by `new skinnedBody.constructor(geometry, material)`, that shares its
 * geometry and material and has its name, transform and the rest that `copy`
 * copies; the scene is left alone: put it where the plain mesh was.
 *
 * @param mesh Has `skinIndex` and `skinWeight`, counting the joints of `skinnedBody.skeleton`.
 * @param skinnedBody Whose skeleton is shared; its `bindMode` must be `"attached"`, three.js' default.
 * @returns `mesh`, or the skinned mesh made of it.
 * @throws {TypeError} If weights or skeleton are missing.
 * @throws {RangeError} If the body is detached, or a transform has no inverse.
 *
 * @example A plate that follows an arm
 * ```ts
 * import { bindToSkeleton, transferSkinWeights } from "@meshtailor/meshtailor/three";
 * import { assertEquals } from "@std/assert";
 * import { Bone, BoxGeometry, Mesh, Skeleton, SkinnedMesh, Uint16BufferAttribute, Vector3 } from "three";
 *
 * const geometry = new BoxGeometry(), ones = Array.from({ length: 24 * 4 }, (_, i) => i % 4 === 0 ? 1 : 0);
 * geometry.setAttribute("skinIndex", new Uint16BufferAttribute(ones.map(() => 0), 4));
 * geometry.setAttribute("skinWeight", new Uint16BufferAttribute(ones, 4));
 * const body = new SkinnedMesh(geometry), arm = new Bone();
 * body.bind(new Skeleton([arm]));
 *
 * const plate = new Mesh(new BoxGeometry(0.1, 0.1, 0.1));
 * plate.position.x = 0.6;
 * transferSkinWeights(plate, body);
 * const bound: SkinnedMesh = bindToSkeleton(plate, body);
 * arm.position.y = 2;
 * for (const object of [arm, bound]) object.updateMatrixWorld();
 * assertEquals(bound.localToWorld(bound.getVertexPosition(0, new Vector3())).toArray().map(Math.fround), [
 *   0.65, 2.05, 0.05,
 * ].map(Math.fround));
 * ```
 */
export function bindToSkeleton<M extends SkinnedMeshLike>(mesh: M, skinnedBody: SkinnedMeshLike): M;
/** Of a plain mesh, a new one of the class of `skinnedBody` is bound. */
export function bindToSkeleton<B extends SkinnedMeshLike>(mesh: MeshLike, skinnedBody: B): B;
export function bindToSkeleton(mesh: MeshLike, skinnedBody: SkinnedMeshLike): SkinnedMeshLike {
  assertSkinned(skinnedBody, "the body");
  const { skinIndex, skinWeight } = mesh.geometry.attributes;
  if (skinIndex === undefined || skinWeight === undefined) {
    throw new TypeError(
      `Cannot bind ${nameOf(mesh, "the mesh")} as it must have skinIndex and skinWeight: transfer skin weights first`,
    );
  }
  using scope = new BufferScope(undefined, { label: "bindToSkeleton" });
  return prepareBinding(mesh, skinnedBody, "the mesh", scope)();
}

/**
 * Does all of {@linkcode bindToSkeleton} that can fail, and changes nothing yet.
 *
 * @returns Binds.
 */
export function prepareBinding(
  mesh: MeshLike,
  skinnedBody: SkinnedMeshLike,
  role: string,
  scratch: Scratch,
): () => SkinnedMeshLike {
  const { bindMode, skeleton } = skinnedBody;
  if (bindMode !== "attached") {
    throw new RangeError(
      `Cannot bind ${nameOf(mesh, role)} as the body's bindMode must be "attached": current value is "${bindMode}"`,
    );
  }
  const bindMatrix = { elements: bindMatrixOf(mesh, skinnedBody, role, scratch) };
  const bound = canBind(mesh) ? mesh : makeSkinned(mesh, skinnedBody);
  return () => {
    bound.bindMode = bindMode;
    bound.bind(skeleton, bindMatrix);
    forgetPosedBounds(bound);
    return bound;
  };
}

/** From the mesh's own coordinates to the space of the bind pose, by way of the world. */
function bindMatrixOf(mesh: MeshLike, { skeleton }: SkinnedMeshLike, role: string, scratch: Scratch): number[] {
  using frame = scratch.frame("bind matrix");
  const toWorld = frame.f64(AFFINE), pose = frame.f64(AFFINE), bind = frame.f64(AFFINE), elements = frame.f64(16);
  writeWorldMap(mesh, role, toWorld, frame);
  writeBindPoseMap(skeleton, pose, frame);
  if (!invert(pose, pose)) {
    throw new RangeError(
      `Cannot bind ${nameOf(mesh, role)} as the root joint's transform must have an inverse: it is (${
        pose.join(", ")
      })`,
    );
  }
  multiply(pose, 0, toWorld, 0, bind, 0);
  toMatrix16(bind, 0, elements, 0);
  return [...elements];
}

/** Also a skinned mesh that has never been bound. */
function canBind(mesh: MeshLike): mesh is SkinnedMeshLike {
  return (mesh as Partial<SkinnedMeshLike>).bind !== undefined;
}

function makeSkinned(mesh: MeshLike, { constructor }: SkinnedMeshLike): SkinnedMeshLike {
  const SkinnedMesh = constructor as new (geometry: unknown, material: unknown) => SkinnedMeshLike;
  const made = new SkinnedMesh(mesh.geometry, mesh.material);
  mesh.copy.call(made, mesh as never, false); // what a plain mesh copies, without its children
  return made;
}
