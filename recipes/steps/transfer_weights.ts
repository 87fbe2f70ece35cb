import {
  TRANSFER_WEIGHTS_DEFAULTS,
  transferWeightsBytes,
  transferWeightsWork,
} from "../../fitting/transfer_weights.ts";
import { integer, oneOf, ratio } from "../options.ts";
import { consult, defineStep, type Step } from "../step.ts";
import { millimetres } from "../_show.ts";

const defaults = TRANSFER_WEIGHTS_DEFAULTS;

/** The `transfer-weights` step: adapts {@linkcode transferWeightsWork}. */
export const transferWeights: Step = defineStep({
  name: "transfer-weights",
  summary: "Gives a garment the skeleton of a body and the skin weights of the surface it lies on",
  reads: ["topology", "rest"],
  writes: ["skin"],
  consults: { from: consult(["index", "skin"], "The body whose weights are taken") },
  options: {
    method: oneOf(["barycentric", "nearest"], {
      default: defaults.method,
      doc: "barycentric mixes the corners of the closest face; nearest takes its closest corner",
    }),
    maxInfluences: integer({ default: defaults.maxInfluences, min: 1, max: 8, doc: "Joints that may move one vertex" }),
    prune: ratio({ default: defaults.prune, min: 0, max: 1, doc: "Influences below this share are dropped" }),
  },
  influencesPerVertex: ({ maxInfluences }) => maxInfluences <= 4 ? 4 : 8,
  skeletonFrom: "from",
  origin: { of: "from", reads: ["index"] },
  scratchBytes: ({ from }) => transferWeightsBytes({ sourceInfluencesPerVertex: from.influencesPerVertex }),
  *run({ mesh, from, origin, out, scratch }, options) {
    // Where the garment was made it lies on the skin as designed: that is where to ask what it lies on.
    const asked = origin === undefined ? mesh : { positions: mesh.rest, indices: mesh.indices };
    const source = { mesh: origin ?? from, index: (origin ?? from).index, skin: from.skin };
    const report = yield* transferWeightsWork(asked, mesh.topology, source, out.skin, scratch, options);
    return { ...report, vertices: mesh.positions.length / 3, askedOnOrigin: origin !== undefined };
  },
  describe: (m) =>
    `${m.vertices} vertices, surface ${millimetres(m.meanDistance)} away (at most ${millimetres(m.maxDistance)})${
      m.askedOnOrigin ? " on the body it was made on" : ""
    }`,
});
