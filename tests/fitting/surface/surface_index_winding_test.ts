import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { INSIDE_WINDING_NUMBER, SurfaceHit, SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, seeded, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { degenerateSoup, distancesToFaces, exactWindingNumber, triangleSoup, type Vector } from "../_surface_oracle.ts";

function indexOf(mesh: TriangleMesh, windingBeta = 2): SurfaceIndex {
  return SurfaceIndex.build(mesh, new BufferScope(), { windingBeta });
}

/** The faces of a sphere whose centroid lies below `height`: a bowl. */
function bowl(level: number, height: number): TriangleMesh {
  const { positions, indices } = icosphere(level), kept: number[] = [];
  for (let c = 0; c < indices.length; c += 3) {
    const [a, b, d] = indices.subarray(c, c + 3);
    if (positions[3 * a + 1] + positions[3 * b + 1] + positions[3 * d + 1] < 3 * height) kept.push(a, b, d);
  }
  return meshOf(positions, kept);
}

/** Two spheres through each other, in one mesh. */
function twoSpheres(): TriangleMesh {
  const { positions, indices } = icosphere(3), count = positions.length / 3;
  const moved = positions.map((value, k) => k % 3 === 0 ? value + 1 : value);
  return meshOf([...positions, ...moved], [...indices, ...indices.map((v) => v + count)]);
}

/** An edge with three faces, a fan that touches in one vertex, a loose face. */
function nonManifold(): TriangleMesh {
  const { positions, indices } = unitCube();
  return meshOf([...positions, 0.5, 2, 0.5, 3, 3, 3, 3, 2, 3, 2, 3, 3], [...indices, 0, 1, 8, 8, 7, 6, 9, 10, 11]);
}

Deno.test("SurfaceIndex.windingNumber() is 1 inside and 0 outside of cube, tetrahedron and sphere", () => {
  for (const mesh of [unitCube(), tetrahedron(), scaled(icosphere(4), 0.2)]) {
    const index = indexOf(mesh);
    assertAlmostEquals(index.windingNumber(0.1, 0.1, 0.1), 1, 0.005);
    for (const far of [1.2, -3, 50, 1e6]) assertAlmostEquals(index.windingNumber(far, far / 2, 0.1), 0, 0.005);
  }
});

Deno.test("SurfaceIndex.windingNumber() is -1 in a mesh turned inside out, 2 where two overlap", () => {
  const { positions, indices } = unitCube();
  assertAlmostEquals(indexOf({ positions, indices: indices.toReversed() }).windingNumber(0.5, 0.4, 0.3), -1, 0.005);
  const both = indexOf(twoSpheres());
  assertAlmostEquals(both.windingNumber(0.5, 0, 0), 2, 0.005);
  assertAlmostEquals(both.windingNumber(-0.5, 0, 0), 1, 0.005);
  assertAlmostEquals(both.windingNumber(1.2, 1, 0), 0, 0.005);
});

const SURFACES: Record<string, (seed: number) => TriangleMesh> = {
  "an open sheet": () => wavyGrid(33),
  "a bowl": () => bowl(4, 0.3),
  "a non-manifold mesh": nonManifold,
  "two spheres": twoSpheres,
  "a soup": (seed) => triangleSoup(400, seed),
  "degenerate faces": degenerateSoup,
  "a bowl times 1e6": () => scaled(bowl(3, 0), 1e6),
  "a bowl times 1e-6": () => scaled(bowl(3, 0), 1e-6),
};
for (const [name, meshFor] of Object.entries(SURFACES)) {
  Deno.test(`SurfaceIndex.windingNumber() agrees with the sum of solid angles on ${name}, seed 5`, () => {
    const mesh = meshFor(5), random = seeded(5), size = Math.max(...mesh.positions.map(Math.abs));
    const index = indexOf(mesh), all = indexOf(mesh, 1e9), hit = new SurfaceHit();
    for (let i = 0; i < 150; i++) {
      const p = Array.from({ length: 3 }, () => (3 * random() - 1.5) * size) as unknown as Vector;
      const exact = exactWindingNumber(mesh, p);
      assertAlmostEquals(index.windingNumber(...p), exact, 0.01);
      assertAlmostEquals(all.windingNumber(...p), exact, 1e-11); // every face near: nothing is expanded
      if (Math.abs(exact - INSIDE_WINDING_NUMBER) < 0.01) continue;
      const distance = Math.min(...distancesToFaces(mesh, p));
      assertAlmostEquals(
        index.signedDistance(...p, hit),
        exact > INSIDE_WINDING_NUMBER ? -distance : distance,
        1e-9 * size,
      );
    }
  });
}

Deno.test("SurfaceIndex.windingNumber() errs less as windingBeta grows", () => {
  const mesh = bowl(4, 0.3), random = seeded(9);
  const points = Array.from(
    { length: 200 },
    () => [3 * random() - 1.5, 3 * random() - 1.5, 3 * random() - 1.5] as const,
  );
  for (const [beta, tolerance] of [[1.25, 0.05], [1.5, 0.02], [2, 0.005], [3, 0.001], [5, 0.0002]]) {
    const index = indexOf(mesh, beta);
    for (const p of points) assertAlmostEquals(index.windingNumber(...p), exactWindingNumber(mesh, p), tolerance);
  }
});

Deno.test("SurfaceIndex.windingNumber() counts whole turns: a hundred spheres in one another", () => {
  const { positions, indices } = icosphere(0), shells = 100;
  const grown = Array.from({ length: shells }, (_, i) => [...positions].map((value) => value * (1 + i / shells)))
    .flat();
  const wound = Array.from({ length: shells }, (_, i) => [...indices].map((v) => v + 12 * i)).flat();
  const index = indexOf(meshOf(grown, wound), 1e9);
  assertAlmostEquals(index.windingNumber(0.1, 0.2, 0.3), shells, 1e-9);
  assertAlmostEquals(index.windingNumber(0.1, 0.2, 3), 0, 1e-9);
});

Deno.test("SurfaceIndex.windingNumber() stays a number on corners, sides and faces", () => {
  for (const mesh of [unitCube(), degenerateSoup(2)]) {
    const index = indexOf(mesh), { positions, indices } = mesh;
    for (let c = 0; c < indices.length; c += 3) {
      const at = (k: number, axis: number) => positions[3 * indices[c + k] + axis];
      for (const [u, v] of [[0, 0], [1, 0], [0.5, 0.5], [0.25, 0.25]]) {
        const point = [0, 1, 2].map((axis) =>
          at(0, axis) + u * (at(1, axis) - at(0, axis)) + v * (at(2, axis) - at(0, axis))
        );
        const winding = index.windingNumber(point[0], point[1], point[2]);
        assert(Math.abs(winding) <= 40, `${winding} at ${point}`);
      }
    }
  }
  assertEquals(indexOf(unitCube()).windingNumber(NaN, 0, 0), NaN);
});
