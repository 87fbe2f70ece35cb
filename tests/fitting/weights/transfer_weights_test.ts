import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import type { SkinWeights } from "../../../fitting/weights/skin_weights.ts";
import { SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { buildTopology } from "../../../fitting/topology/topology.ts";
import {
  transferWeights,
  transferWeightsBytes,
  type TransferWeightsOptions,
  transferWeightsWork,
  type WeightSource,
} from "../../../fitting/weights/transfer_weights.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, seeded, wavyGrid } from "../_meshes.ts";
import { moved, shuffled, unwelded } from "../_more_meshes.ts";

function emptySkin(mesh: TriangleMesh, influencesPerVertex = 4): SkinWeights {
  const entries = influencesPerVertex * mesh.positions.length / 3;
  return {
    skinJoints: new Uint16Array(entries).fill(77),
    skinWeights: new Float32Array(entries).fill(9),
    influencesPerVertex,
  };
}

/** A source whose vertices are painted by place: pairs of joint and weight. */
function sourceOf(
  mesh: TriangleMesh,
  scope: BufferScope,
  paint: (x: number, y: number, z: number) => [number, number][],
): WeightSource {
  const skin = emptySkin(mesh);
  skin.skinJoints.fill(0);
  skin.skinWeights.fill(0);
  for (let v = 0; 3 * v < mesh.positions.length; v++) {
    paint(mesh.positions[3 * v], mesh.positions[3 * v + 1], mesh.positions[3 * v + 2]).forEach(([joint, weight], k) => {
      skin.skinJoints[4 * v + k] = joint;
      skin.skinWeights[4 * v + k] = weight;
    });
  }
  return { mesh, index: SurfaceIndex.build(mesh, scope), skin, jointCount: 60 };
}

function transfer(
  mesh: TriangleMesh,
  source: WeightSource,
  options: TransferWeightsOptions = {},
  out = emptySkin(mesh),
) {
  using scope = new BufferScope();
  const report = transferWeights(mesh, buildTopology(mesh, scope, scope), source, out, scope, options);
  return { out, report };
}

/** The weight of each joint at vertex `v`. */
function influences({ skinJoints, skinWeights, influencesPerVertex }: SkinWeights, v: number): Record<number, number> {
  const found: Record<number, number> = {};
  for (let i = v * influencesPerVertex; i < (v + 1) * influencesPerVertex; i++) {
    if (skinWeights[i] > 0) found[skinJoints[i]] = skinWeights[i];
  }
  return found;
}

/** A tube about the y axis of radius `r`, from y = 0 to y = 1. */
function tube(r: number, around = 24, along = 20): TriangleMesh {
  const positions: number[] = [], indices: number[] = [];
  for (let j = 0; j <= along; j++) {
    for (let i = 0; i < around; i++) {
      positions.push(r * Math.cos(2 * Math.PI * i / around), j / along, r * Math.sin(2 * Math.PI * i / around));
    }
  }
  for (let j = 0; j < along; j++) {
    for (let i = 0; i < around; i++) {
      const a = j * around + i, b = j * around + (i + 1) % around;
      indices.push(a, a + around, b, b, a + around, b + around);
    }
  }
  return meshOf(positions, indices);
}

const ramp = (_x: number, y: number): [number, number][] => [[3, 1 - y], [8, y]];

Deno.test("transferWeights() gives a sleeve the ramp of the arm inside it", () => {
  using scope = new BufferScope();
  const arm = sourceOf(tube(0.1), scope, ramp), sleeve = tube(0.12, 31, 13);
  const { out, report } = transfer(sleeve, arm, { prune: 0 });
  for (let v = 0; 3 * v < sleeve.positions.length; v++) {
    if (Math.abs(sleeve.positions[3 * v + 1] - 0.5) > 0.49) continue; // at the rims a patch is cut short
    assertAlmostEquals(influences(out, v)[8] ?? 0, sleeve.positions[3 * v + 1], 1e-4);
    assertAlmostEquals(influences(out, v)[3] ?? 0, 1 - sleeve.positions[3 * v + 1], 1e-4);
  }
  assertEquals({ unweighted: report.unweighted, fallbacks: report.fallbacks }, { unweighted: 0, fallbacks: 0 });
  assertAlmostEquals(report.maxDistance, 0.12 - 0.1 * Math.cos(Math.PI / 24), 1e-3);
});

Deno.test("transferWeights() gives a body its own weights back", () => {
  using scope = new BufferScope();
  const random = seeded(4), sphere = icosphere(2);
  const source = sourceOf(
    sphere,
    scope,
    () => [[Math.floor(random() * 5), 0.6], [5 + Math.floor(random() * 5), 0.3], [10, 0.1]],
  );
  const { out, report } = transfer(sphere, source, { prune: 0 });
  for (let i = 0; i < out.skinWeights.length; i++) {
    assertAlmostEquals(out.skinWeights[i], source.skin.skinWeights[i], 1e-5);
  }
  assertEquals(out.skinJoints, source.skin.skinJoints);
  assertEquals(report.maxDistance, 0);
});

Deno.test("transferWeights() keeps constant weights constant", () => {
  using scope = new BufferScope();
  const source = sourceOf(icosphere(1), scope, () => [[2, 0.75], [9, 0.25]]);
  const { out } = transfer(wavyGrid(9), source);
  for (let v = 0; v < 81; v++) {
    assertEquals([...out.skinJoints.subarray(4 * v, 4 * v + 4)], [2, 9, 0, 0]);
    assertAlmostEquals(out.skinWeights[4 * v], 0.75, 1e-6);
  }
});

Deno.test("transferWeights() gives all copies of a seam vertex the same weights", () => {
  using scope = new BufferScope();
  const source = sourceOf(tube(0.1), scope, ramp);
  const mesh = unwelded(tube(0.11, 12, 7)), { out } = transfer(mesh, source);
  const topology = buildTopology(mesh, scope, scope);
  for (let v = 0; 3 * v < mesh.positions.length; v++) {
    assertEquals(influences(out, v), influences(out, topology.representative[topology.positionRemap[v]]));
  }
});

for (const seed of [1, 2, 3]) {
  Deno.test(`transferWeights() does not depend on the order of vertices and faces, seed ${seed}`, () => {
    using scope = new BufferScope();
    const random = seeded(seed),
      source = sourceOf(icosphere(2), scope, (x, y) => [[x > 0 ? 1 : 2, 1 + y], [3, 1 + random()]]);
    const mesh = moved(wavyGrid(11), (x, y, z) => [2 * x - 1, y + 0.9, 2 * z - 1]),
      { mesh: other, order } = shuffled(mesh, seed);
    const { out } = transfer(mesh, source), { out: otherOut } = transfer(other, source);
    order.forEach((old, fresh) => assertEquals(influences(otherOut, fresh), influences(out, old)));
  });
  Deno.test(`transferWeights() ends with sums of 1 within 1e-6, falling, seed ${seed}`, () => {
    using scope = new BufferScope();
    const random = seeded(seed),
      source = sourceOf(icosphere(3), scope, () => [0, 1, 2, 3].map(() => [Math.floor(random() * 50), random() ** 3]));
    const { out } = transfer(wavyGrid(20), source);
    for (let i = 0; i < out.skinWeights.length; i += 4) {
      const [a, b, c, d] = out.skinWeights.subarray(i, i + 4);
      assertEquals(Math.abs(a + b + c + d - 1) < 1e-6 && a >= b && b >= c && c >= d, true);
    }
  });
}

Deno.test('transferWeights() with method "nearest" takes the corner next to the closest point', () => {
  using scope = new BufferScope();
  const source = sourceOf(
    meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]),
    scope,
    (x, y) => [[x > 0 ? 1 : y > 0 ? 2 : 3, 1]],
  );
  const { out } = transfer(meshOf([0.6, 0.1, 1, 0.1, 0.2, 0], []), source, { method: "nearest" });
  assertEquals([influences(out, 0), influences(out, 1)], [{ 1: 1 }, { 3: 1 }]);
});

