import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  mixSkinWeights,
  mixSkinWeightsBytes,
  type MixSkinWeightsOptions,
} from "../../../fitting/weights/mix_skin_weights.ts";
import { BufferScope } from "../../../pool/mod.ts";

/** Two vertices with four slots: [joint, weight] pairs. */
function skinOf(...vertices: [number, number][][]) {
  const skin = { skinJoints: new Uint16Array(8), skinWeights: new Float32Array(8), influencesPerVertex: 4 };
  vertices.forEach((pairs, v) =>
    pairs.forEach(([joint, weight], k) => {
      skin.skinJoints[4 * v + k] = joint;
      skin.skinWeights[4 * v + k] = weight;
    })
  );
  return skin;
}

function mixed(options: MixSkinWeightsOptions, jointOf?: number[]) {
  const base = skinOf([[0, 0.6], [1, 0.4]], [[0, 1]]), skin = skinOf([[1, 0.5], [2, 0.5]], [[2, 1]]);
  using scope = new BufferScope();
  const report = mixSkinWeights(base, jointOf, skin, scope, options);
  assertEquals(scope.peakBytes, mixSkinWeightsBytes({ influencesPerVertex: 4, baseInfluencesPerVertex: 4 }));
  const weights = (v: number) => {
    const found = [0, 0, 0, 0];
    for (let k = 4 * v; k < 4 * v + 4; k++) found[skin.skinJoints[k]] += skin.skinWeights[k];
    return found;
  };
  return { report, weights };
}

function assertClose(actual: number[], expected: number[]): void {
  expected.forEach((value, i) => assertAlmostEquals(actual[i], value, 1e-6));
}

Deno.test("mixSkinWeights() lets a share in", () => {
  assertClose(mixed({ mix: 0 }).weights(0), [0.6, 0.4, 0, 0]);
  assertClose(mixed({ mix: 0.5 }).weights(0), [0.3, 0.45, 0.25, 0]);
  assertClose(mixed({ mix: 1 }).weights(0), [0, 0.5, 0.5, 0]);
});

Deno.test("mixSkinWeights() changes only the joints and vertices asked for, and sums to one", () => {
  const joints = Uint8Array.of(0, 0, 1, 0), { weights, report } = mixed({ joints });
  assertClose(weights(0), [0.6 / 1.5, 0.4 / 1.5, 0.5 / 1.5, 0]);
  assertClose(weights(1), [0.5, 0, 0.5, 0]);
  assertEquals(report, { changed: 2, replaced: 0 });
  const one = mixed({ vertices: Uint8Array.of(0, 1) });
  assertClose(one.weights(0), [0.6, 0.4, 0, 0]);
  assertClose(one.weights(1), [0, 0, 1, 0]);
  assertEquals(one.report.changed, 1);
});

Deno.test("mixSkinWeights() names old joints anew, and takes new weights where nothing is left", () => {
  assertClose(mixed({ mix: 0 }, [3, 1, 0, 0]).weights(0), [0, 0.4, 0, 0.6]);
  const { weights, report } = mixed({ joints: Uint8Array.of(0, 1, 0, 0) }, [-1, -1]);
  assertClose(weights(0), [0, 1, 0, 0]);
  assertClose(weights(1), [0, 0, 1, 0]);
  assertEquals(report.replaced, 1);
});

Deno.test("mixSkinWeights() keeps maxInfluences, and refuses more than all", () => {
  const kept = mixed({ mix: 0.5, maxInfluences: 2 }).weights(0).filter((weight) => weight > 0);
  assert(kept.length === 2);
  assertThrows(() => mixed({ mix: 2 }), RangeError, "mix must be >= 0 and <= 1: current value is 2");
});
