import type { Scratch } from "../../pool/scratch.ts";
import { ASK_COST } from "./_contact.ts";
import { Effort } from "../_effort.ts";
import { liftSheetsBytes, liftSheetsWork } from "./_lift_sheets.ts";
import type { Binding } from "./bind_to_body.ts";
import {
  ELASTIC_FIT_DEFAULTS,
  elasticFitBytes,
  type ElasticFitSizes,
  elasticFitWork,
  type ElasticMasks,
} from "./elastic_fit.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { FitReport } from "./shrinkwrap.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode resolvePenetration}; masks are by place of the welded surface. */
export interface ResolvePenetrationOptions extends ElasticMasks {
  /** Least air afterwards at every vertex, in every edge and face, metres. @default {0.001} */
  clearance?: number;
  /** How far along the garment a push is felt, metres. @default {0.03} */
  spread?: number;
  /** Iterations at most. @default {30} */
  iterations?: number;
  /** Which separate parts keep their shape: small ones, none, or every one. @default {"auto"} */
  rigid?: "auto" | "none" | "all";
}

/** Defaults of {@linkcode ResolvePenetrationOptions}; the step and its docs read these. */
export const RESOLVE_PENETRATION_DEFAULTS: Readonly<Required<Omit<ResolvePenetrationOptions, keyof ElasticMasks>>> = {
  clearance: 0.001,
  spread: 0.03,
  iterations: 30,
  rigid: "auto",
};

/** What holds a place of 300 mm² so that a push is felt over one metre: 1 over the sum of cotangent weights of a regular mesh, times the area. */
const HOLD_OF_A_METRE = 3e-4 / 3.464;

/** A body to be cleared. */
export interface ClearedBody {
  /** Its index. */
  readonly index: SurfaceIndex;
  /** Its connectivity. */
  readonly topology: Topology;
}

/** Bytes {@linkcode resolvePenetration} leases from scratch. */
export function resolvePenetrationBytes(
  { mesh, target }: {
    readonly mesh: ElasticFitSizes;
    readonly target: { readonly vertexCount: number; readonly weldedCount: number };
  },
): number {
  return (8 * 16 + 4) * mesh.weldedCount + Math.max(liftSheetsBytes(mesh, target), elasticFitBytes(mesh, target));
}

/**
 * Pushes what is inside a body, or too close to it, out to a clearance: vertices,
 * edges and the middles of faces, also where a point of the body sticks out
 * through a face. The push runs out smoothly over `spread`; what is clear of it
 * stays where it is. Sheets that lie over each other rise together, thin double
 * walls and layers keep their order, and nothing folds that was not folded.
 *
 * It is {@linkcode elasticFitWork} with the garment where it is as its goal,
 * held so that its displacement obeys a screened Poisson equation, |∇u|² +
 * |u|² / spread² (Nealen et al. 2006, "Laplacian Mesh Optimization", has the screening).
 *
 * @param mesh The garment; read only.
 * @param topology Of `mesh`.
 * @param body Closed, facing outwards.
 * @param out Caller-owned, `3 * vertexCount`; may alias `mesh.positions`.
 * @param scratch Leases {@linkcode resolvePenetrationBytes}.
 * @throws {RangeError} If an option is out of range.
 * @example A triangle that dips one corner into a tetrahedron
 * ```ts
 * import { buildTopology, resolvePenetration, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const positions = new Float32Array([0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3]);
 * const solid = { positions, indices: new Uint32Array([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]) };
 * const patch = { positions: Float32Array.of(0.002, 0.5, 0.5, -0.02, 0.5, 0.6, -0.02, 0.6, 0.5), indices: Uint32Array.of(0, 1, 2) };
 * const body = { index: SurfaceIndex.build(solid, scope), topology: buildTopology(solid, scope, scope) };
 * const out = new Float32Array(9);
 * const { insideAfter } = resolvePenetration(patch, buildTopology(patch, scope, scope), body, out, scope);
 * assertEquals(insideAfter, 0);
 * assertAlmostEquals(out[0], -0.001, 4e-4);
 * ```
 */
export function resolvePenetration(
  mesh: TriangleMesh,
  topology: Topology,
  body: ClearedBody,
  out: Float32Array,
  scratch: Scratch,
  options: ResolvePenetrationOptions = {},
): FitReport {
  return finish(resolvePenetrationWork(mesh, topology, body, out, scratch, options));
}

/** {@linkcode resolvePenetration} with pauses. */
export function* resolvePenetrationWork(
  mesh: TriangleMesh,
  topology: Topology,
  body: ClearedBody,
  out: Float32Array,
  scratch: Scratch,
  options: ResolvePenetrationOptions = {},
): Work<FitReport> {
  const { spread, ...elastic } = { ...RESOLVE_PENETRATION_DEFAULTS, ...options }, { clearance, iterations } = elastic;
  for (
    const [key, value, least] of [["clearance", clearance, 0], ["spread", spread, 1e-4], [
      "iterations",
      iterations,
      0,
    ]] as const
  ) {
    if (value >= least && value < Infinity) continue;
    throw new RangeError(
      `Cannot resolve penetration as ${key} must be >= ${least} and finite: current value is ${value}`,
    );
  }
  const n = topology.weldedCount;
  using frame = scratch.frame("resolvePenetration");
  const goal = {
    bound: frame.f64(3 * n),
    frames: frame.f64(9 * n),
    standOff: frame.f64(n),
    seats: frame.u32(n),
    shares: frame.f64(3 * n),
  };
  yield* seatInPlaceWork(mesh, topology, body.index, goal);
  yield* liftSheetsWork(goal, body.topology, body.index, clearance, options.allowInside, frame);
  return yield* elasticFitWork(mesh, topology, body.index, goal, out, frame, {
    ...elastic,
    stiff: ELASTIC_FIT_DEFAULTS.stiff,
    hold: HOLD_OF_A_METRE / (spread * spread),
    follow: 0,
  });
}

/** A garment where it is, over the place of the body closest to each of its own. */
function* seatInPlaceWork(
  { positions }: TriangleMesh,
  { weldedCount, representative }: Topology,
  body: SurfaceIndex,
  { bound, frames, seats, shares }: Binding,
): Work<void> {
  const hit = new SurfaceHit(), effort = new Effort();
  for (let v = 0; v < weldedCount; v++) {
    for (let k = 0; k < 3; k++) {
      bound[3 * v + k] = positions[3 * representative[v] + k];
      frames[9 * v + 4 * k] = 1;
    }
    if (body.closestPointAt(positions, representative[v], hit)) {
      seats[v] = hit.face;
      shares[3 * v] = hit.w0;
      shares[3 * v + 1] = hit.w1;
      shares[3 * v + 2] = hit.w2;
    }
    yield* effort.spend(1, ASK_COST);
  }
}
