import type { Scratch } from "../../pool/scratch.ts";
import { findOtherWall, leaseOtherWall, OTHER_WALL_BYTES } from "./_other_wall.ts";
import type { TriangleMesh } from "../mesh.ts";
import { placeNormals } from "../normals/_place_normals.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** How far a patch of skin reaches, in edges of the skin around its middle: about 40 places. */
const PATCH_REACH = 3.3;
/** Places a patch has at most: bounds the cost where triangles of very different sizes meet. */
const MAX_PLACES = 512;
/** How often the lengths of edges are averaged with those beside them. */
const LENGTH_PASSES = 4;
/** Stand-off below which nearer places do not count more, metres. */
const NEAR = 0.002;
/** Garment vertices between two pauses. */
const PAUSE_EVERY = 256;

/** Two bodies with the same vertices, and how the skin turns between them. */
export interface BodyPair {
  /** The body the garment was made on. */
  readonly source: TriangleMesh;
  /** Connectivity of `source`. */
  readonly topology: Topology;
  /** Index of `source`. */
  readonly index: SurfaceIndex;
  /** Positions of the other body: the same vertices in the same order. */
  readonly targetPositions: Float32Array;
  /** `9 * weldedCount` frames, as `bodyFrames` writes them. */
  readonly frames: Float64Array;
}

/** Where a garment goes when it follows the skin; arrays over its welded vertices, caller-owned. */
export interface Binding {
  /** `3 *` positions carried to the other body. */
  readonly bound: Float64Array;
  /** `9 *` row-major frames: how the skin beneath turns and grows. */
  readonly frames: Float64Array;
  /** Distance to the source body, metres, without sign. */
  readonly standOff: Float64Array;
  /** The face of the source body under it. */
  readonly seats: Uint32Array;
  /** `3 *` barycentric coordinates there. */
  readonly shares: Float64Array;
}

/** Bytes {@linkcode bindToBodyWork} leases from scratch. */
export function bindToBodyBytes({ weldedCount }: { weldedCount: number }): number {
  return 4 * weldedCount /* stamps */ + 4 * MAX_PLACES /* queue */ + 8 * 3 * weldedCount /* normals */ +
    8 * 3 * weldedCount /* areas, lengths, spare */ + OTHER_WALL_BYTES + 8 * SUM_COUNT;
}

/**
 * Carries a garment from one body to another, place by place.
 *
 * Each vertex x is bound to a patch of skin places around its closest point,
 * gathered along the skin and not through the air, so that an arm does not bind
 * to the torso. Place j with stand-off d_j, area and normal n_j counts
 *
 *     area_j · (d_j + 2 mm + 0.15 d_0)⁻² · max(0, 1 − (d_j − d_0)/(d_cut − d_0)) · max(0, n_j·n_0 + 0.2)
 *
 * and carries it to c′_j + F_j (x − c_j). The patch ends at a distance, d_cut² =
 * d_0² + r² with r in edges of the skin, and not after a number of places, and n_0
 * is the mean of the nearest places' normals: a garment that lies a hair beside is
 * bound a hair otherwise.
 *
 * @param garment Read only.
 * @param garmentTopology Of `garment`.
 * @param bodies The two bodies.
 * @param out Overwritten.
 * @param scratch Leases {@linkcode bindToBodyBytes} of the source body.
 */
