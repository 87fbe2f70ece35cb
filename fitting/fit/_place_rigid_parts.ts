import type { Scratch } from "../../pool/scratch.ts";
import { type Contact, meanSide } from "./_contact.ts";
import type { Effort } from "../_effort.ts";
import { sizeOf } from "./_elastic_holds.ts";
import { isRigid, type RigidParts, type RigidSizes } from "./_rigid_parts.ts";
import { extractRotation, rotationMatrix } from "../_rotation.ts";
import { leaseSettler, settlePart, settlerBytes } from "./_settle_part.ts";
import { sumNormals } from "./_sum_normals.ts";
import type { SurfaceHit } from "../surface/surface_hit.ts";
import { SurfaceIndex, surfaceIndexBytes } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** Places of a part that say how the cloth beneath moved; of more, as many are taken evenly. */
const FOOTPRINT = 64;
/** A part grows or shrinks at most so much more than the skin beneath. */
const MIN_SCALE = 0.7, MAX_SCALE = 1.4;
/** Cloth so near is what a part rides on, however near the skin is; metres. */
const LEAST_AIR = 0.002;
/** One that was solved along, at most so much. */
const LEAST_SIZE = 0.1, MOST_SIZE = 10;
/** What it takes to find what is beneath a place, nanoseconds. */
const SEEK_COST = 3000;

/** Offsets in `sums`: centre before, centre after, weight, spread, and the cloth's normal before and after. */
const FROM = 9, TO = 12, WEIGHT = 15, SPREAD = 16, NORMAL = 17, NORMAL_NOW = 20;

/** Bytes {@linkcode placeRigidPartsWork} leases from scratch. */
export function placeRigidPartsBytes(sizes: RigidSizes): number {
  const { weldedCount, faceCount } = sizes;
  return 4 * 3 * weldedCount + 4 * 3 * faceCount + 8 * 6 * weldedCount + surfaceIndexBytes({ faceCount }) +
    settlerBytes(sizes);
}

/** A garment that was solved for, and where its places were carried to. */
interface Placing {
  readonly topology: Topology;
  readonly parts: RigidParts;
  readonly contact: Contact;
  /** `3 *` welded input places. */
  readonly rest: Float64Array;
  /** `3 *` welded result; cloth is read, parts are overwritten. */
  readonly p: Float64Array;
  /** 1 for places that stay: so does all of a part that has one. */
  readonly stays: Uint8Array;
}

/** How much a part still lacks that could not be taken out of the body, metres, and the place where. */
export interface Settled {
  readonly worst: number;
  readonly place: number;
}

/**
 * Moves every part as one piece, by a similarity: one that was solved along by
 * what comes closest to what became of it, one that rides by what best takes the
 * cloth beneath its places from input to result, or, where the skin is nearer than
 * any cloth, its places to where the skin carries them. Then out of the body, see
 * {@linkcode settlePart}.
 *
 * @param allowed 1 for places that may be inside.
 */
export function* placeRigidPartsWork(
  placing: Placing,
  goal: SkinGoal,
  allowed: Uint8Array | undefined,
  effort: Effort,
  scratch: Scratch,
): Work<Settled> {
  const { parts, topology, contact, rest, p, stays } = placing;
  using frame = scratch.frame("placeRigidParts");
  const settler = leaseSettler(topology, parts, contact, allowed, meanSide(contact.target), frame);
  const positions = frame.f32(rest.length), indices = frame.u32(topology.weldedIndices.length);
  const cloth: Cloth = {
    goal,
    rest,
    p,
    indices,
    normals: frame.f64(rest.length),
    now: frame.f64(rest.length),
    hit: contact.hit,
  };
  const count = parts.rides.includes(1) ? listCloth(parts, topology, rest, positions, indices) : 0;
  const index = yield* SurfaceIndex.buildWork({ positions, indices }, frame);
  sumNormals(topology.weldedIndices, rest, cloth.normals);
  sumNormals(topology.weldedIndices, p, cloth.now);
  for (let part = 0; part < parts.count; part++) {
    const size = parts.offsets[part + 1] - parts.offsets[part];
    if (hasPlaceThatStays(parts, part, stays)) continue;
    if (parts.rides[part] === 0) squarePart(parts, part, rest, p);
    else if (count > 0) {
      addFootprint(parts, part, index, contact.target, cloth);
      movePart(parts, part, rest, p);
    }
    yield* effort.spend(Math.min(FOOTPRINT, size), SEEK_COST);
    yield* settlePart(settler, part, p, effort);
  }
  return { worst: settler.partsWorst, place: settler.partsWorstPlace };
}

function hasPlaceThatStays({ offsets, places }: RigidParts, part: number, stays: Uint8Array): boolean {
  for (let i = offsets[part]; i < offsets[part + 1]; i++) if (stays[places[i]] === 1) return true;
  return false;
}

