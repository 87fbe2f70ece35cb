import {
  TRANSFER_WEIGHTS_DEFAULTS,
  transferWeightsBytes,
  transferWeightsWork,
} from "../../fitting/transfer_weights.ts";
import { angle, boolean, integer, oneOf, ratio, selectionsOr } from "../options.ts";
import { consult, defineStep, type Step } from "../step.ts";
import { millimetres } from "../_show.ts";

const defaults = TRANSFER_WEIGHTS_DEFAULTS;

/** The `transfer-weights` step: adapts {@linkcode transferWeightsWork}. */
export const transferWeights: Step = defineStep({
  name: "transfer-weights",
  summary: "Gives a garment the skeleton of a body and the skin weights of the surface it lies on",
  reads: ["topology", "rest"],
  writes: ["skin"],
  consults: { from: consult(["index", "skin", "skeleton"], "The body whose weights are taken") },
  options: {
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
  },
  influencesPerVertex: ({ maxInfluences }) => maxInfluences <= 4 ? 4 : 8,
  skeletonFrom: "from",
  origin: { of: "from", reads: ["index"] },
  scratchBytes: ({ mesh, from }, { rigid, ...options }) =>
    transferWeightsBytes(
      { ...mesh, jointCount: from.jointCount, sourceInfluencesPerVertex: from.influencesPerVertex },
      { ...options, rigid: rigid === "none" ? "none" : "auto" },
    ),
  *run({ mesh, from, origin, masks, out, scratch }, { rigid, ...options }) {
    // Where the garment was made it lies on the skin as designed: that is where to ask what it lies on.
    const asked = origin === undefined ? mesh : { positions: mesh.rest, indices: mesh.indices };
    const surface = origin ?? from, jointCount = from.skeleton.jointNames.length;
    const source = { mesh: surface, index: surface.index, skin: from.skin, jointCount };
    const { unmatchedIslands, ...report } = yield* transferWeightsWork(
      asked,
      mesh.topology,
      source,
      out.skin,
      scratch,
      { ...options, rigid: rigid === "auto" ? "auto" : "none", rigidPlaces: masks.rigid },
    );
    return {
      ...report,
      unmatchedIslands: unmatchedIslands.join(", "),
      vertices: mesh.positions.length / 3,
      askedOnOrigin: origin !== undefined,
    };
  },
  describe: (m) =>
    `${m.vertices} vertices, surface ${millimetres(m.meanDistance)} away (at most ${millimetres(m.maxDistance)})${
      m.askedOnOrigin ? " on the body it was made on" : ""
    }`,
});
