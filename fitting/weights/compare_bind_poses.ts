import { angleOf } from "../_angle_of.ts";
import type { JointMap, JointSet } from "./map_joints.ts";

/** Bones shorter than this share of the longest do not count: fingers curl in every rig. */
const SHORTEST = 0.3;

/** The bone that points the most another way in the other skeleton. */
export interface BindPoseDifference {
  /** Angle between both, radians; 0 when no bone can be compared. */
  angle: number;
  /** Index in the source of the joint the bone ends at, -1 when none can be compared. */
  joint: number;
}

/**
 * Compares the poses two skeletons are bound in: an A against a T pose differs by
 * about 45 degrees at the arms.
 *
 * @param source One skeleton.
 * @param target The other one.
 * @param map From `mapJoints(source, target)`.
 * @example An arm that hangs, and one that does not
 * ```ts
 * import { compareBindPoses, mapJoints } from "@meshtailor/meshtailor/fitting";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const rig = { jointNames: ["arm", "hand"], parentJoint: [-1, 0] };
 * const a = { ...rig, places: [0, 1, 0, 1, 0, 0] }, t = { ...rig, places: [0, 1, 0, 1, 1, 0] };
 * const { angle, joint } = compareBindPoses(a, t, mapJoints(a, t));
 * assertAlmostEquals(angle, Math.PI / 4);
 * assertEquals(joint, 1);
 * ```
 */
export function compareBindPoses(source: JointSet, target: JointSet, map: JointMap): BindPoseDifference {
  const isOwn = map.matches.map(({ kind }) => kind !== "ancestor");
  const bones = [...isOwn.keys()].flatMap((joint) => {
    const above = isOwn[joint] ? aboveOf(source.parentJoint, isOwn, joint) : -1;
    if (above < 0 || map.jointOf[above] === map.jointOf[joint]) return [];
    const ours = boneBetween(source.places, above, joint);
    const theirs = boneBetween(target.places, map.jointOf[above], map.jointOf[joint]);
    return [{ joint, ours, theirs, length: lengthOf(ours) }];
  });
  const longest = bones.reduce((most, { length }) => Math.max(most, length), 0);
  const worst: BindPoseDifference = { angle: 0, joint: -1 };
  for (const { joint, ours, theirs, length } of bones) {
    const other = lengthOf(theirs);
    if (length < SHORTEST * longest || !(other > 0)) continue;
    const cosine = (ours[0] * theirs[0] + ours[1] * theirs[1] + ours[2] * theirs[2]) / (length * other);
    const angle = angleOf(Math.sqrt(Math.max(0, 1 - cosine * cosine)), cosine);
    if (worst.joint < 0 || angle > worst.angle) Object.assign(worst, { angle, joint });
  }
  return worst;
}

function aboveOf(parentJoint: ArrayLike<number>, isOwn: readonly boolean[], joint: number): number {
  let above = parentJoint[joint];
  while (above >= 0 && !isOwn[above]) above = parentJoint[above];
  return above;
}

function boneBetween(places: ArrayLike<number>, from: number, to: number): number[] {
  return [0, 1, 2].map((k) => places[3 * to + k] - places[3 * from + k]);
}

function lengthOf([x, y, z]: readonly number[]): number {
  return Math.sqrt(x * x + y * y + z * z);
}
