import type { Scratch } from "../../pool/scratch.ts";
import {
  type Arap,
  arapBytes,
  leaseArap,
  scaleEdges,
  setRightHandSide,
  TURN_CHUNK,
  TURN_COST,
  turnToFit,
} from "./_arap.ts";
import { Effort } from "../_effort.ts";
import {
  APPLY_COST,
  applyToSearch,
  beginSolve,
  NO_CONTACT,
  setCotangentWeights,
  STEP_COST,
  takeStep,
} from "./_elastic_system.ts";
import { NO_COUPLINGS } from "./_couplings.ts";
import { sumNormals } from "./_sum_normals.ts";
import { selectKth } from "../_select_kth.ts";
import { boundsOf } from "../bounds.ts";
import type { TriangleMesh } from "../mesh.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode registerBody}. */
export interface RegisterBodyOptions {
  /**
   * About where the vertices will lie, `3 * vertexCount`, metres, as `poseByJoints` finds where both bodies have a
   * skeleton: fewer steps, less sliding along the skin, and any pose of the two.
   * @default {undefined}
   */
  guess?: Float32Array | undefined;
}

/** What {@linkcode registerBody} measured. */
export interface RegisterReport {
  /** Mean distance of the registered places to the other body, metres. */
  meanDistance: number;
  /** Share of places that found no match facing the same way, 0–1. */
  unmatched: number;
}

/** How strongly a match pulls in the end against the mean stiffness of a place. */
const LAST_PULL = 2;
/**
 * Steps from a first, soft pull. From a guess a third of them does as well: with the bodies of one rig in four shapes,
 * places end 4.6–6.4 mm from the known answer (bounds and 40 steps 8.6–10.6; the guess and 40 steps 4.4–6.0).
 */
const FROM_BOUNDS = { steps: 40, firstPull: 0.01 }, FROM_GUESS = { steps: 12, firstPull: 0.2 };
/** A match must face the same way: cosine. */
const FACING = 0.5;
/** A match may be so many times as far as the median one. */
const TRIMMED = 4;
/** The solve of a step ends at this step, metres, or after so many. */
const SOLVE_TOLERANCE = 2e-5, SOLVE_ITERATIONS = 40;
/** Places between two pauses. */
const PAUSE_EVERY = 1024;

/** Bytes {@linkcode registerBody} leases from scratch. */
export function registerBodyBytes(sizes: { weldedCount: number; edgeCount: number }): number {
  return arapBytes(sizes) + 8 * 8 * sizes.weldedCount + 4 * sizes.weldedCount;
}

/**
 * Finds where the vertices of one body lie on another of a different topology,
 * so that a garment can be taken along: the body is scaled to the height of the
 * other and then drawn onto it, softly first, as rigid as possible throughout.
 *
 * Source: Amberg, Romdhani & Vetter 2007, "Optimal Step Nonrigid ICP Algorithms
 * for Surface Registration": closest points, a stiffness that falls step by step,
 * matches that face away or lie too far left out. The stiffness here is that of
 * Sorkine & Alexa 2007, which keeps limbs round where an affine one thins them.
 * Without a guess both bodies should stand in about the same pose.
 *
 * @param source Read only.
 * @param topology Of `source`.
 * @param target Index of the other body.
 * @param out Caller-owned, as long as the source's positions: where each vertex lies on the other body.
 * @param scratch Leases {@linkcode registerBodyBytes}.
 * @throws {RangeError} If `out` or the guess has the wrong length.
 */
export function registerBody(
  source: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  out: Float32Array,
  scratch: Scratch,
  options: RegisterBodyOptions = {},
): RegisterReport {
  return finish(registerBodyWork(source, topology, target, out, scratch, options));
}

