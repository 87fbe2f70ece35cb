import type { Frame } from "../../pool/scratch.ts";
import type { Effort } from "../_effort.ts";
import { type Couplings, LAYER_WEIGHT } from "./_couplings.ts";
import { applyLayers } from "./_layers.ts";
import { applyTies } from "./_ties.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** Half a cotangent weight is kept in this range: slivers neither vanish nor rule. */
const MIN_COTANGENT = 1e-3, MAX_COTANGENT = 20;

/** One linear system over welded vertices: (L + diag(anchor) + Σ contacts) p = rhs, solved by preconditioned conjugate gradients. */
export interface ElasticSystem {
  readonly topology: Topology;
  /** Weight of every directed edge, in the order of `ringVertices`; symmetric. */
  readonly edgeWeight: Float64Array;
  /** Sum of each vertex's edge weights. */
  readonly edgeSum: Float64Array;
  /** Weight with which each vertex is held at its goal. */
  readonly anchor: Float64Array;
  /** Diagonal of the whole matrix, contacts included; one over it from {@linkcode beginSolve} on. */
  readonly diagonal: Float64Array;
  readonly residual: Float64Array;
  readonly search: Float64Array;
  readonly image: Float64Array;
  /** Product of residual and preconditioned residual. In here, as an engine makes an object of a number that is passed. */
  rho: number;
  /** The largest step of the preconditioned residual, metres. */
  worst: number;
}

/** Leases a system. */
export function leaseElasticSystem(topology: Topology, frame: Frame): ElasticSystem {
  const n = topology.weldedCount;
  return {
    topology,
    edgeWeight: frame.f64(topology.ringVertices.length),
    edgeSum: frame.f64(n),
    anchor: frame.f64(n),
    diagonal: frame.f64(n),
    residual: frame.f64(3 * n),
    search: frame.f64(3 * n),
    image: frame.f64(3 * n),
    rho: NaN,
    worst: NaN,
  };
}

/** Bytes {@linkcode leaseElasticSystem} leases. */
export function elasticSystemBytes({ weldedCount, edgeCount }: { weldedCount: number; edgeCount: number }): number {
  return 8 * (2 * edgeCount + 12 * weldedCount);
}

/** Corners between two pauses, and nanoseconds each takes; nanoseconds of a place in a pass over the rings. */
const CORNER_CHUNK = 12_288, CORNER_COST = 100, RING_COST = 60;

/** Cotangent weights of `rest` (`3 * weldedCount`), scaled so that the mean of their sums is 1. */
export function* setCotangentWeights(
  { topology, edgeWeight, edgeSum }: ElasticSystem,
  rest: Float64Array,
  effort: Effort,
): Work<void> {
  const { weldedIndices, ringOffsets, ringVertices, weldedCount } = topology;
  for (let from = 0; from < weldedIndices.length; from += CORNER_CHUNK) {
    addCotangents(topology, rest, edgeWeight, from);
    yield* effort.spend(CORNER_CHUNK, CORNER_COST);
  }
  let total = 0, used = 0;
  for (let v = 0; v < weldedCount; v++) {
    for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) edgeSum[v] += edgeWeight[r];
    total += edgeSum[v];
    if (edgeSum[v] > 0) used++;
  }
  yield* effort.spend(weldedCount, RING_COST);
  const scale = total > 0 ? used / total : 0;
  for (let r = 0; r < ringVertices.length; r++) edgeWeight[r] *= scale;
  for (let v = 0; v < weldedCount; v++) edgeSum[v] *= scale;
}

function addCotangents(topology: Topology, rest: Float64Array, edgeWeight: Float64Array, from: number): void {
  const { weldedIndices } = topology, end = Math.min(from + CORNER_CHUNK, weldedIndices.length);
  for (let c = from; c < end; c += 3) {
    for (let k = 0; k < 3; k++) {
      const i = weldedIndices[c + k], j = weldedIndices[c + (k + 1) % 3], o = weldedIndices[c + (k + 2) % 3];
      if (i === j || j === o || o === i) continue;
      const half = 0.5 * cotangentAt(rest, o, i, j);
      const weight = half > MIN_COTANGENT ? (half < MAX_COTANGENT ? half : MAX_COTANGENT) : MIN_COTANGENT;
      edgeWeight[ringEntry(topology, i, j)] += weight;
      edgeWeight[ringEntry(topology, j, i)] += weight;
    }
  }
}

/** Where `j` stands in the ring of `i`, which is sorted. */
export function ringEntry({ ringOffsets, ringVertices }: Topology, i: number, j: number): number {
  let low = ringOffsets[i], high = ringOffsets[i + 1] - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ringVertices[middle] < j) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cotangent of the angle at `o` between `i` and `j`; large for a sliver. */
function cotangentAt(p: Float64Array, o: number, i: number, j: number): number {
  const ux = p[3 * i] - p[3 * o], uy = p[3 * i + 1] - p[3 * o + 1], uz = p[3 * i + 2] - p[3 * o + 2];
  const vx = p[3 * j] - p[3 * o], vy = p[3 * j + 1] - p[3 * o + 1], vz = p[3 * j + 2] - p[3 * o + 2];
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
  const sine = Math.sqrt(x * x + y * y + z * z);
  return (ux * vx + uy * vy + uz * vz) / Math.max(sine, 1e-30);
}

/** Touches nothing. */
export const NO_CONTACT: ContactTerms = {
  activeCount: 0,
  activeVertices: new Uint32Array(0),
  activeKinds: new Uint8Array(0),
  activeWeights: new Float32Array(0),
  kindRows: new Float64Array(0),
  weight: 0,
};

