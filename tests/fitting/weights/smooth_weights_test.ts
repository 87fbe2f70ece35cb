import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import {
  smoothWeights,
  smoothWeightsBytes,
  type SmoothWeightsOptions,
} from "../../../fitting/weights/smooth_weights.ts";
import { buildTopology } from "../../../fitting/topology/topology.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { wavyGrid } from "../_meshes.ts";
import { shuffled } from "../_more_meshes.ts";

/** A mesh that follows joint 2 up to x = 0.5, and joint 6 beyond. */
function smoothed(mesh: TriangleMesh, options: SmoothWeightsOptions) {
  using scope = new BufferScope();
  const topology = buildTopology(mesh, scope, scope), { weldedCount, representative, positionRemap } = topology;
  const skin = {
    skinJoints: new Uint16Array(4 * weldedCount),
    skinWeights: new Float32Array(4 * weldedCount),
    influencesPerVertex: 4,
  };
  for (let w = 0; w < weldedCount; w++) {
    skin.skinJoints[4 * w] = mesh.positions[3 * representative[w]] < 0.5 ? 2 : 6;
    skin.skinWeights[4 * w] = 1;
  }
  using scratch = new BufferScope();
  smoothWeights(mesh, topology, skin, scratch, options);
  assertEquals(scratch.peakBytes, smoothWeightsBytes({ weldedCount, influencesPerVertex: 4 }));
  const places = positionRemap.slice();
  return (v: number) => {
    const w = 4 * places[v], at = skin.skinJoints.subarray(w, w + 4).indexOf(6);
    assertAlmostEquals(skin.skinWeights.subarray(w, w + 4).reduce((a, b) => a + b), 1, 1e-6);
    return at < 0 ? 0 : skin.skinWeights[w + at];
  };
}

Deno.test("smoothWeights() widens a border by one ring each pass", () => {
  const mesh = wavyGrid(12);
  for (const iterations of [0, 1, 2, 3]) {
    const weightOf6 = smoothed(mesh, { iterations });
    for (let v = 0; v < 144; v++) {
      const column = Math.round(11 * mesh.positions[3 * v]), away = column < 6 ? 6 - column : column - 5;
      const weight = weightOf6(v), changed = weight > 0 && weight < 1;
      assertEquals(changed, away <= iterations, `column ${column} after ${iterations}: ${weight}`);
    }
  }
});

Deno.test("smoothWeights() does not depend on the order of vertices, and strength 0 changes nothing", () => {
  const mesh = wavyGrid(10), { mesh: other, order } = shuffled(mesh, 3);
  const a = smoothed(mesh, { iterations: 5 }), b = smoothed(other, { iterations: 5 });
  order.forEach((old, fresh) => assertAlmostEquals(b(fresh), a(old), 1e-6));
  const still = smoothed(mesh, { iterations: 3, strength: 0 });
  for (let v = 0; v < 100; v++) assert([0, 1].includes(still(v)));
});

Deno.test("smoothWeights() refuses half passes and more than all", () => {
  assertThrows(
    () => smoothed(wavyGrid(3), { iterations: 1.5 }),
    RangeError,
    "iterations must be a whole number >= 0: current value is 1.5",
  );
  assertThrows(
    () => smoothed(wavyGrid(3), { strength: 2 }),
    RangeError,
    "strength must be >= 0 and <= 1: current value is 2",
  );
});
