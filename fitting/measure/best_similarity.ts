import type { Scratch } from "../../pool/scratch.ts";
import { HORN_WORK_LENGTH, turnToMatch } from "../_horn.ts";
import { rotationMatrix } from "../_rotation.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode bestSimilarity} found. Lengths are metres of the deformed positions. */
export interface BestSimilarity {
  /** How much larger the whole became; 1 without an extent. */
  scale: number;
  /** Row-major 3 × 3: how it turned. */
  rotation: readonly number[];
  /** How far the places are from where the similarity alone would put them, on average. */
  residualMean: number;
  /** The same of the place that is farthest. */
  residualMax: number;
}

/**
 * Finds the turn, size and place that bring a mesh nearest to what became of it,
 * so that what is left is a change of shape. Each place in use counts once.
 *
 * Source: Umeyama 1991, "Least-Squares Estimation of Transformation Parameters
 * Between Two Point Patterns"; a mirrored mesh gets the best proper rotation.
 *
 * @param rest Positions as they were, `3 * vertexCount`, in any unit.
 * @param deformed Positions now, as long.
 * @param topology Of the mesh.
 * @param scratch Leases {@linkcode bestSimilarityBytes}.
 * @example A triangle moved, and twice the size
 * ```ts
 * import { bestSimilarity, buildTopology } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2) }, scope, scope);
 * const { scale, residualMax } = bestSimilarity(positions, positions.map((x) => 2 * x + 1), topology, scope);
 * assertAlmostEquals(scale, 2, 1e-12);
 * assertAlmostEquals(residualMax, 0, 1e-12);
 * ```
 */
export function bestSimilarity(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  scratch: Scratch,
): BestSimilarity {
  return finish(bestSimilarityWork(rest, deformed, topology, scratch));
}

/** Places between two pauses. */
const PAUSE_EVERY = 32_768;

/** {@linkcode bestSimilarity} with pauses. */
export function* bestSimilarityWork(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  scratch: Scratch,
): Work<BestSimilarity> {
  const { weldedCount, representative, cornerOffsets } = topology;
  using frame = scratch.frame("best similarity");
  const means = frame.f64(6), correlation = frame.f64(9), rotation = frame.f64(9);
  const quaternion = frame.f64(4), work = frame.f64(HORN_WORK_LENGTH);
  let used = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
    if (cornerOffsets[w] === cornerOffsets[w + 1]) continue;
    const i = 3 * representative[w];
    used++;
    for (let k = 0; k < 3; k++) {
      means[k] += rest[i + k];
      means[3 + k] += deformed[i + k];
    }
  }
  for (let k = 0; k < 6; k++) means[k] /= Math.max(1, used);
  let size = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
    if (cornerOffsets[w] === cornerOffsets[w + 1]) continue;
    const i = 3 * representative[w];
    for (let k = 0; k < 3; k++) {
      const x = rest[i + k] - means[k];
      size += x * x;
      for (let n = 0; n < 3; n++) correlation[3 * k + n] += x * (deformed[i + n] - means[3 + n]);
    }
  }
  const match = turnToMatch(correlation, 0, work, quaternion);
  const scale = size > 0 && match > 0 ? match / size : 1;
  rotationMatrix(quaternion, rotation, 0);
  let sum = 0, residualMax = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
    if (cornerOffsets[w] === cornerOffsets[w + 1]) continue;
    const i = 3 * representative[w];
    const x = rest[i] - means[0], y = rest[i + 1] - means[1], z = rest[i + 2] - means[2];
    let distanceSq = 0;
    for (let k = 0; k < 3; k++) {
      const there = scale * (rotation[3 * k] * x + rotation[3 * k + 1] * y + rotation[3 * k + 2] * z);
      distanceSq += (deformed[i + k] - means[3 + k] - there) ** 2;
    }
    const distance = Math.sqrt(distanceSq);
    sum += distance;
    if (distance > residualMax) residualMax = distance;
  }
  return { scale, rotation: Array.from(rotation), residualMean: sum / Math.max(1, used), residualMax };
}

/** Exactly the bytes {@linkcode bestSimilarity} leases, whatever the mesh. */
export function bestSimilarityBytes(): number {
  return 8 * (6 + 9 + 9 + 4 + HORN_WORK_LENGTH);
}
