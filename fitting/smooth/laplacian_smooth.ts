import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
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

/** Options for {@linkcode laplacianSmooth}. */
export interface LaplacianSmoothOptions extends SmoothLimits {
  /** How many passes; a whole number. @default {10} */
  iterations?: number;
  /** How far a pass takes each place towards the mean of its neighbours, above 0 to 1. @default {0.5} */
  lambda?: number;
}

/** Defaults of {@linkcode LaplacianSmoothOptions}; steps, CLI and docs read these. */
export const LAPLACIAN_SMOOTH_DEFAULTS: Readonly<
  Required<Omit<LaplacianSmoothOptions, "only" | "pin">>
> = { iterations: 10, lambda: 0.5, boundary: "pinned" };

/**
 * Moves every place towards the mean of its neighbours, `iterations` times.
 *
 * Uniform weights on the welded one-rings; all places move at once, so vertex
 * order does not matter, and the copies at a seam move as one. Places no face
 * uses stay. It shrinks: a sphere loses radius with every pass; where that is
 * not wanted, use `taubinSmooth`.
 * Source: Taubin 1995, "A Signal Processing Approach to Fair Surface Design", eq. 4 and 5.
 *
 * @param mesh Read only, unless `out` is its positions.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount` metres; overwritten; may alias `mesh.positions`.
 * @param scratch Left as it was found, also on a throw; {@linkcode laplacianSmoothBytes} at the peak.
 * @param options Missing keys take {@linkcode LAPLACIAN_SMOOTH_DEFAULTS}.
 * @throws {RangeError} If `out` or `topology` do not fit `mesh`, or an option is out of range.
 *
 * @example A spike comes down to the plane around it
 * ```ts
 * import { buildTopology, laplacianSmooth } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0, -1, -1, 0),
 *   indices: Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 3, 1),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const options = { iterations: 2, lambda: 0.5 };
 * const report = laplacianSmooth(mesh, topology, mesh.positions, scope, options);
 * assertEquals([...mesh.positions.subarray(0, 3)], [0, 0, 2]);
 * assertEquals(report.maxMove, 6);
 * ```
 */
export function laplacianSmooth(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: LaplacianSmoothOptions = {},
): SmoothReport {
  return finish(laplacianSmoothWork(mesh, topology, out, scratch, options));
}

/**
 * {@linkcode laplacianSmooth} with pauses; `out` is written at the end.
 *
 * @example A triangle is its own boundary, and stays
 * ```ts
 * import { buildTopology, finish, laplacianSmoothWork } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const work = laplacianSmoothWork(mesh, topology, mesh.positions, scope, {
 *   iterations: 3,
 * });
 * assertEquals(finish(work).maxMove, 0);
 * ```
 */
export function* laplacianSmoothWork(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: LaplacianSmoothOptions = {},
): Work<SmoothReport> {
  const passes = { ...LAPLACIAN_SMOOTH_DEFAULTS, ...options, mu: 0 };
  assertSmoothInputs(mesh, topology, out, passes.iterations, passes);
  assertStep("lambda", passes.lambda);
  using frame = scratch.frame("smooth");
  const field = yield* openSmoothing(mesh, topology, frame, passes);
  const places = yield* runPasses(field, passes);
  return yield* closeSmoothing(mesh, topology, places, out, field.effort);
}

/**
 * Exactly the peak bytes {@linkcode laplacianSmooth} leases.
 *
 * @example A cube fits into a page
 * ```ts
 * import { laplacianSmoothBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(laplacianSmoothBytes({ weldedCount: 8, edgeCount: 18 }), 65_536);
 * ```
 */
export function laplacianSmoothBytes(sizes: SmoothSizes, limits: SmoothLimits = {}): number {
  return openSmoothingBytes(sizes, limits);
}

export { SMOOTH_BOUNDARIES, type SmoothBoundary } from "../topology/_rings.ts";
export type { SmoothLimits, SmoothReport, SmoothSizes };
