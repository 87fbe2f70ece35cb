import type { Frame, Scratch } from "../pool/scratch.ts";
import {
  type Arap,
  arapBytes,
  carryEdges,
  leaseArap,
  setRightHandSide,
  TURN_CHUNK,
  TURN_COST,
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
  listSamples,
  PASS_COST,
  spendSlack,
} from "./_contact.ts";
import { Effort } from "./_effort.ts";
import {
  APPLY_COST,
  applyToSearch,
  beginSolve,
  type ElasticSystem,
  setCotangentWeights,
  STEP_COST,
  takeStep,
} from "./_elastic_system.ts";
import {
  addLayers,
  aimLayers,
  findLayersBytes,
  findLayersWork,
  type Layers,
  layersBytes,
  leaseLayers,
  separateLayers,
} from "./_layers.ts";
import { findRigidParts, isRigid, placeRigidParts, type RigidParts, rigidPartsBytes } from "./_rigid_parts.ts";
import type { TriangleMesh } from "./mesh.ts";
import type { FitReport } from "./shrinkwrap.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "./work.ts";

/** Options for {@linkcode elasticFitWork}. */
export interface ElasticFitOptions {
  /** Least signed distance of every vertex, edge midpoint and face centre, metres. @default {0.002} */
  clearance?: number;
  /** Iterations at most. @default {60} */
  iterations?: number;
  /** How strongly near cloth follows the skin it lay on, against keeping its shape. @default {0.09} */
  follow?: number;
  /** How strongly all cloth stays where it was carried to. @default {0.05} */
  hold?: number;
}

/** Defaults of {@linkcode ElasticFitOptions}. */
export const ELASTIC_FIT_DEFAULTS: Readonly<Required<ElasticFitOptions>> = {
  clearance: 0.002,
  iterations: 60,
  follow: 0.09,
  hold: 0.05,
};

/** Where a garment should go; arrays over its welded vertices. */
export interface ElasticGoal {
  /** `3 *` positions it was carried to, metres. */
  readonly bound: Float64Array;
  /** `9 *` row-major matrices: how the skin beneath turned and grew; identity where nothing is known. */
  readonly frames: Float64Array;
  /** Distance it had from the body it was made on, metres. */
  readonly standOff: Float64Array;
}

/** Cloth this near to the skin follows it; metres. */
const FOLLOW_RANGE = 0.02;
/** Contact aims so far beyond the clearance, so that it holds when the pull of the cloth is balanced; metres. */
const MARGIN = 0.0003;
/** What one contact weighs against the mean stiffness of a vertex. */
const CONTACT_WEIGHT = 5;
/** What two sheets that come too close weigh, likewise. */
const LAYER_WEIGHT = 2;
/** The solve of an iteration ends at this step, metres, or after so many. */
const SOLVE_TOLERANCE = 5e-6, SOLVE_ITERATIONS = 60;
/** Iterations end when no vertex moves farther; metres. */
const SETTLED = 2e-4;
/** Iterations there are at least, so that contact is found. */
const MIN_ITERATIONS = 6;
/** In the first of the last projections sheets are moved apart too; contact has the last word. */
const LAYER_PROJECTIONS = 15;
/** Unsmoothed projections at the end clear what soft contact left. */
const FINAL_PROJECTIONS = 30;
/** What a place takes in a pass over all of them, its edges and samples, nanoseconds. */
const PLACE_COST = 150;

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

