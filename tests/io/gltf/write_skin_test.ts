import { assertEquals, assertThrows } from "@std/assert";
import {
  findMesh,
  type GltfDocument,
  type MeshSelection,
  readSkeleton,
  type SkinEdit,
  writeMesh,
} from "../../../io/mod.ts";
import { Builder, type LooseJson, skinnedSquare, SQUARE, square } from "./_builder.ts";
import { assertClose, assertValid, readAll, reopen } from "./_reading.ts";

const json = (document: GltfDocument) => document.json as unknown as LooseJson;

/** A skin edit with half the weight on each joint of the skinned square. */
async function halfAndHalf(
  vertexCount: number,
  from?: GltfDocument,
): Promise<SkinEdit> {
  const body = from ?? await skinnedSquare().open(),
    skeleton = readSkeleton(body, findMesh(body, { skin: "rig" }))!;
  const skinJoints = new Uint16Array(4 * vertexCount),
    skinWeights = new Float32Array(4 * vertexCount);
  for (let v = 0; v < vertexCount; v++) {
    skinJoints.set([0, 1, 0, 0], 4 * v);
    skinWeights.set([0.5, 0.5, 0, 0], 4 * v);
  }
  return { skeleton, skinJoints, skinWeights, influencesPerVertex: 4 };
}

/** Binds a garment, asserts that it is valid and stays in place, and gives the written document. */
async function bind(
  garment: GltfDocument,
  edit: SkinEdit,
  selection: MeshSelection = {},
  warnings: string[] = [],
): Promise<GltfDocument> {
  const before = readAll(garment, selection);
  const bytes = writeMesh(garment, before.header, { skin: edit });
  await assertValid(bytes, warnings);
  const written = await reopen(bytes), after = readAll(written, selection);
  assertClose(after.positions, before.positions, 1e-6);
  assertClose(after.normals, before.normals, 1e-6);
  assertEquals(after.indices, before.indices);
  return written;
}

Deno.test("writeMesh() brings joints and all nodes above them along, with names, transforms and extras", async () => {
  const body = skinnedSquare();
  body.json.nodes[2].extras = { side: "both" };
  const between = body.node({
    name: "between",
    translation: [0, 0, 0.5],
    children: [1],
  }, false);
  body.json.nodes[2].children = [between];
  const armature = body.node({
    name: "armature",
    scale: [0.5, 0.5, 0.5],
    children: [2],
    extras: 7,
  }, false);
  body.json.scenes[0].nodes = [0, armature];
  const written = await bind(
    await square({}).open(),
    await halfAndHalf(4, await body.open()),
  );
  const { nodes, skins, scenes } = json(written);
  assertEquals(nodes.map((node: LooseJson) => node.name), [
    "card",
    "knee",
    "hip",
    "between",
    "armature",
  ]);
  assertEquals(nodes[4], {
    name: "armature",
    scale: [0.5, 0.5, 0.5],
    children: [2],
    extras: 7,
  });
  assertEquals([nodes[2].children, nodes[3].children, nodes[2].extras], [[3], [
    1,
  ], { side: "both" }]);
  assertEquals(scenes[0].nodes, [0, 4]);
  assertEquals([nodes[0].skin, skins[0].name, skins[0].joints], [0, "rig", [
    2,
    1,
  ]]);
});

Deno.test("writeMesh() stores u8 joints, f32 weights and the skeleton's bind matrices", async () => {
  const edit = await halfAndHalf(4),
    written = await bind(await square().open(), edit);
  const { accessors, skins, meshes } = json(written),
    { attributes } = meshes[0].primitives[0];
  assertEquals([
    accessors[attributes.JOINTS_0].componentType,
    accessors[attributes.WEIGHTS_0].componentType,
  ], [5121, 5126]);
  assertEquals(accessors[skins[0].inverseBindMatrices].type, "MAT4");
  const after = readAll(written);
  assertEquals([
    ...after.skinJoints.subarray(0, 4),
    ...after.skinWeights.subarray(0, 4),
  ], [0, 1, 0, 0, 0.5, 0.5, 0, 0]);
});

