import { assertAlmostEquals, assertEquals } from "@std/assert";
import { lieOnBody } from "../../../fitting/measure/lie_on_body.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { cuirass, facesWhere, mannequin } from "../_mannequin.ts";
import { icosphere, meshOf, scaled } from "../_meshes.ts";
import { moved } from "../_more_meshes.ts";

const scope = new BufferScope();
const lie = (mesh: TriangleMesh, body: TriangleMesh) => lieOnBody(mesh, SurfaceIndex.build(body, scope));

Deno.test("lieOnBody() finds a garment on its body, of a size with it, and the body solid", () => {
  const { gap, sizeRatio, openShare } = lie(cuirass(), mannequin());
  assertEquals([gap < 0.05, sizeRatio > 0.2 && sizeRatio < 0.5, openShare], [true, true, 0]);
});

Deno.test("lieOnBody() gives the least distance, from far too, and 0 where the garment is inside", () => {
  const ball = icosphere(4);
  for (const away of [1.5, 40, 7000]) {
    const small = moved(icosphere(2, 0.25), (x, y, z) => [x + away, y, z]);
    assertAlmostEquals(lie(small, ball).gap, away - 1.25, 0.02 * away);
  }
  assertEquals(lie(icosphere(2, 0.25), ball).gap, 0);
});

Deno.test("lieOnBody() tells a garment in another unit by its size", () => {
  for (const factor of [1e-3, 1, 1e3]) {
    const { sizeRatio } = lie(scaled(cuirass(), factor), mannequin());
    assertAlmostEquals(sizeRatio / factor, lie(cuirass(), mannequin()).sizeRatio, 1e-4);
  }
});

Deno.test("lieOnBody() tells a body that is no solid: a triangle, a front alone, one inside out", () => {
  const body = mannequin(), coat = cuirass();
  const open = [
    meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]),
    facesWhere(body, (_x, _y, z) => z > 0),
    { ...body, indices: body.indices.toReversed() },
  ].map((mesh) => lie(coat, mesh).openShare);
  assertEquals(open.map((share) => share > 0.4), [true, true, true], `${open}`);
  const holed = lie(coat, facesWhere(body, (_x, y) => y < 1.5)).openShare;
  assertEquals(holed < 0.1, true, `${holed}`);
});

Deno.test("lieOnBody() makes nothing of a mesh without a face", () => {
  assertEquals(lie(meshOf([], []), mannequin()), { gap: NaN, sizeRatio: NaN, openShare: 0 });
  assertEquals(lie(cuirass(), meshOf([], [])), { gap: NaN, sizeRatio: NaN, openShare: 0 });
});
