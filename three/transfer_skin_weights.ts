import type { JointMatch } from "../fitting/weights/map_joints.ts";
import type { TransferReport } from "../fitting/weights/transfer_weights.ts";
import type { BufferPool } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import type { MeshLike, SkeletonLike, SkinnedMeshLike } from "./mesh_like.ts";
import { isBound, nameOf } from "./_name.ts";
import { assertKeys, pickOptions } from "./_options.ts";
import {
  assertSkinned,
  leaseSkin,
  nameJointsAnew,
  SKIN_OPTIONS,
  type SkinOptions,
  storeSkin,
  transferOnStage,
} from "./_skin.ts";
import { openStage } from "./_stage.ts";

/** Options for {@linkcode transferSkinWeights}. */
export interface TransferSkinWeightsOptions extends SkinOptions {
  /**
   * Whose joints the weights are for: those of the body (`replace`, for
   * {@linkcode bindToSkeleton}), or those the mesh is bound to already (`keep`),
   * found by name as `mapJoints` of `./fitting` does.
   * @default {"replace"}
   */
  skeleton?: "replace" | "keep";
  /** With `keep`: joints of body and mesh that belong together whatever their names say. @default {[]} */
  jointPairs?: readonly (readonly [body: string, mesh: string])[];
  /** Where memory comes from; by default a pool of the call's own, which ends with it. */
  pool?: BufferPool;
}

/** What {@linkcode transferSkinWeights} measured. */
export interface TransferSkinWeightsReport extends TransferReport {
  /** Of `"skinIndex"` and `"skinWeight"` those the geometry did not have, or could not hold the values. */
  newAttributes: readonly string[];
  /** With `keep`: how each joint of the body was found in the mesh's skeleton; else empty. */
  jointMatches: readonly JointMatch[];
}

/**
 * Gives a mesh the skin weights of the closest points of a body. Both are taken
 * where they stand in the world, the body in its bind pose where its root joint
 * puts it.
 *
 * Writes the attributes `skinIndex` and `skinWeight`, four influences a vertex;
 * joints are those of `skinnedBody.skeleton`, unless `skeleton` is `keep`. The mesh follows them once it is
 * bound to it: see {@linkcode bindToSkeleton}.
 *
 * @param mesh What gets weights; shaped like `Mesh` or `SkinnedMesh`.
 * @param skinnedBody Gives weights; read only.
 * @param options Missing keys take `TRANSFER_WEIGHTS_DEFAULTS` of `./fitting`; `maxInfluences` is 4 at most here.
 * @throws {TypeError} If a mesh has no positions, the body no skin, or an option is unknown.
 * @throws {RangeError} If a mesh or the body's skin is broken, or an option is out of range.
 *
 * @example Half way along a limb both joints have half a say
 * ```ts
 * import { transferSkinWeights } from "@meshtailor/meshtailor/three";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { Bone, Float32BufferAttribute, Mesh, PlaneGeometry, Skeleton, SkinnedMesh, Uint16BufferAttribute } from "three";
 *
 * const limb = new PlaneGeometry(1, 2); // two vertices above, at y = 1, two below
 * limb.setAttribute("skinIndex", new Uint16BufferAttribute([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 4));
 * limb.setAttribute("skinWeight", new Float32BufferAttribute([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 4));
 * const body = new SkinnedMesh(limb), root = new Bone(), tip = new Bone();
 * root.add(tip);
 * body.add(root);
 * body.bind(new Skeleton([root, tip]));
 *
 * const patch = new Mesh(new PlaneGeometry(0.1, 1)); // from y = -0.5 to 0.5
 * assertEquals(transferSkinWeights(patch, body).newAttributes, ["skinIndex", "skinWeight"]);
 * const { skinIndex, skinWeight } = patch.geometry.attributes;
 * assertEquals([skinIndex.getX(0), skinIndex.getY(0)], [1, 0]);
 * assertAlmostEquals(skinWeight.getX(0), 0.75, 1e-6);
 * ```
 */
export function transferSkinWeights(
  mesh: MeshLike,
  skinnedBody: SkinnedMeshLike,
  options: TransferSkinWeightsOptions = {},
): TransferSkinWeightsReport {
  const roles = { piece: "the mesh", body: "the body" };
  const keys = [...Object.keys(SKIN_OPTIONS), "skeleton", "jointPairs", "pool"];
  assertKeys(`Cannot transfer skin weights to ${nameOf(mesh, roles.piece)}`, options, keys);
  assertSkinned(skinnedBody, roles.body);
  const own = ownSkeleton(mesh, options.skeleton ?? "replace", roles.piece);
  using scope = new BufferScope(options.pool, { label: "transferSkinWeights" });
  const stage = openStage(mesh, skinnedBody, undefined, roles, scope), { piece } = stage;
  const skin = leaseSkin(piece.positions.length / 3, scope);
  const settings = pickOptions(options, SKIN_OPTIONS);
  const report = transferOnStage(stage, piece, skinnedBody, skin, scope, settings);
  const { matches: jointMatches } = own === undefined
    ? { matches: [] }
    : nameJointsAnew(skin, skinnedBody.skeleton, own, options.jointPairs ?? [], scope, settings);
  const newAttributes: string[] = [];
  storeSkin(mesh.geometry, skin, newAttributes);
  return { ...report, newAttributes, jointMatches };
}

/** The skeleton that is kept. */
function ownSkeleton(mesh: MeshLike, skeleton: string, role: string): SkeletonLike | undefined {
  if (skeleton === "replace") return undefined;
  if (skeleton !== "keep") {
    throw new RangeError(
      `Cannot transfer skin weights as skeleton must be "replace" or "keep": current value is "${skeleton}"`,
    );
  }
  if (isBound(mesh)) return mesh.skeleton;
  throw new TypeError(`Cannot keep the skeleton of ${nameOf(mesh, role)} as it must be bound to one: it has none`);
}
