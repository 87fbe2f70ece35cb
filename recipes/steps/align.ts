import { ALIGN_BOUNDS_DEFAULTS, alignBoundsBytes, alignBoundsWork } from "../../fitting/align_bounds.ts";
import { millimetres } from "../_show.ts";
import { oneOf } from "../options.ts";
import { consult, defineStep, type Step } from "../step.ts";

const defaults = ALIGN_BOUNDS_DEFAULTS;
/** Below this the next best reading is about as likely. */
const SURE = 0.2;

/** The `align` step: adapts {@linkcode alignBoundsWork}. */
export const align: Step = defineStep({
  name: "align",
  summary: "Finds the unit and up axis of a garment's file and places the garment on a body",
  reads: [],
  writes: ["positions"],
  placedOn: "to",
  consults: { to: consult(["index"], "The body it belongs on") },
  options: {
    units: oneOf(["auto", "m", "dm", "cm", "mm", "inch", "dam", "hm"], {
      default: defaults.units,
      doc: "The unit the garment was saved in",
    }),
    upAxis: oneOf(["auto", "y", "z", "-z", "x", "-x", "-y"], {
      default: defaults.upAxis,
      doc: "The axis that points up in the garment",
    }),
    place: oneOf(["auto", "keep", "search"], {
      default: defaults.place,
      doc: "Whether it may move once unit and axis are undone: auto if it does not lie well where it is",
    }),
    scale: oneOf(["uniform", "none"], {
      default: defaults.scale,
      doc: "Whether a garment that moves may also be scaled",
    }),
  },
  scratchBytes: () => alignBoundsBytes(),
  *run({ mesh, to, out, scratch }, options) {
    const settings = { ...options, origin: to.zero, meshOrigin: mesh.zero };
    return { ...(yield* alignBoundsWork(mesh, { mesh: to, index: to.index }, out.positions, scratch, settings)) };
  },
  describe: (m) =>
    `${m.units}, ${m.upAxis} up` +
    (m.kept
      ? ", place kept"
      : `, moved ${millimetres(m.moved)}, turned ${Number(m.rotationDeg).toFixed(0)}°, scaled ${
        Number(m.scale).toFixed(2)
      }`),
  warn: ({ units, upAxis, confidence }, options) =>
    Number(confidence) >= SURE || (options.units !== "auto" && options.upAxis !== "auto") ? [] : [
      `Taken to be in ${units} with ${upAxis} up, and another reading is about as likely: write "units: ${units}, upAxis: ${upAxis}" if it is right`,
    ],
});
