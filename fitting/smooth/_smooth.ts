import type { Frame } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import type { TriangleMesh } from "../mesh.ts";
import { type Rings, ringsBytes, ringsFor, SMOOTH_BOUNDARIES, type SmoothBoundary } from "../topology/_rings.ts";
import type { Topology } from "../topology/topology.ts";
import { leaseSmoothPages, smoothPageBytes, type SmoothPages } from "./_smooth_pages.ts";
import { UMBRELLA_CHUNK, UMBRELLA_COST, weightedPass } from "./_umbrella.ts";
import type { Work } from "../work.ts";

/** How far smoothing moved the places that faces use. */
export interface SmoothReport {
  /** The largest move, metres. */
  maxMove: number;
  /** The mean move, metres; 0 without a face. */
  meanMove: number;
}

/** Which places smoothing may move: what all its operations take. */
export interface SmoothLimits {
  /** What happens at open and non-manifold edges, see {@linkcode SmoothBoundary}. @default {"pinned"} */
  boundary?: SmoothBoundary;
  /** `weldedCount` flags of the places that may move; nothing else does. @default all */
  only?: Uint8Array | undefined;
  /** `weldedCount` flags of the places that stay. @default none */
  pin?: Uint8Array | undefined;
}

/** Counts that decide how much smoothing leases. */
export interface SmoothSizes {
  /** Places: `Topology.weldedCount`. */
  weldedCount: number;
  /** Edges: `Topology.edgeCount`; counts with boundary `along`. */
  edgeCount: number;
}

/** What a smoothing operation works on. */
export interface SmoothField {
  /** The neighbours averaged over. */
  readonly rings: Rings;
  /** Flags of places that stay. */
  readonly pinned: Uint8Array;
  /** `3 * weldedCount`: starts as the positions of the places. */
  readonly places: Float64Array;
  /** As long. */
  readonly spare: Float64Array;
  /** A pass between `places` and `spare`, in either direction, with SIMD where there is any. */
  readonly umbrella: SmoothPages["umbrella"];
  readonly effort: Effort;
}

/** Passes of neighbour averaging. */
export interface Passes {
  /** How often they are repeated. */
  readonly iterations: number;
  /** The factor of the first pass of an iteration. */
  readonly lambda: number;
  /** The factor of the second; 0 leaves it out. */
  readonly mu: number;
  /** A weight for each entry of the rings; all count the same where it is missing. */
  readonly weights?: Float64Array;
}

/** What a place takes to be read or written, nanoseconds. */
const COPY_COST = 20;

/** Leases what a smoothing operation works on, and reads the positions. */
export function* openSmoothing(
  mesh: TriangleMesh,
  topology: Topology,
  frame: Frame,
  { boundary = "pinned", only, pin }: SmoothLimits,
): Work<SmoothField> {
  const rings = yield* ringsFor(topology, boundary, frame), n = topology.weldedCount;
  const { from: places, to: spare, pinned, umbrella } = leaseSmoothPages(topology, rings, frame);
  if (boundary === "pinned") pinned.set(topology.isBoundary);
  for (let w = 0; pin !== undefined && w < n; w++) if (pin[w] !== 0) pinned[w] = 1;
  for (let w = 0; only !== undefined && w < n; w++) if (only[w] === 0) pinned[w] = 1;
  gather(mesh.positions, topology.representative, places);
  return { rings, pinned, places, spare, umbrella, effort: new Effort().spend(n, COPY_COST) };
}

/** Exactly the bytes {@linkcode openSmoothing} leases. */
export function openSmoothingBytes(sizes: SmoothSizes, { boundary = "pinned" }: SmoothLimits = {}): number {
  return smoothPageBytes(sizes) + ringsBytes(sizes, boundary);
}

/**
 * Runs the passes.
 *
 * @returns The array that holds the result: `places` or `spare`.
 */
export function* runPasses(
  { rings, pinned, places, spare, umbrella, effort }: SmoothField,
  { iterations, lambda, mu, weights }: Passes,
): Work<Float64Array> {
  const n = pinned.length, passesEach = mu === 0 ? 1 : 2, passCount = passesEach * iterations;
  let from = places, to = spare;
  for (let pass = 0; pass < passCount; pass++) {
    effort.count(Math.floor(pass / passesEach), iterations);
    const factor = mu === 0 || pass % 2 === 0 ? lambda : mu;
    for (let w = 0; w < n; w += UMBRELLA_CHUNK) {
      const end = Math.min(w + UMBRELLA_CHUNK, n);
      if (weights === undefined) umbrella(from, to, factor, w, end);
      else weightedPass(rings, weights, from, to, factor, pinned, w, end);
      yield* effort.spend(end - w, UMBRELLA_COST);
    }
    const next = from;
    from = to;
    to = next;
  }
  return from;
}

