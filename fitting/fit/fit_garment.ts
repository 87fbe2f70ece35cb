import type { Scratch } from "../../pool/scratch.ts";
import { flagBuriedBytes, flagBuriedWork } from "./_buried.ts";
import { liftSheetsBytes, liftSheetsWork } from "./_lift_sheets.ts";
import { type Binding, bindToBodyBytes, bindToBodyWork } from "./bind_to_body.ts";
import { bodyFramesBytes, bodyFramesWork } from "./body_frames.ts";
import { Effort } from "../_effort.ts";
import { ASK_COST } from "./_contact.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import {
  ELASTIC_FIT_DEFAULTS,
  elasticFitBytes,
  type ElasticFitSizes,
  elasticFitWork,
  type ElasticGoal,
  type ElasticMasks,
} from "./elastic_fit.ts";
import type { TriangleMesh } from "../mesh.ts";
import { type JointMoves, poseByJoints, poseByJointsBytes } from "./pose_by_joints.ts";
import { registerBodyBytes, registerBodyWork } from "./register_body.ts";
import type { FitReport } from "./shrinkwrap.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { SkinWeights } from "../weights/skin_weights.ts";
import { finish, type Work } from "../work.ts";

/**
 * The body a garment was made on: the body it goes to in another shape (the same
 * vertices in the same order), or one of another topology in about the same pose.
 */
export interface SourceBody {
  /** The body. */
  readonly mesh: TriangleMesh;
  /** Its connectivity. */
  readonly topology: Topology;
  /** Its index. */
  readonly index: SurfaceIndex;
  /** Its weights, and where its joints are on both bodies: for a body of another topology, in any pose. */
  readonly skin?: SkinWeights;
  /** See `skin`. */
  readonly joints?: JointMoves;
}

/** Options for {@linkcode fitGarment}; masks are by place of the welded surface. */
export interface FitGarmentOptions extends ElasticMasks {
  /** Least air at every vertex, edge midpoint and face centre, metres. @default {0.002} */
  clearance?: number;
  /** Iterations at most. @default {60} */
  iterations?: number;
  /** How much of the air beyond the clearance is taken out: 0 keeps the designed stand-off, 1 hugs. @default {0} */
  tightness?: number;
  /** Keeps the shape, up to one scale for the whole: for hats, armour and shoes. @default {false} */
  stiff?: boolean;
  /** Which separate parts keep their shape: small ones, none, or every one. @default {"auto"} */
  rigid?: "auto" | "none" | "all";
  /**
   * What may be inside the body as it was inside the source body: with `auto` what was made to lie in it, deep and not to
   * be brought out in one piece, such as the underside of a bob that closes through the face; all, such as hair roots;
   * or nothing. @default {"auto"}
   */
  keepInside?: "auto" | "none" | "all";
}

/** Defaults of {@linkcode FitGarmentOptions}; the step and its docs read these. */
export const FIT_GARMENT_DEFAULTS: Readonly<Required<Omit<FitGarmentOptions, keyof ElasticMasks>>> = {
  clearance: ELASTIC_FIT_DEFAULTS.clearance,
  iterations: ELASTIC_FIT_DEFAULTS.iterations,
  tightness: 0,
  stiff: ELASTIC_FIT_DEFAULTS.stiff,
  rigid: ELASTIC_FIT_DEFAULTS.rigid,
  keepInside: "auto",
};

/** A garment that nothing says where to go keeps its place only this much: its shape and the body decide. */
const FREE_HOLD = 0.001;
/** How strongly a stiff garment stays where it was carried to. */
const STIFF_HOLD = 0.003;
/** How strongly a garment that shall hug is drawn to the body. */
const TIGHT_HOLD = 1;

/** The counts {@linkcode fitGarmentBytes} needs. */
export interface FitGarmentSizes {
  /** Of the garment. */
  readonly mesh: ElasticFitSizes;
  /** Of the body it is fitted to. */
  readonly target: BodySizes;
  /** Of the source body, when there is one. */
  readonly source: SourceSizes | undefined;
}

/** The counts of a source body. */
export interface SourceSizes extends BodySizes {
  /** Places of the welded surface. */
  readonly weldedCount: number;
  /** Edges of the welded surface. */
  readonly edgeCount: number;
}

/** What tells whether two bodies may be the same mesh in another shape. */
export interface BodySizes {
  /** Vertices. */
  readonly vertexCount: number;
  /** Faces. */
  readonly faceCount: number;
  /** Joints it is skinned to; 0 where it has none, or they are not given. @default {0} */
  readonly jointCount?: number;
}

