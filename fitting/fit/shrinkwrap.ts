import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { featureRings, featureRingsBytes } from "./_feature_rings.ts";
import { UMBRELLA_CHUNK, UMBRELLA_COST, umbrellaPass } from "../smooth/_umbrella.ts";
import {
  ASK_COST,
  beginProjection,
  CHUNK,
  countInside,
  damp,
  type FitState,
  project,
  SKIP_COST,
} from "./_projection.ts";
import { meanEdgeLength } from "../bounds.ts";
import type { TriangleMesh } from "../mesh.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode shrinkwrap}. */
export interface ShrinkwrapOptions {
  /** Least signed distance every vertex ends with, metres. @default {0.002} */
  clearance?: number;
  /** How much of the air beyond the clearance is taken out: 0 keeps the designed stand-off, 1 lays every vertex at the clearance. @default {0} */
  tightness?: number;
  /** How far along the garment a push is felt, metres; 0 moves each vertex alone. @default {0.1} */
  smoothRadius?: number;
  /** Share of a violation that is corrected in one iteration, 0–1. @default {1} */
  stepSize?: number;
  /** How far a smoothing pass takes each displacement towards the mean of its neighbours, 0–1. @default {0.5} */
  smoothStrength?: number;
  /** Pushes are not spread across edges bent more than this, radians, but along them; π bends none. @default {Math.PI} */
  featureAngle?: number;
  /** `keep` moves an open edge by the push of that edge, spread along it alone; `free` lets the cloth beside it pull. @default {"free"} */
  openings?: "free" | "keep";
  /** Iterations at most. @default {40} */
  iterations?: number;
  /** `weldedCount` flags of places that may move; all may where it is missing. */
  only?: Uint8Array | undefined;
  /** `weldedCount` flags of places that stay. */
  pin?: Uint8Array | undefined;
}

/** Defaults of {@linkcode ShrinkwrapOptions}; the step and its docs read these. */
export const SHRINKWRAP_DEFAULTS: Readonly<Required<Omit<ShrinkwrapOptions, "only" | "pin">>> = {
  clearance: 0.002,
  tightness: 0,
  smoothRadius: 0.1,
  smoothStrength: 0.5,
  stepSize: 1,
  featureAngle: Math.PI,
  openings: "free",
  iterations: 40,
};

/** What {@linkcode shrinkwrap} measured. Lengths are metres, shares 0–1 of the welded vertices. */
export interface FitReport {
  /** Iterations that smoothed and projected. */
  iterations: number;
  /** Whether it came to rest, and nothing is closer than the clearance less a tenth of a millimetre: see `minDistance`. */
  converged: boolean;
  /** How far the vertices moved on average. */
  meanMove: number;
  /** How far the one that moved most moved. */
  maxMove: number;
  /** Share of vertices inside the target before, but those that may be. */
  insideBefore: number;
  /** Share of vertices inside the target afterwards, but those that may be; where there are any, `minDistance` is negative. */
  insideAfter: number;
  /** Places that may be inside as they were inside the body the garment was made on; 0 where there is none. */
  keptInside: number;
  /** Least signed distance afterwards of all but what may be inside, also of what stays and of rigid parts; negative inside. Edges and faces count where they are closer. */
  minDistance: number;
  /** How far a vertex still moved in the last iteration, metres. */
  residual: number;
  /** Where the vertex is that lacks most of the clearance, metres; the first one where none lacks any. */
  worstX: number;
  /** See `worstX`. */
  worstY: number;
  /** See `worstX`. */
  worstZ: number;
  /** Pairs of faces that lay by each other and cross now; 0 where it was not looked for. */
  crossings: number;
  /** Vertices of the body that stick out through the middle of a face; 0 where it was not looked for. */
  pokes: number;
  /** Parts that kept their shape only as they were said to be stiff; 0 for methods that keep none. */
  rigidByHint: number;
  /** Places made alike with their mirror images; 0 where that was not asked for. */
  paired: number;
}

/** A vertex this close to its clearance is there, metres. */
const TOLERANCE = 1e-4;
/** Projections without smoothing that may follow to clear the last few vertices. */
const FINAL_PROJECTIONS = 16;
/** Smoothing passes an iteration has at most: bounds the cost on very fine meshes. */
const MAX_PASSES = 24;

