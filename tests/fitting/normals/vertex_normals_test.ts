import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { cornerAngle } from "../../../fitting/normals/_corner_angle.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import {
  vertexNormals,
  vertexNormalsBytes,
  type VertexNormalsOptions,
} from "../../../fitting/normals/vertex_normals.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { cubesAtCorner, flatGrid, joined, moved, shuffled, topologyOf, turned, unwelded } from "../_more_meshes.ts";

const DEGREE = Math.PI / 180;

function normalsOf(mesh: TriangleMesh, options: VertexNormalsOptions = {}) {
  const out = new Float32Array(mesh.positions.length).fill(NaN);
  using scratch = new BufferScope();
  const report = vertexNormals(mesh, topologyOf(mesh), out, scratch, options);
  return { normals: out, ...report };
}

function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-6,
) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assertAlmostEquals(actual[i], expected[i], tolerance);
  }
}

Deno.test("vertexNormals() points along the diagonal at every cube corner, whatever the triangulation", () => {
  const mesh = unitCube(), { normals, verticesWithoutNormal } = normalsOf(mesh);
  assertEquals(verticesWithoutNormal, 0);
  assertNear(normals, mesh.positions.map((x) => (2 * x - 1) / Math.sqrt(3)));
});

Deno.test("vertexNormals() by area counts both triangles of a side where its diagonal ends", () => {
  const { normals } = normalsOf(unitCube(), { weighting: "area" });
  assertNear(normals.subarray(0, 3), Array(3).fill(-1 / Math.sqrt(3))); // two triangles of each side
  // at vertex 1 two triangles of side +x, one each of -y and -z
  assertNear(normals.subarray(3, 6), [2, -1, -1].map((x) => x / Math.sqrt(6)));
  const wedge = meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3], [
    0,
    1,
    2,
    0,
    3,
    1,
  ]);
  assertNear(
    normalsOf(wedge, { weighting: "area" }).normals.subarray(0, 3),
    [0, 3, 1].map((x) => x / Math.sqrt(10)),
  );
  assertNear(
    normalsOf(wedge).normals.subarray(0, 3),
    [0, 1, 1].map((x) => x / Math.sqrt(2)),
  );
});

Deno.test("vertexNormals() sums the angle-weighted normals of the faces at a tetrahedron's corner", () => {
  const { normals } = normalsOf(tetrahedron());
  assertNear(normals.subarray(0, 3), Array(3).fill(-1 / Math.sqrt(3)));
  const slope = Math.PI / 3 / Math.sqrt(3), side = Math.PI / 4; // at (1, 0, 0): the slope's angle, and those of the sides y = 0, z = 0
  const sum = [slope, slope - side, slope - side], length = Math.hypot(...sum);
  assertNear(normals.subarray(3, 6), sum.map((x) => x / length));
});

// one order a level: the twelve corners of five faces stay irregular
for (
  const [level, tolerance] of [[2, 0.01], [3, 0.005], [4, 0.0025], [5, 0.00125]]
) {
  Deno.test(`vertexNormals() nears the radius of a sphere, level ${level}: within ${tolerance}`, () => {
    const sphere = icosphere(level);
    const { normals } = normalsOf(sphere);
    let worst = 0;
    normals.forEach((x, i) => worst = Math.max(worst, Math.abs(x - sphere.positions[i])));
    assert(worst < tolerance, `${worst}`);
  });
}

Deno.test("vertexNormals() agrees across seams to the last bit", () => {
  const mesh = unwelded(icosphere(2)), { normals } = normalsOf(mesh);
  const { positionRemap, representative } = topologyOf(mesh);
  positionRemap.forEach((w, v) => {
    const first = 3 * representative[w];
    assertEquals([...normals.subarray(3 * v, 3 * v + 3)], [
      ...normals.subarray(first, first + 3),
    ]);
  });
});

