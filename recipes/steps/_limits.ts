import { quote } from "../_words.ts";
import type { StepFault } from "../step.ts";
import { FIGURES, showFigure } from "./_figures.ts";

/** What a figure is asked to be, and by which option. */
interface Limit {
  readonly key: string;
  readonly figure: string;
  /** `least`: the figure must not be below; `most`: not above. */
  readonly side: "least" | "most";
  readonly value: number;
}

/** Figures of which the first is never greater than the second, whatever the garment. */
const NEVER_GREATER: readonly (readonly [low: string, high: string])[] = [
  ...chain("stretchP1", "stretchP99"),
  ...chain("edgeP1", "edgeP5", "edgeP50", "edgeP95", "edgeP99"),
  ...chain("minDistance", "clearanceP1", "clearanceP5", "clearanceP50", "clearanceP95", "clearanceP99"),
  ...chain("minDistance", "meanDistance"),
  ...chain("verticesDeeper1mm", "verticesInside"),
  ...chain("samplesInside", "samples"),
  ...chain("meanDepth", "maxVertexDepth", "maxDepth"),
  ...chain("residualMean", "residualMax"),
  ...chain("hemChangeMean", "hemChangeMax"),
  ...chain("hemRatioMin", "hemRatioMax"),
  ...chain("hemCurlMeanDeg", "hemCurlMaxDeg"),
  ...chain("hemCurlP95Deg", "hemCurlMaxDeg"),
  ...chain("smallIslands", "islands"),
  ...chain("islandEdgeErrorMean", "islandEdgeErrorMax"),
  ...chain("islandScaleMin", "islandScaleMax"),
  ...chain("islandDriftMean", "islandDriftMax"),
  ...chain("layersInverted", "layersTested"),
  ...chain("newSelfIntersections", "selfIntersections"),
];
/** Figures that are signed; the others are never below zero. */
const SIGNED = /^(minDistance|meanDistance|clearance)/;
/** Figures that are 0 where there is air everywhere. */
const WITHOUT_AIR = ["verticesInside", "insideVertices", "insideArea", "samplesInside", "maxDepth", "maxVertexDepth"];

/** Each with all that follow it. */
function chain(...names: string[]): (readonly [string, string])[] {
  return names.flatMap((low, n) => names.slice(n + 1).map((high) => [low, high] as const));
}

/** Groups of options that limit one figure or two: what each of their keys is about. */
const LIMITED: Readonly<Record<string, Readonly<Record<string, readonly [figure: string, side: Limit["side"]]>>>> = {
  penetration: { max: ["maxDepth", "most"] },
  inside: { max: ["insideVertices", "most"] },
  area: { max: ["insideArea", "most"] },
  clearance: { min: ["minDistance", "least"] },
  stretch: { p1: ["stretchP1", "least"], p99: ["stretchP99", "most"] },
  edges: { p1: ["edgeP1", "least"], p99: ["edgeP99", "most"] },
  flips: { max: ["flips", "most"] },
  folds: { max: ["folds", "most"] },
  selfIntersections: { max: ["newSelfIntersections", "most"] },
  layers: { max: ["layersInverted", "most"] },
  islands: { bend: ["islandEdgeErrorMax", "most"], drift: ["islandDriftMax", "most"] },
  hems: { change: ["hemChangeMax", "most"] },
  seams: { max: ["seamCrackMax", "most"] },
};

/** Faults of limits that no garment can meet: alone, or beside another one. */
export function impossibleLimits(options: Readonly<Record<string, unknown>>): StepFault[] {
  const limits = limitsOf(options), faults: StepFault[] = [];
  for (const low of limits) {
    if (low.side === "most" && low.value < 0 && !SIGNED.test(low.figure)) {
      const message = `No garment meets ${said(low)} of "expect": it is never below 0`;
      faults.push({ code: "bad-value", key: low.key, message, help: "Write 0 or more" });
    }
    if (low.side !== "least") continue;
    const high = limits.find((other) => other.side === "most" && other.value < low.value && isBelow(low, other));
    if (high !== undefined) faults.push(contradiction(low, high));
    const inside = low.figure === "minDistance" && low.value > 0
      ? limits.find(({ figure, side, value }) => side === "least" && value > 0 && WITHOUT_AIR.includes(figure))
      : undefined;
    if (inside !== undefined) faults.push(contradiction(inside, low));
  }
  return faults;
}

function limitsOf(options: Readonly<Record<string, unknown>>): Limit[] {
  const limits: Limit[] = [];
  for (const [key, asked] of Object.entries(options)) {
    for (const [name, value] of Object.entries((asked ?? {}) as Readonly<Record<string, unknown>>)) {
      if (typeof value !== "number") continue;
      const [figure, side] = key === "most" || key === "least" ? [name, key] as const : LIMITED[key]?.[name] ?? [];
      if (figure !== undefined && side !== undefined) limits.push({ key, figure, side, value });
    }
  }
  return limits;
}

/** Whether the figure of one limit is never greater than that of the other. */
function isBelow(low: Limit, high: Limit): boolean {
  return low.figure === high.figure || NEVER_GREATER.some(([a, b]) => a === low.figure && b === high.figure);
}

function contradiction(one: Limit, other: Limit): StepFault {
  const message = `No garment meets both ${said(one)} and ${said(other)} of "expect"`;
  return { code: "bad-value", key: one.key, message, help: "Leave out one of the two, or change it" };
}

function said({ key, figure, side, value }: Limit): string {
  return `${quote(key)} (${figure} of at ${side} ${figure in FIGURES ? showFigure(figure, value) : value})`;
}
