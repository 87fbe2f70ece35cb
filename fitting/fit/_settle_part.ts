import type { Frame } from "../../pool/scratch.ts";
import { solveSymmetric } from "../align/_cholesky.ts";
import type { Effort } from "../_effort.ts";
import { ASK_COST, askPoint, type Contact, divisionsOf, latticeKind, latticeSize, setDirection } from "./_contact.ts";
import type { RigidParts } from "./_rigid_parts.ts";
import { rotationMatrix } from "../_rotation.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** How often a part is moved out, at most. */
const MAX_ROUNDS = 48;
/** A part is out when no sample lacks more, metres. */
const CLEARED = 1e-9;
/** What shifting, turning and growing cost against reaching what is asked: parts rather shift than turn, and grow last. */
const SHIFT_COST = 1e-3, TURN_COST = 4e-3, GROW_COST = 0.1;
/** A part grows at most so much to come out of the body. */
const MAX_GROWTH = 1.5;
/** Shift, turn, growth. */
const UNKNOWNS = 7;
/** Rows of `contact.kindRows`. */
const AT_PLACE = 0, AT_EDGE = 1, AT_FACE = 2;

/** Takes rigid parts out of the body, one after the other. */
export interface Settler {
  readonly topology: Topology;
  readonly parts: RigidParts;
  readonly contact: Contact;
  /** 1 for places that may be inside. */
  readonly allowed: Uint8Array | undefined;
  /** The mean side of the body's faces, metres. */
  readonly side: number;
  /** How far a place, and the samples of a face, may still move before they are asked again, metres. */
  readonly placeSlack: Float32Array;
  readonly faceSlack: Float32Array;
  /** The normal equations, lower triangle, and their right-hand side. */
  readonly matrix: Float64Array;
  readonly rhs: Float64Array;
  /** Mean place of the part, quaternion and rotation of a step. */
  readonly centre: Float64Array;
  readonly quaternion: Float64Array;
  readonly rotation: Float64Array;
  /** Root mean square distance of the part's places from their mean, metres. */
  radius: number;
  /** Sum of what all samples count in the equations. */
  weight: number;
  /** What the sample that was asked last has of air beyond what it wants, metres. */
  air: number;
  /** The largest violation of the part, metres. */
  worst: number;
  /** The place it is at. */
  worstPlace: number;
  /** The largest violation of all parts when they were settled, metres, and the place it is at. */
  partsWorst: number;
  partsWorstPlace: number;
}

/** Leases what settling needs; `side` is the mean side of the body's faces. */
export function leaseSettler(
  topology: Topology,
  parts: RigidParts,
  contact: Contact,
  allowed: Uint8Array | undefined,
  side: number,
  frame: Frame,
): Settler {
  return {
    topology,
    parts,
    contact,
    allowed,
    side,
    placeSlack: frame.f32(topology.weldedCount),
    faceSlack: frame.f32(topology.weldedIndices.length / 3),
    matrix: frame.f64(UNKNOWNS * UNKNOWNS),
    rhs: frame.f64(2 * UNKNOWNS),
    centre: frame.f64(3),
    quaternion: frame.f64(4),
    rotation: frame.f64(9),
    radius: NaN,
    weight: NaN,
    air: NaN,
    worst: NaN,
    worstPlace: 0,
    partsWorst: -Infinity,
    partsWorstPlace: 0,
  };
}

/** Bytes {@linkcode leaseSettler} leases. */
export function settlerBytes({ weldedCount, faceCount }: { weldedCount: number; faceCount: number }): number {
  return 4 * (weldedCount + faceCount) + 8 * (UNKNOWNS * UNKNOWNS + 2 * UNKNOWNS + 3 + 4 + 9);
}

/**
 * Moves a part by similarities until its places, edge midpoints, face centres and,
 * in faces larger than the body's, a lattice are at the clearance. Each round asks
 * how far every sample must come out along its direction out of the body; the
 * smallest shift, turn and growth that does so in the mean follows, samples
 * counting by what they lack, squared, so that none comes or goes with a jolt.
 * Growing costs the most: a plate stays as large as it is, a ring that is too
 * narrow grows.
 */
