import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compareBindPoses } from "../../../fitting/weights/compare_bind_poses.ts";
import { type JointSet, mapJoints } from "../../../fitting/weights/map_joints.ts";

/** Parts of a person in one order, as each kind of rig calls them. */
const RIGS = {
  makeHuman:
    "pelvis spine_01 spine_02 spine_03 neck_01 head clavicle_l upperarm_l lowerarm_l hand_l thumb_01_l index_02_l middle_03_l ring_01_l pinky_01_l thigh_r calf_r foot_r ball_r",
  unreal5:
    "pelvis spine_01 spine_03 spine_05 neck_01 head clavicle_l upperarm_l lowerarm_l hand_l thumb_01_l index_02_l middle_03_l ring_01_l pinky_01_l thigh_r calf_r foot_r ball_r",
  mixamo:
    "mixamorig:Hips mixamorig:Spine mixamorig:Spine1 mixamorig:Spine2 mixamorig:Neck mixamorig:Head mixamorig:LeftShoulder mixamorig:LeftArm mixamorig:LeftForeArm mixamorig:LeftHand mixamorig:LeftHandThumb1 mixamorig:LeftHandIndex2 mixamorig:LeftHandMiddle3 mixamorig:LeftHandRing1 mixamorig:LeftHandPinky1 mixamorig:RightUpLeg mixamorig:RightLeg mixamorig:RightFoot mixamorig:RightToeBase",
  vrm:
    "J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest J_Bip_C_Neck J_Bip_C_Head J_Bip_L_Shoulder J_Bip_L_UpperArm J_Bip_L_LowerArm J_Bip_L_Hand J_Bip_L_Thumb1 J_Bip_L_Index2 J_Bip_L_Middle3 J_Bip_L_Ring1 J_Bip_L_Little1 J_Bip_R_UpperLeg J_Bip_R_LowerLeg J_Bip_R_Foot J_Bip_R_ToeBase",
  vrmHumanoid:
    "hips spine chest upperChest neck head leftShoulder leftUpperArm leftLowerArm leftHand leftThumbMetacarpal leftIndexIntermediate leftMiddleDistal leftRingProximal leftLittleProximal rightUpperLeg rightLowerLeg rightFoot rightToes",
  unity:
    "Hips Spine Chest UpperChest Neck Head LeftShoulder LeftUpperArm LeftLowerArm LeftHand Left_Thumb_Proximal Left_Index_Intermediate Left_Middle_Distal Left_Ring_Proximal Left_Little_Proximal RightUpperLeg RightLowerLeg RightFoot RightToes",
  rigify:
    "DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 DEF-spine.006 DEF-shoulder.L DEF-upper_arm.L DEF-forearm.L DEF-hand.L DEF-thumb.01.L DEF-f_index.02.L DEF-f_middle.03.L DEF-f_ring.01.L DEF-f_pinky.01.L DEF-thigh.R DEF-shin.R DEF-foot.R DEF-toe.R",
};

/** Joints one above the other, far enough apart not to be taken for each other by place. */
function rig(names: readonly string[], height = 1): JointSet {
  return {
    jointNames: names,
    parentJoint: names.map((_, j) => j - 1),
    places: names.flatMap((_, j) => [0, height * j, 0]),
  };
}

for (const [from, names] of Object.entries(RIGS)) {
  for (const [to, others] of Object.entries(RIGS)) {
    Deno.test(`mapJoints() finds every joint of ${from} in ${to}`, () => {
      const order = others.split(" ").toReversed(); // a place says nothing
      const { jointOf, counts } = mapJoints(rig(names.split(" ")), rig(order, 7));
      assertEquals([...jointOf], [...jointOf.keys()].map((j) => order.length - 1 - j));
      assertEquals(counts.nearest + counts.ancestor, 0);
      if (from === to) assertEquals(counts.exact, order.length);
    });
  }
}

Deno.test("mapJoints() sees through prefixes, case, separators and where the side stands", () => {
  const names = ["Bip01 L Thigh", "thigh.R", "arm|hand_L", "Knee.l", "TAIL-01"];
  const others = ["l_thigh", "RThigh", "leftHand", "KneeLeft", "tail1"];
  const { jointOf, matches } = mapJoints(rig(names), rig(others, 9));
  assertEquals([...jointOf], [0, 1, 2, 3, 4]);
  assertEquals(new Set(matches.map(({ kind }) => kind)), new Set(["normalised"]));
});

Deno.test("mapJoints() takes pairs first, then names, then places; the rest hands over to the joint above", () => {
  const source = {
    jointNames: ["hips", "thigh_l", "twist_l", "cape"],
    parentJoint: [-1, 0, 1, 0],
    places: [0, 1, 0, 0, 0.8, 0, 0, 0.5, 0, 0, 1.5, 0],
  };
  const target = {
    jointNames: ["Hips", "LeftUpLeg", "Cloak", "Back"],
    parentJoint: [-1, 0, 0, 0],
    places: [0, 1, 0, 0, 0.8, 0, 0, 1.505, 0, 0, 0, 0],
  };
  const { matches, counts } = mapJoints(source, target);
  assertEquals(matches.map(({ to, kind }) => `${to} ${kind}`), [
    "Hips normalised",
    "LeftUpLeg alias",
    "LeftUpLeg ancestor",
    "Cloak nearest",
  ]);
  assertEquals([counts.ancestor, counts.nearest], [1, 1]);
  const { jointOf } = mapJoints(source, target, { pairs: [["cape", "Back"]] });
  assertEquals([...jointOf], [0, 1, 1, 3]);
  assertThrows(
    () => mapJoints(source, target, { pairs: [["cap", "Back"]] }),
    RangeError,
    '"cap" is none of its 4, such as "hips"',
  );
});

Deno.test("mapJoints() does not cross sides, nor give a root what nothing is above of", () => {
  const source = { jointNames: ["root", "hand_l"], parentJoint: [-1, 0], places: [0, 0, 0, 0.4, 1, 0] };
  const target = { jointNames: ["hand_r", "elbow_l"], parentJoint: [-1, 0], places: [0.4, 1, 0, 0.3, 3, 0] };
  const { jointOf, matches } = mapJoints(source, target);
  assertEquals([...jointOf], [-1, -1]);
  assertEquals(matches.map(({ kind }) => kind), ["ancestor", "ancestor"]);
});

Deno.test("compareBindPoses() tells an A from a T pose, and not a small person from a large one", () => {
  const names = ["upperarm_l", "lowerarm_l", "hand_l", "index_01_l"], parentJoint = [-1, 0, 1, 2];
  const t = { jointNames: names, parentJoint, places: [0, 1, 0, 1, 1, 0, 2, 1, 0, 2.1, 1, 0] };
  const a = { ...t, places: [0, 1, 0, 0.7, 0.3, 0, 1.4, -0.4, 0, 1.4, -0.5, 0] };
  const { angle, joint } = compareBindPoses(t, a, mapJoints(t, a));
  assertAlmostEquals(angle, Math.PI / 4, 1e-9);
  assert(joint === 1 || joint === 2);
  const small = { ...t, places: t.places.map((x) => 0.3 * x + 2) };
  assertAlmostEquals(compareBindPoses(t, small, mapJoints(t, small)).angle, 0, 1e-7);
  assertEquals(compareBindPoses(rig(["a"]), rig(["b"], 9), mapJoints(rig(["a"]), rig(["b"], 9))), {
    angle: 0,
    joint: -1,
  });
});
