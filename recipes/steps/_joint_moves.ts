import type { JointMoves } from "../../fitting/fit/pose_by_joints.ts";
import type { MeshSkeleton } from "../step.ts";

/** Where the joints of one skeleton are, and where those of the same name are in another. */
export function jointMoves(from: MeshSkeleton, to: MeshSkeleton): JointMoves {
  const indexOf = new Map(to.jointNames.map((name, j) => [plain(name), j]));
  const places = Float64Array.from(from.jointNames.flatMap((_, j) => placeOf(from, j)));
  const others = from.jointNames.flatMap((name) => {
    const j = indexOf.get(plain(name));
    return j === undefined ? [NaN, NaN, NaN] : placeOf(to, j);
  });
  return { parentJoint: Int32Array.from(from.parentJoint), from: places, to: Float64Array.from(others) };
}

function placeOf({ jointWorld }: MeshSkeleton, joint: number): readonly number[] {
  return jointWorld.slice(16 * joint + 12, 16 * joint + 15);
}

/** A joint's name without what exporters put before it, and without case. */
function plain(name: string): string {
  return name.toLowerCase().replace(/^.*[:|]/, "").replaceAll(/[^a-z0-9]/g, "");
}
