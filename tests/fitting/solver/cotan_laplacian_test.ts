import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { cotanLaplacian, cotanLaplacianBytes } from "../../../fitting/solver/cotan_laplacian.ts";
import type { CotanLaplacianOptions } from "../../../fitting/solver/cotan_laplacian.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { readBody } from "../_body.ts";
import { icosphere, meshOf, scaled, seeded, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { fin, flatGrid, joined, moved, shuffled, topologyOf, turned, unwelded } from "../_more_meshes.ts";

function laplacianOf(mesh: TriangleMesh, options: CotanLaplacianOptions = {}) {
  const topology = topologyOf(mesh);
  const edgeWeights = new Float64Array(topology.ringVertices.length).fill(NaN);
  const lumpedMass = new Float64Array(topology.weldedCount).fill(NaN);
  const report = cotanLaplacian(mesh, topology, { edgeWeights, lumpedMass }, new BufferScope(), options);
  return { topology, edgeWeights, lumpedMass, ...report };
}

type Laplacian = ReturnType<typeof laplacianOf>;

/** The weight between two places. */
function weightOf({ topology, edgeWeights }: Laplacian, i: number, j: number): number {
  const { ringOffsets, ringVertices } = topology;
  const r = ringVertices.subarray(ringOffsets[i], ringOffsets[i + 1]).indexOf(j);
  return r === -1 ? NaN : edgeWeights[ringOffsets[i] + r];
}

/** `L u` of one number a place. */
function applied({ topology, edgeWeights }: Laplacian, u: ArrayLike<number>): Float64Array {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  return Float64Array.from({ length: weldedCount }, (_, i) => {
    let sum = 0;
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) sum += edgeWeights[r] * (u[i] - u[ringVertices[r]]);
    return sum;
  });
}

function energy(laplacian: Laplacian, u: ArrayLike<number>): number {
  return applied(laplacian, u).reduce((sum, value, i) => sum + value * u[i], 0);
}

function assertIsSymmetric({ topology, edgeWeights }: Laplacian): void {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  const seen = new Map<string, number>();
  for (let i = 0; i < weldedCount; i++) {
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) seen.set(`${i},${ringVertices[r]}`, edgeWeights[r]);
  }
  for (const [key, weight] of seen) assertEquals(seen.get(key.split(",").reverse().join()), weight, key);
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

Deno.test("cotanLaplacian() gives a cube's edges 1, its diagonals 0, and each corner its faces' thirds", () => {
  const laplacian = laplacianOf(unitCube());
  assertAlmostEquals(weightOf(laplacian, 0, 1), 1, 1e-12);
  assertAlmostEquals(weightOf(laplacian, 5, 7), 1, 1e-12);
  assertAlmostEquals(weightOf(laplacian, 0, 6), 0, 1e-12);
  assertAlmostEquals(laplacian.lumpedMass[0], 6 / 6, 1e-12); // six faces of 1/2, a third each
  assertAlmostEquals(laplacian.lumpedMass[1], 4 / 6, 1e-12);
  assertAlmostEquals(total(laplacian.lumpedMass), 6, 1e-12);
  assertEquals(laplacian.addedLength, 0);
});

Deno.test("cotanLaplacian() gives every edge of an equilateral triangle cot(60°) / 2", () => {
  const laplacian = laplacianOf(meshOf([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2]));
  laplacian.edgeWeights.forEach((weight) => assertAlmostEquals(weight, 0.5 / Math.sqrt(3), 1e-12));
});

Deno.test("cotanLaplacian() gives an edge opposite obtuse angles a negative weight", () => {
  const laplacian = laplacianOf(meshOf([-1, 0, 0, 1, 0, 0, 0, 0.5, 0, 0, -0.5, 0], [0, 1, 2, 1, 0, 3]));
  assertAlmostEquals(weightOf(laplacian, 0, 1), -0.75, 1e-12); // cot of the angle at (0, 0.5) is -3/4, twice half of it
});

