import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import {
  assertSmoothInputs,
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

/** Options for {@linkcode taubinSmooth}. */
export interface TaubinSmoothOptions extends SmoothLimits {
  /** How often both passes run; a whole number. @default {10} */
  iterations?: number;
  /** How far the first pass takes each place towards the mean of its neighbours; above 0. @default {0.5} */
  lambda?: number;
  /** How far the second pass goes, below `-lambda`: back, and a little more. @default {1 / (0.1 - 1 / lambda)} */
  mu?: number;
}

/** Defaults of {@linkcode TaubinSmoothOptions}; steps, CLI and docs read these. `mu` follows from `lambda`: {@linkcode taubinMu}. */
export const TAUBIN_SMOOTH_DEFAULTS: Readonly<
  Required<Omit<TaubinSmoothOptions, "mu" | "only" | "pin">>
> = { iterations: 10, lambda: 0.5, boundary: "pinned" };

/** Below this frequency of the umbrella operator (0 flat to 2 zigzag) shapes are kept: Taubin's pass-band frequency. */
const PASS_BAND = 0.1;

/**
 * The `mu` that keeps what is smoother than the pass band 0.1 for this `lambda`.
 * Source: Taubin 1995, eq. 9: `1 / lambda + 1 / mu` is the pass-band frequency.
 *
 * @example The default
 * ```ts
 * import { taubinMu } from "@meshtailor/meshtailor/fitting";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(taubinMu(0.5), -0.5263, 1e-4);
 * ```
 */
export function taubinMu(lambda: number): number {
  return 1 / (PASS_BAND - 1 / lambda);
}

/**
 * Smooths without shrinking: each iteration moves every place towards the mean
 * of its neighbours by `lambda`, then away from it by `mu`.
 *
 * Uniform weights on the welded one-rings; all places move at once, so vertex
 * order does not matter, and the copies at a seam move as one. Places no face
 * uses stay. Waves longer than the pass band grow a little: with the
 * defaults by less than 0.07 % an iteration.
 * Source: Taubin 1995, "A Signal Processing Approach to Fair Surface Design", section 3.
 *
 * @param mesh Read only, unless `out` is its positions.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount` metres; overwritten; may alias `mesh.positions`.
 * @param scratch Left as it was found, also on a throw; {@linkcode taubinSmoothBytes} at the peak.
 * @param options Missing keys take {@linkcode TAUBIN_SMOOTH_DEFAULTS}.
 * @throws {RangeError} If `out` or `topology` do not fit `mesh`, or `lambda` and `mu` do not smooth.
 *
 * @example A spike is cut to half in ten iterations; its base is pinned
 * ```ts
 * import { buildTopology, taubinSmooth } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assert } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0, -1, -1, 0),
 *   indices: Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 3, 1),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const { maxMove } = taubinSmooth(mesh, topology, mesh.positions, scope);
 * assert(maxMove > 4);
 * ```
 */
export function taubinSmooth(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: TaubinSmoothOptions = {},
): SmoothReport {
  return finish(taubinSmoothWork(mesh, topology, out, scratch, options));
}

/**
 * {@linkcode taubinSmooth} with pauses; `out` is written at the end.
 *
 * @example A triangle is its own boundary, and stays
 * ```ts
 * import { buildTopology, finish, taubinSmoothWork } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const work = taubinSmoothWork(mesh, topology, mesh.positions, scope, {
 *   iterations: 3,
 * });
 * assertEquals(finish(work).maxMove, 0);
 * ```
 */
export function* taubinSmoothWork(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: TaubinSmoothOptions = {},
): Work<SmoothReport> {
  const filled = { ...TAUBIN_SMOOTH_DEFAULTS, ...options };
  const passes = { ...filled, mu: options.mu ?? taubinMu(filled.lambda) };
  assertSmoothInputs(mesh, topology, out, passes.iterations, passes);
  assertFilter(passes.lambda, passes.mu);
  using frame = scratch.frame("smooth");
  const field = yield* openSmoothing(mesh, topology, frame, passes);
  const places = yield* runPasses(field, passes);
  return yield* closeSmoothing(mesh, topology, places, out, field.effort);
}

/**
 * Exactly the peak bytes {@linkcode taubinSmooth} leases.
 *
 * @example A cube fits into a page
 * ```ts
 * import { taubinSmoothBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(taubinSmoothBytes({ weldedCount: 8, edgeCount: 18 }), 65_536);
 * ```
 */
export function taubinSmoothBytes(sizes: SmoothSizes, limits: SmoothLimits = {}): number {
  return openSmoothingBytes(sizes, limits);
}

/** The gain at frequency k, 0 to 2, is `(1 - lambda k) (1 - mu k)`: beyond -1 at 2, zigzags grow until nothing is left. */
function assertFilter(lambda: number, mu: number): void {
  if (!(lambda > 0)) {
    throw new RangeError(
      `Cannot smooth the mesh as lambda must be above 0: current value is ${lambda}`,
    );
  }
  const gain = (1 - 2 * lambda) * (1 - 2 * mu);
  if (!(mu < -lambda && gain >= -1)) {
    throw new RangeError(
      `Cannot smooth the mesh as mu must be below -lambda and (1 - 2 lambda) (1 - 2 mu) >= -1: current values are lambda ${lambda}, mu ${mu}`,
    );
  }
}
