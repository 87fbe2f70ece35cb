import type { Frame } from "../../pool/scratch.ts";
import type { ContactTerms } from "./_elastic_system.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** So close to the surface the direction to it means nothing; metres. */
const ON_SURFACE = 1e-9;
/** Samples {@linkcode findContacts} goes over in one call. */
export const CONTACT_CHUNK = 1024;
/** Places or faces whose samples are listed between two pauses. */
const LIST_CHUNK = 32_768;
/** What a sample takes, nanoseconds: to ask its distance, and to pass over. */
export const ASK_COST = 3000, PASS_COST = 8;

/** Extra samples a mesh may have in faces that are large against those of the body: so many a face, and in all. */
const EXTRA_PER_FACE = 16, MAX_EXTRA = 24_576;
/** The most parts a side of such a face is divided into. */
const MAX_DIVISIONS = 8;
/** What one of them weighs, against a vertex, an edge midpoint or a face centre: all of a face as much as one and a half. */
const EXTRA_WEIGHT = 1.5;
/** A sample that lacks so much weighs in full, less by its share, so that it comes and goes without a jolt; metres. */
const FULL_LACK = 1e-4;
/** A second wall that is nearer than wanted by less is none; metres. */
const SECOND_WALL = 1e-6;
/** Between walls that face each other closer than twice what is wanted, this share of the gap is: each sheet keeps to its side. */
const GAP_SHARE = 0.4;
/** Such walls give way by so much. */
const PARALLEL = 0.02;
/** Walls that face alike are one: the square of the sine between them. */
const LEAST_ANGLE = 1e-4;

/** Shares of three vertices in a sample, and what it weighs; by kind of sample. */
const KINDS = sampleKinds();

/**
 * Where a garment may touch a body: its vertices, edge midpoints and face
 * centres, and a lattice in faces that are larger than those of the body. A
 * sample far from the body is not asked again until it has moved as far, so most
 * iterations ask few of them.
 */
export interface Contact extends ContactTerms {
  readonly target: SurfaceIndex;
  /** How many samples there are. */
  sampleCount: number;
  /** `3 *` vertices of each sample; unused slots repeat the first. */
  readonly vertices: Uint32Array;
  /** Row of {@linkcode KINDS}; {@linkcode NO_SAMPLE} for one that does not count. */
  readonly kinds: Uint8Array;
  /** How far a sample may still move before it is asked again, metres. */
  readonly slack: Float32Array;
  /** Closest face of the last answer. */
  readonly lastFace: Int32Array;
  /** How close each welded vertex may come, metres. */
  readonly clearance: Float64Array;
  activeCount: number;
  /** `3 *` where each active sample should be. */
  readonly activeTargets: Float64Array;
  /** What each active sample weighs: nothing at the distance it should have, 1 from {@linkcode FULL_LACK} on. */
  readonly activeWeights: Float32Array;
  readonly hit: SurfaceHit;
  /** Where the sample is that was asked for last, the direction out of the body there, and where it should be. */
  readonly point: Float64Array;
  /** Its signed distance, metres; `Infinity` without a surface. In here, as an engine makes an object of a number that is passed. */
  distance: number;
  /** The distance it should have, metres. */
  wanted: number;
  /** Samples that are looked at while little moves, ascending, and how many they are: see `beginWatch`. */
  readonly watched: Uint32Array;
  watchedCount: number;
  /** How far each welded vertex moved since, metres; along its way. */
  readonly path: Float64Array;
  /** At least as far as any of them, metres. */
  travelled: number;
  /** The largest violation of this round, metres; negative where there is air left. */
  worst: number;
  /** The sample it is at. */
  worstSample: number;
}

/** A sample that does not count. */
export const NO_SAMPLE = 255;

/** Vertex, edge midpoint, face centre; then a lattice of 2, 3, … {@linkcode MAX_DIVISIONS} parts a side, point by point. */
function sampleKinds(): Float64Array {
  const rows = [[1, 0, 0, 1], [0.5, 0.5, 0, 1], [1 / 3, 1 / 3, 1 / 3, 1]];
  for (let m = 2; m <= MAX_DIVISIONS; m++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; i + j < m; j++) {
        const u = (i + 1 / 3) / m, v = (j + 1 / 3) / m;
        rows.push([1 - u - v, u, v, EXTRA_WEIGHT / latticeSize(m)]);
      }
    }
  }
  return Float64Array.from(rows.flat());
}

/** Points of a lattice with `m` parts a side. */
export function latticeSize(m: number): number {
  return m * (m + 1) / 2;
}

