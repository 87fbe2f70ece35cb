import { edgeStretchBytes, edgeStretchWork } from "../../fitting/measure/edge_stretch.ts";
import { FIT_GARMENT_DEFAULTS, fitGarmentBytes, fitGarmentWork } from "../../fitting/fit/fit_garment.ts";
import { SHRINKWRAP_DEFAULTS, shrinkwrapBytes, shrinkwrapWork } from "../../fitting/fit/shrinkwrap.ts";
import { counted, millimetres, percent } from "../_show.ts";
import { quote } from "../_words.ts";
import { angle, boolean, integer, length, oneOf, ratio, selections, selectionsOr } from "../options.ts";
import { consult, consultOptional, defineStep, type OptionValues, type Step, type StepFault } from "../step.ts";
import { lieOnBodyWork } from "../../fitting/measure/lie_on_body.ts";
import { keepFaces, keepFacesBytes } from "../../fitting/select/keep_faces.ts";
import { jointMoves } from "./_joint_moves.ts";
import { isStiffPart } from "./_stiff_names.ts";
import { badlyPlaced, leftInside, outOfShape, stillMoving, tooClose } from "./_fit_warnings.ts";

const OPTIONS = {
  method: oneOf(["auto", "refit", "elastic", "shrinkwrap"], {
    default: "auto",
    doc: "refit takes the garment along with the skin of the body it was made on (`from`), then lets it relax; " +
      "elastic leaves it where it is and keeps its shape; both stay at the clearance. " +
      "shrinkwrap pushes vertices out and spreads the push. auto: refit where there is a `from`, else elastic",
  }),
  clearance: length({ default: FIT_GARMENT_DEFAULTS.clearance, min: 0, doc: "Least air between body and garment" }),
  iterations: integer({ default: FIT_GARMENT_DEFAULTS.iterations, min: 0, max: 10_000, doc: "Iterations at most" }),
  tightness: ratio({
    default: FIT_GARMENT_DEFAULTS.tightness,
    min: 0,
    max: 1,
    doc: "How much of the air beyond the clearance is taken out: 0 keeps the designed stand-off, 1 hugs",
  }),
  stiff: boolean({
    default: FIT_GARMENT_DEFAULTS.stiff,
    doc: "Keeps the shape up to one scale for the whole, for hats, armour and shoes; not for shrinkwrap",
  }),
  rigid: selectionsOr(["auto", "none", "all"], {
    default: FIT_GARMENT_DEFAULTS.rigid,
    doc: "What keeps its shape, each part up to a scale of its own: auto takes small separate parts such as buttons, " +
      "and separate parts up to half as large as the whole whose material, mesh or node is named after metal, steel, iron, " +
      "brass, bronze, plate, armor, armour, buckle, button, rivet or sole (and not leather, cloth, fabric, fur, mail or chain), " +
      "all takes every separate part, a selection what hangs together in it; not for shrinkwrap",
  }),
  symmetry: oneOf(["none", "x"], {
    default: "none",
    doc:
      "x makes the result alike on both sides of x = 0, where the garment comes so: each place and its mirror image end " +
      "at their mean, then at the clearance; places without one, and rigid parts, are left; not for shrinkwrap",
  }),
  only: selections({ doc: "What may move; the rest stays" }),
  pin: selections({ doc: "What stays where it is" }),
  allowInside: selectionsOr(["auto", "none", "source"], {
    default: "auto",
    doc:
      "What may stay inside the body: auto takes what was made to lie deep inside `from` and cannot be brought out in " +
      "one piece, such as the underside of a bob that closes through the face; source all that was inside `from`, such " +
      "as hair roots; none nothing; not for shrinkwrap",
  }),
  smoothRadius: length({
    default: SHRINKWRAP_DEFAULTS.smoothRadius,
    min: 0,
    doc: "shrinkwrap: how far along the garment a push is felt",
  }),
  smoothStrength: ratio({
    default: SHRINKWRAP_DEFAULTS.smoothStrength,
    min: 0,
    max: 1,
    doc: "shrinkwrap: how far each pass takes a push towards those beside it",
  }),
  stepSize: ratio({
    default: SHRINKWRAP_DEFAULTS.stepSize,
    min: 0,
    max: 1,
    doc: "shrinkwrap: share of a violation corrected in one iteration",
  }),
  featureAngle: angle({
    default: SHRINKWRAP_DEFAULTS.featureAngle,
    min: 0,
    max: Math.PI,
    doc:
      "shrinkwrap: a push is not spread across edges bent more than this, but along them; 180deg spreads it everywhere",
  }),
  openings: oneOf(["free", "keep"], {
    default: SHRINKWRAP_DEFAULTS.openings,
    doc:
      "shrinkwrap: keep moves an open edge, such as a hem, by the push of that edge spread along it, so that it keeps its curve; free lets the cloth beside it pull",
  }),
};

