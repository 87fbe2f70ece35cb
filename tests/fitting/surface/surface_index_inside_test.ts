import { assert, assertEquals } from "@std/assert";
import type { Bvh } from "../../../fitting/surface/_bvh.ts";
import { crossingsInTree } from "../../../fitting/surface/_bvh_crossings.ts";
import { isClosed } from "../../../fitting/surface/_is_closed.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceHit, SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { finish } from "../../../fitting/work.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, seeded, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { cornersOf, distancesToFaces, exactWindingNumber, type Vector } from "../_surface_oracle.ts";

function indexOf(mesh: TriangleMesh): SurfaceIndex {
  return SurfaceIndex.build(mesh, new BufferScope());
}

/** Just the parts of a tree that `isClosed` reads. */
function closed(mesh: TriangleMesh): boolean {
  const faceCount = mesh.indices.length / 3;
  const triangles = Float32Array.from({ length: faceCount }, (_, f) => f).values().toArray()
    .flatMap((f) => cornersOf(mesh, f).flat());
  return finish(isClosed({ faceCount, triangles: Float32Array.from(triangles) } as unknown as Bvh));
}

/** Faces turned about: the negative of every winding number. */
function insideOut({ positions, indices }: TriangleMesh): TriangleMesh {
  return { positions, indices: indices.toReversed() };
}

/** Every face with corners of its own. */
function unwelded(mesh: TriangleMesh): TriangleMesh {
  const corners = Array.from({ length: mesh.indices.length / 3 }, (_, f) => cornersOf(mesh, f).flat()).flat();
  return meshOf(corners, corners.keys().toArray().slice(0, corners.length / 3));
}

function joined(...meshes: TriangleMesh[]): TriangleMesh {
  const positions: number[] = [], indices: number[] = [];
  for (const mesh of meshes) {
    const first = positions.length / 3;
    positions.push(...mesh.positions);
    for (const v of mesh.indices) indices.push(first + v);
  }
  return meshOf(positions, indices);
}

function moved({ positions, indices }: TriangleMesh, by: Vector): TriangleMesh {
  return { positions: positions.map((value, k) => value + by[k % 3]), indices };
}

Deno.test("isClosed() sees closed surfaces, welded or not, several, with degenerate faces or -0 for 0", () => {
  for (const mesh of [unitCube(), tetrahedron(), icosphere(3), insideOut(unitCube()), meshOf([], [])]) {
    assert(closed(mesh));
    assert(closed(unwelded(mesh)));
    assert(closed(joined(mesh, moved(mesh, [0.5, 0, 0]), mesh)));
  }
  const cube = unitCube();
  assert(closed(meshOf([...cube.positions], [...cube.indices, 0, 0, 1, 2, 2, 2])));
  const signed = unwelded(cube);
  signed.positions.forEach((value, k) => signed.positions[k] = value === 0 && k % 2 === 0 ? -0 : value);
  assert(closed(signed));
});

Deno.test("isClosed() sees a missing, turned or doubled face and a corner moved a little", () => {
  const { positions, indices } = icosphere(2);
  assert(!closed({ positions, indices: indices.subarray(3) }));
  assert(!closed(meshOf(positions, [indices[1], indices[0], ...indices.subarray(2)])));
  assert(!closed(meshOf(positions, [...indices, ...indices.subarray(0, 3)])));
  assert(!closed(wavyGrid(5)));
  const split = unwelded({ positions, indices });
  split.positions[0] += 2 ** -24;
  assert(!closed(split));
});

const CLOSED: Record<string, TriangleMesh> = {
  "a sphere": icosphere(3),
  "a cube": unitCube(),
  "a cube in a row of cubes": joined(unitCube(), moved(unitCube(), [1, 0, 0]), moved(unitCube(), [2, 0, 0])),
  "two spheres through each other": joined(icosphere(2), moved(icosphere(2), [0.5, 0.25, 0])),
  "a sphere with a hollow": joined(icosphere(3), insideOut(scaled(icosphere(2), 0.5))),
  "a cube turned inside out": insideOut(unitCube()),
  "a tetrahedron times 1e6": scaled(tetrahedron(), 1e6),
  "a tetrahedron times 1e-6": scaled(tetrahedron(), 1e-6),
};
for (const [name, mesh] of Object.entries(CLOSED)) {
  Deno.test(`SurfaceIndex.isInside() and signedDistance() are exact on ${name}, rays through corners and sides too, seed 6`, () => {
    const index = indexOf(mesh), random = seeded(6), hit = new SurfaceHit();
    const size = Math.max(...mesh.positions.map(Math.abs)), { positions } = mesh;
    for (let i = 0; i < 600; i++) {
      const p = Array.from({ length: 3 }, () => (3 * random() - 1.5) * size);
      // two of three share a coordinate or two with a corner, so that rays meet corners, sides and faces edge-on
      const corner = 3 * Math.floor(random() * positions.length / 3), axis = i % 3;
      if (i % 4 > 0) p[axis] = positions[corner + axis];
      if (i % 4 > 1) p[(axis + 1) % 3] = positions[corner + (axis + 1) % 3];
      const at = p as unknown as Vector, distance = Math.min(...distancesToFaces(mesh, at));
      if (distance < 1e-9 * size) continue;
      const expected = Math.round(exactWindingNumber(mesh, at)) > 0;
      assertEquals(index.isInside(...at), expected, `${at}`);
      assertEquals(index.signedDistance(...at, hit) < 0, expected, `${at}`);
    }
  });
}

Deno.test("SurfaceIndex.isInside() decides an open mesh by its winding number, and one that refit() opens", () => {
  const { positions, indices } = unwelded(icosphere(3));
  const bowl = indexOf({ positions, indices: indices.subarray(3) });
  assert(bowl.isInside(0, 0.1, 0.2));
  assert(!bowl.isInside(0, 1.1, 0.2));
  assert(!indexOf(wavyGrid(9)).isInside(0.5, 1, 0.5));
  const sphere = indexOf({ positions, indices });
  assert(sphere.isInside(0.4, 0, 0));
  for (let k = 0; k < positions.length / 2; k++) positions[k] = 0; // half the faces gone
  sphere.refit();
  for (const [x, y, z] of [[0.4, 0, 0], [-0.4, 0, 0], [0, 0.4, 0], [0, -0.4, 0]]) {
    assertEquals(sphere.isInside(x, y, z), exactWindingNumber(sphere.mesh, [x, y, z]) > 0.5);
  }
});

Deno.test("crossingsInTree() gives up in the plane of a face, where rounding could decide", () => {
  const mesh = meshOf([0, 0, 0, 1, 1, 0, 0, 1, 1], [0, 1, 2]);
  const leaf = {
    root: ~0,
    faceCount: 1,
    triangles: Float32Array.from(cornersOf(mesh, 0).flat()),
    stackRef: new Int32Array(1),
    query: new Float64Array(7),
  } as unknown as Bvh;
  for (const [x, expected] of [[0.25, NaN], [0.25 + 1e-15, NaN], [0.2, 1], [0.3, 0], [-9, 1], [9, 0]]) {
    leaf.query.set([x, 0.5, 0.25]); // a ray along +x, out through the face at 0.25
    assertEquals(crossingsInTree(leaf), expected, `${x}`);
  }
  assertEquals(typeof indexOf(mesh).isInside(0.25, 0.5, 0.25), "boolean");
});
