import type { FigureGroup } from "../../fitting/measure/fit_figures.ts";
import { group, length, number, type Option, optional, ratio } from "../options.ts";

/** How a figure is written in a recipe. */
const KINDS = {
  length: (doc: string): Option<number> => length({ doc }),
  share: (doc: string): Option<number> => ratio({ min: 0, max: 10, doc }),
  number: (doc: string): Option<number> => number({ doc }),
};

/** Every figure of `measure`: its group, how it is written, and what it is. */
export const FIGURES: Readonly<Record<string, readonly [FigureGroup, keyof typeof KINDS, string]>> = {
  verticesInside: ["penetration", "number", "Vertices inside the body, deeper than 0.01 mm"],
  insideVertices: ["penetration", "share", "The same as a share"],
  verticesDeeper1mm: ["penetration", "number", "Vertices more than 1 mm inside"],
  insideArea: ["penetration", "share", "Share of area inside, from seven samples a face"],
  samplesInside: ["penetration", "number", "Those samples that are inside"],
  samples: ["penetration", "number", "How many samples there are"],
  maxDepth: ["penetration", "length", "Depth of the deepest sample"],
  maxVertexDepth: ["penetration", "length", "Depth of the deepest vertex"],
  meanDepth: ["penetration", "length", "Mean depth of the vertices inside"],
  minDistance: ["penetration", "length", "Least signed distance to the body, negative inside"],
  meanDistance: ["penetration", "length", "Mean signed distance of the vertices"],
  clearanceP1: ["penetration", "length", "The 1st percentile of that distance"],
  clearanceP5: ["penetration", "length", "The 5th percentile"],
  clearanceP50: ["penetration", "length", "Median"],
  clearanceP95: ["penetration", "length", "The 95th percentile"],
  clearanceP99: ["penetration", "length", "The 99th percentile"],
  scale: ["shape", "number", "How much larger the whole became"],
  residualMean: ["shape", "length", "Mean move beyond the turn, size and place of the whole"],
  residualMax: ["shape", "length", "The greatest"],
  edgeP1: ["shape", "number", "The 1st percentile of edge length against the input, after the best scale"],
  edgeP5: ["shape", "number", "The 5th percentile"],
  edgeP50: ["shape", "number", "Median"],
  edgeP95: ["shape", "number", "The 95th percentile"],
  edgeP99: ["shape", "number", "The 99th percentile"],
  seamCrackMax: ["shape", "length", "Greatest gap between vertices that lay together"],
  seamCracks: ["shape", "number", "How many of them came apart"],
  hems: ["hems", "number", "Openings"],
  hemChangeMean: ["hems", "share", "Change of their length, after the best scale: the mean"],
  hemChangeMax: ["hems", "share", "The greatest"],
  hemRatioMin: ["hems", "number", "Least length over the length before"],
  hemRatioMax: ["hems", "number", "Greatest"],
  hemCurlTested: ["hems", "number", "Open edges with cloth behind them"],
  hemCurlMeanDeg: ["hems", "number", "How far they turned against that cloth, degrees: the mean"],
  hemCurlP95Deg: ["hems", "number", "The 95th percentile"],
  hemCurlMaxDeg: ["hems", "number", "The greatest"],
  islands: ["islands", "number", "Connected parts"],
  smallIslands: ["islands", "number", "Those of at most 500 faces: buttons, buckles, studs"],
  islandEdgeErrorMax: ["islands", "share", "Worst edge of a small part against its input, at the part's best scale"],
  islandEdgeErrorMean: ["islands", "share", "Mean over small parts of their worst edges"],
  islandScaleMin: ["islands", "number", "Least scale of a small part over that of the whole"],
  islandScaleMax: ["islands", "number", "Greatest"],
  islandDriftMax: ["islands", "length", "How far a part slid from the spot it sat nearest to, at most"],
  islandDriftMean: ["islands", "length", "The mean"],
  flips: ["turns", "number", "Faces turned over against the faces around them"],
  folds: ["turns", "number", "Edges folded over that were open in the input"],
  turnedFaces: ["turns", "number", "Faces turned by more than 90 degrees"],
  newDegenerateFaces: ["turns", "number", "Faces that became needles"],
  layersTested: ["layers", "number", "Places with another sheet within 15 mm"],
  layersInverted: ["layers", "number", "Those where the sheets changed sides"],
  layersUndecided: ["layers", "number", "Those where it cannot be told"],
  selfIntersections: ["selfIntersections", "number", "Pairs of faces that cross"],
  newSelfIntersections: ["selfIntersections", "number", "Pairs that did not in the input"],
};

/** A limit for any figure, by its name. */
export function figureLimits(doc: string): Option<Readonly<Record<string, number | undefined>> | undefined> {
  const parts = Object.entries(FIGURES).map(([name, [, kind, what]]) => [name, optional(KINDS[kind](what))]);
  return optional(group(Object.fromEntries(parts) as Record<string, Option<number | undefined>>, { doc }));
}

/** Writes a limit or a figure as a recipe would. */
export function showFigure(name: string, value: unknown): string {
  const option = KINDS[FIGURES[name][1]]("");
  return option.print(Number(Number(value).toPrecision(4)));
}
