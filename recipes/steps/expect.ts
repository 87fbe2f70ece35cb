import { edgeStretchBytes, edgeStretchWork } from "../../fitting/measure/edge_stretch.ts";
import { type FigureGroup, fitFiguresBytes, fitFiguresWork } from "../../fitting/measure/fit_figures.ts";
import { angle, group, integer, length, number, optional, ratio } from "../options.ts";
import { consult, defineStep, type Step } from "../step.ts";
import { millimetres, percent, twoDecimals } from "../_show.ts";
import { impossibleLimits } from "./_limits.ts";
import { figureLimits, FIGURES, showFigure } from "./_figures.ts";
import { inside as insideOf } from "./measure.ts";

const DEGREES = 180 / Math.PI;
const OPTIONS = {
  penetration: optional(group({
    max: length({ default: 0, min: 0, doc: "Deepest point inside the body, of vertices, edges and faces" }),
  }, { doc: "How deep it may reach into the body" })),
  inside: optional(group({
    max: ratio({ default: 0, min: 0, max: 1, doc: "Share of vertices inside the body, deeper than 0.01 mm" }),
  }, { doc: "How many of its vertices may be inside the body" })),
  area: optional(group({
    max: ratio({ default: 0, min: 0, max: 1, doc: "Share of area inside the body, from seven samples a face" }),
  }, { doc: "How much of its area may be inside the body" })),
  clearance: optional(group({
    min: length({ default: 0, min: 0, doc: "Least air between the body and any vertex, edge or face" }),
  }, { doc: "How close to the body it may come" })),
  stretch: optional(group({
    p1: optional(
      number({ default: 0, min: 0, doc: "Least the 1st percentile of edge length against the input may be" }),
    ),
    p99: optional(number({ default: 1, min: 0, doc: "Most the 99th percentile may be" })),
  }, { doc: "How far its edges may shrink and grow, size included" })),
  edges: optional(group({
    p1: optional(
      number({ default: 0, min: 0, doc: "Least the 1st percentile of edge length may be, after the best scale" }),
    ),
    p99: optional(number({ default: 1, min: 0, doc: "Most the 99th percentile may be" })),
  }, { doc: "How far its edges may shrink and grow, size and units of the whole aside" })),
  flips: optional(group({
    max: integer({ default: 0, min: 0, doc: "Faces turned over against the faces around them" }),
  }, { doc: "How many faces may flip" })),
  folds: optional(group({
    max: integer({ default: 0, min: 0, doc: "Edges folded over that were open in the input" }),
  }, { doc: "How many edges may fold" })),
  selfIntersections: optional(group({
    max: integer({ default: 0, min: 0, doc: "Pairs of faces that cross and did not in the input" }),
  }, { doc: "How much of it may newly cross itself" })),
  layers: optional(group({
    max: integer({ default: 0, min: 0, doc: "Places where a sheet changed sides with one within 15 mm" }),
  }, { doc: "How much of its linings, pockets and belts may change order" })),
  islands: optional(group({
    bend: optional(
      ratio({ default: 0, min: 0, doc: "Most an edge of a part may differ from the input at the part's best scale" }),
    ),
    drift: optional(length({ default: 0, min: 0, doc: "Most a part may slide from the spot it sat nearest to" })),
  }, { doc: "How far small separate parts, such as buttons, may lose their shape and place" })),
  hems: optional(group({
    change: optional(
      ratio({ default: 0, min: 0, doc: "Most the length of an opening may change, after the best scale" }),
    ),
    curl: optional(
      angle({ default: 0, min: 0, doc: "Most an open edge may turn against the cloth behind it, 95th percentile" }),
    ),
  }, { doc: "How far openings may stretch, shrink and curl" })),
  seams: optional(group({
    max: length({ default: 0, min: 0, doc: "Greatest gap between vertices that lay together" }),
  }, { doc: "How far seams may open" })),
  most: figureLimits("The most any figure of measure may be, by its name"),
  least: figureLimits("The least"),
};

/** The groups of figures that options ask about, beside penetration. */
const ASKED_BY: readonly (readonly [keyof typeof OPTIONS, FigureGroup])[] = [
  ["edges", "shape"],
  ["seams", "shape"],
  ["hems", "hems"],
  ["islands", "islands"],
  ["flips", "turns"],
  ["folds", "turns"],
  ["layers", "layers"],
  ["selfIntersections", "selfIntersections"],
];

