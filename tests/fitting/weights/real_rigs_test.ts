import { assertEquals } from "@std/assert";
import { type JointSet, mapJoints } from "../../../fitting/weights/map_joints.ts";

/** The parts of a person, for the sake of order; `#` is the side, `%` the number of a finger's joint. */
const PARTS = ["hips", "spine", "chest", "upperChest", "neck", "head"];
const LIMBS = ["shoulder", "upperArm", "lowerArm", "hand", "upperLeg", "lowerLeg", "foot", "toes"];
const FINGERS = ["thumb", "index", "middle", "ring", "little"];

/** A rig as it is published: names of its parts, of both sides, and joints without a counterpart, each under another one. */
interface Rig {
  readonly sides: readonly [string, string];
  readonly parts: string;
  readonly limbs: string;
  /** Patterns of a finger's joints: one with `%`, or three. */
  readonly fingers: readonly string[];
  /** What is put for `%`. */
  readonly counts?: readonly (readonly [string, string, string])[];
  /** `joint<the one above`; roots go where the hips go. */
  readonly more: string;
}

const RIGS: Readonly<Record<string, Rig>> = {
  Mixamo: {
    sides: ["Left", "Right"],
    parts: "mixamorig:Hips mixamorig:Spine mixamorig:Spine1 mixamorig:Spine2 mixamorig:Neck mixamorig:Head",
    limbs:
      "mixamorig:#Shoulder mixamorig:#Arm mixamorig:#ForeArm mixamorig:#Hand mixamorig:#UpLeg mixamorig:#Leg mixamorig:#Foot mixamorig:#ToeBase",
    fingers: ["Thumb", "Index", "Middle", "Ring", "Pinky"].map((finger) => `mixamorig:#Hand${finger}%`),
    more:
      "mixamorig:HeadTop_End<mixamorig:Head mixamorig:#Toe_End<mixamorig:#ToeBase mixamorig:#HandThumb4<mixamorig:#HandThumb3 mixamorig:#HandIndex4<mixamorig:#HandIndex3",
  },
  "Mixamo, as three.js names it": {
    sides: ["Left", "Right"],
    parts: "mixamorigHips mixamorigSpine mixamorigSpine1 mixamorigSpine2 mixamorigNeck mixamorigHead",
    limbs:
      "mixamorig#Shoulder mixamorig#Arm mixamorig#ForeArm mixamorig#Hand mixamorig#UpLeg mixamorig#Leg mixamorig#Foot mixamorig#ToeBase",
    fingers: ["Thumb", "Index", "Middle", "Ring", "Pinky"].map((finger) => `mixamorig#Hand${finger}%`),
    more: "mixamorigHeadTop_End<mixamorigHead",
  },
  "VRoid, VRM": {
    sides: ["L", "R"],
    parts: "J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest J_Bip_C_Neck J_Bip_C_Head",
    limbs:
      "J_Bip_#_Shoulder J_Bip_#_UpperArm J_Bip_#_LowerArm J_Bip_#_Hand J_Bip_#_UpperLeg J_Bip_#_LowerLeg J_Bip_#_Foot J_Bip_#_ToeBase",
    fingers: ["Thumb", "Index", "Middle", "Ring", "Little"].map((finger) => `J_Bip_#_${finger}%`),
    more: "J_Sec_#_Bust1<J_Bip_C_UpperChest J_Sec_#_Bust2<J_Sec_#_Bust1",
  },
  "VRM 1.0 humanoid": {
    sides: ["left", "right"],
    parts: "hips spine chest upperChest neck head",
    limbs: "#Shoulder #UpperArm #LowerArm #Hand #UpperLeg #LowerLeg #Foot #Toes",
    fingers: ["Thumb", "Index", "Middle", "Ring", "Little"].map((finger) => `#${finger}%`),
    counts: [
      ["Metacarpal", "Proximal", "Distal"],
      ...Array(4).fill(["Proximal", "Intermediate", "Distal"]),
    ],
    more: "",
  },
  "Unity humanoid": {
    sides: ["Left", "Right"],
    parts: "Hips Spine Chest UpperChest Neck Head",
    limbs: "#Shoulder #UpperArm #LowerArm #Hand #UpperLeg #LowerLeg #Foot #Toes",
    fingers: ["Thumb", "Index", "Middle", "Ring", "Little"].map((finger) => `#${finger}%`),
    counts: Array(5).fill(["Proximal", "Intermediate", "Distal"]),
    more: "",
  },
  "Unreal 4": {
    sides: ["l", "r"],
    parts: "pelvis spine_01 spine_02 spine_03 neck_01 head",
    limbs: "clavicle_# upperarm_# lowerarm_# hand_# thigh_# calf_# foot_# ball_#",
    fingers: ["thumb", "index", "middle", "ring", "pinky"].map((finger) => `${finger}_0%_#`),
    more:
      "upperarm_twist_01_#<upperarm_# lowerarm_twist_01_#<lowerarm_# thigh_twist_01_#<thigh_# calf_twist_01_#<calf_#",
  },
  "Unreal 5": {
    sides: ["l", "r"],
    parts: "pelvis spine_01 spine_03 spine_05 neck_01 head",
    limbs: "clavicle_# upperarm_# lowerarm_# hand_# thigh_# calf_# foot_# ball_#",
    fingers: ["thumb", "index", "middle", "ring", "pinky"].map((finger) => `${finger}_0%_#`),
    more:
      "spine_02<spine_01 spine_04<spine_03 neck_02<neck_01 index_metacarpal_#<hand_# middle_metacarpal_#<hand_# ring_metacarpal_#<hand_# pinky_metacarpal_#<hand_# upperarm_twist_01_#<upperarm_# upperarm_twist_02_#<upperarm_# lowerarm_twist_01_#<lowerarm_# lowerarm_twist_02_#<lowerarm_# thigh_twist_01_#<thigh_# thigh_twist_02_#<thigh_# calf_twist_01_#<calf_# calf_twist_02_#<calf_#",
  },
  "MakeHuman game engine": {
    sides: ["l", "r"],
    parts: "pelvis spine_01 spine_02 spine_03 neck_01 head",
    limbs: "clavicle_# upperarm_# lowerarm_# hand_# thigh_# calf_# foot_# ball_#",
    fingers: ["thumb", "index", "middle", "ring", "pinky"].map((finger) => `${finger}_0%_#`),
    more: "",
  },
  Rigify: {
    sides: ["L", "R"],
    parts: "DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 DEF-spine.006",
    limbs: "DEF-shoulder.# DEF-upper_arm.# DEF-forearm.# DEF-hand.# DEF-thigh.# DEF-shin.# DEF-foot.# DEF-toe.#",
    fingers: ["thumb", "f_index", "f_middle", "f_ring", "f_pinky"].map((finger) => `DEF-${finger}.0%.#`),
    more:
      "DEF-spine.005<DEF-spine.004 DEF-pelvis.#<DEF-spine DEF-breast.#<DEF-spine.003 DEF-upper_arm.#.001<DEF-upper_arm.# DEF-forearm.#.001<DEF-forearm.# DEF-palm.01.#<DEF-hand.# DEF-palm.04.#<DEF-hand.# DEF-thigh.#.001<DEF-thigh.# DEF-shin.#.001<DEF-shin.#",
  },
  "Character Creator": {
    sides: ["L", "R"],
    parts: "CC_Base_Pelvis CC_Base_Waist CC_Base_Spine01 CC_Base_Spine02 CC_Base_NeckTwist01 CC_Base_Head",
    limbs:
      "CC_Base_#_Clavicle CC_Base_#_Upperarm CC_Base_#_Forearm CC_Base_#_Hand CC_Base_#_Thigh CC_Base_#_Calf CC_Base_#_Foot CC_Base_#_ToeBase",
    fingers: ["Thumb", "Index", "Mid", "Ring", "Pinky"].map((finger) => `CC_Base_#_${finger}%`),
    more: "CC_Base_Hip< CC_Base_NeckTwist02<CC_Base_NeckTwist01",
  },
  Biped: {
    sides: ["L", "R"],
    parts: "Bip01_Pelvis Bip01_Spine Bip01_Spine1 Bip01_Spine2 Bip01_Neck Bip01_Head",
    limbs:
      "Bip01_#_Clavicle Bip01_#_UpperArm Bip01_#_Forearm Bip01_#_Hand Bip01_#_Thigh Bip01_#_Calf Bip01_#_Foot Bip01_#_Toe0",
    fingers: ["0", "1", "2", "3", "4"].map((finger) => `Bip01_#_Finger${finger}%`),
    counts: Array(5).fill(["", "1", "2"]),
    more: "",
  },
};