type FitOptions = OptionValues<typeof OPTIONS>;

/** Options that only one method has; of the others they must be as they are by default. */
const OF_SHRINKWRAP = ["smoothRadius", "smoothStrength", "stepSize", "featureAngle", "openings"] as const;
const NOT_OF_SHRINKWRAP = ["stiff", "rigid", "symmetry", "allowInside"] as const;

/** The `fit` step: adapts {@linkcode fitGarmentWork} and {@linkcode shrinkwrapWork}. */
export const fit: Step = defineStep({
  name: "fit",
  summary: "Moves a garment out of a body to a clearance and keeps its shape",
  reads: ["topology", "rest"],
  writes: ["positions"],
  consults: {
    to: consult(["index"], "The body to fit to", ["skeleton"]),
    from: consultOptional(
      ["index", "topology"],
      "The body the garment was made on: the garment is carried along with its skin; best with the same vertices as the other body, else with joints of the same names, or in about the same pose",
      ["skin", "skeleton"],
    ),
  },
  options: OPTIONS,
  refuse: faultsOf,
  examples: [
    "fit: { mesh: armor, to: body, clearance: 5mm, stiff: true }",
  ],
  carries: { from: "from", to: "to" },
  asks: (options) => looksAtNames(options) ? ["facts"] : [],
  scratchBytes: ({ mesh, to, from }, options) => {
    const fitting = options.method === "shrinkwrap"
      ? shrinkwrapBytes(mesh, options)
      : fitGarmentBytes({ mesh, target: to, source: from }, {
        keepInside: keptInside(options),
        isMirrored: options.symmetry === "x",
      });
    const hints = looksAtNames(options) ? mesh.weldedCount : 0;
    return hints + Math.max(hints === 0 ? 0 : keepFacesBytes(mesh), fitting, edgeStretchBytes(mesh));
  },
  *run({ mesh, to, from, out, masks, scratch }, options) {
    const {
      clearance,
      iterations,
      tightness,
      smoothRadius,
      smoothStrength,
      stepSize,
      featureAngle,
      openings,
      stiff,
      rigid,
    } = options;
    using frame = scratch.frame("fit");
    const stiffHints = looksAtNames(options) ? frame.u8(mesh.topology.weldedCount).fill(1) : undefined;
    if (stiffHints !== undefined) keepFaces(mesh.facts!.parts.filter(isStiffPart), mesh.topology, stiffHints, frame);
    const { gap, sizeRatio, openShare } = yield* lieOnBodyWork(mesh, (from ?? to).index);
    const bodyOpen = from === undefined ? openShare : (yield* lieOnBodyWork(mesh, to.index)).openShare;
    const common = { clearance, iterations, tightness, only: masks.only, pin: masks.pin };
    const source = from && {
      mesh: from,
      topology: from.topology,
      index: from.index,
      ...from.skin !== undefined && from.skeleton !== undefined && to.skeleton !== undefined
        ? { skin: from.skin, joints: jointMoves(from.skeleton, to.skeleton) }
        : {},
    };
    const report = options.method === "shrinkwrap"
      ? yield* shrinkwrapWork(mesh, mesh.topology, to.index, out.positions, frame, {
        ...common,
        smoothRadius,
        smoothStrength,
        stepSize,
        featureAngle,
        openings,
      })
      : yield* fitGarmentWork(mesh, mesh.topology, to.index, source, out.positions, frame, {
        ...common,
        stiff,
        rigid: typeof rigid === "string" ? rigid : "none",
        rigidPlaces: masks.rigid,
        stiffHints,
        mirrorX: options.symmetry === "x" ? -mesh.zero[0] : undefined,
        allowInside: masks.allowInside,
        keepInside: keptInside(options),
      });
    const { p1, p50, p99 } = yield* edgeStretchWork(
      { positions: mesh.rest, indices: mesh.indices },
      out.positions,
      mesh.topology,
      frame,
    );
    return { ...report, stretchP1: p1, stretchP50: p50, stretchP99: p99, gap, sizeRatio, bodyOpen };
  },
  describe: (m) =>
    `moved ${millimetres(m.meanMove)} (at most ${millimetres(m.maxMove)}), inside ${percent(m.insideBefore)} → ${
      percent(m.insideAfter)
    }${Number(m.keptInside) > 0 ? ` (${counted(m.keptInside, "place")} may be)` : ""}, stretch ${
      Number(m.stretchP1).toFixed(2)
    }–${Number(m.stretchP99).toFixed(2)}, ${counted(m.iterations, "iteration")}${m.converged ? "" : ", not converged"}${
      Number(m.rigidByHint) > 0 ? `, ${counted(m.rigidByHint, "part")} rigid by name` : ""
    }${Number(m.paired) > 0 ? `, ${counted(m.paired, "place")} symmetric` : ""}`,
  warn: (m, { clearance, allowInside }) => [
    ...badlyPlaced(m),
    ...(allowInside === "auto" ? leftInside(m) : []),
    ...tooClose(m, Number(clearance)),
    ...outOfShape(m),
    ...stillMoving(m),
  ],
});