/** The first kind of a lattice. */
export function latticeKind(m: number): number {
  return 3 + (m - 1) * m * (m + 1) / 6 - 1;
}

/** The counts that decide how many samples a mesh may have. */
interface SampleSizes {
  readonly weldedCount: number;
  readonly edgeCount: number;
  readonly faceCount: number;
}

/** Samples a mesh has at most. */
function sampleCountOf({ weldedCount, edgeCount, faceCount }: SampleSizes): number {
  return weldedCount + edgeCount + faceCount + Math.min(EXTRA_PER_FACE * faceCount, MAX_EXTRA);
}

/** Leases contact for a mesh, without its samples: see {@linkcode listSamples}; `weight` is what one contact weighs in the system. */
export function leaseContact(topology: Topology, target: SurfaceIndex, weight: number, frame: Frame): Contact {
  const { weldedCount, edgeCount, weldedIndices } = topology;
  const most = sampleCountOf({ weldedCount, edgeCount, faceCount: weldedIndices.length / 3 });
  return {
    target,
    weight,
    sampleCount: 0,
    vertices: frame.u32(3 * most),
    kinds: frame.u8(most),
    kindRows: KINDS,
    slack: frame.f32(most),
    lastFace: frame.i32(most).fill(-1),
    clearance: frame.f64(weldedCount),
    activeCount: 0,
    activeVertices: frame.u32(3 * most),
    activeKinds: frame.u8(most),
    activeTargets: frame.f64(3 * most),
    activeWeights: frame.f32(most),
    watched: frame.u32(most),
    watchedCount: 0,
    path: frame.f64(weldedCount),
    travelled: 0,
    hit: new SurfaceHit(),
    point: frame.f64(9),
    distance: NaN,
    wanted: NaN,
    worst: NaN,
    worstSample: 0,
  };
}

/** Bytes {@linkcode leaseContact} leases. */
export function contactBytes(sizes: SampleSizes): number {
  return sampleCountOf(sizes) * (12 + 1 + 4 + 4 + 4 + 12 + 1 + 24 + 4) + 8 * 2 * sizes.weldedCount + 8 * 9;
}

/**
 * Fills in vertices and kinds of the samples, and how many there are.
 *
 * @param rest Welded places of the mesh: how large its faces are.
 */
export function* listSamples(topology: Topology, rest: Float64Array, contact: Contact): Work<void> {
  const { target, vertices, kinds } = contact;
  const { weldedCount, ringOffsets, ringVertices, weldedIndices } = topology;
  let s = 0;
  for (let v = 0; v < weldedCount; v++) {
    if (v % LIST_CHUNK === LIST_CHUNK - 1) yield;
    vertices[3 * s] = vertices[3 * s + 1] = vertices[3 * s + 2] = v;
    kinds[s++] = ringOffsets[v] === ringOffsets[v + 1] ? NO_SAMPLE : 0; // what no face uses touches nothing
  }
  for (let v = 0; v < weldedCount; v++) {
    if (v % LIST_CHUNK === LIST_CHUNK - 1) yield;
    for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) {
      if (ringVertices[r] < v) continue;
      vertices[3 * s] = vertices[3 * s + 2] = v;
      vertices[3 * s + 1] = ringVertices[r];
      kinds[s++] = 1;
    }
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    if (c % (3 * LIST_CHUNK) === 0) yield;
    for (let k = 0; k < 3; k++) vertices[3 * s + k] = weldedIndices[c + k];
    kinds[s++] = 2;
  }
  yield;
  const room = Math.min(EXTRA_PER_FACE * weldedIndices.length / 3, MAX_EXTRA);
  const edge = meanSide(target);
  let most = MAX_DIVISIONS;
  while (most > 1 && extraSamples(weldedIndices, rest, edge, most) > room) most--;
  for (let c = 0; most > 1 && c < weldedIndices.length; c += 3) {
    if (c % (3 * LIST_CHUNK) === 0) yield;
    const m = divisionsOf(rest, weldedIndices, c, edge, most);
    for (let i = 0; m > 1 && i < latticeSize(m); i++) {
      for (let k = 0; k < 3; k++) vertices[3 * s + k] = weldedIndices[c + k];
      kinds[s++] = latticeKind(m) + i;
    }
  }
  contact.sampleCount = s;
}

/** Samples the lattices would have if no side were divided more than `most` times. */
function extraSamples(t: Uint32Array, rest: Float64Array, edge: number, most: number): number {
  let sum = 0;
  for (let c = 0; c < t.length; c += 3) {
    const m = divisionsOf(rest, t, c, edge, most);
    if (m > 1) sum += latticeSize(m);
  }
  return sum;
}