/** Bytes {@linkcode elasticFitWork} leases from scratch. */
export function elasticFitBytes(sizes: ElasticFitSizes): number {
  return arapBytes(sizes) + 8 * 4 * sizes.weldedCount /* before, moved */ + contactBytes(sizes) +
    rigidPartsBytes(sizes) + layersBytes(sizes) + findLayersBytes(sizes);
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
 * clearance, each with its target t.
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
  const { clearance, iterations, follow, hold } = { ...ELASTIC_FIT_DEFAULTS, ...options };
  const { weldedCount: n, representative, positionRemap } = topology;
  using frame = scratch.frame("elasticFit");
  const state = yield* leaseState(topology, target, frame);
  const { arap, before, moved, contact, layers } = state, { rest, p, rhs, system } = arap;
  for (let v = 0; v < n; v++) {
    for (let k = 0; k < 3; k++) rest[3 * v + k] = mesh.positions[3 * representative[v] + k];
    const near = goal.standOff[v] / FOLLOW_RANGE;
    system.anchor[v] = hold + follow / (1 + near * near * (1 + near * near)); // as exp(−near²), of arithmetic alone
  }
  contact.clearance.fill(clearance);
  const effort = new Effort();
  yield* effort.spend(n, PLACE_COST);
  yield* setCotangentWeights(system, rest, effort);
  yield* effort.spend(n, PLACE_COST);
  const parts = findRigidParts(topology, rest, frame);
  yield* effort.spend(n, PLACE_COST);
  carryEdges(arap, goal.frames);
  yield* effort.spend(n, PLACE_COST);
  yield* target.prepareInsideWork();
  const insideBefore = yield* shareInside(state, rest);
  if (parts.count > 0) setAside(state, parts);
  yield* effort.spend(n, PLACE_COST);
  yield* findLayersWork(
    layers,
    mesh,
    topology,
    rest,
    (v) => parts.count > 0 && isRigid(parts, topology, v),
    frame,
  );
  p.set(goal.bound);
  before.set(p);
  yield* effort.spend(n, PLACE_COST);

  let done = 0, largest = Infinity;
  for (; done < iterations && (done < MIN_ITERATIONS || largest > SETTLED); done++) {
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
    setRightHandSide(arap, goal.bound);
    yield* effort.spend(n, PLACE_COST);
    addContacts(arap, contact);
    setDiagonal(system, contact);
    addLayers(layers, LAYER_WEIGHT, rhs, system.diagonal);
    yield* effort.spend(n, PLACE_COST);
    beginSolve(system, contact, layers, LAYER_WEIGHT, rhs, p);
    yield* effort.spend(n, APPLY_COST);
    for (let i = 0; i < SOLVE_ITERATIONS && system.worst > SOLVE_TOLERANCE; i++) {
      applyToSearch(system, contact, layers, LAYER_WEIGHT);
      yield* effort.spend(n, APPLY_COST);
      if (!takeStep(system, p)) break;
      yield* effort.spend(n, STEP_COST);
    }
    spendSlack(contact, p, before, moved);
    yield* effort.spend(n, PLACE_COST);
    largest = largestOf(moved);
    yield* effort.spend(n, PLACE_COST);
  }
  const worst = yield* clear(state, effort);
  if (parts.count > 0) yield* placeRigidParts(parts, topology, rest, p, target, clearance);
  const insideAfter = yield* shareInside(state, p);
  for (let i = 0; i < positionRemap.length; i++) {
    const v = 3 * positionRemap[i];
    for (let k = 0; k < 3; k++) out[3 * i + k] = p[v + k];
  }
  return {
    ...movesOf(rest, p),
    iterations: done,
    converged: largest <= SETTLED && worst <= 1e-4,
    insideBefore,
    insideAfter,
    minDistance: clearance - worst,
  };
}

/** Takes the vertices of rigid parts out of the system and of contact; they are placed at the end. */
function setAside(
  { arap: { topology, system: { edgeWeight, edgeSum, anchor } }, contact: { sizes, vertices, sampleCount } }:
    ElasticState,
  parts: RigidParts,
): void {
  const { ringOffsets, weldedCount } = topology;
  for (let v = 0; v < weldedCount; v++) {
    if (!isRigid(parts, topology, v)) continue;
    edgeWeight.fill(0, ringOffsets[v], ringOffsets[v + 1]);
    edgeSum[v] = 0;
    anchor[v] = 1;
  }
  for (let s = 0; s < sampleCount; s++) if (isRigid(parts, topology, vertices[3 * s])) sizes[s] = 0;
}

/** The surface, what it touches, and how far it moved. */
interface ElasticState {
  readonly arap: Arap;
  readonly before: Float64Array;
  readonly moved: Float64Array;
  readonly contact: Contact;
  readonly layers: Layers;
}

function* leaseState(topology: Topology, target: SurfaceIndex, frame: Frame): Work<ElasticState> {
  const arap = leaseArap(topology, frame);
  yield;
  const contact = leaseContact(topology, target, CONTACT_WEIGHT, frame);
  yield* listSamples(topology, contact);
  return {
    arap,
    before: frame.f64(3 * topology.weldedCount),
    moved: frame.f64(topology.weldedCount),
    contact,
    layers: leaseLayers(topology, frame),
  };
}

