import type { Scratch } from "../../pool/scratch.ts";
import { type BestSimilarity, bestSimilarityBytes, bestSimilarityWork } from "./best_similarity.ts";
import { type DensePenetration, densePenetrationBytes, densePenetrationWork } from "./dense_penetration.ts";
import { edgeStretchBytes, edgeStretchWork } from "./edge_stretch.ts";
import { type FaceTurns, faceTurnsBytes, faceTurnsWork } from "./face_turns.ts";
import { type HemCurl, hemCurlBytes, hemCurlWork } from "./hem_curl.ts";
import { type HemLengths, hemLengthsBytes, hemLengthsWork } from "./hem_lengths.ts";
import { type IslandDrift, islandDriftBytes, islandDriftWork } from "./island_drift.ts";
import { type IslandShapes, islandShapesBytes, islandShapesWork } from "./island_shapes.ts";
import { type LayerOrder, layerOrderBytes, layerOrderWork } from "./layer_order.ts";
import type { TriangleMesh } from "../mesh.ts";
import { type SeamCracks, seamCracks } from "./seam_cracks.ts";
import { type SelfIntersections, selfIntersectionsBytes, selfIntersectionsWork } from "./self_intersections.ts";
import { SurfaceIndex, surfaceIndexBytes } from "../surface/surface_index.ts";
import type { Topology, TopologySizes } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** Groups of figures that {@linkcode fitFiguresWork} can measure, cheapest first. */
export const FIGURE_GROUPS = [
  "shape",
  "hems",
  "islands",
  "turns",
  "penetration",
  "layers",
  "selfIntersections",
] as const;

/** The name of a group of figures. */
export type FigureGroup = typeof FIGURE_GROUPS[number];

/** Size and edges against the input: the edges' ratios are after {@linkcode ShapeFigures.scale}. */
export interface ShapeFigures extends SeamCracks {
  /** How much larger the whole became, see {@linkcode bestSimilarity}. */
  scale: number;
  /** Mean distance of the places to where size, turn and place alone would put them, metres. */
  residualMean: number;
  /** The greatest. */
  residualMax: number;
  /** 1st percentile of edge length now over length before. */
  edgeP1: number;
  /** 5th percentile. */
  edgeP5: number;
  /** Median. */
  edgeP50: number;
  /** 95th percentile. */
  edgeP95: number;
  /** 99th percentile. */
  edgeP99: number;
}

/** All figures; a group that was not asked for, or cannot be measured, is missing. */
export type FitFigures =
  & Partial<ShapeFigures>
  & Partial<HemLengths>
  & Partial<HemCurl>
  & Partial<IslandShapes>
  & Partial<IslandDrift>
  & Partial<FaceTurns>
  & Partial<DensePenetration>
  & Partial<LayerOrder>
  & Partial<SelfIntersections>;

/** What {@linkcode fitFiguresWork} compares. */
export interface MeasuredFit {
  /** The garment as it is now. */
  readonly mesh: TriangleMesh;
  /** Its positions before, in any unit: as it came out of its file. */
  readonly rest: Float32Array;
  /** Of the garment before. */
  readonly topology: Topology;
  /** Index of the body; without one there is no penetration. */
  readonly target?: SurfaceIndex | undefined;
}

/**
 * Measures a fit: what is inside the body, and what changed against the input.
 * Each group has an operation of its own, which says how it measures.
 *
 * @param fit Read only.
 * @param groups What to measure; `penetration` needs a target.
 * @param scratch Leases {@linkcode fitFiguresBytes}.
 * @example The shape of a mesh twice the size
 * ```ts
 * import { buildTopology, finish, fitFiguresWork } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const rest = Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0), indices = Uint32Array.of(0, 1, 2);
 * const mesh = { positions: rest.map((x) => 2 * x), indices };
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions: rest, indices }, scope, scope);
 * const { scale, edgeP99, flips } = finish(fitFiguresWork({ mesh, rest, topology }, ["shape"], scope));
 * assertEquals([scale, edgeP99, flips], [2, 1, undefined]);
 * ```
 */