/** Bytes {@linkcode fitGarment} leases from scratch at one time. */
export function fitGarmentBytes(
  { mesh, target, source }: FitGarmentSizes,
  { keepInside = "auto", isMirrored = false }: Pick<FitGarmentOptions, "keepInside"> & { isMirrored?: boolean } = {},
): number {
  const goal = (8 * 16 + 4 + (keepInside !== "none" && source !== undefined ? 1 : 0)) * mesh.weldedCount;
  if (source === undefined) return goal + elasticFitBytes(mesh, target, isMirrored);
  const registered = isSameMesh(source, target) ? 0 : 4 * 3 * source.vertexCount;
  const { jointCount = 0 } = source, hasJoints = jointCount > 0 && (target.jointCount ?? 0) > 0;
  const posing = hasJoints ? 4 * 3 * source.vertexCount : 0;
  const registering = registered === 0
    ? 0
    : posing + Math.max(hasJoints ? poseByJointsBytes({ jointCount }) : 0, registerBodyBytes(source));
  const carrying = 8 * 9 * source.weldedCount + Math.max(bodyFramesBytes(source), bindToBodyBytes(source));
  return goal +
    Math.max(
      registered + Math.max(registering, carrying),
      keepInside === "auto" ? flagBuriedBytes(mesh) : 0,
      liftSheetsBytes(mesh, source),
      elasticFitBytes(mesh, target, isMirrored),
    );
}

/** Bodies with as many vertices and faces are taken to be one mesh in two shapes. */
function isSameMesh(a: BodySizes, b: BodySizes): boolean {
  return a.vertexCount === b.vertexCount && a.faceCount === b.faceCount;
}

/**
 * Fits a garment to a body. With the body it was made on, it is first carried
 * along with the skin; either way it then keeps its shape as well as it can
 * while it stays at the clearance.
 *
 * @param mesh The garment; read only.
 * @param topology Of `mesh`.
 * @param target The body to fit to: mesh and index.
 * @param source The body the garment was made on; `undefined` when nobody knows.
 * @param out Caller-owned, `3 * vertexCount`; may alias `mesh.positions`.
 * @param scratch Leases {@linkcode fitGarmentBytes}.
 * @throws {RangeError} If the bodies have equal numbers of vertices and faces but not the same faces.
 *
 * @example A sheet that lies too low comes up
 * ```ts
 * import { buildTopology, fitGarment, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const indices = Uint32Array.of(0, 1, 2, 0, 2, 3);
 * const ground = { positions: Float32Array.of(-5, 0, 5, 5, 0, 5, 5, 0, -5, -5, 0, -5), indices };
 * const sheet = { positions: Float32Array.of(-1, 0.001, 1, 1, 0.001, 1, 1, 0.001, -1, -1, 0.001, -1), indices };
 * const topology = buildTopology(sheet, scope, scope), target = SurfaceIndex.build(ground, scope);
 * const out = new Float32Array(12);
 * const { converged } = fitGarment(sheet, topology, target, undefined, out, scope, { clearance: 0.005 });
 * assertEquals(converged, true);
 * assertAlmostEquals(out[1], 0.005, 5e-4);
 * ```
 */
export function fitGarment(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  source: SourceBody | undefined,
  out: Float32Array,
  scratch: Scratch,
  options: FitGarmentOptions = {},
): FitReport {
  return finish(fitGarmentWork(mesh, topology, target, source, out, scratch, options));
}

/** {@linkcode fitGarment} with pauses. */
export function* fitGarmentWork(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  source: SourceBody | undefined,
  out: Float32Array,
  scratch: Scratch,
  options: FitGarmentOptions = {},
): Work<FitReport> {
  const { tightness, stiff, clearance, keepInside, ...elastic } = { ...FIT_GARMENT_DEFAULTS, ...options };
  assertOptions({ tightness, clearance, iterations: elastic.iterations });
  const n = topology.weldedCount;
  using frame = scratch.frame("fitGarment");
  const goal = {
    bound: frame.f64(3 * n),
    frames: frame.f64(9 * n),
    standOff: frame.f64(n),
    seats: frame.u32(n),
    shares: frame.f64(3 * n),
  };
  const hasSource = source !== undefined;
  let keptInside = 0;
  if (hasSource) {
    yield* carryWithSkin(mesh, topology, target, source, goal, frame);
    if (keepInside !== "none") {
      const allowInside = frame.u8(n), effort = new Effort();
      keptInside = keepInside === "all"
        ? yield* flagInsideWork(mesh, topology, source.index, allowInside, effort)
        : yield* flagBuriedWork(mesh, topology, source.index, allowInside, effort, frame);
      for (let v = 0; v < n; v++) if (elastic.allowInside?.[v]) allowInside[v] = 1;
      elastic.allowInside = allowInside;
    }
    yield* liftSheetsWork(goal, source.topology, target, clearance, elastic.allowInside, frame);
  } else stayInPlace(mesh, topology, goal);
  if (tightness > 0) yield* drawNearWork(goal.bound, target, clearance, tightness);
  const hold = stiff ? STIFF_HOLD : hasSource ? ELASTIC_FIT_DEFAULTS.hold : FREE_HOLD;
  const report = yield* elasticFitWork(mesh, topology, target, goal, out, frame, {
    ...elastic,
    clearance,
    stiff,
    hold: hold + TIGHT_HOLD * tightness,
    follow: hasSource && !stiff ? ELASTIC_FIT_DEFAULTS.follow : 0,
  });
  return { ...report, keptInside };
}