Deno.test("transferWeights() keeps maxInfluences, fills wider slots with zeros and says what it dropped", () => {
  using scope = new BufferScope();
  const source = sourceOf(
    meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]),
    scope,
    (x, y) => x > 0 ? [[1, 1]] : y > 0 ? [[2, 1]] : [[3, 1]],
  );
  const mesh = meshOf([0.25, 0.25, 0], []);
  const { out, report } = transfer(mesh, source, { maxInfluences: 2 }, emptySkin(mesh, 8));
  assertEquals([...out.skinJoints], [3, 1, 0, 0, 0, 0, 0, 0]);
  assertAlmostEquals(out.skinWeights[0], 2 / 3, 1e-6);
  assertEquals(report.droppedInfluenceMax, 0.25);
});

Deno.test("transferWeights() looks further where the closest face has no weights", () => {
  using scope = new BufferScope();
  const grid = wavyGrid(5), source = sourceOf(grid, scope, (x) => x > 0.9 ? [[6, 1]] : []);
  const { out, report } = transfer(grid, source);
  for (let v = 0; v < 25; v++) assertEquals(influences(out, v), { 6: 1 });
  assertEquals({ fallbacks: report.fallbacks, unweighted: report.unweighted }, { fallbacks: 20, unweighted: 0 });
});

