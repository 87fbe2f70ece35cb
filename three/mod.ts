/**
 * Fitting for three.js: the operations of `./fitting` on meshes and geometries
 * as three.js has them, read where they stand in the world and written back in
 * place.
 *
 * Objects are taken by shape ({@linkcode MeshLike}, {@linkcode SkinnedMeshLike},
 * {@linkcode GeometryLike}), never by class; three.js is not imported. All
 * working memory is on lease and back when a call returns or throws; what stays
 * in a geometry is plain memory of its own.
 *
 * @example Dress a body
 * ```ts
 * import { fitToTarget } from "@meshtailor/meshtailor/three";
 * import { assertEquals } from "@std/assert";
 * import { Mesh, SphereGeometry } from "three";
 *
 * const head = new Mesh(new SphereGeometry(0.1, 24, 16));
 * const cap = new Mesh(new SphereGeometry(0.099, 24, 8, 0, 2 * Math.PI, 0, 1));
 * const { insideBefore, insideAfter } = fitToTarget(cap, head, { clearance: 0.003 });
 * assertEquals([insideBefore > 0.9, insideAfter], [true, 0]);
 * ```
 *
 * @module
 */
export type { ElasticMasks } from "../fitting/fit/elastic_fit.ts";
export type { FitGarmentOptions } from "../fitting/fit/fit_garment.ts";
export type { FitReport, ShrinkwrapOptions } from "../fitting/fit/shrinkwrap.ts";
export type { SmoothFieldOptions } from "../fitting/smooth/smooth_field.ts";
export type { TransferReport, TransferWeightsOptions } from "../fitting/weights/transfer_weights.ts";
export type { JointMatch, JointMatchKind } from "../fitting/weights/map_joints.ts";
export type { SkinOptions } from "./_skin.ts";
export type { VertexNormalsOptions, VertexNormalsReport } from "../fitting/normals/vertex_normals.ts";
export { BufferPool, type BufferPoolOptions, type BufferPoolStats } from "../pool/buffer_pool.ts";
export type { BufferType, BufferTypes, PooledBuffer } from "../pool/buffer_type.ts";
export { bindToSkeleton } from "./bind_to_skeleton.ts";
export * from "./compute_vertex_normals.ts";
export * from "./fit_armor_to_body.ts";
export * from "./fit_to_target.ts";
export * from "./mesh_like.ts";
export * from "./smooth_displacements.ts";
export * from "./transfer_skin_weights.ts";
