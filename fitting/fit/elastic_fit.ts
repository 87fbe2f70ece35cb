import type { Frame, Scratch } from "../../pool/scratch.ts";
import {
  type Arap,
  arapBytes,
  bestScale,
  carryEdges,
  leaseArap,
  scaleEdges,
  setRightHandSide,
  TURN_CHUNK,
  TURN_COST,
  turnAsOne,
  turnToFit,
} from "./_arap.ts";
import {
  ASK_COST,
  beginContacts,
  type Contact,
  CONTACT_CHUNK,
  contactBytes,
  findContacts,
  leaseContact,
  leaveOut,
  listSamples,
  PASS_COST,
  spendSlack,
} from "./_contact.ts";
import { holdPlaces, stiffenParts } from "./_elastic_holds.ts";
import { addContactDiagonal, addContacts } from "./_contact_terms.ts";
import { addCouplings } from "./_couplings.ts";
import { Effort } from "../_effort.ts";
import { APPLY_COST, applyToSearch, beginSolve, setCotangentWeights, STEP_COST, takeStep } from "./_elastic_system.ts";
import {
  clearPokesBytes,
  clearPokesWork,
  clearWithLessWork,
  clearWork,
  type Settling,
  TOLERANCE,
  uncrossBytes,
  uncrossWork,
} from "./_final_rounds.ts";
import { aimLayers, findLayersBytes, findLayersWork, type Layers, layersBytes, leaseLayers } from "./_layers.ts";
import { isSettled } from "./_is_settled.ts";
import { closestOf, measurePlaces, movesOf } from "./_measure_fit.ts";
import { pairPlacesWork, symmetrise } from "./_mirror_places.ts";
import { placeRigidPartsBytes, placeRigidPartsWork } from "./_place_rigid_parts.ts";
import { findRigidParts, isRider, isRigid, keepWhole, type RigidParts, rigidPartsBytes } from "./_rigid_parts.ts";
import { findTiesBytes, findTiesWork, leaseTies, type Ties, tiesBytes } from "./_ties.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { FitReport } from "./shrinkwrap.ts";
import { SurfaceIndex, surfaceIndexBytes } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** What is special about places: flags of those of the welded surface, `weldedCount` bytes each (see `Topology.positionRemap`), and which belong together. */
export interface ElasticMasks {
  /** Places that may move: all where it is missing; 0 for those that stay. */
  readonly only?: Uint8Array | undefined;
  /** Places that stay where they are in the input; 0 for others. */
  readonly pin?: Uint8Array | undefined;
  /** Places that keep their shape: what hangs together under one number is a part; 0 for others. Replaces the `rigid` mode. */
  readonly rigidPlaces?: Uint8Array | undefined;
  /** Places that are said to be stiff, as by the name of their material: islands of them alone keep their shape with `rigid: "auto"`, unless the garment is all so or they are half of it; 0 for others. */
  readonly stiffHints?: Uint8Array | undefined;
  /** Places that may be inside the body, as hair roots are; 0 for others. */
  readonly allowInside?: Uint8Array | undefined;
  /**
   * Makes the result alike on both sides of the plane x = `mirrorX`, metres: places that are mirror images in the input
   * within half a millimetre end as such before the last contact, but for rigid parts. Places without a partner stay.
   */
  readonly mirrorX?: number | undefined;
}

/** Options for {@linkcode elasticFitWork}. */
export interface ElasticFitOptions extends ElasticMasks {
  /** Least signed distance of every vertex, edge midpoint and face centre, metres. @default {0.002} */
  clearance?: number;
  /** Iterations at most. @default {60} */
  iterations?: number;
  /** How strongly near cloth follows the skin it lay on, against keeping its shape. @default {0.09} */
  follow?: number;
  /** How strongly all cloth stays where it was carried to. @default {0.05} */
  hold?: number;
  /** Keeps the shape, up to one scale for the whole. @default {false} */
  stiff?: boolean;
  /** Which separate parts keep their shape: small ones, none, or every one. @default {"auto"} */
  rigid?: "auto" | "none" | "all";
}

