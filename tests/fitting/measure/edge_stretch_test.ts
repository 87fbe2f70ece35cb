import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { edgeStretch, edgeStretchBytes, type EdgeStretchOptions } from "../../../fitting/measure/edge_stretch.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, seeded, tetrahedron, unitCube } from "../_meshes.ts";
import { flatGrid, moved, topologyOf, turned, unwelded } from "../_more_meshes.ts";

function stretchOf(
  rest: TriangleMesh,
  deformed: Float32Array,
  options: EdgeStretchOptions = {},
) {
  using scratch = new BufferScope();
  return edgeStretch(rest, deformed, topologyOf(rest), scratch, options);
}

Deno.test("edgeStretch() of a mesh that did not move is exactly 1", () => {
  const sphere = icosphere(2);
  assertEquals(stretchOf(sphere, sphere.positions), {
    scale: 1,
    min: 1,
    p1: 1,
    p5: 1,
    p50: 1,
    p95: 1,
    p99: 1,
    max: 1,
  });
});

Deno.test("edgeStretch() does not see turns and moves, and sees size unless told to take the best", () => {
  const sphere = icosphere(2);
  const there = scaled(turned(moved(sphere, (x, y, z) => [x + 1, y, z - 1])), 1.5)
    .positions;
  const stretch = stretchOf(sphere, there),
    best = stretchOf(sphere, there, { scale: "best" });
  for (const key of ["min", "p1", "p5", "p50", "p95", "p99", "max"] as const) {
    assertAlmostEquals(stretch[key], 1.5, 1e-5);
    assertAlmostEquals(best[key], 1, 1e-5);
  }
  assertAlmostEquals(best.scale, 1.5, 1e-6);
});

Deno.test("edgeStretch() of a cube pulled to double height: 4 edges by 2, 4 diagonals by √2.5", () => {
  const cube = unitCube(),
    tall = moved(cube, (x, y, z) => [x, 2 * y, z]).positions;
  const { min, p50, p99, max } = stretchOf(cube, tall);
  assertEquals([min, p50, max], [1, 1, 2]);
  assertAlmostEquals(p99, 2, 1e-12);
  const { scale } = stretchOf(cube, tall, { scale: "best" });
  assertAlmostEquals(
    scale,
    (8 + 4 * 2 + 2 * 2 + 4 * Math.sqrt(10)) / (12 + 6 * 2),
    1e-12,
  );
});

Deno.test("edgeStretch() compares at the scale it is given", () => {
  const cube = unitCube(),
    { p50, scale } = stretchOf(cube, cube.positions, { scale: 0.5 });
  assertEquals([p50, scale], [2, 0.5]);
});

Deno.test("edgeStretch() interpolates percentiles between sorted ratios", () => {
  const rest = flatGrid(9), random = seeded(2);
  const deformed = rest.positions.map((x) => x + 0.05 * random());
  const { ringOffsets, ringVertices } = topologyOf(rest);
  const ratios: number[] = [];
  const length = (p: Float32Array, a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((k) => p[3 * a + k] - p[3 * b + k]));
  for (let a = 0; a < 81; a++) {
    for (const b of ringVertices.subarray(ringOffsets[a], ringOffsets[a + 1])) {
      if (a < b) {
        ratios.push(length(deformed, a, b) / length(rest.positions, a, b));
      }
    }
  }
  ratios.sort((a, b) => a - b);
  const at = 0.99 * (ratios.length - 1), low = Math.floor(at);
  const { min, p99, max } = stretchOf(rest, deformed);
  assertAlmostEquals(min, ratios[0], 1e-12);
  assertAlmostEquals(max, ratios[ratios.length - 1], 1e-12);
  assertAlmostEquals(
    p99,
    ratios[low] + (at - low) * (ratios[low + 1] - ratios[low]),
    1e-12,
  );
});

Deno.test("edgeStretch() counts welded edges: seams weigh no more than the rest", () => {
  const welded = icosphere(1),
    split = unwelded(welded),
    pull = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [x, 1.3 * y, z]).positions;
  assertEquals(stretchOf(split, pull(split)), stretchOf(welded, pull(welded)));
});

for (const factor of [1e-6, 1e6]) {
  Deno.test(`edgeStretch() does not depend on the size of both, factor ${factor}`, () => {
    const rest = icosphere(1),
      deformed = moved(rest, (x, y, z) => [x, 1.3 * y, z]);
    const expected = stretchOf(rest, deformed.positions);
    const actual = stretchOf(
      scaled(rest, factor),
      scaled(deformed, factor).positions,
    );
    for (const key of ["min", "p1", "p5", "p50", "p95", "p99", "max"] as const) {
      assertAlmostEquals(actual[key], expected[key], 1e-6);
    }
  });
}

Deno.test("edgeStretch() of a collapsed mesh is 0, of no edges NaN", () => {
  const cube = unitCube();
  assertEquals(stretchOf(cube, new Float32Array(24)).max, 0);
  const empty = meshOf([], []);
  assert(Number.isNaN(stretchOf(empty, empty.positions).p99));
});

Deno.test("edgeStretchBytes() is what is leased, and nothing is allocated after the first call", () => {
  using scratch = new BufferScope();
  const sphere = icosphere(2), topology = topologyOf(sphere);
  edgeStretch(sphere, sphere.positions, topology, scratch);
  assertEquals(scratch.peakBytes, edgeStretchBytes(topology));
  assertEquals(scratch.inUseBytes, 0);
  const before = scratch.allocatedBytes;
  edgeStretch(sphere, sphere.positions, topology, scratch);
  assertEquals(scratch.allocatedBytes, before);
});

Deno.test("edgeStretch() refuses what does not fit", () => {
  const cube = unitCube();
  assertThrows(
    () => stretchOf(cube, new Float32Array(3)),
    RangeError,
    "must hold 24 floats: it holds 3",
  );
  assertThrows(
    () => stretchOf(cube, cube.positions, { scale: 0 }),
    RangeError,
    "current value is 0",
  );
  assertThrows(
    () => stretchOf(cube, cube.positions, { scale: NaN }),
    RangeError,
    "current value is NaN",
  );
  const topology = topologyOf(tetrahedron());
  assertThrows(
    () => edgeStretch(cube, cube.positions, topology, new BufferScope()),
    RangeError,
    "it has 4 vertices, the mesh 8",
  );
});