/** Measures how far the places moved, and writes them to every vertex. */
export function* closeSmoothing(
  mesh: TriangleMesh,
  topology: Topology,
  places: Float64Array,
  out: Float32Array,
  effort: Effort,
): Work<SmoothReport> {
  const report = measureMoves(mesh.positions, topology, places);
  yield* effort.spend(topology.weldedCount, COPY_COST);
  scatter(places, topology.positionRemap, out); // after measuring, as out may be the positions
  return report;
}

/** Refuses what every smoothing operation refuses. */
export function assertSmoothInputs(
  { positions }: TriangleMesh,
  { positionRemap, weldedCount }: Topology,
  out: Float32Array,
  iterations: number,
  { boundary = "pinned", only, pin }: SmoothLimits,
): void {
  if (out.length !== positions.length) {
    throw new RangeError(
      `Cannot smooth the mesh as out must hold ${positions.length} floats: it holds ${out.length}`,
    );
  }
  if (3 * positionRemap.length !== positions.length) {
    throw new RangeError(
      `Cannot smooth the mesh as the topology must be of the same mesh: it has ${positionRemap.length} vertices, the mesh ${
        positions.length / 3
      }`,
    );
  }
  if (!SMOOTH_BOUNDARIES.includes(boundary)) {
    throw new RangeError(
      `Cannot smooth the mesh as boundary must be ${SMOOTH_BOUNDARIES.join(", ")}: current value is "${boundary}"`,
    );
  }
  for (const mask of [only, pin]) {
    if (mask === undefined || mask.length === weldedCount) continue;
    throw new RangeError(
      `Cannot smooth the mesh as only and pin must hold a flag for each of the ${weldedCount} places: one holds ${mask.length}`,
    );
  }
  assertIterations("Cannot smooth the mesh", iterations);
}

/** Refuses an iteration count that is no whole number from 0 on; `attempt` begins the message. */
export function assertIterations(attempt: string, iterations: number): void {
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new RangeError(
      `${attempt} as iterations must be a whole number >= 0: current value is ${iterations}`,
    );
  }
}

/** Refuses a factor that does not lie above 0 and at 1 at most. */
export function assertStep(name: string, value: number): void {
  if (!(value > 0 && value <= 1)) {
    throw new RangeError(`Cannot smooth the mesh as ${name} must be above 0 and <= 1: current value is ${value}`);
  }
}

function gather(positions: Float32Array, representative: Uint32Array, places: Float64Array): void {
  for (let w = 0; w < representative.length; w++) {
    const i = 3 * w, j = 3 * representative[w];
    places[i] = positions[j];
    places[i + 1] = positions[j + 1];
    places[i + 2] = positions[j + 2];
  }
}

function scatter(places: Float64Array, positionRemap: Uint32Array, positions: Float32Array): void {
  for (let v = 0; v < positionRemap.length; v++) {
    const i = 3 * v, j = 3 * positionRemap[v];
    positions[i] = places[j];
    positions[i + 1] = places[j + 1];
    positions[i + 2] = places[j + 2];
  }
}

function measureMoves(
  positions: Float32Array,
  { representative, cornerOffsets }: Topology,
  places: Float64Array,
): SmoothReport {
  let maxSq = 0, sum = 0, count = 0;
  for (let w = 0; w < representative.length; w++) {
    if (cornerOffsets[w] === cornerOffsets[w + 1]) continue;
    const i = 3 * w, j = 3 * representative[w];
    const x = places[i] - positions[j];
    const y = places[i + 1] - positions[j + 1];
    const z = places[i + 2] - positions[j + 2];
    const moveSq = x * x + y * y + z * z;
    if (moveSq > maxSq) maxSq = moveSq;
    sum += Math.sqrt(moveSq);
    count++;
  }
  return { maxMove: Math.sqrt(maxSq), meanMove: count === 0 ? 0 : sum / count };
}