/** Flags places that are inside a body. Returns how many. */
function* flagInsideWork(
  { positions }: TriangleMesh,
  { weldedCount, representative, ringOffsets }: Topology,
  body: SurfaceIndex,
  flags: Uint8Array,
  effort: Effort,
): Work<number> {
  let flagged = 0;
  yield* body.prepareInsideWork();
  for (let v = 0; v < weldedCount; v++) {
    yield* effort.spend(1, ASK_COST);
    if (ringOffsets[v] === ringOffsets[v + 1] || !body.isInsideAt(positions, representative[v])) continue;
    flags[v] = 1;
    flagged++;
  }
  return flagged;
}

/** Takes the share `tightness` of the air beyond the clearance out of every place. */
function* drawNearWork(bound: Float64Array, target: SurfaceIndex, clearance: number, tightness: number): Work<void> {
  const hit = new SurfaceHit(), effort = new Effort();
  for (let i = 0; i < bound.length; i += 3) {
    yield* effort.spend(1, ASK_COST);
    const distance = target.signedDistance(bound[i], bound[i + 1], bound[i + 2], hit);
    if (!(distance > clearance && distance < Infinity)) continue;
    const scale = tightness * (distance - clearance) / distance;
    bound[i] += scale * (hit.x - bound[i]);
    bound[i + 1] += scale * (hit.y - bound[i + 1]);
    bound[i + 2] += scale * (hit.z - bound[i + 2]);
  }
}

function stayInPlace(
  { positions }: TriangleMesh,
  { weldedCount, representative }: Topology,
  { bound, frames }: ElasticGoal,
): void {
  for (let v = 0; v < weldedCount; v++) {
    for (let k = 0; k < 3; k++) {
      bound[3 * v + k] = positions[3 * representative[v] + k];
      frames[9 * v + 4 * k] = 1;
    }
  }
}

function* carryWithSkin(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  source: SourceBody,
  goal: Binding,
  scratch: Scratch,
): Work<void> {
  using frame = scratch.frame("carryWithSkin");
  let targetPositions = target.mesh.positions;
  if (isSameMesh(sizesOf(source.mesh), sizesOf(target.mesh))) assertSameFaces(source.mesh, target.mesh);
  else {
    targetPositions = frame.f32(source.mesh.positions.length);
    yield* registerWork(source, target, targetPositions, frame);
  }
  yield;
  const frames = frame.f64(9 * source.topology.weldedCount);
  yield* bodyFramesWork(source.mesh, targetPositions, source.topology, frames, frame);
  const bodies = { source: source.mesh, topology: source.topology, index: source.index, targetPositions, frames };
  yield* bindToBodyWork(mesh, topology, bodies, goal, frame);
}

/** Fewer joints known on both bodies say too little. */
const FEWEST_JOINTS = 6;

/** Lays the source body on a target of another topology: from where its joints are, where that is known. */
function* registerWork(
  { mesh, topology, skin, joints }: SourceBody,
  target: SurfaceIndex,
  out: Float32Array,
  scratch: Scratch,
): Work<void> {
  using frame = scratch.frame("register");
  let guess: Float32Array | undefined;
  if (skin !== undefined && joints !== undefined) {
    guess = frame.f32(mesh.positions.length);
    if (poseByJoints(mesh.positions, skin, joints, guess, frame) < FEWEST_JOINTS) guess = undefined;
    yield;
  }
  yield* registerBodyWork(mesh, topology, target, out, frame, guess === undefined ? {} : { guess });
}

const RANGES = [["clearance", 0, Infinity], ["tightness", 0, 1], ["iterations", 0, 100_000]] as const;

function assertOptions(values: { clearance: number; tightness: number; iterations: number }): void {
  for (const [key, min, max] of RANGES) {
    if (values[key] >= min && values[key] <= max) continue;
    throw new RangeError(`Cannot fit as ${key} must be between ${min} and ${max}: current value is ${values[key]}`);
  }
}

function sizesOf({ positions, indices }: TriangleMesh): BodySizes {
  return { vertexCount: positions.length / 3, faceCount: indices.length / 3 };
}

function assertSameFaces(source: TriangleMesh, target: TriangleMesh): void {
  let at = 0;
  while (at < source.indices.length && source.indices[at] === target.indices[at]) at++;
  if (at === source.indices.length) return;
  throw new RangeError(
    `Cannot take the garment along as bodies of ${
      source.positions.length / 3
    } vertices each must have the same faces: face ${Math.floor(at / 3)} differs`,
  );
}