/** Defaults of {@linkcode ElasticFitOptions}. */
export const ELASTIC_FIT_DEFAULTS: Readonly<Required<Omit<ElasticFitOptions, keyof ElasticMasks>>> = {
  clearance: 0.002,
  iterations: 60,
  follow: 0.09,
  hold: 0.05,
  stiff: false,
  rigid: "auto",
};

/** Where a garment should go; arrays over its welded vertices. */
export interface ElasticGoal {
  /** `3 *` positions it was carried to, metres; those of places that stay are overwritten. */
  readonly bound: Float64Array;
  /** `9 *` row-major matrices: how the skin beneath turned and grew; identity where nothing is known. */
  readonly frames: Float64Array;
  /** Distance it had from the body it was made on, metres. */
  readonly standOff: Float64Array;
}

/** Contact aims so far beyond the clearance, so that it holds when the pull of the cloth is balanced; metres. */
const MARGIN = 0.0003;
/** What one contact weighs against the mean stiffness of a vertex. */
const CONTACT_WEIGHT = 5;
/** The solve of an iteration ends at rounding, metres, or after so many steps: at no tolerance in between, as a step more or less would show. */
const SOLVE_TOLERANCE = 1e-8, SOLVE_ITERATIONS = 16;
/** What a place takes in a pass over all, nanoseconds. */
const PLACE_COST = 60;
/** Iterations there are at least, so that contact is found. */
const MIN_ITERATIONS = 6;

/** The counts of a garment that decide how much memory {@linkcode elasticFitWork} needs. */
export interface ElasticFitSizes {
  /** Places of the welded surface. */
  readonly weldedCount: number;
  /** Edges of the welded surface. */
  readonly edgeCount: number;
  /** Faces. */
  readonly faceCount: number;
  /** Connected parts. */
  readonly islandCount: number;
}

/** Bytes {@linkcode elasticFitWork} leases from scratch, for a garment and the body it is laid on. */
export function elasticFitBytes(
  sizes: ElasticFitSizes,
  body: { readonly vertexCount: number },
  isMirrored = false,
): number {
  return (isMirrored ? 4 * sizes.weldedCount : 0) + arapBytes(sizes) + contactBytes(sizes) + rigidPartsBytes(sizes) +
    layersBytes(sizes) + tiesBytes(sizes) +
    (32 /* before, moved */ + 24 /* surface, as it was */ + 2 /* stays, fixed */) * sizes.weldedCount +
    surfaceIndexBytes(sizes) +
    Math.max(
      findLayersBytes(sizes),
      findTiesBytes(sizes),
      placeRigidPartsBytes(sizes),
      uncrossBytes(sizes),
      clearPokesBytes(sizes, body),
    );
}

/**
 * Lays a garment on a body so that it keeps its shape, goes where it was carried
 * to, and stays at the clearance. Minimises over the welded vertices p
 *
 *     Σ_ij w_ij |p_i − p_j − ½(R_i + R_j) g_ij|² + Σ_i a_i |p_i − b_i|² + c Σ_s |S_s p − t_s|²
 *
 * with cotangent weights w, input edges carried by the frames of the skin
 * g_ij = ½(F_i + F_j)(x_i − x_j), rotations R, carried positions b, and contact
 * samples s (vertices, edge midpoints, face centres) that are closer than the
 * clearance, each with its target t. A stiff garment has g_ij = σ (x_i − x_j)
 * with the one scale σ that suits all its edges best. Sheets that come too close
 * and islands beside each other add terms of their own: see `_layers.ts`, `_ties.ts`.
 *
 * Source: Sorkine & Alexa 2007, "As-Rigid-As-Possible Surface Modeling"; local
 * and global steps in turn as in Bouaziz et al. 2014, "Projective Dynamics". The
 * rest shape is the input and not the carried one, which has its folds; contact
 * is soft (5 times the mean stiffness), since stiff contact folds cloth.
 */