/** What may be inside as it was inside the other body. */
function keptInside({ allowInside }: Pick<FitOptions, "allowInside">): "auto" | "none" | "all" {
  return allowInside === "source" ? "all" : allowInside === "auto" ? "auto" : "none";
}

/** Whether names of the file say what is rigid. */
function looksAtNames({ method, rigid }: Pick<FitOptions, "method" | "rigid">): boolean {
  return method !== "shrinkwrap" && rigid === "auto";
}

/** Faults of options that are right one by one. */
function faultsOf(options: FitOptions, consulted: ReadonlySet<string>): StepFault[] {
  const { method } = options, hasSource = consulted.has("from"), faults: StepFault[] = [];
  if (method === "refit" && !hasSource) {
    const message = `"refit" takes the garment along from the body it was made on: there is no "from"`;
    faults.push({ code: "missing-option", key: "method", message, help: "Add from: the name of a mesh" });
  }
  if ((method === "elastic" || method === "shrinkwrap") && hasSource) {
    const message = `"from" has no meaning for method ${quote(method)}, which leaves the garment where it is`;
    faults.push({ code: "bad-value", key: "method", message, help: "Leave out one of the two" });
  }
  if (options.allowInside === "source" && !hasSource) {
    const message = `"allowInside: source" is what was inside the body the garment was made on: there is no "from"`;
    faults.push({ code: "missing-option", key: "allowInside", message, help: "Add from: the name of a mesh" });
  }
  for (const key of method === "shrinkwrap" ? NOT_OF_SHRINKWRAP : OF_SHRINKWRAP) {
    if (options[key] === OPTIONS[key].default) continue;
    const message = `${quote(key)} has no meaning for method ${quote(method)}`;
    const help = method === "shrinkwrap" ? "Leave out one of the two" : "Leave it out, or write method: shrinkwrap";
    faults.push({ code: "bad-value", key, message, help });
  }
  return faults;
}