/** The joints of a rig in the order of the parts, then those without a counterpart with the name of the one above. */
function jointsOf({ sides, parts, limbs, fingers, counts, more }: Rig) {
  const both = (text: string) => sides.flatMap((side) => text.split(" ").map((name) => name.replaceAll("#", side)));
  const digits = fingers.flatMap((finger, f) =>
    (counts?.[f] ?? ["1", "2", "3"]).map((count) => finger.replace("%", count))
  );
  const named = [...parts.split(" "), ...both(limbs), ...both(digits.join(" "))];
  const extra = more === "" ? [] : [...new Set(both(more))].map((entry) => entry.split("<"));
  return { named, extra };
}

/** Each joint under the one its part of a person hangs from, and all of them far from each other. */
function skeletonOf(rig: Rig, spread: number): JointSet {
  const { named, extra } = jointsOf(rig), jointNames = [...named, ...extra.map(([name]) => name)];
  const parentJoint = jointNames.map((_, j) => j < named.length ? -1 : jointNames.indexOf(extra[j - named.length][1]));
  return { jointNames, parentJoint, places: jointNames.flatMap((_, j) => [0, spread * j, 0]) };
}

Deno.test("the rigs of the test have every part", () => {
  for (const [name, rig] of Object.entries(RIGS)) {
    const { named, extra } = jointsOf(rig);
    assertEquals(named.length, PARTS.length + 2 * LIMBS.length + 2 * 3 * FINGERS.length, name);
    assertEquals(new Set([...named, ...extra.map(([joint]) => joint)]).size, named.length + extra.length, name);
  }
});

