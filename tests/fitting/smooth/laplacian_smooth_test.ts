import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  laplacianSmooth,
  laplacianSmoothBytes,
  type LaplacianSmoothOptions,
  laplacianSmoothWork,
} from "../../../fitting/smooth/laplacian_smooth.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { flatGrid, joined, moved, shuffled, topologyOf, turned, unwelded } from "../_more_meshes.ts";

function smoothed(mesh: TriangleMesh, options: LaplacianSmoothOptions = {}) {
  const positions = new Float32Array(mesh.positions.length).fill(NaN);
  using scratch = new BufferScope();
  return {
    positions,
    ...laplacianSmooth(mesh, topologyOf(mesh), positions, scratch, options),
  };
}

function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assertAlmostEquals(actual[i], expected[i], tolerance);
  }
}

for (const [iterations, lambda] of [[1, 0.5], [3, 0.25], [2, 1]]) {
  Deno.test(`laplacianSmooth() shrinks a tetrahedron to its centre by (1 - 4/3 lambda) a pass, ${iterations} × ${lambda}`, () => {
    const mesh = tetrahedron(), factor = (1 - 4 / 3 * lambda) ** iterations;
    const { positions, maxMove, meanMove } = smoothed(mesh, {
      iterations,
      lambda,
    });
    assertNear(
      positions,
      mesh.positions.map((x) => 0.25 + factor * (x - 0.25)),
      1e-7,
    );
    const far = Math.sqrt(0.75 ** 2 + 2 * 0.25 ** 2), near = Math.sqrt(3) / 4;
    assertAlmostEquals(maxMove, Math.abs(1 - factor) * far, 1e-6);
    assertAlmostEquals(
      meanMove,
      Math.abs(1 - factor) * (3 * far + near) / 4,
      1e-6,
    );
  });
}

Deno.test("laplacianSmooth() changes nothing on a flat regular sheet with its rim pinned", () => {
  const sheet = flatGrid(9); // eighths: every mean is exact
  const { positions, maxMove, meanMove } = smoothed(sheet, { iterations: 20 });
  assertEquals(positions, sheet.positions);
  assertEquals([maxMove, meanMove], [0, 0]);
});

Deno.test("laplacianSmooth() pins the rim to the last bit, and pulls it in when told so", () => {
  const sheet = wavyGrid(7), { isBoundary } = topologyOf(sheet);
  const pinned = smoothed(sheet).positions;
  const free = smoothed(sheet, { boundary: "free" }).positions;
  for (let v = 0; v < 49; v++) {
    if (isBoundary[v] === 0) continue;
    assertEquals([...pinned.subarray(3 * v, 3 * v + 3)], [
      ...sheet.positions.subarray(3 * v, 3 * v + 3),
    ]);
  }
  assert(free[0] > 0.01 && free[2] > 0.01); // the corner at the origin
});

Deno.test("laplacianSmooth() flattens waves between a pinned rim, more with every iteration", () => {
  const sheet = wavyGrid(12);
  const roughness = [0, 10, 100, 1000].map((iterations) => {
    const { positions } = smoothed(sheet, { iterations });
    return positions.reduce(
      (sum, y, i) => i % 3 === 1 ? sum + Math.abs(y) : sum,
      0,
    );
  });
  assert(
    roughness[0] > roughness[1] && roughness[1] > roughness[2] &&
      roughness[2] > roughness[3],
  );
});

Deno.test("laplacianSmooth() shrinks a sphere, which stays round", () => {
  const { positions } = smoothed(icosphere(3), { iterations: 50 });
  const radii = radiiOf(positions);
  assert(Math.max(...radii) < 0.9);
  assert(Math.max(...radii) / Math.min(...radii) < 1.05);
});

Deno.test("laplacianSmooth() moves the copies at a seam as one, as the welded mesh", () => {
  const welded = icosphere(2), split = unwelded(welded);
  const expected = smoothed(welded).positions, { positions } = smoothed(split);
  welded.indices.forEach((v, c) =>
    assertNear(
      positions.subarray(3 * c, 3 * c + 3),
      expected.subarray(3 * v, 3 * v + 3),
      1e-6,
    )
  );
  const { positionRemap, representative } = topologyOf(split);
  positionRemap.forEach((w, v) => assertEquals(positions[3 * v], positions[3 * representative[w]]));
});

Deno.test("laplacianSmooth() leaves alone what no face uses, and does not count it", () => {
  const cube = unitCube();
  const { positions, meanMove } = smoothed(
    joined(cube, meshOf([0.1, 0.2, 0.3], [])),
  );
  assertEquals([...positions.subarray(24)], [
    ...Float32Array.of(0.1, 0.2, 0.3),
  ]);
  assertEquals(meanMove, smoothed(cube).meanMove);
});

Deno.test("laplacianSmooth() takes an empty mesh and a face of one place", () => {
  assertEquals(smoothed(meshOf([], [])).meanMove, 0);
  assertEquals([...smoothed(meshOf([1, 2, 3], [0, 0, 0])).positions], [
    1,
    2,
    3,
  ]);
});

