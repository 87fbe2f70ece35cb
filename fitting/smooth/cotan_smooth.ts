import type { Scratch } from "../../pool/scratch.ts";
import { cotanLaplacianBytes, cotanLaplacianWork } from "../solver/cotan_laplacian.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Rings } from "../topology/_rings.ts";
import {
  assertSmoothInputs,
  assertStep,
  closeSmoothing,
  openSmoothing,
  openSmoothingBytes,
  runPasses,
  type SmoothLimits,
  type SmoothReport,
  type SmoothSizes,
} from "./_smooth.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode cotanSmooth}. */
export interface CotanSmoothOptions extends SmoothLimits {
  /** How many passes; a whole number. @default {10} */
  iterations?: number;
  /** How far a pass takes each place towards the weighted mean of its neighbours, above 0 to 1. @default {0.5} */
  lambda?: number;
}

/** Defaults of {@linkcode CotanSmoothOptions}; steps, CLI and docs read these. */
export const COTAN_SMOOTH_DEFAULTS: Readonly<Required<Omit<CotanSmoothOptions, "only" | "pin">>> = {
  iterations: 10,
  lambda: 0.5,
  boundary: "pinned",
};

/**
 * Moves every place towards the mean of its neighbours, weighted by cotangents: along its normal, so that what is flat
 * stays as it is although its triangles are uneven, and textures do not swim. It shrinks, as Laplacian smoothing does.
 *
 * The weights are those of the mesh as it comes in. Negative ones, where another triangulation would be Delaunay, are left
 * out, so that every pass is a mean and nothing can blow up: places there drift a little. With `along`, all neighbours on an open edge count the same. All places move at once. Places no face uses stay.
 * Source: Desbrun, Meyer, Schröder & Barr 1999, "Implicit Fairing of Irregular Meshes using Diffusion and Curvature
 * Flow", section 5, normalised as in their eq. 16; steps are explicit, which needs `lambda` of 1 at most.
 *
 * @param mesh Read only, unless `out` is its positions.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount` metres; overwritten; may alias `mesh.positions`.
 * @param scratch Left as it was found, also on a throw; {@linkcode cotanSmoothBytes} at the peak.
 * @param options Missing keys take {@linkcode COTAN_SMOOTH_DEFAULTS}.
 * @throws {RangeError} If `out` or `topology` do not fit `mesh`, or an option is out of range.
 *
 * @example A place off the middle of a flat square stays, where the mean of the corners would pull it in
 * ```ts
 * import { buildTopology, cotanSmooth } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0.4, 0.5, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * assertAlmostEquals(cotanSmooth(mesh, topology, mesh.positions, scope).maxMove, 0, 1e-6);
 * ```
 */
export function cotanSmooth(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: CotanSmoothOptions = {},
): SmoothReport {
  return finish(cotanSmoothWork(mesh, topology, out, scratch, options));
}

/** {@linkcode cotanSmooth} with pauses; `out` is written at the end. */
export function* cotanSmoothWork(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: CotanSmoothOptions = {},
): Work<SmoothReport> {
  const { iterations, lambda, ...limits } = { ...COTAN_SMOOTH_DEFAULTS, ...options };
  assertSmoothInputs(mesh, topology, out, iterations, limits);
  assertStep("lambda", lambda);
  using frame = scratch.frame("smooth");
  const weights = frame.f64(topology.ringVertices.length);
  yield* writeWeights(mesh, topology, weights, scratch);
  const field = yield* openSmoothing(mesh, topology, frame, limits);
  if (field.rings !== topology) moveWeights(topology, field.rings, weights);
  const places = yield* runPasses(field, { iterations, lambda, mu: 0, weights });
  return yield* closeSmoothing(mesh, topology, places, out, field.effort);
}

/** Exactly the peak bytes {@linkcode cotanSmooth} leases. */
export function cotanSmoothBytes(sizes: SmoothSizes & { faceCount: number }, limits: SmoothLimits = {}): number {
  const whileWeighing = 8 * sizes.weldedCount + cotanLaplacianBytes(sizes);
  return 16 * sizes.edgeCount + Math.max(whileWeighing, openSmoothingBytes(sizes, limits));
}

function* writeWeights(
  mesh: TriangleMesh,
  topology: Topology,
  edgeWeights: Float64Array,
  scratch: Scratch,
): Work<void> {
  using frame = scratch.frame("weights");
  yield* cotanLaplacianWork(mesh, topology, { edgeWeights, lumpedMass: frame.f64(topology.weldedCount) }, frame);
  yield;
  for (let r = 0; r < edgeWeights.length; r++) if (!(edgeWeights[r] > 0)) edgeWeights[r] = 0;
}

/** Moves the weights to the entries that are left in rings some neighbours are missing from; those rings get ones. */
function moveWeights(topology: Topology, rings: Rings, weights: Float64Array): void {
  for (let w = 0; w < topology.weldedCount; w++) {
    const begin = rings.ringOffsets[w], end = rings.ringOffsets[w + 1], from = topology.ringOffsets[w];
    const isWhole = topology.isBoundary[w] === 0;
    for (let r = begin; r < end; r++) weights[r] = isWhole ? weights[from + r - begin] : 1;
  }
}
