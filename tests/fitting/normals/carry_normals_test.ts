import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { carryNormals, carryNormalsBytes } from "../../../fitting/normals/carry_normals.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { vertexNormals } from "../../../fitting/normals/vertex_normals.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, seeded, unitCube } from "../_meshes.ts";
import { topologyOf, unwelded } from "../_more_meshes.ts";
import { tube } from "../_tube.ts";

type Options = Parameters<typeof carryNormals>[5];

function carried(before: TriangleMesh, normals: Float32Array, after: Float32Array, options: Options = {}) {
  using scratch = new BufferScope();
  const out = new Float32Array(after.length), mesh = { positions: after, indices: before.indices };
  scratch.takePeakBytes();
  const topology = topologyOf(before);
  const report = carryNormals({ positions: before.positions, normals }, mesh, topology, out, scratch, options);
  assertEquals(
    scratch.takePeakBytes(),
    carryNormalsBytes({ vertexCount: mesh.positions.length / 3, faceCount: mesh.indices.length / 3, ...topology }),
  );
  return { out, report };
}

function computed(mesh: TriangleMesh, creaseRad = Math.PI): Float32Array {
  using scratch = new BufferScope();
  const out = new Float32Array(mesh.positions.length);
  vertexNormals(mesh, topologyOf(mesh), out, scratch, { creaseRad });
  return out;
}

/** Degrees between normals, the worst. */
function worst(a: Float32Array, b: Float32Array): number {
  let least = 1;
  for (let i = 0; i < a.length; i += 3) {
    least = Math.min(least, a[i] * b[i] + a[i + 1] * b[i + 1] + a[i + 2] * b[i + 2]);
  }
  return Math.acos(Math.min(1, least)) * 180 / Math.PI;
}

/** A turn by about 70 degrees with a scale, and a shift. */
const turn = (p: Float32Array, scale = 1, by = 0) =>
  p.map((_, i) => {
    const [x, y, z] = p.subarray(i - i % 3, i - i % 3 + 3);
    return scale * [0.36 * x + 0.48 * y - 0.8 * z, -0.8 * x + 0.6 * y, 0.48 * x + 0.64 * y + 0.6 * z][i % 3] + by;
  });
const squeeze = (p: Float32Array) => p.map((value, i) => i % 3 === 0 ? 1.6 * value : i % 3 === 1 ? 0.7 * value : value);

/** Unit vectors that have nothing to do with the surface. */
function anyNormals(length: number): Float32Array {
  const random = seeded(4), normals = Float32Array.from({ length }, () => random() - 0.5);
  for (let i = 0; i < length; i += 3) {
    const size = Math.hypot(normals[i], normals[i + 1], normals[i + 2]);
    for (let k = i; k < i + 3; k++) normals[k] /= size;
  }
  return normals;
}

Deno.test("carryNormals() turns any normals with a mesh that turns as one, to rounding, with keep", () => {
  const ball = icosphere(2), normals = anyNormals(ball.positions.length);
  const { out, report } = carried(ball, normals, turn(ball.positions, 3, 7), { mode: "keep" });
  out.forEach((value, i) => assertAlmostEquals(value, turn(normals)[i], 2e-6));
  assertEquals(report.carried, normals.length / 3);
});

Deno.test("carryNormals() turns normals set by hand with auto too: those far off the surface", () => {
  const ball = icosphere(2), inwards = computed(ball).map((value) => -value);
  const { out } = carried(ball, inwards, turn(ball.positions));
  out.forEach((value, i) => assertAlmostEquals(value, turn(inwards)[i], 2e-6));
});

Deno.test("carryNormals() upside down turns half a turn", () => {
  const sheet = tube(8, 3), leaning = anyNormals(sheet.positions.length);
  const over = (p: Float32Array) => p.map((value, i) => i % 3 === 2 ? value : -value);
  const { out } = carried(sheet, leaning, over(sheet.positions), { mode: "keep" });
  out.forEach((value, i) => assertAlmostEquals(value, over(leaning)[i], 2e-6));
});

Deno.test("carryNormals() computes smooth normals anew, exactly as they would be computed", () => {
  const ball = icosphere(3), after = squeeze(ball.positions);
  const { out, report } = carried(ball, computed(ball), after);
  assert(worst(out, computed({ positions: after, indices: ball.indices })) < 0.05);
  assertEquals(report, { computed: ball.positions.length / 3, carried: 0, verticesWithoutNormal: 0 });
});

Deno.test("carryNormals() keeps hard edges hard and smooth seams smooth, without a crease", () => {
  const cube = unwelded(unitCube()), flat = computed(cube, 0.01);
  const after = squeeze(cube.positions), { out } = carried(cube, flat, after);
  assert(worst(out, computed({ positions: after, indices: cube.indices }, 0.01)) < 0.05);
  const loose = unwelded(icosphere(2)), moved = squeeze(loose.positions);
  const smooth = carried(loose, computed(loose), moved).out;
  assert(worst(smooth, computed({ positions: moved, indices: loose.indices })) < 0.05);
});

Deno.test("carryNormals() is not put off by normals of the size of a byte", () => {
  const ball = unwelded(icosphere(3)), after = squeeze(ball.positions);
  const coarse = computed(ball).map((value) => Math.round(127 * value) / 127);
  assert(worst(carried(ball, coarse, after).out, computed({ positions: after, indices: ball.indices })) < 0.05);
});

Deno.test("carryNormals() with a crease hardens an edge that was smooth at a seam", () => {
  const cube = unwelded(unitCube()), smooth = computed(cube);
  const { out } = carried(cube, smooth, cube.positions, { creaseRad: 0.5 });
  // the author's normals are 55 degrees off the faces: set by hand against the crease, they stay; without it they are computed
  assert(worst(carried(cube, smooth, cube.positions).out, smooth) < 0.05);
  assert(out.every(Number.isFinite));
});

Deno.test("carryNormals() computes where the file has no normal, and refuses lengths that do not fit", () => {
  const ball = icosphere(1), none = new Float32Array(ball.positions.length);
  assert(worst(carried(ball, none, ball.positions).out, computed(ball)) < 0.05);
  assertThrows(() => carried(ball, new Float32Array(3), ball.positions), RangeError, "there are 126 and 3");
});
