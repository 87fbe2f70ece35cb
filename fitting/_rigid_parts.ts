import type { Frame } from "../pool/scratch.ts";
import { extractRotation, rotationMatrix } from "./_rotation.ts";
import { NO_INDEX } from "./mesh.ts";
import { SurfaceHit } from "./surface_hit.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "./work.ts";

/** A separate part is rigid when its bounds are below this share of the garment's… */
const MAX_SIZE = 0.15;
/** …and it has at most this many faces. Buttons, buckles, rivets; not a sleeve. */
const MAX_FACES = 600;
/** Places of cloth a part rides on. */
const SEAT_SIZE = 12;
/** How often a part is pushed out along its deepest vertex. */
const MAX_PUSHES = 8;

/** The small separate parts of a garment: each keeps its shape and rides on the cloth beside it. */
export interface RigidParts {
  /** Part of each island, or `NO_INDEX` for cloth. */
  readonly partOfIsland: Uint32Array;
  /** How many parts there are. */
  count: number;
  /** Six bounds an island. */
  readonly bounds: Float64Array;
  /** Faces an island. */
  readonly faces: Uint32Array;
  /** Rotation and translation from input to result of one part: matrix, pivot in the input, pivot in the result. */
  readonly motion: Float64Array;
  readonly seat: Uint32Array;
  readonly seatDistanceSq: Float64Array;
}

/** Leases and finds the rigid parts of a garment. */
export function findRigidParts(topology: Topology, rest: Float64Array, frame: Frame): RigidParts {
  const { islandCount } = topology;
  const parts: RigidParts = {
    partOfIsland: frame.u32(islandCount),
    count: 0,
    bounds: frame.f64(6 * islandCount),
    faces: frame.u32(islandCount),
    motion: frame.f64(9 + 4 + 9 + 3 + 3),
    seat: frame.u32(SEAT_SIZE),
    seatDistanceSq: frame.f64(SEAT_SIZE),
  };
  measureIslands(topology, rest, parts);
  const whole = wholeDiagonal(parts.bounds);
  for (let island = 0; island < islandCount; island++) {
    const isSmall = diagonalOf(parts.bounds, 6 * island) <= MAX_SIZE * whole && parts.faces[island] <= MAX_FACES;
    parts.partOfIsland[island] = isSmall ? parts.count++ : NO_INDEX;
  }
  if (parts.count === islandCount) { // nothing to ride on: it is all cloth
    parts.partOfIsland.fill(NO_INDEX);
    parts.count = 0;
  }
  return parts;
}

/** Bytes {@linkcode findRigidParts} leases. */
export function rigidPartsBytes({ islandCount }: { islandCount: number }): number {
  return islandCount * (4 + 48 + 4) + 8 * 28 + 4 * SEAT_SIZE + 8 * SEAT_SIZE;
}

/** Whether a welded vertex belongs to a rigid part. */
export function isRigid({ partOfIsland }: RigidParts, { islandOf }: Topology, v: number): boolean {
  const island = islandOf[v];
  return island !== NO_INDEX && partOfIsland[island] !== NO_INDEX;
}

function measureIslands(
  { islandOf, weldedIndices }: Topology,
  rest: Float64Array,
  { bounds, faces }: RigidParts,
): void {
  for (let i = 0; i < bounds.length; i++) bounds[i] = i % 6 < 3 ? Infinity : -Infinity;
  for (let v = 0; v < islandOf.length; v++) {
    if (islandOf[v] === NO_INDEX) continue;
    const b = 6 * islandOf[v];
    for (let k = 0; k < 3; k++) {
      bounds[b + k] = Math.min(bounds[b + k], rest[3 * v + k]);
      bounds[b + 3 + k] = Math.max(bounds[b + 3 + k], rest[3 * v + k]);
    }
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const island = islandOf[weldedIndices[c]];
    if (island !== NO_INDEX) faces[island]++;
  }
}

function diagonalOf(bounds: Float64Array, b: number): number {
  return Math.sqrt(
    (bounds[b + 3] - bounds[b]) ** 2 + (bounds[b + 4] - bounds[b + 1]) ** 2 + (bounds[b + 5] - bounds[b + 2]) ** 2,
  );
}

function wholeDiagonal(bounds: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    let low = Infinity, high = -Infinity;
    for (let b = 0; b < bounds.length; b += 6) {
      low = Math.min(low, bounds[b + k]);
      high = Math.max(high, bounds[b + 3 + k]);
    }
    sum += (high - low) ** 2;
  }
  return Math.sqrt(sum);
}

/**
 * Moves every part as one piece: by the rotation and translation of the cloth
 * nearest to it, then out of the body until its deepest vertex is at the clearance.
 *
 * @param rest Welded input positions.
 * @param p Welded result; cloth is read, parts are overwritten.
 */
