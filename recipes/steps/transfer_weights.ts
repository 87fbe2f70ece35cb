import type { JointMap, JointSet } from "../../fitting/weights/map_joints.ts";
import { mixSkinWeights, mixSkinWeightsBytes } from "../../fitting/weights/mix_skin_weights.ts";
import { poseByJoints, poseByJointsBytes } from "../../fitting/fit/pose_by_joints.ts";
import {
  normalizeSkinWeights,
  normalizeSkinWeightsBytes,
  type SkinWeights,
} from "../../fitting/weights/skin_weights.ts";
import { SurfaceIndex, surfaceIndexBytes } from "../../fitting/surface/surface_index.ts";
import {
  transferWeightsBytes,
  transferWeightsWork,
  type WeightSource,
} from "../../fitting/weights/transfer_weights.ts";
import type { Work } from "../../fitting/work.ts";
import type { Frame, Scratch } from "../../pool/scratch.ts";
import { consult, defineStep, type MeshSizes, type Step } from "../step.ts";
import { millimetres } from "../_show.ts";
import { assertSamePose, flagJoints, jointMeasures, jointSetOf, matchJoints } from "./_joint_match.ts";
import { isPartial, jointsNamed, TRANSFER_OPTIONS, transferFaults, type TransferOptions } from "./_transfer_options.ts";

const NO_MAP = { jointMatches: "", jointsHandedOver: "" };

/** The `transfer-weights` step: adapts {@linkcode transferWeightsWork}. */
export const transferWeights: Step = defineStep({
  name: "transfer-weights",
  summary: "Gives a garment the skeleton of a body and the skin weights of the surface it lies on",
  reads: ["topology", "rest"],
  writes: ["skin"],
  consults: { from: consult(["index", "skin", "skeleton"], "The body whose weights are taken") },
  options: TRANSFER_OPTIONS,
  asks: (options) => options.skeleton === "keep" || isPartial(options) ? ["skeleton", "skin"] : ["skeleton"],
  names: jointsNamed,
  refuse: transferFaults,
  influencesPerVertex: ({ maxInfluences }) => maxInfluences <= 4 ? 4 : 8,
  skeletonFrom: "from",
  keepsSkeleton: ({ skeleton }) => skeleton === "keep",
  origin: { of: "from", reads: ["index"] },
  scratchBytes: ({ mesh, from }, options) => {
    const { index, base, most } = posingBytes(from, options);
    return base +
      Math.max(most, index + Math.max(transferBytes(mesh, from, options), mixingBytes(mesh, from, options)));
  },
  *run({ mesh, from, origin, masks, out, scratch }, options) {
    const { skeleton, pose, jointMap, rigid, maxInfluences, prune } = options, isKept = skeleton === "keep";
    const body = jointSetOf(from.skeleton, mesh.zero), own = mesh.skeleton && jointSetOf(mesh.skeleton, mesh.zero);
    const toOwn = own && matchJoints(body, own, jointMap, false);
    // A garment that was moved onto the body has left the pose of its joints.
    if (own !== undefined && pose === "same" && mesh.positions === mesh.rest) {
      assertSamePose(body, own, toOwn!, mesh.name);
    }

    using frame = scratch.frame("source");
    // Where the garment was made it lies on the skin as designed: that is where to ask what it lies on.
    const isOnOrigin = origin !== undefined && pose !== "match";
    const asked = isOnOrigin ? { positions: mesh.rest, indices: mesh.indices } : mesh;
    const surface = isOnOrigin ? origin : from, jointCount = body.jointNames.length;
    const source = pose === "match"
      ? yield* poseSource({ mesh: from, index: from.index, skin: from.skin, jointCount }, body, own!, toOwn!, frame)
      : { mesh: surface, index: surface.index, skin: from.skin, jointCount };
    const { unmatchedIslands, ...report } = yield* transferWeightsWork(asked, mesh.topology, source, out.skin, frame, {
      ...options,
      rigid: rigid === "auto" ? "auto" : "none",
      rigidPlaces: masks.rigid,
    });

    if (isKept) rename(out.skin, toOwn!.jointOf, frame, { maxInfluences, prune });
    const toBody = own && !isKept ? matchJoints(own, body, jointMap, true) : undefined;
    if (isPartial(options)) {
      using mixing = frame.frame("mixing");
      const { positionRemap } = mesh.topology, target = isKept ? own! : body;
      const joints = mixing.u8(target.jointNames.length), vertices = mixing.u8(positionRemap.length);
      for (let v = 0; v < vertices.length; v++) vertices[v] = masks.only?.[positionRemap[v]] ?? 1;
      flagJoints(target.jointNames, options.joints ?? ["*"], joints);
      const { mix } = options;
      mixSkinWeights(mesh.skin!, toBody?.jointOf, out.skin, mixing, { mix, joints, vertices, maxInfluences, prune });
    }
    return {
      ...report,
      unmatchedIslands: unmatchedIslands.join(", "),
      ...own === undefined ? NO_MAP : jointMeasures(isKept || toBody === undefined ? toOwn! : toBody),
      vertices: mesh.positions.length / 3,
      askedOnOrigin: isOnOrigin,
      noneTrusted: report.farOrTurned > 0 && report.farOrTurned === mesh.topology.weldedCount,
    };
  },
  examples: [
    "transfer-weights: { mesh: armor, from: body }",
    "transfer-weights: { mesh: armor, from: body, skeleton: keep, jointMap: [{ from: ball_l, to: Toes.L }] }",
    'transfer-weights: { mesh: armor, from: body, joints: ["hand_*", lowerarm_l], mix: 50% }',
  ],
  describe: (m) =>
    `${m.vertices} vertices, surface ${millimetres(m.meanDistance)} away (at most ${millimetres(m.maxDistance)})${
      m.askedOnOrigin ? " on the body it was made on" : ""
    }${Number(m.inpainted) > 0 ? `, ${m.inpainted} inpainted` : ""}${
      Number(m.rigidParts) > 0 ? `, ${m.rigidParts} rigid` : ""
    }${m.jointMatches === "" ? "" : `, joints ${m.jointMatches}`}`,
  warn: (m) => [
    ...m.noneTrusted
      ? [
        `No skin near it is to be trusted, so it follows whatever is closest, ${
          millimetres(m.meanDistance)
        } away: align or fit it first, or raise "maxDistance"`,
      ]
      : [],
    ...Number(m.unmatchedIslandCount) === 0 ? [] : [
      `${m.unmatchedIslandCount} islands lie too far from the body and follow the nearest part: ${m.unmatchedIslands}`,
    ],
    ...m.jointsHandedOver === "" ? [] : [`Joints without a counterpart hand over their weights: ${m.jointsHandedOver}`],
  ],
});