/** Cloth that parts ride on. */
interface Cloth {
  readonly goal: SkinGoal;
  readonly rest: Float64Array;
  readonly p: Float64Array;
  /** Of the faces of cloth. */
  readonly indices: Uint32Array;
  /** `3 *` normals of places in the input and now, by area; not unit. */
  readonly normals: Float64Array;
  readonly now: Float64Array;
  readonly hit: SurfaceHit;
}

/** Where places were carried to, see `ElasticGoal`. */
interface SkinGoal {
  readonly bound: Float64Array;
  readonly frames: Float64Array;
  readonly standOff: Float64Array;
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
 * Finds how what is beneath a part moved: for places of the part the closest point
 * of cloth, and a point above and one below it along the normal, which say how the
 * cloth turned where a part is narrow (Umeyama 1991). Where the cloth is farther
 * than the skin, as a cape is from a helmet, the place itself goes with the skin.
 */
function addFootprint(parts: RigidParts, part: number, index: SurfaceIndex, body: SurfaceIndex, cloth: Cloth): void {
  const { sums, offsets, places } = parts, start = offsets[part], size = offsets[part + 1] - start;
  const { goal, rest, p, indices, hit } = cloth;
  const count = Math.min(FOOTPRINT, size), height = 0.5 * radiusOf(parts, part, rest);
  let growth = 0;
  sums.fill(0);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < count; i++) {
      const v = places[start + Math.floor(i * size / count)];
      let skin = goal.standOff[v];
      if (!(skin > 0) && body.closestPointAt(rest, v, hit)) skin = Math.sqrt(hit.distanceSq);
      index.closestPointAt(rest, v, hit);
      const c = 3 * hit.face, a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
      const weight = 1 / (hit.distanceSq + 0.01 * height * height + 1e-12);
      const onCloth = Math.min(1, Math.max(0, 2 - Math.sqrt(hit.distanceSq) / Math.max(skin, LEAST_AIR)));
      if (onCloth > 0) {
        setNormal(cloth.normals, hit, a, b, d, sums, NORMAL);
        setNormal(cloth.now, hit, a, b, d, sums, NORMAL_NOW);
        for (let side = -1; side <= 1; side += 2) {
          addPair(sums, hit, rest, p, a, b, d, side * height, onCloth * weight, pass);
        }
      }
      if (onCloth < 1) {
        hit.w0 = 1;
        hit.w1 = hit.w2 = 0;
        const near = 2 * (1 - onCloth) / (skin * skin + 0.01 * height * height + 1e-12);
        addPair(sums, hit, rest, goal.bound, 3 * v, 3 * v, 3 * v, 0, near, pass);
      }
      growth += sizeOf(goal.frames, 9 * v) / (2 * count);
    }
    if (pass === 0) { for (let k = FROM; k < WEIGHT; k++) sums[k] /= sums[WEIGHT]; }
  }
  finishMotion(parts, MIN_SCALE * growth, MAX_SCALE * growth);
}

/** About how far a part reaches from its middle, however it is turned, metres. */
function radiusOf({ offsets, places }: RigidParts, part: number, rest: Float64Array): number {
  const start = offsets[part], size = offsets[part + 1] - start;
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    let mean = 0;
    for (let i = start; i < start + size; i++) mean += rest[3 * places[i] + k] / size;
    for (let i = start; i < start + size; i++) sum += (rest[3 * places[i] + k] - mean) ** 2;
  }
  return 2 * Math.sqrt(sum / size);
}

/** Unit normal of the surface at a hit, to `out[at]` and the two after it. */
function setNormal(
  normals: Float64Array,
  { w0, w1, w2 }: SurfaceHit,
  a: number,
  b: number,
  d: number,
  out: Float64Array,
  at: number,
): void {
  const x = w0 * normals[a] + w1 * normals[b] + w2 * normals[d];
  const y = w0 * normals[a + 1] + w1 * normals[b + 1] + w2 * normals[d + 1];
  const z = w0 * normals[a + 2] + w1 * normals[b + 2] + w2 * normals[d + 2];
  const scale = 1 / Math.max(Math.sqrt(x * x + y * y + z * z), Number.MIN_VALUE);
  out[at] = scale * x;
  out[at + 1] = scale * y;
  out[at + 2] = scale * z;
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
function finishMotion({ sums, quaternion, matrix }: RigidParts, least: number, most: number): void {
  quaternion.fill(0)[3] = 1;
  extractRotation(sums, quaternion, 0);
  rotationMatrix(quaternion, matrix, 0);
  let along = 0;
  for (let k = 0; k < 9; k++) along += matrix[k] * sums[k];
  const scale = sums[SPREAD] > 0 ? Math.min(most, Math.max(least, along / sums[SPREAD])) : 1;
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

/** Takes a part that was solved along to the similarity closest to what it became. */
function squarePart(parts: RigidParts, part: number, rest: Float64Array, p: Float64Array): void {
  const { sums: m, offsets, places } = parts, start = offsets[part], end = offsets[part + 1];
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
  finishMotion(parts, LEAST_SIZE, MOST_SIZE);
  movePart(parts, part, rest, p);
}
