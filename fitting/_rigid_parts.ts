import type { Frame, Scratch } from "../pool/scratch.ts";
import { Effort } from "./_effort.ts";
import { extractRotation, rotationMatrix } from "./_rotation.ts";
import { NO_INDEX } from "./mesh.ts";
import { SurfaceHit } from "./surface_hit.ts";
import { SurfaceIndex, surfaceIndexBytes } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "./work.ts";

/** A separate part is rigid when its bounds are below this share of the garment's… */
const MAX_SIZE = 0.15;
/** …and it has at most this many faces. Buttons, buckles, rivets; not a sleeve. */
const MAX_FACES = 600;
/** Places of a part that say how the cloth beneath moved; of more, as many are taken evenly. */
const FOOTPRINT = 64;
/** A part grows or shrinks with the cloth at most this much. */
const MIN_SCALE = 0.7, MAX_SCALE = 1.4;
/** How often a part is pushed out along its deepest vertex. */
const MAX_PUSHES = 8;
/** What a place takes, nanoseconds: to find what is beneath, and to move. */
const SEEK_COST = 3000, MOVE_COST = 30;

/** Which parts of a garment keep their shape. */
export type RigidMode = "auto" | "none" | "all";

/** The parts of a garment that keep their shape, each up to one similarity. */
export interface RigidParts {
  /** Part of each place, or `NO_INDEX` for cloth. */
  readonly partOf: Uint32Array;
  /** How many parts there are. */
  count: number;
  /** CSR offsets into `places`, `count + 1` in use. */
  readonly offsets: Uint32Array;
  /** Places of every part. */
  readonly places: Uint32Array;
  /** 1 for a part that hangs together with nothing else and rides on the cloth beside it; others are solved along. */
  readonly rides: Uint8Array;
  /** Sums over the part that is moved: covariance, and from {@linkcode FROM} on centres, weight and spread. */
  readonly sums: Float64Array;
  /** Its quaternion. */
  readonly quaternion: Float64Array;
  /** Its rotation times scale, row-major. */
  readonly matrix: Float64Array;
}

/** Offsets in `sums`: centre before, centre after, weight, spread, and the cloth's normal before and after. */
const FROM = 9, TO = 12, WEIGHT = 15, SPREAD = 16, NORMAL = 17, NORMAL_NOW = 20, SUM_COUNT = 23;

/** The counts that decide how much rigid parts lease. */
interface RigidSizes {
  readonly weldedCount: number;
  readonly faceCount: number;
  readonly islandCount: number;
}

/**
 * Leases and finds the parts of a garment that keep their shape: small islands
 * (`auto`), every island (`all`), or what hangs together of the places that
 * `chosen` gives one number, whatever the mode.
 *
 * @param rest Welded places.
 * @param chosen Numbers of places, 0 for those that are not chosen.
 */
export function findRigidParts(
  topology: Topology,
  rest: Float64Array,
  mode: RigidMode,
  chosen: Uint8Array | undefined,
  frame: Frame,
): RigidParts {
  const { weldedCount: n, islandCount } = topology;
  const parts: RigidParts = {
    partOf: frame.u32(n).fill(NO_INDEX),
    count: 0,
    offsets: frame.u32(n + 1),
    places: frame.u32(n),
    rides: frame.u8(n),
    sums: frame.f64(SUM_COUNT),
    quaternion: frame.f64(4),
    matrix: frame.f64(9),
  };
  const bounds = frame.f64(6 * islandCount), faces = frame.u32(islandCount), partOfIsland = frame.u32(islandCount);
  if (chosen !== undefined) gatherChosen(topology, chosen, parts);
  else if (mode !== "none") {
    measureIslands(topology, rest, bounds, faces);
    const whole = wholeDiagonal(bounds);
    for (let island = 0; island < islandCount; island++) {
      const isSmall = diagonalOf(bounds, 6 * island) <= MAX_SIZE * whole && faces[island] <= MAX_FACES;
      partOfIsland[island] = mode === "all" || isSmall ? parts.count++ : NO_INDEX;
    }
    if (mode === "auto" && parts.count === islandCount) parts.count = 0; // nothing to ride on: it is all cloth
    for (let v = 0; parts.count > 0 && v < n; v++) {
      if (topology.islandOf[v] !== NO_INDEX) parts.partOf[v] = partOfIsland[topology.islandOf[v]];
    }
    if (mode === "auto") parts.rides.fill(1, 0, parts.count);
  }
  listPlaces(parts);
  return parts;
}