Deno.test("laplacianSmooth() with no iteration copies", () => {
  assertEquals(
    smoothed(icosphere(1), { iterations: 0 }).positions,
    icosphere(1).positions,
  );
});

for (const factor of [1e-6, 1e6]) {
  Deno.test(`laplacianSmooth() grows with the mesh, factor ${factor}`, () => {
    const expected = smoothed(wavyGrid(6)).positions.map((x) => x * factor);
    assertNear(
      smoothed(scaled(wavyGrid(6), factor)).positions,
      expected,
      2e-7 * factor,
    );
  });
}

Deno.test("laplacianSmooth() turns and moves with the mesh", () => {
  const { positions } = smoothed(wavyGrid(6));
  assertNear(
    smoothed(turned(wavyGrid(6))).positions,
    turned(meshOf(positions, [])).positions,
    3e-7,
  );
  const shift = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [x + 1, y - 2, z + 3]);
  assertNear(
    smoothed(shift(wavyGrid(6))).positions,
    shift(meshOf(positions, [])).positions,
    1e-6,
  );
});

for (const seed of [1, 2, 3]) {
  Deno.test(`laplacianSmooth() does not depend on the order of vertices and faces, seed ${seed}`, () => {
    const { positions } = smoothed(wavyGrid(6)),
      { mesh, order } = shuffled(wavyGrid(6), seed);
    const fresh = smoothed(mesh).positions;
    order.forEach((old, v) =>
      assertNear(
        fresh.subarray(3 * v, 3 * v + 3),
        positions.subarray(3 * old, 3 * old + 3),
        1e-7,
      )
    );
  });
}

Deno.test("laplacianSmooth() may write over the positions it reads", () => {
  const mesh = unwelded(icosphere(1)), expected = smoothed(mesh);
  const report = laplacianSmooth(
    mesh,
    topologyOf(mesh),
    mesh.positions,
    new BufferScope(),
  );
  assertEquals(mesh.positions, expected.positions);
  assertEquals(report.maxMove, expected.maxMove);
});

Deno.test("laplacianSmoothBytes() is what is leased", () => {
  for (const mesh of [meshOf([], []), unitCube(), unwelded(icosphere(1))]) {
    using scratch = new BufferScope();
    const topology = topologyOf(mesh);
    laplacianSmooth(mesh, topology, mesh.positions, scratch);
    assertEquals(scratch.peakBytes, laplacianSmoothBytes(topology));
    assertEquals(scratch.inUseBytes, 0);
  }
});

Deno.test("laplacianSmooth() allocates only on its first call", () => {
  using scratch = new BufferScope();
  const mesh = icosphere(2),
    topology = topologyOf(mesh),
    out = mesh.positions.slice();
  laplacianSmooth(mesh, topology, out, scratch);
  const before = scratch.allocatedBytes;
  laplacianSmooth(mesh, topology, out, scratch, { iterations: 33 });
  assertEquals(scratch.allocatedBytes, before);
});

Deno.test("laplacianSmoothWork() pauses; given up, it has written nothing and gives back all", () => {
  using scratch = new BufferScope();
  const mesh = unitCube(), out = new Float32Array(24);
  const work = laplacianSmoothWork(mesh, topologyOf(mesh), out, scratch, {
    iterations: 100_000,
  });
  assertEquals([1, 2, 3].map(() => work.next().done), [false, false, false]);
  work.return(undefined as never);
  assertEquals(out, new Float32Array(24));
  assertEquals(scratch.inUseBytes, 0);
});

Deno.test("laplacianSmooth() refuses what does not fit", () => {
  const mesh = unitCube(),
    topology = topologyOf(mesh),
    out = new Float32Array(24);
  using scratch = new BufferScope();
  const refused = (message: string, options: LaplacianSmoothOptions) =>
    assertThrows(
      () => laplacianSmooth(mesh, topology, out, scratch, options),
      RangeError,
      message,
    );
  refused("iterations must be a whole number >= 0: current value is 1.5", {
    iterations: 1.5,
  });
  refused("iterations must be a whole number >= 0: current value is -1", {
    iterations: -1,
  });
  refused("lambda must be above 0 and <= 1: current value is 0", { lambda: 0 });
  refused("lambda must be above 0 and <= 1: current value is NaN", {
    lambda: NaN,
  });
  assertThrows(
    () => laplacianSmooth(mesh, topology, new Float32Array(3), scratch),
    RangeError,
    "must hold 24 floats: it holds 3",
  );
  assertThrows(
    () => laplacianSmooth(mesh, topologyOf(tetrahedron()), out, scratch),
    RangeError,
    "it has 4 vertices, the mesh 8",
  );
  assertEquals(scratch.peakBytes, 0);
});

function radiiOf(positions: Float32Array): number[] {
  return Array.from(
    { length: positions.length / 3 },
    (_, v) => Math.hypot(...positions.subarray(3 * v, 3 * v + 3)),
  );
}
