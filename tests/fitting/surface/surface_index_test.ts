import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { leaseBvh } from "../../../fitting/surface/_bvh.ts";
import { sortFacesIntoLeaves } from "../../../fitting/surface/_bvh_build.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceHit, SurfaceIndex, surfaceIndexBytes } from "../../../fitting/surface/surface_index.ts";
import { finish } from "../../../fitting/work.ts";
import { BufferPool, BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, seeded, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import {
  cornersOf,
  degenerateSoup,
  distancesToFaces,
  exactWindingNumber,
  provokingPoints,
  triangleSoup,
  type Vector,
} from "../_surface_oracle.ts";

const NO_FACES = meshOf([], []);

/** An index whose memory goes with the garbage. */
function indexOf(mesh: TriangleMesh): SurfaceIndex {
  return SurfaceIndex.build(mesh, new BufferScope());
}

/** What a query found, as plain numbers. */
function found({ face, x, y, z, w0, w1, w2, distanceSq }: SurfaceHit) {
  return { face, point: [x, y, z], barycentric: [w0, w1, w2], distanceSq };
}

Deno.test("SurfaceIndex.closestPoint() knows the unit cube: sides, edges, corners, inside", () => {
  const index = indexOf(unitCube()), hit = new SurfaceHit();
  const cases: [Vector, Vector, number][] = [
    [[0.5, 0.25, 3], [0.5, 0.25, 1], 4],
    [[-2, 0.25, 0.75], [0, 0.25, 0.75], 4],
    [[0.25, -3, -4], [0.25, 0, 0], 25],
    [[2, 2, 2], [1, 1, 1], 3],
    [[0.5, 0.5, 0.75], [0.5, 0.5, 1], 0.0625],
    [[1, 1, 0], [1, 1, 0], 0],
    [[1e4, 0.5, 0.25], [1, 0.5, 0.25], 9999 ** 2],
  ];
  for (const [[x, y, z], point, distanceSq] of cases) {
    assert(index.closestPoint(x, y, z, hit));
    assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [...point, distanceSq]);
    assert(index.closestPointAt(new Float32Array([9, 9, 9, x, y, z]), 1, hit));
    assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [...point, distanceSq]);
  }
});

Deno.test("SurfaceIndex.closestPoint() gives barycentric coordinates in corner order", () => {
  const index = indexOf(meshOf([4, 0, 0, 0, 8, 0, 0, 0, 0], [2, 0, 1])), hit = new SurfaceHit();
  index.closestPoint(1, 4, -7, hit); // 1/4 of vertex 0, 1/2 of vertex 1, 1/4 of vertex 2
  assertEquals(found(hit), { face: 0, point: [1, 4, 0], barycentric: [0.25, 0.25, 0.5], distanceSq: 49 });
});

Deno.test("SurfaceIndex.closestPoint() gives ties to the lowest face", () => {
  const hit = new SurfaceHit();
  const copies = indexOf(meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], Array.from({ length: 120 }, (_, i) => i % 3)));
  copies.closestPoint(0.2, 0.3, 5, hit);
  assertEquals(hit.face, 0);
  const cube = unitCube(), index = indexOf(cube);
  index.closestPoint(0.5, 0.5, 0.5, hit); // half a unit from a diagonal of each side
  assertEquals(hit.face, 0);
  for (let corner = 0; corner < 8; corner++) {
    const x = 3 * (corner & 1) - 1, y = 3 * (corner >> 1 & 1) - 1, z = 3 * (corner >> 2) - 1;
    index.closestPoint(x, y, z, hit);
    assertEquals(hit.face, Math.floor(cube.indices.indexOf(corner) / 3));
  }
});