export function* settlePart(settler: Settler, part: number, p: Float64Array, effort: Effort): Work<void> {
  const { parts: { offsets, places }, placeSlack, faceSlack, topology } = settler;
  const start = offsets[part], end = offsets[part + 1];
  for (let i = start; i < end; i++) {
    const v = places[i];
    placeSlack[v] = 0;
    for (let c = topology.cornerOffsets[v]; c < topology.cornerOffsets[v + 1]; c++) {
      faceSlack[Math.floor(topology.corners[c] / 3)] = 0;
    }
  }
  let growth = 1;
  for (let round = 0;; round++) {
    measurePart(settler, part, p);
    settler.worst = -Infinity;
    settler.weight = 0;
    settler.matrix.fill(0);
    settler.rhs.fill(0);
    for (let i = start; i < end; i++) {
      const asked = askAround(settler, places[i], p);
      yield* effort.spend(asked + 1, ASK_COST);
    }
    if (!(settler.worst > CLEARED) || round === MAX_ROUNDS) break;
    const by = solveStep(settler, growth);
    growth *= by;
    const moved = movePart(settler, part, by, p);
    for (let i = start; i < end; i++) {
      const v = places[i];
      placeSlack[v] -= moved;
      for (let c = topology.cornerOffsets[v]; c < topology.cornerOffsets[v + 1]; c++) {
        if (isOwn(settler, v, topology.corners[c])) faceSlack[Math.floor(topology.corners[c] / 3)] -= moved;
      }
    }
  }
  const worst = settler.worst > -Infinity ? settler.worst : 0; // nothing that was asked lacks anything
  if (worst > settler.partsWorst) {
    settler.partsWorst = worst;
    settler.partsWorstPlace = settler.worstPlace;
  }
}

/** Whether a place is the one of a face that answers for it: the lowest; and all of the face is of one part. */
function isOwn({ topology: { weldedIndices: t }, parts: { partOf } }: Settler, v: number, corner: number): boolean {
  const c = corner - corner % 3, a = t[c], b = t[c + 1], d = t[c + 2];
  if (a < v || b < v || d < v || (a === v && corner !== c)) return false;
  return partOf[a] === partOf[v] && partOf[b] === partOf[v] && partOf[d] === partOf[v];
}

/** Finds the middle of a part and how large it is. */
function measurePart(settler: Settler, part: number, p: Float64Array): void {
  const { parts: { offsets, places }, centre } = settler, start = offsets[part], end = offsets[part + 1];
  centre.fill(0);
  for (let i = start; i < end; i++) {
    for (let k = 0; k < 3; k++) centre[k] += p[3 * places[i] + k] / (end - start);
  }
  let sum = 0;
  for (let i = start; i < end; i++) {
    for (let k = 0; k < 3; k++) sum += (p[3 * places[i] + k] - centre[k]) ** 2 / (end - start);
  }
  settler.radius = Math.max(Math.sqrt(sum), 1e-6);
}

/** Asks for a place, and for the faces it answers for, where they may have come too close; returns how many were asked for. */
function askAround(settler: Settler, v: number, p: Float64Array): number {
  const { topology: { cornerOffsets, corners, weldedIndices: t }, placeSlack, faceSlack, contact, side } = settler;
  let asked = 0;
  if (placeSlack[v] <= 0) {
    ask(settler, AT_PLACE, v, v, v, p);
    placeSlack[v] = settler.air;
    asked++;
  }
  for (let i = cornerOffsets[v]; i < cornerOffsets[v + 1]; i++) {
    const corner = corners[i], face = Math.floor(corner / 3), c = 3 * face;
    if (!isOwn(settler, v, corner) || faceSlack[face] > 0) continue;
    const a = t[c], b = t[c + 1], d = t[c + 2], most = contact.kindRows.length;
    faceSlack[face] = Infinity;
    ask(settler, AT_EDGE, a, b, d, p);
    faceSlack[face] = Math.min(faceSlack[face], settler.air);
    ask(settler, AT_EDGE, b, d, a, p);
    faceSlack[face] = Math.min(faceSlack[face], settler.air);
    ask(settler, AT_EDGE, d, a, b, p);
    faceSlack[face] = Math.min(faceSlack[face], settler.air);
    ask(settler, AT_FACE, a, b, d, p);
    faceSlack[face] = Math.min(faceSlack[face], settler.air);
    asked += 4;
    const m = divisionsOf(p, t, c, side, 8);
    for (let k = 0; m > 1 && k < latticeSize(m) && 4 * (latticeKind(m) + k) < most; k++) {
      ask(settler, latticeKind(m) + k, a, b, d, p);
      faceSlack[face] = Math.min(faceSlack[face], settler.air);
      asked++;
    }
  }
  return asked;
}

