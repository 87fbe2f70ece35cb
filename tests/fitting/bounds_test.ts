import { assertAlmostEquals, assertEquals } from "@std/assert";
import { boundsOf, meanEdgeLength } from "../../fitting/bounds.ts";
import { icosphere, meshOf, scaled, unitCube } from "./_meshes.ts";
import { fin, flatGrid, moved, topologyOf, turned, unwelded } from "./_more_meshes.ts";

Deno.test("boundsOf() of a cube is the cube", () => {
  assertEquals(boundsOf(unitCube()), {
    boundsMin: [0, 0, 0],
    boundsMax: [1, 1, 1],
    boundsDiagonal: Math.sqrt(3),
  });
});

Deno.test("boundsOf() ignores vertices no face uses, wherever they are", () => {
  const { positions, indices } = unitCube();
  const mesh = meshOf(
    [-1e9, 0, 0, ...positions, NaN, 5, 5],
    indices.map((v) => v + 1),
  );
  assertEquals(boundsOf(mesh), boundsOf(unitCube()));
});

Deno.test("boundsOf() moves with the mesh, also below zero", () => {
  const { boundsMin, boundsMax } = boundsOf(
    moved(unitCube(), (x, y, z) => [x - 5, y - 6, z + 7]),
  );
  assertEquals([...boundsMin, ...boundsMax], [-5, -6, 7, -4, -5, 8]);
});

Deno.test("boundsOf() without a face is the empty box", () => {
  assertEquals(boundsOf(meshOf([1, 2, 3], [])), {
    boundsMin: [Infinity, Infinity, Infinity],
    boundsMax: [-Infinity, -Infinity, -Infinity],
    boundsDiagonal: 0,
  });
});

Deno.test("meanEdgeLength() of a cube: twelve edges of 1 and six diagonals", () => {
  const mean = (12 + 6 * Math.SQRT2) / 18;
  assertAlmostEquals(
    meanEdgeLength(unitCube(), topologyOf(unitCube())),
    mean,
    1e-15,
  );
  const split = unwelded(unitCube());
  assertAlmostEquals(meanEdgeLength(split, topologyOf(split)), mean, 1e-15);
});

Deno.test("meanEdgeLength() counts an edge once, however many faces meet there", () => {
  const lengths = [
    1,
    1,
    Math.SQRT2,
    Math.SQRT2,
    Math.sqrt(3),
    Math.SQRT2,
    Math.sqrt(3),
  ];
  const mean = lengths.reduce((a, b) => a + b) / 7;
  assertAlmostEquals(meanEdgeLength(fin(), topologyOf(fin())), mean, 1e-15);
});

Deno.test("meanEdgeLength() turns and grows with the mesh", () => {
  const sphere = icosphere(2),
    topology = topologyOf(sphere),
    mean = meanEdgeLength(sphere, topology);
  assertAlmostEquals(meanEdgeLength(turned(sphere), topology), mean, 1e-7);
  for (const factor of [1e-6, 1e6]) {
    assertAlmostEquals(
      meanEdgeLength(scaled(sphere, factor), topology),
      mean * factor,
      1e-7 * factor,
    );
  }
});

for (const n of [3, 9, 33]) {
  Deno.test(`meanEdgeLength() of a regular sheet, ${n} × ${n}`, () => {
    const sheet = flatGrid(n),
      cells = n - 1,
      straight = 2 * n * cells,
      diagonal = cells * cells;
    const mean = (straight + diagonal * Math.SQRT2) / (straight + diagonal) /
      cells;
    assertAlmostEquals(meanEdgeLength(sheet, topologyOf(sheet)), mean, 1e-12);
  });
}

Deno.test("meanEdgeLength() without an edge is 0", () => {
  assertEquals(meanEdgeLength(meshOf([], []), topologyOf(meshOf([], []))), 0);
});