Deno.test("transferWeights() survives source faces without area", () => {
  using scope = new BufferScope();
  const source = sourceOf(meshOf([0, 0, 0, 1, 0, 0, 2, 0, 0, 5, 5, 5], [0, 1, 2, 3, 3, 3]), scope, (x) => [[x, 1]]);
  const { out, report } = transfer(meshOf([0.5, 1, 0, 9, 9, 9], []), source);
  assertAlmostEquals(influences(out, 0)[0], 0.5, 1e-6);
  assertEquals(influences(out, 1), { 5: 1 });
  assertEquals(report.unweighted, 0);
});

Deno.test("transferWeights() has nothing to do for a mesh without vertices", () => {
  using scope = new BufferScope();
  const { report } = transfer(meshOf([], []), sourceOf(icosphere(0), scope, () => [[1, 1]]));
  assertEquals(report, {
    meanDistance: 0,
    maxDistance: 0,
    fallbacks: 0,
    unweighted: 0,
    droppedInfluenceMax: 0,
    farOrTurned: 0,
    jumped: 0,
    inpainted: 0,
    unmatchedIslands: [],
    unmatchedIslandCount: 0,
    rigidParts: 0,
  });
});

Deno.test("transferWeights() does not depend on the unit of length", () => {
  using scope = new BufferScope();
  const paint = (
    x: number,
    y: number,
    z: number,
  ): [number, number][] => [[x > 0 ? 1 : 2, 2], [y > 0 ? 3 : 4, 1], [z > 0 ? 5 : 6, 0.5]];
  const bigger = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [128 * x, 128 * y, 128 * z]); // exact in floats
  const sphere = icosphere(2), grid = wavyGrid(8);
  const { out } = transfer(grid, sourceOf(sphere, scope, paint));
  const { out: inCentimetres } = transfer(bigger(grid), sourceOf(bigger(sphere), scope, paint));
  assertEquals(inCentimetres, out);
});

for (
  const options of [{}, { smooth: 2 }, { rigid: "none" }, { method: "nearest" }, {
    method: "barycentric",
    rigid: "none",
    smooth: 1,
  }, { maxDistance: 0.001, maxInfluences: 3 }] satisfies TransferWeightsOptions[]
) {
  Deno.test(`transferWeights() leases what it says, gives it back, and pauses: ${JSON.stringify(options)}`, () => {
    using scope = new BufferScope();
    using scratch = new BufferScope();
    const mesh = wavyGrid(60), source = sourceOf(icosphere(1), scope, () => [[1, 1]]), out = emptySkin(mesh);
    const topology = buildTopology(mesh, scope, scope), sizes = { ...topology, faceCount: mesh.indices.length / 3 };
    transferWeights(mesh, topology, source, out, scratch, options);
    assertEquals(
      scratch.peakBytes,
      transferWeightsBytes({ ...sizes, sourceInfluencesPerVertex: 4, jointCount: 60 }, options),
    );
    assertEquals(scratch.inUseBytes, 0);
    const { allocatedBytes } = scratch;
    assertEquals([...transferWeightsWork(mesh, topology, source, out, scratch, options)].length > 1, true);
    assertEquals(scratch.allocatedBytes, allocatedBytes);
  });
}