export function* placeRigidParts(
  parts: RigidParts,
  topology: Topology,
  rest: Float64Array,
  p: Float64Array,
  target: SurfaceIndex,
  clearance: number,
): Work<void> {
  const hit = new SurfaceHit();
  for (let island = 0; island < parts.partOfIsland.length; island++) {
    if (parts.partOfIsland[island] === NO_INDEX) continue;
    findSeat(parts, topology, rest, island);
    setMotion(parts, rest, p);
    movePart(parts, topology, rest, p, island);
    pushOut(topology, p, target, clearance, island, hit);
    yield;
  }
}

/** The places of cloth nearest to the middle of an island, by insertion. */
function findSeat(
  { seat, seatDistanceSq, bounds, partOfIsland }: RigidParts,
  { islandOf }: Topology,
  rest: Float64Array,
  island: number,
): void {
  const b = 6 * island;
  const x = (bounds[b] + bounds[b + 3]) / 2,
    y = (bounds[b + 1] + bounds[b + 4]) / 2,
    z = (bounds[b + 2] + bounds[b + 5]) / 2;
  seat.fill(NO_INDEX);
  seatDistanceSq.fill(Infinity);
  for (let v = 0; v < islandOf.length; v++) {
    if (islandOf[v] === NO_INDEX || partOfIsland[islandOf[v]] !== NO_INDEX) continue;
    const dx = rest[3 * v] - x, dy = rest[3 * v + 1] - y, dz = rest[3 * v + 2] - z;
    const distanceSq = dx * dx + dy * dy + dz * dz;
    let i = SEAT_SIZE - 1;
    if (!(distanceSq < seatDistanceSq[i])) continue;
    for (; i > 0 && distanceSq < seatDistanceSq[i - 1]; i--) {
      seatDistanceSq[i] = seatDistanceSq[i - 1];
      seat[i] = seat[i - 1];
    }
    seatDistanceSq[i] = distanceSq;
    seat[i] = v;
  }
}

/** The rotation and translation that best take the seat from input to result (Kabsch 1976). */
function setMotion({ seat, motion }: RigidParts, rest: Float64Array, p: Float64Array): void {
  motion.fill(0);
  const FROM = 22, TO = 25;
  let count = 0;
  for (let i = 0; i < SEAT_SIZE && seat[i] !== NO_INDEX; i++) {
    count++;
    for (let k = 0; k < 3; k++) {
      motion[FROM + k] += rest[3 * seat[i] + k];
      motion[TO + k] += p[3 * seat[i] + k];
    }
  }
  for (let k = 0; k < 3; k++) {
    motion[FROM + k] /= count;
    motion[TO + k] /= count;
  }
  for (let i = 0; i < count; i++) {
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) {
        motion[3 * r + c] += (p[3 * seat[i] + r] - motion[TO + r]) * (rest[3 * seat[i] + c] - motion[FROM + c]);
      }
    }
  }
  const quaternion = motion.subarray(9, 13), matrix = motion.subarray(13, 22);
  quaternion[3] = 1;
  extractRotation(motion, quaternion, 0);
  rotationMatrix(quaternion, matrix, 0);
}

function movePart(
  { motion: m }: RigidParts,
  { islandOf }: Topology,
  rest: Float64Array,
  p: Float64Array,
  island: number,
): void {
  const M = 13, FROM = 22, TO = 25;
  for (let v = 0; v < islandOf.length; v++) {
    if (islandOf[v] !== island) continue;
    const x = rest[3 * v] - m[FROM], y = rest[3 * v + 1] - m[FROM + 1], z = rest[3 * v + 2] - m[FROM + 2];
    for (let k = 0; k < 3; k++) {
      p[3 * v + k] = m[M + 3 * k] * x + m[M + 3 * k + 1] * y + m[M + 3 * k + 2] * z + m[TO + k];
    }
  }
}

function pushOut(
  { islandOf }: Topology,
  p: Float64Array,
  target: SurfaceIndex,
  clearance: number,
  island: number,
  hit: SurfaceHit,
): void {
  for (let push = 0; push < MAX_PUSHES; push++) {
    let deepest = clearance, nx = 0, ny = 0, nz = 0;
    for (let v = 0; v < islandOf.length; v++) {
      if (islandOf[v] !== island) continue;
      const distance = target.signedDistance(p[3 * v], p[3 * v + 1], p[3 * v + 2], hit);
      if (!(distance < deepest) || distance === 0) continue;
      deepest = distance;
      nx = (p[3 * v] - hit.x) / distance;
      ny = (p[3 * v + 1] - hit.y) / distance;
      nz = (p[3 * v + 2] - hit.z) / distance;
    }
    const by = clearance - deepest;
    if (by <= 0) return;
    for (let v = 0; v < islandOf.length; v++) {
      if (islandOf[v] !== island) continue;
      p[3 * v] += by * nx;
      p[3 * v + 1] += by * ny;
      p[3 * v + 2] += by * nz;
    }
  }
}