/** rhs += c Σ_s S_sᵀ t_s */
function addContacts({ rhs }: Arap, contact: Contact): void {
  const { activeCount, activeVertices, activeSizes, activeTargets, weight } = contact;
  for (let s = 0; s < activeCount; s++) {
    const size = activeSizes[s], share = weight / size;
    for (let k = 0; k < size; k++) {
      const v = 3 * activeVertices[3 * s + k];
      for (let i = 0; i < 3; i++) rhs[v + i] += share * activeTargets[3 * s + i];
    }
  }
}

function setDiagonal(
  { diagonal, edgeSum, anchor }: ElasticSystem,
  { activeCount, activeVertices, activeSizes, weight }: Contact,
): void {
  for (let v = 0; v < diagonal.length; v++) diagonal[v] = edgeSum[v] + anchor[v];
  for (let s = 0; s < activeCount; s++) {
    const size = activeSizes[s];
    for (let k = 0; k < size; k++) diagonal[activeVertices[3 * s + k]] += weight / (size * size);
  }
}

/** Moves the vertices of every sample that is still too close straight out, until none is. */
function* clear({ arap: { p }, before, moved, contact, layers }: ElasticState, effort: Effort): Work<number> {
  contact.worst = Infinity;
  for (let i = 0; i < FINAL_PROJECTIONS && contact.worst > 0; i++) {
    if (i < LAYER_PROJECTIONS) {
      aimLayers(layers, p);
      separateLayers(layers, p);
      yield* effort.spend(layers.count, PLACE_COST);
      spendSlack(contact, p, before, moved);
      yield* effort.spend(moved.length, PLACE_COST);
    }
    beginContacts(contact);
    for (let s = 0; s < contact.sampleCount; s += CONTACT_CHUNK) {
      const asked = findContacts(contact, p, 0, s);
      yield* effort.spend(ASK_COST * asked + PASS_COST * CONTACT_CHUNK, 1);
    }
    const { activeCount, activeVertices, activeSizes, activeTargets } = contact;
    for (let s = 0; s < activeCount; s++) {
      const size = activeSizes[s];
      for (let k = 0; k < 3; k++) {
        let mean = 0;
        for (let j = 0; j < size; j++) mean += p[3 * activeVertices[3 * s + j] + k] / size;
        const by = activeTargets[3 * s + k] - mean;
        for (let j = 0; j < size; j++) p[3 * activeVertices[3 * s + j] + k] += by;
      }
    }
    yield* effort.spend(contact.activeCount, PLACE_COST);
    spendSlack(contact, p, before, moved);
    yield* effort.spend(moved.length, PLACE_COST);
  }
  return contact.worst;
}

function largestOf(moved: Float64Array): number {
  let largest = 0;
  for (let v = 0; v < moved.length; v++) if (moved[v] > largest) largest = moved[v];
  return largest;
}

/** Share of the vertices in use that are inside. */
function* shareInside({ arap: { topology }, contact: { target, hit } }: ElasticState, p: Float64Array): Work<number> {
  const { ringOffsets, weldedCount } = topology;
  let used = 0, inside = 0;
  for (let v = 0; v < weldedCount; v++) {
    if (v % 1024 === 0) yield;
    if (ringOffsets[v] === ringOffsets[v + 1]) continue;
    used++;
    if (target.signedDistance(p[3 * v], p[3 * v + 1], p[3 * v + 2], hit) < 0) inside++;
  }
  return inside / Math.max(1, used);
}

function movesOf(rest: Float64Array, p: Float64Array): { meanMove: number; maxMove: number } {
  let sum = 0, maxMove = 0;
  for (let i = 0; i < p.length; i += 3) {
    const length = Math.sqrt((p[i] - rest[i]) ** 2 + (p[i + 1] - rest[i + 1]) ** 2 + (p[i + 2] - rest[i + 2]) ** 2);
    sum += length;
    if (length > maxMove) maxMove = length;
  }
  return { meanMove: 3 * sum / Math.max(1, p.length), maxMove };
}