/** Asks for one sample, and adds what it lacks to the equations. */
function ask(settler: Settler, kind: number, a: number, b: number, d: number, p: Float64Array): void {
  const { contact, allowed, centre, radius, matrix, rhs } = settler, { kindRows, clearance, point } = contact;
  settler.air = Infinity;
  if (allowed !== undefined && (allowed[a] !== 0 || allowed[b] !== 0 || allowed[d] !== 0)) return;
  const u = kindRows[4 * kind], v = kindRows[4 * kind + 1], w = kindRows[4 * kind + 2];
  for (let k = 0; k < 3; k++) point[k] = u * p[3 * a + k] + v * p[3 * b + k] + w * p[3 * d + k];
  askPoint(contact, contact.hit.face);
  if (!(contact.distance > -Infinity && contact.distance < Infinity)) return;
  const lack = u * clearance[a] + v * clearance[b] + w * clearance[d] - contact.distance;
  settler.air = -lack;
  if (lack > settler.worst) {
    settler.worst = lack;
    settler.worstPlace = a;
  }
  if (lack <= 0) return;
  setDirection(contact);
  const nx = point[3], ny = point[4], nz = point[5], say = lack * lack;
  const x = (point[0] - centre[0]) / radius, y = (point[1] - centre[1]) / radius, z = (point[2] - centre[2]) / radius;
  rhs[7] = nx;
  rhs[8] = ny;
  rhs[9] = nz;
  rhs[10] = y * nz - z * ny;
  rhs[11] = z * nx - x * nz;
  rhs[12] = x * ny - y * nx;
  rhs[13] = x * nx + y * ny + z * nz;
  for (let i = 0; i < UNKNOWNS; i++) {
    for (let j = 0; j <= i; j++) matrix[UNKNOWNS * i + j] += say * rhs[7 + i] * rhs[7 + j];
    rhs[i] += say * lack * rhs[7 + i];
  }
  settler.weight += say;
}

/** Solves for the step: shift to `rhs`, rotation to `rotation`; returns how much the part grows. */
function solveStep({ matrix, rhs, weight, radius, quaternion, rotation }: Settler, growth: number): number {
  for (let i = 0; i < UNKNOWNS * UNKNOWNS; i++) matrix[i] /= weight;
  for (let i = 0; i < UNKNOWNS; i++) {
    rhs[i] /= weight;
    matrix[i * UNKNOWNS + i] += i < 3 ? SHIFT_COST : i < 6 ? TURN_COST : GROW_COST;
  }
  solveSymmetric(matrix, rhs, UNKNOWNS);
  for (let k = 0; k < 3; k++) quaternion[k] = rhs[3 + k] / radius / 2;
  const norm = Math.sqrt(1 + quaternion[0] ** 2 + quaternion[1] ** 2 + quaternion[2] ** 2);
  for (let k = 0; k < 3; k++) quaternion[k] /= norm;
  quaternion[3] = 1 / norm;
  rotationMatrix(quaternion, rotation, 0);
  return Math.min(MAX_GROWTH, Math.max(1, growth * (1 + rhs[6] / radius))) / growth;
}

/** Moves the part by the step; returns how far a place moved at most. */
function movePart(
  { parts: { offsets, places }, rhs, rotation: r, centre }: Settler,
  part: number,
  scale: number,
  p: Float64Array,
): number {
  let largestSq = 0;
  for (let i = offsets[part]; i < offsets[part + 1]; i++) {
    const v = 3 * places[i], x = p[v] - centre[0], y = p[v + 1] - centre[1], z = p[v + 2] - centre[2];
    let movedSq = 0;
    for (let k = 0; k < 3; k++) {
      const there = centre[k] + rhs[k] + scale * (r[3 * k] * x + r[3 * k + 1] * y + r[3 * k + 2] * z);
      movedSq += (there - p[v + k]) ** 2;
      p[v + k] = there;
    }
    if (movedSq > largestSq) largestSq = movedSq;
  }
  return Math.sqrt(largestSq);
}
