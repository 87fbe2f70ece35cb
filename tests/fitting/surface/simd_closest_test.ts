import { assert, assertEquals, assertThrows } from "@std/assert";
import { closestPoints } from "../../../fitting/surface/closest_points.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceHit, SurfaceIndex, treeOf } from "../../../fitting/surface/surface_index.ts";
import { BufferPool, BufferScope } from "../../../pool/mod.ts";
import { pointsNear, quartered, readBody } from "../_body.ts";
import { icosphere, meshOf, seeded, unitCube } from "../_meshes.ts";
import { degenerateSoup, distancesToFaces, provokingPoints, triangleSoup } from "../_surface_oracle.ts";

/** A scope whose kernels run in TypeScript. */
function scalarScope(): BufferScope {
  return new BufferScope(new BufferPool({ wasm: false, idleMs: Infinity }));
}

function scaled(mesh: TriangleMesh, factor: number, shift = 0): TriangleMesh {
  return meshOf(mesh.positions.map((x) => factor * x + shift), [...mesh.indices]);
}

function answersOf(index: SurfaceIndex, points: Float32Array, maxDistance: number, startFaces: Int32Array) {
  const count = points.length / 3;
  const out = {
    faces: new Int32Array(count),
    barycentric: new Float32Array(3 * count),
    distances: new Float32Array(count),
  };
  using scratch = new BufferScope();
  closestPoints(index, points, out, scratch, { maxDistance, startFaces });
  return out;
}

/** Asks both indices all points, one by one and as a batch, and holds the answers to the same bits. */
function assertSameBits(mesh: TriangleMesh, points: Float32Array, maxDistance = Infinity): void {
  using scope = new BufferScope();
  using plain = scalarScope();
  const simd = SurfaceIndex.build(mesh, scope), scalar = SurfaceIndex.build(mesh, plain);
  assertEquals([simd.path, scalar.path], ["simd", "scalar"]);
  const one = new SurfaceHit(), other = new SurfaceHit(), random = seeded(5);
  const starts = Int32Array.from({ length: points.length / 3 }, () => Math.floor(random() * (simd.faceCount + 1)) - 1);
  for (let i = 0; i < starts.length; i++) {
    const isFound = scalar.closestPointAt(points, i, other, maxDistance);
    for (const start of [-1, starts[i]]) {
      assertEquals(simd.closestPointAt(points, i, one, maxDistance, start), isFound);
      if (isFound) assertEquals({ ...one }, { ...other }, `query ${i}`);
    }
  }
  const none = new Int32Array(0), expected = answersOf(scalar, points, maxDistance, none);
  for (const startFaces of [none, starts]) {
    assertEquals(answersOf(simd, points, maxDistance, startFaces), expected);
    assertEquals(answersOf(scalar, points, maxDistance, startFaces), expected);
  }
}

const SHAPES: Record<string, TriangleMesh> = {
  "a cube": unitCube(),
  "a sphere": icosphere(3),
  "a soup": triangleSoup(300, 7),
  "degenerate faces": degenerateSoup(8),
  "one triangle": triangleSoup(1, 9),
  "five triangles": triangleSoup(5, 9),
  "faces all at one point": meshOf(new Float32Array(30).fill(3), [0, 1, 2, 3, 4, 5, 6, 7, 8, 7, 8, 9, 1, 5, 9]),
};
for (const [name, mesh] of Object.entries(SHAPES)) {
  for (const [factor, shift] of [[1, 0], [1e6, 0], [1e-6, 0], [1, 7000]]) {
    Deno.test(`closest points with SIMD are those of TypeScript to the last bit: ${name} times ${factor} plus ${shift}, seed 3`, () => {
      const shape = scaled(mesh, factor, shift), points = Float32Array.from(provokingPoints(shape, 210, 3).flat());
      assertSameBits(shape, points);
      assertSameBits(shape, points, 0.01 * factor);
    });
  }
}

Deno.test("closest points with SIMD are right: brute force over every face, seed 4", () => {
  for (const mesh of [SHAPES["a soup"], SHAPES["degenerate faces"]]) {
    using scope = new BufferScope();
    const index = SurfaceIndex.build(mesh, scope), hit = new SurfaceHit();
    assertEquals(index.path, "simd");
    for (const p of provokingPoints(mesh, 140, 4)) {
      assert(index.closestPoint(...p, hit));
      const distances = distancesToFaces(mesh, p), least = Math.min(...distances);
      assert(Math.abs(Math.sqrt(hit.distanceSq) - least) <= 1e-9 * Math.max(1, least));
    }
  }
});