Deno.test("transferWeights() refuses what it cannot do, and leaves scratch as it was", () => {
  using scope = new BufferScope();
  const mesh = wavyGrid(3), topology = buildTopology(mesh, scope, scope);
  const source = sourceOf(icosphere(0), scope, () => [[1, 1]]), bare = sourceOf(icosphere(0), scope, () => []);
  const attempt = (from: WeightSource, options: TransferWeightsOptions, out = emptySkin(mesh)) => () =>
    transferWeights(mesh, topology, from, out, scope, options);
  const inUse = scope.inUseBytes;
  assertThrows(
    attempt(source, { maxInfluences: 9 }),
    RangeError,
    "maxInfluences must be a whole number from 1 to 8: current value is 9",
  );
  assertThrows(
    attempt(source, { maxInfluences: 8 }),
    RangeError,
    "out must have room for 8 influences a vertex: it has 4",
  );
  assertThrows(attempt(source, { prune: -1 }), RangeError, "prune must be >= 0 and <= 1: current value is -1");
  assertThrows(
    attempt(source, { method: "farthest" as "nearest" }),
    RangeError,
    'must be "inpaint", "barycentric" or "nearest": current value is "farthest"',
  );
  assertThrows(attempt(source, {}, emptySkin(wavyGrid(2))), RangeError, "skinJoints must hold 36 entries: it holds 16");
  assertThrows(attempt(bare, {}), RangeError, "none of its 12 vertices has any");
  assertThrows(
    attempt({ ...source, mesh: meshOf([...source.mesh.positions], []) }, {}),
    RangeError,
    "the source must have faces: it has 0",
  );
  assertEquals(scope.inUseBytes, inUse);
});

/** Several meshes as one. */
function together(...meshes: TriangleMesh[]): TriangleMesh {
  const positions: number[] = [], indices: number[] = [];
  for (const mesh of meshes) {
    for (const index of mesh.indices) indices.push(index + positions.length / 3);
    positions.push(...mesh.positions);
  }
  return meshOf(positions, indices);
}

/** A mesh with its faces turned over. */
function insideOut({ positions, indices }: TriangleMesh): TriangleMesh {
  const turned = indices.slice();
  for (let c = 0; c < turned.length; c += 3) [turned[c + 1], turned[c + 2]] = [indices[c + 2], indices[c + 1]];
  return { positions, indices: turned };
}

/** A torso (joints 0 to 2 by height), and an arm beside it (5 to 7) that hangs from the same joint 4 at the top. */
function torsoAndArm(scope: BufferScope): WeightSource {
  const torso = tube(0.1), arm = moved(tube(0.05, 24, 20), (x, y, z) => [x + 0.17, y, z]);
  return sourceOf(together(torso, arm), scope, (x, y) => {
    const chain = x > 0.115 ? [5, 6, 7, 4] : [0, 1, 2, 4];
    const t = Math.min(2.999, 3 * y), k = Math.floor(t);
    return [[chain[k], k + 1 - t], [chain[k + 1], t - k]];
  });
}

Deno.test("transferWeights() does not bleed from an arm to the shirt beside it", () => {
  using scope = new BufferScope();
  // The shirt is so wide beside the arm that its closest points are on the arm, all the way up.
  const shirt = moved(tube(0.1, 40, 30), (x, y, z) => [x > 0.09 && y < 0.8 ? x + 0.016 : x * 1.03, y, z * 1.03]);
  const source = torsoAndArm(scope), isArm = (joint: number) => joint >= 5 && joint <= 7;
  const bled = (out: SkinWeights) =>
    out.skinWeights.reduce((sum, weight, i) => sum + (isArm(out.skinJoints[i]) ? weight : 0), 0);
  const { out: closest } = transfer(shirt, source, { method: "barycentric" });
  const { out, report } = transfer(shirt, source);
  assert(bled(closest) > 20, `${bled(closest)}`);
  assert(bled(out) < 0.02 * bled(closest), `${bled(out)} of ${bled(closest)}, ${report.jumped} jumped`);
  assertEquals(report.inpainted, report.jumped);
});

Deno.test("transferWeights() does not swap two socks in one mesh, nor mind that one is inside out", () => {
  using scope = new BufferScope();
  const leg = (side: number) => moved(tube(0.05), (x, y, z) => [x + side * 0.056, y, z]);
  const sock = (side: number) => moved(tube(0.054, 20, 12), (x, y, z) => [x + side * 0.056, y, z]); // both touch
  const source = sourceOf(together(leg(-1), leg(1)), scope, (x, y) => [[x < 0 ? 1 : 3, 1 - y], [x < 0 ? 2 : 4, y]]);
  const { out, report } = transfer(together(sock(-1), insideOut(sock(1))), source);
  for (let v = 0; v < out.skinJoints.length / 4; v++) {
    const left = v < out.skinJoints.length / 8, joints = Object.keys(influences(out, v)).map(Number);
    assert(joints.every((joint) => left ? joint <= 2 : joint >= 3), `vertex ${v} has ${joints}`);
  }
  assertEquals(report.unweighted, 0);
});

