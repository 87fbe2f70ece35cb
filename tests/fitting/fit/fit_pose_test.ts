import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  fitGarment,
  type JointMoves,
  penetration,
  poseByJoints,
  type SkinWeights,
  type TriangleMesh,
} from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { facesWhere } from "../_mannequin.ts";
import { icosphere } from "../_meshes.ts";
import { moved } from "../_more_meshes.ts";

/** Where the arms begin and end, and where the chest and the waist are; metres. */
const SHOULDER = 0.2, HAND = 0.7, CHEST = 1.35;
/** Waist, chest, shoulders, elbows and hands; `droop` is how far the arms hang from a T, radians. */
function joints(droop: number): number[] {
  const arm = (side: number, along: number) => [
    side * (SHOULDER + Math.cos(droop) * along),
    CHEST - Math.sin(droop) * along,
    0,
  ];
  return [0, 1, 0, 0, CHEST, 0, ...[1, -1].flatMap((side) => [0, 0.25, 0.5].flatMap((along) => arm(side, along)))];
}
const PARENTS = Int32Array.of(-1, 0, 1, 2, 3, 1, 5, 6);
/** From a T to an A pose. */
const MOVES: JointMoves = {
  parentJoint: PARENTS,
  from: Float64Array.from(joints(0)),
  to: Float64Array.from(joints(0.5)),
};

/** A torso with two arms in T pose, one closed surface, `air` wider all around. */
function cross(level: number, air: number): TriangleMesh {
  return moved(icosphere(level), (x, y, z) => {
    const arm = Math.min(1, Math.max(0, (Math.abs(x) - 0.35) / 0.15)), ease = arm * arm * (3 - 2 * arm);
    const flat = Math.sqrt(y * y + z * z) || 1,
      thick = (0.06 + air) * Math.sqrt(1 - Math.max(0, Math.abs(x) - 0.65) ** 2 / 0.1225);
    const wide = Math.abs(x) < 0.35
      ? Math.abs(x) / 0.35 * SHOULDER
      : SHOULDER + (Math.abs(x) - 0.35) / 0.65 * (HAND - SHOULDER + air);
    const [torsoY, torsoZ] = [CHEST - 0.15 + (0.3 + air) * y, (0.12 + air) * z];
    const [armY, armZ] = [CHEST + thick * y / flat, thick * z / flat];
    return [Math.sign(x) * wide, torsoY + ease * (armY - torsoY), torsoZ + ease * (armZ - torsoZ)];
  });
}

/** Weights that go over from chest to arm and from upper to lower arm within 8 cm. */
function skinned({ positions }: TriangleMesh): SkinWeights {
  const n = positions.length / 3, skinJoints = new Uint16Array(4 * n), skinWeights = new Float32Array(4 * n);
  const ramp = (x: number, at: number) => Math.min(1, Math.max(0, (x - at) / 0.08 + 0.5));
  for (let v = 0; v < n; v++) {
    const x = positions[3 * v],
      first = x > 0 ? 2 : 5,
      arm = ramp(Math.abs(x), SHOULDER),
      lower = ramp(Math.abs(x), 0.45);
    skinJoints.set([1, first, first + 1, 0], 4 * v);
    skinWeights.set([1 - arm, arm * (1 - lower), arm * lower, 0], 4 * v);
  }
  return { skinJoints, skinWeights, influencesPerVertex: 4 };
}

function posed(mesh: TriangleMesh): TriangleMesh {
  using scratch = new BufferScope();
  const positions = new Float32Array(mesh.positions.length);
  poseByJoints(mesh.positions, skinned(mesh), MOVES, positions, scratch);
  return { ...mesh, positions };
}

/** A shirt with sleeves to the lower arms, 1 cm off, open at both ends of the arms. */
const SHIRT = facesWhere(cross(4, 0.01), (x) => Math.abs(x) < 0.6);

/** Edges now over before, in order. */
function stretches(mesh: TriangleMesh, out: Float32Array): number[] {
  const { positions: p, indices } = mesh,
    length = (q: Float32Array, a: number, b: number) =>
      Math.hypot(q[3 * a] - q[3 * b], q[3 * a + 1] - q[3 * b + 1], q[3 * a + 2] - q[3 * b + 2]);
  const found: number[] = [];
  indices.forEach((a, c) => {
    const b = indices[c % 3 === 2 ? c - 2 : c + 1];
    found.push(length(out, a, b) / length(p, a, b));
  });
  return found.sort((a, b) => a - b);
}

for (const [name, level] of [["the same topology", 4], ["another topology, by its joints", 3]] as const) {
  Deno.test(`fitGarment() takes sleeves along from a T to an A pose: ${name}`, () => {
    using scope = new BufferScope();
    const source = cross(4, 0), target = posed(cross(level, 0)), expected = posed(SHIRT).positions;
    const from = { ...indexed(source, scope), skin: skinned(source), joints: MOVES };
    const { index } = indexed(target, scope), out = new Float32Array(SHIRT.positions.length);
    const report = fitGarment(SHIRT, indexed(SHIRT, scope).topology, index, from, out, scope);
    const { insideVertices, insideArea } = penetration({ ...SHIRT, positions: out }, index, scope);
    assertEquals([insideVertices, insideArea, report.pokes, report.converged], [0, 0, 0, true]);
    assertGreater(report.minDistance, 0.0019); // also in the armpits, where there is less and less room
    for (const v of new Set(SHIRT.indices)) {
      const off = Math.hypot(...[0, 1, 2].map((k) => out[3 * v + k] - expected[3 * v + k]));
      if (Math.abs(SHIRT.positions[3 * v]) > 0.5) assertLess(off, 0.01); // the cuff moves by 25 cm
    }
    const [fit, skinning] = [out, expected].map((p) => stretches(SHIRT, p));
    const at = (edges: number[], share: number) => edges[Math.floor(share * (edges.length - 1))];
    assertGreater(at(fit, 0.01), 0.95 * at(skinning, 0.01)); // armpits fold, in cloth no worse than in skin
    assertLess(at(fit, 0.99), at(skinning, 0.99));
    assertLess(at(fit, 0.9), 1.2);
  });
}

Deno.test("fitGarment() leaves nothing too close to a body that is open at the neck and the arms", () => {
  using scope = new BufferScope();
  const whole = cross(4, 0), body = facesWhere(whole, (x, y) => Math.abs(x) < 0.24 && y < CHEST + 0.13);
  const shirt = facesWhere(cross(4, 0.01), (x, y) => Math.abs(x) < 0.2 && y > 1 && y < CHEST + 0.1);
  const pressed = moved(shirt, (x, y, z) => [x, y, 0.85 * z]), { index } = indexed(body, scope);
  const before = penetration(pressed, index, scope), out = new Float32Array(pressed.positions.length);
  const { insideAfter, minDistance } = fitGarment(
    pressed,
    indexed(pressed, scope).topology,
    index,
    undefined,
    out,
    scope,
  );
  const after = penetration({ ...pressed, positions: out }, index, scope);
  assertLess(0.05, before.insideVertices);
  assert(out.every(Number.isFinite));
  assertLess(0.0019, minDistance);
  assert(insideAfter === 0 && after.insideVertices === 0 && after.insideArea === 0);
});
