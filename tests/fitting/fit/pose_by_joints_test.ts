import { poseByJoints, poseByJointsBytes } from "@meshtailor/meshtailor/fitting";
import { BufferScope } from "@meshtailor/meshtailor/pool";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rotationOf, type Similarity } from "../_bodies.ts";

/** A spine with a hip to each side and a foot under each: root 0, chest 1, hips 2 and 4, feet 3 and 5. */
const PARENTS = Int32Array.of(-1, 0, 0, 2, 0, 4);
const PLACES = Float64Array.of(0, 1, 0, 0, 1.5, 0, 0.2, 1, 0, 0.2, 0, 0, -0.2, 1, 0, -0.2, 0, 0);

/** Each vertex moved by the joint of its number, with as many slots as `slots` says. */
function rigid(joints: readonly number[]) {
  return {
    skinJoints: Uint16Array.from(joints),
    skinWeights: new Float32Array(joints.length).fill(1),
    influencesPerVertex: 1,
  };
}

function posed(positions: Float32Array, joints: readonly number[], to: Float64Array) {
  const out = new Float32Array(positions.length), scratch = new BufferScope();
  const known = poseByJoints(positions, rigid(joints), { parentJoint: PARENTS, from: PLACES, to }, out, scratch);
  assertEquals([scratch.peakBytes, scratch.inUseBytes], [poseByJointsBytes({ jointCount: 6 }), 0]);
  return { out, known };
}

function assertPlaces(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) assertAlmostEquals(actual[i], expected[i], tolerance);
}

Deno.test("poseByJoints() leaves a body alone whose joints stay", () => {
  const positions = Float32Array.of(0.3, 0.4, 0.1, -0.1, 1.2, 0.05);
  const { out, known } = posed(positions, [2, 0], PLACES);
  assertEquals(known, 6);
  assertPlaces(out, positions);
});

Deno.test("poseByJoints() turns, scales and moves with a skeleton that does so as a whole", () => {
  const similarity: Similarity = { axis: [1, 2, -1], angleRad: 2, scale: 1.3, move: [0.4, -2, 3] };
  const r = rotationOf(similarity);
  const moved = (p: Float64Array) =>
    p.map((_, i) => {
      const o = i - i % 3, row = 3 * (i % 3);
      return 1.3 * (r[row] * p[o] + r[row + 1] * p[o + 1] + r[row + 2] * p[o + 2]) + similarity.move[i % 3];
    });
  const positions = Float64Array.of(0.1, 1.1, 0.2); // at the root, whose bones lie in a plane and so say how it rolls
  assertPlaces(posed(Float32Array.from(positions), [0], moved(PLACES)).out, moved(positions), 1e-5);
});

Deno.test("poseByJoints() swings a leg to the side and stretches it along its bone alone", () => {
  const to = PLACES.slice();
  to.set([2.2, 1, 0], 9); // the left foot: straight out to the side, twice as far
  const growth = (0.5 + 0.2 + 2 + 0.2 + 1) / (0.5 + 0.2 + 1 + 0.2 + 1);
  const { out } = posed(Float32Array.of(0.2, 0.5, 0.1, 0.2, 0, 0), [2, 3], to);
  assertPlaces(out, [0.2 + 2 * 0.5, 1, 0.1 * growth, 2.2, 1, 0]);
});

Deno.test("poseByJoints() turns a bone straight back", () => {
  for (const [x, y, z] of [[0, 1, 0], [1, 0, 0], [0, 0, 1], [0.6, 0, 0.8]]) {
    const from = Float64Array.of(0, 0, 0, x, y, z), to = from.map((p) => -p || 0), out = new Float32Array(3);
    using scratch = new BufferScope();
    const joints = { parentJoint: Int32Array.of(-1, 0), from, to };
    poseByJoints(Float32Array.of(x / 2, y / 2, z / 2), rigid([0]), joints, out, scratch);
    assertPlaces(out, [-x / 2, -y / 2, -z / 2]);
  }
});

Deno.test("poseByJoints() lets a joint that the other skeleton lacks go with the one above it", () => {
  const to = PLACES.slice();
  to.fill(NaN, 9, 12);
  to.set([0.2, 1.3, 0], 6);
  const { out, known } = posed(Float32Array.of(0.2, 0, 0, 0.2, 1, 0), [3, 2], to);
  assertEquals(known, 5);
  assertAlmostEquals(out[4], 1.3, 1e-6);
  assertAlmostEquals(Math.hypot(out[0] - out[3], out[1] - out[4], out[2] - out[5]), 1, 0.2);
});

Deno.test("poseByJoints() blends where a vertex hangs on two joints, and takes one without weights along with the root", () => {
  const to = PLACES.map((place, i) => place + (i % 3 === 2 ? 0.25 : 0));
  const skin = {
    skinJoints: Uint16Array.of(2, 4, 0, 0),
    skinWeights: Float32Array.of(0.5, 0.5, 0, 0),
    influencesPerVertex: 2,
  };
  const positions = Float32Array.of(0, 0.9, 0, 0, 1.2, 0), out = new Float32Array(6);
  using scratch = new BufferScope();
  poseByJoints(positions, skin, { parentJoint: PARENTS, from: PLACES, to }, out, scratch);
  assertPlaces(out, [0, 0.9, 0.25, 0, 1.2, 0.25]);
});

Deno.test("poseByJoints() moves nothing by a single joint, and refuses parents that go round", () => {
  const to = new Float64Array(18).fill(NaN);
  to.set([5, 5, 5], 0);
  const { out, known } = posed(Float32Array.of(1, 2, 3), [0], to);
  assertEquals([known, ...out], [1, 1, 2, 3]);
  const round = { parentJoint: Int32Array.of(-1, 2, 1), from: new Float64Array(9), to: new Float64Array(9) };
  using scratch = new BufferScope();
  assertThrows(
    () => poseByJoints(new Float32Array(3), rigid([0]), round, new Float32Array(3), scratch),
    RangeError,
    "every joint must hang on a root: 2 of 3 do not",
  );
});
