import { FIGURE_GROUPS, type FigureGroup, fitFiguresBytes, fitFiguresWork } from "../../fitting/measure/fit_figures.ts";
import { consultOptional, defineStep, type Step } from "../step.ts";
import { counted, millimetres, percent, twoDecimals } from "../_show.ts";

const WITHOUT_BODY: readonly FigureGroup[] = FIGURE_GROUPS.filter((group) => group !== "penetration");

/** The `measure` step: everything {@linkcode fitFiguresWork} knows, for the report. */
export const measure: Step = defineStep({
  name: "measure",
  summary: "Measures a fit against the body and the input, and changes nothing",
  reads: ["topology", "rest"],
  writes: [],
  consults: {
    against: consultOptional(["index"], "The body; without one, only the change from the input is measured"),
  },
  options: {},
  scratchBytes: ({ mesh, against }) => fitFiguresBytes(mesh, groupsOf(against)),
  *run({ mesh, against, scratch }) {
    const fit = { mesh, rest: mesh.rest, topology: mesh.topology, target: against?.index };
    return { ...yield* fitFiguresWork(fit, groupsOf(against), scratch) };
  },
  describe: (m) => [...m.maxDepth === undefined ? [] : [inside(m)], ...changes(m)].join(", "),
});

function groupsOf(against: unknown): readonly FigureGroup[] {
  return against === undefined ? WITHOUT_BODY : FIGURE_GROUPS;
}

/** What is inside, in a few words. */
export function inside(m: Readonly<Record<string, unknown>>): string {
  return `inside ${percent(m.insideVertices)} of vertices, ${percent(m.insideArea)} of area, ` +
    (Number(m.maxDepth) > 0 ? `deepest ${millimetres(m.maxDepth)}` : `closest ${millimetres(m.minDistance)}`);
}

function changes(m: Readonly<Record<string, unknown>>): string[] {
  return [
    `edges ${twoDecimals(m.edgeP1)}–${twoDecimals(m.edgeP99)}`,
    counted(m.flips, "flip"),
    counted(m.folds, "fold"),
    counted(m.newSelfIntersections, "new crossing"),
    ...Number(m.layersTested) > 0 ? [`${counted(m.layersInverted, "layer")} inverted`] : [],
    ...Number(m.smallIslands) > 0 ? [`small parts bent ${percent(m.islandEdgeErrorMax)}`] : [],
  ];
}
