/**
 * Geometry: one operation a file, pure functions over typed arrays.
 *
 * @module
 */
export type { Frame, Scratch } from "../pool/scratch.ts";
export * from "./align/align_bounds.ts";
export * from "./measure/best_similarity.ts";
export * from "./bounds.ts";
export * from "./normals/carry_normals.ts";
export * from "./surface/closest_point.ts";
export * from "./surface/closest_points.ts";
export * from "./weights/compare_bind_poses.ts";
export * from "./solver/cotan_laplacian.ts";
export * from "./smooth/cotan_smooth.ts";
export * from "./measure/dense_penetration.ts";
export * from "./align/detect_units.ts";
export * from "./smooth/displacement_smooth.ts";
export * from "./measure/edge_stretch.ts";
export * from "./fit/elastic_fit.ts";
export * from "./measure/face_turns.ts";
export * from "./measure/fit_figures.ts";
export * from "./fit/fit_garment.ts";
export * from "./select/grow_selection.ts";
export * from "./align/guess_frame.ts";
export * from "./smooth/hc_smooth.ts";
export * from "./measure/hem_curl.ts";
export * from "./measure/hem_lengths.ts";
export * from "./weights/inpaint_weights.ts";
export * from "./select/invert_selection.ts";
export * from "./measure/island_drift.ts";
export * from "./measure/island_shapes.ts";
export * from "./select/keep_faces.ts";
export * from "./select/keep_facing.ts";
export * from "./select/keep_in_box.ts";
export * from "./select/keep_influenced.ts";
export * from "./select/keep_islands.ts";
export * from "./select/keep_near.ts";
export * from "./select/keep_openings.ts";
export * from "./select/keep_selected.ts";
export * from "./smooth/laplacian_smooth.ts";
export * from "./measure/layer_order.ts";
export * from "./measure/lie_on_body.ts";
export * from "./weights/map_joints.ts";
export * from "./select/measure_selection.ts";
export * from "./mesh.ts";
export * from "./topology/mesh_health.ts";
export * from "./weights/mix_skin_weights.ts";
export * from "./surface/penetration.ts";
export * from "./fit/pose_by_joints.ts";
export * from "./fit/register_body.ts";
export * from "./fit/resolve_penetration.ts";
export * from "./measure/seam_cracks.ts";
export * from "./measure/self_intersections.ts";
export * from "./fit/shrinkwrap.ts";
export * from "./weights/skin_weights.ts";
export * from "./smooth/smooth_field.ts";
export * from "./weights/smooth_weights.ts";
export * from "./solver/sparse_ldlt.ts";
export * from "./surface/surface_hit.ts";
export {
  INSIDE_WINDING_NUMBER,
  type LentSurfaceIndex,
  SURFACE_INDEX_DEFAULTS,
  SurfaceIndex,
  surfaceIndexBytes,
  type SurfaceIndexOptions,
} from "./surface/surface_index.ts";
export * from "./smooth/taubin_smooth.ts";
export * from "./topology/topology.ts";
export * from "./weights/transfer_weights.ts";
export * from "./normals/vertex_normals.ts";
export * from "./normals/vertex_tangents.ts";
export * from "./work.ts";
