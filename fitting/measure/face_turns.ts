import type { Scratch } from "../../pool/scratch.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode faceTurns} counted. */
export interface FaceTurns {
  /** Faces that lay like those around them and now face the other way. */
  flips: number;
  /** Edges that were open (less than 78°) and are now folded over (more than 102°). */
  folds: number;
  /** Faces turned by more than 90°, after the turn of the whole. */
  turnedFaces: number;
  /** Faces that had a height and are needles now. */
  newDegenerateFaces: number;
}

/** A face is a needle when its height is below this share of its longest side. */
const NEEDLE = 1e-4;
/** Cosine above which two normals agree; below its negative they are opposed. */
const AGREEMENT = 0.2;
/** Faces or places between two pauses. */
const PAUSE_EVERY = 4096;

/** Exactly the bytes {@linkcode faceTurns} leases. */
export function faceTurnsBytes({ weldedCount, faceCount }: { weldedCount: number; faceCount: number }): number {
  return (2 * 24 + 3 * 4) * weldedCount + faceCount;
}

/**
 * Counts what turned over: faces against their neighbours, and across edges.
 * Size, turn and place of the whole do not matter. Needles are left out, as they
 * face anywhere.
 *
 * A face is compared with the sum of the normals of all faces that share a corner
 * with it, longer for larger ones and for those that share two.
 *
 * @param rest Positions as they were, `3 * vertexCount`, in any unit.
 * @param deformed Positions now, as long.
 * @param topology Of the mesh.
 * @param rotation Row-major 3 × 3: the turn of the whole, see `bestSimilarity`.
 * @param scratch Leases {@linkcode faceTurnsBytes}.
 * @example A square folded along its diagonal
 * ```ts
 * import { buildTopology, faceTurns } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const rest = Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0);
 * const folded = Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0.9, 0.1, 0.1);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions: rest, indices: Uint32Array.of(0, 1, 2, 0, 2, 3) }, scope, scope);
 * assertEquals(faceTurns(rest, folded, topology, [1, 0, 0, 0, 1, 0, 0, 0, 1], scope).folds, 1);
 * ```
 */
export function faceTurns(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  rotation: readonly number[],
  scratch: Scratch,
): FaceTurns {
  return finish(faceTurnsWork(rest, deformed, topology, rotation, scratch));
}

/** {@linkcode faceTurns} with pauses. */
export function* faceTurnsWork(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  rotation: readonly number[],
  scratch: Scratch,
): Work<FaceTurns> {
  using frame = scratch.frame("face turns");
  const { weldedCount, weldedIndices } = topology;
  const before = frame.f64(3 * weldedCount), after = frame.f64(3 * weldedCount);
  const tally = frame.u32(weldedCount), firstFace = frame.u32(weldedCount), secondFace = frame.u32(weldedCount);
  const isSound = frame.u8(weldedIndices.length / 3);
  sumNormals(rest, topology, before);
  yield;
  sumNormals(deformed, topology, after);
  yield;
  const r = rotation;
  let flips = 0, turnedFaces = 0, newDegenerateFaces = 0;
  for (let f = 0, c = 0; f < isSound.length; f++, c += 3) {
    if (f % PAUSE_EVERY === 0) yield;
    const a = weldedIndices[c], b = weldedIndices[c + 1], d = weldedIndices[c + 2];
    if (a === b || b === d || d === a) continue;
    const wasNeedle = isNeedle(rest, topology, a, b, d), isNow = isNeedle(deformed, topology, a, b, d);
    if (isNow && !wasNeedle) newDegenerateFaces++;
    if (isNow || wasNeedle) continue;
    isSound[f] = 1;
    if (
      cosineToNeighbours(rest, topology, before, a, b, d) > AGREEMENT &&
      cosineToNeighbours(deformed, topology, after, a, b, d) < -AGREEMENT
    ) flips++;
    const x = normal(rest, topology, a, b, d, 0), y = normal(rest, topology, a, b, d, 1);
    const z = normal(rest, topology, a, b, d, 2);
    const along = (r[0] * x + r[1] * y + r[2] * z) * normal(deformed, topology, a, b, d, 0) +
      (r[3] * x + r[4] * y + r[5] * z) * normal(deformed, topology, a, b, d, 1) +
      (r[6] * x + r[7] * y + r[8] * z) * normal(deformed, topology, a, b, d, 2);
    if (along < 0) turnedFaces++;
  }
  const folds = yield* countFolds(rest, deformed, topology, { tally, firstFace, secondFace, isSound });
  return { flips, folds, turnedFaces, newDegenerateFaces };
}

