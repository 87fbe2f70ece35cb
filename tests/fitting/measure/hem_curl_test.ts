import { assertAlmostEquals, assertEquals } from "@std/assert";
import { hemCurl, hemCurlBytes } from "../../../fitting/measure/hem_curl.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere } from "../_meshes.ts";
import { topologyOf, unwelded } from "../_more_meshes.ts";
import { tube } from "../_tube.ts";

function curl(mesh: TriangleMesh, deformed: Float32Array) {
  using scratch = new BufferScope();
  const topology = topologyOf(mesh);
  scratch.takePeakBytes();
  const found = hemCurl(mesh.positions, deformed, topology, scratch);
  assertEquals(scratch.takePeakBytes(), hemCurlBytes(topology));
  return found;
}

/** A tube of five rings, 0.25 apart, whose top ring is bent out or in by an angle about the ring below. */
function bent(mesh: TriangleMesh, degrees: number): Float32Array {
  const angle = degrees * Math.PI / 180, out = mesh.positions.slice();
  for (let i = 0; i < out.length; i += 3) {
    if (out[i + 1] < 0.99) continue;
    const radius = 1 + 0.25 * Math.sin(angle);
    out[i] *= radius;
    out[i + 1] = 0.75 + 0.25 * Math.cos(angle);
    out[i + 2] *= radius;
  }
  return out;
}

for (const degrees of [20, -35]) {
  Deno.test(`hemCurl() measures a hem bent by ${degrees} degrees, whatever the seams, and nothing at the other end`, () => {
    for (const mesh of [tube(200, 5), unwelded(tube(200, 5))]) {
      const found = curl(mesh, bent(mesh, degrees));
      assertEquals(found.hemCurlTested, 400);
      // a face of the tube is turned by 0.9 degrees from the cloth behind its ends
      assertAlmostEquals(found.hemCurlMaxDeg, Math.abs(degrees), 1.5);
      assertAlmostEquals(found.hemCurlP95Deg, Math.abs(degrees), 1.5);
      assertAlmostEquals(found.hemCurlMeanDeg, Math.abs(degrees) / 2, 1);
    }
  });
}

Deno.test("hemCurl() tells out from in: from 20 out to 20 in are 40 degrees", () => {
  const mesh = tube(200, 5), before = { positions: bent(mesh, 20), indices: mesh.indices };
  assertAlmostEquals(curl(before, bent(mesh, -20)).hemCurlMaxDeg, 40, 0.1);
});

Deno.test("hemCurl() is zero for what turned and grew as one, and for closed meshes", () => {
  const mesh = tube(20, 5);
  const moved = mesh.positions.map((_, i) => 3 * mesh.positions[3 * Math.floor(i / 3) + (i + 1) % 3] + 4);
  assertAlmostEquals(curl(mesh, moved).hemCurlMaxDeg, 0, 1e-3);
  const ball = icosphere(1);
  assertEquals(curl(ball, ball.positions), { hemCurlTested: 0, hemCurlMeanDeg: 0, hemCurlP95Deg: 0, hemCurlMaxDeg: 0 });
});