for (const [from, rig] of Object.entries(RIGS)) {
  Deno.test(`mapJoints() finds the parts of ${from} in every published rig, and hands the rest to the joint above`, () => {
    const source = skeletonOf(rig, 1), { named, extra } = jointsOf(rig);
    for (const [to, other] of Object.entries(RIGS)) {
      if (from === to) continue;
      const target = skeletonOf(other, 7), { named: wanted } = jointsOf(other);
      const { jointOf, matches } = mapJoints(source, target);
      for (const [j, name] of named.entries()) {
        assertEquals(target.jointNames[jointOf[j]], wanted[j], `${name} of ${from} in ${to}`);
      }
      for (const [i, [name, above]] of extra.entries()) {
        const { kind } = matches[named.length + i];
        if (kind !== "ancestor") { // what both rigs have
          assertEquals(kind === "exact" || kind === "normalised", true, `${name} of ${from} in ${to}: ${kind}`);
          continue;
        }
        const found = jointOf[named.length + i], parent = jointOf[Math.max(0, source.jointNames.indexOf(above))];
        assertEquals(target.jointNames[found], target.jointNames[parent], `${name} of ${from} in ${to}`);
      }
    }
  });
}

Deno.test("mapJoints() finds the eyes of VRoid in Mixamo, each on its side", () => {
  const source = {
    jointNames: ["J_Adj_L_FaceEye", "J_Adj_R_FaceEye"],
    parentJoint: [-1, -1],
    places: [0, 0, 0, 0, 5, 0],
  };
  const target = {
    jointNames: ["mixamorig:RightEye", "mixamorig:LeftEye"],
    parentJoint: [-1, -1],
    places: [0, 0, 0, 0, 5, 0],
  };
  assertEquals([...mapJoints(source, target).jointOf], [1, 0]);
});
