import type { Frame } from "../../pool/scratch.ts";
import type { Effort } from "../_effort.ts";
import { isRigid, type RigidParts } from "./_rigid_parts.ts";
import { extractRotation, rotationMatrix } from "../_rotation.ts";
import { crossingDepth, trianglesCross } from "../measure/_triangles_cross.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";
import { sharePlace } from "../topology/_share_place.ts";

/** What crosses less deep does not count, and what crosses so much deeper counts in full, metres. */
const LEAST_DEPTH = 2e-6, FULL_DEPTH = 5e-5;
/** Faces that were farther apart did not lie on each other: the garment as a whole went wrong there; metres. */
const REACH = 0.03;
/** Pairs that are looked at in one round: a share of the faces, and in all. */
const PAIRS_PER_FACE = 0.5, MAX_PAIRS = 8192;
/** What the places around a pair count against its own. */
const RING_WEIGHT = 0.5;
/** How far a place goes to where the pair as one piece would have it. */
const STEP = 0.7;
/** The most it goes in one round, metres. */
const MAX_MOVE = 0.003;
/** How often moves are tapered off around, and by how much from place to place. */
const TAPER_PASSES = 8, TAPER = 0.8;
/** What a place takes in such a pass, nanoseconds. */
const TAPER_COST = 40;
/** What a face takes, nanoseconds: to look for others at it, and to be put straight. */
const SEEK_COST = 3000, STRAIGHTEN_COST = 4000;

/** Crossings of a garment with itself that were not in the input, and what puts them straight. */
export interface Crossings {
  /** Of the welded surface as it is now. */
  readonly index: SurfaceIndex;
  /** The same as in the input, f32. */
  readonly rest: Float32Array;
  /** How many pairs there are. */
  count: number;
  /** The same, but that one that hardly crosses hardly counts. */
  sum: number;
  /** `2 *` faces. */
  readonly pairs: Uint32Array;
  /** What each pair counts, up to 1. */
  readonly weights: Float64Array;
  readonly near: Uint32Array;
  readonly box: Float64Array;
  /** `4 *` where each place should go times weight, and the weight. */
  readonly moves: Float64Array;
  /** Covariance, then centre before, centre now, weight and spread. */
  readonly sums: Float64Array;
  readonly quaternion: Float64Array;
  readonly matrix: Float64Array;
  /** Faces that may cross something: 0 for those far from all that moved. */
  readonly isSuspect: Uint8Array;
}

/** Offsets in `sums`. */
const FROM = 9, TO = 12, WEIGHT = 15, SPREAD = 16, SUM_COUNT = 17;

function pairCountOf(faceCount: number): number {
  return Math.min(Math.ceil(PAIRS_PER_FACE * faceCount), MAX_PAIRS);
}

/** Leases what finds and mends crossings. */
export function leaseCrossings(topology: Topology, index: SurfaceIndex, rest: Float32Array, frame: Frame): Crossings {
  const faceCount = topology.weldedIndices.length / 3;
  return {
    index,
    rest,
    count: 0,
    sum: NaN,
    pairs: frame.u32(2 * pairCountOf(faceCount)),
    weights: frame.f64(pairCountOf(faceCount)),
    near: frame.u32(faceCount),
    box: frame.f64(6),
    moves: frame.f64(4 * topology.weldedCount),
    sums: frame.f64(SUM_COUNT),
    quaternion: frame.f64(4),
    matrix: frame.f64(9),
    isSuspect: frame.u8(faceCount).fill(1),
  };
}

/** Bytes {@linkcode leaseCrossings} leases. */
export function crossingsBytes({ weldedCount, faceCount }: { weldedCount: number; faceCount: number }): number {
  return 16 * pairCountOf(faceCount) + 4 * faceCount + 8 * 6 + 32 * weldedCount + 8 * (SUM_COUNT + 4 + 9) + faceCount;
}

