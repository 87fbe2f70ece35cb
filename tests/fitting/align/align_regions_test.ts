/** Where `alignBounds()` puts a piece that was told, or turned, or comes from another body. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { alignBounds, type AlignBoundsOptions, type AlignReport } from "../../../fitting/align/align_bounds.ts";
import { BODY_PARTS, labelBodyParts, NO_PART, partOfJoint } from "../../../fitting/align/_body_parts.ts";
import { MirrorPlanes, mirrorPlanesBytes } from "../../../fitting/align/_mirror_planes.ts";
import { poseMatrix, writeQuaternion } from "../../../fitting/align/_pose.ts";
import { principalAxes } from "../../../fitting/align/_principal_axes.ts";
import { nameRegion, regionMask } from "../../../fitting/align/_regions.ts";
import { WIDE_TURNS } from "../../../fitting/align/_turns.ts";
import type { ForwardAxis } from "../../../fitting/align/detect_units.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { bracer, cap, cuirass, facesWhere, mannequin, mannequinTarget, shoes } from "../_mannequin.ts";
import { seeded } from "../_meshes.ts";
import { moved } from "../_more_meshes.ts";

const scope = new BufferScope();
const target = mannequinTarget(scope);

function align(mesh: TriangleMesh, options: AlignBoundsOptions = {}): { report: AlignReport; out: Float32Array } {
  using scratch = new BufferScope();
  const out = new Float32Array(mesh.positions.length);
  return { report: alignBounds(mesh, target, out, scratch, options), out };
}

function middleOf(positions: Float32Array, indices: Uint32Array): number[] {
  const sum = [0, 0, 0];
  for (const v of indices) for (let k = 0; k < 3; k++) sum[k] += positions[3 * v + k] / indices.length;
  return sum;
}

for (
  const [forward, write] of [["-z", (x, y, z) => [-x, y, -z]], ["x", (x, y, z) => [z, y, -x]], ["-x", (
    x,
    y,
    z,
  ) => [-z, y, x]]] as [ForwardAxis, (x: number, y: number, z: number) => [number, number, number]][]
) {
  Deno.test(`alignBounds() turns round what faces ${forward} about the world's zero, and moves nothing else`, () => {
    const piece = shoes(), { report, out } = align(moved(piece, write));
    assertEquals({ kept: report.kept, forward: report.forward, moved: report.moved }, {
      kept: true,
      forward,
      moved: 0,
    });
    for (let i = 0; i < out.length; i++) assertAlmostEquals(out[i], piece.positions[i], 1e-6);
    const { out: told } = align(moved(piece, write), { forward, place: "keep" });
    assertEquals(told, out);
  });
}

Deno.test("alignBounds() says where a piece lies, and on which side", () => {
  const where = (mesh: TriangleMesh) => {
    const { region, side } = align(mesh).report;
    return `${region} ${side}`;
  };
  assertEquals([cuirass(), cap(), bracer()].map(where), ["torso both", "head both", "forearm left"]);
});

for (const [side, sign] of [["left", 1], ["right", -1]] as const) {
  Deno.test(`alignBounds() puts a bracer that was modelled at zero on the ${side} arm when told so`, () => {
    const [cx, cy, cz] = middleOf(bracer().positions, bracer().indices);
    const piece = moved(bracer(), (x, y, z) => [x - cx, y - cy, z - cz]);
    const { report, out } = align(piece, { region: "arm", side });
    assertEquals({ side: report.side, kept: report.kept }, { side, kept: false });
    assertEquals(sign * middleOf(out, piece.indices)[0] > 0.3, true);
  });
}

Deno.test("alignBounds() takes a piece off where it lies well, when it is asked for elsewhere", () => {
  const { report } = align(cap(), { region: "foot" });
  assertEquals({ kept: report.kept, region: report.region }, { kept: false, region: "foot" });
});

Deno.test("alignBounds() brings a piece back that lies on its back, far off", () => {
  const piece = moved(cuirass(), (x, y, z) => [x + 2, -z, y - 3]), { out } = align(piece);
  const [x, y, z] = middleOf(out, piece.indices), [tx, ty, tz] = middleOf(cuirass().positions, piece.indices);
  assertEquals(Math.hypot(x - tx, y - ty, z - tz) < 0.01, true);
});

const JOINTS: [name: string, part: (typeof BODY_PARTS)[number] | "none"][] = [
  ["lowerarm_l", "leftForearm"],
  ["mixamorig:LeftForeArm", "leftForearm"],
  ["J_Bip_R_LowerArm", "rightForearm"],
  ["mixamorig:LeftArm", "leftUpperArm"],
  ["upperarm01.R", "rightUpperArm"],
  ["Bip01 L Thigh", "leftLeg"],
  ["RightLeg", "rightLeg"],
  ["LeftUpLeg", "leftLeg"],
  ["shin.R.001", "rightLeg"],
  ["LeftToeBase", "leftFoot"],
  ["ball_r", "rightFoot"],
  ["middle_02_l", "leftHand"],
  ["lShldrBend", "leftUpperArm"],
  ["LeftShoulder", "torso"],
  ["clavicle_l", "torso"],
  ["Spine2", "torso"],
  ["neck_01", "head"],
  ["Hips", "hips"],
  ["Armature", "none"],
  ["cape_04", "none"],
];

Deno.test("partOfJoint() reads names of the usual rigs", () => {
  for (const [name, part] of JOINTS) assertEquals(BODY_PARTS[partOfJoint(name)] ?? "none", part, name);
});

Deno.test("labelBodyParts() goes by joints where there are enough, else by place", () => {
  const body = mannequin(), vertexCount = body.positions.length / 3;
  const names = ["head", "spine", "pelvis", "thigh_l", "thigh_r", "foot_l", "foot_r"];
  const skin = {
    skinJoints: new Uint16Array(4 * vertexCount),
    skinWeights: new Float32Array(4 * vertexCount),
    influencesPerVertex: 4,
  };
  for (let v = 0; v < vertexCount; v++) {
    skin.skinJoints[4 * v] = 3;
    skin.skinWeights[4 * v] = 1;
  }
  using frame = new BufferScope().frame("labels");
  const told = labelBodyParts(body, skin, names, frame);
  assertEquals([told.isByJoints, new Set(told.labels)], [true, new Set([BODY_PARTS.indexOf("leftLeg")])]);
  const guessed = labelBodyParts(body, skin, names.slice(0, 3), frame);
  assertEquals(guessed.isByJoints, false);
  const at = (x: number, y: number) => {
    let best = 0, least = Infinity;
    for (let v = 0; v < vertexCount; v++) {
      const d = Math.hypot(body.positions[3 * v] - x, body.positions[3 * v + 1] - y);
      if (d < least) [best, least] = [v, d];
    }
    return BODY_PARTS[guessed.labels[best]];
  };
  assertEquals([at(0, 1.7), at(0, 1.2), at(0.1, 0.4), at(-0.1, 0.4), at(0.55, 0.95), at(-0.11, 0.02)], [
    "head",
    "torso",
    "leftLeg",
    "rightLeg",
    "leftHand",
    "rightFoot",
  ]);
  assertEquals(NO_PART > BODY_PARTS.length, true);
});

Deno.test("nameRegion() and regionMask() agree: all of a region is called so", () => {
  for (const region of ["head", "torso", "hips", "forearm", "hand", "foot"] as const) {
    for (const side of ["left", "right", "both"] as const) {
      const mask = regionMask(region, side);
      const counts = Float64Array.from(BODY_PARTS, (_, part) => mask >> part & 1);
      const isSided = !["head", "torso", "hips"].includes(region);
      assertEquals(nameRegion(counts), { region, side: isSided ? side : "both" });
    }
  }
  assertEquals(nameRegion(new Float64Array(BODY_PARTS.length).fill(1)).region, "whole");
});

Deno.test("MirrorPlanes finds the one of a cuirass, and none of a piece without", () => {
  using frame = new BufferScope().frame("mirrors");
  const { count, normals } = new MirrorPlanes(facesWhere(cuirass(), (_x, y, z) => z > 0 && y + z > 1.1), frame);
  assertEquals(frame.inUseBytes, mirrorPlanesBytes());
  assertEquals(count >= 1, true);
  for (let n = 0; n < count; n++) assertAlmostEquals(Math.abs(normals[3 * n]), 1, 1e-3);
  assertEquals(new MirrorPlanes(facesWhere(cuirass(), (x, y, z) => z > 0 && x + y > 1.2), frame).count, 0);
});

Deno.test("principalAxes() puts the longest first, and writeQuaternion() undoes poseMatrix()", () => {
  const random = seeded(1), pose = new Float64Array(8), matrix = new Float64Array(9), axes = new Float64Array(9);
  const quaternion = new Float64Array(4);
  for (let t = 0; t < WIDE_TURNS.length; t += 4) {
    pose.set([1, ...WIDE_TURNS.slice(t, t + 4)]);
    poseMatrix(pose, 0, matrix);
    writeQuaternion(matrix, quaternion);
    const cosine = [0, 1, 2, 3].reduce((sum, k) => sum + quaternion[k] * WIDE_TURNS[t + k], 0);
    assertAlmostEquals(Math.abs(cosine), 1, 1e-12);
    const spread = [3 + random(), 2 + random(), random()], turned = new Float64Array(9);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        for (let k = 0; k < 3; k++) turned[3 * i + j] += matrix[3 * i + k] * spread[k] * matrix[3 * j + k];
      }
    }
    principalAxes(turned, axes);
    for (let k = 0; k < 3; k++) {
      assertAlmostEquals(turned[4 * k], spread[k], 1e-9);
      const along = matrix[k] * axes[3 * k] + matrix[3 + k] * axes[3 * k + 1] + matrix[6 + k] * axes[3 * k + 2];
      assertAlmostEquals(Math.abs(along), 1, 1e-9);
    }
  }
});