interface EdgeFaces {
  /** Zeros; how many faces the edge to a neighbour has. */
  readonly tally: Uint32Array;
  readonly firstFace: Uint32Array;
  readonly secondFace: Uint32Array;
  readonly isSound: Uint8Array;
}

/** Counts new folds across edges with exactly two faces. */
function* countFolds(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  { tally, firstFace, secondFace, isSound }: EdgeFaces,
): Work<number> {
  const { weldedCount, weldedIndices, cornerOffsets, corners, ringOffsets, ringVertices } = topology;
  let folds = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === 0) yield;
    for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
      const c = corners[i], slot = c % 3;
      const next = weldedIndices[slot === 2 ? c - 2 : c + 1], previous = weldedIndices[slot === 0 ? c + 2 : c - 1];
      if (next === w || previous === w || next === previous) continue;
      const f = (c - slot) / 3;
      for (let side = 0; side < 2; side++) {
        const other = side === 0 ? next : previous;
        if (tally[other]++ === 0) firstFace[other] = f;
        else secondFace[other] = f;
      }
    }
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const other = ringVertices[r], faces = tally[other], f = firstFace[other], g = secondFace[other];
      tally[other] = 0;
      if (other < w || faces !== 2 || isSound[f] === 0 || isSound[g] === 0) continue;
      if (cosineBetween(rest, topology, f, g) > AGREEMENT && cosineBetween(deformed, topology, f, g) < -AGREEMENT) {
        folds++;
      }
    }
  }
  return folds;
}

/** Adds the normal of each face, as long as twice its area, to its three places. */
function sumNormals(p: Float32Array, topology: Topology, sums: Float64Array): void {
  const { weldedIndices } = topology;
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const a = weldedIndices[c], b = weldedIndices[c + 1], d = weldedIndices[c + 2];
    if (a === b || b === d || d === a) continue;
    for (let k = 0; k < 3; k++) {
      const value = normal(p, topology, a, b, d, k);
      sums[3 * a + k] += value;
      sums[3 * b + k] += value;
      sums[3 * d + k] += value;
    }
  }
}

/** Coordinate `k` of the normal of a face, as long as twice its area. */
function normal(p: Float32Array, { representative }: Topology, a: number, b: number, d: number, k: number): number {
  const i = 3 * representative[a], u = k === 2 ? 0 : k + 1, v = k === 0 ? 2 : k - 1;
  const j = 3 * representative[b], n = 3 * representative[d];
  return (p[j + u] - p[i + u]) * (p[n + v] - p[i + v]) - (p[j + v] - p[i + v]) * (p[n + u] - p[i + u]);
}

/** The cosine between a face and the faces around it; 0 where either points nowhere. */
function cosineToNeighbours(
  p: Float32Array,
  topology: Topology,
  sums: Float64Array,
  a: number,
  b: number,
  d: number,
): number {
  let dot = 0, own = 0, around = 0;
  for (let k = 0; k < 3; k++) {
    const value = normal(p, topology, a, b, d, k);
    const others = sums[3 * a + k] + sums[3 * b + k] + sums[3 * d + k] - 3 * value;
    dot += value * others;
    own += value * value;
    around += others * others;
  }
  return own > 0 && around > 0 ? dot / Math.sqrt(own) / Math.sqrt(around) : 0;
}

/** The cosine between two faces; 0 where either has no area. */
function cosineBetween(p: Float32Array, topology: Topology, f: number, g: number): number {
  const { weldedIndices: t } = topology;
  let dot = 0, ff = 0, gg = 0;
  for (let k = 0; k < 3; k++) {
    const x = normal(p, topology, t[3 * f], t[3 * f + 1], t[3 * f + 2], k);
    const y = normal(p, topology, t[3 * g], t[3 * g + 1], t[3 * g + 2], k);
    dot += x * y;
    ff += x * x;
    gg += y * y;
  }
  return ff > 0 && gg > 0 ? dot / Math.sqrt(ff) / Math.sqrt(gg) : 0;
}

function isNeedle(p: Float32Array, topology: Topology, a: number, b: number, d: number): boolean {
  let normalSq = 0;
  for (let k = 0; k < 3; k++) normalSq += normal(p, topology, a, b, d, k) ** 2;
  const longestSq = Math.max(lengthSq(p, topology, a, b), lengthSq(p, topology, b, d), lengthSq(p, topology, d, a));
  return Math.sqrt(normalSq) < NEEDLE * longestSq || longestSq === 0;
}

function lengthSq(p: Float32Array, { representative }: Topology, a: number, b: number): number {
  const i = 3 * representative[a], j = 3 * representative[b];
  return (p[i] - p[j]) ** 2 + (p[i + 1] - p[j + 1]) ** 2 + (p[i + 2] - p[j + 2]) ** 2;
}
