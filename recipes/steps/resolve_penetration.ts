import {
  RESOLVE_PENETRATION_DEFAULTS,
  resolvePenetrationBytes,
  resolvePenetrationWork,
} from "../../fitting/fit/resolve_penetration.ts";
import { counted, millimetres, percent } from "../_show.ts";
import { integer, length, selections, selectionsOr } from "../options.ts";
import { consult, defineStep, type Step } from "../step.ts";
import { tooClose } from "./_fit_warnings.ts";

const defaults = RESOLVE_PENETRATION_DEFAULTS;

/** The `resolve-penetration` step: adapts {@linkcode resolvePenetrationWork}. */
export const resolvePenetration: Step = defineStep({
  name: "resolve-penetration",
  summary: "Pushes what is inside a body out of it, smoothly, and leaves the rest where it is",
  reads: ["topology"],
  writes: ["positions"],
  consults: { to: consult(["index", "topology"], "The body to come out of") },
  options: {
    clearance: length({ default: defaults.clearance, min: 0, doc: "Least air afterwards" }),
    spread: length({ default: defaults.spread, min: 1e-4, doc: "How far along the garment a push is felt" }),
    iterations: integer({ default: defaults.iterations, min: 0, max: 10_000, doc: "Iterations at most" }),
    rigid: selectionsOr(["auto", "none", "all"], {
      default: defaults.rigid,
      doc:
        "What keeps its shape: auto takes small separate parts, all every separate part, a selection what hangs together in it",
    }),
    only: selections({ doc: "What may move; the rest stays" }),
    pin: selections({ doc: "What stays where it is" }),
    allowInside: selections({ doc: "What may stay inside, such as hair roots" }),
  },
  scratchBytes: ({ mesh, to }) => resolvePenetrationBytes({ mesh, target: to }),
  *run({ mesh, to, out, masks, scratch }, { clearance, spread, iterations, rigid }) {
    return {
      ...yield* resolvePenetrationWork(mesh, mesh.topology, to, out.positions, scratch, {
        clearance,
        spread,
        iterations,
        rigid: typeof rigid === "string" ? rigid : "none",
        rigidPlaces: masks.rigid,
        only: masks.only,
        pin: masks.pin,
        allowInside: masks.allowInside,
      }),
    };
  },
  describe: (m) =>
    `inside ${percent(m.insideBefore)} → ${percent(m.insideAfter)}, moved ${millimetres(m.meanMove)} (at most ${
      millimetres(m.maxMove)
    }), ${counted(m.iterations, "iteration")}`,
  warn: (m, { clearance }) => tooClose(m, Number(clearance)),
});
