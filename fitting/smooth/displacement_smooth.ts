import type { Scratch } from "../../pool/scratch.ts";
import { bestSimilarityBytes, bestSimilarityWork } from "../measure/best_similarity.ts";
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

/** Options for {@linkcode displacementSmooth}. */
export interface DisplacementSmoothOptions extends SmoothLimits {
  /** How many passes; a whole number. @default {10} */
  iterations?: number;
  /** How far a pass takes each move towards the mean of its neighbours' moves, above 0 to 1. @default {0.5} */
  lambda?: number;
}

/** Defaults of {@linkcode DisplacementSmoothOptions}; steps, CLI and docs read these. */
export const DISPLACEMENT_SMOOTH_DEFAULTS: Readonly<Required<Omit<DisplacementSmoothOptions, "only" | "pin">>> = {
  iterations: 10,
  lambda: 0.5,
  boundary: "pinned",
};

/**
 * Smooths what was done to a mesh, not its shape: the moves of neighbouring places come to agree, while folds, ridges and
 * studs it had at first stay. What the whole did as one, its turn, size and place, is no move: it is kept.
 *
 * Uniform weights on the welded one-rings; all moves change at once. Source: the umbrella weights of Taubin 1995, "A Signal
 * Processing Approach to Fair Surface Design", eq. 5, on displacements from the similarity of `bestSimilarity`.
 *
 * @param rest Positions before, `3 * vertexCount`, in any unit.
 * @param mesh As it is now; read only, unless `out` is its positions.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount` metres; overwritten; may alias `mesh.positions`, not `rest`.
 * @param scratch Left as it was found, also on a throw; {@linkcode displacementSmoothBytes} at the peak.
 * @param options Missing keys take {@linkcode DISPLACEMENT_SMOOTH_DEFAULTS}.
 * @throws {RangeError} If a length is wrong, `topology` does not fit `mesh`, or an option is out of range.
 *
 * @example What was moved and turned as one stays to the last digits
 * ```ts
 * import { buildTopology, displacementSmooth } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rest = Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 1), indices = Uint32Array.of(0, 2, 1, 0, 1, 3);
 * const mesh = { positions: rest.map((_, i) => 2 * rest[3 * Math.floor(i / 3) + (i + 1) % 3] + 5), indices };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), out = new Float32Array(12);
 * const { maxMove } = displacementSmooth(rest, mesh, topology, out, scope, { boundary: "free" });
 * assertAlmostEquals(maxMove, 0, 1e-6);
 * ```
 */
export function displacementSmooth(
  rest: Float32Array,
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: DisplacementSmoothOptions = {},
): SmoothReport {
  return finish(displacementSmoothWork(rest, mesh, topology, out, scratch, options));
}

/** {@linkcode displacementSmooth} with pauses; `out` is written at the end. */
export function* displacementSmoothWork(
  rest: Float32Array,
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: DisplacementSmoothOptions = {},
): Work<SmoothReport> {
  const { iterations, lambda, ...limits } = { ...DISPLACEMENT_SMOOTH_DEFAULTS, ...options };
  assertSmoothInputs(mesh, topology, out, iterations, limits);
  assertStep("lambda", lambda);
  if (rest.length !== mesh.positions.length) {
    throw new RangeError(
      `Cannot smooth the moves as rest must hold ${mesh.positions.length} floats: it holds ${rest.length}`,
    );
  }
  const { scale, rotation } = yield* bestSimilarityWork(rest, mesh.positions, topology, scratch);
  const map = rotation.map((value) => scale * value);
  using frame = scratch.frame("smooth");
  const field = yield* openSmoothing(mesh, topology, frame, limits);
  addMapped(field.places, rest, topology.representative, map, -1);
  const moves = yield* runPasses(field, { iterations, lambda, mu: 0 });
  addMapped(moves, rest, topology.representative, map, 1);
  return yield* closeSmoothing(mesh, topology, moves, out, field.effort);
}

/** Exactly the peak bytes {@linkcode displacementSmooth} leases. */
export function displacementSmoothBytes(sizes: SmoothSizes, limits: SmoothLimits = {}): number {
  return Math.max(bestSimilarityBytes(), openSmoothingBytes(sizes, limits));
}

/** Adds the places as they were, turned and scaled, times `sign`; a shift is the same everywhere, so it may stay in the moves. */
function addMapped(
  places: Float64Array,
  rest: Float32Array,
  representative: Uint32Array,
  map: readonly number[],
  sign: number,
): void {
  for (let w = 0; w < representative.length; w++) {
    const i = 3 * w, j = 3 * representative[w];
    const x = sign * rest[j], y = sign * rest[j + 1], z = sign * rest[j + 2];
    places[i] += map[0] * x + map[1] * y + map[2] * z;
    places[i + 1] += map[3] * x + map[4] * y + map[5] * z;
    places[i + 2] += map[6] * x + map[7] * y + map[8] * z;
  }
}
