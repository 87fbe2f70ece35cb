import { assertEquals, assertThrows } from "@std/assert";
import { closestPoints, closestPointsBytes, closestPointsWork } from "../../../fitting/surface/closest_points.ts";
import { SurfaceHit, SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, seeded, unitCube } from "../_meshes.ts";

function outFor(pointCount: number) {
  return {
    faces: new Int32Array(pointCount).fill(7),
    barycentric: new Float32Array(3 * pointCount).fill(7),
    distances: new Float32Array(pointCount).fill(7),
  };
}

function randomPoints(pointCount: number, seed: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: 3 * pointCount }, () => 3 * random() - 1.5);
}

for (const [maxDistance, seed] of [[Infinity, 1], [0.2, 2]] as const) {
  Deno.test(`closestPoints() gives in the caller's order what closestPoint() gives one by one, seed ${seed}`, () => {
    using scope = new BufferScope();
    const index = SurfaceIndex.build(icosphere(3), scope), hit = new SurfaceHit();
    const points = randomPoints(3000, seed), out = outFor(3000);
    const foundCount = closestPoints(index, points, out, scope, { maxDistance });
    let expectedCount = 0;
    for (let p = 0; p < 3000; p++) {
      const isFound = index.closestPointAt(points, p, hit, maxDistance);
      if (isFound) expectedCount++;
      const expected = isFound ? [hit.w0, hit.w1, hit.w2, Math.sqrt(hit.distanceSq)] : [0, 0, 0, Infinity];
      assertEquals(out.faces[p], isFound ? hit.face : -1);
      assertEquals([...out.barycentric.subarray(3 * p, 3 * p + 3), out.distances[p]], expected.map(Math.fround));
    }
    assertEquals(foundCount, expectedCount);
  });
}

Deno.test("closestPoints() finds nothing on a mesh without faces or for points that are not numbers, and takes none", () => {
  using scope = new BufferScope();
  const empty = SurfaceIndex.build(meshOf([], []), scope), cube = SurfaceIndex.build(unitCube(), scope);
  const out = outFor(2);
  assertEquals(closestPoints(empty, new Float32Array(6), out, scope), 0);
  assertEquals([...out.faces, ...out.barycentric, ...out.distances], [-1, -1, 0, 0, 0, 0, 0, 0, Infinity, Infinity]);
  assertEquals(closestPoints(cube, new Float32Array([NaN, 0, 0, 0.5, 0.5, 3]), out, scope), 1);
  assertEquals([...out.distances], [Infinity, 2]);
  assertEquals(closestPoints(cube, new Float32Array(0), outFor(0), scope), 0);
});

Deno.test("closestPoints() takes points in one place and points at infinity", () => {
  using scope = new BufferScope();
  const cube = SurfaceIndex.build(unitCube(), scope), out = outFor(3);
  assertEquals(closestPoints(cube, new Float32Array([2, 1, 1, 2, 1, 1, 2, 1, 1]), out, scope), 3);
  assertEquals([...out.distances], [1, 1, 1]);
  closestPoints(cube, new Float32Array([2, 1, 1, Infinity, 0, 0, 0.5, 0.5, 2]), out, scope);
  assertEquals([out.distances[0], out.distances[2]], [1, 1]);
});

Deno.test("closestPoints() leases exactly closestPointsBytes() and gives them back", () => {
  using index = new BufferScope();
  const cube = SurfaceIndex.build(unitCube(), index);
  for (const pointCount of [0, 1, 3000]) {
    using scratch = new BufferScope();
    closestPoints(cube, randomPoints(pointCount, 3), outFor(pointCount), scratch);
    assertEquals(scratch.peakBytes, closestPointsBytes({ pointCount }));
    assertEquals(scratch.inUseBytes, 0);
    const before = scratch.allocatedBytes;
    closestPoints(cube, randomPoints(pointCount, 4), outFor(pointCount), scratch);
    assertEquals(scratch.allocatedBytes, before);
  }
});

Deno.test("closestPointsWork() pauses every 2048 points", () => {
  using scope = new BufferScope();
  const cube = SurfaceIndex.build(unitCube(), scope);
  assertEquals([...closestPointsWork(cube, randomPoints(5000, 1), outFor(5000), scope)].length, 3);
});

Deno.test("closestPoints() refuses arrays of the wrong length", () => {
  using scope = new BufferScope();
  const cube = SurfaceIndex.build(unitCube(), scope), points = new Float32Array(6);
  const cases = [
    [new Float32Array(7), outFor(2), "points must hold 6 elements: it holds 7"],
    [points, { ...outFor(2), faces: new Int32Array(3) }, "out.faces must hold 2 elements: it holds 3"],
    [points, { ...outFor(2), barycentric: new Float32Array(2) }, "out.barycentric must hold 6 elements: it holds 2"],
    [points, { ...outFor(2), distances: new Float32Array(1) }, "out.distances must hold 2 elements: it holds 1"],
  ] as const;
  for (const [input, out, message] of cases) {
    assertThrows(() => closestPoints(cube, input, out, scope), RangeError, message);
  }
});
