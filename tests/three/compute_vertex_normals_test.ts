import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { BoxGeometry, BufferAttribute, BufferGeometry, Group, Int8BufferAttribute, Mesh, SphereGeometry } from "three";
import { buildTopology, vertexNormals } from "../../fitting/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { computeVertexNormals } from "../../three/mod.ts";
import { bracer, flat, interleave, largestDifference } from "./_scene.ts";

Deno.test("computeVertexNormals() gives bit for bit what the flat function gives, of a mesh or its geometry", () => {
  for (const options of [{}, { weighting: "area" }, { creaseRad: 0.2 }] as const) {
    const { geometry } = bracer(), mesh = flat(geometry);
    using scope = new BufferScope();
    const out = new Float32Array(mesh.positions.length);
    const expected = vertexNormals(mesh, buildTopology(mesh, scope, scope), out, scope, options);
    for (const object of [geometry, new Mesh(geometry)]) {
      geometry.attributes.normal.array.fill(9);
      assertEquals(computeVertexNormals(object, options), { ...expected, newAttributes: [] });
      assertEquals(geometry.attributes.normal.array, out);
    }
  }
});

Deno.test("computeVertexNormals() points away from the centre of a sphere, across its seam and poles", () => {
  const sphere = new SphereGeometry(2, 48, 32), exact = sphere.attributes.normal.array.slice();
  computeVertexNormals(sphere);
  assertLess(largestDifference(sphere.attributes.normal.array, exact), 3e-3);
});

Deno.test("computeVertexNormals() does not depend on the transform of the mesh, mirrored or not", () => {
  const plain = bracer(), moved = bracer();
  moved.scale.set(-3, 1, 1);
  moved.updateMatrixWorld();
  new Group().add(moved);
  computeVertexNormals(plain);
  computeVertexNormals(moved);
  assertEquals(moved.geometry.attributes.normal.array, plain.geometry.attributes.normal.array);
});

Deno.test("computeVertexNormals() smooths a geometry without an index, and adds normals where there are none", () => {
  const box = new BoxGeometry(2, 2, 2).toNonIndexed();
  box.deleteAttribute("normal");
  assertEquals(computeVertexNormals(box).newAttributes, ["normal"]);
  const { normal, position } = box.attributes;
  assertEquals([normal.constructor, normal.array.constructor, normal.count], [BufferAttribute, Float32Array, 36]);
  for (let i = 0; i < normal.array.length; i++) {
    assertAlmostEquals(normal.array[i], position.array[i] / Math.sqrt(3), 1e-6);
  }
});

Deno.test("computeVertexNormals() writes interleaved normals in place, and replaces those of integers", () => {
  const plain = bracer().geometry, { geometry } = bracer();
  computeVertexNormals(plain);
  const expected = plain.attributes.normal.array, { count } = plain.attributes.normal;
  const data = interleave(geometry), { version } = data;
  assertEquals(computeVertexNormals(geometry).newAttributes, []);
  const read = Float32Array.from(
    { length: 3 * count },
    (_, i) => geometry.attributes.normal.getComponent(Math.floor(i / 3), i % 3),
  );
  assertEquals([read, data.version], [expected, version + 1]);

  geometry.setAttribute("normal", new Int8BufferAttribute(new Int8Array(3 * count), 3, true));
  assertEquals(computeVertexNormals(geometry).newAttributes, ["normal"]);
  assertEquals(geometry.attributes.normal.array, expected);
  // all that is left of three's own is interleaved or the index: the class is found nevertheless
  geometry.deleteAttribute("normal");
  geometry.deleteAttribute("uv");
  geometry.setIndex(null);
  computeVertexNormals(geometry);
  assertEquals([geometry.attributes.normal.constructor, geometry.index], [BufferAttribute, null]);
});

Deno.test("computeVertexNormals() counts vertices without a face, and refuses what it cannot do", () => {
  const points = new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(6), 3));
  assertEquals(computeVertexNormals(points).verticesWithoutNormal, 2);
  assertThrows(
    () => computeVertexNormals(new BufferGeometry()),
    TypeError,
    'Cannot read the geometry as it must have an attribute "position" of 3 numbers a vertex: it has no attribute',
  );
  const options = { crease: 1 };
  assertThrows(
    () => computeVertexNormals(bracer(), options as object),
    TypeError,
    'Cannot compute normals of "bracer" as "crease" is not an option here: there are weighting, creaseRad, pool',
  );
  assertThrows(() => computeVertexNormals(bracer(), { creaseRad: 4 }), RangeError, "creaseRad must be 0 to pi");
});