/** Finds the pairs that cross now and did not in the input; the index must be fresh. */
export function* findCrossings(crossings: Crossings, { weldedIndices: t }: Topology, effort: Effort): Work<void> {
  const { index, rest, pairs, weights, near, box, isSuspect } = crossings, p = index.mesh.positions as Float32Array;
  crossings.count = crossings.sum = 0;
  for (let f = 0; f < isSuspect.length; f++) {
    if (isSuspect[f] === 0) continue;
    yield* effort.spend(1, SEEK_COST);
    const c = 3 * f, i = 3 * t[c], j = 3 * t[c + 1], k = 3 * t[c + 2];
    for (let axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(p[i + axis], p[j + axis], p[k + axis]);
      box[3 + axis] = Math.max(p[i + axis], p[j + axis], p[k + axis]);
    }
    const count = index.facesInBox(box, near);
    for (let n = 0; n < count; n++) {
      const g = near[n], d = 3 * g;
      if (g === f || (g < f && isSuspect[g] === 1) || sharePlace(t, c, d)) continue;
      const u = 3 * t[d], v = 3 * t[d + 1], w = 3 * t[d + 2];
      if (!trianglesCross(p, i, j, k, u, v, w, LEAST_DEPTH)) continue;
      if (!areNear(rest, i, j, k, u, v, w)) continue;
      const weight = weightOf(p, i, j, k, u, v, w) * (1 - weightOf(rest, i, j, k, u, v, w));
      if (weight === 0) continue;
      weights[crossings.count] = weight;
      crossings.sum += weight;
      pairs[2 * crossings.count] = f;
      pairs[2 * crossings.count++ + 1] = g;
    }
  }
}

/** What a pair counts that crosses at `p`: less where that hardly is so, so that it comes and goes without a jolt. */
function weightOf(p: Float32Array, i: number, j: number, k: number, u: number, v: number, w: number): number {
  const depth = crossingDepth(p, i, j, k, u, v, w) - LEAST_DEPTH;
  return depth <= 0 ? 0 : depth < FULL_DEPTH ? depth / FULL_DEPTH : 1;
}

/** Whether the boxes of two faces are within reach of each other. */
function areNear(p: Float32Array, i: number, j: number, k: number, u: number, v: number, w: number): boolean {
  for (let a = 0; a < 3; a++) {
    const low = Math.min(p[i + a], p[j + a], p[k + a]), high = Math.max(p[i + a], p[j + a], p[k + a]);
    if (Math.min(p[u + a], p[v + a], p[w + a]) - high > REACH) return false;
    if (low - Math.max(p[u + a], p[v + a], p[w + a]) > REACH) return false;
  }
  return true;
}

/**
 * Moves the places of every crossing pair, and those around it, towards where
 * the pair would be if it had moved from the input as one piece, by the best
 * similarity: there it does not cross. Parts that ride on cloth stay, and the
 * cloth goes with them.
 *
 * Source: shape matching of Müller, Heidelberger, Teschner & Gross 2005,
 * "Meshless Deformations Based on Shape Matching", with clusters where crossings are.
 */
export function* straightenCrossings(
  crossings: Crossings,
  topology: Topology,
  parts: RigidParts,
  stays: Uint8Array,
  rest: Float64Array,
  p: Float64Array,
  effort: Effort,
): Work<void> {
  const { pairs, weights, moves, isSuspect } = crossings, { weldedIndices: t, ringOffsets, ringVertices } = topology;
  moves.fill(0);
  for (let i = 0; i < crossings.count; i++) {
    const f = 3 * pairs[2 * i], g = 3 * pairs[2 * i + 1];
    const isRidden = isRigid(parts, t[f]) || isRigid(parts, t[g]);
    fitPair(crossings, topology, parts, f, g, isRidden, rest, p);
    for (let k = 0; k < 6; k++) {
      const v = k < 3 ? t[f + k] : t[g + k - 3];
      addMove(crossings, v, weights[i], rest, p);
      for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) {
        addMove(crossings, ringVertices[r], RING_WEIGHT * weights[i], rest, p);
      }
    }
    yield* effort.spend(1, STRAIGHTEN_COST);
  }
  isSuspect.fill(0);
  for (let v = 0; v < stays.length; v++) {
    const weight = moves[4 * v + 3];
    for (let k = 0; weight > 1 && k < 3; k++) moves[4 * v + k] /= weight;
    if (weight > 1) moves[4 * v + 3] = 1;
  }
  for (let pass = 0; pass < TAPER_PASSES; pass++) {
    taper(topology, moves);
    yield* effort.spend(stays.length, TAPER_COST);
  }
  for (let v = 0; v < stays.length; v++) {
    if (stays[v] === 1) continue;
    const x = moves[4 * v], y = moves[4 * v + 1], z = moves[4 * v + 2], length = Math.sqrt(x * x + y * y + z * z);
    const share = length * STEP > MAX_MOVE ? MAX_MOVE / length : STEP;
    p[3 * v] += share * x;
    p[3 * v + 1] += share * y;
    p[3 * v + 2] += share * z;
  }
  for (let c = 0; c < t.length; c += 3) {
    if (isMoved(moves, t[c]) || isMoved(moves, t[c + 1]) || isMoved(moves, t[c + 2])) isSuspect[c / 3] = 1;
  }
  for (let i = 0; i < 2 * crossings.count; i++) isSuspect[pairs[i]] = 1;
}

