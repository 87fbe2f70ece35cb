/**
 * Geometry: one operation a file, pure functions over typed arrays.
 *
 * @module
 */
export type { Frame, Scratch } from "../pool/scratch.ts";
export * from "./align_bounds.ts";
export * from "./best_similarity.ts";
export * from "./bounds.ts";
export * from "./carry_normals.ts";
export * from "./closest_point.ts";
export * from "./closest_points.ts";
export * from "./compare_bind_poses.ts";
export * from "./cotan_laplacian.ts";
export * from "./cotan_smooth.ts";
export * from "./dense_penetration.ts";
export * from "./detect_units.ts";
export * from "./displacement_smooth.ts";
export * from "./edge_stretch.ts";
export * from "./elastic_fit.ts";
export * from "./face_turns.ts";
export * from "./fit_figures.ts";
export * from "./fit_garment.ts";
export * from "./grow_selection.ts";
export * from "./guess_frame.ts";
export * from "./hc_smooth.ts";
export * from "./hem_curl.ts";
export * from "./hem_lengths.ts";
export * from "./inpaint_weights.ts";
export * from "./invert_selection.ts";
export * from "./island_drift.ts";
export * from "./island_shapes.ts";
export * from "./keep_faces.ts";
export * from "./keep_facing.ts";
export * from "./keep_in_box.ts";
export * from "./keep_influenced.ts";
export * from "./keep_islands.ts";
export * from "./keep_near.ts";
export * from "./keep_openings.ts";
export * from "./keep_selected.ts";
export * from "./laplacian_smooth.ts";
export * from "./layer_order.ts";
export * from "./map_joints.ts";
export * from "./measure_selection.ts";
export * from "./mesh.ts";
export * from "./mesh_health.ts";
export * from "./mix_skin_weights.ts";
export * from "./penetration.ts";
export * from "./pose_by_joints.ts";
export * from "./register_body.ts";
export * from "./resolve_penetration.ts";
export * from "./seam_cracks.ts";
export * from "./self_intersections.ts";
export * from "./shrinkwrap.ts";
export * from "./skin_weights.ts";
export * from "./smooth_field.ts";
export * from "./smooth_weights.ts";
export * from "./sparse_ldlt.ts";
export * from "./surface_hit.ts";
export {
  INSIDE_WINDING_NUMBER,
  type LentSurfaceIndex,
  SURFACE_INDEX_DEFAULTS,
  SurfaceIndex,
  surfaceIndexBytes,
  type SurfaceIndexOptions,
} from "./surface_index.ts";
export * from "./taubin_smooth.ts";
export * from "./topology.ts";
export * from "./transfer_weights.ts";
export * from "./vertex_normals.ts";
export * from "./vertex_tangents.ts";
export * from "./work.ts";