function transferBytes(mesh: MeshSizes, from: MeshSizes, { rigid, ...options }: TransferOptions): number {
  const sizes = { ...mesh, jointCount: from.jointCount, sourceInfluencesPerVertex: from.influencesPerVertex };
  return transferWeightsBytes(sizes, { ...options, rigid: rigid === "none" ? "none" : "auto" });
}

function mixingBytes(mesh: MeshSizes, from: MeshSizes, options: TransferOptions): number {
  const influencesPerVertex = options.maxInfluences <= 4 ? 4 : 8, isKept = options.skeleton === "keep";
  const flags = (isKept ? mesh : from).jointCount + mesh.vertexCount;
  const mixing = mixSkinWeightsBytes({ influencesPerVertex, baseInfluencesPerVertex: mesh.influencesPerVertex });
  return Math.max(
    isPartial(options) ? flags + mixing : 0,
    isKept ? normalizeSkinWeightsBytes({ influencesPerVertex }) : 0,
  );
}

/** Bytes for posing the body: those that stay, the index that stays, and the most while it is made. */
function posingBytes({ vertexCount, faceCount, jointCount }: MeshSizes, { pose }: TransferOptions) {
  if (pose !== "match") return { base: 0, index: 0, most: 0 };
  const index = surfaceIndexBytes({ faceCount });
  return {
    base: 12 * vertexCount,
    index,
    most: Math.max(
      52 * jointCount + poseByJointsBytes({ jointCount }),
      index,
    ),
  };
}

/** The body in the pose of the garment. */
function* poseSource(
  source: WeightSource,
  body: JointSet,
  garment: JointSet,
  { jointOf, matches }: JointMap,
  out: Frame,
): Work<WeightSource> {
  const { mesh: { positions, indices }, skin, jointCount } = source, posed = out.f32(positions.length);
  {
    using frame = out.frame("pose");
    const parentJoint = frame.i32(jointCount), from = frame.f64(3 * jointCount), to = frame.f64(3 * jointCount);
    parentJoint.set(body.parentJoint);
    from.set(body.places);
    for (let i = 0; i < to.length; i++) {
      const joint = Math.floor(i / 3);
      to[i] = matches[joint].kind === "ancestor" ? NaN : garment.places[3 * jointOf[joint] + i % 3];
    }
    poseByJoints(positions, skin, { parentJoint, from, to }, posed, frame);
  }
  yield;
  const mesh = { positions: posed, indices };
  return { mesh, index: yield* SurfaceIndex.buildWork(mesh, out), skin, jointCount };
}

/** Gives weights to the joints that do the work of theirs. */
function rename(
  skin: SkinWeights,
  jointOf: Int32Array,
  scratch: Scratch,
  options: { maxInfluences: number; prune: number },
): void {
  const { skinJoints, skinWeights } = skin;
  for (let i = 0; i < skinJoints.length; i++) {
    if (skinWeights[i] > 0) skinJoints[i] = Math.max(0, jointOf[skinJoints[i]]);
  }
  normalizeSkinWeights(skin, scratch, options);
}
