import type { Frame } from "../../pool/scratch.ts";
import { boundsOf } from "../bounds.ts";
import { type TriangleMesh, vertexCountOf } from "../mesh.ts";
import type { SkinWeights } from "../weights/skin_weights.ts";

/** Parts of a body; a label is an index into this list. */
export const BODY_PARTS = [
  "head",
  "torso",
  "hips",
  "leftUpperArm",
  "rightUpperArm",
  "leftForearm",
  "rightForearm",
  "leftHand",
  "rightHand",
  "leftLeg",
  "rightLeg",
  "leftFoot",
  "rightFoot",
] as const;

/** The label of what belongs to no part. */
export const NO_PART = 255;
/** A skeleton that names fewer parts is not that of a person. */
const FEWEST_PARTS = 6;

/** What words of a joint's name mean, the first that fits; names differ from rig to rig, these words hardly do. */
const MEANINGS: readonly (readonly [part: string, words: RegExp])[] = [
  ["Hand", /hand|wrist|finger|thumb|index|pinky|palm|carpal|\bring|\bmiddle|\blittle/],
  ["Foot", /foot|feet|toe|ankle|heel|\bball/],
  ["Forearm", /fore ?arm|lower ?arm|low ?arm|elbow/],
  ["UpperArm", /armature|(\barm|upper ?arm|up ?arm|shldr|bicep)/],
  ["Leg", /thigh|leg|calf|shin|knee|femur|tibia/],
  ["head", /head|neck|jaw|eye|face|skull|tongue|\bear\b|\bhair/],
  ["hips", /pelvis|hip|\broot|buttock|glute/],
  ["torso", /spine|chest|torso|breast|clavicle|shoulder|collar|rib|abdomen|waist|belly|stomach|\bback\b/],
];

/** The part of a body that a joint moves, by its name; {@linkcode NO_PART} where the name says nothing. */
export function partOfJoint(name: string): number {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/[^a-z]+/g, " ").trim();
  const found = MEANINGS.find(([, meaning]) => meaning.test(words));
  if (found === undefined || /armature/.test(words)) return NO_PART;
  const side = /\b(l|left)\b/.test(words) ? "left" : /\b(r|right)\b/.test(words) ? "right" : "";
  const part = (BODY_PARTS as readonly string[]).indexOf(/^[A-Z]/.test(found[0]) ? side + found[0] : found[0]);
  return part < 0 ? NO_PART : part;
}

/** Bytes {@linkcode labelBodyParts} leases. */
export function bodyPartsBytes(vertexCount: number): number {
  return vertexCount + 8 * BODY_PARTS.length;
}

/**
 * Says to which part of the body each vertex belongs: the one whose joints move
 * it most, or where no skeleton tells, the one that lies there on an upright
 * person of usual proportions with arms out or down.
 *
 * @param frame Owns the result.
 * @returns One label a vertex, and whether joints told them.
 */
export function labelBodyParts(
  mesh: TriangleMesh,
  skin: SkinWeights | undefined,
  jointNames: readonly string[] | undefined,
  frame: Frame,
): { labels: Uint8Array; isByJoints: boolean } {
  const labels = frame.u8(vertexCountOf(mesh)), share = frame.f64(BODY_PARTS.length);
  const parts = (jointNames ?? []).map(partOfJoint), known = new Set(parts);
  known.delete(NO_PART);
  const isByJoints = skin !== undefined && known.size >= FEWEST_PARTS;
  if (isByJoints) labelBySkin(skin, parts, share, labels);
  else labelByPlace(mesh, labels);
  return { labels, isByJoints };
}

function labelBySkin(
  { skinJoints, skinWeights, influencesPerVertex }: SkinWeights,
  parts: readonly number[],
  share: Float64Array,
  labels: Uint8Array,
): void {
  for (let v = 0; v < labels.length; v++) {
    share.fill(0);
    for (let i = v * influencesPerVertex; i < (v + 1) * influencesPerVertex; i++) {
      const part = parts[skinJoints[i]];
      if (part < share.length) share[part] += skinWeights[i];
    }
    let most = 0;
    labels[v] = NO_PART;
    for (let part = 0; part < share.length; part++) {
      if (!(share[part] > most)) continue;
      most = share[part];
      labels[v] = part;
    }
  }
}

/** All in heights of the body: above this is the head, and so on downwards. */
const CHIN = 0.86, WAIST = 0.56, CROTCH = 0.47, ANKLE = 0.05;
/** Farther from the middle than this, and above the knees, are arms; the shoulder lies at this height, */
const ARMS = 0.115, KNEE = 0.3, SHOULDER = 0.81;
/** the elbow and the wrist so far from it. */
const ELBOW = 0.18, WRIST = 0.32;

function labelByPlace(mesh: TriangleMesh, labels: Uint8Array): void {
  const { positions } = mesh, { boundsMin, boundsMax } = boundsOf(mesh);
  const height = boundsMax[1] - boundsMin[1];
  const side = boundsMax[0] - boundsMin[0] >= boundsMax[2] - boundsMin[2] ? 0 : 2; // people are wider than deep
  const middle = (boundsMin[side] + boundsMax[side]) / 2;
  for (let v = 0; v < labels.length; v++) {
    labels[v] = height > 0
      ? partAt((positions[3 * v + side] - middle) / height, (positions[3 * v + 1] - boundsMin[1]) / height)
      : NO_PART;
  }
}

/** The part at a place, in heights from the middle to the left and from the soles up. */
function partAt(x: number, y: number): number {
  const out = Math.abs(x), right = x < 0 ? 1 : 0;
  if (out > ARMS && y > KNEE && y < CHIN + 0.05) {
    const fromShoulder = Math.sqrt((out - ARMS) * (out - ARMS) + (y - SHOULDER) * (y - SHOULDER));
    return (fromShoulder < ELBOW ? 3 : fromShoulder < WRIST ? 5 : 7) + right;
  }
  if (y > CHIN) return 0;
  if (y > WAIST) return 1;
  if (y > CROTCH) return 2;
  return (y > ANKLE ? 9 : 11) + right;
}