const MESHES: Record<string, (seed: number) => TriangleMesh> = {
  "a sphere": () => icosphere(3),
  "an open sheet": () => wavyGrid(17),
  "a soup": (seed) => triangleSoup(300, seed),
  "degenerate faces": degenerateSoup,
  "one face": (seed) => triangleSoup(1, seed),
  "a soup times 1e6": (seed) => scaled(triangleSoup(99, seed), 1e6),
  "a soup times 1e-6": (seed) => scaled(triangleSoup(99, seed), 1e-6),
};
for (const [name, meshFor] of Object.entries(MESHES)) {
  for (const seed of [1, 2]) {
    Deno.test(`SurfaceIndex.closestPoint() agrees with brute force on ${name}, seed ${seed}`, () => {
      const mesh = meshFor(seed), index = indexOf(mesh), hit = new SurfaceHit();
      const size = Math.max(...mesh.positions.map(Math.abs));
      for (const p of provokingPoints(mesh, 280, seed)) {
        assert(index.closestPoint(...p, hit));
        const distances = distancesToFaces(mesh, p), nearest = Math.min(...distances);
        // on needles the oracle is the less exact of the two
        const tolerance = (name === "degenerate faces" ? 1e-11 : 1e-12) * Math.max(nearest, size);
        assertAlmostEquals(Math.sqrt(hit.distanceSq), nearest, tolerance);
        assertAlmostEquals(distances[hit.face], nearest, tolerance);
        assertHitIsConsistent(mesh, p, hit, tolerance);
      }
    });
  }
}

/** The point is where the barycentric coordinates say and as far as `distanceSq` says. */
function assertHitIsConsistent(mesh: TriangleMesh, p: Vector, hit: SurfaceHit, tolerance: number): void {
  const { point, barycentric } = found(hit), corners = cornersOf(mesh, hit.face);
  assertAlmostEquals(barycentric[0] + barycentric[1] + barycentric[2], 1, 1e-15);
  assert(Math.min(...barycentric) >= 0 && Math.max(...barycentric) <= 1, `${barycentric}`);
  for (let axis = 0; axis < 3; axis++) {
    const sum = corners.reduce((s, corner, k) => s + barycentric[k] * corner[axis], 0);
    assertAlmostEquals(point[axis], sum, tolerance);
  }
  assertAlmostEquals(
    Math.hypot(point[0] - p[0], point[1] - p[1], point[2] - p[2]),
    Math.sqrt(hit.distanceSq),
    tolerance,
  );
}

Deno.test("SurfaceIndex.closestPoint() finds the lowest of many equal faces wherever they lie in the tree", () => {
  const soup = triangleSoup(200, 5), random = seeded(6), hit = new SurfaceHit();
  const twice = meshOf([...soup.positions], [...soup.indices, ...soup.indices]);
  const index = indexOf(twice);
  for (let i = 0; i < 300; i++) {
    index.closestPoint(3 * random() - 1, 3 * random() - 1, 3 * random() - 1, hit);
    assert(hit.face < 200, `face ${hit.face} is the second of its kind`);
  }
});

Deno.test("SurfaceIndex.closestPoint() finds what lies at maxDistance, nothing beyond, and then leaves the hit alone", () => {
  const index = indexOf(unitCube()), hit = new SurfaceHit();
  assertEquals(index.closestPoint(0.5, 0.5, 3, hit, 2), true);
  const before = found(hit);
  assertEquals(index.closestPoint(0.5, 0.25, 3, hit, 1.9999999), false);
  assertEquals(index.closestPoint(0.5, 0.25, 3, hit, NaN), false);
  assertEquals(index.closestPoint(0.5, NaN, 3, hit), false);
  assertEquals(found(hit), before);
  assertEquals(index.closestPoint(1, 1, 1, hit, 0), true);
});

Deno.test("SurfaceIndex.closestPoint() answers the same whatever face it starts at, seed 3", () => {
  const mesh = triangleSoup(500, 3), index = indexOf(mesh), random = seeded(4);
  const hit = new SurfaceHit(), started = new SurfaceHit();
  for (const p of provokingPoints(mesh, 500, 3)) {
    index.closestPoint(...p, hit);
    index.closestPoint(...p, started, Infinity, Math.floor(random() * 502) - 1);
    assertEquals(found(started), found(hit));
    index.closestPoint(...p, started, Infinity, hit.face);
    assertEquals(found(started), found(hit));
  }
});