Deno.test("transferWeights() gives the lining of a coat what the outside has", () => {
  using scope = new BufferScope();
  const coat = together(tube(0.13, 24, 20), insideOut(tube(0.115, 24, 20)));
  const { out, report } = transfer(coat, sourceOf(tube(0.1), scope, ramp));
  for (let v = 0, half = out.skinJoints.length / 8; v < half; v++) {
    assertAlmostEquals(influences(out, v)[8] ?? 0, influences(out, v + half)[8] ?? 0, 0.01);
  }
  assertEquals(report.inpainted, 0);
});

Deno.test("transferWeights() without flipped trusts only what faces the same way, shells that are inside out too", () => {
  using scope = new BufferScope();
  const source = sourceOf(tube(0.1), scope, ramp), shell = insideOut(tube(0.11));
  assertEquals(transfer(shell, source, { flipped: false }).report.farOrTurned, 0);
  const lined = together(tube(0.11), moved(insideOut(tube(0.105)), (x, y, z) => [x, 0.9 * y + 0.05, z]));
  const { positions, indices } = lined, seam = [0, 1, positions.length / 6]; // one island
  const report = transfer(meshOf([...positions], [...indices, ...seam]), source, { flipped: false }).report;
  assert(report.farOrTurned > positions.length / 6 - 20, `${report.farOrTurned}`);
});

Deno.test("transferWeights() lets a loose island follow its neighbour, and names it", () => {
  using scope = new BufferScope();
  const far = moved(icosphere(1), (x, y, z) => [0.05 * x + 0.9, 0.05 * y + 0.9, 0.05 * z]);
  const { out, report } = transfer(together(tube(0.11), far), sourceOf(tube(0.1), scope, ramp), { rigid: "none" });
  assertEquals([report.unmatchedIslands, report.unmatchedIslandCount], [[1], 1]);
  const last = out.skinJoints.length / 4 - 1;
  assert((influences(out, last)[8] ?? 0) > 0.85);
  for (let v = last - 41; v < last; v++) assertEquals(influences(out, v), influences(out, last));
});

Deno.test("transferWeights() binds a button to one blend, and what it is told to", () => {
  using scope = new BufferScope();
  const source = sourceOf(tube(0.1), scope, ramp),
    button = moved(icosphere(1), (x, y, z) => [
      0.005 * x + 0.12,
      0.005 * y + 0.5,
      0.005 * z,
    ]);
  const sleeve = tube(0.11), mesh = together(sleeve, button), first = sleeve.positions.length / 3;
  const { out, report } = transfer(mesh, source);
  for (let v = first; 3 * v < mesh.positions.length; v++) assertEquals(influences(out, v), influences(out, first));
  assertAlmostEquals(influences(out, first)[8], 0.5, 0.01);
  assertEquals(report.rigidParts, 1);
  assertEquals(transfer(mesh, source, { rigid: "none" }).report.rigidParts, 0);

  const rigidPlaces = Uint8Array.from(
    { length: mesh.positions.length / 3 },
    (_, v) => v < first && mesh.positions[3 * v + 1] > 0.7 ? 1 : 0,
  );
  const { out: plated, report: two } = transfer(mesh, source, { rigidPlaces });
  const plate = rigidPlaces.indexOf(1);
  for (let v = plate; v < first; v++) {
    if (rigidPlaces[v] === 1) assertEquals(influences(plated, v), influences(plated, plate));
  }
  assertEquals(two.rigidParts, 2);
});

Deno.test("transferWeights() turns with both meshes", () => {
  using scope = new BufferScope();
  const paint = (x: number, y: number, z: number): [number, number][] => [[x > 0 ? 1 : 2, 2], [y > 0 ? 3 : 4, 1 + z]];
  const turn = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [0.6 * x - 0.8 * y + 3, 0.8 * x + 0.6 * y - 1, z + 2]);
  const sphere = icosphere(3), grid = moved(wavyGrid(12), (x, y, z) => [x - 0.5, y + 1, z - 0.5]);
  const source = sourceOf(sphere, scope, paint), turned = turn(sphere);
  const { out } = transfer(grid, source);
  const { out: other } = transfer(turn(grid), {
    ...source,
    mesh: turned,
    index: SurfaceIndex.build(turned, scope),
  });
  for (let v = 0; v < 144; v++) {
    const a = influences(out, v), b = influences(other, v);
    for (const joint of [1, 2, 3, 4]) assertAlmostEquals(a[joint] ?? 0, b[joint] ?? 0, 2e-3);
  }
});