Deno.test("cotanLaplacian() is symmetric to the bit, blind to constants and never negative, seed 1", () => {
  const random = seeded(1);
  const shaken = moved(wavyGrid(20), (x, y, z) => [x + random() / 30, y + random() / 30, z + random() / 30]);
  for (const mesh of [tetrahedron(), icosphere(2), shaken, fin(), shuffled(shaken, 2).mesh, unwelded(unitCube())]) {
    const laplacian = laplacianOf(mesh), n = laplacian.topology.weldedCount;
    assertIsSymmetric(laplacian);
    applied(laplacian, new Array(n).fill(7)).forEach((value) => assertEquals(value, 0));
    for (let k = 0; k < 20; k++) assert(energy(laplacian, Array.from({ length: n }, () => random() - 0.5)) > 0);
  }
});

Deno.test("cotanLaplacian() of a linear function is 0 inside a flat sheet", () => {
  const random = seeded(2), size = 15;
  const sheet = moved(flatGrid(size), (x, y) => [x + random() / 40, y + random() / 40, 0]);
  const laplacian = laplacianOf(sheet), { isBoundary, weldedCount, representative } = laplacian.topology;
  const u = Array.from({ length: weldedCount }, (_, i) => {
    const p = 3 * representative[i];
    return 3 * sheet.positions[p] - 2 * sheet.positions[p + 1] + 1;
  });
  applied(laplacian, u).forEach((value, i) => isBoundary[i] || assertAlmostEquals(value, 0, 1e-10));
});

Deno.test("cotanLaplacian() tends to the energy and the norm of a coordinate on a sphere as it gets finer", () => {
  const energyErrors: number[] = [], normErrors: number[] = [];
  for (const level of [2, 3, 4]) {
    const mesh = icosphere(level, 2), laplacian = laplacianOf(mesh);
    const x = Array.from(laplacian.topology.representative, (v) => mesh.positions[3 * v]);
    const norm = x.reduce((sum, value, i) => sum + laplacian.lumpedMass[i] * value * value, 0);
    energyErrors.push(Math.abs(energy(laplacian, x) / (32 / 3 * Math.PI) - 1)); // 8/3 π r²
    normErrors.push(Math.abs(norm / (64 / 3 * Math.PI) - 1)); // 4/3 π r⁴
  }
  [0.03, 0.008, 0.002].forEach((bound, k) => assert(energyErrors[k] < bound, `${energyErrors}`));
  [0.06, 0.015, 0.004].forEach((bound, k) => assert(normErrors[k] < bound, `${normErrors}`));
});

Deno.test("cotanLaplacian() does not change with place, turn or unit; the mass changes with the unit's square", () => {
  const mesh = icosphere(2), one = laplacianOf(mesh);
  for (const [other, factor] of [[turned(mesh), 1], [scaled(mesh, 1e-6), 1e-6], [scaled(mesh, 1e6), 1e6]] as const) {
    const { edgeWeights, lumpedMass } = laplacianOf(other);
    edgeWeights.forEach((weight, r) => assertAlmostEquals(weight, one.edgeWeights[r], 1e-5));
    lumpedMass.forEach((mass, i) => assertAlmostEquals(mass / factor ** 2, one.lumpedMass[i], 1e-5));
  }
});

/** A sheet with a face of no area on it: its middle vertex lies on the line of the others. */
function sheetWithSliver(): TriangleMesh {
  return meshOf([0, 0, 0, 2, 0, 0, 1, 0, 0, 1, 1, 0, 1, -1, 0], [0, 2, 3, 2, 1, 3, 0, 1, 2, 0, 4, 1]);
}

Deno.test("cotanLaplacian() takes all edges for longer where a face has no area, and stays finite and positive", () => {
  const mesh = sheetWithSliver(), laplacian = laplacianOf(mesh);
  const mean = (6 + 4 + 4 * Math.SQRT2) / 12; // six sides of 1, two of 2, four of √2
  assert(laplacian.addedLength > 0.9e-6 * mean && laplacian.addedLength < 2e-6 * mean, `${laplacian.addedLength}`);
  assertIsSymmetric(laplacian);
  assert(laplacian.edgeWeights.every(Number.isFinite));
  assert(laplacian.lumpedMass.every((mass) => mass > 0));
  assertAlmostEquals(total(laplacian.lumpedMass), 2, 1e-2);
  const random = seeded(3);
  for (let k = 0; k < 50; k++) assert(energy(laplacian, Array.from({ length: 5 }, () => random() - 0.5)) > 0);
  assert(laplacianOf(mesh, { mollification: 1e-3 }).addedLength > 900 * laplacian.addedLength);
});