export function* elasticFitWork(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  goal: ElasticGoal,
  out: Float32Array,
  scratch: Scratch,
  options: ElasticFitOptions = {},
): Work<FitReport> {
  const settings = { ...ELASTIC_FIT_DEFAULTS, ...options }, { iterations } = settings;
  const { weldedCount: n, positionRemap } = topology;
  assertMasks(settings, n);
  using frame = scratch.frame("elasticFit");
  const state = yield* leaseState(mesh, topology, target, settings, frame), effort = new Effort();
  const { arap, before, moved, contact, layers, ties, parts, stays } = state, { rest, p, system } = arap;
  yield* setCotangentWeights(system, rest, effort);
  yield* effort.spend(n, PLACE_COST);
  holdPlaces(state, goal, settings);
  yield* effort.spend(n, PLACE_COST);
  if (settings.stiff) scaleEdges(arap, 1);
  else carryEdges(arap, goal.frames);
  stiffenParts(state, goal);
  yield* effort.spend(2 * n, PLACE_COST);
  yield* target.prepareInsideWork();
  const { inside: insideBefore } = yield* measurePlaces(state, rest, settings.allowInside);
  const fixed = frame.u8(n),
    was = frame.f32(3 * n),
    self = { positions: frame.f32(3 * n), indices: topology.weldedIndices };
  was.set(rest);
  self.positions.set(rest);
  const index = yield* SurfaceIndex.buildWork(self, frame);
  yield* findLayersWork(layers, index, topology, rest, (v) => isRider(parts, v), frame);
  const isLoose = (v: number) => isRider(parts, v) || stays[v] === 1;
  yield* findTiesWork(ties, index, topology, rest, goal, isLoose, effort, frame);
  const { mirrorX } = settings, partner = mirrorX === undefined ? undefined : frame.u32(n);
  const paired = partner === undefined ? 0 : yield* pairPlacesWork(topology, index, rest, mirrorX!, partner, effort);
  p.set(goal.bound);
  before.set(p);
  yield* effort.spend(n, PLACE_COST);

  let done = 0, largest = Infinity, settled = false;
  for (; done < iterations && (done < MIN_ITERATIONS || !settled); done++) {
    effort.count(done, iterations);
    beginContacts(contact);
    for (let s = 0; s < contact.sampleCount; s += CONTACT_CHUNK) {
      const asked = findContacts(contact, p, MARGIN, s);
      yield* effort.spend(ASK_COST * asked + PASS_COST * CONTACT_CHUNK, 1);
    }
    aimLayers(layers, p);
    for (let v = 0; v < n; v += TURN_CHUNK) {
      turnToFit(arap, v);
      yield* effort.spend(TURN_CHUNK, TURN_COST);
    }
    turnAsOne(arap, parts);
    setRightHandSide(arap, goal.bound, settings.stiff ? bestScale(arap) : 1);
    yield* effort.spend(n, PLACE_COST);
    addTerms(state);
    yield* effort.spend(n, PLACE_COST);
    beginSolve(system, contact, state, arap.rhs, p);
    yield* effort.spend(n, APPLY_COST);
    for (let i = 0; i < SOLVE_ITERATIONS && system.worst > SOLVE_TOLERANCE; i++) {
      applyToSearch(system, contact, state);
      yield* effort.spend(n, APPLY_COST);
      if (!takeStep(system, p)) break;
      yield* effort.spend(n, STEP_COST);
    }
    spendSlack(contact, p, before, moved);
    yield* effort.spend(n, PLACE_COST);
    largest = largestOf(moved);
    settled = isSettled(moved);
    yield* effort.spend(n, PLACE_COST);
  }
  if (partner !== undefined) {
    symmetrise(partner, mirrorX!, (v) => stays[v] === 1 || isRigid(parts, v), p);
    spendSlack(contact, p, before, moved);
    yield* effort.spend(n, PLACE_COST);
  }
  const settling: Settling = {
    ...state,
    topology,
    rest,
    p,
    index,
    was,
    moves: arap.covariance.subarray(0, 4 * n).fill(0),
  };
  yield* clearWork(settling, true, effort);
  const placed = yield* placeRigidPartsWork(settling, goal, settings.allowInside, effort, frame);
  const last = { ...settling, stays: fixed };
  for (let v = 0; v < n; v++) if (stays[v] === 1 || isRigid(parts, v)) fixed[v] = 1; // the cloth goes round what is in place
  leaveOut(contact, fixed, 3);
  const crossings = yield* uncrossWork(last, effort, frame);
  const through = yield* clearPokesWork(last, settings.allowInside, effort, frame);
  const pokes = yield* clearWithLessWork(last, settings.allowInside, settings.clearance, through, effort, frame);
  for (let i = 0; i < 3 * n; i++) if (stays[(i - i % 3) / 3] === 1) p[i] = rest[i];
  const after = yield* measurePlaces(state, p, settings.allowInside);
  for (let i = 0; i < positionRemap.length; i++) {
    const v = 3 * positionRemap[i];
    for (let k = 0; k < 3; k++) out[3 * i + k] = p[v + k];
  }
  const closest = closestOf(contact, placed, after, settings.clearance), { minDistance } = closest;
  return {
    ...movesOf(rest, p),
    iterations: done,
    converged: settled && settings.clearance - minDistance <= TOLERANCE,
    residual: largest,
    insideBefore,
    insideAfter: after.inside,
    keptInside: 0,
    minDistance,
    crossings,
    pokes,
    paired,
    rigidByHint: parts.hintedCount,
    worstX: p[3 * closest.place] ?? 0,
    worstY: p[3 * closest.place + 1] ?? 0,
    worstZ: p[3 * closest.place + 2] ?? 0,
  };
}