Deno.test("SurfaceIndex finds nothing on a mesh without faces", () => {
  const index = indexOf(NO_FACES), hit = new SurfaceHit();
  assertEquals(index.faceCount, 0);
  assertEquals(index.closestPoint(0, 0, 0, hit), false);
  assertEquals(index.rayHit(0, 0, 0, 1, 0, 0, hit), false);
  assertEquals(index.windingNumber(0, 0, 0), 0);
  assertEquals(index.signedDistance(0, 0, 0, hit), NaN);
  index.refit();
});

Deno.test("SurfaceIndex.signedDistance() of a sphere nears |p| - r as faces grow smaller, negative inside", () => {
  const radius = 2, hit = new SurfaceHit();
  for (const [level, tolerance] of [[1, 0.2], [2, 0.05], [3, 0.0125], [4, 0.0032]]) {
    const index = indexOf(icosphere(level, radius)), random = seeded(level);
    for (let i = 0; i < 100; i++) {
      const p: Vector = [6 * random() - 3, 6 * random() - 3, 6 * random() - 3];
      const expected = Math.hypot(...p) - radius;
      if (Math.abs(expected) < tolerance) continue;
      assertAlmostEquals(index.signedDistance(...p, hit), expected, tolerance);
    }
  }
});

Deno.test("SurfaceIndex.signedDistance() is 0, not -0, on the surface, and positive outside of a tetrahedron", () => {
  const index = indexOf(tetrahedron()), hit = new SurfaceHit();
  assert(Object.is(index.signedDistance(0.25, 0.25, 0, hit), 0));
  assert(Object.is(index.signedDistance(1, 0, 0, hit), 0));
  assertEquals(index.signedDistance(0.125, 0.25, 0.25, hit), -0.125);
  assertEquals(index.signedDistance(-0.125, 0.25, 0.25, hit), 0.125);
});

Deno.test("SurfaceIndex.refit() answers like a new index over the moved mesh, seed 8", () => {
  const mesh = icosphere(2), index = indexOf(mesh), random = seeded(8);
  index.windingNumber(0, 0, 0);
  for (let i = 0; i < mesh.positions.length; i++) mesh.positions[i] = 3 * mesh.positions[i] + random();
  index.refit();
  const fresh = indexOf(mesh), hit = new SurfaceHit(), expected = new SurfaceHit();
  for (const p of provokingPoints(mesh, 140, 8)) {
    index.closestPoint(...p, hit);
    fresh.closestPoint(...p, expected);
    assertEquals(found(hit), found(expected));
    assertAlmostEquals(index.windingNumber(...p), fresh.windingNumber(...p), 0.01);
  }
});

Deno.test("SurfaceIndex.build() bounds the depth of a tree over faces that halve their distances along every axis", () => {
  const positions: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (let f = 0; f < 120; f++) {
      const at = [0, 0, 0], size = 2 ** -25;
      at[axis] = -(2.05 ** -(f >> 2)); // four at each place, a leaf of their own
      positions.push(...at, at[0] + size, at[1], at[2], at[0], at[1] + size, at[2] + size * f);
    }
  }
  const mesh = meshOf(positions, positions.keys().toArray().slice(0, positions.length / 3)), hit = new SurfaceHit();
  const index = SurfaceIndex.build(mesh, new BufferScope(), { windingBeta: 1e9 });
  for (let f = 0; f < 360; f++) {
    index.closestPointAt(mesh.positions, 3 * f, hit);
    assertEquals(hit.distanceSq, 0);
  }
  using scope = new BufferScope();
  const bvh = leaseBvh(360, scope),
    depthOf = (ref: number): number =>
      ref < 0 ? 0 : 1 + Math.max(depthOf(bvh.children[2 * ref]), depthOf(bvh.children[2 * ref + 1]));
  finish(sortFacesIntoLeaves(mesh, bvh));
  assert(depthOf(bvh.root) <= 30 + 7, `${depthOf(bvh.root)} levels`); // then halves: 90 leaves are less than 2 ** 7
  // every face counts, as beta is out of reach: none is lost on the way down
  const p = [1e-6, 2e-6, -1e-6] as const, exact = exactWindingNumber(mesh, p);
  assertAlmostEquals(index.windingNumber(...p), exact, 1e-9 * Math.abs(exact));
});

