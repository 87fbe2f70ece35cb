import { edgeStretchBytes, edgeStretchWork } from "../../fitting/edge_stretch.ts";
import { FIT_GARMENT_DEFAULTS, fitGarmentBytes, fitGarmentWork } from "../../fitting/fit_garment.ts";
import { SHRINKWRAP_DEFAULTS, shrinkwrapBytes, shrinkwrapWork } from "../../fitting/shrinkwrap.ts";
import { millimetres, percent } from "../_show.ts";
import { integer, length, oneOf, ratio } from "../options.ts";
import { consult, consultOptional, defineStep, type Step } from "../step.ts";

/** The `fit` step: adapts {@linkcode fitGarmentWork} and {@linkcode shrinkwrapWork}. */
export const fit: Step = defineStep({
  name: "fit",
  summary: "Moves a garment out of a body to a clearance and keeps its shape",
  reads: ["topology", "rest"],
  writes: ["positions"],
  consults: {
    to: consult(["index"], "The body to fit to"),
    from: consultOptional(
      ["index", "topology"],
      "The body the garment was made on: the garment is carried along with its skin; best with the same vertices as the other body, else in about the same pose",
    ),
  },
  options: {
    method: oneOf(["elastic", "shrinkwrap"], {
      default: "elastic",
      doc: "elastic keeps the shape as rigid as possible; shrinkwrap pushes vertices out and spreads the push",
    }),
    clearance: length({ default: FIT_GARMENT_DEFAULTS.clearance, min: 0, doc: "Least air between body and garment" }),
    iterations: integer({ default: FIT_GARMENT_DEFAULTS.iterations, min: 0, max: 10_000, doc: "Iterations at most" }),
    tightness: ratio({
      default: SHRINKWRAP_DEFAULTS.tightness,
      min: 0,
      max: 1,
      doc: "shrinkwrap: how much of the air beyond the clearance is taken out: 0 keeps the designed stand-off, 1 hugs",
    }),
    smoothRadius: length({
      default: SHRINKWRAP_DEFAULTS.smoothRadius,
      min: 0,
      doc: "shrinkwrap: how far along the garment a push is felt",
    }),
    stepSize: ratio({
      default: SHRINKWRAP_DEFAULTS.stepSize,
      min: 0,
      max: 1,
      doc: "shrinkwrap: share of a violation corrected in one iteration",
    }),
  },
  carries: { from: "from", to: "to" },
  scratchBytes: ({ mesh, to, from }, { method }) =>
    Math.max(
      method === "elastic" ? fitGarmentBytes({ mesh, target: to, source: from }) : shrinkwrapBytes(mesh),
      edgeStretchBytes(mesh),
    ),
  *run({ mesh, to, from, out, scratch }, { method, clearance, iterations, ...rest }) {
    const source = from && { mesh: from, topology: from.topology, index: from.index };
    const report = method === "elastic"
      ? yield* fitGarmentWork(mesh, mesh.topology, to.index, source, out.positions, scratch, { clearance, iterations })
      : yield* shrinkwrapWork(mesh, mesh.topology, to.index, out.positions, scratch, {
        clearance,
        iterations,
        ...rest,
      });
    const { p1, p99 } = yield* edgeStretchWork(
      { positions: mesh.rest, indices: mesh.indices },
      out.positions,
      mesh.topology,
      scratch,
    );
    return { ...report, stretchP1: p1, stretchP99: p99 };
  },
  describe: (m) =>
    `moved ${millimetres(m.meanMove)} (at most ${millimetres(m.maxMove)}), inside ${percent(m.insideBefore)} → ${
      percent(m.insideAfter)
    }, ` +
    `stretch ${Number(m.stretchP1).toFixed(2)}–${Number(m.stretchP99).toFixed(2)}, ${m.iterations} iterations${
      m.converged ? "" : ", not converged"
    }`,
});
