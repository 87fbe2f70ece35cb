import type { FileMeasures } from "../../cli/_measure_files.ts";

/** What the independent evaluator prints, as far as it is compared. */
// deno-lint-ignore no-explicit-any -- nested JSON of another program
export type JudgeReport = any;

/** A figure by both: the evaluator's is in the unit of ours. */
export interface Agreement {
  readonly figure: string;
  readonly ours: number;
  readonly judge: number;
  /** The evaluator rounds what it prints; in the unit of ours. */
  readonly rounding: number;
}

const MM = 1e-3;

/**
 * Our figures beside the evaluator's; a figure it did not print is left out.
 * Layers are compared where it looked at every place: it samples 4000.
 */
export function agreements(m: FileMeasures, report: JudgeReport): Agreement[] {
  const { penetration: p, vs_input: v, self_intersections: x, layers, hems, islands, islands_moved_apart: apart } =
    report;
  const edges = v?.edge_ratio_over_similarity_scale, best = v?.best_similarity, clearance = p?.clearance;
  const looked = layers?.vertices_sampled < 4000 || m.places <= 4000;
  const rows: [keyof FileMeasures, number | undefined, number, number][] = [
    ["verticesInside", p?.vertices_inside, 1, 0],
    ["verticesDeeper1mm", p?.inside_deeper_1mm, 1, 0],
    ["maxVertexDepth", p?.depth_max, MM, 1e-3],
    ["meanDepth", p?.depth_mean, MM, 1e-3],
    ["samples", p?.dense_samples, 1, 0],
    ["samplesInside", p?.dense_inside, 1, 0],
    ["insideArea", p?.dense_area_fraction_inside, 1, 1e-5],
    ["clearanceP1", clearance?.p1, MM, 1e-3],
    ["clearanceP5", clearance?.p5, MM, 1e-3],
    ["clearanceP50", clearance?.p50, MM, 1e-3],
    ["clearanceP95", clearance?.p95, MM, 1e-3],
    ["clearanceP99", clearance?.p99, MM, 1e-3],
    ["scale", best?.scale, 1, 1e-6],
    ["residualMean", best?.residual_mean, MM, 1e-3],
    ["residualMax", best?.residual_max, MM, 1e-3],
    ["edgeP1", edges?.p1, 1, 1e-4],
    ["edgeP5", edges?.p5, 1, 1e-4],
    ["edgeP50", edges?.p50, 1, 1e-4],
    ["edgeP95", edges?.p95, 1, 1e-4],
    ["edgeP99", edges?.p99, 1, 1e-4],
    ["flips", v?.triangles_flipped_vs_neighbours, 1, 0],
    ["folds", v?.fold_edges_new, 1, 0],
    ["turnedFaces", v?.triangles_turned_over_90deg, 1, 0],
    ["newDegenerateFaces", v?.degenerate_triangles?.new, 1, 0],
    ["seamCrackMax", v?.seam_crack_max, MM, 1e-4],
    ["selfIntersections", x?.sampled ? undefined : x?.output, 1, 0],
    ["newSelfIntersections", x?.sampled ? undefined : x?.new, 1, 0],
    ["layersTested", looked ? layers?.tested : undefined, 1, 0],
    ["layersInverted", looked ? layers?.inverted : undefined, 1, 0],
    ["layersUndecided", looked ? layers?.undecided : undefined, 1, 0],
    ["hems", hems?.loops_input, 1, 0],
    ["hemChangeMean", hems?.length_change_mean, 1, 1e-5],
    ["hemChangeMax", hems?.length_change_max, 1, 1e-5],
    ["hemCurlTested", hems?.curl_tested, 1, 0],
    ["hemCurlMeanDeg", hems?.curl_change_mean_deg, 1, 1e-3],
    ["hemCurlP95Deg", hems?.curl_change_p95_deg, 1, 1e-3],
    ["hemCurlMaxDeg", hems?.curl_change_max_deg, 1, 1e-3],
    ["islands", islands?.count, 1, 0],
    ["smallIslands", islands?.small, 1, 0],
    ["islandEdgeErrorMax", islands?.edge_error_max, 1, 1e-7],
    ["islandEdgeErrorMean", islands?.edge_error_mean, 1, 1e-7],
    ["islandScaleMin", islands?.island_scale_min, 1, 1e-5],
    ["islandScaleMax", islands?.island_scale_max, 1, 1e-5],
    ["truthMean", report.vs_truth?.distance?.mean, MM, 1e-4],
    ["truthMax", report.vs_truth?.distance?.max, MM, 1e-4],
    ["weightsL1Mean", report.weights?.l1_error?.mean, 1, 1e-5],
    ["weightsL1Max", report.weights?.l1_error?.max, 1, 1e-5],
    ["islandDriftMax", apart?.closest_pair_max, MM, 1e-4],
  ];
  return rows.flatMap(([figure, judge, unit, rounding]) =>
    judge === undefined || m[figure] === undefined
      ? []
      : [{ figure, ours: m[figure] as number, judge: unit * judge, rounding: unit * rounding }]
  );
}

/** f32 alone moves a place by this much, metres or share: what is below is no difference. */
const F32 = 5e-7;

/** Those that differ by more than 1 % and rounding; counts have to be equal. */
export function disagreements(all: readonly Agreement[]): Agreement[] {
  return all.filter(({ ours, judge, rounding }) =>
    rounding === 0 ? ours !== judge : Math.abs(ours - judge) > 0.01 * Math.abs(judge) + rounding + F32
  );
}

/** Runs the evaluator on a result; `undefined` where Python or it are not there. */
export async function judge(script: URL, manifest: URL, id: string, fitted: string): Promise<JudgeReport | undefined> {
  const args = [script.pathname, "--manifest", manifest.pathname, "--case", id, "--fitted", fitted, "--dense"];
  try {
    const { success, stdout } = await new Deno.Command("python3", { args, stderr: "null" }).output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