Deno.test("SurfaceIndex.closestPoint() is exact inside needles, whichever corner comes first", () => {
  const corners = [[0, 0, 0], [1, 0, 0], [0.75, 2 ** -20, 0]], hit = new SurfaceHit();
  for (const order of [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]]) {
    const index = indexOf(meshOf(order.flatMap((corner) => corners[corner]), [0, 1, 2]));
    assert(index.closestPoint(0.6875, 2 ** -21, 3, hit));
    assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [0.6875, 2 ** -21, 0, 9]);
    const weights = [1 / 8 + 1 / 16, 5 / 16, 1 / 2];
    assertEquals([hit.w0, hit.w1, hit.w2], order.map((corner) => weights[corner]));
  }
});

Deno.test("SurfaceIndex.build() leases exactly what surfaceIndexBytes() says, with and without SIMD", () => {
  for (const mesh of [NO_FACES, triangleSoup(1, 1), triangleSoup(4, 1), triangleSoup(5, 1), unitCube(), icosphere(3)]) {
    for (const wasm of [true, false]) {
      using out = new BufferScope(new BufferPool({ wasm, idleMs: Infinity }));
      const index = SurfaceIndex.build(mesh, out), { faceCount } = index;
      index.signedDistance(0.1, 0.2, 0.3, new SurfaceHit());
      assertEquals(faceCount, mesh.indices.length / 3);
      assertEquals(out.peakBytes, surfaceIndexBytes({ faceCount }));
    }
  }
});

/**
 * Bytes of garbage a call of `ask` makes once it is compiled, which takes until
 * the machine finds the time: the larger of the two best rounds in a row.
 */
async function garbageOf(ask: (i: number) => void): Promise<number> {
  const calls = 4000;
  let least = Infinity, last = Infinity;
  for (let round = 0; round < 100 && least > 1; round++) {
    await new Promise((resolve) => setTimeout(resolve, round % 10)); // the compiler's
    const before = Deno.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) ask(i);
    const bytes = (Deno.memoryUsage().heapUsed - before) / calls;
    const isCollected = bytes < 0; // says nothing
    if (!isCollected) least = Math.min(least, Math.max(bytes, last));
    last = isCollected ? Infinity : bytes;
  }
  return least;
}

Deno.test("SurfaceIndex.closestPointAt() creates nothing at all, the others at most boxes for numbers", async () => {
  const index = indexOf(icosphere(3)), hit = new SurfaceHit(), random = seeded(1);
  const points = Float32Array.from({ length: 12000 }, () => 4 * random() - 2);
  const at = await garbageOf((i) => index.closestPointAt(points, i, hit, Infinity, hit.face));
  assert(at < 4, `closestPointAt() left ${at} bytes behind`);
  const rest = await garbageOf((i) => {
    index.signedDistance(points[3 * i], points[3 * i + 1], points[3 * i + 2], hit);
    index.rayHit(points[3 * i], points[3 * i + 1], points[3 * i + 2], 1, 0.5, 0, hit);
  });
  assert(rest < 160, `signedDistance() and rayHit() left ${rest} bytes behind`); // a typed array takes more
});

Deno.test("SurfaceIndex.buildWork() pauses and builds the same tree", () => {
  const mesh = icosphere(6), hit = new SurfaceHit(), expected = new SurfaceHit();
  indexOf(mesh).closestPoint(0.1, 0.2, 0.3, expected);
  for (const wasm of [true, false]) {
    const work = SurfaceIndex.buildWork(mesh, new BufferScope(new BufferPool({ wasm, idleMs: Infinity })));
    let pauses = 0, step = work.next();
    for (; !step.done; step = work.next()) pauses++;
    assert(pauses >= 5, `${pauses} pauses`);
    step.value.closestPoint(0.1, 0.2, 0.3, hit);
    assertEquals(found(hit), found(expected));
  }
});

Deno.test("SurfaceIndex.build() refuses a windingBeta of 1 before it leases anything", () => {
  const out = new BufferScope();
  assertThrows(
    () => SurfaceIndex.build(unitCube(), out, { windingBeta: 1 }),
    RangeError,
    "windingBeta must be > 1: current value is 1",
  );
  assertEquals(out.peakBytes, 0);
});