/** Into how many parts the sides of a face are divided, so that each is about as long as the body's edges. */
export function divisionsOf(p: Float64Array, t: Uint32Array, c: number, edge: number, most: number): number {
  let longestSq = 0;
  for (let k = 0; k < 3; k++) {
    const i = 3 * t[c + k], j = 3 * t[c + (k + 1) % 3];
    const x = p[i] - p[j], y = p[i + 1] - p[j + 1], z = p[i + 2] - p[j + 2];
    longestSq = Math.max(longestSq, x * x + y * y + z * z);
  }
  const parts = Math.floor(Math.sqrt(longestSq) / Math.max(edge, Number.MIN_VALUE));
  return parts > most ? most : parts;
}

/** Mean side of the body's faces, metres; 0 without a face. */
export function meanSide({ mesh: { positions: p, indices } }: SurfaceIndex): number {
  let sum = 0;
  for (let c = 0; c < indices.length; c++) {
    const i = 3 * indices[c], j = 3 * indices[c % 3 === 2 ? c - 2 : c + 1];
    const x = p[i] - p[j], y = p[i + 1] - p[j + 1], z = p[i + 2] - p[j + 2];
    sum += Math.sqrt(x * x + y * y + z * z);
  }
  return sum / Math.max(1, indices.length);
}

/** Takes samples out of contact: those of which so many of the three vertices are flagged; unused slots repeat the first. */
export function leaveOut({ sampleCount, vertices, kinds }: Contact, flags: Uint8Array, least: number): void {
  for (let s = 0; s < sampleCount; s++) {
    let flagged = 0;
    for (let k = 3 * s; k < 3 * s + 3; k++) if (flags[vertices[k]] !== 0) flagged++;
    if (flagged >= least) kinds[s] = NO_SAMPLE;
  }
}

/** Takes what the vertices moved since `before` off the slack of every sample, and keeps `p` as the next `before`. */
export function spendSlack(
  { sampleCount, vertices, slack }: Contact,
  p: Float64Array,
  before: Float64Array,
  moved: Float64Array,
): void {
  for (let v = 0; v < moved.length; v++) {
    const dx = p[3 * v] - before[3 * v], dy = p[3 * v + 1] - before[3 * v + 1], dz = p[3 * v + 2] - before[3 * v + 2];
    moved[v] = Math.sqrt(dx * dx + dy * dy + dz * dz);
  }
  for (let s = 0; s < sampleCount; s++) {
    slack[s] -= Math.max(moved[vertices[3 * s]], moved[vertices[3 * s + 1]], moved[vertices[3 * s + 2]]);
  }
  before.set(p);
}

/** Begins a round of {@linkcode findContacts}. */
export function beginContacts(contact: Contact): void {
  contact.activeCount = 0;
  contact.worst = -Infinity;
}

/**
 * Finds the samples closer than their clearance (plus `margin`) and where each
 * should be: straight out from its closest point, at the clearance. Goes over
 * {@linkcode CONTACT_CHUNK} samples from `from` on, of those listed if a list is given.
 *
 * @returns How many were asked for.
 */
export function findContacts(
  contact: Contact,
  p: Float64Array,
  margin: number,
  from: number,
  list?: Uint32Array,
  listCount: number = 0,
): number {
  const { sampleCount, vertices, kinds, slack, lastFace, hit, clearance, point } = contact;
  const { activeVertices, activeKinds, activeWeights, kindRows } = contact;
  const end = Math.min(from + CONTACT_CHUNK, list === undefined ? sampleCount : listCount);
  let asked = 0;
  for (let at = from; at < end; at++) {
    const s = list === undefined ? at : list[at];
    if (slack[s] > 0 || kinds[s] === NO_SAMPLE) continue;
    asked++;
    const i = vertices[3 * s], j = vertices[3 * s + 1], k = vertices[3 * s + 2], row = 4 * kinds[s];
    const u = kindRows[row], v = kindRows[row + 1], w = kindRows[row + 2];
    point[0] = u * p[3 * i] + v * p[3 * j] + w * p[3 * k];
    point[1] = u * p[3 * i + 1] + v * p[3 * j + 1] + w * p[3 * k + 1];
    point[2] = u * p[3 * i + 2] + v * p[3 * j + 2] + w * p[3 * k + 2];
    const wanted = u * clearance[i] + v * clearance[j] + w * clearance[k];
    askPoint(contact, lastFace[s]);
    const { distance } = contact;
    if (distance < Infinity) lastFace[s] = hit.face;
    const lack = wanted - distance;
    if (lack > contact.worst) {
      contact.worst = lack;
      contact.worstSample = s;
    }
    slack[s] = -lack - margin;
    if (slack[s] > 0 || !(distance > -Infinity && distance < Infinity)) continue;
    contact.wanted = wanted + margin;
    aim(contact);
    const active = contact.activeCount++;
    activeVertices[3 * active] = i;
    activeVertices[3 * active + 1] = j;
    activeVertices[3 * active + 2] = k;
    activeKinds[active] = kinds[s];
    activeWeights[active] = Math.min(1, (contact.wanted - distance) / FULL_LACK);
  }
  return asked;
}