/** A tube as {@linkcode tube} whose halves at both sides of x = 0 are mirror images, faces too. */
function mirroredTube(r: number, around: number, along: number): TriangleMesh {
  const { positions, indices } = tube(r, around, along), faces = indices.slice();
  for (let c = 0; c < faces.length; c += 6) {
    const i = c / 6 % around;
    if (i < around / 4 || i >= 3 * around / 4) continue;
    const [a, above, b, , , aboveB] = indices.subarray(c, c + 6);
    faces.set([a, aboveB, b, a, above, aboveB], c);
  }
  return meshOf(positions.map((x, n) => n % 3 === 0 && Math.abs(x) < 1e-9 ? 0 : x), [...faces]);
}

Deno.test("transferWeights() gives a skirt the leg of its side, and both sides the same", () => {
  using scope = new BufferScope();
  const right = moved(tube(0.07), (x, y, z) => [x + 0.1, y, z]);
  const left = insideOut(moved(right, (x, y, z) => [-x, y, z]));
  const source = sourceOf(together(left, right), scope, (x, y) => [[x < 0 ? 1 : 3, 1 - y], [x < 0 ? 2 : 4, y]]);
  const skirt = moved(mirroredTube(0.25, 48, 12), (x, y, z) => [x, 0.2 + 0.6 * y, z]);
  const { out } = transfer(skirt, source, { maxDistance: 1 });
  let worst = 0;
  for (let j = 0; j <= 12; j++) {
    for (let i = 0; i < 48; i++) {
      const v = 48 * j + i, mirrored = 48 * j + (72 - i) % 48, x = skirt.positions[3 * v];
      if (Math.abs(x) < 0.02) continue;
      const own = influences(out, v), other = influences(out, mirrored);
      assertEquals(Object.keys(own), x < 0 ? ["1", "2"] : ["3", "4"]);
      worst = Math.max(worst, Math.abs(own[x < 0 ? 1 : 3] - other[x < 0 ? 3 : 1]));
    }
  }
  assert(worst < 1e-5, `${worst}`);
});

Deno.test("transferWeights() serves vertices that no face uses, and does not stumble over them", () => {
  using scope = new BufferScope();
  const { positions, indices } = tube(0.11);
  const mesh = meshOf([...positions, 0.11, 0.5, 0, 40, 40, 40], [...indices]), count = mesh.positions.length / 3;
  for (const options of [{}, { maxDistance: 0.001 }, { flipped: false }, { smooth: 3 }]) {
    const { out, report } = transfer(mesh, sourceOf(tube(0.1), scope, ramp), options);
    assertEquals(report.unweighted, 0);
    for (let v = 0; v < count; v++) {
      assertAlmostEquals(Object.values(influences(out, v)).reduce((a, b) => a + b), 1, 1e-6);
    }
  }
});

Deno.test("transferWeights() tells an upper arm from the chest it hangs beside, whose joints the armpit blends", () => {
  using scope = new BufferScope();
  const torso = tube(0.1), arm = moved(tube(0.05, 24, 20), (x, y, z) => [x + 0.17, y, z]);
  const source = sourceOf(together(torso, arm), scope, (x, y) => {
    const blend = Math.max(0, 2 * y - 1); // both become joint 2 and 3 at the top, as around an armpit
    return x > 0.115 ? [[3, 1 - 0.4 * blend], [2, 0.4 * blend]] : [[2, 1 - 0.4 * blend], [3, 0.4 * blend]];
  });
  const shirt = moved(tube(0.1, 40, 30), (x, y, z) => [x > 0.09 && y < 0.8 ? x + 0.016 : x * 1.03, y, z * 1.03]);
  const armAt = (out: SkinWeights, v: number) => influences(out, v)[3] ?? 0;
  const { out: closest } = transfer(shirt, source, { method: "barycentric" });
  const { out, report } = transfer(shirt, source);
  let worstClosest = 0, worst = 0;
  for (let v = 0; 3 * v < shirt.positions.length; v++) {
    if (shirt.positions[3 * v + 1] > 0.5) continue;
    worstClosest = Math.max(worstClosest, armAt(closest, v));
    worst = Math.max(worst, armAt(out, v));
  }
  assertEquals(worstClosest, 1);
  assert(worst < 0.2 && report.jumped > 10, `${worst}, ${report.jumped} jumped`);
});