Deno.test("writeMesh() moves a mesh from a scaled and turned node into bind space, morph targets and tangents too", async () => {
  const b = square({
    scale: [0.01, 0.01, 0.01],
    rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2],
    translation: [3, 2, 1],
  });
  const [primitive] = b.json.meshes[0].primitives;
  primitive.targets = [{
    POSITION: b.positions([0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  }];
  primitive.attributes.TANGENT = b.accessor(
    Float32Array.from(Array(4).fill([0, 1, 0, 1]).flat()),
    "VEC4",
  );
  const written = await bind(await b.open(), await halfAndHalf(4));
  const { nodes, accessors, meshes, bufferViews } = json(written),
    [after] = meshes[0].primitives;
  assertEquals(
    nodes[0],
    { mesh: 0, name: "card", skin: 0 },
    "the node's transform has no meaning any more",
  );
  const floats = (accessor: number) =>
    new Float32Array(
      written.buffers[0].slice(
        bufferViews[accessors[accessor].bufferView].byteOffset,
      ).buffer,
      0,
      4,
    );
  // Ten units along z of the node are 0.1 m along -y of the world; y is z.
  assertClose(floats(after.targets[0].POSITION), [0, -0.1, 0, 0], 1e-6);
  assertClose(floats(after.attributes.TANGENT), [0, 0, 1, 1], 1e-6);
});

Deno.test("writeMesh() turns the faces in the file when the node mirrored them and the joints do not", async () => {
  for (const mode of [4, 5]) {
    const b = square({ scale: [-1, 1, 1] }, { mode });
    if (mode === 5) {
      b.json.meshes[0].primitives[0].indices = b.accessor(
        Uint8Array.from([0, 1, 3, 2]),
        "SCALAR",
      );
    }
    const written = await bind(await b.open(), await halfAndHalf(4));
    assertEquals(json(written).nodes[0].scale, undefined);
    assertEquals(json(written).meshes[0].primitives[0].mode, undefined);
  }
});

Deno.test("writeMesh() keeps the transform of a node that something hangs on", async () => {
  const b = square({ translation: [1, 0, 0] });
  b.json.nodes[0].children = [
    b.node({
      name: "gem",
      mesh: b.mesh([{
        attributes: { POSITION: b.positions([0, 0, 0, 1, 0, 0, 0, 1, 0]) },
      }]),
    }, false),
  ];
  const garment = await b.open(), before = readAll(garment, { node: "gem" });
  const bytes = writeMesh(garment, findMesh(garment, { mesh: "square" }), {
    skin: await halfAndHalf(4),
  });
  await assertValid(bytes, ["NODE_SKINNED_MESH_LOCAL_TRANSFORMS"]);
  const written = await reopen(bytes);
  assertEquals(readAll(written, { node: "gem" }).positions, before.positions);
  assertClose(
    readAll(written, { mesh: "square" }).positions,
    readAll(garment, { mesh: "square" }).positions,
  );
});

Deno.test("writeMesh() uses the same rig where the garment has it, and puts it into the new pose", async () => {
  const garment = skinnedSquare(), body = skinnedSquare();
  body.json.nodes[1].translation = [1.5, 0, 0];
  garment.json.animations = [{
    samplers: [{
      input: garment.accessor(Float32Array.of(0, 1), "SCALAR", {
        min: [0],
        max: [1],
      }),
      output: garment.accessor(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1), "VEC4"),
    }],
    channels: [{ sampler: 0, target: { node: 1, path: "rotation" } }],
  }];
  const document = await garment.open(),
    written = await bind(document, await halfAndHalf(4, await body.open()));
  assertEquals(json(written).nodes.length, 3);
  assertEquals(json(written).nodes[1].translation, [1.5, 0, 0]);
  assertEquals(json(written).skins.length, 1);
  assertEquals(json(written).animations, json(document).animations);
});

Deno.test("writeMesh() copies the rig where something else hangs on the garment's own, and keeps that skin", async () => {
  const garment = skinnedSquare(), body = skinnedSquare();
  body.json.nodes[1].translation = [1.5, 0, 0];
  garment.node({ name: "lining", mesh: 0, skin: 0 });
  const document = await garment.open(),
    lining = readAll(document, { node: "lining" });
  const written = await bind(
    document,
    await halfAndHalf(4, await body.open()),
    { node: "card" },
  );
  assertEquals(json(written).skins.length, 2);
  assertEquals(
    readAll(written, { node: "lining" }).positions,
    lining.positions,
  );
});

Deno.test("writeMesh() retires another rig nothing uses any more, but not its indices", async () => {
  const b = skinnedSquare();
  b.json.nodes[1].name = "Bone.001";
  b.json.nodes[2].name = "Bone";
  b.json.skins[0].name = "old";
  const written = await bind(await b.open(), await halfAndHalf(4));
  const { nodes, skins, scenes } = json(written);
  assertEquals([skins.length, skins[0].name, nodes[0].skin], [1, "rig", 0]);
  assertEquals(nodes.map((node: LooseJson) => node.name), [
    "card",
    "Bone.001",
    "Bone",
    "knee",
    "hip",
  ]);
  assertEquals(scenes[0].nodes, [0, 4]);
});

Deno.test("writeMesh() writes new weights on the document's own skin", async () => {
  const document = await skinnedSquare().open(),
    written = await bind(document, await halfAndHalf(4, document));
  assertEquals([json(written).nodes, json(written).skins], [
    json(document).nodes,
    json(document).skins,
  ]);
  assertClose(readAll(written).skinWeights.subarray(0, 2), [0.5, 0.5]);
});

