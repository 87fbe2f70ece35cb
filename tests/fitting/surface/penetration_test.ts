import { assertAlmostEquals, assertEquals } from "@std/assert";
import { penetration, penetrationBytes, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed, withScope } from "../_bodies.ts";
import { icosphere, meshOf, scaled } from "../_meshes.ts";
import { joined } from "../_more_meshes.ts";

const BODY = icosphere(3, 1);

function measured(garment: TriangleMesh, body = BODY) {
  using scope = new BufferScope();
  return penetration(garment, indexed(body, scope).index, scope);
}

Deno.test("penetration() of a ball in a ball is all of it, as deep as the gap", () => {
  const { insideVertices, insideArea, maxDepth, minDistance, meanDistance } = measured(icosphere(2, 0.9));
  assertEquals([insideVertices, insideArea], [1, 1]);
  assertAlmostEquals(meanDistance, 0.1, 0.01);
  assertAlmostEquals(maxDepth, 0.1, 0.05); // face centres lie deeper than vertices
  assertEquals(minDistance, -maxDepth);
});

Deno.test("penetration() sees a body that pokes through the middle of faces whose vertices are outside", () => {
  const big = scaled(icosphere(0, 1), 1.2); // its vertices stand 0.2 off, its face centres do not reach the ball
  const { insideVertices, insideArea } = measured(big);
  assertEquals(insideVertices, 0);
  assertEquals(insideArea > 0.2, true);
});

Deno.test("penetration() counts only vertices that a face uses", () => {
  const triangle = meshOf([2, 0, 0, 2, 1, 0, 2, 0, 1], [0, 1, 2]), stray = meshOf([0, 0, 0], []);
  assertEquals(measured(joined(triangle, stray)).insideVertices, 0);
});

Deno.test("penetration() of nothing is none", () => {
  const { insideVertices, insideArea, maxDepth, minDistance } = measured(meshOf([], []));
  assertEquals([insideVertices, insideArea, maxDepth, minDistance], [0, 0, 0, Infinity]);
});

Deno.test("penetration() leases exactly what it says", () => {
  withScope((scope) => {
    const garment = icosphere(2, 0.9), scratch = new BufferScope();
    penetration(garment, indexed(BODY, scope).index, scratch);
    assertEquals(scratch.peakBytes, penetrationBytes({ vertexCount: garment.positions.length / 3 }));
  });
});
