import { assert, assertEquals, assertThrows } from "@std/assert";
import { findMesh, type GltfDocument, type MeshEdits, openGltf, writeMesh } from "../../../io/mod.ts";
import { Builder, type LooseJson, packGlb, skinnedSquare, SQUARE, square, SQUARE_FACES } from "./_builder.ts";
import { assertClose, assertValid, readAll, reopen } from "./_reading.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const json = (document: GltfDocument) => document.json as unknown as LooseJson;

/** Every position of a document moved by a lopsided amount. */
function moved(document: GltfDocument): Float32Array {
  return readAll(document).positions.map((value, i) => value * 1.25 + 0.1 * (i % 3));
}

/** Writes, reopens, asserts that the surface reads back as edited. */
async function roundTrip(
  document: GltfDocument,
  edits: MeshEdits,
  tolerance = 1e-6,
): Promise<GltfDocument> {
  const bytes = writeMesh(document, findMesh(document), edits);
  await assertValid(bytes, ["NODE_SKINNED_MESH_LOCAL_TRANSFORMS"]);
  const written = await reopen(bytes), surface = readAll(written);
  if (edits.positions !== undefined) {
    assertClose(surface.positions, edits.positions, tolerance);
  }
  if (edits.normals !== undefined) {
    assertClose(surface.normals, edits.normals, tolerance);
  }
  return written;
}

Deno.test("writeMesh() without edits gives the file back, byte for byte, unknown chunks and spacing too", async () => {
  const b = square();
  b.glb();
  const plain = b.glb(),
    chunk = Uint8Array.of(4, 0, 0, 0, 0x41, 0x43, 0x4d, 0x45, 1, 2, 3, 4);
  const bytes = new Uint8Array([...plain, ...chunk]);
  new DataView(bytes.buffer).setUint32(8, bytes.length, true);
  const document = await openGltf(bytes, { path: "a.glb" });
  assertEquals(writeMesh(document, findMesh(document), {}), bytes);
  const same = readAll(document);
  assertEquals(
    writeMesh(document, same.header, {
      positions: same.positions,
      normals: same.normals,
    }),
    bytes,
  );
});

Deno.test("writeMesh() gives a .gltf with a data URI back letter for letter, and packs one as .glb", async () => {
  const b = square();
  b.glb();
  b.json.buffers[0].uri = `data:application/octet-stream;base64,${btoa(String.fromCharCode(...b.bytes))}`;
  const bytes = encode(JSON.stringify(b.json, null, 2));
  const document = await openGltf(bytes, { path: "a.gltf" }),
    header = findMesh(document);
  assertEquals(writeMesh(document, header, {}, { format: "gltf" }), bytes);
  const packed = writeMesh(document, header, {});
  await assertValid(packed);
  assertEquals((await reopen(packed)).buffers[0], b.bytes);
  assertEquals(json(await reopen(packed)).buffers, [{
    byteLength: b.bytes.length,
  }]);
});

Deno.test("writeMesh() keeps several buffers apart", async () => {
  const b = square();
  b.glb();
  b.json.buffers.push({ byteLength: 4, name: "other", uri: "other.bin" });
  b.json.bufferViews.push({ buffer: 1, byteLength: 4 });
  b.json.buffers[0].uri = "main.bin";
  const readUri = (uri: string) => Promise.resolve(uri === "main.bin" ? b.bytes : Uint8Array.of(9, 8, 7, 6));
  const document = await openGltf(encode(JSON.stringify(b.json)), {
    path: "a.gltf",
    readUri,
  });
  for (const format of ["glb", "gltf"] as const) {
    const bytes = writeMesh(document, findMesh(document), {
      positions: moved(document),
    }, { format });
    await assertValid(bytes, ["BUFFER_VIEW_TARGET_MISSING", "DATA_URI_GLB"]);
    const written = await reopen(bytes);
    assertEquals([...written.buffers[1]], [9, 8, 7, 6]);
    assertEquals(json(written).buffers[1].name, "other");
    assertClose(readAll(written).positions, moved(document));
  }
});

