/** The parts `alignBounds()` is made of, each by what is known of it. */
import { agreementOf } from "../../../fitting/align/_skin_agreement.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Bending, bendingBytes } from "../../../fitting/align/_bending.ts";
import { solveSymmetric } from "../../../fitting/align/_cholesky.ts";
import { ContactFit, contactFitBytes } from "../../../fitting/align/_contact_fit.ts";
import { DistanceGrid, ExactDistance, GRID_NODES } from "../../../fitting/align/_distance_field.ts";
import { multiplyInto, POSE_STRIDE, poseMatrix, turnPose } from "../../../fitting/align/_pose.ts";
import { selectKth } from "../../../fitting/_select_kth.ts";
import { sampleSurface, surfaceSamplesBytes } from "../../../fitting/align/_surface_samples.ts";
import { NEAR_TURNS, WIDE_TURNS } from "../../../fitting/align/_turns.ts";
import { SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { finish } from "../../../fitting/work.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, seeded, unitCube } from "../_meshes.ts";

for (const seed of [1, 2, 3]) {
  Deno.test(`selectKth() agrees with sorting, seed ${seed}`, () => {
    const random = seeded(seed);
    for (let n = 1; n < 60; n++) {
      const values = Float64Array.from({ length: n }, () => Math.floor(10 * random())), sorted = values.toSorted();
      for (const k of [0, n >> 1, n - 1]) assertEquals(selectKth(values, n, k), sorted[k]);
    }
  });
  Deno.test(`solveSymmetric() solves what it is given, seed ${seed}`, () => {
    const n = 12, random = seeded(seed), root = Float64Array.from({ length: n * n }, () => random() - 0.5);
    const a = new Float64Array(n * n), x = Float64Array.from({ length: n }, random), b = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) a[i * n + j] += root[i * n + k] * root[j * n + k];
        if (i === j) a[i * n + j] += 0.1;
        b[i] += a[i * n + j] * x[j];
      }
    }
    assertEquals(solveSymmetric(a, b, n), true);
    for (let i = 0; i < n; i++) assertAlmostEquals(b[i], x[i], 1e-9);
  });
}

Deno.test("solveSymmetric() says so when the matrix is not positive definite", () => {
  assertEquals(solveSymmetric(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1), 2), false);
  assertEquals(solveSymmetric(Float64Array.of(NaN), Float64Array.of(1), 1), false);
});

Deno.test("sampleSurface() spreads samples over the area: each side of a cube gets a sixth, however it is cut", () => {
  using scope = new BufferScope();
  const cube = unitCube(), { points, normals, centre, radius, count } = sampleSurface(cube, 600, scope);
  assertEquals([count, points.length, scope.peakBytes], [600, 1800, surfaceSamplesBytes(600)]);
  for (let k = 0; k < 3; k++) assertAlmostEquals(centre[k], 0.5, 0.02);
  assertAlmostEquals(radius, Math.sqrt(5 / 12), 0.01); // mean square distance of a cube's surface to its centre
  for (const side of [0, 1, 2].flatMap((axis) => [[axis, 0], [axis, 1]])) {
    let onSide = 0;
    for (let i = 0; i < 600; i++) {
      if (Math.abs(points[3 * i + side[0]] + centre[side[0]] - side[1]) >= 1e-9) continue;
      assertAlmostEquals(Math.abs(normals[3 * i + side[0]]), 1, 1e-12);
      onSide++;
    }
    assertEquals(onSide, 100);
  }
});

Deno.test("sampleSurface() finds nothing on a mesh without area", () => {
  using scope = new BufferScope();
  for (const mesh of [meshOf([], []), meshOf([1, 1, 1], []), meshOf([0, 0, 0, 1, 0, 0, 2, 0, 0], [0, 1, 2])]) {
    assertEquals(sampleSurface(mesh, 10, scope).count, 0);
  }
});

Deno.test("DistanceGrid and ExactDistance know a sphere: distance, side and gradient", () => {
  using scope = new BufferScope();
  const sphere = icosphere(4), index = SurfaceIndex.build(sphere, scope);
  const grid = finish(
    DistanceGrid.buildWork(
      index,
      Float64Array.of(-1, -1, -1),
      Float64Array.of(1, 1, 1),
      2,
      scope.f32(GRID_NODES),
      scope.u32(GRID_NODES),
    ),
  );
  const exact = new ExactDistance(index), random = seeded(1);
  for (let n = 0; n < 500; n++) {
    const x = 6 * random() - 3, y = 6 * random() - 3, z = 6 * random() - 3, r = Math.hypot(x, y, z);
    for (const [field, tolerance] of [[exact, 0.004], [grid, 0.03]] as const) {
      field.ask(x, y, z);
      assertAlmostEquals(field.distance, r - 1, field === grid && r > 1.2 ? 0.1 * r : tolerance); // beyond the grid it only guesses
      if (r > 0.3 && Math.abs(r - 1) > 0.1) assertEquals((field.gx * x + field.gy * y + field.gz * z) / r > 0.9, true);
    }
  }
});

