import type { ElasticMasks } from "../fitting/fit/elastic_fit.ts";
import type { FitGarmentOptions } from "../fitting/fit/fit_garment.ts";
import type { FitReport, ShrinkwrapOptions } from "../fitting/fit/shrinkwrap.ts";
import type { BufferPool } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import { assertFitOptions, fitOnStage } from "./_fit.ts";
import type { MeshLike } from "./mesh_like.ts";
import { nameOf } from "./_name.ts";
import { openStage } from "./_stage.ts";
import { refreshBounds, storeAttribute } from "./_store.ts";
import { writeMoved } from "./_surface.ts";

/**
 * Options for {@linkcode fitToTarget}: those of the method, `FitGarmentOptions` for
 * `elastic` and `ShrinkwrapOptions` for `shrinkwrap`, with their defaults. Those
 * that the method does not have are refused.
 */
export interface FitToTargetOptions extends Omit<FitGarmentOptions, keyof ElasticMasks>, ShrinkwrapOptions {
  /**
   * `elastic` keeps the shape as rigid as possible; `shrinkwrap` pushes vertices
   * out and spreads the push.
   * @default {"elastic"}
   */
  method?: "elastic" | "shrinkwrap";
  /**
   * `elastic`: the body the piece was made on, where the piece lies on it. The
   * piece is then carried along with its skin: best where it is the target in
   * another shape, with the same vertices, else in about the same pose.
   */
  from?: MeshLike;
  /** Where memory comes from; by default a pool of the call's own, which ends with it. */
  pool?: BufferPool;
}

/** What {@linkcode fitToTarget} measured; lengths are metres of the world. */
export interface FitToTargetReport extends FitReport {
  /** `"position"`, if the geometry had integers there, which cannot hold a fit. */
  newAttributes: readonly string[];
}

/**
 * Moves a mesh out of another to a clearance and keeps its shape. Both are
 * taken where they stand in the world, a skinned one in its bind pose where its
 * root joint puts it; units are metres.
 *
 * Positions are written into the attribute the geometry has, interleaved or
 * not, unless it holds integers. Index, groups, draw range, morph attributes
 * and normals stay as they are: see {@linkcode computeVertexNormals}. Bounds are
 * computed anew where they had been. Nothing is written if it throws.
 *
 * @param sourceMesh What moves; shaped like `Mesh` or `SkinnedMesh`.
 * @param targetMesh What it moves out of; read only.
 * @param options Missing keys take the defaults of the method.
 * @throws {TypeError} If a mesh has no positions, or the method has no such option.
 * @throws {RangeError} If a mesh is broken, the target or `from` has no faces, or an option is out of range.
 *
 * @example A sheet that lies too low comes up, though its node is scaled
 * ```ts
 * import { fitToTarget } from "@meshtailor/meshtailor/three";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { BoxGeometry, Mesh, PlaneGeometry } from "three";
 *
 * const table = new Mesh(new BoxGeometry(2, 1, 2)); // its top is at 0.5 m
 * const cloth = new Mesh(new PlaneGeometry(10, 10, 8, 8).rotateX(-Math.PI / 2));
 * cloth.scale.setScalar(0.1);
 * cloth.position.y = 0.501;
 * const report = fitToTarget(cloth, table, { clearance: 0.005 });
 * assertEquals([report.converged, report.newAttributes], [true, []]);
 * assertAlmostEquals(report.minDistance, 0.005, 5e-4);
 * assertAlmostEquals(cloth.geometry.attributes.position.getY(40), 0.04, 5e-3); // in units of the node
 * ```
 */
export function fitToTarget(
  sourceMesh: MeshLike,
  targetMesh: MeshLike,
  options: FitToTargetOptions = {},
): FitToTargetReport {
  const roles = { piece: "the source mesh", body: "the target mesh" };
  assertFitOptions(`Cannot fit ${nameOf(sourceMesh, roles.piece)}`, options);
  using scope = new BufferScope(options.pool, { label: "fitToTarget" });
  const stage = openStage(sourceMesh, targetMesh, options.from, roles, scope);
  const { geometry } = sourceMesh;
  const positions = scope.f32(stage.piece.positions.length);
  const report = fitOnStage(stage, options, positions, scope);
  writeMoved(geometry, stage.piece, positions, positions, scope);
  const newAttributes: string[] = [];
  storeAttribute(geometry, "position", positions, 3, newAttributes);
  refreshBounds(sourceMesh);
  return { ...report, newAttributes };
}
