import { assertEquals, assertThrows } from "@std/assert";
import { findMesh, InputFileError } from "../../../io/mod.ts";
import { Builder, skinnedSquare, SQUARE, square, SQUARE_FACES } from "./_builder.ts";
import { assertRefused, readAll } from "./_reading.ts";

/** Two meshes of two materials each, under two nodes, one below a group. */
function wardrobe(): Builder {
  const b = new Builder();
  b.json.materials = [{ name: "cloth" }, { name: "metal" }];
  const part = (x: number, material: number, extras?: unknown) => ({
    attributes: { POSITION: b.positions([x, 0, 0, x + 1, 0, 0, x, 1, 0]) },
    material,
    ...(extras === undefined ? {} : { extras }),
  });
  b.mesh([part(0, 0, { name: "front" }), part(10, 1)], { name: "shirt" });
  b.mesh([part(20, 1)], { name: "belt" });
  const belt = b.node({ name: "belt node", mesh: 1 }, false);
  b.node({ name: "shirt node", mesh: 0 });
  b.node({ name: "group", children: [belt] });
  return b;
}

Deno.test("findMesh() takes every triangle primitive of the scene as one surface, in node order", async () => {
  const { header, positions, indices } = readAll(await wardrobe().open());
  assertEquals(header.parts.map(({ node, primitive }) => [node, primitive]), [
    [0, 0],
    [1, 0],
    [1, 1],
  ]);
  assertEquals([
    header.vertexCount,
    header.faceCount,
    header.hasNormals,
    header.influencesPerVertex,
  ], [9, 3, false, 0]);
  assertEquals([positions[0], positions[9], positions[18]], [20, 0, 10]);
  assertEquals([...indices], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("findMesh() selects by node and what is below it, mesh, primitive, material, and all of them together", async () => {
  const document = await wardrobe().open();
  const first = (selection: Parameters<typeof findMesh>[1]) => readAll(document, selection).positions[0];
  assertEquals(first({ node: "group" }), 20);
  assertEquals(first({ mesh: "shirt" }), 0);
  assertEquals(first({ mesh: "shirt", primitive: "1" }), 10);
  assertEquals(first({ primitive: "front" }), 0);
  assertEquals(first({ material: "metal" }), 20);
  assertEquals(first({ node: "shirt node", material: "metal" }), 10);
});

Deno.test("findMesh() selects by index what has no such name, and by name what has", async () => {
  const document = await wardrobe().open(), { json } = document;
  const first = (selection: Parameters<typeof findMesh>[1]) => readAll(document, selection).positions[0];
  const index = (list: readonly { name?: string }[], name: string) =>
    String(list.findIndex((one) => one.name === name));
  assertEquals(first({ node: index(json.nodes!, "group") }), 20);
  assertEquals(first({ mesh: index(json.meshes!, "shirt"), primitive: "1" }), 10);
  assertEquals(first({ material: index(json.materials!, "metal") }), 20);
  assertThrows(() => findMesh(document, { node: "99" }), InputFileError, 'a node named "99": it has "belt node"');
  const named = wardrobe();
  named.json.nodes.find(({ name }: { name: string }) => name === "shirt node").name = "0";
  assertEquals(readAll(await named.open(), { node: "0", material: "metal" }).positions[0], 10);
  const rigged = await skinnedSquare().open();
  assertEquals(findMesh(rigged, { skin: "0" }).vertexCount, 4);
});

Deno.test("findMesh() lists the names there are when one is unknown", async () => {
  const document = await wardrobe().open();
  const refused = (selection: Parameters<typeof findMesh>[1], text: string) =>
    assertThrows(() => findMesh(document, selection), InputFileError, text);
  refused(
    { node: "hat" },
    'a node named "hat": it has "belt node", "shirt node", "group"',
  );
  refused({ mesh: "hat" }, 'a mesh named "hat": it has "belt", "shirt"');
  refused(
    { mesh: "belt", primitive: "3" },
    'a primitive named "3": it has "0"',
  );
  refused(
    { mesh: "belt", material: "cloth" },
    'a material named "cloth": it has "metal"',
  );
  refused(
    { skin: "rig" },
    'a skin named "rig": it has none',
  );
  const nameless = await square({ name: undefined }).open();
  assertThrows(
    () => findMesh(nameless, { node: "hat" }),
    InputFileError,
    'a node named "hat": none has a name; choose it by its index, from 0 to 0',
  );
});

Deno.test("findMesh() selects by skin", async () => {
  const b = skinnedSquare();
  b.node({
    name: "prop",
    mesh: b.mesh([{
      attributes: { POSITION: b.positions([5, 0, 0, 6, 0, 0, 5, 1, 0]) },
    }]),
  });
  const document = await b.open();
  assertEquals(findMesh(document).vertexCount, 7);
  assertEquals(findMesh(document, { skin: "rig" }).vertexCount, 4);
});

Deno.test("findMesh() goes by the default scene and takes all nodes where there is none", async () => {
  const b = wardrobe();
  b.json.scenes.push({ nodes: [1] });
  b.json.scene = 1;
  assertEquals(findMesh(await b.open()).vertexCount, 6);
  const library = wardrobe();
  delete library.json.scenes;
  delete library.json.scene;
  assertEquals(findMesh(await library.open()).vertexCount, 9);
});

Deno.test("findMesh() counts the vertices once that primitives of a node share", async () => {
  const b = square();
  const [primitive] = b.json.meshes[0].primitives;
  primitive.indices = b.accessor(
    Uint8Array.from(SQUARE_FACES.slice(0, 3)),
    "SCALAR",
  );
  b.json.meshes[0].primitives.push({
    ...primitive,
    indices: b.accessor(Uint8Array.from(SQUARE_FACES.slice(3)), "SCALAR"),
  });
  const { header, indices } = readAll(await b.open());
  assertEquals([header.vertexCount, header.faceCount], [4, 2]);
  assertEquals(header.parts.map((part) => part.sharesVertices), [false, true]);
  assertEquals([...indices], SQUARE_FACES);
});

Deno.test("findMesh() leaves points and lines out, and says so when nothing else is there", async () => {
  const b = square();
  b.json.meshes[0].primitives.push({
    ...b.json.meshes[0].primitives[0],
    mode: 1,
  });
  assertEquals(findMesh(await b.open()).faceCount, 2);
  await assertRefused(
    square({}, { mode: 0 }).glb(),
    "must have triangles: its meshes have points and lines only",
  );
});

Deno.test("findMesh() refuses an index past the last vertex", async () => {
  const b = square();
  b.json.meshes[0].primitives[0].indices = b.accessor(
    Uint16Array.from([0, 1, 60000]),
    "SCALAR",
  );
  await assertRefused(
    b.glb(),
    "/meshes/0/primitives/0/indices",
    "every index must be < 4",
    "number 2 is 60000",
  );
});

Deno.test("findMesh() refuses faces that use vertices which are not finite, and counts the others", async () => {
  const numbers = [...SQUARE, NaN, 0, 0, 1, Infinity, 0],
    isolated = new Builder(),
    used = new Builder();
  for (const b of [isolated, used]) {
    b.mesh([{
      attributes: { POSITION: b.accessor(Float32Array.from(numbers), "VEC3") },
      indices: b.accessor(
        Uint8Array.from(b === used ? [0, 1, 5] : [0, 1, 2]),
        "SCALAR",
      ),
    }]);
    b.node({ mesh: 0 });
  }
  await assertRefused(
    used.glb(),
    "/meshes/0/primitives/0/attributes/POSITION",
    "vertex 5 is 1, Infinity, 0 (2 vertices are not finite)",
  );
  const { header, positions } = readAll(await isolated.open());
  assertEquals(header.nonFiniteVertexCount, 2);
  assertEquals([...positions.subarray(12)], [0, 0, 0, 0, 0, 0]);
});

Deno.test("findMesh() refuses joints out of range and weights that are none", async () => {
  const joints = skinnedSquare(),
    weights = skinnedSquare(),
    negative = skinnedSquare();
  joints.json.meshes[0].primitives[0].attributes.JOINTS_0 = joints.accessor(
    new Uint16Array(16).fill(2),
    "VEC4",
  );
  await assertRefused(
    joints.glb(),
    "/meshes/0/primitives/0/attributes/JOINTS_0",
    "every joint must be < 2",
    "vertex 0 names 2",
  );
  weights.json.meshes[0].primitives[0].attributes.WEIGHTS_0 = weights.accessor(
    new Float32Array(16).fill(NaN),
    "VEC4",
  );
  await assertRefused(
    weights.glb(),
    "WEIGHTS_0",
    "finite and >= 0",
    "vertex 0 has NaN",
  );
  negative.json.meshes[0].primitives[0].attributes.WEIGHTS_0 = negative
    .accessor(new Float32Array(16).fill(-1), "VEC4");
  await assertRefused(negative.glb(), "WEIGHTS_0", "vertex 0 has -1");
});

Deno.test("findMesh() refuses joints whose matrices are not finite", async () => {
  const b = skinnedSquare();
  b.json.skins[0].inverseBindMatrices = b.accessor(
    new Float32Array(32).fill(Infinity),
    "MAT4",
  );
  await assertRefused(b.glb(), "/skins/0", "must be finite", "joint 0");
});

Deno.test("findMesh() refuses a small file that uses the same data a million times over", async () => {
  const b = new Builder();
  const POSITION = b.positions(
    Float32Array.from({ length: 30_000 }, (_, i) => i),
  );
  b.mesh(Array.from({ length: 2000 }, () => ({ attributes: { POSITION } })));
  b.node({ mesh: 0 });
  await assertRefused(
    b.glb(),
    "uses the same data again and again; select fewer nodes",
  );
});

Deno.test("findMesh() names the extension that alone has the positions", async () => {
  const b = square();
  delete b.json.accessors[0].bufferView;
  b.json.meshes[0].primitives[0].extensions = {
    ACME_compression: { bufferView: 0 },
  };
  await assertRefused(
    b.glb(),
    "positions must be in the file: only ACME_compression has them",
  );
});

Deno.test("findMesh() refuses a mesh that is shown as instances, unless another node is meant", async () => {
  const b = square();
  b.json.nodes[0].extensions = {
    EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: b.accessor(new Float32Array(9), "VEC3") } },
  };
  b.json.extensionsUsed = ["EXT_mesh_gpu_instancing"];
  b.node({ name: "coat", mesh: 0 });
  await assertRefused(
    b.glb(),
    "at /nodes/0/extensions/EXT_mesh_gpu_instancing as a mesh that is read must be shown once",
  );
  assertEquals(findMesh(await b.open(), { node: "coat" }).vertexCount, 4);
});

Deno.test("openGltf() refuses joints and weights whose sets have a gap", async () => {
  const b = skinnedSquare(), { attributes } = b.json.meshes[0].primitives[0];
  Object.assign(attributes, { JOINTS_2: attributes.JOINTS_0, WEIGHTS_2: attributes.WEIGHTS_0 });
  await assertRefused(
    b.glb(),
    "at /meshes/0/primitives/0/attributes/JOINTS_2",
    "must be numbered from 0 without a gap: JOINTS_1 is missing",
  );
});
