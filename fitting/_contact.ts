import type { Frame } from "../pool/scratch.ts";
import type { ContactTerms } from "./_elastic_system.ts";
import { SurfaceHit } from "./surface_hit.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "./work.ts";

/** So close to the surface the direction to it means nothing; metres. */
const ON_SURFACE = 1e-9;
/** Samples {@linkcode findContacts} goes over in one call. */
export const CONTACT_CHUNK = 1024;
/** Places or faces whose samples are listed between two pauses. */
const LIST_CHUNK = 32_768;
/** What a sample takes, nanoseconds: to ask its distance, and to pass over. */
export const ASK_COST = 3000, PASS_COST = 8;

/**
 * Where a garment may touch a body: its vertices, edge midpoints and face
 * centres. A sample far from the body is not asked again until it has moved as
 * far, so most iterations ask few of them.
 */
export interface Contact extends ContactTerms {
  readonly target: SurfaceIndex;
  readonly sampleCount: number;
  /** `3 *` vertices of each sample; unused slots repeat the first. */
  readonly vertices: Uint32Array;
  /** 1, 2 or 3 vertices. */
  readonly sizes: Uint8Array;
  /** How far a sample may still move before it is asked again, metres. */
  readonly slack: Float32Array;
  /** Closest face of the last answer. */
  readonly lastFace: Int32Array;
  /** How close each welded vertex may come, metres. */
  readonly clearance: Float64Array;
  activeCount: number;
  /** Sample of each active entry. */
  readonly activeSamples: Uint32Array;
  /** `3 *` where each active sample should be. */
  readonly activeTargets: Float64Array;
  readonly hit: SurfaceHit;
  /** Where the sample is that was asked for last. */
  readonly point: Float64Array;
  /** Its signed distance, metres; `Infinity` without a surface. In here, as an engine makes an object of a number that is passed. */
  distance: number;
  /** The distance it should have, metres. */
  wanted: number;
  /** The largest violation of this round, metres; negative where there is air left. */
  worst: number;
}

/** Samples a mesh has. */
function sampleCountOf(
  { weldedCount, edgeCount, faceCount }: { weldedCount: number; edgeCount: number; faceCount: number },
): number {
  return weldedCount + edgeCount + faceCount;
}

/** Leases contact for a mesh; `weight` is what one contact weighs in the system. */
export function leaseContact(topology: Topology, target: SurfaceIndex, weight: number, frame: Frame): Contact {
  const { weldedCount, edgeCount, weldedIndices } = topology;
  const sampleCount = sampleCountOf({ weldedCount, edgeCount, faceCount: weldedIndices.length / 3 });
  const contact = {
    target,
    weight,
    sampleCount,
    vertices: frame.u32(3 * sampleCount),
    sizes: frame.u8(sampleCount),
    slack: frame.f32(sampleCount),
    lastFace: frame.i32(sampleCount),
    clearance: frame.f64(weldedCount),
    activeCount: 0,
    activeSamples: frame.u32(sampleCount),
    activeVertices: frame.u32(3 * sampleCount),
    activeSizes: frame.u8(sampleCount),
    activeTargets: frame.f64(3 * sampleCount),
    hit: new SurfaceHit(),
    point: frame.f64(3),
    distance: NaN,
    wanted: NaN,
    worst: NaN,
  };
  contact.lastFace.fill(-1);
  return contact;
}

/** Bytes {@linkcode leaseContact} leases. */
export function contactBytes(sizes: { weldedCount: number; edgeCount: number; faceCount: number }): number {
  return sampleCountOf(sizes) * (12 + 1 + 4 + 4 + 4 + 12 + 1 + 24) + 8 * sizes.weldedCount + 8 * 3;
}

