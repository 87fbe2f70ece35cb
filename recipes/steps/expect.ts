import { edgeStretch, edgeStretchBytes } from "../../fitting/edge_stretch.ts";
import { penetrationBytes, penetrationWork } from "../../fitting/penetration.ts";
import { group, length, number, optional, ratio } from "../options.ts";
import { consult, defineStep, type Step } from "../step.ts";
import { millimetres, percent } from "../_show.ts";

/** The `expect` step: a gate on what {@linkcode penetrationWork} and {@linkcode edgeStretch} measure. */
export const expect: Step = defineStep({
  name: "expect",
  summary: "Measures a fit and fails the run, with nothing written, where it is not as good as asked",
  reads: ["topology", "rest"],
  writes: [],
  consults: { against: consult(["index"], "The body it is measured against") },
  options: {
    penetration: optional(group({
      max: length({ default: 0, min: 0, doc: "Deepest point inside the body, of vertices, edges and faces" }),
    }, { doc: "How deep it may reach into the body" })),
    inside: optional(group({
      max: ratio({ default: 0, min: 0, max: 1, doc: "Share of vertices inside the body" }),
    }, { doc: "How much of it may be inside the body" })),
    stretch: optional(group({
      p1: optional(
        number({ default: 0, min: 0, doc: "Least the 1st percentile of edge length against the input may be" }),
      ),
      p99: optional(number({ default: 1, min: 0, doc: "Most the 99th percentile may be" })),
    }, { doc: "How far its edges may shrink and grow" })),
  },
  scratchBytes: ({ mesh }) => Math.max(penetrationBytes(mesh), edgeStretchBytes(mesh)),
  *run({ mesh, against, scratch }) {
    const found = yield* penetrationWork(mesh, against.index, scratch);
    const stretch = edgeStretch(
      { positions: mesh.rest, indices: mesh.indices },
      mesh.positions,
      mesh.topology,
      scratch,
    );
    return { ...found, stretchP1: stretch.p1, stretchP99: stretch.p99 };
  },
  describe: (m) =>
    `inside ${percent(m.insideVertices)} of vertices, ${percent(m.insideArea)} of area, ` +
    `${Number(m.maxDepth) > 0 ? `deepest ${millimetres(m.maxDepth)}` : `closest ${millimetres(m.minDistance)}`}, ` +
    `stretch ${twoDecimals(m.stretchP1)}–${twoDecimals(m.stretchP99)}`,
  verdict: (m, { penetration, inside, stretch }) => [
    ...exceeded("penetration", m.maxDepth, penetration?.max, millimetres),
    ...exceeded("vertices inside", m.insideVertices, inside?.max, percent),
    ...exceeded("stretch p99", m.stretchP99, stretch?.p99, twoDecimals),
    ...undercut("stretch p1", m.stretchP1, stretch?.p1, twoDecimals),
  ],
});

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

function twoDecimals(value: unknown): string {
  return Number(value).toFixed(2);
}