/** Bytes {@linkcode shrinkwrap} leases from scratch. */
export function shrinkwrapBytes(
  { weldedCount, edgeCount }: { weldedCount: number; edgeCount: number },
  lines: Pick<ShrinkwrapOptions, "featureAngle" | "openings"> = {},
): number {
  return featureRingsBytes({ weldedCount, edgeCount }, { ...SHRINKWRAP_DEFAULTS, ...lines }) + 8 *
      (3 * weldedCount /* rest */ + 3 * weldedCount /* move */ + 6 * weldedCount /* before, spare */ +
        weldedCount /* slack */ + 3 /* point */) +
    5 * weldedCount; /* lastFace, stays */
}

/**
 * Pushes a garment out of a body and, where asked, draws it near; detail is
 * kept because the *displacement* is smoothed, never the shape.
 *
 * Each iteration smooths the displacement D over the welded surface, damps it
 * with the screening length `smoothRadius` (Jacobi passes on the screened
 * Poisson energy ∫ |∇D|² + |D|²/r²), then projects what is closer than the
 * clearance. It is a projected relaxation of the obstacle problem (Glowinski
 * 1984, "Numerical Methods for Nonlinear Variational Problems", ch. I); the last
 * projections run unsmoothed, so contact wins.
 * Lines, sharp edges and openings where asked for, take part in the smoothing as
 * curves: places on one average over those along it alone.
 * Vertices far from the body are not queried again until they have moved as far.
 *
 * @param mesh The garment; read only.
 * @param topology Of `mesh`; seam copies move as one.
 * @param target Index of the body; outside is where its winding number is below one half.
 * @param out Caller-owned, `3 * vertexCount` floats; may alias `mesh.positions`.
 * @param scratch Leases {@linkcode shrinkwrapBytes}.
 * @param options Missing keys take {@linkcode SHRINKWRAP_DEFAULTS}.
 * @throws {RangeError} If `out` has the wrong length, or an option is out of range.
 * @example A patch inside a cube comes out
 * ```ts
 * import { buildTopology, shrinkwrap, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const floor = { positions: new Float32Array([-9, 0, -9, 9, 0, -9, 9, 0, 9, -9, 0, 9]), indices: new Uint32Array([0, 2, 1, 0, 3, 2]) };
 * const patch = { positions: new Float32Array([0, 0.001, 0, 0.1, 0.001, 0, 0, 0.001, 0.1]), indices: new Uint32Array([0, 2, 1]) };
 * using scope = new BufferScope();
 * const target = SurfaceIndex.build(floor, scope);
 * const out = new Float32Array(9);
 * shrinkwrap(patch, buildTopology(patch, scope, scope), target, out, scope, { clearance: 0.01 });
 * assertAlmostEquals(out[1], 0.01, 1e-6);
 * ```
 */
export function shrinkwrap(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  out: Float32Array,
  scratch: Scratch,
  options: ShrinkwrapOptions = {},
): FitReport {
  return finish(shrinkwrapWork(mesh, topology, target, out, scratch, options));
}