function assertMasks(masks: ElasticMasks, weldedCount: number): void {
  for (const key of ["only", "pin", "rigidPlaces", "stiffHints", "allowInside"] as const) {
    const mask = masks[key];
    if (mask === undefined || mask.length === weldedCount) continue;
    throw new RangeError(`Cannot fit as ${key} must have one number a place, ${weldedCount}: it has ${mask.length}`);
  }
}

/** The surface, what it touches, and how far it moved. */
interface ElasticState {
  readonly arap: Arap;
  readonly before: Float64Array;
  readonly moved: Float64Array;
  readonly contact: Contact;
  readonly layers: Layers;
  readonly ties: Ties;
  readonly parts: RigidParts;
  readonly stays: Uint8Array;
}

type Settings = Required<Omit<ElasticFitOptions, keyof ElasticMasks>> & ElasticMasks;

function* leaseState(
  { positions }: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  { rigid, rigidPlaces, stiffHints, clearance, only, pin, allowInside }: Settings,
  frame: Frame,
): Work<ElasticState> {
  const { weldedCount: n, representative } = topology;
  const arap = leaseArap(topology, frame), { rest } = arap;
  yield;
  for (let v = 0; v < n; v++) {
    for (let k = 0; k < 3; k++) rest[3 * v + k] = positions[3 * representative[v] + k];
  }
  const contact = leaseContact(topology, target, CONTACT_WEIGHT, frame), stays = frame.u8(n);
  yield* listSamples(topology, rest, contact);
  contact.clearance.fill(clearance);
  yield;
  const parts = findRigidParts(topology, rest, rigid, rigidPlaces, stiffHints, frame);
  for (let v = 0; v < n; v++) if (isRider(parts, v)) stays[v] = 1; // for a moment: what rides touches nothing
  yield;
  leaveOut(contact, stays, 1);
  if (allowInside !== undefined) leaveOut(contact, allowInside, 1);
  stays.fill(0);
  for (let v = 0; v < n; v++) {
    if ((only !== undefined && only[v] === 0) || (pin !== undefined && pin[v] !== 0)) stays[v] = 1;
  }
  keepWhole(parts, stays);
  yield;
  leaveOut(contact, stays, 3);
  return {
    arap,
    before: frame.f64(3 * n),
    moved: frame.f64(n),
    contact,
    layers: leaseLayers(topology, frame),
    ties: leaseTies(topology, frame),
    parts,
    stays,
  };
}

/** Adds contact and couplings to the right-hand side of the global step, and sets the diagonal of its matrix. */
function addTerms(state: ElasticState): void {
  const { arap: { system, rhs }, contact } = state, { diagonal, edgeSum, anchor } = system;
  addContacts(contact, rhs);
  for (let v = 0; v < diagonal.length; v++) diagonal[v] = edgeSum[v] + anchor[v] || 1;
  addContactDiagonal(contact, diagonal);
  addCouplings(state, rhs, diagonal);
}

function largestOf(moved: Float64Array): number {
  let largest = 0;
  for (let v = 0; v < moved.length; v++) if (moved[v] > largest) largest = moved[v];
  return largest;
}
