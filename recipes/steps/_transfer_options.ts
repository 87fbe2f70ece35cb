import { TRANSFER_WEIGHTS_DEFAULTS } from "../../fitting/weights/transfer_weights.ts";
import {
  angle,
  boolean,
  fileNames,
  group,
  integer,
  list,
  oneOf,
  optional,
  ratio,
  selections,
  selectionsOr,
  text,
} from "../options.ts";
import { quote } from "../_words.ts";
import type { NameUse, OptionSpecs, OptionValues, StepFault } from "../step.ts";

const defaults = TRANSFER_WEIGHTS_DEFAULTS;

/** Everything a recipe may set of `transfer-weights`. */
export const TRANSFER_OPTIONS = {
  method: oneOf(["inpaint", "barycentric", "nearest"], {
    default: defaults.method,
    doc:
      "inpaint asks the patch of skin beneath and solves for what met the wrong limb; barycentric mixes the corners of the closest face; nearest takes its closest corner",
  }),
  maxInfluences: integer({ default: defaults.maxInfluences, min: 1, max: 8, doc: "Joints that may move one vertex" }),
  prune: ratio({ default: defaults.prune, min: 0, max: 1, doc: "Influences below this share are dropped" }),
  maxDistance: ratio({
    default: defaults.maxDistance,
    min: 0,
    max: 10,
    doc: "inpaint: skin farther away than this share of the body's diagonal is not trusted",
  }),
  flipped: boolean({
    default: defaults.flipped,
    doc: "inpaint: whether cloth that faces away from the skin may be right, as linings and inside-out shells are",
  }),
  maxAngle: angle({
    default: defaults.maxAngle,
    min: 0,
    max: Math.PI,
    doc: "inpaint, flipped: false: cloth that turns farther away from the skin than this is not trusted",
  }),
  rigid: selectionsOr(["auto", "none"], {
    default: defaults.rigid,
    doc:
      "What does not bend: its connected parts follow one blend of joints each; auto takes small islands, such as buttons and buckles",
  }),
  smooth: integer({
    default: defaults.smooth,
    min: 0,
    max: 1000,
    doc: "Passes that even out weights along the garment",
  }),
  skeleton: oneOf(["replace", "keep"], {
    default: "replace",
    doc:
      "Whose joints the weights are for: replace brings the body's skeleton into the garment's file; keep means those the garment has, found by name",
  }),
  jointMap: list(
    group({ from: text({ doc: "A joint of the body" }), to: text({ doc: "The garment's joint that does its work" }) }, {
      doc: "Two joints",
    }),
    { default: [], doc: "Joints of body and garment that belong together whatever their names say" },
  ),
  pose: oneOf(["same", "match", "ignore"], {
    default: "same",
    doc:
      "Where both have joints: same refuses bind poses that differ, as A and T do; match poses the body like the garment (with skeleton: keep); ignore takes them as they stand",
  }),
  only: selections({ doc: "Places that get new weights; the others keep theirs" }),
  joints: optional(
    fileNames({ doc: "Joints whose weights change, of the skeleton that is written; the others keep theirs" }),
  ),
  mix: ratio({ default: 1, min: 0, max: 1, doc: "How much of the new weights comes in; the rest stays as it was" }),
} satisfies OptionSpecs;

/** The values of all options. */
export type TransferOptions = OptionValues<typeof TRANSFER_OPTIONS>;

/** Whether old weights are of use. */
export function isPartial({ only, joints, mix }: Pick<TransferOptions, "only" | "joints" | "mix">): boolean {
  return only !== undefined || joints !== undefined || mix < 1;
}

/** Joints that have to be there: those of a map in both files, and those to change in the skeleton that is written. */
export function jointsNamed({ joints, jointMap, skeleton }: TransferOptions): NameUse[] {
  const used = { kind: "joint", option: "jointMap", isExact: true } as const;
  return [
    { kind: "joint", option: "joints", names: joints ?? [], of: skeleton === "keep" ? "mesh" : "from" },
    ...jointMap.flatMap(({ from, to }, i): NameUse[] => [
      { ...used, names: [from], within: [i, "from"], of: "from" },
      { ...used, names: [to], within: [i, "to"] },
    ]),
  ];
}

/** What does not go together. */
export function transferFaults(options: TransferOptions): StepFault[] {
  const { method, skeleton, pose, flipped, maxAngle } = options, faults: StepFault[] = [];
  for (const key of ["maxDistance", "flipped", "maxAngle"] as const) {
    if (method === "inpaint" || options[key] === defaults[key]) continue;
    faults.push({
      code: "bad-value",
      key,
      message: `"${key}" of "transfer-weights" is for method inpaint: the method is ${method}`,
      help: "Leave it out, or use method: inpaint",
    });
  }
  const [key, other] = skeleton === "keep" ? ["from", "to"] as const : ["to", "from"] as const;
  const repeated = options.jointMap.find((pair, i, all) => all.findIndex((earlier) => earlier[key] === pair[key]) < i);
  if (repeated !== undefined) {
    faults.push({
      code: "bad-value",
      key: "jointMap",
      message: `"jointMap" of "transfer-weights" has one "${other}" for a joint where skeleton is ${skeleton}: ${
        quote(repeated[key])
      } stands twice`,
      help: "Leave one out",
    });
  }
  if (pose === "match" && skeleton !== "keep") {
    faults.push({
      code: "bad-value",
      key: "pose",
      message: `"pose: match" of "transfer-weights" leaves the garment in its own pose, which needs its own skeleton`,
      help: "Add skeleton: keep",
    });
  }
  if (method === "inpaint" && flipped && maxAngle !== defaults.maxAngle) {
    faults.push({
      code: "bad-value",
      key: "maxAngle",
      message: `"maxAngle" of "transfer-weights" counts where "flipped" is false: it is true`,
      help: "Add flipped: false",
    });
  }
  return faults;
}