/** Bytes {@linkcode findRigidParts} leases. */
export function rigidPartsBytes({ weldedCount, islandCount }: RigidSizes): number {
  return weldedCount * (4 + 4 + 4 + 1) + 4 + 8 * (SUM_COUNT + 13) + islandCount * (48 + 4 + 4);
}

/** Bytes {@linkcode placeRigidPartsWork} leases from scratch. */
export function placeRigidPartsBytes({ weldedCount, faceCount }: RigidSizes): number {
  return 4 * 3 * weldedCount + 4 * 3 * faceCount + surfaceIndexBytes({ faceCount });
}

/** Whether a place belongs to a rigid part. */
export function isRigid({ partOf }: RigidParts, v: number): boolean {
  return partOf[v] !== NO_INDEX;
}

/** Whether a place belongs to a part that rides on the cloth, which the solve leaves out. */
export function isRider({ partOf, rides }: RigidParts, v: number): boolean {
  return partOf[v] !== NO_INDEX && rides[partOf[v]] === 1;
}

/** Places with one number that hang together are a part. */
function gatherChosen(
  { weldedCount, ringOffsets, ringVertices }: Topology,
  chosen: Uint8Array,
  parts: RigidParts,
): void {
  const { partOf, places: queue } = parts;
  for (let seed = 0; seed < weldedCount; seed++) {
    if (chosen[seed] === 0 || partOf[seed] !== NO_INDEX || ringOffsets[seed] === ringOffsets[seed + 1]) continue;
    const part = parts.count++;
    let size = 0, rides = 1;
    queue[size++] = seed;
    partOf[seed] = part;
    for (let next = 0; next < size; next++) {
      for (let r = ringOffsets[queue[next]]; r < ringOffsets[queue[next] + 1]; r++) {
        const v = ringVertices[r];
        if (chosen[v] !== chosen[seed]) rides = 0;
        else if (partOf[v] === NO_INDEX) {
          partOf[v] = part;
          queue[size++] = v;
        }
      }
    }
    parts.rides[part] = rides;
  }
  let cloth = 0;
  for (let v = 0; v < weldedCount; v++) if (partOf[v] === NO_INDEX && ringOffsets[v] !== ringOffsets[v + 1]) cloth++;
  if (cloth === 0) parts.rides.fill(0); // nothing to ride on
}

function listPlaces({ partOf, count, offsets, places }: RigidParts): void {
  let total = 0;
  for (let v = 0; v < partOf.length; v++) {
    if (partOf[v] === NO_INDEX) continue;
    offsets[partOf[v] + 1]++;
    total++;
  }
  for (let part = 0; part < count; part++) offsets[part + 1] += offsets[part]; // ends
  for (let v = partOf.length - 1; v >= 0; v--) if (partOf[v] !== NO_INDEX) places[--offsets[partOf[v] + 1]] = v;
  offsets.copyWithin(0, 1, count + 1); // what was an end is the start now
  offsets[count] = total;
}

