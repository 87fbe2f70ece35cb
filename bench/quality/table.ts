import type { FileMeasures } from "../../cli/_measure_files.ts";
import { BLENDER } from "./blender.ts";
import type { QualityCase } from "./cases.ts";

/** A case, run and measured. */
export interface Measured {
  readonly one: QualityCase;
  /** Of the result. */
  readonly ours: FileMeasures;
  /** Of the known answer. */
  readonly truth: FileMeasures;
  /** From the command to its end. */
  readonly seconds: number;
}

const HEAD = [
  "case",
  "inside % / area % / deepest mm: ours",
  "truth's own",
  "Blender",
  "truth mm: ours (Blender)",
  "flips / folds: ours (truth, Blender)",
  "edges: ours (truth, Blender)",
  "new crossings (truth)",
  "layers inverted (truth)",
  "small parts: bend, drift mm",
  "openings",
  "weights (Blender)",
  "s",
  "misses",
];

/** The table of QUALITY.md as Markdown, with what the results miss. */
export function qualityTable(rows: readonly Measured[]): string[] {
  return [
    `| ${HEAD.join(" | ")} |`,
    `|${HEAD.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${cells(row).join(" | ")} |`),
    "",
    ...totals(rows.filter(({ one }) => one.kind === "refit")),
  ];
}

function cells({ one, ours, truth, seconds }: Measured): string[] {
  const blender = BLENDER[one.id] ?? {};
  const moves = one.kind !== "transfer";
  return [
    one.id,
    moves ? inside(ours) : "–",
    inside(truth),
    moves ? blender.inside?.join(" / ") ?? "–" : "–",
    moves ? `${(1000 * ours.truthMean!).toFixed(2)} (${blender.truth ?? "–"})` : "–",
    `${ours.flips} / ${ours.folds} (${truth.flips} / ${truth.folds}, ${blender.flips?.join(" / ") ?? "–"})`,
    `${edges(ours)} (${edges(truth)}, ${blender.edges?.map(short).join("–") ?? "–"})`,
    `${ours.newSelfIntersections} (${truth.newSelfIntersections})`,
    `${ours.layersInverted} (${truth.layersInverted}) of ${ours.layersTested}`,
    ours.smallIslands === 0
      ? "–"
      : `${ours.islandEdgeErrorMax!.toExponential(1)}, ${(1000 * ours.islandDriftMax!).toFixed(2)}`,
    `${ours.hems}: ${(100 * ours.hemChangeMean!).toFixed(1)} % (${(100 * truth.hemChangeMean!).toFixed(1)} %)`,
    ours.weightsL1Mean === undefined ? "–" : `${ours.weightsL1Mean.toFixed(4)} (${blender.weights ?? "–"})`,
    seconds.toFixed(1),
    misses({ one, ours, truth }).join("; ") || "none",
  ];
}

function inside(m: FileMeasures): string {
  return `${percent(m.insideVertices!)} / ${percent(m.insideArea!)} / ${(1000 * m.maxDepth!).toFixed(2)}`;
}

function percent(share: number): string {
  return share === 0 ? "0" : (100 * share).toFixed(3);
}

function edges({ edgeP1, edgeP99 }: FileMeasures): string {
  return `${short(edgeP1!)}–${short(edgeP99!)}`;
}

function short(ratio: number): string {
  return ratio.toFixed(2).replace(/^0/, "");
}

/** Most distance to the known answer, millimetres, and most difference of weights: QUALITY.md, column "must". */
const MOST_TRUTH: Readonly<Record<string, number>> = { f01: 1, f02: 15, f03: 10, f04: 20, f05: 22 };
const MOST_WEIGHTS: Readonly<Record<string, number>> = {
  r01: 0.072,
  r02: 0.045,
  r03: 0.025,
  r04: 0.5,
  r05: 0.049,
  t01: 0.045,
  t02: 0.0008,
};

/** What a result misses of the column "must". */
function misses({ one, ours: m, truth: t }: Omit<Measured, "seconds">): string[] {
  const { id, kind } = one, blender = BLENDER[id] ?? {};
  const mostTruth = MOST_TRUTH[id] ?? 1.1 * (blender.truth ?? Infinity), mostWeights = MOST_WEIGHTS[id];
  const found: [boolean, string][] = [
    [kind !== "transfer" && m.verticesInside! > 0, `${m.verticesInside} vertices inside`],
    [kind === "refit" && m.insideArea! > 2e-4, "area inside"],
    [kind === "refit" && m.maxDepth! > 5e-4, "depth"],
    [kind !== "transfer" && 1000 * m.truthMean! > mostTruth, `truth > ${mostTruth.toFixed(1)} mm`],
    [kind === "refit" && m.flips! + m.folds! > t.flips! + t.folds! + 5, "flips and folds"],
    [kind === "refit" && (m.edgeP1! < t.edgeP1! - 0.05 || m.edgeP99! > t.edgeP99! + 0.05), "edges"],
    [m.islandEdgeErrorMax! > 1e-3, "small parts"],
    [m.newSelfIntersections! > t.newSelfIntersections!, "crossings"],
    [m.layersInverted! > t.layersInverted!, "layers"],
    [mostWeights !== undefined && !(m.weightsL1Mean! <= mostWeights), `weights > ${mostWeights}`],
  ];
  return found.filter(([isMissed]) => isMissed).map(([, what]) => what);
}

function totals(refits: readonly Measured[]): string[] {
  if (refits.length === 0) return [];
  const sum = (of: (row: Measured) => number) => refits.reduce((total, row) => total + of(row), 0);
  const ratio = sum(({ ours }) => 1000 * ours.truthMean!) / sum(({ one }) => BLENDER[one.id]?.truth ?? NaN);
  const turned = sum(({ ours }) => ours.flips! + ours.folds!), answer = sum(({ truth }) => truth.flips! + truth.folds!);
  return [
    `refits (${refits.length}): distance to truth ${ratio.toFixed(2)} × Blender's (must ≤ 0.95); ` +
    `flips and folds ${turned}, truth's ${answer} (must ≤ ${Math.floor(answer / 2)})`,
  ];
}
