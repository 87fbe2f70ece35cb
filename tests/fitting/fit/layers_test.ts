import { assertEquals, assertGreater } from "@std/assert";
import { findLayersWork, leaseLayers } from "../../../fitting/fit/_layers.ts";
import { finish, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { wavyGrid } from "../_meshes.ts";
import { joined, moved } from "../_more_meshes.ts";

/** A sheet of 36 mm with three pleats, 10 mm deep and 12 mm from one to the next. */
function pleats(side: number): TriangleMesh {
  return moved(wavyGrid(side), (x, _y, z) => [0.036 * x, 0.005 * Math.sin(6 * Math.PI * x), 0.036 * z]);
}

/** How many pairs of sheets a mesh has, for a thousand vertices. */
function pairsOf(mesh: TriangleMesh): number {
  using scope = new BufferScope();
  const { topology, index } = indexed(mesh, scope), rest = Float64Array.from(mesh.positions);
  const layers = leaseLayers(topology, scope);
  finish(findLayersWork(layers, index, topology, rest, () => false, scope));
  return 1000 * layers.count / topology.weldedCount;
}

for (const side of [16, 40, 64]) {
  Deno.test(`findLayersWork(): the walls of a pleat are one sheet, at ${side} vertices a side`, () => {
    assertEquals(pairsOf(pleats(side)), 0);
  });

  Deno.test(`findLayersWork(): a lining is another sheet than its pleats, at ${side} vertices a side`, () => {
    const lining = moved(pleats(side), (x, y, z) => [x, y - 0.002, z]);
    assertGreater(pairsOf(joined(pleats(side), lining)), 500);
  });
}