Deno.test("writeMesh() keeps order, unknown keys, extras, extensions, the generator and -0", async () => {
  const b = square({
    extras: { keep: [1, { deep: null }] },
    extensions: { ACME_node: { mesh: 7 } },
  });
  b.json = {
    zzz: { first: true },
    ...b.json,
    extensionsUsed: ["ACME_node"],
    extras: "text",
  };
  b.json.asset.copyright = "©";
  b.json.nodes[0].translation = [12345, 0, 0];
  b.glb();
  const text = JSON.stringify(b.json).replace("12345", "-0");
  const document = await openGltf(packGlb(text, b.bytes), { path: "a.glb" });
  const before = json(document);
  const written = await reopen(
    writeMesh(document, findMesh(document), { positions: moved(document) }),
  );
  const after = json(written);
  assertEquals(Object.keys(after), Object.keys(before));
  for (const key of Object.keys(before)) {
    if (key !== "accessors") assertEquals(after[key], before[key]);
  }
  assert(Object.is(after.nodes[0].translation[0], -0));
});

Deno.test("writeMesh() does not touch the document it was given", async () => {
  const bytes = square().glb(), copy = bytes.slice();
  const document = await openGltf(bytes, { path: "a.glb" }),
    before = JSON.stringify(document.json);
  writeMesh(document, findMesh(document), {
    positions: moved(document),
    provenance: { a: 1 },
  });
  assertEquals(bytes, copy);
  assertEquals(JSON.stringify(document.json), before);
});

Deno.test("writeMesh() overwrites changed vertices in place, with exact bounds, and leaves the others' bits", async () => {
  const document = await square().open(),
    positions = readAll(document).positions;
  positions[3] = 0.1;
  positions[5] = -2.7;
  const written = await roundTrip(document, { positions }, 0);
  assertEquals(written.buffers[0].length, document.buffers[0].length);
  const [accessor] = json(written).accessors;
  assertEquals([accessor.min, accessor.max], [[0, 0, Math.fround(-2.7)], [
    1,
    1,
    0,
  ]]);
  const differing = [...written.buffers[0]].flatMap((byte, i) => byte === document.buffers[0][i] ? [] : [i >> 2]);
  assertEquals([...new Set(differing)], [3, 5]);
});

Deno.test("writeMesh() overwrites interleaved attributes between each other", async () => {
  const b = new Builder();
  const rows = Float32Array.from([
    0,
    0,
    0,
    0,
    0,
    1,
    0.25,
    0.5,
    1,
    0,
    0,
    0,
    0,
    1,
    0.75,
    1,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
  ]);
  const bufferView = b.view(rows, { byteStride: 32, target: 34962 });
  const accessor = (byteOffset: number, type: string, extra: LooseJson = {}) =>
    b.json.accessors.push({
      bufferView,
      byteOffset,
      componentType: 5126,
      count: 3,
      type,
      ...extra,
    }) - 1;
  b.mesh([{
    attributes: {
      POSITION: accessor(0, "VEC3", { min: [0, 0, 0], max: [1, 1, 0] }),
      NORMAL: accessor(12, "VEC3"),
      TEXCOORD_0: accessor(24, "VEC2"),
    },
  }]);
  b.node({ mesh: 0 });
  const document = await b.open(),
    positions = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 10]);
  const written = await roundTrip(document, {
    positions,
    normals: Float32Array.from([1, 0, 0, 1, 0, 0, 0, 1, 0]),
  }, 0);
  const after = new Float32Array(written.buffers[0].slice().buffer);
  assertEquals([...after.subarray(0, 8)], [1, 2, 3, 1, 0, 0, 0.25, 0.5]);
  assertEquals(json(written).bufferViews.length, 1);
});

Deno.test("writeMesh() replaces sparse positions by dense ones", async () => {
  const b = square();
  b.json.accessors[0].sparse = {
    count: 1,
    indices: { bufferView: b.view(Uint8Array.of(1)), componentType: 5121 },
    values: { bufferView: b.view(Float32Array.of(0.5, 0, 0)) },
  };
  b.json.accessors[0].name = "spots";
  const document = await b.open();
  const written = await roundTrip(document, { positions: moved(document) });
  assertEquals([
    json(written).accessors[0].sparse,
    json(written).accessors[0].name,
  ], [undefined, "spots"]);
  assertEquals(json(written).accessors.length, json(document).accessors.length);
});

