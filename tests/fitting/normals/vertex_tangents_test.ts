import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { vertexNormals } from "../../../fitting/normals/vertex_normals.ts";
import { vertexTangents, vertexTangentsBytes } from "../../../fitting/normals/vertex_tangents.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { meshOf } from "../_meshes.ts";
import { topologyOf } from "../_more_meshes.ts";
import { tube } from "../_tube.ts";

function tangentsOf(mesh: TriangleMesh, uvs: Float32Array): { out: Float32Array; normals: Float32Array } {
  using scratch = new BufferScope();
  const topology = topologyOf(mesh), normals = new Float32Array(mesh.positions.length);
  vertexNormals(mesh, topology, normals, scratch);
  const out = new Float32Array(4 * mesh.positions.length / 3);
  scratch.takePeakBytes();
  vertexTangents(mesh, topology, normals, uvs, out, scratch);
  assertEquals(scratch.takePeakBytes(), vertexTangentsBytes());
  return { out, normals };
}

/** A tube with its texture once around, but for the vertices where that would end. */
const TUBE = tube(24, 4), around = (v: number) => (v % 24) / 24;
const UVS = Float32Array.from(
  { length: 192 },
  (_, i) => i % 2 === 0 ? around(i >> 1) : 1 - TUBE.positions[3 * (i >> 1) + 1],
);

Deno.test("vertexTangents() goes around a tube whose texture does, and up is up", () => {
  for (const mirrored of [false, true]) {
    const uvs = mirrored ? UVS.map((value, i) => i % 2 === 0 ? -value : value) : UVS;
    const { out, normals } = tangentsOf(TUBE, uvs);
    for (let v = 0; v < 96; v++) {
      if (v % 24 === 0 || v % 24 === 23) continue; // the texture runs back between them
      const [nx, ny, nz] = normals.subarray(3 * v, 3 * v + 3), [x, y, z, w] = out.subarray(4 * v, 4 * v + 4);
      assertAlmostEquals(x * nx + y * ny + z * nz, 0, 1e-6);
      assertAlmostEquals(Math.hypot(x, y, z), 1, 1e-6);
      const angle = 2 * Math.PI * around(v), sign = mirrored ? -1 : 1;
      assertAlmostEquals(x, -sign * Math.sin(angle), 0.02);
      assertAlmostEquals(z, sign * Math.cos(angle), 0.02);
      // the bitangent points to falling v, which is up here
      assertAlmostEquals(w * (nz * x - nx * z), 1, 1e-3);
    }
  }
});

Deno.test("vertexTangents() gives some direction where the texture has no area, and takes loose vertices", () => {
  const mesh = meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 5, 5], [0, 1, 2]);
  const { out } = tangentsOf(mesh, new Float32Array(8));
  for (let v = 0; v < 4; v++) assertAlmostEquals(Math.hypot(...out.subarray(4 * v, 4 * v + 3)), 1, 1e-6);
  assert([...out].every(Number.isFinite));
  assertThrows(() => tangentsOf(mesh, new Float32Array(6)), RangeError, "they hold 12, 6 and 16");
});
