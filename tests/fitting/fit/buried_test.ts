import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { fitGarment, type FitGarmentOptions, penetration, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { facesWhere } from "../_mannequin.ts";
import { icosphere } from "../_meshes.ts";
import { flatGrid, joined, moved } from "../_more_meshes.ts";

/** A head, and a wider one. */
const SOURCE = icosphere(4, 0.1), TARGET = moved(SOURCE, (x, y, z) => [1.2 * x, 1.1 * y, 1.1 * z]);

/** Hair about the upper half of the head, at so many metres from it. */
const SHELL = facesWhere(icosphere(4, 0.106), (_x, y) => y > -0.01);

/** It closes below through the head: a level sheet of which all but the rim lies in it. */
const BOB = joined(
  SHELL,
  moved(flatGrid(21), (u, v) => {
    const x = 2 * u - 1, z = 2 * v - 1, reach = Math.max(Math.abs(x), Math.abs(z)) / Math.max(Math.hypot(x, z), 1e-9);
    return [0.106 * reach * x, -0.01, -0.106 * reach * z];
  }),
);

function fitted(garment: TriangleMesh, options: FitGarmentOptions = {}) {
  using scope = new BufferScope();
  const out = new Float32Array(garment.positions.length), { topology } = indexed(garment, scope);
  const target = indexed(TARGET, scope).index;
  const report = fitGarment(garment, topology, target, indexed(SOURCE, scope), out, scope, options);
  return { out, report, inside: penetration({ ...garment, positions: out }, target, scope).insideVertices };
}

Deno.test("fitGarment() leaves inside what was made to lie deep in the body, and says so", () => {
  const { out, report, inside } = fitted(BOB);
  assertGreater(report.keptInside, 200);
  assertEquals(report.insideAfter, 0);
  assertGreater(inside, 0.1);
  const first = SHELL.positions.length, sheet = out.subarray(first);
  for (let i = 1; i < sheet.length; i += 3) assertLess(Math.abs(sheet[i] + 0.011), 0.004);
});

Deno.test("fitGarment() brings it out where it is told to, and leaves all that was inside where it is told to", () => {
  const none = fitted(BOB, { keepInside: "none", iterations: 20 }), all = fitted(BOB, { keepInside: "all" });
  assertEquals(none.report.keptInside, 0);
  assertLess(none.inside, 0.02);
  assertGreater(all.report.keptInside, fitted(BOB).report.keptInside - 1);
});

Deno.test("fitGarment() brings out a sheet that dips under the skin, however deep", () => {
  for (const depth of [0.005, 0.012, 0.025]) {
    const dipped = moved(SHELL, (x, y, z) => {
      const scale = 1 - (0.006 + depth) / 0.106 * Math.exp(-(x * x + z * z) / 0.06 ** 2);
      return [scale * x, scale * y, scale * z];
    });
    const { report, inside } = fitted(dipped);
    assertEquals([report.keptInside, report.insideAfter, inside], [0, 0, 0]);
  }
});
