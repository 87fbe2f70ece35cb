import { compareBindPoses } from "../../fitting/weights/compare_bind_poses.ts";
import { type JointMap, type JointSet, mapJoints } from "../../fitting/weights/map_joints.ts";
import { isMeant } from "../_selection_options.ts";
import { RequestError } from "../errors.ts";
import type { MeshSkeleton } from "../step.ts";

/** Bones that point farther apart than this are in another pose, radians. */
const SAME_POSE = Math.PI / 12;
/** As many joints are named. */
const NAMED = 8;

/** A skeleton with the places of its joints from `zero`. */
export function jointSetOf({ jointNames, parentJoint, jointWorld }: MeshSkeleton, zero: readonly number[]): JointSet {
  const places = jointNames.flatMap((_, j) => [0, 1, 2].map((k) => jointWorld[16 * j + 12 + k] - zero[k]));
  return { jointNames, parentJoint, places };
}

/**
 * Finds the joints of one skeleton in another.
 *
 * @param pairs Joints of the body and of the garment, all of which are there; the body is `from` unless it is turned.
 */
export function matchJoints(
  from: JointSet,
  to: JointSet,
  pairs: readonly { readonly from: string; readonly to: string }[],
  isTurned: boolean,
): JointMap {
  return mapJoints(from, to, { pairs: pairs.map((pair) => isTurned ? [pair.to, pair.from] : [pair.from, pair.to]) });
}

/**
 * Refuses a body that was bound in another pose than the garment.
 *
 * @throws {RequestError} If a bone points more than 15° another way.
 */
export function assertSamePose(body: JointSet, garment: JointSet, map: JointMap, garmentName: string): void {
  const { angle, joint } = compareBindPoses(body, garment, map);
  if (angle <= SAME_POSE) return;
  throw new RequestError(
    "other-pose",
    [],
    `the body and "${garmentName}" must be bound in one pose: the bone to "${body.jointNames[joint]}" differs by ${
      Math.round(angle * 180 / Math.PI)
    }°; write skeleton: keep, pose: match to pose the body like the garment, or pose: ignore to take them as they stand`,
  );
}

/** What was found, as measures: how many by kind, and which joints handed their weights over. */
export function jointMeasures({ counts, matches }: JointMap): { jointMatches: string; jointsHandedOver: string } {
  const kinds = Object.entries(counts).filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  const handed = matches.filter(({ kind }) => kind === "ancestor").map(({ from, to }) => `${from} to ${to}`);
  const rest = handed.length > NAMED ? [`${handed.length - NAMED} more`] : [];
  return { jointMatches: kinds.join(", "), jointsHandedOver: [...handed.slice(0, NAMED), ...rest].join(", ") };
}

/** Flags the joints that are meant. */
export function flagJoints(jointNames: readonly string[], wanted: readonly string[], flags: Uint8Array): Uint8Array {
  jointNames.forEach((name, j) => {
    if (wanted.some((pattern) => isMeant(name, pattern))) flags[j] = 1;
  });
  return flags;
}
