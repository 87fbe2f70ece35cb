import type { Frame, Scratch } from "../pool/scratch.ts";
import { type Contact, contactBytes, findContacts, leaseContact, spendSlack } from "./_contact.ts";
import {
  type ElasticSystem,
  elasticSystemBytes,
  leaseElasticSystem,
  setCotangentWeights,
  solveElastic,
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
import { extractRotation, rotationMatrix } from "./_rotation.ts";
import type { TriangleMesh } from "./mesh.ts";
import type { FitReport } from "./shrinkwrap.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "./work.ts";

/** Options for {@linkcode elasticFitWork}. */
export interface ElasticFitOptions {
  /** Least signed distance of every vertex, edge midpoint and face centre, metres. @default {0.002} */
  clearance?: number;
  /** Iterations at most. @default {30} */
  iterations?: number;
  /** How strongly near cloth follows the skin it lay on, against keeping its shape. @default {0.09} */
  follow?: number;
  /** How strongly all cloth stays where it was carried to. @default {0.05} */
  hold?: number;
}

/** Defaults of {@linkcode ElasticFitOptions}. */
export const ELASTIC_FIT_DEFAULTS: Readonly<Required<ElasticFitOptions>> = {
  clearance: 0.002,
  iterations: 30,
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
  const { weldedCount: n, edgeCount } = sizes;
  return 8 * ((3 + 3 + 3 + 3 + 1 + 4 + 9 + 9) * n + 6 * edgeCount) + elasticSystemBytes(sizes) + contactBytes(sizes) +
    rigidPartsBytes(sizes) +
    layersBytes(sizes) + findLayersBytes(sizes);
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
  const state = leaseState(topology, target, frame);
  const { rest, p, before, rhs, moved, system, contact } = state;
  for (let v = 0; v < n; v++) {
    for (let k = 0; k < 3; k++) rest[3 * v + k] = mesh.positions[3 * representative[v] + k];
    state.rotations[4 * v + 3] = 1;
    const near = goal.standOff[v] / FOLLOW_RANGE;
    system.anchor[v] = hold + follow / (1 + near * near * (1 + near * near)); // as exp(−near²), of arithmetic alone
  }
  contact.clearance.fill(clearance);
  setCotangentWeights(system, rest);
  const parts = findRigidParts(topology, rest, frame);
  carryEdges(state, goal.frames);
  const insideBefore = yield* shareInside(state, rest);
  if (parts.count > 0) setAside(state, parts);
  yield* findLayersWork(
    state.layers,
    mesh,
    topology,
    rest,
    (v) => parts.count > 0 && isRigid(parts, topology, v),
    frame,
  );
  p.set(goal.bound);
  before.set(p);

  let done = 0, largest = Infinity;
  for (; done < iterations && (done < MIN_ITERATIONS || largest > SETTLED); done++) {
    yield* findContacts(contact, p, MARGIN);
    aimLayers(state.layers, p);
    turnToFit(state);
    yield;
    setRightHandSide(state, goal.bound);
    setDiagonal(system, contact);
    addLayers(state.layers, LAYER_WEIGHT, rhs, system.diagonal);
    solveElastic(system, contact, state.layers, LAYER_WEIGHT, rhs, p, SOLVE_TOLERANCE, SOLVE_ITERATIONS);
    spendSlack(contact, p, before, moved);
    largest = 0;
    for (let v = 0; v < n; v++) if (moved[v] > largest) largest = moved[v];
    yield;
  }
  const worst = yield* clear(state);
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
  { topology, system: { edgeWeight, edgeSum, anchor }, contact: { sizes, vertices, sampleCount } }: ElasticState,
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

interface ElasticState {
  readonly topology: Topology;
  readonly rest: Float64Array;
  readonly p: Float64Array;
  readonly before: Float64Array;
  readonly rhs: Float64Array;
  readonly moved: Float64Array;
  /** Unit quaternion of each vertex. */
  readonly rotations: Float64Array;
  /** The same as matrices. */
  readonly turned: Float64Array;
  readonly covariance: Float64Array;
  /** `3 *` carried input edge of every directed edge. */
  readonly edges: Float64Array;
  readonly system: ElasticSystem;
  readonly contact: Contact;
  readonly layers: Layers;
}

function leaseState(topology: Topology, target: SurfaceIndex, frame: Frame): ElasticState {
  const n = topology.weldedCount;
  return {
    topology,
    rest: frame.f64(3 * n),
    p: frame.f64(3 * n),
    before: frame.f64(3 * n),
    rhs: frame.f64(3 * n),
    moved: frame.f64(n),
    rotations: frame.f64(4 * n),
    turned: frame.f64(9 * n),
    covariance: frame.f64(9 * n),
    edges: frame.f64(3 * topology.ringVertices.length),
    system: leaseElasticSystem(topology, frame),
    contact: leaseContact(topology, target, CONTACT_WEIGHT, frame),
    layers: leaseLayers(topology, frame),
  };
}

/** Every input edge as the skin beneath turns and scales it. */
function carryEdges({ topology, rest, edges }: ElasticState, frames: Float64Array): void {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  for (let i = 0; i < weldedCount; i++) {
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r], f = 9 * i, g = 9 * j;
      const x = rest[3 * i] - rest[3 * j], y = rest[3 * i + 1] - rest[3 * j + 1], z = rest[3 * i + 2] - rest[3 * j + 2];
      edges[3 * r] = 0.5 *
        ((frames[f] + frames[g]) * x + (frames[f + 1] + frames[g + 1]) * y + (frames[f + 2] + frames[g + 2]) * z);
      edges[3 * r + 1] = 0.5 *
        ((frames[f + 3] + frames[g + 3]) * x + (frames[f + 4] + frames[g + 4]) * y +
          (frames[f + 5] + frames[g + 5]) * z);
      edges[3 * r + 2] = 0.5 *
        ((frames[f + 6] + frames[g + 6]) * x + (frames[f + 7] + frames[g + 7]) * y +
          (frames[f + 8] + frames[g + 8]) * z);
    }
  }
}