/** What contact adds to the matrix: samples, each a mix of up to three vertices. */
export interface ContactTerms {
  /** Samples in contact. */
  readonly activeCount: number;
  /** `3 *` vertices of each active sample; unused slots repeat the first. */
  readonly activeVertices: Uint32Array;
  /** Row of `kindRows` for each active sample. */
  readonly activeKinds: Uint8Array;
  /** What each active sample weighs of what its kind does. */
  readonly activeWeights: Float32Array;
  /** `4 *` shares of the three vertices, and what a sample of that kind weighs against a vertex. */
  readonly kindRows: Float64Array;
  /** Weight of a vertex in contact. */
  readonly weight: number;
}

/** Nanoseconds a place takes in {@linkcode applyToSearch}, and in {@linkcode takeStep}. */
export const APPLY_COST = 80, STEP_COST = 40;

/**
 * Begins to solve the system for `p`, starting at `p`: `system.worst` is how far
 * the solution is, metres, and falls as {@linkcode applyToSearch} and {@linkcode takeStep} are called in turn.
 *
 * Source: Hestenes & Stiefel 1952; Jacobi preconditioner. The matrix is applied,
 * never stored: contacts change it every iteration.
 */
export function beginSolve(
  system: ElasticSystem,
  contacts: ContactTerms,
  { layers, ties }: Couplings,
  rhs: Float64Array,
  p: Float64Array,
): void {
  const { residual, search, image, diagonal, topology: { weldedCount: n } } = system;
  applyElastic(system, contacts, p, image);
  applyLayers(layers, LAYER_WEIGHT, p, image); // one by one: through a function for both, numbers end on the heap
  applyTies(ties, p, image);
  let rho = 0, worst = 0;
  for (let v = 0; v < n; v++) {
    const inverse = diagonal[v] = 1 / diagonal[v];
    for (let i = 3 * v; i < 3 * v + 3; i++) {
      residual[i] = rhs[i] - image[i];
      search[i] = residual[i] * inverse;
      rho += residual[i] * search[i];
      const step = Math.abs(search[i]);
      if (step > worst) worst = step;
    }
  }
  system.rho = rho;
  system.worst = worst;
}

/** First half of a step of the solve: where the matrix takes the direction that is searched in. */
export function applyToSearch(
  system: ElasticSystem,
  contacts: ContactTerms,
  { layers, ties }: Couplings,
): void {
  applyElastic(system, contacts, system.search, system.image);
  applyLayers(layers, LAYER_WEIGHT, system.search, system.image);
  applyTies(ties, system.search, system.image);
}

/**
 * Second half: goes there and chooses the next direction.
 *
 * @returns Whether another step may follow: not where rounding is all that is left.
 */
export function takeStep(system: ElasticSystem, p: Float64Array): boolean {
  const { residual, search, image, diagonal: inverse, topology: { weldedCount: n }, rho } = system;
  let curvature = 0;
  for (let i = 0; i < 3 * n; i++) curvature += search[i] * image[i];
  if (!(curvature > 0)) return false;
  const alpha = rho / curvature;
  let nextRho = 0, worst = 0;
  for (let v = 0, i = 0; v < n; v++) {
    const scale = inverse[v];
    for (const end = i + 3; i < end; i++) {
      p[i] += alpha * search[i];
      const left = residual[i] - alpha * image[i], step = left * scale, length = Math.abs(step);
      residual[i] = left;
      image[i] = step;
      nextRho += left * step;
      if (length > worst) worst = length;
    }
  }
  const beta = nextRho / rho;
  for (let i = 0; i < 3 * n; i++) search[i] = image[i] + beta * search[i];
  system.rho = nextRho;
  system.worst = worst;
  return true;
}

/** image = (L + diag(anchor) + contacts) · d */
function applyElastic(
  { topology, edgeWeight, edgeSum, anchor }: ElasticSystem,
  contacts: ContactTerms,
  d: Float64Array,
  image: Float64Array,
): void {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  for (let v = 0; v < weldedCount; v++) {
    const own = edgeSum[v] + anchor[v];
    let x = own * d[3 * v], y = own * d[3 * v + 1], z = own * d[3 * v + 2];
    for (let r = ringOffsets[v], end = ringOffsets[v + 1]; r < end; r++) {
      const w = edgeWeight[r], j = 3 * ringVertices[r];
      x -= w * d[j];
      y -= w * d[j + 1];
      z -= w * d[j + 2];
    }
    image[3 * v] = x;
    image[3 * v + 1] = y;
    image[3 * v + 2] = z;
  }
  const { activeCount, activeVertices, activeKinds, activeWeights, kindRows, weight } = contacts;
  for (let s = 0; s < activeCount; s++) {
    const row = 4 * activeKinds[s], u = kindRows[row], v = kindRows[row + 1], w = kindRows[row + 2];
    const i = 3 * activeVertices[3 * s], j = 3 * activeVertices[3 * s + 1], k = 3 * activeVertices[3 * s + 2];
    const c = weight * activeWeights[s] * kindRows[row + 3];
    const x = c * (u * d[i] + v * d[j] + w * d[k]);
    const y = c * (u * d[i + 1] + v * d[j + 1] + w * d[k + 1]);
    const z = c * (u * d[i + 2] + v * d[j + 2] + w * d[k + 2]);
    image[i] += u * x;
    image[i + 1] += u * y;
    image[i + 2] += u * z;
    image[j] += v * x;
    image[j + 1] += v * y;
    image[j + 2] += v * z;
    image[k] += w * x;
    image[k + 1] += w * y;
    image[k + 2] += w * z;
  }
}
