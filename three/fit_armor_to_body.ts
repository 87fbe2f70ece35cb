import type { FitReport } from "../fitting/fit/shrinkwrap.ts";
import type { TransferReport } from "../fitting/weights/transfer_weights.ts";
import {
  VERTEX_NORMALS_DEFAULTS,
  vertexNormals,
  type VertexNormalsOptions,
  type VertexNormalsReport,
} from "../fitting/normals/vertex_normals.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import { prepareBinding } from "./bind_to_skeleton.ts";
import { assertFitOptions, fitOnStage } from "./_fit.ts";
import type { FitToTargetOptions } from "./fit_to_target.ts";
import type { MeshLike, SkinnedMeshLike } from "./mesh_like.ts";
import { nameOf } from "./_name.ts";
import { assertKeys, pickOptions } from "./_options.ts";
import { assertSkinned, leaseSkin, SKIN_OPTIONS, type SkinOptions, storeSkin, transferOnStage } from "./_skin.ts";
import { openStage } from "./_stage.ts";
import { refreshBounds, storeAttribute } from "./_store.ts";
import { writeMoved } from "./_surface.ts";

/** Options for {@linkcode fitArmorToBody}: those of the fit, and of what follows it. */
export interface FitArmorToBodyOptions extends FitToTargetOptions {
  /** How normals are computed; missing keys take `VERTEX_NORMALS_DEFAULTS`. @default {{}} */
  normals?: VertexNormalsOptions;
  /** How weights are transferred; missing keys take `TRANSFER_WEIGHTS_DEFAULTS`. @default {{}} */
  weights?: SkinOptions;
}

/** What {@linkcode fitArmorToBody} made and measured. */
export interface ArmorReport<M extends SkinnedMeshLike = SkinnedMeshLike> {
  /** The armour, bound to the body's skeleton: the mesh given, or a skinned one in its place. */
  mesh: M;
  /** Of the fit; metres of the world. */
  fit: FitReport;
  /** Of the normals. */
  normals: VertexNormalsReport;
  /** Of the skin weights. */
  weights: TransferReport;
  /** Of `"position"`, `"normal"`, `"skinIndex"`, `"skinWeight"` those the geometry did not have, or could not hold the values. */
  newAttributes: readonly string[];
}

/**
 * Dresses a body: fits the armour to it, recomputes its normals, gives it the
 * body's skin weights and binds it to the body's skeleton. The result moves with
 * the body.
 *
 * It is {@linkcode fitToTarget}, {@linkcode computeVertexNormals},
 * {@linkcode transferSkinWeights} and {@linkcode bindToSkeleton} in one go, with
 * everything read once; see there what is written. Nothing is if it throws.
 * With `from`, a body of the same vertices, weights are asked for where the
 * armour lay on it as designed.
 *
 * @param armor Anything worn, where it stands in the world; shaped like `Mesh` or `SkinnedMesh`.
 * @param skinnedBody Shaped like `SkinnedMesh`, in its bind pose where its root joint puts it; read only.
 * @param options Missing keys take the defaults of each operation.
 * @throws {TypeError} If a mesh has no positions, the body no skin, or an option is unknown.
 * @throws {RangeError} If a mesh or the body's skin is broken, the body is detached, or an option is out of range.
 *
 * @example A ring around a limb of two joints
 * ```ts
 * import { fitArmorToBody } from "@meshtailor/meshtailor/three";
 * import { assertEquals } from "@std/assert";
 * import { Bone, CapsuleGeometry, CylinderGeometry, Float32BufferAttribute, Mesh, Skeleton, SkinnedMesh } from "three";
 *
 * const skin = new CapsuleGeometry(0.1, 0.6, 8, 24, 12), { count } = skin.attributes.position;
 * const joints = new Float32Array(4 * count), weights = new Float32Array(4 * count);
 * for (let v = 0; v < count; v++) {
 *   joints[4 * v] = skin.attributes.position.getY(v) > 0 ? 1 : 0;
 *   weights[4 * v] = 1;
 * }
 * skin.setAttribute("skinIndex", new Float32BufferAttribute(joints, 4));
 * skin.setAttribute("skinWeight", new Float32BufferAttribute(weights, 4));
 * const body = new SkinnedMesh(skin), elbow = new Bone(), root = new Bone().add(elbow);
 * body.add(root);
 * body.bind(new Skeleton([root, elbow]));
 *
 * const bracer = new Mesh(new CylinderGeometry(0.09, 0.09, 0.2, 24, 6, true)); // too narrow
 * bracer.position.y = 0.2;
 * const { mesh, fit, weights: transfer, newAttributes } = fitArmorToBody(bracer, body, { clearance: 0.004 });
 * assertEquals([fit.insideAfter, transfer.unweighted], [0, 0]);
 * assertEquals(newAttributes, ["skinIndex", "skinWeight"]);
 * assertEquals([mesh.skeleton, mesh.geometry], [body.skeleton, bracer.geometry]);
 * ```
 */