Deno.test("vertexNormals() keeps flat shading where creaseRad is below the bend, and smooths from the bend on", () => {
  const cube = unwelded(unitCube());
  const flat = normalsOf(cube, { creaseRad: 89 * DEGREE }).normals;
  for (let v = 0; v < 36; v++) {
    const side = Math.floor(v / 6), expected = [0, 0, 0];
    expected[side >> 1] = side % 2 === 0 ? -1 : 1;
    assertNear(flat.subarray(3 * v, 3 * v + 3), expected);
  }
  const smooth = cube.positions.map((x) => (2 * x - 1) / Math.sqrt(3));
  assertNear(normalsOf(cube, { creaseRad: 90 * DEGREE }).normals, smooth);
  assertNear(
    normalsOf(turned(cube), { creaseRad: 90 * DEGREE }).normals,
    turned(meshOf(smooth, [])).positions,
  );
});

Deno.test("vertexNormals() smooths the side of a can across its seam and keeps the rim sharp", () => {
  const can = canWithSeams(24);
  const { normals } = normalsOf(can.mesh, { creaseRad: 50 * DEGREE });
  assertNear(normals, can.normals, 2e-3);
  for (const [a, b] of can.seam) {
    assertEquals([...normals.subarray(3 * a, 3 * a + 3)], [
      ...normals.subarray(3 * b, 3 * b + 3),
    ]);
  }
});

Deno.test("vertexNormals() cannot split a vertex: a shared cube corner stays smooth at any crease", () => {
  assertEquals(
    normalsOf(unitCube(), { creaseRad: 0.1 }).normals,
    normalsOf(unitCube()).normals,
  );
});

Deno.test("vertexNormals() with creaseRad 0 hears a vertex's own faces only", () => {
  const sphere = unwelded(icosphere(1)),
    { normals } = normalsOf(sphere, { creaseRad: 0 });
  for (let f = 0; f < 80; f++) {
    assertEquals([...normals.subarray(9 * f, 9 * f + 3)], [
      ...normals.subarray(9 * f + 3, 9 * f + 6),
    ]);
    assert(
      normals.subarray(9 * f, 9 * f + 3).join() !==
        normals.subarray(9 * f - 9, 9 * f - 6).join(),
    );
  }
});

Deno.test("vertexNormals() gives both sides of a sheet with a back of its own their normals", () => {
  const front = flatGrid(5);
  const back = meshOf(front.positions, front.indices.toReversed());
  for (const weighting of ["angle", "area"] as const) {
    const { normals, verticesWithoutNormal } = normalsOf(joined(front, back), {
      weighting,
    });
    assertEquals(verticesWithoutNormal, 0);
    for (let v = 0; v < 50; v++) {
      assertNear(normals.subarray(3 * v, 3 * v + 3), [0, 0, v < 25 ? 1 : -1]);
    }
  }
});

for (const creaseRad of [Math.PI, 0.1]) {
  Deno.test(`vertexNormals() keeps two cubes apart that share a corner, crease ${creaseRad}`, () => {
    const mesh = cubesAtCorner(unitCube());
    const { normals } = normalsOf(mesh, { creaseRad }); // all votes together cancel
    assertNear(normals.subarray(21, 24), Array(3).fill(1 / Math.sqrt(3)));
    assertNear(normals.subarray(24, 27), Array(3).fill(-1 / Math.sqrt(3)));
  });
}

Deno.test("vertexNormals() reports (0, 0, 0) for a place without a face with an area", () => {
  const mesh = meshOf([0, 0, 0, 1, 0, 0, 2, 0, 0, 5, 5, 5, 0, 0, 0], [
    0,
    1,
    2,
    0,
    0,
    1,
  ]);
  const { normals, verticesWithoutNormal } = normalsOf(mesh);
  assertEquals(verticesWithoutNormal, 5);
  assertEquals([...normals], Array(15).fill(0));
});

Deno.test("vertexNormals() reports two faces back to back that share their vertices", () => {
  const { normals, verticesWithoutNormal } = normalsOf(
    meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2, 0, 2, 1]),
  );
  assertEquals(verticesWithoutNormal, 3);
  assertEquals([...normals], Array(9).fill(0));
});

