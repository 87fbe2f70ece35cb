import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { inpaintWeights, inpaintWeightsBytes, inpaintWeightsWork } from "../../../fitting/weights/inpaint_weights.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import type { SkinWeights } from "../../../fitting/weights/skin_weights.ts";
import { buildTopology } from "../../../fitting/topology/topology.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, seeded, wavyGrid } from "../_meshes.ts";
import { moved, shuffled } from "../_more_meshes.ts";

/** Weights of two joints, 3 and 5, painted by place where they are known. */
function painted(
  mesh: TriangleMesh,
  isKnown: (x: number, y: number, z: number) => boolean,
  weight: (x: number, y: number, z: number) => number,
) {
  using scope = new BufferScope();
  const topology = buildTopology(mesh, scope, scope), { weldedCount, representative } = topology;
  const known = new Uint8Array(weldedCount);
  const skin = {
    skinJoints: new Uint16Array(2 * weldedCount),
    skinWeights: new Float32Array(2 * weldedCount),
    influencesPerVertex: 2,
  };
  for (let w = 0; w < weldedCount; w++) {
    const [x, y, z] = mesh.positions.subarray(3 * representative[w], 3 * representative[w] + 3);
    if (!isKnown(x, y, z)) continue;
    known[w] = 1;
    skin.skinJoints.set([3, 5], 2 * w);
    skin.skinWeights.set([weight(x, y, z), 1 - weight(x, y, z)], 2 * w);
  }
  const report = inpaintWeights(mesh, topology, known, skin, 8, scope);
  const places = topology.positionRemap.slice();
  return { skin, report, weightAt: (v: number) => weightOf(skin, places[v], 3) };
}

function weightOf(
  { skinJoints, skinWeights, influencesPerVertex: slots }: SkinWeights,
  w: number,
  joint: number,
): number {
  for (let i = w * slots; i < (w + 1) * slots; i++) if (skinJoints[i] === joint) return skinWeights[i];
  return 0;
}

const flat = (n: number) => moved(wavyGrid(n), (x, _y, z) => [x, 0, z]);

Deno.test("inpaintWeights() goes on with a slope", () => {
  const mesh = flat(21), { weightAt, report } = painted(mesh, (x) => x < 0.31 || x > 0.69, (x) => x);
  for (let v = 0; v < 441; v++) assertAlmostEquals(weightAt(v), mesh.positions[3 * v], 2e-3);
  assertEquals([report.inpainted, report.isSmooth, report.unmatchedIslandCount], [21 * 7, true, 0]);
});

Deno.test("inpaintWeights() keeps constants, sums to one and stays within 0 and 1 beyond steep slopes", () => {
  const mesh = wavyGrid(25);
  const constant = painted(mesh, (x) => x < 0.3, () => 0.75);
  for (let v = 0; v < 625; v++) assertAlmostEquals(constant.weightAt(v), 0.75, 1e-6);
  const steep = painted(mesh, (x) => x < 0.2, (x) => 1 - 5 * x); // would reach -4
  for (let w = 0; w < 625; w++) {
    const [a, b] = steep.skin.skinWeights.subarray(2 * w, 2 * w + 2);
    assert(a >= 0 && a <= 1 && b >= 0 && b <= 1);
    assertAlmostEquals(a + b, 1, 1e-6);
  }
});

for (const seed of [1, 2]) {
  Deno.test(`inpaintWeights() depends on no unit, place or order, seed ${seed}`, () => {
    const random = seeded(seed), mesh = moved(icosphere(3), (x, y, z) => [x * 1.3, y, z + 0.1 * x * y]);
    const cut = 0.3 * random();
    const known = (x: number, y: number) => y < -cut || x > 0.9, weight = (_x: number, y: number) => 0.5 - 0.4 * y;
    const { weightAt } = painted(mesh, known, weight);
    const big = painted(
      moved(mesh, (x, y, z) => [100 * x, 100 * y, 100 * z]),
      (x, y) => known(x / 100, y / 100),
      (x, y) => weight(x / 100, y / 100),
    );
    const { mesh: other, order } = shuffled(mesh, seed), mixed = painted(other, known, weight);
    for (let v = 0; v < order.length; v++) {
      assertAlmostEquals(big.weightAt(v), weightAt(v), 1e-5);
      assertAlmostEquals(mixed.weightAt(v), weightAt(order[v]), 1e-5);
    }
  });
}

