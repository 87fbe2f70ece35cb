import type { Frame, Scratch } from "../../pool/scratch.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";
import { askMove, takeMove } from "./_moves.ts";
import { sumNormals } from "./_sum_normals.ts";

/** Sheets of a garment this near to each other in the input keep their order; metres. */
const REACH = 0.015;
/** Sheets nearer than this lie in one another already; metres. */
const COINCIDENT = 2e-5;
/** A ray starts so far from its own vertex, metres. */
const START = 1e-5;
/** Sheets must face each other at least so squarely: cosine. */
const FACING = 0.3;
/**
 * The same sheet as a vertex are so many rings around it. Where these do not reach as far as {@linkcode REACH}, what hangs
 * together with it within that is too: the walls of a fold. Where they do, a lining may come as near around a hem.
 */
const RINGS = 3;
/** Places that are looked at for that, at most: else a vertex would cost the more, the denser the mesh. */
const MOST_MARKED = 4096;
/** Of the gap in the input so much is kept at least, and never more than {@linkcode MAX_GAP}. */
const KEPT_SHARE = 0.5;
/** A pair that lacks so much of its gap weighs in full, less by its share, so that it comes and goes without a jolt; metres. */
const FULL_LACK = 1e-4;
/** The most gap that is asked for, metres. */
const MAX_GAP = 0.002;
/** Vertices between two pauses. */
const PAUSE_EVERY = 128;

/**
 * Pairs of a vertex and the place of another sheet above or below it: coats keep
 * their lining inside and pockets stay on top. A pair counts in the elastic
 * system while its gap is too small.
 */
export interface Layers {
  /** How many pairs there are. */
  count: number;
  /** `4 *` vertex, then the three vertices of the face. */
  readonly vertices: Uint32Array;
  /** `3 *` barycentric coordinates on the face. */
  readonly barycentric: Float64Array;
  /** Least gap of each pair along the face's normal, metres; negative for a vertex below the face. */
  readonly gaps: Float64Array;
  /** How many pairs are too close now. */
  activeCount: number;
  /** Those pairs. */
  readonly active: Uint32Array;
  /** `3 *` what the vector from the face to the vertex should be, of active pairs. */
  readonly targets: Float64Array;
  /** What each active pair weighs: nothing where it lacks nothing, 1 from {@linkcode FULL_LACK} on. */
  readonly weights: Float64Array;
}

/** A single sheet. */
export const NO_LAYERS: Layers = {
  count: 0,
  vertices: new Uint32Array(0),
  barycentric: new Float64Array(0),
  gaps: new Float64Array(0),
  activeCount: 0,
  active: new Uint32Array(0),
  targets: new Float64Array(0),
  weights: new Float64Array(0),
};

/** Leases room for the pairs of a garment: one above and one below each vertex. */
export function leaseLayers({ weldedCount: n }: Topology, frame: Frame): Layers {
  return {
    count: 0,
    vertices: frame.u32(8 * n),
    barycentric: frame.f64(6 * n),
    gaps: frame.f64(2 * n),
    activeCount: 0,
    active: frame.u32(2 * n),
    targets: frame.f64(6 * n),
    weights: frame.f64(2 * n),
  };
}

/** Bytes {@linkcode leaseLayers} leases. */
export function layersBytes({ weldedCount }: { weldedCount: number }): number {
  return weldedCount * (32 + 48 + 16 + 8 + 48 + 16);
}

/** Bytes {@linkcode findLayersWork} leases from scratch. */
export function findLayersBytes({ weldedCount }: { weldedCount: number }): number {
  return 4 * weldedCount + 4 * weldedCount + 24 * weldedCount;
}

/**
 * Finds the pairs in the input, by a ray up and a ray down from every vertex.
 *
 * @param index Of the welded input.
 * @param isLeftOut Vertices that take no part.
 */