Deno.test("vertexNormals() does not count faces of zero area, at any crease", () => {
  const mesh = meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0, 1, 0, 0], [
    0,
    1,
    2,
    0,
    3,
    4,
    1,
    1,
    4,
  ]);
  for (const creaseRad of [Math.PI, 1]) {
    const { normals } = normalsOf(mesh, { creaseRad });
    assertEquals([...normals], [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  }
});

Deno.test("vertexNormals() gives a vertex no face uses the normal of its place", () => {
  const { positions, indices } = unitCube();
  const mesh = meshOf([...positions, 1, 1, 1], indices);
  for (const creaseRad of [Math.PI, 1]) {
    const { normals, verticesWithoutNormal } = normalsOf(mesh, { creaseRad });
    assertEquals(verticesWithoutNormal, 0);
    assertNear(normals.subarray(24), Array(3).fill(1 / Math.sqrt(3)));
  }
});

Deno.test("vertexNormals() takes an empty mesh", () => {
  assertEquals(normalsOf(meshOf([], [])).verticesWithoutNormal, 0);
});

for (const creaseRad of [Math.PI, 0.3]) {
  const { normals } = normalsOf(wavySeams(), { creaseRad });
  for (const factor of [1e-6, 1e6]) {
    Deno.test(`vertexNormals() does not depend on the size of the mesh, crease ${creaseRad}, factor ${factor}`, () => {
      assertNear(
        normalsOf(scaled(wavySeams(), factor), { creaseRad }).normals,
        normals,
        1e-5,
      );
    });
  }
  Deno.test(`vertexNormals() turns with the mesh, crease ${creaseRad}`, () => {
    assertNear(
      normalsOf(turned(wavySeams()), { creaseRad }).normals,
      turned(meshOf(normals, [])).positions,
      1e-5,
    );
  });
  Deno.test(`vertexNormals() is not moved by a move, crease ${creaseRad}`, () => {
    const there = moved(wavySeams(), (x, y, z) => [x + 2, y - 1, z + 0.5]);
    assertNear(normalsOf(there, { creaseRad }).normals, normals, 2e-4);
  });
  for (const seed of [1, 2]) {
    Deno.test(`vertexNormals() does not depend on the order of vertices and faces, crease ${creaseRad}, seed ${seed}`, () => {
      const { mesh, order } = shuffled(wavySeams(), seed);
      const { normals: fresh } = normalsOf(mesh, { creaseRad });
      order.forEach((old, v) =>
        assertNear(
          fresh.subarray(3 * v, 3 * v + 3),
          normals.subarray(3 * old, 3 * old + 3),
        )
      );
    });
  }
}

Deno.test("vertexNormals() follows positions that moved since the topology was built", () => {
  const rest = unwelded(icosphere(1)), topology = topologyOf(rest);
  const mesh = turned(rest), out = new Float32Array(rest.positions.length);
  vertexNormals(mesh, topology, out, new BufferScope());
  assertNear(out, turned(meshOf(normalsOf(rest).normals, [])).positions);
});

for (
  const options of [{}, { weighting: "area" }, { creaseRad: 0.5 }] as const
) {
  Deno.test(`vertexNormalsBytes() is what is leased, ${JSON.stringify(options)}`, () => {
    for (const mesh of [meshOf([], []), unitCube(), unwelded(icosphere(1))]) {
      using scratch = new BufferScope();
      const topology = topologyOf(mesh);
      vertexNormals(
        mesh,
        topology,
        new Float32Array(mesh.positions.length),
        scratch,
        options,
      );
      assertEquals(
        scratch.peakBytes,
        vertexNormalsBytes({ vertexCount: mesh.positions.length / 3, faceCount: mesh.indices.length / 3, ...topology }),
      );
      assertEquals(scratch.inUseBytes, 0);
    }
  });
}