export function* bindToBodyWork(
  garment: TriangleMesh,
  garmentTopology: Topology,
  bodies: BodyPair,
  out: Binding,
  scratch: Scratch,
): Work<void> {
  const { source, topology, index } = bodies;
  using frame = scratch.frame("bindToBody");
  const stamps = frame.u32(topology.weldedCount);
  const queue = frame.u32(MAX_PLACES);
  const normals = frame.f64(3 * topology.weldedCount);
  const areas = frame.f64(topology.weldedCount);
  const lengths = frame.f64(topology.weldedCount);
  edgeLengths(source, topology, lengths, frame.f64(topology.weldedCount));
  placeNormals(source, topology, normals, areas);
  yield;
  const hit = new SurfaceHit(), wall = leaseOtherWall(source, topology, index, frame), { point } = wall;
  const patch: Patch = { bodies, normals, areas, lengths, stamps, stamp: 0, queue, sums: frame.f64(SUM_COUNT), point };
  let lastFace = -1;
  for (let v = 0; v < garmentTopology.weldedCount; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    const g = 3 * garmentTopology.representative[v];
    for (let k = 0; k < 3; k++) point[k] = garment.positions[g + k];
    index.closestPointAt(point, 0, hit, Infinity, lastFace);
    lastFace = hit.face;
    out.standOff[v] = Math.sqrt(hit.distanceSq);
    out.seats[v] = hit.face;
    out.shares[3 * v] = hit.w0;
    out.shares[3 * v + 1] = hit.w1;
    out.shares[3 * v + 2] = hit.w2;
    findOtherWall(wall, hit);
    const { share } = wall;
    for (let k = 0; k < 3; k++) out.bound[3 * v + k] = 0;
    for (let k = 0; k < 9; k++) out.frames[9 * v + k] = 0;
    carryWithPatch(patch, hit);
    addCarried(patch, 1 - share, v, out);
    if (share === 0) continue;
    carryWithPatch(patch, wall.hit);
    addCarried(patch, share, v, out);
  }
}

/** Sums over a patch: position, frame, weight. */
const SUM_COUNT = 13;

/** A patch of skin that carries a point. */
interface Patch {
  readonly bodies: BodyPair;
  readonly normals: Float64Array;
  readonly areas: Float64Array;
  readonly lengths: Float64Array;
  readonly stamps: Uint32Array;
  stamp: number;
  readonly queue: Uint32Array;
  readonly sums: Float64Array;
  /** What is carried. */
  readonly point: Float64Array;
}

/** Adds a share of what the patch came to to where a vertex is bound. */
function addCarried({ sums }: Patch, share: number, v: number, out: Binding): void {
  const scale = share / sums[12];
  for (let k = 0; k < 3; k++) out.bound[3 * v + k] += scale * sums[k];
  for (let k = 0; k < 9; k++) out.frames[9 * v + k] += scale * sums[3 + k];
}

/** Sums up where the patch around a hit carries the point, and how it turns there. */
function carryWithPatch(patch: Patch, hit: SurfaceHit): void {
  const { bodies, normals, areas, lengths, queue, sums, point } = patch;
  const { source, topology, targetPositions, frames } = bodies, { representative } = topology;
  const p = source.positions, x = point[0], y = point[1], z = point[2], nearest = Math.sqrt(hit.distanceSq);
  const reach0 = PATCH_REACH * lengthAt(hit, topology, lengths);
  const cut = Math.sqrt(hit.distanceSq + reach0 * reach0);
  const size = gatherPatch(patch, hit.face, cut * cut);
  let n0x = 0, n0y = 0, n0z = 0;
  for (let i = 0; i < size; i++) {
    const j = queue[i], c = 3 * representative[j];
    const dx = x - p[c], dy = y - p[c + 1], dz = z - p[c + 2], distanceSq = dx * dx + dy * dy + dz * dz;
    const vote = areas[j] * (Math.max(0, cut - Math.sqrt(distanceSq)) / cut + 1e-9) / (distanceSq + NEAR * NEAR) ** 2;
    n0x += vote * normals[3 * j];
    n0y += vote * normals[3 * j + 1];
    n0z += vote * normals[3 * j + 2];
  }
  const unit = 1 / Math.max(Math.sqrt(n0x * n0x + n0y * n0y + n0z * n0z), Number.MIN_VALUE);
  n0x *= unit;
  n0y *= unit;
  n0z *= unit;
  sums.fill(0);
  for (let i = 0; i < size; i++) {
    const j = queue[i], c = 3 * representative[j];
    const dx = x - p[c], dy = y - p[c + 1], dz = z - p[c + 2];
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const facing = Math.max(0, normals[3 * j] * n0x + normals[3 * j + 1] * n0y + normals[3 * j + 2] * n0z + 0.2);
    const reach = cut > nearest ? Math.max(0, 1 - (distance - nearest) / (cut - nearest)) : 1;
    const fall = distance + NEAR + 0.15 * nearest;
    // a place beyond the cut still counts a trace, so that a patch of one place binds too
    const weight = areas[j] * (reach * facing + 1e-9) / (fall * fall);
    const m = 9 * j;
    sums[0] += weight * (targetPositions[c] + frames[m] * dx + frames[m + 1] * dy + frames[m + 2] * dz);
    sums[1] += weight * (targetPositions[c + 1] + frames[m + 3] * dx + frames[m + 4] * dy + frames[m + 5] * dz);
    sums[2] += weight * (targetPositions[c + 2] + frames[m + 6] * dx + frames[m + 7] * dy + frames[m + 8] * dz);
    for (let k = 0; k < 9; k++) sums[3 + k] += weight * frames[m + k];
    sums[12] += weight;
  }
}