function measureIslands(
  { islandOf, weldedIndices }: Topology,
  rest: Float64Array,
  bounds: Float64Array,
  faces: Uint32Array,
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
 * Moves every part that rides on cloth as one piece: by the similarity that best
 * takes the cloth beneath its places from input to result, then out of the body
 * until its deepest vertex is at the clearance.
 *
 * @param rest Welded input places.
 * @param p Welded result; cloth is read, parts are overwritten.
 * @param clearance How near each place may come to the body, metres.
 */
export function* placeRigidPartsWork(
  parts: RigidParts,
  topology: Topology,
  rest: Float64Array,
  p: Float64Array,
  target: SurfaceIndex,
  clearance: Float64Array,
  scratch: Scratch,
): Work<void> {
  using frame = scratch.frame("placeRigidParts");
  const positions = frame.f32(rest.length), indices = frame.u32(topology.weldedIndices.length);
  const cloth = listCloth(parts, topology, rest, positions, indices);
  const index = yield* SurfaceIndex.buildWork({ positions, indices }, frame);
  const hit = new SurfaceHit(), effort = new Effort();
  for (let part = 0; part < parts.count; part++) {
    if (parts.rides[part] === 0) continue;
    if (cloth > 0) {
      addFootprint(parts, part, index, positions, indices, rest, p, hit);
      movePart(parts, part, rest, p);
    }
    pushOut(parts, part, p, target, clearance, hit);
    const size = parts.offsets[part + 1] - parts.offsets[part];
    yield* effort.spend(Math.min(FOOTPRINT, size) + 2 * size, SEEK_COST);
  }
}

/** Faces without rigid places; room that is left repeats the last, so that what is leased does not depend on how many. Returns their number. */
function listCloth(
  parts: RigidParts,
  { weldedIndices: t }: Topology,
  rest: Float64Array,
  positions: Float32Array,
  indices: Uint32Array,
): number {
  positions.set(rest);
  let end = 0;
  for (let c = 0; c < t.length; c += 3) {
    if (isRigid(parts, t[c]) || isRigid(parts, t[c + 1]) || isRigid(parts, t[c + 2])) continue;
    for (let k = 0; k < 3; k++) indices[end++] = t[c + k];
  }
  for (let c = end; c < indices.length; c++) indices[c] = end === 0 ? 0 : indices[end - 3 + c % 3];
  return end / 3;
}

/**
 * Finds how the cloth beneath a part moved: for places of the part the closest
 * point of cloth, and a point above it along the normal, which says how the cloth
 * turned where a part is narrow (Umeyama 1991).
 */
function addFootprint(
  parts: RigidParts,
  part: number,
  index: SurfaceIndex,
  positions: Float32Array,
  indices: Uint32Array,
  rest: Float64Array,
  p: Float64Array,
  hit: SurfaceHit,
): void {
  const { sums, offsets, places } = parts, start = offsets[part], size = offsets[part + 1] - start;
  const count = Math.min(FOOTPRINT, size), height = 0.5 * radiusOf(parts, part, rest);
  sums.fill(0);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < count; i++) {
      const v = places[start + Math.floor(i * size / count)];
      index.closestPoint(positions[3 * v], positions[3 * v + 1], positions[3 * v + 2], hit);
      const c = 3 * hit.face, a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
      const weight = 1 / (hit.distanceSq + 0.01 * height * height + 1e-12);
      setNormal(rest, a, b, d, sums, NORMAL);
      setNormal(p, a, b, d, sums, NORMAL_NOW);
      for (let side = -1; side <= 1; side += 2) addPair(sums, hit, rest, p, a, b, d, side * height, weight, pass);
    }
    if (pass === 1) break;
    for (let k = FROM; k < WEIGHT; k++) sums[k] /= sums[WEIGHT];
  }
  finishMotion(parts);
}

/** Half the diagonal of a part's bounds, metres. */
function radiusOf({ offsets, places }: RigidParts, part: number, rest: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    let low = Infinity, high = -Infinity;
    for (let i = offsets[part]; i < offsets[part + 1]; i++) {
      low = Math.min(low, rest[3 * places[i] + k]);
      high = Math.max(high, rest[3 * places[i] + k]);
    }
    sum += (high - low) ** 2;
  }
  return Math.sqrt(sum) / 2;
}

/** Unit normal of a face, to `out[at]` and the two after it. */
function setNormal(p: Float64Array, a: number, b: number, d: number, out: Float64Array, at: number): void {
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const scale = 1 / Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), Number.MIN_VALUE);
  out[at] = scale * nx;
  out[at + 1] = scale * ny;
  out[at + 2] = scale * nz;
}

/** Adds one pair of points before and after: in the first pass to the centres, in the second to covariance and spread. */
function addPair(
  m: Float64Array,
  { w0, w1, w2 }: SurfaceHit,
  rest: Float64Array,
  p: Float64Array,
  a: number,
  b: number,
  d: number,
  height: number,
  weight: number,
  pass: number,
): void {
  const fx = w0 * rest[a] + w1 * rest[b] + w2 * rest[d] + height * m[NORMAL] - m[FROM] * pass;
  const fy = w0 * rest[a + 1] + w1 * rest[b + 1] + w2 * rest[d + 1] + height * m[NORMAL + 1] - m[FROM + 1] * pass;
  const fz = w0 * rest[a + 2] + w1 * rest[b + 2] + w2 * rest[d + 2] + height * m[NORMAL + 2] - m[FROM + 2] * pass;
  const tx = w0 * p[a] + w1 * p[b] + w2 * p[d] + height * m[NORMAL_NOW] - m[TO] * pass;
  const ty = w0 * p[a + 1] + w1 * p[b + 1] + w2 * p[d + 1] + height * m[NORMAL_NOW + 1] - m[TO + 1] * pass;
  const tz = w0 * p[a + 2] + w1 * p[b + 2] + w2 * p[d + 2] + height * m[NORMAL_NOW + 2] - m[TO + 2] * pass;
  if (pass === 0) {
    m[FROM] += weight * fx;
    m[FROM + 1] += weight * fy;
    m[FROM + 2] += weight * fz;
    m[TO] += weight * tx;
    m[TO + 1] += weight * ty;
    m[TO + 2] += weight * tz;
    m[WEIGHT] += weight;
    return;
  }
  m[0] += weight * tx * fx;
  m[1] += weight * tx * fy;
  m[2] += weight * tx * fz;
  m[3] += weight * ty * fx;
  m[4] += weight * ty * fy;
  m[5] += weight * ty * fz;
  m[6] += weight * tz * fx;
  m[7] += weight * tz * fy;
  m[8] += weight * tz * fz;
  m[SPREAD] += weight * (fx * fx + fy * fy + fz * fz);
}

