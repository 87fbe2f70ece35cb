import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceHit, SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, seeded, unitCube, wavyGrid } from "../_meshes.ts";
import { degenerateSoup, rayParameters, triangleSoup, type Vector } from "../_surface_oracle.ts";

function indexOf(mesh: TriangleMesh): SurfaceIndex {
  return SurfaceIndex.build(mesh, new BufferScope());
}

Deno.test("SurfaceIndex.rayHit() knows the unit cube, from outside and from inside", () => {
  const index = indexOf(unitCube()), hit = new SurfaceHit();
  assert(index.rayHit(-3, 0.25, 0.5, 2, 0, 0, hit));
  assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [0, 0.25, 0.5, 9]);
  assert(index.rayHit(0.5, 0.25, 0.5, 0, 0, 7, hit));
  assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [0.5, 0.25, 1, 0.25]);
  assert(!index.rayHit(-3, 0.25, 0.5, -1, 0, 0, hit));
  assert(!index.rayHit(-3, 1.25, 0.5, 1, 0, 0, hit));
});

Deno.test("SurfaceIndex.rayHit() gives barycentric coordinates in corner order, from both sides", () => {
  const index = indexOf(meshOf([4, 0, 0, 0, 8, 0, 0, 0, 0], [2, 0, 1])), hit = new SurfaceHit();
  for (const z of [-1, 1]) {
    assert(index.rayHit(1, 4, z, 0, 0, -z, hit));
    assertEquals([hit.face, hit.x, hit.y, hit.z, hit.w0, hit.w1, hit.w2], [0, 1, 4, 0, 0.25, 0.25, 0.5]);
  }
});

Deno.test("SurfaceIndex.rayHit() stops at maxDistance, in metres whatever the length of the direction", () => {
  const index = indexOf(unitCube()), hit = new SurfaceHit();
  for (const length of [1e-3, 1, 1e3]) {
    assertEquals(index.rayHit(0.5, 0.5, -2, 0, 0, length, hit, 2), true);
    assertEquals(index.rayHit(0.5, 0.5, -2, 0, 0, length, hit, 1.999), false);
  }
  assertEquals(index.rayHit(0.5, 0.5, -2, 0, 0, 0, hit), false);
  assertEquals(index.rayHit(0.5, 0.5, -2, 0, 0, NaN, hit), false);
  assertEquals(index.rayHit(NaN, 0.5, -2, 0, 0, 1, hit), false);
});

Deno.test("SurfaceIndex.rayHit() slips through no edge or corner of a closed mesh, the lowest face wins", () => {
  const cube = unitCube(), hit = new SurfaceHit(), index = indexOf(cube);
  for (const [x, y] of [[0, 0], [1, 1], [0.5, 0.5], [0, 0.5], [0.25, 0.25], [0.75, 0.25]]) {
    assert(index.rayHit(x, y, -5, 0, 0, 1, hit), `${x}, ${y}`);
    assertAlmostEquals(hit.distanceSq, 25, 1e-12);
  }
  index.rayHit(0.5, 0.5, -5, 0, 0, 1, hit); // the diagonal of faces 8 and 9
  assertEquals(hit.face, 8);
  for (const factor of [1e-6, 1, 1e6]) {
    const mesh = scaled(icosphere(3), factor), { positions } = mesh, sphere = indexOf(mesh);
    for (let v = 0; v < positions.length; v += 3) {
      const [x, y, z] = positions.subarray(v, v + 3),
        [u, w, t] = positions.subarray((v + 333) % 1920, (v + 333) % 1920 + 3);
      assert(sphere.rayHit(0, 0, 0, x, y, z, hit), `vertex ${v / 3}`);
      assertAlmostEquals(Math.sqrt(hit.distanceSq), factor, 1e-3 * factor);
      assert(sphere.rayHit(u * 0.3, w * 0.3, t * 0.3, x - u * 0.3, y - w * 0.3, z - t * 0.3, hit), `vertex ${v / 3}`);
    }
  }
});

const MESHES: Record<string, (seed: number) => TriangleMesh> = {
  "a sphere": () => icosphere(3),
  "an open sheet": () => wavyGrid(17),
  "a soup": (seed) => triangleSoup(300, seed),
  "degenerate faces": degenerateSoup,
  "a soup times 1e-6": (seed) => scaled(triangleSoup(99, seed), 1e-6),
};
for (const [name, meshFor] of Object.entries(MESHES)) {
  Deno.test(`SurfaceIndex.rayHit() agrees with brute force on ${name}, seed 4`, () => {
    const mesh = meshFor(4), index = indexOf(mesh), random = seeded(4), hit = new SurfaceHit();
    const size = Math.max(...mesh.positions.map(Math.abs));
    const vector = (length: number) =>
      Array.from({ length: 3 }, () => (random() - 0.5) * length * size) as unknown as Vector;
    let hits = 0;
    for (let i = 0; i < 400; i++) {
      const target = vector(1.5), away = vector(i % 9 === 8 ? 2000 : 4);
      const axisOnly = i % 4 === 0 ? [0, 0, away[2]] as const : away;
      const origin: Vector = [target[0] - axisOnly[0], target[1] - axisOnly[1], target[2] - axisOnly[2]];
      const parameters = rayParameters(mesh, origin, axisOnly), nearest = Math.min(...parameters);
      const isHit = index.rayHit(...origin, ...axisOnly, hit);
      assertEquals(isHit, nearest < Infinity);
      if (!isHit) continue;
      hits++;
      const length = Math.hypot(...axisOnly);
      assertAlmostEquals(Math.sqrt(hit.distanceSq) / length, nearest, 1e-9);
      assertAlmostEquals(parameters[hit.face], nearest, 1e-9);
      assertAlmostEquals(hit.w0 + hit.w1 + hit.w2, 1, 1e-12);
    }
    assert(hits > 10, `${hits} hits`);
  });
}