Deno.test("writeMesh() appends where others use the same accessor or the same bytes", async () => {
  const shared = square(), overlapping = square();
  const [primitive] = shared.json.meshes[0].primitives;
  shared.node({
    name: "other",
    mesh: shared.mesh([{ ...primitive, attributes: { POSITION: 0 } }]),
  });
  overlapping.json.accessors.push({ ...overlapping.json.accessors[0] });
  overlapping.node({
    name: "other",
    mesh: overlapping.mesh([{ attributes: { POSITION: 3 }, indices: 2 }]),
  });
  for (const b of [shared, overlapping]) {
    const document = await b.open(),
      header = findMesh(document, { node: "card" });
    const positions = readAll(document, { node: "card" }).positions.map((
      value,
    ) => value + 3);
    const bytes = writeMesh(document, header, { positions });
    await assertValid(bytes);
    const written = await reopen(bytes);
    assertClose(readAll(written, { node: "card" }).positions, positions, 0);
    assertEquals(
      readAll(written, { node: "other" }).positions,
      readAll(document, { node: "other" }).positions,
    );
  }
});

Deno.test("writeMesh() gives an edited node its own mesh where two nodes show one", async () => {
  const b = square();
  b.node({ name: "twin", mesh: 0, translation: [5, 0, 0] });
  const document = await b.open(),
    header = findMesh(document, { node: "card" });
  const bytes = writeMesh(document, header, {
    positions: readAll(document, { node: "card" }).positions.map((value) => value + 1),
  });
  await assertValid(bytes);
  const written = await reopen(bytes);
  assertEquals([json(written).nodes[0].mesh, json(written).nodes[1].mesh], [
    1,
    0,
  ]);
  assertEquals(json(written).meshes[1].name, "square");
  assertEquals(
    readAll(written, { node: "twin" }).positions,
    readAll(document, { node: "twin" }).positions,
  );
  assertEquals(readAll(written, { node: "card" }).positions[0], 1);
});

Deno.test("writeMesh() edits both nodes of one mesh, each its own way, and leaves no mesh behind", async () => {
  const b = square();
  b.node({ name: "twin", mesh: 0, translation: [5, 0, 0] });
  const document = await b.open();
  const positions = readAll(document).positions.map((value, i) => i < 12 ? value + 1 : value - 1);
  const written = await roundTrip(document, { positions });
  assertEquals(json(written).meshes.length, 2);
  assertEquals(json(written).accessors.length, 4);
});

Deno.test("writeMesh() edits vertices that primitives share, once", async () => {
  const b = square(), [primitive] = b.json.meshes[0].primitives;
  primitive.indices = b.accessor(
    Uint16Array.from(SQUARE_FACES.slice(0, 3)),
    "SCALAR",
  );
  b.json.meshes[0].primitives.push({
    ...primitive,
    indices: b.accessor(Uint16Array.from(SQUARE_FACES.slice(3)), "SCALAR"),
  });
  const document = await b.open(),
    written = await roundTrip(document, { positions: moved(document) });
  assertEquals(written.buffers[0].length, document.buffers[0].length);
  assertEquals(json(written).meshes, json(document).meshes);
});

Deno.test("writeMesh() leaves the primitives alone that did not change", async () => {
  const b = square();
  b.json.meshes[0].primitives.push({
    attributes: { POSITION: b.positions([9, 9, 9, 8, 8, 8, 7, 8, 9]) },
  });
  const document = await b.open(), positions = readAll(document).positions;
  positions[14] += 1; // the first vertex of the second primitive
  const written = await roundTrip(document, { positions }, 0);
  assertEquals(
    written.buffers[0].slice(0, 48),
    document.buffers[0].slice(0, 48),
  );
  assertEquals(json(written).accessors[0], json(document).accessors[0]);
});

