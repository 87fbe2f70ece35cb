import { ALIGN_BOUNDS_DEFAULTS, alignBoundsBytes, alignBoundsWork } from "../../fitting/align/align_bounds.ts";
import { millimetres } from "../_show.ts";
import { quote } from "../_words.ts";
import type { Measures } from "../measures.ts";
import { oneOf } from "../options.ts";
import { consult, defineStep, type Step, type StepFault } from "../step.ts";

const defaults = ALIGN_BOUNDS_DEFAULTS;
/** Below this the next best reading is about as likely. */
const SURE = 0.2;
/** The same of the next best place. */
const SURE_PLACE = 0.27;
/** A garment that moved and lies so unevenly touches here and there; metres. */
const LOOSE = 0.025;

/** The `align` step: adapts {@linkcode alignBoundsWork}. */
export const align: Step = defineStep({
  name: "align",
  summary: "Finds the unit and up axis of a garment's file and places the garment on a body",
  reads: [],
  writes: ["positions"],
  placedOn: "to",
  consults: { to: consult(["index"], "The body it belongs on", ["skin", "skeleton"]) },
  options: {
    units: oneOf(["auto", "m", "dm", "cm", "mm", "inch", "dam", "hm"], {
      default: defaults.units,
      doc: "The unit the garment was saved in",
    }),
    upAxis: oneOf(["auto", "y", "z", "-z", "x", "-x", "-y"], {
      default: defaults.upAxis,
      doc: "The axis that points up in the garment",
    }),
    forward: oneOf(["auto", "z", "-z", "x", "-x"], {
      default: defaults.forward,
      doc: "The axis that points forward in the garment once that one is up",
    }),
    region: oneOf(["auto", "whole", "head", "torso", "hips", "arm", "forearm", "hand", "legs", "foot"], {
      default: defaults.region,
      doc: "Where on the body it is worn",
    }),
    side: oneOf(["auto", "left", "right", "both"], {
      default: defaults.side,
      doc: "On which side, the body's own left being left",
    }),
    place: oneOf(["auto", "keep", "search"], {
      default: defaults.place,
      doc: "Whether it may move once unit and axis are undone: auto if it does not lie well where it is",
    }),
    scale: oneOf(["uniform", "axis", "none"], {
      default: defaults.scale,
      doc: "Whether a garment that moves may also be scaled: as a whole, or along each axis of its file too",
    }),
  },
  refuse: faultsOf,
  scratchBytes: ({ to }) => alignBoundsBytes({ targetVertexCount: to.vertexCount }),
  *run({ mesh, to, out, scratch }, options) {
    const settings = { ...options, origin: to.zero, meshOrigin: mesh.zero };
    const { index, skin, skeleton } = to;
    const joints = skin === undefined || skeleton === undefined ? {} : { skin, jointNames: skeleton.jointNames };
    return { ...(yield* alignBoundsWork(mesh, { mesh: to, index, ...joints }, out.positions, scratch, settings)) };
  },
  describe: (m) =>
    `${m.units}, ${m.upAxis} up${m.forward === "z" ? "" : `, ${m.forward} forward`}` +
    (m.kept
      ? ", place kept"
      : `, moved ${millimetres(m.moved)}, turned ${Number(m.rotationDeg).toFixed(0)}°, scaled ${
        Number(m.scale).toFixed(2)
      }, on the ${m.side === "both" ? "" : `${m.side} `}${m.region === "whole" ? "body" : m.region}`),
  warn: warnings,
});

/** Faults of options that are right one by one. */
function faultsOf({ region, side, place, scale }: { readonly [K in "region" | "side" | "place" | "scale"]: string }) {
  const faults: StepFault[] = [];
  if (["whole", "head", "torso", "hips"].includes(region) && (side === "left" || side === "right")) {
    const message = `"side" of "align" is for what is worn on one side: "region" is ${quote(region)}`;
    faults.push({ code: "bad-value", key: "side", message, help: "Leave out one of the two" });
  }
  if (place === "keep" && scale === "axis") {
    const message = `"scale: axis" of "align" is for a garment that may move: "place" is "keep"`;
    faults.push({ code: "bad-value", key: "scale", message, help: "Leave out one of the two" });
  }
  return faults;
}

/** What was taken for likeliest without being much likelier than something else, each with the line that settles it. */
function warnings(m: Measures, options: Readonly<Record<string, unknown>>): string[] {
  const said: string[] = [], isRead = options.units !== "auto" && options.upAxis !== "auto";
  if (Number(m.confidence) < SURE && !isRead) {
    said.push(
      `Taken to be in ${m.units} with ${m.upAxis} up, and another reading is about as likely: write "units: ${m.units}, upAxis: ${m.upAxis}" if it is right`,
    );
  }
  if (!m.kept && Number(m.contact) > LOOSE) {
    said.push(
      `It touches the body only here and there (${
        millimetres(m.contact)
      } from even), so how high it hangs is a guess: ` +
        `look at it, or put it in place in its file and write "place: keep"`,
    );
  }
  if (Number(m.placeConfidence) >= SURE_PLACE) return said;
  const onSide = m.side === "both" ? "" : `${m.side} `;
  if (m.rival === "turned" && options.forward === "auto") {
    said.push(
      `It fits about as well there turned: look at it, and write "forward:" or "upAxis:" with the axis of the file that points there if it is the wrong way round`,
    );
  } else if (m.rival === "elsewhere" && options.region === "auto") {
    const line = `region: ${m.region}${m.side === "both" ? "" : `, side: ${m.side}`}`;
    said.push(
      `Placed on the ${onSide}${
        m.region === "whole" ? "whole body" : m.region
      }, and another place is about as likely: write "${line}" if it is right, or the region it is worn on`,
    );
  }
  return said;
}