/**
 * Fills `queue` with the corners of a face and the places that hang together with
 * them within the root of `cutSq` of the garment's vertex.
 *
 * @returns How many there are.
 */
function gatherPatch(patch: Patch, face: number, cutSq: number): number {
  const { bodies: { source, topology }, stamps, queue, point } = patch, p = source.positions;
  const { weldedIndices, ringOffsets, ringVertices, representative } = topology;
  const x = point[0], y = point[1], z = point[2], stamp = ++patch.stamp;
  let size = 0;
  for (let k = 0; k < 3; k++) {
    const j = weldedIndices[3 * face + k];
    if (stamps[j] === stamp) continue;
    stamps[j] = stamp;
    queue[size++] = j;
  }
  for (let next = 0; next < size; next++) {
    const j = queue[next];
    for (let r = ringOffsets[j]; r < ringOffsets[j + 1] && size < MAX_PLACES; r++) {
      const k = ringVertices[r];
      if (stamps[k] === stamp) continue;
      stamps[k] = stamp;
      const c = 3 * representative[k], dx = x - p[c], dy = y - p[c + 1], dz = z - p[c + 2];
      if (dx * dx + dy * dy + dz * dz < cutSq) queue[size++] = k;
    }
  }
  return size;
}

/** How long the skin's edges are at a hit. */
function lengthAt(hit: SurfaceHit, { weldedIndices }: Topology, lengths: Float64Array): number {
  const c = 3 * hit.face;
  return hit.w0 * lengths[weldedIndices[c]] + hit.w1 * lengths[weldedIndices[c + 1]] +
    hit.w2 * lengths[weldedIndices[c + 2]];
}

/** Mean length of the edges at every place, averaged along the skin. */
function edgeLengths({ positions: p }: TriangleMesh, topology: Topology, lengths: Float64Array, spare: Float64Array) {
  const { weldedCount, ringOffsets, ringVertices, representative } = topology;
  for (let v = 0; v < weldedCount; v++) {
    const i = 3 * representative[v], start = ringOffsets[v], end = ringOffsets[v + 1];
    for (let r = start; r < end; r++) {
      const j = 3 * representative[ringVertices[r]];
      const dx = p[i] - p[j], dy = p[i + 1] - p[j + 1], dz = p[i + 2] - p[j + 2];
      lengths[v] += Math.sqrt(dx * dx + dy * dy + dz * dz) / (end - start);
    }
  }
  for (let pass = 0; pass < LENGTH_PASSES; pass++) {
    spare.set(lengths);
    for (let v = 0; v < weldedCount; v++) {
      const start = ringOffsets[v], end = ringOffsets[v + 1];
      for (let r = start; r < end; r++) {
        lengths[v] += (spare[ringVertices[r]] - spare[v]) / (2 * (end - start));
      }
    }
  }
}