Deno.test("turns are unit quaternions, the first is none, and the wide ones are 48 different ones", () => {
  assertEquals(NEAR_TURNS.slice(0, 4), [0, 0, 0, 1]);
  for (const turns of [NEAR_TURNS, WIDE_TURNS]) {
    for (let t = 0; t < turns.length; t += 4) assertAlmostEquals(Math.hypot(...turns.slice(t, t + 4)), 1, 1e-12);
  }
  assertEquals(WIDE_TURNS.length, 4 * 48);
  for (let a = 0; a < WIDE_TURNS.length; a += 4) {
    for (let b = 0; b < a; b += 4) {
      const cosine = [0, 1, 2, 3].reduce((sum, k) => sum + WIDE_TURNS[a + k] * WIDE_TURNS[b + k], 0);
      assertEquals(Math.abs(cosine) < 0.95, true);
    }
  }
});

Deno.test("poseMatrix() is scale times rotation, and turnPose() turns it on", () => {
  const pose = Float64Array.of(2, 0, 0, 0, 1, 0, 0, 0), matrix = new Float64Array(9);
  poseMatrix(pose, 0, matrix);
  assertEquals([...matrix], [2, 0, 0, 0, 2, 0, 0, 0, 2]);
  for (let n = 0; n < 100; n++) turnPose(pose, 0, 0, Math.PI / 200, 0); // in all a quarter turn about y
  poseMatrix(pose, 0, matrix);
  [0, 0, 2, 0, 2, 0, -2, 0, 0].forEach((value, k) => assertAlmostEquals(matrix[k], value, 1e-3));
  multiplyInto(pose, 1, 0, -Math.SQRT1_2, 0, Math.SQRT1_2, 0, Math.SQRT1_2, 0, Math.SQRT1_2);
  assertAlmostEquals(pose[4], 1, 1e-12);
});

Deno.test("Bending does nothing without coefficients, and stretches by a linear one", () => {
  using scope = new BufferScope();
  const bending = new Bending(scope);
  assertEquals(scope.peakBytes, bendingBytes());
  bending.ask(1, 2, 3, 5);
  assertEquals([bending.x, bending.y, bending.z, bending.energy()], [1, 2, 3, 0]);
  bending.coefficients[4] = 0.5; // of the shape y, along y
  bending.ask(1, 2, 3, 5);
  assertEquals([bending.x, bending.y, bending.z, bending.energy()], [1, 3, 3, 0.25]);
});

for (const bend of [0, 0.1]) {
  Deno.test(`ContactFit brings a shell back around a ball, bend ${bend}`, () => {
    using scope = new BufferScope();
    const index = SurfaceIndex.build(icosphere(4), scope);
    using frame = scope.frame();
    const samples = sampleSurface(icosphere(3, 1.1), 300, frame);
    const fit = new ContactFit(samples, 2, new ExactDistance(index), {
      inside: 2,
      scale: 0.01,
      upright: 0.0006,
      turn: 0,
      bend,
      scales: true,
    }, frame);
    fit.unitFactor = 1;
    fit.upright.set([0, 0, 0, 1]);
    const pose = frame.f64(POSE_STRIDE);
    pose.set([1, 0, 0, 0, 1, 0.2, -0.1, 0.15]);
    const worse = fit.measure(pose, 0, 1), better = fit.improve(pose, 0, 1, 30);
    assertEquals(better < 0.05 * worse, true, `${worse} to ${better}`);
    for (let k = 0; k < 3; k++) assertAlmostEquals(pose[5 + k], samples.centre[k], 0.01);
    assertEquals(fit.insideFraction, 0);
  });
}

Deno.test("ContactFit leases what it says", () => {
  using scope = new BufferScope();
  const index = SurfaceIndex.build(icosphere(1), scope),
    samples = sampleSurface(icosphere(1), 48, scope),
    before = scope.inUseBytes;
  new ContactFit(
    samples,
    2,
    new ExactDistance(index),
    { inside: 2, scale: 0.01, upright: 0.0006, turn: 0, bend: 0, scales: true },
    scope,
  );
  assertEquals(scope.inUseBytes - before, contactFitBytes(48));
});

Deno.test("agreementOf() is one for what runs along the skin, whichever side faces out, and asks the nearer half alone", () => {
  const distances = Float64Array.of(0.01, -0.02, 0.03, 0.7, 0.8, 0.9), ordered = new Float64Array(6);
  const of = (...cosines: number[]) => agreementOf(distances, Float64Array.from(cosines), ordered, 6);
  assertAlmostEquals(of(1, 1, 1, 1, 0, 0), 1, 1e-12);
  assertAlmostEquals(of(-1, -1, -1, -1, 0, 0), 1, 1e-12);
  assertAlmostEquals(of(1, -1, 1, -1, 0, 0), 0.5, 1e-12);
  assertAlmostEquals(of(0.5, 0.5, 0.5, 0.5, 1, 1), 0.5, 1e-12);
  assertEquals(of(0, 0, 0, 0, 1, 1), 0);
});