Deno.test("writeMesh() takes positions and normals back through nested, turned, mirrored nodes and an origin", async () => {
  const b = square({ scale: [-0.01, 0.02, 0.01] });
  b.json.scenes[0].nodes = [
    b.node({
      rotation: [0.5, 0.5, 0.5, 0.5],
      translation: [0, 7000, 0],
      children: [0],
    }, false),
  ];
  const document = await b.open(),
    header = findMesh(document),
    origin = [0, 7000, 0] as const;
  const positions = readAll(document, {}, { origin }).positions.map((
      value,
      i,
    ) => value + 0.001 * i
    ),
    normals = new Float32Array(12);
  for (let v = 0; v < 4; v++) normals.set([0.6, 0, -0.8], 3 * v);
  const bytes = writeMesh(document, header, { positions, normals }, { origin });
  await assertValid(bytes);
  const surface = readAll(await reopen(bytes), {}, { origin });
  assertClose(surface.positions, positions, 1e-7);
  assertClose(surface.normals, normals, 1e-6);
});

Deno.test("writeMesh() takes skinned vertices back through their joints", async () => {
  const b = skinnedSquare();
  b.json.nodes[1].rotation = [0, 0, 0.6, 0.8];
  const { attributes } = b.json.meshes[0].primitives[0];
  attributes.JOINTS_0 = b.accessor(
    Uint8Array.from([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]),
    "VEC4",
  );
  attributes.WEIGHTS_0 = b.accessor(
    Float32Array.from([
      0.75,
      0.25,
      0,
      0,
      1,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0.5,
      0.5,
      0,
      0,
    ]),
    "VEC4",
  );
  const document = await b.open();
  await roundTrip(document, {
    positions: moved(document),
    normals: Float32Array.from([0, 1, 0, 0, 1, 0, 0, 0, 1, 0.6, 0.8, 0]),
  });
});

Deno.test("writeMesh() appends normals to a mesh without, and keeps the file's where the new ones are zero", async () => {
  const bare = square(),
    normals = Float32Array.from([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]);
  delete bare.json.meshes[0].primitives[0].attributes.NORMAL;
  const appended = readAll(
    await reopen(
      writeMesh(await bare.open(), findMesh(await bare.open()), { normals }),
    ),
  );
  assertEquals([...appended.normals], [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0]);
  const document = await square().open(),
    kept = readAll(
      await reopen(writeMesh(document, findMesh(document), { normals })),
    );
  assertEquals([...kept.normals.subarray(6, 9)], [0, 0, 1]);
});

/** The square with u16 positions and i8 normals. */
function quantizedSquare(): Builder {
  const b = new Builder(), pad = { bounds: true, normalized: true };
  const attributes = {
    POSITION: b.accessor(
      Uint16Array.from([0, 0, 0, 65535, 0, 0, 65535, 65535, 0, 0, 65535, 0]),
      "VEC3",
      pad,
      4,
    ),
    NORMAL: b.accessor(
      Int8Array.from([0, 0, 127, 0, 0, 127, 0, 0, 127, 0, 0, 127]),
      "VEC3",
      { normalized: true },
      4,
    ),
  };
  b.mesh([{
    attributes,
    indices: b.accessor(Uint16Array.from(SQUARE_FACES), "SCALAR"),
  }]);
  b.node({ mesh: 0, name: "card" });
  b.json.extensionsUsed = b.json.extensionsRequired = ["KHR_mesh_quantization"];
  return b;
}

Deno.test("writeMesh() keeps quantized positions while they fit their grid", async () => {
  const document = await quantizedSquare().open(),
    positions = readAll(document).positions.map((value) => 0.5 * value);
  const written = await roundTrip(document, { positions }, 1e-5);
  assertEquals(json(written).accessors[0].componentType, 5123);
  assertEquals(json(written).accessors[0].max, [32768, 32768, 0]);
});

Deno.test("writeMesh() turns quantized positions into floats when they no longer fit, and settles the extension lists", async () => {
  const document = await quantizedSquare().open();
  const written = await roundTrip(document, { positions: moved(document) });
  assertEquals(json(written).accessors[0].componentType, 5126);
  assertEquals(
    json(written).extensionsRequired,
    ["KHR_mesh_quantization"],
    "normals are quantized still",
  );
  const alone = quantizedSquare();
  delete alone.json.meshes[0].primitives[0].attributes.NORMAL;
  const floats = await roundTrip(await alone.open(), {
    positions: moved(await alone.open()),
  });
  assertEquals([json(floats).extensionsUsed, json(floats).extensionsRequired], [
    undefined,
    undefined,
  ]);
});

