import type { Scratch } from "../../pool/scratch.ts";
import { HORN_WORK_LENGTH, turnToMatch } from "../_horn.ts";
import { LEAST_PLACES, MOST_FACES } from "./_small_islands.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode islandShapes} measured. The error of an edge is |length now over length before − 1|, at its island's own best scale. */
export interface IslandShapes {
  /** Connected parts. */
  islands: number;
  /** Small ones: at most 500 faces and at least four places. Buttons, buckles, studs. */
  smallIslands: number;
  /** The worst error of an edge of a small island. */
  islandEdgeErrorMax: number;
  /** The mean over small islands of each one's worst error. */
  islandEdgeErrorMean: number;
  /** Least scale of a small island, over that of the whole; 1 without one. */
  islandScaleMin: number;
  /** Greatest scale. */
  islandScaleMax: number;
}

/** Numbers an island keeps: means before and now, correlation, squared size, worst error. */
const STRIDE = 6 + 9 + 1 + 1;
/** Places between two pauses. */
const PAUSE_EVERY = 4096;

/** Exactly the bytes {@linkcode islandShapes} leases. */
export function islandShapesBytes({ islandCount }: { islandCount: number }): number {
  return (8 * STRIDE + 2 * 4) * islandCount + 8 * (HORN_WORK_LENGTH + 4);
}

/**
 * Measures how well the small parts of a mesh kept their shape: each is compared
 * with its input at the one size that fits it best.
 *
 * @param rest Positions before, `3 * vertexCount`, in any unit.
 * @param deformed Positions now, as long.
 * @param topology Of the mesh.
 * @param restScale How much larger the whole is now than in `rest`, see `bestSimilarity`.
 * @param scratch Leases {@linkcode islandShapesBytes}.
 * @example A tetrahedron stretched to twice its height
 * ```ts
 * import { buildTopology, islandShapes } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3) }, scope, scope);
 * const kept = islandShapes(positions, positions.map((x) => 3 * x), topology, 3, scope);
 * assertEquals([kept.smallIslands, kept.islandScaleMax], [1, 1]);
 * assert(kept.islandEdgeErrorMax < 1e-6);
 * const tall = positions.map((x, i) => i % 3 === 1 ? 2 * x : x);
 * assert(islandShapes(positions, tall, topology, 1, scope).islandEdgeErrorMax > 0.2);
 * ```
 */
export function islandShapes(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): IslandShapes {
  return finish(islandShapesWork(rest, deformed, topology, restScale, scratch));
}

/** {@linkcode islandShapes} with pauses. */
export function* islandShapesWork(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): Work<IslandShapes> {
  const { islandCount, islandOf, weldedIndices } = topology;
  using frame = scratch.frame("island shapes");
  const sums = frame.f64(STRIDE * islandCount), places = frame.u32(islandCount), faces = frame.u32(islandCount);
  const work = frame.f64(HORN_WORK_LENGTH), quaternion = frame.f64(4);
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const a = weldedIndices[c], b = weldedIndices[c + 1], d = weldedIndices[c + 2];
    if (a !== b && b !== d && d !== a && islandOf[a] !== NO_INDEX) faces[islandOf[a]]++;
  }
  yield;
  sumMeans(rest, deformed, topology, sums, places);
  yield;
  sumCorrelations(rest, deformed, topology, sums);
  yield;
  for (let n = 0; n < islandCount; n++) {
    // from here on the squared size holds the scale
    const s = STRIDE * n, match = turnToMatch(sums, s + 6, work, quaternion);
    sums[s + 15] = match > 0 && sums[s + 15] > 0 ? match / sums[s + 15] : 1;
  }
  for (let w = 0; w < islandOf.length; w++) {
    if (w % PAUSE_EVERY === 0) yield;
    if (islandOf[w] !== NO_INDEX) compareEdges(rest, deformed, topology, sums, w);
  }
  return summarise(sums, places, faces, restScale);
}

function sumMeans(
  rest: Float32Array,
  deformed: Float32Array,
  { islandOf, representative }: Topology,
  sums: Float64Array,
  places: Uint32Array,
): void {
  for (let w = 0; w < islandOf.length; w++) {
    if (islandOf[w] === NO_INDEX) continue;
    const s = STRIDE * islandOf[w], i = 3 * representative[w];
    places[islandOf[w]]++;
    for (let k = 0; k < 3; k++) {
      sums[s + k] += rest[i + k];
      sums[s + 3 + k] += deformed[i + k];
    }
  }
  for (let n = 0; n < places.length; n++) {
    for (let k = STRIDE * n; k < STRIDE * n + 6; k++) sums[k] /= Math.max(1, places[n]);
  }
}

function sumCorrelations(
  rest: Float32Array,
  deformed: Float32Array,
  { islandOf, representative }: Topology,
  sums: Float64Array,
): void {
  for (let w = 0; w < islandOf.length; w++) {
    if (islandOf[w] === NO_INDEX) continue;
    const s = STRIDE * islandOf[w], i = 3 * representative[w];
    for (let k = 0; k < 3; k++) {
      const x = rest[i + k] - sums[s + k];
      sums[s + 15] += x * x;
      for (let n = 0; n < 3; n++) sums[s + 6 + 3 * k + n] += x * (deformed[i + n] - sums[s + 3 + n]);
    }
  }
}

/** Keeps the worst error among the edges from place `w` to higher ones. */
function compareEdges(
  rest: Float32Array,
  deformed: Float32Array,
  { islandOf, representative, ringOffsets, ringVertices }: Topology,
  sums: Float64Array,
  w: number,
): void {
  const s = STRIDE * islandOf[w], i = 3 * representative[w];
  for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
    if (ringVertices[r] < w) continue;
    const j = 3 * representative[ringVertices[r]];
    const before = sums[s + 15] * distance(rest, i, j), after = distance(deformed, i, j);
    const error = Math.abs(after - before) / Math.max(before, 1e-12);
    if (error > sums[s + 16]) sums[s + 16] = error;
  }
}

function summarise(sums: Float64Array, places: Uint32Array, faces: Uint32Array, restScale: number): IslandShapes {
  let islands = 0, smallIslands = 0, errors = 0, islandEdgeErrorMax = 0, islandScaleMin = Infinity, islandScaleMax = 0;
  for (let n = 0; n < places.length; n++) {
    if (faces[n] === 0) continue;
    islands++;
    if (faces[n] > MOST_FACES || places[n] < LEAST_PLACES) continue;
    const scale = sums[STRIDE * n + 15] / restScale, error = sums[STRIDE * n + 16];
    smallIslands++;
    errors += error;
    if (error > islandEdgeErrorMax) islandEdgeErrorMax = error;
    if (scale < islandScaleMin) islandScaleMin = scale;
    if (scale > islandScaleMax) islandScaleMax = scale;
  }
  if (smallIslands === 0) islandScaleMin = islandScaleMax = 1;
  const islandEdgeErrorMean = errors / Math.max(1, smallIslands);
  return { islands, smallIslands, islandEdgeErrorMax, islandEdgeErrorMean, islandScaleMin, islandScaleMax };
}

function distance(p: Float32Array, i: number, j: number): number {
  const x = p[i] - p[j], y = p[i + 1] - p[j + 1], z = p[i + 2] - p[j + 2];
  return Math.sqrt(x * x + y * y + z * z);
}
