import { assertEquals } from "@std/assert";
import { closestPoint, closestPointBytes } from "../../../fitting/surface/closest_point.ts";
import { SurfaceHit } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { meshOf, unitCube } from "../_meshes.ts";

Deno.test("closestPoint() answers one question about a cube and leaves scratch as it was", () => {
  using scratch = new BufferScope();
  const hit = new SurfaceHit();
  assertEquals(closestPoint(unitCube(), { x: 0.25, y: -3, z: -4 }, hit, scratch), true);
  assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [0.25, 0, 0, 25]);
  assertEquals(scratch.peakBytes, closestPointBytes({ faceCount: 12 }));
  assertEquals(scratch.inUseBytes, 0);
});

Deno.test("closestPoint() finds nothing on a mesh without faces", () => {
  using scratch = new BufferScope();
  assertEquals(closestPoint(meshOf([], []), { x: 0, y: 0, z: 0 }, new SurfaceHit(), scratch), false);
});
