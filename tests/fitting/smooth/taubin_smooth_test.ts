import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import {
  taubinMu,
  taubinSmooth,
  taubinSmoothBytes,
  type TaubinSmoothOptions,
  taubinSmoothWork,
} from "../../../fitting/smooth/taubin_smooth.ts";
import { laplacianSmooth } from "../../../fitting/smooth/laplacian_smooth.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, seeded, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { flatGrid, shuffled, topologyOf, turned, unwelded } from "../_more_meshes.ts";

function smoothed(mesh: TriangleMesh, options: TaubinSmoothOptions = {}) {
  const positions = new Float32Array(mesh.positions.length).fill(NaN);
  using scratch = new BufferScope();
  return {
    positions,
    ...taubinSmooth(mesh, topologyOf(mesh), positions, scratch, options),
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

/** Mean and standard deviation of the distances from the origin. */
function radiusOf(
  positions: Float32Array,
): { mean: number; deviation: number } {
  const radii = Array.from(
    { length: positions.length / 3 },
    (_, v) => Math.hypot(...positions.subarray(3 * v, 3 * v + 3)),
  );
  const mean = radii.reduce((sum, r) => sum + r) / radii.length;
  const deviation = Math.sqrt(
    radii.reduce((sum, r) => sum + (r - mean) ** 2, 0) / radii.length,
  );
  return { mean, deviation };
}

function noisySphere(level: number): TriangleMesh {
  const { positions, indices } = icosphere(level), random = seeded(5);
  for (let i = 0; i < positions.length; i += 3) {
    const radius = 1 + 0.04 * (random() - 0.5);
    for (let k = i; k < i + 3; k++) positions[k] *= radius;
  }
  return { positions, indices };
}

for (const options of [{}, { lambda: 0.33 }, { lambda: 0.6, mu: -0.64 }]) {
  Deno.test(`taubinSmooth() multiplies a tetrahedron by its gain at frequency 4/3, ${JSON.stringify(options)}`, () => {
    const { lambda, mu } = {
      lambda: 0.5,
      ...options,
      mu: options.mu ?? taubinMu(options.lambda ?? 0.5),
    };
    const gain = ((1 - 4 / 3 * lambda) * (1 - 4 / 3 * mu)) ** 3,
      mesh = tetrahedron();
    const { positions } = smoothed(mesh, { ...options, iterations: 3 });
    assertNear(
      positions,
      mesh.positions.map((x) => 0.25 + gain * (x - 0.25)),
      1e-6,
    );
  });
}

Deno.test("taubinSmooth() takes the noise off a sphere and keeps its radius, where Laplacian smoothing shrinks it", () => {
  const mesh = noisySphere(3), before = radiusOf(mesh.positions);
  const after = radiusOf(smoothed(mesh, { iterations: 30 }).positions);
  assert(
    after.deviation < before.deviation / 3,
    `${after.deviation} of ${before.deviation}`,
  );
  // the greatest gain is (1 - lambda / 20) (1 - mu / 20), 0.07 % an iteration
  assert(after.mean >= before.mean && after.mean < 1.02 * before.mean);
  const shrunk = mesh.positions.slice();
  laplacianSmooth(mesh, topologyOf(mesh), shrunk, new BufferScope(), {
    iterations: 30,
  });
  assert(radiusOf(shrunk).mean < 0.95 * before.mean);
});

for (
  const [level, tolerance] of [[2, 0.03], [3, 0.015], [4, 0.0075], [5, 0.00375]]
) {
  Deno.test(`taubinSmooth() keeps a sphere, level ${level}: 10 iterations within ${tolerance}`, () => {
    const { maxMove } = smoothed(icosphere(level));
    assert(maxMove < tolerance, `${maxMove}`);
  });
}

Deno.test("taubinSmooth() changes nothing on a flat regular sheet with its rim pinned", () => {
  const sheet = flatGrid(9);
  assertNear(smoothed(sheet).positions, sheet.positions, 1e-7);
});

Deno.test("taubinSmooth() pins the rim to the last bit, or lets it go", () => {
  const sheet = wavyGrid(7), { isBoundary } = topologyOf(sheet);
  const { positions } = smoothed(sheet),
    free = smoothed(sheet, { boundary: "free" });
  for (let v = 0; v < 49; v++) {
    if (isBoundary[v] === 1) {
      assertEquals([...positions.subarray(3 * v, 3 * v + 3)], [
        ...sheet.positions.subarray(3 * v, 3 * v + 3),
      ]);
    }
  }
  assert(free.positions[1] !== sheet.positions[1]);
});

Deno.test("taubinSmooth() moves the copies at a seam as one", () => {
  const mesh = unwelded(noisySphere(2)), { positions } = smoothed(mesh);
  const { positionRemap, representative } = topologyOf(mesh);
  positionRemap.forEach((w, v) => assertEquals(positions[3 * v + 1], positions[3 * representative[w] + 1]));
});

Deno.test("taubinSmooth() takes an empty mesh", () => {
  assertEquals(smoothed(meshOf([], [])).maxMove, 0);
});

for (const factor of [1e-6, 1e6]) {
  Deno.test(`taubinSmooth() grows with the mesh, factor ${factor}`, () => {
    const expected = smoothed(noisySphere(1)).positions.map((x) => x * factor);
    assertNear(
      smoothed(scaled(noisySphere(1), factor)).positions,
      expected,
      1e-6 * factor,
    );
  });
}

Deno.test("taubinSmooth() turns with the mesh", () => {
  const { positions } = smoothed(noisySphere(2));
  assertNear(
    smoothed(turned(noisySphere(2))).positions,
    turned(meshOf(positions, [])).positions,
    1e-6,
  );
});

Deno.test("taubinSmooth() does not depend on the order of vertices and faces", () => {
  const { positions } = smoothed(noisySphere(2)),
    { mesh, order } = shuffled(noisySphere(2), 4);
  const fresh = smoothed(mesh).positions;
  order.forEach((old, v) =>
    assertNear(
      fresh.subarray(3 * v, 3 * v + 3),
      positions.subarray(3 * old, 3 * old + 3),
      1e-7,
    )
  );
});

Deno.test("taubinSmoothBytes() is what is leased, and nothing is allocated after the first call", () => {
  using scratch = new BufferScope();
  const mesh = unwelded(icosphere(1)),
    topology = topologyOf(mesh),
    out = mesh.positions.slice();
  taubinSmooth(mesh, topology, out, scratch);
  assertEquals(scratch.peakBytes, taubinSmoothBytes(topology));
  assertEquals(scratch.inUseBytes, 0);
  const before = scratch.allocatedBytes;
  taubinSmooth(mesh, topology, out, scratch, { iterations: 21 });
  assertEquals(scratch.allocatedBytes, before);
});

Deno.test("taubinSmoothWork() pauses by how much it does, not by how often", () => {
  const pausesOf = (mesh: TriangleMesh, iterations: number) => {
    const out = mesh.positions.slice();
    const work = taubinSmoothWork(mesh, topologyOf(mesh), out, new BufferScope(), { iterations });
    let pauses = 0;
    while (!work.next().done) pauses++;
    return pauses;
  };
  assertEquals(pausesOf(unitCube(), 100), 0);
  const many = pausesOf(unitCube(), 200_000), large = pausesOf(icosphere(6), 39);
  assert(many > 10 && large > many / 2, `${many} and ${large}`); // 3.2 million moves each
});

Deno.test("taubinMu() puts the pass band at 0.1", () => {
  for (const lambda of [0.2, 0.33, 0.5, 0.65]) {
    assertAlmostEquals(1 / lambda + 1 / taubinMu(lambda), 0.1, 1e-12);
  }
});

Deno.test("taubinSmooth() refuses what does not fit, and filters that diverge", () => {
  const mesh = unitCube(),
    topology = topologyOf(mesh),
    out = new Float32Array(24);
  using scratch = new BufferScope();
  const refused = (message: string, options: TaubinSmoothOptions) =>
    assertThrows(
      () => taubinSmooth(mesh, topology, out, scratch, options),
      RangeError,
      message,
    );
  refused("iterations must be a whole number >= 0: current value is 0.5", {
    iterations: 0.5,
  });
  refused("lambda must be above 0: current value is -0.5", { lambda: -0.5 });
  refused("current values are lambda 0.5, mu -0.4", { mu: -0.4 });
  refused("current values are lambda 0.9, mu", { lambda: 0.9 });
  assertThrows(
    () => taubinSmooth(mesh, topology, new Float32Array(3), scratch),
    RangeError,
    "must hold 24 floats: it holds 3",
  );
  assertEquals(scratch.peakBytes, 0);
});