export function* findLayersWork(
  layers: Layers,
  index: SurfaceIndex,
  topology: Topology,
  rest: Float64Array,
  isLeftOut: (v: number) => boolean,
  scratch: Scratch,
): Work<void> {
  const { weldedCount, weldedIndices, ringOffsets } = topology;
  using frame = scratch.frame("findLayers");
  const stamps = frame.u32(weldedCount), queue = frame.u32(weldedCount), normals = frame.f64(3 * weldedCount);
  unitNormals(topology, rest, normals);
  yield;
  const hit = new SurfaceHit();
  for (let v = 0; v < weldedCount; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    if (ringOffsets[v] === ringOffsets[v + 1] || isLeftOut(v)) continue;
    let isMarked = false;
    for (let side = -1; side <= 1; side += 2) {
      const nx = side * normals[3 * v], ny = side * normals[3 * v + 1], nz = side * normals[3 * v + 2];
      const x = rest[3 * v], y = rest[3 * v + 1], z = rest[3 * v + 2];
      if (!index.rayHit(x + START * nx, y + START * ny, z + START * nz, nx, ny, nz, hit, REACH)) continue;
      const gap = Math.sqrt(hit.distanceSq) + START;
      if (gap < COINCIDENT) continue;
      if (!isMarked) markSheet(topology, rest, v, stamps, queue);
      isMarked = true;
      const c = 3 * hit.face, a = weldedIndices[c], b = weldedIndices[c + 1], d = weldedIndices[c + 2];
      if (stamps[a] === v + 1 || stamps[b] === v + 1 || stamps[d] === v + 1 || isLeftOut(a)) continue;
      const facing = facingOf(rest, a, b, d, nx, ny, nz);
      if (Math.abs(facing) < FACING) continue;
      const i = layers.count++;
      layers.vertices[4 * i] = v;
      layers.vertices[4 * i + 1] = a;
      layers.vertices[4 * i + 2] = b;
      layers.vertices[4 * i + 3] = d;
      layers.barycentric[3 * i] = hit.w0;
      layers.barycentric[3 * i + 1] = hit.w1;
      layers.barycentric[3 * i + 2] = hit.w2;
      layers.gaps[i] = -Math.sign(facing) * Math.min(KEPT_SHARE * gap * Math.abs(facing), MAX_GAP);
    }
  }
}

/** Stamps a vertex and what is the same sheet about it. */
function markSheet(
  { ringOffsets, ringVertices }: Topology,
  p: Float64Array,
  v: number,
  stamps: Uint32Array,
  queue: Uint32Array,
): void {
  const x = p[3 * v], y = p[3 * v + 1], z = p[3 * v + 2];
  stamps[v] = v + 1;
  queue[0] = v;
  let size = 1, farthestSq = 0;
  for (let ring = 0, from = 0; from < size; ring++) {
    if (ring >= RINGS && (farthestSq >= REACH * REACH || size >= MOST_MARKED)) break;
    for (const end = size; from < end; from++) {
      for (let r = ringOffsets[queue[from]]; r < ringOffsets[queue[from] + 1]; r++) {
        const w = ringVertices[r], dx = p[3 * w] - x, dy = p[3 * w + 1] - y, dz = p[3 * w + 2] - z;
        const distanceSq = dx * dx + dy * dy + dz * dz;
        if (stamps[w] === v + 1 || (ring >= RINGS && distanceSq > REACH * REACH)) continue;
        if (distanceSq > farthestSq) farthestSq = distanceSq;
        stamps[w] = v + 1;
        queue[size++] = w;
      }
    }
  }
}

/** Cosine between a direction and the normal of a face. */
function facingOf(p: Float64Array, a: number, b: number, d: number, x: number, y: number, z: number): number {
  const ux = p[3 * b] - p[3 * a], uy = p[3 * b + 1] - p[3 * a + 1], uz = p[3 * b + 2] - p[3 * a + 2];
  const vx = p[3 * d] - p[3 * a], vy = p[3 * d + 1] - p[3 * a + 1], vz = p[3 * d + 2] - p[3 * a + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  return (nx * x + ny * y + nz * z) / Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), 1e-30);
}

/** Unit normals of places, by area. */
function unitNormals(topology: Topology, p: Float64Array, normals: Float64Array): void {
  sumNormals(topology.weldedIndices, p, normals);
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.sqrt(normals[v] ** 2 + normals[v + 1] ** 2 + normals[v + 2] ** 2);
    if (length === 0) continue;
    normals[v] /= length;
    normals[v + 1] /= length;
    normals[v + 2] /= length;
  }
}