export function fitArmorToBody<M extends SkinnedMeshLike>(
  armor: M,
  skinnedBody: SkinnedMeshLike,
  options?: FitArmorToBodyOptions,
): ArmorReport<M>;
/** Of a plain mesh, a new one of the class of `skinnedBody` is bound. */
export function fitArmorToBody<B extends SkinnedMeshLike>(
  armor: MeshLike,
  skinnedBody: B,
  options?: FitArmorToBodyOptions,
): ArmorReport<B>;
export function fitArmorToBody(
  armor: MeshLike,
  skinnedBody: SkinnedMeshLike,
  options: FitArmorToBodyOptions = {},
): ArmorReport {
  const roles = { piece: "the armor", body: "the body" }, { geometry } = armor;
  assertOptions(`Cannot fit ${nameOf(armor, roles.piece)}`, options);
  assertSkinned(skinnedBody, roles.body);
  using scope = new BufferScope(options.pool, { label: "fitArmorToBody" });
  const bind = prepareBinding(armor, skinnedBody, roles.piece, scope);
  const stage = openStage(armor, skinnedBody, options.from, roles, scope), { piece, topology } = stage;
  const positions = scope.f32(piece.positions.length), normals = scope.f32(positions.length);
  const skin = leaseSkin(positions.length / 3, scope);

  const fit = fitOnStage(stage, options, positions, scope);
  const fitted = { positions, indices: piece.indices };
  const weights = transferOnStage(
    stage,
    fitted,
    skinnedBody,
    skin,
    scope,
    pickOptions(options.weights ?? {}, SKIN_OPTIONS),
  );
  writeMoved(geometry, piece, positions, positions, scope);
  const normalOptions = pickOptions(options.normals ?? {}, VERTEX_NORMALS_DEFAULTS);
  const normalsReport = vertexNormals(fitted, topology, normals, scope, normalOptions);
  if (piece.isMirrored) turnRound(normals); // faces were turned for the world, these are of the geometry

  const newAttributes: string[] = [];
  storeAttribute(geometry, "position", positions, 3, newAttributes);
  storeAttribute(geometry, "normal", normals, 3, newAttributes);
  storeSkin(geometry, skin, newAttributes);
  refreshBounds(armor);
  return { mesh: bind(), fit, normals: normalsReport, weights, newAttributes };
}

function assertOptions(failed: string, options: FitArmorToBodyOptions): void {
  assertFitOptions(failed, options, ["normals", "weights"]);
  assertKeys(`${failed} with these normals`, options.normals ?? {}, Object.keys(VERTEX_NORMALS_DEFAULTS));
  assertKeys(`${failed} with these weights`, options.weights ?? {}, Object.keys(SKIN_OPTIONS));
}

function turnRound(normals: Float32Array): void {
  for (let i = 0; i < normals.length; i++) normals[i] = -normals[i];
}