Deno.test("writeMesh() does not round to a coarse grid, and declares quantization a file forgot", async () => {
  const b = quantizedSquare();
  b.json.nodes[0].scale = [100, 100, 100];
  delete b.json.extensionsUsed;
  delete b.json.extensionsRequired;
  const document = await b.open();
  const written = await roundTrip(document, {
    positions: readAll(document).positions.map((value) => 0.333 * value),
  }, 1e-5);
  assertEquals(json(written).accessors[0].componentType, 5126);
  assertEquals(json(written).extensionsUsed, ["KHR_mesh_quantization"]);
});

Deno.test("writeMesh() writes isolated vertices and normals that were no numbers as numbers, also without edits", async () => {
  const b = new Builder();
  const POSITION = b.accessor(
    Float32Array.from([...SQUARE, NaN, 0, 0]),
    "VEC3",
    { min: [0, 0, 0], max: [1, 1, 0] },
  );
  const NORMAL = b.accessor(
    Float32Array.from([0, 0, 1, 0, 0, 1, NaN, 0, 1, 0, 0, 1, 0, 0, 1]),
    "VEC3",
  );
  const TEXCOORD_0 = b.accessor(
    Float32Array.from([0, 0, 1, 0, 1, NaN, 0, 1, 0, 0]),
    "VEC2",
  );
  b.mesh([{
    attributes: { POSITION, NORMAL, TEXCOORD_0 },
    indices: b.accessor(Uint8Array.from(SQUARE_FACES), "SCALAR"),
  }]);
  b.node({ mesh: 0 });
  const document = await b.open(),
    bytes = writeMesh(document, findMesh(document), {});
  await assertValid(bytes);
  const { positions, normals, header } = readAll(await reopen(bytes));
  assertEquals([header.nonFiniteVertexCount, header.nonFiniteNormalCount], [
    0,
    0,
  ]);
  assertEquals([...positions.subarray(12)], [0, 0, 0]);
  assertEquals([...normals.subarray(6, 9)], [0, 0, 1]);
});

Deno.test("writeMesh() keeps tangents at right angles to changed normals", async () => {
  const b = square();
  b.json.meshes[0].primitives[0].attributes.TANGENT = b.accessor(
    Float32Array.from(Array(4).fill([1, 0, 0, -1]).flat()),
    "VEC4",
  );
  const document = await b.open(), normals = readAll(document).normals;
  normals.set([0.6, 0, 0.8]);
  const written = await roundTrip(document, { normals });
  const tangents = new Float32Array(
    written.buffers[0].slice(json(written).bufferViews[3].byteOffset).buffer,
    0,
    8,
  );
  assertClose(tangents, [0.8, 0, -0.6, -1, 1, 0, 0, -1]);
});

Deno.test("writeMesh() drops the compressed twin of an edited primitive", async () => {
  const b = square();
  b.json.meshes[0].primitives[0].extensions = {
    KHR_draco_mesh_compression: { bufferView: 0, attributes: { POSITION: 0 } },
  };
  b.json.extensionsUsed = ["KHR_draco_mesh_compression"];
  const document = await b.open();
  const written = await reopen(
    writeMesh(document, findMesh(document), { positions: moved(document) }),
  );
  assertEquals([
    json(written).meshes[0].primitives[0].extensions,
    json(written).extensionsUsed,
  ], [undefined, undefined]);
});

Deno.test("writeMesh() notes provenance in asset.extras and keeps what was there", async () => {
  for (
    const [extras, expected] of [[undefined, {}], [{ author: "a" }, {
      author: "a",
    }], ["text", { extras: "text" }]]
  ) {
    const b = square();
    if (extras !== undefined) b.json.asset.extras = extras;
    const document = await b.open();
    const bytes = writeMesh(document, findMesh(document), {
      provenance: { version: "1", steps: [] },
    });
    await assertValid(bytes);
    assertEquals(json(await reopen(bytes)).asset.extras, {
      ...expected as LooseJson,
      meshtailor: { version: "1", steps: [] },
    });
    assertEquals(json(await reopen(bytes)).asset.generator, "tests");
  }
});

Deno.test("writeMesh() gives the same bytes for the same input", async () => {
  const document = await skinnedSquare().open(),
    edits = { positions: moved(document), provenance: { z: 1, a: 2 } };
  assertEquals(
    writeMesh(document, findMesh(document), edits),
    writeMesh(await skinnedSquare().open(), findMesh(document), edits),
  );
});