/** {@linkcode registerBody} with pauses. */
export function* registerBodyWork(
  source: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  out: Float32Array,
  scratch: Scratch,
  { guess }: RegisterBodyOptions = {},
): Work<RegisterReport> {
  if (out.length !== source.positions.length) {
    throw new RangeError(
      `Cannot register a body as out must hold ${source.positions.length} floats: it holds ${out.length}`,
    );
  }
  if (guess !== undefined && guess.length !== out.length) {
    throw new RangeError(
      `Cannot register a body as the guess must hold ${out.length} floats: it holds ${guess.length}`,
    );
  }
  const { weldedCount: n, representative, positionRemap } = topology, start = guess ?? source.positions;
  const { steps, firstPull } = guess === undefined ? FROM_BOUNDS : FROM_GUESS;
  using frame = scratch.frame("registerBody");
  const arap = leaseArap(topology, frame), { system, rhs, p } = arap;
  const effort = new Effort();
  const matches: Matches = {
    goal: frame.f64(3 * n),
    normals: frame.f64(3 * n),
    distances: frame.f64(n),
    sorted: frame.f64(n),
    lastFace: frame.i32(n).fill(-1),
    hit: new SurfaceHit(),
  };
  for (let v = 0; v < n; v++) {
    for (let k = 0; k < 3; k++) arap.rest[3 * v + k] = start[3 * representative[v] + k];
  }
  yield* setCotangentWeights(system, arap.rest, effort);
  if (guess !== undefined) p.set(arap.rest);
  const scale = guess === undefined ? placeByBounds(arap, source, target.mesh) : 1;
  yield;
  scaleEdges(arap, scale);
  let unmatched = 0;
  for (let step = 0; step < steps; step++) {
    const pull = firstPull + (LAST_PULL - firstPull) * (step / (steps - 1)) ** 4;
    unmatched = yield* findMatches(arap, matches, target, pull);
    for (let v = 0; v < n; v += TURN_CHUNK) {
      turnToFit(arap, v);
      yield* effort.spend(TURN_CHUNK, TURN_COST);
    }
    setRightHandSide(arap, matches.goal);
    yield* effort.spend(n, APPLY_COST);
    const { edgeSum, anchor, diagonal } = system;
    for (let v = 0; v < n; v++) diagonal[v] = edgeSum[v] + anchor[v] || 1;
    yield* effort.spend(n, APPLY_COST);
    beginSolve(system, NO_CONTACT, NO_COUPLINGS, rhs, p);
    yield* effort.spend(n, APPLY_COST);
    for (let i = 0; i < SOLVE_ITERATIONS && system.worst > SOLVE_TOLERANCE; i++) {
      applyToSearch(system, NO_CONTACT, NO_COUPLINGS);
      yield* effort.spend(n, APPLY_COST);
      if (!takeStep(system, p)) break;
      yield* effort.spend(n, STEP_COST);
    }
  }
  for (let i = 0; i < positionRemap.length; i++) {
    for (let k = 0; k < 3; k++) out[3 * i + k] = arap.p[3 * positionRemap[i] + k];
  }
  let sum = 0;
  for (let v = 0; v < n; v++) sum += matches.distances[v];
  return { meanDistance: sum / Math.max(1, n), unmatched: unmatched / Math.max(1, n) };
}

/** The closest point of every place, with what decides whether it counts. */
interface Matches {
  readonly goal: Float64Array;
  readonly normals: Float64Array;
  readonly distances: Float64Array;
  readonly sorted: Float64Array;
  readonly lastFace: Int32Array;
  readonly hit: SurfaceHit;
}

/** Scales the source to the other's height and sets it on the same ground and middle. Returns the scale. */
function placeByBounds({ rest, p }: Arap, source: TriangleMesh, target: TriangleMesh): number {
  const from = boundsOf(source), to = boundsOf(target);
  const height = from.boundsMax[1] - from.boundsMin[1];
  const scale = height > 0 ? (to.boundsMax[1] - to.boundsMin[1]) / height : 1;
  for (let i = 0; i < p.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const fromAt = k === 1 ? from.boundsMin[1] : (from.boundsMin[k] + from.boundsMax[k]) / 2;
      const toAt = k === 1 ? to.boundsMin[1] : (to.boundsMin[k] + to.boundsMax[k]) / 2;
      p[i + k] = toAt + scale * (rest[i + k] - fromAt);
    }
  }
  return scale;
}

/** Sets goal and anchor of every place; returns how many have no match. */
function* findMatches(
  { topology, p, system }: Arap,
  matches: Matches,
  target: SurfaceIndex,
  pull: number,
): Work<number> {
  const { goal, normals, distances, sorted, lastFace, hit } = matches, { weldedCount: n, ringOffsets } = topology;
  sumNormals(topology.weldedIndices, p, normals);
  for (let v = 0; v < n; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    const x = p[3 * v], y = p[3 * v + 1], z = p[3 * v + 2];
    if (ringOffsets[v] === ringOffsets[v + 1] || !target.closestPoint(x, y, z, hit, Infinity, lastFace[v])) {
      system.anchor[v] = distances[v] = 0;
      continue;
    }
    lastFace[v] = hit.face;
    goal[3 * v] = hit.x;
    goal[3 * v + 1] = hit.y;
    goal[3 * v + 2] = hit.z;
    distances[v] = Math.sqrt(hit.distanceSq);
    system.anchor[v] = facesAlike(target.mesh, hit.face, normals, v) ? pull : 0;
  }
  yield;
  sorted.set(distances);
  const farthest = TRIMMED * selectKth(sorted, n, n >> 1) + 1e-3;
  let unmatched = 0;
  for (let v = 0; v < n; v++) {
    if (distances[v] > farthest) system.anchor[v] = 0;
    if (system.anchor[v] === 0) unmatched++;
  }
  return unmatched;
}

/** Whether a face of the other body faces as place `v` does. */
function facesAlike({ positions: q, indices }: TriangleMesh, face: number, normals: Float64Array, v: number): boolean {
  const a = 3 * indices[3 * face], b = 3 * indices[3 * face + 1], c = 3 * indices[3 * face + 2];
  const ux = q[b] - q[a], uy = q[b + 1] - q[a + 1], uz = q[b + 2] - q[a + 2];
  const vx = q[c] - q[a], vy = q[c + 1] - q[a + 1], vz = q[c + 2] - q[a + 2];
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
  const along = x * normals[3 * v] + y * normals[3 * v + 1] + z * normals[3 * v + 2];
  const length = Math.sqrt(
    (x * x + y * y + z * z) * (normals[3 * v] ** 2 + normals[3 * v + 1] ** 2 + normals[3 * v + 2] ** 2),
  );
  return along > FACING * length;
}