/** Local step: the rotation that best takes each vertex's carried edges to where they are. */
function turnToFit({ topology, p, edges, covariance, rotations, turned, system: { edgeWeight } }: ElasticState): void {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  for (let i = 0; i < weldedCount; i++) {
    let c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0, c8 = 0;
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r], w = edgeWeight[r];
      const x = w * (p[3 * i] - p[3 * j]), y = w * (p[3 * i + 1] - p[3 * j + 1]), z = w * (p[3 * i + 2] - p[3 * j + 2]);
      const ex = edges[3 * r], ey = edges[3 * r + 1], ez = edges[3 * r + 2];
      c0 += x * ex;
      c1 += x * ey;
      c2 += x * ez;
      c3 += y * ex;
      c4 += y * ey;
      c5 += y * ez;
      c6 += z * ex;
      c7 += z * ey;
      c8 += z * ez;
    }
    const o = 9 * i;
    covariance[o] = c0;
    covariance[o + 1] = c1;
    covariance[o + 2] = c2;
    covariance[o + 3] = c3;
    covariance[o + 4] = c4;
    covariance[o + 5] = c5;
    covariance[o + 6] = c6;
    covariance[o + 7] = c7;
    covariance[o + 8] = c8;
    extractRotation(covariance, rotations, i);
    rotationMatrix(rotations, turned, i);
  }
}

/** rhs = Σ_j w_ij ½(R_i + R_j) g_ij + a_i b_i + c Σ_s S_sᵀ t_s */
function setRightHandSide(
  { topology, edges, turned: R, rhs, system, contact }: ElasticState,
  bound: Float64Array,
): void {
  const { ringOffsets, ringVertices, weldedCount } = topology, { edgeWeight, anchor } = system;
  for (let i = 0; i < weldedCount; i++) {
    const a = anchor[i], f = 9 * i;
    let x = a * bound[3 * i], y = a * bound[3 * i + 1], z = a * bound[3 * i + 2];
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const g = 9 * ringVertices[r], w = 0.5 * edgeWeight[r];
      const ex = edges[3 * r], ey = edges[3 * r + 1], ez = edges[3 * r + 2];
      x += w * ((R[f] + R[g]) * ex + (R[f + 1] + R[g + 1]) * ey + (R[f + 2] + R[g + 2]) * ez);
      y += w * ((R[f + 3] + R[g + 3]) * ex + (R[f + 4] + R[g + 4]) * ey + (R[f + 5] + R[g + 5]) * ez);
      z += w * ((R[f + 6] + R[g + 6]) * ex + (R[f + 7] + R[g + 7]) * ey + (R[f + 8] + R[g + 8]) * ez);
    }
    rhs[3 * i] = x;
    rhs[3 * i + 1] = y;
    rhs[3 * i + 2] = z;
  }
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
function* clear({ p, before, moved, contact, layers }: ElasticState): Work<number> {
  let worst = Infinity;
  for (let i = 0; i < FINAL_PROJECTIONS && worst > 0; i++) {
    if (i < LAYER_PROJECTIONS) {
      aimLayers(layers, p);
      separateLayers(layers, p);
      spendSlack(contact, p, before, moved);
    }
    worst = yield* findContacts(contact, p, 0);
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
    spendSlack(contact, p, before, moved);
  }
  return worst;
}

/** Share of the vertices in use that are inside. */
function* shareInside({ topology, contact: { target, hit } }: ElasticState, p: Float64Array): Work<number> {
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
