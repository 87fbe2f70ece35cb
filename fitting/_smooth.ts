import type { Scratch } from "../pool/scratch.ts";
import { Effort } from "./_effort.ts";
import type { TriangleMesh } from "./mesh.ts";
import type { Topology } from "./topology.ts";
import { UMBRELLA_CHUNK, UMBRELLA_COST, umbrellaPass } from "./_umbrella.ts";
import type { Work } from "./work.ts";

/** How far smoothing moved the places that faces use. */
export interface SmoothReport {
  /** The largest move, metres. */
  maxMove: number;
  /** The mean move, metres; 0 without a face. */
  meanMove: number;
}

/** What the smoothing operations share. */
export interface SmoothPasses {
  /** How often the passes are repeated. */
  readonly iterations: number;
  /** The factor of the first pass of an iteration. */
  readonly lambda: number;
  /** The factor of the second; 0 leaves it out. */
  readonly mu: number;
  /** Whether boundary places stay. */
  readonly pinBoundary: boolean;
  /** Flags of places that may move; all may where it is missing. */
  readonly only?: Uint8Array | undefined;
  /** Flags of places that stay. */
  readonly pin?: Uint8Array | undefined;
}

/** What a place takes to be read or written, nanoseconds. */
const COPY_COST = 20;

/** Smooths the positions of `mesh` into `out` and measures. */
export function* smoothPositions(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  { iterations, lambda, mu, pinBoundary, only, pin }: SmoothPasses,
): Work<SmoothReport> {
  using frame = scratch.frame("smooth");
  let from = frame.f64(3 * topology.weldedCount);
  let to = frame.f64(3 * topology.weldedCount);
  const pinned = frame.u8(topology.weldedCount);
  flagPinned(topology, pinBoundary, only, pin, pinned);
  const effort = new Effort(), n = topology.weldedCount;
  gather(mesh.positions, topology.representative, from);
  yield* effort.spend(n, COPY_COST);
  const passCount = mu === 0 ? iterations : 2 * iterations;
  for (let pass = 0; pass < passCount; pass++) {
    const factor = mu === 0 || pass % 2 === 0 ? lambda : mu;
    for (let w = 0; w < n; w += UMBRELLA_CHUNK) {
      const end = Math.min(w + UMBRELLA_CHUNK, n);
      umbrellaPass(topology, from, to, factor, pinned, w, end);
      yield* effort.spend(end - w, UMBRELLA_COST);
    }
    const next = from;
    from = to;
    to = next;
  }
  const report = measureMoves(mesh.positions, topology, from);
  yield* effort.spend(n, COPY_COST);
  scatter(from, topology.positionRemap, out); // after measuring, as out may be the positions
  return report;
}

/** Exactly the peak bytes {@linkcode smoothPositions} leases. */
export function smoothPositionsBytes(
  { weldedCount }: { weldedCount: number },
): number {
  return 49 * weldedCount;
}

/** Flags the places that stay. */
function flagPinned(
  { isBoundary }: Topology,
  pinBoundary: boolean,
  only: Uint8Array | undefined,
  pin: Uint8Array | undefined,
  pinned: Uint8Array,
): void {
  if (pinBoundary) pinned.set(isBoundary);
  for (let w = 0; pin !== undefined && w < pinned.length; w++) if (pin[w] !== 0) pinned[w] = 1;
  for (let w = 0; only !== undefined && w < pinned.length; w++) if (only[w] === 0) pinned[w] = 1;
}

/** Refuses what every smoothing operation refuses. */
export function assertSmoothInputs(
  { positions }: TriangleMesh,
  { positionRemap }: Topology,
  out: Float32Array,
  iterations: number,
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

function gather(
  positions: Float32Array,
  representative: Uint32Array,
  places: Float64Array,
): void {
  for (let w = 0; w < representative.length; w++) {
    const i = 3 * w, j = 3 * representative[w];
    places[i] = positions[j];
    places[i + 1] = positions[j + 1];
    places[i + 2] = positions[j + 2];
  }
}

function scatter(
  places: Float64Array,
  positionRemap: Uint32Array,
  positions: Float32Array,
): void {
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