Deno.test("vertexNormals() allocates only on its first call", () => {
  using scratch = new BufferScope();
  const mesh = unwelded(unitCube()),
    topology = topologyOf(mesh),
    out = new Float32Array(108);
  vertexNormals(mesh, topology, out, scratch);
  const before = scratch.allocatedBytes;
  vertexNormals(mesh, topology, out, scratch, { creaseRad: 1 });
  assertEquals(scratch.allocatedBytes, before);
});

Deno.test("vertexNormals() refuses what does not fit, before it leases anything", () => {
  const mesh = unitCube(),
    topology = topologyOf(mesh),
    out = new Float32Array(24);
  using scratch = new BufferScope();
  const refused = (message: string, run: () => void) => assertThrows(run, RangeError, message);
  refused(
    "must hold 24 floats: it holds 3",
    () => vertexNormals(mesh, topology, new Float32Array(3), scratch),
  );
  refused(
    "it has 4 vertices and 4 faces, the mesh 8 and 12",
    () => vertexNormals(mesh, topologyOf(tetrahedron()), out, scratch),
  );
  refused(
    "creaseRad must be 0 to pi: current value is NaN",
    () => vertexNormals(mesh, topology, out, scratch, { creaseRad: NaN }),
  );
  refused(
    "creaseRad must be 0 to pi: current value is 50",
    () => vertexNormals(mesh, topology, out, scratch, { creaseRad: 50 }),
  );
  refused(
    'current value is "cotan"',
    () =>
      vertexNormals(mesh, topology, out, scratch, {
        weighting: "cotan" as "area",
      }),
  );
  assertEquals(scratch.peakBytes, 0);
});

Deno.test("cornerAngle() is within 4e-7 of the angle, from 0 to pi", () => {
  assertEquals(cornerAngle(0, 1), 0);
  assertEquals(cornerAngle(0, -1), Math.PI);
  assertEquals(cornerAngle(1, 0), Math.PI / 2);
  for (let i = 1; i < 1e5; i++) {
    const angle = Math.PI * i / 1e5;
    const actual = cornerAngle(1e-9 * Math.sin(angle), 1e-9 * Math.cos(angle));
    assert(Math.abs(actual - angle) < 4e-7, `${actual - angle} at ${angle}`);
  }
});

/** A wavy sheet of two halves that meet in a seam, the right one unwelded. */
function wavySeams(): TriangleMesh {
  const { positions, indices } = wavyGrid(9);
  const left: number[] = [], right: number[] = [];
  for (let c = 0; c < indices.length; c += 3) {
    const face = indices.subarray(c, c + 3);
    (Math.min(...face.map((v) => v % 9)) < 4 ? left : right).push(...face);
  }
  return joined(meshOf(positions, left), unwelded(meshOf(positions, right)));
}

/** A can along z of `n` sides, its lid split from the side and the side split where it closes. */
function canWithSeams(n: number) {
  const positions: number[] = [],
    indices: number[] = [],
    normals: number[] = [];
  const add = (x: number, y: number, z: number, ...normal: number[]) => {
    normals.push(...normal);
    return positions.push(x, y, z) / 3 - 1;
  };
  for (let i = 0; i <= n; i++) {
    const angle = 2 * Math.PI * (i % n) / n,
      x = Math.cos(angle),
      y = Math.sin(angle);
    const low = add(x, y, 0, x, y, 0), high = add(x, y, 1, x, y, 0);
    if (i < n) indices.push(low, low + 2, high, high, low + 2, low + 3);
  }
  const seam = [[0, 2 * n], [1, 2 * n + 1]];
  const middle = add(0, 0, 1, 0, 0, 1);
  for (let i = 0; i < n; i++) {
    const angle = 2 * Math.PI * i / n;
    const rim = add(Math.cos(angle), Math.sin(angle), 1, 0, 0, 1);
    indices.push(middle, rim, middle + 1 + (i + 1) % n);
  }
  return { mesh: meshOf(positions, indices), normals, seam };
}
