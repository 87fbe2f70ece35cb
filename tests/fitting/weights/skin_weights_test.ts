import { assertEquals, assertThrows } from "@std/assert";
import {
  assertSkinWeights,
  normalizeSkinWeights,
  normalizeSkinWeightsBytes,
  type SkinWeights,
} from "../../../fitting/weights/skin_weights.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { seeded } from "../_meshes.ts";

function skinOf(joints: number[], weights: number[], influencesPerVertex = 4): SkinWeights {
  return { skinJoints: Uint16Array.from(joints), skinWeights: Float32Array.from(weights), influencesPerVertex };
}

Deno.test("normalizeSkinWeights() sorts falling, ties by lower joint, and clears unused slots", () => {
  using scope = new BufferScope();
  const skin = skinOf([9, 4, 2, 7], [1, 2, 1, 0]);
  normalizeSkinWeights(skin, scope);
  assertEquals([...skin.skinJoints], [4, 2, 9, 0]);
  assertEquals([...skin.skinWeights], [0.5, 0.25, 0.25, 0]);
});

Deno.test("normalizeSkinWeights() merges a joint named twice", () => {
  using scope = new BufferScope();
  const skin = skinOf([3, 3, 1, 0], [1, 1, 2, 0]);
  normalizeSkinWeights(skin, scope);
  assertEquals([...skin.skinJoints], [1, 3, 0, 0]);
  assertEquals([...skin.skinWeights], [0.5, 0.5, 0, 0]);
});

Deno.test("normalizeSkinWeights() drops what is below prune or beyond maxInfluences, and says how much", () => {
  using scope = new BufferScope();
  const pruned = skinOf([0, 1, 2, 3], [0.5, 0.40625, 0.0625, 0.03125]);
  const report = normalizeSkinWeights(pruned, scope, { prune: 0.0625 });
  assertEquals([...pruned.skinJoints], [0, 1, 2, 0]);
  assertEquals(report.droppedInfluenceMax, 0.03125);

  const limited = skinOf([5, 6, 7, 8], [4, 3, 2, 1]);
  assertEquals(
    Math.round(normalizeSkinWeights(limited, scope, { maxInfluences: 2 }).droppedInfluenceMax * 1e6),
    300000,
  );
  assertEquals([...limited.skinJoints], [5, 6, 0, 0]);
});

Deno.test("normalizeSkinWeights() keeps the greatest influence however high prune is", () => {
  using scope = new BufferScope();
  const skin = skinOf([0, 1, 2, 3], [1, 1, 1, 1]);
  normalizeSkinWeights(skin, scope, { prune: 1 });
  assertEquals([...skin.skinWeights], [1, 0, 0, 0]);
});

Deno.test("normalizeSkinWeights() takes negative, NaN and infinite weights for none, and counts vertices without any", () => {
  using scope = new BufferScope();
  const skin = skinOf([1, 2, 3, 4, 1, 2, 3, 4], [-8, NaN, Infinity, 0.25, -1, NaN, 0, Infinity]);
  assertEquals(normalizeSkinWeights(skin, scope), { unweighted: 1, droppedInfluenceMax: 0 });
  assertEquals([...skin.skinJoints], [4, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals([...skin.skinWeights], [1, 0, 0, 0, 0, 0, 0, 0]);
});

for (const seed of [1, 2, 3]) {
  Deno.test(`normalizeSkinWeights() ends with sums of 1 within 1e-6 and changes nothing the second time, seed ${seed}`, () => {
    using scope = new BufferScope();
    const random = seeded(seed), joints = Array.from({ length: 800 }, () => Math.floor(random() * 60));
    const skin = skinOf(joints, joints.map(() => random() ** 4 * 10), 8);
    normalizeSkinWeights(skin, scope, { prune: 0.001 });
    for (let v = 0; v < 100; v++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) {
        sum += skin.skinWeights[8 * v + k];
        if (k > 0) assertEquals(skin.skinWeights[8 * v + k] <= skin.skinWeights[8 * v + k - 1], true);
      }
      assertEquals(Math.abs(sum - 1) < 1e-6, true, `vertex ${v} sums to ${sum}`);
    }
    const again = skinOf([...skin.skinJoints], [...skin.skinWeights], 8);
    normalizeSkinWeights(again, scope, { prune: 0.001 });
    for (let i = 0; i < 800; i++) assertEquals(Math.abs(again.skinWeights[i] - skin.skinWeights[i]) < 1e-6, true);
  });
}

Deno.test("normalizeSkinWeights() leases what it says and gives it back", () => {
  using scope = new BufferScope();
  normalizeSkinWeights(skinOf([1, 2, 3, 4], [1, 1, 1, 1]), scope);
  assertEquals(scope.peakBytes, normalizeSkinWeightsBytes({ influencesPerVertex: 4 }));
  assertEquals(scope.inUseBytes, 0);
});

Deno.test("assertSkinWeights() names the array of the wrong length, and an impossible number of slots", () => {
  const skin = skinOf([0, 0, 0, 0], [1, 0, 0, 0]);
  assertThrows(() => assertSkinWeights(skin, 2), RangeError, "skinJoints must hold 8 entries: it holds 4");
  assertThrows(
    () => assertSkinWeights({ ...skin, skinWeights: new Float32Array(3) }, 1),
    RangeError,
    "skinWeights must hold 4 entries: it holds 3",
  );
  assertThrows(
    () => assertSkinWeights({ ...skin, influencesPerVertex: 0 }, 1),
    RangeError,
    "must be a whole number >= 1: current value is 0",
  );
});