Deno.test("writeMesh() refuses arrays of the wrong length and numbers that are none", async () => {
  const document = await square().open(), header = findMesh(document);
  assertThrows(
    () => writeMesh(document, header, { positions: new Float32Array(9) }),
    RangeError,
    "positions must hold 12 numbers: it holds 9",
  );
  assertThrows(
    () => writeMesh(document, header, { normals: new Float32Array(12).fill(NaN) }),
    RangeError,
    "normals must be finite: normals[0] is NaN",
  );
  assertThrows(
    () => writeMesh(document, header, {}, { origin: [0, NaN, 0] }),
    RangeError,
    "origin must be finite",
  );
});

Deno.test("writeMesh() does not write over bytes that an accessor of another stride or an image has too", async () => {
  const numbers = square(), image = square();
  numbers.json.accessors.push({
    bufferView: 0,
    componentType: 5126,
    count: 12,
    type: "SCALAR",
  });
  image.json.images = [{ bufferView: 0, mimeType: "image/png" }];
  for (const b of [numbers, image]) {
    const document = await b.open();
    const written = await reopen(
      writeMesh(document, findMesh(document), { positions: moved(document) }),
    );
    assertEquals(
      written.buffers[0].slice(0, 48),
      document.buffers[0].slice(0, 48),
    );
    assertClose(readAll(written).positions, moved(document));
  }
});

for (
  const [name, node] of [
    ["turned and scaled", {
      translation: [7000.125, 3, -20],
      rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2],
      scale: [2, 2, -2],
    }],
    ["a matrix", { matrix: [0, 0.5, 0, 0, -0.5, 0, 0, 0, 0, 0, 1, 0, 7000.125, 3, -20, 1] }],
  ] as const
) {
  Deno.test(`writeMesh() moves a node to a mesh that left it seven kilometres behind: ${name}`, async () => {
    const document = await square(node).open(), header = findMesh(document);
    const positions = Float32Array.from(SQUARE, (x) => x + 1 / 3);
    const written = await reopen(writeMesh(document, header, { positions }));
    assertClose(readAll(written).positions, positions, 1e-7);
    assertEquals(findMesh(written).parts[0].isMirrored, header.parts[0].isMirrored);
    await assertValid(writeMesh(document, header, { positions }));
  });
}

Deno.test("writeMesh() leaves a node where it is when something else hangs on it, or the mesh was as far away before", async () => {
  const parent = square({ translation: [7000, 0, 0] }), baked = square();
  parent.json.nodes[0].children = [parent.node({ name: "buckle" }, false)];
  baked.json.meshes[0].primitives[0].attributes.POSITION = baked.positions(SQUARE.map((x) => x + 7000));
  for (const b of [parent, baked]) {
    const document = await b.open(), header = findMesh(document), { positions } = readAll(document);
    const lifted = positions.map((x, i) => i % 3 === 2 ? x + 1 : b === parent ? x - 7000 : x);
    const written = await reopen(writeMesh(document, header, { positions: lifted }));
    assertEquals(written.json.nodes, document.json.nodes);
  }
});

Deno.test("writeMesh() turns and stretches morph targets with the surface, where it moved", async () => {
  const b = square(), [primitive] = b.json.meshes[0].primitives;
  primitive.targets = [{ POSITION: b.positions([0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0]) }];
  const document = await b.open();
  // Twice as large, and laid down: x stays x, y becomes -z, z becomes y.
  const positions = readAll(document).positions.map((_, i, p) =>
    2 * (i % 3 === 0 ? p[i] : i % 3 === 1 ? p[i + 1] : -p[i - 1])
  );
  const written = await roundTrip(document, { positions });
  const { accessors, bufferViews, meshes } = json(written), target = meshes[0].primitives[0].targets[0].POSITION;
  const start = (bufferViews[accessors[target].bufferView].byteOffset ?? 0) + (accessors[target].byteOffset ?? 0);
  const values = new Float32Array(written.buffers[0].slice(start, start + 48).buffer);
  assertClose(values, [0, 2, 0, 0, 0, -2, 2, 0, 0, 0, 0, 0], 1e-6);
});