Deno.test("inpaintWeights() levels out where a smooth solution has no room", () => {
  const mesh = wavyGrid(200), { report, weightAt } = painted(mesh, (x) => x === 0 || x === 1, (x) => x);
  assertEquals(report, { inpainted: 198 * 200, isSmooth: false, unmatchedIslands: [], unmatchedIslandCount: 0 });
  const middle = weightAt(100 * 200 + 100);
  assert(middle > 0.4 && middle < 0.6, `${middle}`);
});

Deno.test("inpaintWeights() follows the nearest where everything touches everything and no system has room", () => {
  const corners = [...Array(120).keys()], indices: number[] = [];
  for (const a of corners) for (const b of corners.slice(0, a)) indices.push(a, b, (a + b) % 120);
  const mesh = meshOf(corners.flatMap((v) => [Math.cos(v * v), Math.sin(3 * v), Math.cos(7 * v)]), indices);
  const { report, skin } = painted(mesh, (x) => x > 0.9, () => 0.75);
  assertEquals([report.isSmooth, report.unmatchedIslandCount], [false, 0]);
  for (let w = 0; w < 120; w++) assertAlmostEquals(weightOf(skin, w, 3), 0.75, 1e-6);
});

Deno.test("inpaintWeights() does not stumble over wires, fans, needles and places no face uses", () => {
  const { positions, indices } = flat(9);
  const mesh = meshOf([...positions, 5, 5, 5, 0.5, 0, 0.5000001], [...indices, 40, 40, 41, 0, 82, 1]);
  const { skin, report } = painted(mesh, (x) => x < 0.4, () => 0.5);
  assertEquals(report.unmatchedIslandCount, 0);
  assert(skin.skinWeights.every((weight) => weight === 0.5));
});

Deno.test("inpaintWeights() leases what it says, gives it back, and pauses", () => {
  using scope = new BufferScope();
  using scratch = new BufferScope();
  const mesh = wavyGrid(60), topology = buildTopology(mesh, scope, scope), { weldedCount } = topology;
  for (const share of [1, 0.9, 0.1]) {
    const known = Uint8Array.from({ length: weldedCount }, (_, w) => w < share * weldedCount ? 1 : 0);
    const skin = {
      skinJoints: new Uint16Array(weldedCount),
      skinWeights: new Float32Array(weldedCount),
      influencesPerVertex: 1,
    };
    known.forEach((flag, w) => skin.skinWeights[w] = flag);
    assert([...inpaintWeightsWork(mesh, topology, known, skin, 4, scratch)].length > 0);
    assertEquals(
      scratch.takePeakBytes(),
      inpaintWeightsBytes({ ...topology, faceCount: mesh.indices.length / 3, jointCount: 4 }),
    );
    assertEquals(scratch.inUseBytes, 0);
    assertEquals(skin.skinWeights.filter((weight) => weight !== 1), new Float32Array(0));
  }
});

Deno.test("inpaintWeights() refuses what it cannot do", () => {
  using scope = new BufferScope();
  const mesh = wavyGrid(3), topology = buildTopology(mesh, scope, scope);
  const skin = { skinJoints: new Uint16Array(9), skinWeights: new Float32Array(9), influencesPerVertex: 1 };
  assertThrows(
    () => inpaintWeights(mesh, topology, new Uint8Array(8), skin, 1, scope),
    RangeError,
    "must hold 9 flags: it holds 8",
  );
  assertThrows(
    () => inpaintWeights(mesh, topology, new Uint8Array(9), skin, 1, scope),
    RangeError,
    "one place at least must be known",
  );
});
