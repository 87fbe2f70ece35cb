import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import {
  assertSmoothInputs,
  assertStep,
  closeSmoothing,
  openSmoothing,
  openSmoothingBytes,
  type SmoothField,
  type SmoothLimits,
  type SmoothReport,
  type SmoothSizes,
} from "./_smooth.ts";
import type { Topology } from "../topology/topology.ts";
import { UMBRELLA_CHUNK, UMBRELLA_COST } from "./_umbrella.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode hcSmooth}. */
export interface HcSmoothOptions extends SmoothLimits {
  /** How often both passes run; a whole number. @default {10} */
  iterations?: number;
  /** How far the first pass takes each place towards the mean of its neighbours, above 0 to 1. @default {0.5} */
  lambda?: number;
  /** How much a place is pushed back to where it was at first rather than a pass ago, 0 to 1. @default {0} */
  alpha?: number;
  /** How much of a place's own move is taken back, against the mean of its neighbours' moves, 0 to 1. @default {0.5} */
  beta?: number;
}

/** Defaults of {@linkcode HcSmoothOptions}; steps, CLI and docs read these. */
export const HC_SMOOTH_DEFAULTS: Readonly<Required<Omit<HcSmoothOptions, "only" | "pin">>> = {
  iterations: 10,
  lambda: 0.5,
  alpha: 0,
  beta: 0.5,
  boundary: "pinned",
};

/**
 * Smooths and takes the shrinking back: after each pass of Laplacian smoothing, every place goes back by a mix of its
 * own move and the mean of its neighbours' moves, so that what all moved in common is undone.
 *
 * Uniform weights on the welded one-rings; all places move at once. Places no face uses stay; what is pinned counts as
 * not moved.
 * Source: Vollmer, Mencl & Müller 1999, "Improved Laplacian Smoothing of Noisy Surface Meshes", simultaneous version;
 * the factor `lambda` of the first pass is ours (1 there).
 *
 * @param mesh Read only, unless `out` is its positions.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount` metres; overwritten; may alias `mesh.positions` where `alpha` is 0.
 * @param scratch Left as it was found, also on a throw; {@linkcode hcSmoothBytes} at the peak.
 * @param options Missing keys take {@linkcode HC_SMOOTH_DEFAULTS}.
 * @throws {RangeError} If `out` or `topology` do not fit `mesh`, or an option is out of range.
 *
 * @example A spike comes down, and less of its volume goes than with Laplacian smoothing
 * ```ts
 * import { buildTopology, hcSmooth, laplacianSmooth } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assert } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0, -1, -1, 0),
 *   indices: Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 3, 1),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const kept = new Float32Array(12), shrunk = new Float32Array(12);
 * hcSmooth(mesh, topology, kept, scope, { iterations: 1 });
 * laplacianSmooth(mesh, topology, shrunk, scope, { iterations: 1 });
 * assert(kept[2] < 8 && kept[2] > shrunk[2]);
 * ```
 */
export function hcSmooth(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: HcSmoothOptions = {},
): SmoothReport {
  return finish(hcSmoothWork(mesh, topology, out, scratch, options));
}

/** {@linkcode hcSmooth} with pauses; `out` is written at the end. */
export function* hcSmoothWork(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: HcSmoothOptions = {},
): Work<SmoothReport> {
  const { iterations, lambda, alpha, beta, ...limits } = { ...HC_SMOOTH_DEFAULTS, ...options };
  assertSmoothInputs(mesh, topology, out, iterations, limits);
  assertStep("lambda", lambda);
  assertShare("alpha", alpha);
  assertShare("beta", beta);
  using frame = scratch.frame("smooth");
  const field = yield* openSmoothing(mesh, topology, frame, limits), { pinned, effort } = field;
  const moves = frame.f64(field.places.length), n = pinned.length;
  let from = field.places, to = field.spare;
  for (let i = 0; i < iterations; i++) {
    effort.count(i, iterations);
    for (let w = 0; w < n; w += UMBRELLA_CHUNK) {
      field.umbrella(from, to, lambda, w, Math.min(w + UMBRELLA_CHUNK, n));
      yield* effort.spend(UMBRELLA_CHUNK, UMBRELLA_COST);
    }
    measureMoves(mesh.positions, topology, from, to, alpha, moves);
    yield* effort.spend(n, UMBRELLA_COST);
    for (let w = 0; w < n; w += UMBRELLA_CHUNK) {
      pushBack(field, moves, to, beta, w, Math.min(w + UMBRELLA_CHUNK, n));
      yield* effort.spend(UMBRELLA_CHUNK, UMBRELLA_COST);
    }
    const next = from;
    from = to;
    to = next;
  }
  return yield* closeSmoothing(mesh, topology, from, out, effort);
}

/** Exactly the peak bytes {@linkcode hcSmooth} leases. */
export function hcSmoothBytes(sizes: SmoothSizes, limits: SmoothLimits = {}): number {
  return openSmoothingBytes(sizes, limits) + 24 * sizes.weldedCount;
}

/** Writes how far each place is from where it was: `b = p − (α o + (1 − α) q)`. */
function measureMoves(
  positions: Float32Array,
  { representative }: Topology,
  from: Float64Array,
  to: Float64Array,
  alpha: number,
  moves: Float64Array,
): void {
  for (let w = 0; w < representative.length; w++) {
    const i = 3 * w, o = 3 * representative[w];
    for (let k = 0; k < 3; k++) moves[i + k] = to[i + k] - alpha * positions[o + k] - (1 - alpha) * from[i + k];
  }
}

/** Takes back of each place `β` of its own move and `1 − β` of the mean of its neighbours'. */
function pushBack(
  { rings: { ringOffsets, ringVertices }, pinned }: SmoothField,
  moves: Float64Array,
  places: Float64Array,
  beta: number,
  first: number,
  last: number,
): void {
  for (let w = first; w < last; w++) {
    const begin = ringOffsets[w], end = ringOffsets[w + 1], i = 3 * w;
    if (begin === end || pinned[w] !== 0) continue;
    let x = 0, y = 0, z = 0;
    for (let r = begin; r < end; r++) {
      const j = 3 * ringVertices[r];
      x += moves[j];
      y += moves[j + 1];
      z += moves[j + 2];
    }
    const share = (1 - beta) / (end - begin);
    places[i] -= beta * moves[i] + share * x;
    places[i + 1] -= beta * moves[i + 1] + share * y;
    places[i + 2] -= beta * moves[i + 2] + share * z;
  }
}

function assertShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) {
    throw new RangeError(`Cannot smooth the mesh as ${name} must be from 0 to 1: current value is ${value}`);
  }
}
