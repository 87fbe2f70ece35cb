import { assert, assertEquals } from "@std/assert";
import { farOrigin, findMesh, writeMesh } from "../../../io/mod.ts";
import { skinnedSquare, square } from "./_builder.ts";
import { readAll, reopen } from "./_reading.ts";

async function originOf(b: ReturnType<typeof square>) {
  const document = await b.open();
  return farOrigin(document, findMesh(document));
}

Deno.test("farOrigin() stays at zero for what lies near it, and goes to the middle of what does not", async () => {
  assertEquals(await originOf(square({ translation: [40, 40, 40] })), [0, 0, 0]);
  assertEquals(await originOf(square({ translation: [7000.3, -0.4, -99.6] })), [7001, 0, -100]);
  assertEquals(await originOf(square({ translation: [7000, 0, 0], scale: [100, 100, 100] })), [0, 0, 0]);
  const skinned = skinnedSquare();
  skinned.json.nodes[2].translation = [0, 0, 7000.25];
  assertEquals(await originOf(skinned), [1, 1, 7000]);
});

Deno.test("farOrigin() does not heed what no face uses, nor names a minus zero", async () => {
  const b = square();
  b.json.meshes[0].primitives[0].attributes = {
    POSITION: b.positions([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 9e6, 0, 0]),
  };
  assertEquals(await originOf(b), [0, 0, 0]);
  const [x, y] = await originOf(square({ translation: [900, -0.9, 0] }));
  assert(Object.is(x, 901) && Object.is(y, 0), `${x} ${y}`);
});

Deno.test("a mesh seven kilometres away keeps its detail through reading and writing", async () => {
  const b = square({ translation: [7000.125, 0, -5000] });
  b.json.meshes[0].primitives[0].attributes = { POSITION: b.positions([0, 0, 0, 1, 0, 0, 1, 1e-6, 0, 0, 1, 0]) };
  const document = await b.open(), header = findMesh(document), origin = farOrigin(document, header);
  const { positions } = readAll(document, {}, { origin });
  assert(Math.abs(positions[7] - positions[4] - 1e-6) < 1e-7, `${positions[7] - positions[4]}`);
  const moved = positions.map((value, i) => i % 3 === 1 ? Math.fround(value + 0.25) : value);
  const after = readAll(await reopen(writeMesh(document, header, { positions: moved }, { origin })), {}, { origin });
  assertEquals(after.positions, moved);
  assertEquals(writeMesh(document, header, { positions }, { origin }), b.glb());
});
