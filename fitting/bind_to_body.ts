import type { Scratch } from "../pool/scratch.ts";
import type { TriangleMesh } from "./mesh.ts";
import { SurfaceHit } from "./surface_hit.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "./work.ts";

/** Skin places a garment vertex is bound to. */
const PATCH_SIZE = 40;
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
}

/** Bytes {@linkcode bindToBodyWork} leases from scratch. */
export function bindToBodyBytes({ weldedCount }: { weldedCount: number }): number {
  return 4 * weldedCount /* stamps */ + 4 * 4 * PATCH_SIZE /* queue */ + 8 * 3 * weldedCount /* normals */ +
    8 * weldedCount /* areas */;
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
 * and carries it to c′_j + F_j (x − c_j).
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
  const { source, topology, index, targetPositions, frames } = bodies;
  using frame = scratch.frame("bindToBody");
  const stamps = frame.u32(topology.weldedCount);
  const queue = frame.u32(4 * PATCH_SIZE);
  const normals = frame.f64(3 * topology.weldedCount);
  const areas = frame.f64(topology.weldedCount);
  skinNormals(source, topology, normals, areas);
  yield;
  const p = source.positions, { representative } = topology;
  const hit = new SurfaceHit();
  let lastFace = -1;
  for (let v = 0; v < garmentTopology.weldedCount; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    const g = 3 * garmentTopology.representative[v];
    const x = garment.positions[g], y = garment.positions[g + 1], z = garment.positions[g + 2];
    index.closestPoint(x, y, z, hit, Infinity, lastFace);
    lastFace = hit.face;
    const nearest = Math.sqrt(hit.distanceSq);
    out.standOff[v] = nearest;
    const gathered = gatherPatch(topology, hit.face, stamps, v + 1, queue);
    const size = Math.min(gathered, PATCH_SIZE);
    let cut = nearest;
    for (let i = 0; i < size; i++) cut = Math.max(cut, distanceTo(p, representative[queue[i]], x, y, z));
    for (let i = size; i < gathered; i++) {
      cut = Math.min(cut, Math.max(nearest * 1.01, distanceTo(p, representative[queue[i]], x, y, z)));
    }
    const n0x = blend(hit, topology, normals, 0),
      n0y = blend(hit, topology, normals, 1),
      n0z = blend(hit, topology, normals, 2);
    let total = 0, bx = 0, by = 0, bz = 0;
    const f = 9 * v;
    for (let i = 0; i < 9; i++) out.frames[f + i] = 0;
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
      bx += weight * (targetPositions[c] + frames[m] * dx + frames[m + 1] * dy + frames[m + 2] * dz);
      by += weight * (targetPositions[c + 1] + frames[m + 3] * dx + frames[m + 4] * dy + frames[m + 5] * dz);
      bz += weight * (targetPositions[c + 2] + frames[m + 6] * dx + frames[m + 7] * dy + frames[m + 8] * dz);
      for (let k = 0; k < 9; k++) out.frames[f + k] += weight * frames[m + k];
      total += weight;
    }
    out.bound[3 * v] = bx / total;
    out.bound[3 * v + 1] = by / total;
    out.bound[3 * v + 2] = bz / total;
    for (let k = 0; k < 9; k++) out.frames[f + k] /= total;
  }
}

/**
 * Fills `queue` with skin places around a face, ring by ring; more than
 * {@linkcode PATCH_SIZE} of them where there are, so that the first ones beyond say where the patch ends.
 */
function gatherPatch(topology: Topology, face: number, stamps: Uint32Array, stamp: number, queue: Uint32Array): number {
  const { weldedIndices, ringOffsets, ringVertices } = topology;
  let size = 0;
  for (let k = 0; k < 3; k++) {
    const j = weldedIndices[3 * face + k];
    if (stamps[j] === stamp) continue;
    stamps[j] = stamp;
    queue[size++] = j;
  }
  for (let next = 0; next < size && size < PATCH_SIZE; next++) {
    const j = queue[next];
    for (let r = ringOffsets[j]; r < ringOffsets[j + 1] && size < queue.length; r++) {
      const k = ringVertices[r];
      if (stamps[k] === stamp) continue;
      stamps[k] = stamp;
      queue[size++] = k;
    }
  }
  return size;
}

/** Component `k` of the skin's normal at a hit. */
function blend(hit: SurfaceHit, { weldedIndices }: Topology, normals: Float64Array, k: number): number {
  const c = 3 * hit.face;
  return hit.w0 * normals[3 * weldedIndices[c] + k] + hit.w1 * normals[3 * weldedIndices[c + 1] + k] +
    hit.w2 * normals[3 * weldedIndices[c + 2] + k];
}

function distanceTo(p: Float32Array, vertex: number, x: number, y: number, z: number): number {
  const dx = x - p[3 * vertex], dy = y - p[3 * vertex + 1], dz = z - p[3 * vertex + 2];
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** Area-weighted unit normals of the skin's places, and one third of the area around each. */
function skinNormals(
  { positions: p, indices }: TriangleMesh,
  { weldedIndices }: Topology,
  normals: Float64Array,
  areas: Float64Array,
): void {
  for (let c = 0; c < indices.length; c += 3) {
    const a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const sixth = Math.sqrt(nx * nx + ny * ny + nz * nz) / 6;
    for (let k = 0; k < 3; k++) {
      const j = weldedIndices[c + k];
      normals[3 * j] += nx;
      normals[3 * j + 1] += ny;
      normals[3 * j + 2] += nz;
      areas[j] += sixth;
    }
  }
  for (let j = 0; j < areas.length; j++) {
    const length = Math.sqrt(normals[3 * j] ** 2 + normals[3 * j + 1] ** 2 + normals[3 * j + 2] ** 2);
    const scale = length > 0 ? 1 / length : 0;
    for (let k = 3 * j; k < 3 * j + 3; k++) normals[k] *= scale;
  }
}
