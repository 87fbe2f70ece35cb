import type { Scratch } from "../../pool/scratch.ts";
import { join, rootOf } from "../topology/_disjoint_sets.ts";
import { NO_INDEX } from "../mesh.ts";
import { countFacesAround } from "../topology/_open_edges.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode hemLengths} measured. */
export interface HemLengths {
  /** Boundary loops; those that touch in a place are one. */
  hems: number;
  /** How much the length of a loop changed, as a share: the mean over loops. 0 without one. */
  hemChangeMean: number;
  /** The same of the loop that changed most. */
  hemChangeMax: number;
  /** The least length now over the length before; 1 without a loop. */
  hemRatioMin: number;
  /** The greatest. */
  hemRatioMax: number;
}

/** Loops shorter than this have no length to compare, metres. */
const LEAST_LENGTH = 1e-12;
/** Places between two pauses. */
const PAUSE_EVERY = 4096;

/** Exactly the bytes {@linkcode hemLengths} leases. */
export function hemLengthsBytes({ weldedCount }: { weldedCount: number }): number {
  return (2 * 4 + 2 * 8) * weldedCount;
}

/**
 * Measures how much the open edges of a mesh, its hems, were stretched: loop by
 * loop, after the scale of the whole. An edge is open when one face has it.
 *
 * @param rest Positions before, `3 * vertexCount`, in any unit.
 * @param deformed Positions now, as long.
 * @param topology Of the mesh.
 * @param restScale How much larger the whole is now than in `rest`, see `bestSimilarity`.
 * @param scratch Leases {@linkcode hemLengthsBytes}.
 * @example A triangle twice the size has one hem, twice as long
 * ```ts
 * import { buildTopology, hemLengths } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2) }, scope, scope);
 * const { hems, hemRatioMax, hemChangeMax } = hemLengths(positions, positions.map((x) => 2 * x), topology, 1, scope);
 * assertEquals([hems, hemRatioMax, hemChangeMax], [1, 2, 1]);
 * ```
 */
export function hemLengths(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): HemLengths {
  return finish(hemLengthsWork(rest, deformed, topology, restScale, scratch));
}

/** {@linkcode hemLengths} with pauses. */
export function* hemLengthsWork(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): Work<HemLengths> {
  const { weldedCount } = topology;
  using frame = scratch.frame("hem lengths");
  const tally = frame.u32(weldedCount), chain = frame.u32(weldedCount);
  const before = frame.f64(weldedCount), after = frame.f64(weldedCount);
  chain.fill(NO_INDEX);
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === 0) yield;
    countFacesAround(topology, w, tally);
    for (let r = topology.ringOffsets[w]; r < topology.ringOffsets[w + 1]; r++) {
      const other = topology.ringVertices[r], faces = tally[other];
      tally[other] = 0;
      if (faces !== 1 || other < w) continue;
      join(chain, w, other);
      before[w] += restScale * distance(rest, topology, w, other);
      after[w] += distance(deformed, topology, w, other);
    }
  }
  yield;
  return compareLoops(chain, before, after);
}

/** Adds the lengths of each loop up at its root, its lowest place, and compares. */
function compareLoops(chain: Uint32Array, before: Float64Array, after: Float64Array): HemLengths {
  let hems = 0, measured = 0, sum = 0, hemChangeMax = 0, hemRatioMin = Infinity, hemRatioMax = -Infinity;
  for (let w = 0; w < chain.length; w++) {
    if (chain[w] === NO_INDEX) continue;
    const root = rootOf(chain, w);
    if (root === w) continue;
    before[root] += before[w];
    after[root] += after[w];
  }
  for (let w = 0; w < chain.length; w++) {
    if (chain[w] !== w) continue;
    hems++;
    if (!(before[w] > LEAST_LENGTH)) continue;
    const ratio = after[w] / before[w], change = Math.abs(ratio - 1);
    measured++;
    sum += change;
    if (change > hemChangeMax) hemChangeMax = change;
    if (ratio < hemRatioMin) hemRatioMin = ratio;
    if (ratio > hemRatioMax) hemRatioMax = ratio;
  }
  if (measured === 0) return { hems, hemChangeMean: 0, hemChangeMax: 0, hemRatioMin: 1, hemRatioMax: 1 };
  return { hems, hemChangeMean: sum / measured, hemChangeMax, hemRatioMin, hemRatioMax };
}

function distance(p: Float32Array, { representative }: Topology, v: number, w: number): number {
  const i = 3 * representative[v], j = 3 * representative[w];
  const x = p[i] - p[j], y = p[i + 1] - p[j + 1], z = p[i + 2] - p[j + 2];
  return Math.sqrt(x * x + y * y + z * z);
}