Deno.test("closest points with SIMD answer a point as far from everything as from anything: the middle of a sphere", () => {
  const mesh = icosphere(4);
  assertSameBits(mesh, Float32Array.of(0, 0, 0, 1e-7, 0, 0, 0, -1e-8, 0));
});

Deno.test("closest points with SIMD leave what is no number, infinite or very far to TypeScript", () => {
  const points = Float32Array.of(NaN, 0, 0, Infinity, 0, 0, 0, -Infinity, 0, 1e30, 0, 0, 100, 100, 100, 0, 0, 3e38);
  assertSameBits(icosphere(2), points);
});

Deno.test("closest points with SIMD follow a mesh that moved, after refit()", () => {
  const mesh = icosphere(3), points = Float32Array.from(provokingPoints(mesh, 140, 6).flat());
  using scope = new BufferScope();
  const index = SurfaceIndex.build(mesh, scope), none = new Int32Array(0);
  const random = seeded(11);
  for (let k = 0; k < mesh.positions.length; k++) mesh.positions[k] = 3 * mesh.positions[k] + 0.3 * random() + 5;
  index.refit();
  using plain = scalarScope();
  assertEquals(
    answersOf(index, points, Infinity, none),
    answersOf(SurfaceIndex.build(mesh, plain), points, Infinity, none),
  );
});

const body = readBody();
for (const [name, mesh] of [["a body", body], ["a body in quarters", body && quartered(body)]] as const) {
  Deno.test({
    name: `closest points with SIMD are those of TypeScript to the last bit on ${name}, seed 1`,
    ignore: mesh === undefined,
    fn() {
      for (const offset of [0, 0.01, 0.3]) assertSameBits(mesh!, pointsNear(mesh!, 1000, offset, seeded(1)));
    },
  });
}

for (const wasm of [true, false]) {
  Deno.test(`an index that outlives its frame answers nothing, ${wasm ? "WebAssembly" : "plain"} memory`, () => {
    const scope = new BufferScope(new BufferPool({ wasm, idleMs: Infinity }));
    const index = SurfaceIndex.build(unitCube(), scope), hit = new SurfaceHit();
    scope.close();
    for (const ask of [() => index.closestPoint(0, 0, 0, hit), () => index.isInside(0, 0, 0), () => index.refit()]) {
      assertThrows(ask, TypeError, "Cannot ask a surface index as the frame it was built in has closed");
    }
  });
}

/** What both builders must agree on: everything a query reads. */
function treeArrays(index: SurfaceIndex) {
  const { faceOfSlot, leafOfFace, children, boxes, triangles } = treeOf(index);
  return [faceOfSlot, leafOfFace, children, boxes, triangles].map((array) => [...array]);
}

Deno.test("the kernels build and refit the tree TypeScript builds, every number of it, seed 2", () => {
  const sizes = [1, 4, 5, 9, 17, 100, 1000].map((count) => triangleSoup(count, 2));
  for (const mesh of [...Object.values(SHAPES), ...sizes, icosphere(5), ...body === undefined ? [] : [body]]) {
    using scope = new BufferScope();
    using plain = scalarScope();
    const moved = { positions: mesh.positions.slice(), indices: mesh.indices };
    const simd = SurfaceIndex.build(moved, scope), scalar = SurfaceIndex.build(moved, plain);
    assertEquals(treeArrays(simd), treeArrays(scalar));
    moved.positions.forEach((x, k) => moved.positions[k] = 2 * x + k % 7);
    simd.refit();
    scalar.refit();
    assertEquals(treeArrays(simd), treeArrays(scalar));
  }
});

Deno.test("an index over a mesh of mostly unused vertices, too many for the kernels to copy, is as any other", () => {
  const { positions, indices } = icosphere(1), padded = new Float32Array(positions.length + 3000);
  padded.set(positions);
  using scope = new BufferScope();
  using plain = scalarScope();
  const simd = SurfaceIndex.build({ positions: padded, indices }, scope);
  const scalar = SurfaceIndex.build({ positions: padded, indices }, plain);
  assertEquals(simd.path, "simd");
  assertEquals(treeArrays(simd), treeArrays(scalar));
  const points = Float32Array.of(0.3, 2, -1, 0, 0, 0.5), none = new Int32Array(0);
  assertEquals(answersOf(simd, points, Infinity, none), answersOf(scalar, points, Infinity, none));
});