/** Finds the pairs whose gap is too small at `p`, and what each should be: the same vector with the least gap along the face's normal. */
export function aimLayers(layers: Layers, p: Float64Array): void {
  const { vertices, barycentric, gaps, active, targets, weights } = layers;
  let count = 0;
  for (let i = 0; i < layers.count; i++) {
    const v = 3 * vertices[4 * i],
      a = 3 * vertices[4 * i + 1],
      b = 3 * vertices[4 * i + 2],
      d = 3 * vertices[4 * i + 3];
    const wa = barycentric[3 * i], wb = barycentric[3 * i + 1], wd = barycentric[3 * i + 2];
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
    let nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (length === 0) continue;
    nx /= length;
    ny /= length;
    nz /= length;
    const x = p[v] - wa * p[a] - wb * p[b] - wd * p[d];
    const y = p[v + 1] - wa * p[a + 1] - wb * p[b + 1] - wd * p[d + 1];
    const z = p[v + 2] - wa * p[a + 2] - wb * p[b + 2] - wd * p[d + 2];
    const lack = gaps[i] - (x * nx + y * ny + z * nz);
    if (gaps[i] > 0 ? lack <= 0 : lack >= 0) continue;
    active[count] = i;
    targets[3 * count] = x + lack * nx;
    targets[3 * count + 1] = y + lack * ny;
    targets[3 * count + 2] = z + lack * nz;
    weights[count] = Math.min(1, Math.abs(lack) / FULL_LACK);
    count++;
  }
  layers.activeCount = count;
}

/** image += weight · Σ of active pairs of CᵀC d, where C takes the face's place from the vertex. */
export function applyLayers(
  { active, activeCount, vertices, barycentric, weights }: Layers,
  weight: number,
  d: Float64Array,
  image: Float64Array,
): void {
  for (let k = 0; k < activeCount; k++) {
    const i = active[k];
    const v = 3 * vertices[4 * i],
      a = 3 * vertices[4 * i + 1],
      b = 3 * vertices[4 * i + 2],
      c = 3 * vertices[4 * i + 3];
    const wa = barycentric[3 * i], wb = barycentric[3 * i + 1], wc = barycentric[3 * i + 2], own = weight * weights[k];
    for (let j = 0; j < 3; j++) {
      const r = own * (d[v + j] - wa * d[a + j] - wb * d[b + j] - wc * d[c + j]);
      image[v + j] += r;
      image[a + j] -= wa * r;
      image[b + j] -= wb * r;
      image[c + j] -= wc * r;
    }
  }
}

/** rhs += weight · Σ of active pairs of Cᵀt, and their share of the diagonal. */
export function addLayers(
  { active, activeCount, vertices, barycentric, targets, weights }: Layers,
  weight: number,
  rhs: Float64Array,
  diagonal: Float64Array,
): void {
  for (let k = 0; k < activeCount; k++) {
    const i = active[k], own = weight * weights[k];
    for (let s = 0; s < 4; s++) {
      const v = vertices[4 * i + s], share = s === 0 ? 1 : -barycentric[3 * i + s - 1];
      diagonal[v] += own * share * share;
      for (let j = 0; j < 3; j++) rhs[3 * v + j] += own * share * targets[3 * k + j];
    }
  }
}

/**
 * Moves active pairs apart, both sides by what they weigh; where pairs ask for
 * different moves of a place, each is heard by what it lacks, squared.
 *
 * @param stays 1 for places that do not move.
 * @param moves `4 *` zeros, and so again afterwards.
 */
export function separateLayers(layers: Layers, stays: Uint8Array, p: Float64Array, moves: Float64Array): void {
  const { active, activeCount, vertices, barycentric, targets } = layers;
  for (let k = 0; k < activeCount; k++) {
    const i = active[k], v = vertices[4 * i], a = vertices[4 * i + 1], b = vertices[4 * i + 2], c = vertices[4 * i + 3];
    const wa = barycentric[3 * i], wb = barycentric[3 * i + 1], wc = barycentric[3 * i + 2];
    const mv = 1 - stays[v], ma = wa * (1 - stays[a]), mb = wb * (1 - stays[b]), mc = wc * (1 - stays[c]);
    const give = mv + wa * ma + wb * mb + wc * mc;
    if (give === 0) continue;
    const x = targets[3 * k] - p[3 * v] + wa * p[3 * a] + wb * p[3 * b] + wc * p[3 * c];
    const y = targets[3 * k + 1] - p[3 * v + 1] + wa * p[3 * a + 1] + wb * p[3 * b + 1] + wc * p[3 * c + 1];
    const z = targets[3 * k + 2] - p[3 * v + 2] + wa * p[3 * a + 2] + wb * p[3 * b + 2] + wc * p[3 * c + 2];
    const say = x * x + y * y + z * z;
    askMove(moves, 4 * v, mv, mv, give, say, x, y, z);
    askMove(moves, 4 * a, ma, -ma, give, say, x, y, z);
    askMove(moves, 4 * b, mb, -mb, give, say, x, y, z);
    askMove(moves, 4 * c, mc, -mc, give, say, x, y, z);
  }
  for (let k = 0; k < activeCount; k++) {
    for (let i = 4 * active[k]; i < 4 * active[k] + 4; i++) takeMove(moves, vertices[i], p);
  }
}