/** From covariance to rotation times scale. */
function finishMotion({ sums, quaternion, matrix }: RigidParts): void {
  quaternion.fill(0)[3] = 1;
  extractRotation(sums, quaternion, 0);
  rotationMatrix(quaternion, matrix, 0);
  let along = 0;
  for (let k = 0; k < 9; k++) along += matrix[k] * sums[k];
  const scale = sums[SPREAD] > 0 ? Math.min(MAX_SCALE, Math.max(MIN_SCALE, along / sums[SPREAD])) : 1;
  for (let k = 0; k < 9; k++) matrix[k] *= scale;
}

function movePart(
  { sums: m, matrix, offsets, places }: RigidParts,
  part: number,
  rest: Float64Array,
  p: Float64Array,
): void {
  for (let i = offsets[part]; i < offsets[part + 1]; i++) {
    const v = 3 * places[i], x = rest[v] - m[FROM], y = rest[v + 1] - m[FROM + 1], z = rest[v + 2] - m[FROM + 2];
    for (let k = 0; k < 3; k++) {
      p[v + k] = matrix[3 * k] * x + matrix[3 * k + 1] * y + matrix[3 * k + 2] * z + m[TO + k];
    }
  }
}

/** Takes every part that was solved along to the similarity closest to what it became, then out of the body. */
export function* squarePartsWork(
  parts: RigidParts,
  rest: Float64Array,
  p: Float64Array,
  target: SurfaceIndex,
  clearance: Float64Array,
): Work<void> {
  const { sums: m, offsets, places } = parts, effort = new Effort(), hit = new SurfaceHit();
  for (let part = 0; part < parts.count; part++) {
    if (parts.rides[part] === 1) continue;
    const start = offsets[part], end = offsets[part + 1];
    m.fill(0);
    m[WEIGHT] = end - start;
    for (let i = start; i < end; i++) {
      for (let k = 0; k < 3; k++) {
        m[FROM + k] += rest[3 * places[i] + k] / m[WEIGHT];
        m[TO + k] += p[3 * places[i] + k] / m[WEIGHT];
      }
    }
    for (let i = start; i < end; i++) {
      const v = 3 * places[i];
      for (let r = 0; r < 3; r++) {
        for (let c = 0; c < 3; c++) m[3 * r + c] += (p[v + r] - m[TO + r]) * (rest[v + c] - m[FROM + c]);
        m[SPREAD] += (rest[v + r] - m[FROM + r]) ** 2;
      }
    }
    finishMotion(parts);
    movePart(parts, part, rest, p);
    pushOut(parts, part, p, target, clearance, hit);
    yield* effort.spend(end - start, SEEK_COST + MOVE_COST);
  }
}

function pushOut(
  { offsets, places }: RigidParts,
  part: number,
  p: Float64Array,
  target: SurfaceIndex,
  clearance: Float64Array,
  hit: SurfaceHit,
): void {
  for (let push = 0; push < MAX_PUSHES; push++) {
    let by = 0, nx = 0, ny = 0, nz = 0;
    for (let i = offsets[part]; i < offsets[part + 1]; i++) {
      const v = places[i], distance = target.signedDistance(p[3 * v], p[3 * v + 1], p[3 * v + 2], hit);
      const lack = clearance[v] - distance;
      if (!(lack > by) || distance === 0 || distance === -Infinity) continue;
      by = lack;
      nx = (p[3 * v] - hit.x) / distance;
      ny = (p[3 * v + 1] - hit.y) / distance;
      nz = (p[3 * v + 2] - hit.z) / distance;
    }
    if (by <= 0) return;
    for (let i = offsets[part]; i < offsets[part + 1]; i++) {
      const v = places[i];
      p[3 * v] += by * nx;
      p[3 * v + 1] += by * ny;
      p[3 * v + 2] += by * nz;
    }
  }
}
