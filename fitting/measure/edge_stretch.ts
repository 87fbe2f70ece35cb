import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import { percentilesWork } from "../_percentile.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode edgeStretch}. */
export interface EdgeStretchOptions {
  /**
   * What counts as no stretch: edges times this number, or times the number
   * that fits all edges best (`"best"`), so that a piece worn a size larger is
   * not stretched.
   * @default {1}
   */
  scale?: number | "best";
}

/** Defaults of {@linkcode EdgeStretchOptions}; steps, CLI and docs read these. */
export const EDGE_STRETCH_DEFAULTS: Readonly<Required<EdgeStretchOptions>> = {
  scale: 1,
};

/**
 * How much longer edges became, deformed length over scaled rest length: 1 is
 * none, below 1 shorter. All are `NaN` for a mesh without edges.
 */
export interface EdgeStretch {
  /** The scale edges were compared at. */
  scale: number;
  /** The least ratio. */
  min: number;
  /** One edge in a hundred is below. */
  p1: number;
  /** One edge in twenty is below. */
  p5: number;
  /** The median. */
  p50: number;
  /** One edge in twenty is above. */
  p95: number;
  /** One edge in a hundred is above. */
  p99: number;
  /** The greatest ratio. */
  max: number;
}

/**
 * Measures how much the welded edges of a mesh were stretched; each edge counts
 * once. Percentiles interpolate linearly between ratios (type 7 of Hyndman &
 * Fan 1996, what NumPy does). The best scale minimises the squared differences
 * of all lengths.
 *
 * @param rest The mesh as it was; the topology's.
 * @param deformed Its positions now, `3 * vertexCount` metres. Seam copies are taken to have moved as one.
 * @param topology Of `rest`.
 * @param scratch Left as it was found, also on a throw; {@linkcode edgeStretchBytes} at the peak.
 * @param options Missing keys take {@linkcode EDGE_STRETCH_DEFAULTS}.
 * @throws {RangeError} If `deformed` or `topology` do not fit `rest`, or the scale is not above 0.
 *
 * @example A triangle twice the size
 * ```ts
 * import { buildTopology, edgeStretch } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const rest = {
 *   positions: Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(rest, scope, scope);
 * const deformed = rest.positions.map((x) => 2 * x);
 * assertEquals(edgeStretch(rest, deformed, topology, scope).p99, 2);
 * const { scale, p99 } = edgeStretch(rest, deformed, topology, scope, { scale: "best" });
 * assertEquals([scale, p99], [2, 1]);
 * ```
 */
export function edgeStretch(
  rest: TriangleMesh,
  deformed: Float32Array,
  topology: Topology,
  scratch: Scratch,
  options: EdgeStretchOptions = {},
): EdgeStretch {
  return finish(edgeStretchWork(rest, deformed, topology, scratch, options));
}

/** {@linkcode edgeStretch} with pauses. */
export function* edgeStretchWork(
  rest: TriangleMesh,
  deformed: Float32Array,
  topology: Topology,
  scratch: Scratch,
  options: EdgeStretchOptions = {},
): Work<EdgeStretch> {
  const { scale } = { ...EDGE_STRETCH_DEFAULTS, ...options };
  assertInputs(rest, deformed, topology, scale);
  using frame = scratch.frame("edge stretch");
  const ratios = frame.f64(topology.edgeCount);
  const bestScale = yield* writeRatios(ratios, rest.positions, deformed, topology);
  const used = scale === "best" ? bestScale : scale, found: number[] = [];
  yield* percentilesWork(ratios, ratios.length, [0, 0.01, 0.05, 0.5, 0.95, 0.99, 1], found);
  const [min, p1, p5, p50, p95, p99, max] = found.map((ratio) => ratio / used);
  return { scale: used, min, p1, p5, p50, p95, p99, max };
}

/**
 * Exactly the peak bytes {@linkcode edgeStretch} leases.
 *
 * @example A cube
 * ```ts
 * import { edgeStretchBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(edgeStretchBytes({ edgeCount: 18 }), 144);
 * ```
 */
export function edgeStretchBytes({ edgeCount }: { edgeCount: number }): number {
  return 8 * edgeCount;
}

function assertInputs(
  { positions }: TriangleMesh,
  deformed: Float32Array,
  { positionRemap }: Topology,
  scale: number | "best",
): void {
  if (deformed.length !== positions.length) {
    throw new RangeError(
      `Cannot measure stretch as deformed must hold ${positions.length} floats: it holds ${deformed.length}`,
    );
  }
  if (3 * positionRemap.length !== positions.length) {
    throw new RangeError(
      `Cannot measure stretch as the topology must be of the same mesh: it has ${positionRemap.length} vertices, the mesh ${
        positions.length / 3
      }`,
    );
  }
  if (scale !== "best" && !(scale > 0 && scale < Infinity)) {
    throw new RangeError(
      `Cannot measure stretch as scale must be "best" or a number above 0: current value is ${scale}`,
    );
  }
}

/** Places between two pauses. */
const PAUSE_EVERY = 16_384;

/** Writes deformed over rest length of each edge, from its lower end; returns the scale that fits all best. */
function* writeRatios(
  ratios: Float64Array,
  rest: Float32Array,
  deformed: Float32Array,
  { weldedCount, representative, ringOffsets, ringVertices }: Topology,
): Work<number> {
  let edge = 0, products = 0, squares = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
    const i = 3 * representative[w];
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (ringVertices[r] < w) continue;
      const j = 3 * representative[ringVertices[r]];
      const before = distance(rest, i, j), after = distance(deformed, i, j);
      ratios[edge++] = after / before;
      products += before * after;
      squares += before * before;
    }
  }
  return products / squares;
}

function distance(positions: Float32Array, i: number, j: number): number {
  const x = positions[j] - positions[i];
  const y = positions[j + 1] - positions[i + 1];
  const z = positions[j + 2] - positions[i + 2];
  return Math.sqrt(x * x + y * y + z * z);
}