/** {@linkcode shrinkwrap} with pauses. */
export function* shrinkwrapWork(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  out: Float32Array,
  scratch: Scratch,
  options: ShrinkwrapOptions = {},
): Work<FitReport> {
  const { only, pin, ...settings } = { ...SHRINKWRAP_DEFAULTS, ...options };
  const { clearance, tightness, smoothRadius, smoothStrength, stepSize, iterations } = settings;
  assertOptions(mesh, out, settings);
  const { weldedCount, representative, positionRemap } = topology;
  using frame = scratch.frame("shrinkwrap");
  const rest = frame.f64(3 * weldedCount);
  const move = frame.f64(3 * weldedCount);
  const before = frame.f64(3 * weldedCount);
  const spare = frame.f64(3 * weldedCount);
  const slack = frame.f64(weldedCount);
  const lastFace = frame.i32(weldedCount), stays = frame.u8(weldedCount);
  for (let v = 0; v < weldedCount; v++) {
    if ((only !== undefined && only[v] === 0) || (pin !== undefined && pin[v] !== 0)) stays[v] = 1;
  }
  const state: FitState = {
    target,
    rest,
    move,
    before,
    slack,
    lastFace,
    stays,
    hit: new SurfaceHit(),
    point: frame.f64(3),
    clearance,
    distance: NaN,
    push: NaN,
    pull: NaN,
    worst: NaN,
    worstVertex: 0,
    largest: NaN,
  };
  const effort = new Effort();

  for (let v = 0; v < weldedCount; v++) {
    lastFace[v] = -1;
    for (let k = 0; k < 3; k++) rest[3 * v + k] = mesh.positions[3 * representative[v] + k];
  }
  const rings = yield* featureRings(topology, rest, settings, frame);
  yield* target.prepareInsideWork();
  const insideBefore = yield* countInside(state, effort);
  yield;
  const edge = meanEdgeLength(mesh, topology);
  yield;
  const passes = smoothStrength === 0 ? 0 : passesFor(smoothRadius, edge, iterations);
  const damping = passes === 0 ? 1 : (1 / (1 + (edge / smoothRadius) ** 2)) ** passes;

  let done = 0, residual = 0;
  for (; done < iterations; done++) {
    effort.count(done, iterations);
    if (done > 0 && passes > 0) {
      before.set(move);
      let from = move, to = spare;
      for (let pass = 0; pass < passes; pass++) {
        for (let v = 0; v < weldedCount; v += UMBRELLA_CHUNK) {
          const end = Math.min(v + UMBRELLA_CHUNK, weldedCount);
          umbrellaPass(rings, from, to, smoothStrength, stays, v, end);
          yield* effort.spend(end - v, UMBRELLA_COST);
        }
        const next = from;
        from = to;
        to = next;
      }
      if (from !== move) move.set(from);
      damp(state, damping);
    }
    beginProjection(state, stepSize, tightness * stepSize);
    for (let v = 0; v < weldedCount; v += CHUNK) {
      yield* effort.spend(CHUNK * SKIP_COST + project(state, v) * ASK_COST, 1);
    }
    residual = state.largest;
    if (state.worst <= TOLERANCE) break;
  }
  for (let i = 0; i < FINAL_PROJECTIONS; i++) {
    beginProjection(state, 1, 0);
    for (let v = 0; v < weldedCount; v += CHUNK) {
      yield* effort.spend(CHUNK * SKIP_COST + project(state, v) * ASK_COST, 1);
    }
    if (state.worst <= 0) break;
  }

  for (let i = 0; i < positionRemap.length; i++) {
    const v = positionRemap[i];
    for (let k = 0; k < 3; k++) out[3 * i + k] = rest[3 * v + k] + move[3 * v + k];
  }
  const insideAfter = yield* countInside(state, effort);
  const { meanMove, maxMove } = movesOf(move);
  const minDistance = clearance - state.worst, w = 3 * state.worstVertex;
  return {
    iterations: Math.min(done + 1, iterations),
    converged: state.worst <= TOLERANCE,
    meanMove,
    maxMove,
    insideBefore: insideBefore / Math.max(1, weldedCount),
    insideAfter: insideAfter / Math.max(1, weldedCount),
    minDistance,
    residual,
    worstX: (rest[w] ?? 0) + (move[w] ?? 0),
    worstY: (rest[w + 1] ?? 0) + (move[w + 1] ?? 0),
    worstZ: (rest[w + 2] ?? 0) + (move[w + 2] ?? 0),
    crossings: 0,
    pokes: 0,
    rigidByHint: 0,
    paired: 0,
    keptInside: 0,
  };
}

/** Passes an iteration needs so that all of them together carry a push over `radius`: a diffusion spreads with the root of its passes. */
function passesFor(radius: number, edge: number, iterations: number): number {
  if (radius === 0 || edge === 0 || iterations === 0) return 0;
  return Math.min(MAX_PASSES, Math.max(1, Math.ceil(4 * (radius / edge) ** 2 / iterations)));
}

function movesOf(move: Float64Array): { meanMove: number; maxMove: number } {
  let sum = 0, maxMove = 0;
  for (let i = 0; i < move.length; i += 3) {
    const length = Math.sqrt(move[i] ** 2 + move[i + 1] ** 2 + move[i + 2] ** 2);
    sum += length;
    if (length > maxMove) maxMove = length;
  }
  return { meanMove: move.length === 0 ? 0 : 3 * sum / move.length, maxMove };
}

function assertOptions(mesh: TriangleMesh, out: Float32Array, options: typeof SHRINKWRAP_DEFAULTS): void {
  if (options.openings !== "free" && options.openings !== "keep") {
    throw new RangeError(`Cannot fit as openings must be "free" or "keep": current value is "${options.openings}"`);
  }
  if (out.length !== mesh.positions.length) {
    throw new RangeError(`Cannot fit as out must hold ${mesh.positions.length} floats: it holds ${out.length}`);
  }
  for (const [key, min, max] of RANGES) {
    const value = options[key];
    if (!(value >= min && value <= max)) {
      throw new RangeError(`Cannot fit as ${key} must be between ${min} and ${max}: current value is ${value}`);
    }
  }
}

const RANGES = [
  ["clearance", 0, Infinity],
  ["tightness", 0, 1],
  ["smoothRadius", 0, Infinity],
  ["smoothStrength", 0, 1],
  ["stepSize", 0, 1],
  ["featureAngle", 0, Math.PI],
  ["iterations", 0, 100_000],
] as const;
