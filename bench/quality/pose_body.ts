import type { TriangleMesh } from "../../fitting/mesh.ts";
import type { SkinWeights } from "../../fitting/weights/skin_weights.ts";
import type { Skeleton } from "../../io/mod.ts";

/** Turns of joints about axes of the world, degrees, by a name that is part of the joint's. */
export type Pose = Readonly<Record<string, readonly [axis: "x" | "z", degrees: number]>>;

/** What QUALITY.md asks to look at, for a body that faces +z with its left at +x. */
export const POSES: Readonly<Record<string, Pose>> = {
  "knee 90°": { calf_l: ["x", 90] },
  "arm up": { clavicle_l: ["z", 20], upperarm_l: ["z", 95] },
  seated: { thigh_l: ["x", -90], thigh_r: ["x", -90], calf_l: ["x", 90], calf_r: ["x", 90] },
  "on tiptoe": { foot_l: ["x", 40], ball_l: ["x", -40] },
};

/** Poses in which limbs lie side by side: closest points meet the wrong one. */
export const CLOSE_POSES: Readonly<Record<string, Pose>> = {
  "as bound": {},
  "arms down": { upperarm_l: ["z", -35], upperarm_r: ["z", 35] },
  "arms at sides": { upperarm_l: ["z", -45], upperarm_r: ["z", 45] },
  "legs together": { thigh_l: ["z", -7], thigh_r: ["z", 7] },
};

/** Linear blend skinning out of the pose of the file. */
export function posed(
  mesh: TriangleMesh,
  skin: SkinWeights,
  joints: readonly string[],
  body: Skeleton,
  pose: Pose,
): TriangleMesh {
  const maps = jointMaps(body, pose), mapOf = joints.map((name) => maps[body.jointNames.indexOf(name)]);
  const { positions, indices } = mesh, out = new Float32Array(positions.length), slots = skin.influencesPerVertex;
  for (let v = 0; 3 * v < positions.length; v++) {
    const [x, y, z] = positions.subarray(3 * v, 3 * v + 3);
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let i = slots * v; i < slots * (v + 1); i++) {
        if (!(skin.skinWeights[i] > 0)) continue;
        const m = mapOf[skin.skinJoints[i]];
        sum += skin.skinWeights[i] * (m[4 * k] * x + m[4 * k + 1] * y + m[4 * k + 2] * z + m[4 * k + 3]);
      }
      out[3 * v + k] = sum;
    }
  }
  return { positions: out, indices };
}

/** Row-major 3 × 4 maps from the pose of the file to the new one. */
function jointMaps({ jointNames, parentJoint, jointWorld }: Skeleton, pose: Pose): number[][] {
  const maps: number[][] = [];
  const mapOf = (j: number): number[] => maps[j] ??= turned(j);
  const turned = (j: number): number[] => {
    const above = parentJoint[j] < 0 ? [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] : mapOf(parentJoint[j]);
    const turn = pose[jointNames[j]];
    if (turn === undefined) return above;
    const [axis, degrees] = turn, c = Math.cos(degrees * Math.PI / 180), s = Math.sin(degrees * Math.PI / 180);
    const r = axis === "x" ? [1, 0, 0, 0, c, -s, 0, s, c] : [c, -s, 0, s, c, 0, 0, 0, 1];
    const p = [0, 1, 2].map((k) => jointWorld[16 * j + 12 + k]);
    const own = [0, 1, 2].flatMap((k) => {
      const row = r.slice(3 * k, 3 * k + 3);
      return [...row, p[k] - row[0] * p[0] - row[1] * p[1] - row[2] * p[2]];
    });
    return [0, 1, 2].flatMap((i) =>
      [0, 1, 2, 3].map((k) =>
        above[4 * i] * own[k] + above[4 * i + 1] * own[4 + k] + above[4 * i + 2] * own[8 + k] +
        (k === 3 ? above[4 * i + 3] : 0)
      )
    );
  };
  return jointNames.map((_, j) => mapOf(j));
}