function isMoved(moves: Float64Array, v: number): boolean {
  return moves[4 * v] !== 0 || moves[4 * v + 1] !== 0 || moves[4 * v + 2] !== 0;
}

/** Lets what places move run out along the cloth, so that it ends in no fold: a place goes with those beside it as far as it has no way of its own. */
function taper({ weldedCount, ringOffsets, ringVertices }: Topology, moves: Float64Array): void {
  for (let v = 0; v < weldedCount; v++) {
    const own = moves[4 * v + 3], start = ringOffsets[v], end = ringOffsets[v + 1];
    if (own >= 1 || start === end) continue;
    let x = 0, y = 0, z = 0;
    for (let r = start; r < end; r++) {
      const w = 4 * ringVertices[r];
      x += moves[w];
      y += moves[w + 1];
      z += moves[w + 2];
    }
    if (x === 0 && y === 0 && z === 0) continue;
    const share = (1 - own) * TAPER / (end - start), kept = own > 0 ? own : 0;
    moves[4 * v] = kept * moves[4 * v] + share * x;
    moves[4 * v + 1] = kept * moves[4 * v + 1] + share * y;
    moves[4 * v + 2] = kept * moves[4 * v + 2] + share * z;
  }
}

/** Finds the similarity from input to now of a pair and what is around it; of the part that rides, where there is one. */
function fitPair(
  crossings: Crossings,
  { weldedIndices: t, ringOffsets, ringVertices }: Topology,
  parts: RigidParts,
  f: number,
  g: number,
  isRidden: boolean,
  rest: Float64Array,
  p: Float64Array,
): void {
  const { sums: m, quaternion, matrix } = crossings;
  m.fill(0);
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < 6; k++) {
      const v = k < 3 ? t[f + k] : t[g + k - 3];
      if (isRidden && !isRigid(parts, v)) continue;
      addPlace(m, v, 1, rest, p, pass);
      for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) {
        addPlace(m, ringVertices[r], RING_WEIGHT, rest, p, pass);
      }
    }
    if (pass === 0) { for (let k = FROM; k < WEIGHT; k++) m[k] /= m[WEIGHT]; }
  }
  quaternion.fill(0)[3] = 1;
  extractRotation(m, quaternion, 0);
  rotationMatrix(quaternion, matrix, 0);
  let along = 0;
  for (let k = 0; k < 9; k++) along += matrix[k] * m[k];
  const scale = m[SPREAD] > 0 ? along / m[SPREAD] : 1;
  for (let k = 0; k < 9; k++) matrix[k] *= scale;
}

function addPlace(
  m: Float64Array,
  place: number,
  weight: number,
  rest: Float64Array,
  p: Float64Array,
  pass: number,
): void {
  const v = 3 * place;
  if (pass === 0) {
    for (let k = 0; k < 3; k++) {
      m[FROM + k] += weight * rest[v + k];
      m[TO + k] += weight * p[v + k];
    }
    m[WEIGHT] += weight;
    return;
  }
  for (let r = 0; r < 3; r++) {
    const to = weight * (p[v + r] - m[TO + r]), from = rest[v + r] - m[FROM + r];
    for (let c = 0; c < 3; c++) m[3 * r + c] += to * (rest[v + c] - m[FROM + c]);
    m[SPREAD] += weight * from * from;
  }
}

function addMove(
  { sums: m, matrix, moves }: Crossings,
  place: number,
  weight: number,
  rest: Float64Array,
  p: Float64Array,
): void {
  const v = 3 * place, x = rest[v] - m[FROM], y = rest[v + 1] - m[FROM + 1], z = rest[v + 2] - m[FROM + 2];
  for (let k = 0; k < 3; k++) {
    const there = matrix[3 * k] * x + matrix[3 * k + 1] * y + matrix[3 * k + 2] * z + m[TO + k];
    moves[4 * place + k] += weight * (there - p[v + k]);
  }
  moves[4 * place + 3] += weight;
}