Deno.test("cotanLaplacian() changes healthy faces by no more than its tolerance because of a bad one", () => {
  const sphere = icosphere(2), alone = laplacianOf(sphere);
  const both = laplacianOf(joined(sphere, moved(sheetWithSliver(), (x, y, z) => [x + 5, y, z])));
  assert(both.addedLength > 0);
  alone.edgeWeights.forEach((weight, r) => assertAlmostEquals(both.edgeWeights[r], weight, 2e-5));
  alone.lumpedMass.forEach((mass, i) => assertAlmostEquals(both.lumpedMass[i], mass, 2e-5 * mass));
});

Deno.test("cotanLaplacian() leaves out faces that name one place twice, and places without a face", () => {
  const laplacian = laplacianOf(meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 9, 9, 9, 1, 0, 0], [0, 1, 2, 0, 1, 4, 1, 1, 1]));
  assertEquals(laplacian.addedLength, 0);
  assertAlmostEquals(weightOf(laplacian, 0, 1), 0.5, 1e-12);
  assertAlmostEquals(total(laplacian.lumpedMass), 0.5, 1e-12);
  assertEquals(laplacian.lumpedMass[3], 0);
});

Deno.test("cotanLaplacian() adds up faces that lie on each other, and takes an empty mesh", () => {
  const once = laplacianOf(tetrahedron()), mesh = tetrahedron();
  const twice = laplacianOf({ ...mesh, indices: Uint32Array.of(...mesh.indices, ...mesh.indices) });
  once.edgeWeights.forEach((weight, r) => assertAlmostEquals(twice.edgeWeights[r], 2 * weight, 1e-12));
  assertEquals(laplacianOf(meshOf([], [])).addedLength, 0);
  assertEquals([...laplacianOf(meshOf([1, 2, 3], [])).lumpedMass], [0]);
});

const body = readBody();
Deno.test({
  name: "cotanLaplacian() is symmetric, finite and has the area of a body",
  ignore: !body,
  fn() {
    const laplacian = laplacianOf(body!);
    assertIsSymmetric(laplacian);
    assert(laplacian.edgeWeights.every(Number.isFinite));
    const { positions, indices } = body!;
    let area = 0;
    for (let c = 0; c < indices.length; c += 3) {
      const [p, q, r] = [0, 1, 2].map((k) => positions.subarray(3 * indices[c + k], 3 * indices[c + k] + 3));
      const u = q.map((value, k) => value - p[k]), v = r.map((value, k) => value - p[k]);
      area += Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
    }
    assertAlmostEquals(total(laplacian.lumpedMass), area, 1e-4 * area);
  },
});

Deno.test("cotanLaplacian() leases exactly what it says, and allocates only on its first call", () => {
  const mesh = icosphere(3), topology = topologyOf(mesh), scope = new BufferScope();
  const out = {
    edgeWeights: new Float64Array(topology.ringVertices.length),
    lumpedMass: new Float64Array(topology.weldedCount),
  };
  cotanLaplacian(mesh, topology, out, scope);
  const sizes = { faceCount: mesh.indices.length / 3, weldedCount: topology.weldedCount };
  assertEquals(scope.peakBytes, cotanLaplacianBytes(sizes));
  assertEquals(scope.inUseBytes, 0);
  const before = scope.allocatedBytes;
  cotanLaplacian(mesh, topology, out, scope);
  assertEquals(scope.allocatedBytes, before);
});

Deno.test("cotanLaplacian() refuses wrong lengths, other meshes and a tolerance of 0", () => {
  const mesh = tetrahedron(), topology = topologyOf(mesh), scope = new BufferScope();
  const out = { edgeWeights: new Float64Array(12), lumpedMass: new Float64Array(4) };
  assertThrows(
    () => cotanLaplacian(mesh, topology, { ...out, lumpedMass: new Float64Array(3) }, scope),
    RangeError,
    "out must hold 12 weights and 4 masses: it holds 12 and 3",
  );
  assertThrows(
    () => cotanLaplacian(unitCube(), topology, out, scope),
    RangeError,
    "the topology must be of the same mesh: it has 4 vertices and 4 faces, the mesh 8 and 12",
  );
  for (const mollification of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => cotanLaplacian(mesh, topology, out, scope, { mollification }),
      RangeError,
      `mollification must be > 0: current value is ${mollification}`,
    );
  }
});