Deno.test("writeMesh() writes eight influences in two sets, and drops sets a new skin does not have", async () => {
  const edit = await halfAndHalf(4),
    eight = new Uint16Array(32),
    weights = new Float32Array(32);
  for (let v = 0; v < 4; v++) {
    eight.set([0, 1, 0, 1, 0, 1, 0, 1], 8 * v);
    weights.set([1, 1, 1, 1, 1, 1, 1, 3], 8 * v);
  }
  const written = await bind(await square().open(), {
    ...edit,
    skinJoints: eight,
    skinWeights: weights,
    influencesPerVertex: 8,
  });
  const after = readAll(written);
  assertEquals(after.header.influencesPerVertex, 8);
  assertClose(after.skinWeights.subarray(0, 3), [0.6, 0.4, 0]);
  assertEquals(
    [...after.skinJoints.subarray(0, 2)],
    [1, 0],
    "a joint named twice gets both weights",
  );
  const four = await bind(written, await halfAndHalf(4, written));
  assertEquals(
    Object.keys(json(four).meshes[0].primitives[0].attributes).sort(),
    ["JOINTS_0", "NORMAL", "POSITION", "WEIGHTS_0"],
  );
});

Deno.test("writeMesh() parts the primitives of a node when only some of them are bound", async () => {
  const b = square();
  b.json.materials = [{ name: "cloth" }, { name: "metal" }];
  b.json.meshes[0].primitives[0].material = 0;
  b.json.meshes[0].primitives.push({
    attributes: { POSITION: b.positions([5, 0, 0, 6, 0, 0, 5, 1, 0]) },
    material: 1,
  });
  const document = await b.open(),
    written = await bind(document, await halfAndHalf(4), { material: "cloth" });
  const rest = json(written).nodes.find((node: LooseJson) => node.name === "card (rest)");
  assertEquals([rest.skin, json(written).meshes[rest.mesh].primitives.length], [
    undefined,
    1,
  ]);
  assertEquals(
    readAll(written, { material: "metal" }).positions,
    readAll(document, { material: "metal" }).positions,
  );
});

Deno.test("writeMesh() binds several nodes at once and uses u16 for joints past 255", async () => {
  const body = new Builder(), count = 300;
  const joints = Array.from(
    { length: count },
    (_, i) =>
      body.node({
        name: `j${i}`,
        ...(i + 1 < count ? { children: [i + 1] } : {}),
      }, i === 0),
  );
  const attributes = {
    POSITION: body.positions(SQUARE.slice(0, 9)),
    JOINTS_0: body.accessor(new Uint16Array(12), "VEC4"),
    WEIGHTS_0: body.accessor(
      Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
      "VEC4",
    ),
  };
  body.node({ mesh: body.mesh([{ attributes }]), skin: 0 });
  body.json.skins = [{ name: "rig", joints }];
  const garment = square();
  garment.node({ name: "second", mesh: 0, translation: [0, 4, 0] });
  const edit = await halfAndHalf(8, await body.open());
  for (let i = 0; i < 8; i++) edit.skinJoints.set([299, 256], 4 * i);
  const written = await bind(await garment.open(), edit);
  const { nodes, meshes, accessors } = json(written);
  assertEquals(
    [nodes[0].skin, nodes[1].skin, nodes[0].mesh !== nodes[1].mesh],
    [0, 0, true],
  );
  assertEquals(
    accessors[meshes[0].primitives[0].attributes.JOINTS_0].componentType,
    5123,
  );
});

Deno.test("writeMesh() refuses skin weights that no file may hold", async () => {
  const document = await square().open(),
    header = findMesh(document),
    edit = await halfAndHalf(4);
  const refused = (change: Partial<SkinEdit>, text: string) =>
    assertThrows(
      () => writeMesh(document, header, { skin: { ...edit, ...change } }),
      RangeError,
      text,
    );
  refused(
    { skinJoints: new Uint16Array(16).fill(2) },
    "every joint must be < 2: skinJoints[0] is 2",
  );
  refused(
    { skinWeights: new Float32Array(16).fill(-1) },
    "finite and >= 0: skinWeights[0] is -1",
  );
  refused(
    { skinWeights: new Float32Array(4) },
    "both arrays must hold 16 numbers",
  );
  refused({ influencesPerVertex: 0 }, "whole number >= 1");
  const none = await reopen(
    writeMesh(document, header, {
      skin: { ...edit, skinWeights: new Float32Array(16) },
    }),
  );
  assertEquals([...readAll(none).skinWeights.subarray(0, 4)], [1, 0, 0, 0]);
});
