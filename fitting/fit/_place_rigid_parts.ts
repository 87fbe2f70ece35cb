import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { isRigid, type RigidParts, type RigidSizes } from "./_rigid_parts.ts";
import { extractRotation, rotationMatrix } from "../_rotation.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import { SurfaceIndex, surfaceIndexBytes } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** Places of a part that say how the cloth beneath moved; of more, as many are taken evenly. */
const FOOTPRINT = 64;
/** A part grows or shrinks with the cloth at most this much. */
const MIN_SCALE = 0.7, MAX_SCALE = 1.4;
/** How often a part is pushed out along its deepest vertex. */
const MAX_PUSHES = 8;
/** What a place takes, nanoseconds: to find what is beneath, and to move. */
const SEEK_COST = 3000, MOVE_COST = 30;

/** Offsets in `sums`: centre before, centre after, weight, spread, and the cloth's normal before and after. */
const FROM = 9, TO = 12, WEIGHT = 15, SPREAD = 16, NORMAL = 17, NORMAL_NOW = 20;

/** Bytes {@linkcode placeRigidPartsWork} leases from scratch. */
export function placeRigidPartsBytes({ weldedCount, faceCount }: RigidSizes): number {
  return 4 * 3 * weldedCount + 4 * 3 * faceCount + surfaceIndexBytes({ faceCount });
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