/** Asks for the signed distance of the point; it may be near `face`. */
export function askPoint(contact: Contact, face: number): void {
  const { target, hit, point } = contact;
  contact.distance = Infinity;
  if (!target.closestPointAt(point, 0, hit, Infinity, face)) return;
  const distance = Math.sqrt(hit.distanceSq);
  contact.distance = target.isInsideAt(point, 0) ? -distance : distance;
}

/**
 * Writes where the next active entry should be: at the wanted distance out from
 * the closest point, which is in the hit. Where that is too close to another wall,
 * as in a cleft or an armpit, it is at the wanted distance from both: else a
 * garment would be thrown to and fro between them, or to the side a tie decides.
 */
function aim(contact: Contact): void {
  const { activeCount: active, activeTargets, hit, target, point, wanted } = contact;
  setDirection(contact);
  const nx = point[3], ny = point[4], nz = point[5], out = wanted - contact.distance;
  let mx = out * nx, my = out * ny, mz = out * nz;
  point[6] = point[0] + mx;
  point[7] = point[1] + my;
  point[8] = point[2] + mz;
  const most = wanted - SECOND_WALL; // compared here, as an engine makes an object of a distance that is passed
  if (most >= 0 && target.closestPointAt(point, 2, hit, Infinity, hit.face)) {
    const d = Math.sqrt(hit.distanceSq), side = target.isInsideAt(point, 2) ? -1 : 1, late = most - side * d;
    if (late > 0 && d > ON_SURFACE) {
      const scale = side / d, ox = scale * (point[6] - hit.x), oy = scale * (point[7] - hit.y);
      const oz = scale * (point[8] - hit.z), alike = nx * ox + ny * oy + nz * oz;
      // `late` is what the moved point lacks of the second wall; between walls that face each other less is wanted of both
      const facing = alike < 0 ? -alike : 0, gap = Math.max(0, 2 * wanted - late) / wanted;
      const less = facing * wanted * (1 - gap * (GAP_SHARE + (0.5 - GAP_SHARE) * gap / 2));
      const lack = out - less, other = late + out * alike - less;
      const own = 1 + PARALLEL * facing * Math.min(1, late / wanted), det = own * own - alike * alike;
      const a = (own * lack - alike * other) / det, b = (own * other - alike * lack) / det;
      if (det > LEAST_ANGLE && b > 0) {
        const first = Math.max(0, a), second = a < 0 ? other / own : b; // what clears one wall may clear both
        mx = first * nx + second * ox;
        my = first * ny + second * oy;
        mz = first * nz + second * oz;
      } else {
        const first = Math.max(0, lack / own);
        mx = first * nx;
        my = first * ny;
        mz = first * nz;
      }
    }
  }
  activeTargets[3 * active] = point[0] + mx;
  activeTargets[3 * active + 1] = point[1] + my;
  activeTargets[3 * active + 2] = point[2] + mz;
}

/** Writes the direction out of the body at the point: away from its closest point, or the face's normal where it lies there. */
export function setDirection({ hit, target, point, distance }: Contact): void {
  let nx = point[0] - hit.x, ny = point[1] - hit.y, nz = point[2] - hit.z, scale = 1 / distance;
  if (Math.abs(distance) <= ON_SURFACE) {
    const { positions: q, indices } = target.mesh;
    const a = 3 * indices[3 * hit.face], b = 3 * indices[3 * hit.face + 1], c = 3 * indices[3 * hit.face + 2];
    const ux = q[b] - q[a], uy = q[b + 1] - q[a + 1], uz = q[b + 2] - q[a + 2];
    const vx = q[c] - q[a], vy = q[c + 1] - q[a + 1], vz = q[c + 2] - q[a + 2];
    nx = uy * vz - uz * vy;
    ny = uz * vx - ux * vz;
    nz = ux * vy - uy * vx;
    scale = 1 / Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), Number.MIN_VALUE);
  }
  point[3] = scale * nx;
  point[4] = scale * ny;
  point[5] = scale * nz;
}