export function* fitFiguresWork(
  fit: MeasuredFit,
  groups: readonly FigureGroup[],
  scratch: Scratch,
): Work<FitFigures> {
  const { mesh, rest, topology, target } = fit, { positions } = mesh;
  const similarity = yield* bestSimilarityWork(rest, positions, topology, scratch), { scale, rotation } = similarity;
  const figures: FitFigures = {};
  for (const group of groups) {
    yield;
    if (group === "shape") Object.assign(figures, yield* shapeOf(fit, similarity, scratch));
    else if (group === "hems") {
      Object.assign(figures, yield* hemLengthsWork(rest, positions, topology, scale, scratch));
      Object.assign(figures, yield* hemCurlWork(rest, positions, topology, scratch));
    } else if (group === "islands") {
      Object.assign(figures, yield* islandsOf(fit, scale, scratch));
    } else if (group === "turns") {
      Object.assign(figures, yield* faceTurnsWork(rest, positions, topology, rotation, scratch));
    } else if (group === "layers") Object.assign(figures, yield* layersOf(fit, scale, scratch));
    else if (group === "selfIntersections") Object.assign(figures, yield* crossingsOf(fit, scale, scratch));
    else if (target !== undefined) {
      Object.assign(figures, yield* densePenetrationWork(mesh, topology, target, scratch));
    }
  }
  return figures;
}

/** Exactly the most bytes {@linkcode fitFiguresWork} leases at one time. */
export function fitFiguresBytes(
  sizes: TopologySizes & { islandCount: number },
  groups: readonly FigureGroup[],
): number {
  return Math.max(bestSimilarityBytes(), ...groups.map((group) => BYTES[group](sizes)));
}

const BYTES: Readonly<Record<FigureGroup, (sizes: TopologySizes & { islandCount: number }) => number>> = {
  shape: edgeStretchBytes,
  hems: (sizes) => Math.max(hemLengthsBytes(sizes), hemCurlBytes(sizes)),
  islands: (sizes) =>
    sizes.islandCount < 2
      ? islandShapesBytes(sizes)
      : Math.max(islandShapesBytes(sizes), withIndexBytes(sizes, islandDriftBytes(sizes))),
  turns: faceTurnsBytes,
  penetration: densePenetrationBytes,
  layers: (sizes) => withIndexBytes(sizes, layerOrderBytes(sizes)),
  selfIntersections: (sizes) => withIndexBytes(sizes, selfIntersectionsBytes(sizes)),
};

function withIndexBytes(sizes: { faceCount: number }, bytes: number): number {
  return surfaceIndexBytes(sizes) + bytes;
}

function* shapeOf(
  { mesh, rest, topology }: MeasuredFit,
  similarity: BestSimilarity,
  scratch: Scratch,
): Work<ShapeFigures> {
  const { scale, residualMean, residualMax } = similarity, before = { positions: rest, indices: mesh.indices };
  const { p1, p5, p50, p95, p99 } = yield* edgeStretchWork(before, mesh.positions, topology, scratch, { scale });
  const edges = { edgeP1: p1, edgeP5: p5, edgeP50: p50, edgeP95: p95, edgeP99: p99 };
  return { scale, residualMean, residualMax, ...edges, ...seamCracks(mesh.positions, topology) };
}

function* islandsOf(
  { mesh, rest, topology }: MeasuredFit,
  scale: number,
  scratch: Scratch,
): Work<IslandShapes & IslandDrift> {
  const shapes = yield* islandShapesWork(rest, mesh.positions, topology, scale, scratch);
  if (topology.islandCount < 2) return { ...shapes, islandDriftMax: 0, islandDriftMean: 0 };
  using frame = scratch.frame("index of the garment as it was");
  const index = yield* SurfaceIndex.buildWork({ positions: rest, indices: mesh.indices }, frame);
  return { ...shapes, ...yield* islandDriftWork(index, mesh.positions, topology, scale, scratch) };
}

function* layersOf({ mesh, rest, topology }: MeasuredFit, scale: number, scratch: Scratch): Work<LayerOrder> {
  using frame = scratch.frame("index of the garment as it was");
  const index = yield* SurfaceIndex.buildWork({ positions: rest, indices: mesh.indices }, frame);
  return yield* layerOrderWork(index, mesh.positions, topology, scale, scratch);
}

function* crossingsOf({ mesh, rest, topology }: MeasuredFit, scale: number, scratch: Scratch): Work<SelfIntersections> {
  using frame = scratch.frame("index of the garment");
  const index = yield* SurfaceIndex.buildWork(mesh, frame);
  return yield* selfIntersectionsWork(index, topology, rest, scale, scratch);
}