/** Fills in vertices and sizes of the samples. */
export function* listSamples(topology: Topology, { vertices, sizes }: Contact): Work<void> {
  const { weldedCount, ringOffsets, ringVertices, weldedIndices } = topology;
  let s = 0;
  for (let v = 0; v < weldedCount; v++) {
    if (v % LIST_CHUNK === LIST_CHUNK - 1) yield;
    vertices[3 * s] = vertices[3 * s + 1] = vertices[3 * s + 2] = v;
    sizes[s++] = ringOffsets[v] === ringOffsets[v + 1] ? 0 : 1; // what no face uses touches nothing
  }
  for (let v = 0; v < weldedCount; v++) {
    if (v % LIST_CHUNK === LIST_CHUNK - 1) yield;
    for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) {
      if (ringVertices[r] < v) continue;
      vertices[3 * s] = vertices[3 * s + 2] = v;
      vertices[3 * s + 1] = ringVertices[r];
      sizes[s++] = 2;
    }
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    if (c % (3 * LIST_CHUNK) === 0) yield;
    for (let k = 0; k < 3; k++) vertices[3 * s + k] = weldedIndices[c + k];
    sizes[s++] = 3;
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
 * {@linkcode CONTACT_CHUNK} samples from `from` on.
 *
 * @returns How many were asked for.
 */
export function findContacts(contact: Contact, p: Float64Array, margin: number, from: number): number {
  const { sampleCount, vertices, sizes, slack, clearance, point } = contact;
  const { activeSamples, activeVertices, activeSizes } = contact;
  const end = Math.min(from + CONTACT_CHUNK, sampleCount);
  let asked = 0;
  for (let s = from; s < end; s++) {
    if (slack[s] > 0 || sizes[s] === 0) continue;
    asked++;
    const i = vertices[3 * s], j = vertices[3 * s + 1], k = vertices[3 * s + 2];
    const size = sizes[s], third = size === 3 ? 1 : 0, share = 1 / size;
    const second = size > 1 ? 1 : 0;
    point[0] = (p[3 * i] + second * p[3 * j] + third * p[3 * k]) * share;
    point[1] = (p[3 * i + 1] + second * p[3 * j + 1] + third * p[3 * k + 1]) * share;
    point[2] = (p[3 * i + 2] + second * p[3 * j + 2] + third * p[3 * k + 2]) * share;
    const wanted = (clearance[i] + second * clearance[j] + third * clearance[k]) * share;
    ask(contact, s);
    const { distance } = contact;
    const lack = wanted - distance;
    if (lack > contact.worst) contact.worst = lack;
    slack[s] = -lack - margin;
    if (slack[s] > 0 || !(distance > -Infinity && distance < Infinity)) continue;
    contact.wanted = wanted + margin;
    aim(contact);
    const active = contact.activeCount++;
    activeSamples[active] = s;
    activeVertices[3 * active] = i;
    activeVertices[3 * active + 1] = j;
    activeVertices[3 * active + 2] = k;
    activeSizes[active] = sizes[s];
  }
  return asked;
}

/** Asks for the signed distance of sample `s`, which is at the point. */
function ask(contact: Contact, s: number): void {
  const { target, lastFace, hit, point } = contact;
  contact.distance = Infinity;
  if (!target.closestPointAt(point, 0, hit, Infinity, lastFace[s])) return;
  lastFace[s] = hit.face;
  const distance = Math.sqrt(hit.distanceSq);
  contact.distance = target.isInsideAt(point, 0) ? -distance : distance;
}

/** Writes where the next active entry should be: at the wanted distance out from the closest point, which is in the hit. */
function aim({ activeCount: active, activeTargets, hit, target, point, distance, wanted }: Contact): void {
  let nx = point[0] - hit.x, ny = point[1] - hit.y, nz = point[2] - hit.z, scale = wanted / distance;
  if (Math.abs(distance) <= ON_SURFACE) {
    const { positions: q, indices } = target.mesh;
    const a = 3 * indices[3 * hit.face], b = 3 * indices[3 * hit.face + 1], c = 3 * indices[3 * hit.face + 2];
    const ux = q[b] - q[a], uy = q[b + 1] - q[a + 1], uz = q[b + 2] - q[a + 2];
    const vx = q[c] - q[a], vy = q[c + 1] - q[a + 1], vz = q[c + 2] - q[a + 2];
    nx = uy * vz - uz * vy;
    ny = uz * vx - ux * vz;
    nz = ux * vy - uy * vx;
    scale = wanted / Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), Number.MIN_VALUE);
  }
  activeTargets[3 * active] = hit.x + scale * nx;
  activeTargets[3 * active + 1] = hit.y + scale * ny;
  activeTargets[3 * active + 2] = hit.z + scale * nz;
}