/** The `expect` step: a gate on what {@linkcode fitFiguresWork} and {@linkcode edgeStretchWork} measure. */
export const expect: Step = defineStep({
  name: "expect",
  summary: "Measures a fit and fails the run, with nothing written, where it is not as good as asked",
  reads: ["topology", "rest"],
  writes: [],
  consults: { against: consult(["index"], "The body it is measured against") },
  options: OPTIONS,
  examples: ["expect: { mesh: armor, against: body, inside: { max: 0% }, penetration: { max: 1mm } }"],
  refuse: impossibleLimits,
  scratchBytes: ({ mesh }, options) => Math.max(fitFiguresBytes(mesh, groupsFor(options)), edgeStretchBytes(mesh)),
  *run({ mesh, against, scratch }, options) {
    const { rest, indices, positions, topology } = mesh;
    const fit = { mesh, rest, topology, target: against.index };
    const figures = yield* fitFiguresWork(fit, groupsFor(options), scratch);
    const { p1, p99 } = yield* edgeStretchWork({ positions: rest, indices }, positions, topology, scratch);
    return { ...figures, stretchP1: p1, stretchP99: p99 };
  },
  describe: (m) => `${insideOf(m)}, stretch ${twoDecimals(m.stretchP1)}–${twoDecimals(m.stretchP99)}`,
  warn: (_, options) =>
    Object.values(options).some((asked) => asked !== undefined) ? [] : [
      'Nothing is asked here, so this gate never fails: add inside: { max: 0% }, or write "measure" for the figures alone',
    ],
  verdict: (m, o) => [
    ...exceeded("penetration", m.maxDepth, o.penetration?.max, millimetres),
    ...exceeded("vertices inside", m.insideVertices, o.inside?.max, percent),
    ...exceeded("area inside", m.insideArea, o.area?.max, percent),
    ...undercut("clearance", m.minDistance, o.clearance?.min, millimetres),
    ...exceeded("stretch p99", m.stretchP99, o.stretch?.p99, twoDecimals),
    ...undercut("stretch p1", m.stretchP1, o.stretch?.p1, twoDecimals),
    ...exceeded("edges p99", m.edgeP99, o.edges?.p99, twoDecimals),
    ...undercut("edges p1", m.edgeP1, o.edges?.p1, twoDecimals),
    ...exceeded("flips", m.flips, o.flips?.max, String),
    ...exceeded("folds", m.folds, o.folds?.max, String),
    ...exceeded("new self-intersections", m.newSelfIntersections, o.selfIntersections?.max, String),
    ...exceeded("inverted layers", m.layersInverted, o.layers?.max, String),
    ...exceeded("bend of small parts", m.islandEdgeErrorMax, o.islands?.bend, percent),
    ...exceeded("drift of small parts", m.islandDriftMax, o.islands?.drift, millimetres),
    ...exceeded("change of an opening", m.hemChangeMax, o.hems?.change, percent),
    ...exceeded(
      "curl of openings",
      m.hemCurlP95Deg,
      o.hems?.curl && DEGREES * o.hems.curl,
      (x) => `${twoDecimals(x)}°`,
    ),
    ...exceeded("gap in a seam", m.seamCrackMax, o.seams?.max, millimetres),
    ...Object.entries(o.most ?? {}).flatMap(([name, max]) => exceeded(name, m[name], max, (x) => showFigure(name, x))),
    ...Object.entries(o.least ?? {}).flatMap(([name, min]) => undercut(name, m[name], min, (x) => showFigure(name, x))),
  ],
});

function groupsFor(options: { readonly [K in keyof typeof OPTIONS]: unknown }): FigureGroup[] {
  const named = [options.most, options.least].flatMap((limits) => Object.entries(limits ?? {}))
    .flatMap(([name, limit]) => limit === undefined ? [] : [FIGURES[name][0]]);
  const asked = [...ASKED_BY.filter(([key]) => options[key] !== undefined).map(([, group]) => group), ...named];
  return [...new Set<FigureGroup>(["penetration", ...asked])];
}

type Show = (value: unknown) => string;

function exceeded(what: string, found: unknown, max: number | undefined, show: Show): string[] {
  return max === undefined || Number(found) <= max
    ? []
    : [`Expected ${what} of at most ${show(max)}: it is ${show(found)}`];
}

function undercut(what: string, found: unknown, min: number | undefined, show: Show): string[] {
  return min === undefined || Number(found) >= min
    ? []
    : [`Expected ${what} of at least ${show(min)}: it is ${show(found)}`];
}
