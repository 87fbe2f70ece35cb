import { assert, assertEquals, assertThrows } from "@std/assert";
import { findMesh, type GltfDocument, readSkeleton, type Skeleton, writeMeshes } from "../../../io/mod.ts";
import { type Builder, type LooseJson, skinnedSquare, SQUARE, square } from "./_builder.ts";
import { compress } from "./_compress.ts";
import { assertClose, assertValid, readAll, reopen } from "./_reading.ts";

/** Warnings about transforms that skinned meshes do not heed. */
const SKINNED = [
  "NODE_SKINNED_MESH_LOCAL_TRANSFORMS",
  "NODE_SKINNED_MESH_NON_ROOT",
  "ANIMATION_CHANNEL_TARGET_NODE_SKIN",
];

const skeletons = new WeakMap<GltfDocument, Skeleton>();

function skeletonOf(document: GltfDocument): Skeleton {
  const known = skeletons.get(document) ?? readSkeleton(document, findMesh(document))!;
  skeletons.set(document, known);
  return known;
}

/** Everything bound to the first joint, as a garment gets it. */
function bound(document: GltfDocument, body: GltfDocument) {
  const header = findMesh(document), count = 4 * header.vertexCount;
  const skinWeights = new Float32Array(count);
  for (let v = 0; v < count; v += 4) skinWeights[v] = 1;
  const { positions } = readAll(document);
  const skin = {
    skeleton: skeletonOf(body),
    skinJoints: new Uint16Array(count).fill(1),
    skinWeights,
    influencesPerVertex: 4,
  };
  return { document, header, edits: { positions, skin } };
}

function unchanged(document: GltfDocument) {
  return { document, header: findMesh(document), edits: {} };
}

/** A coat with a bit of everything that refers to something else. */
function coat(): Builder {
  const b = square({
    translation: [0, 0, 2],
    extras: { of: "coat" },
    extensions: { KHR_lights_punctual: { light: 0 } },
  });
  const [primitive] = b.json.meshes[0].primitives;
  primitive.material = 1;
  primitive.attributes.TEXCOORD_0 = b.accessor(new Float32Array(8), "VEC2");
  primitive.targets = [{ POSITION: b.positions(SQUARE.map((x) => x / 2)) }];
  primitive.extensions = {
    KHR_materials_variants: { mappings: [{ material: 0, variants: [1] }, { material: 1, variants: [0] }] },
  };
  b.json.images = [{ bufferView: b.view(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)), mimeType: "image/png" }];
  b.json.samplers = [{ wrapS: 33071 }];
  b.json.textures = [{ source: 0, sampler: 0 }];
  b.json.materials = [{ name: "plain" }, {
    name: "cloth",
    pbrMetallicRoughness: { baseColorTexture: { index: 0 } },
    extensions: { KHR_materials_sheen: { sheenColorTexture: { index: 0 } } },
  }];
  const times = b.accessor(Float32Array.of(0, 1), "SCALAR", { bounds: true });
  const moves = b.accessor(Float32Array.of(0, 0, 2, 0, 1, 2), "VEC3");
  b.json.animations = [{
    name: "sway",
    channels: [
      { sampler: 0, target: { node: 0, path: "translation" } },
      {
        sampler: 0,
        target: {
          path: "pointer",
          extensions: { KHR_animation_pointer: { pointer: "/materials/1/emissiveFactor" } },
        },
      },
    ],
    samplers: [{ input: times, output: moves }],
  }];
  b.json.extensions = {
    KHR_lights_punctual: { lights: [{ type: "point", name: "button" }] },
    KHR_materials_variants: { variants: [{ name: "red" }, { name: "blue" }] },
  };
  b.json.asset.copyright = "A. Tailor";
  b.json.extensionsUsed = [
    "KHR_lights_punctual",
    "KHR_materials_variants",
    "KHR_materials_sheen",
    "KHR_animation_pointer",
  ];
  return b;
}

/** A body with entries in every list, and an extension at its root that nobody knows. */
function figure(): Builder {
  const b = skinnedSquare();
  b.json.materials = [{ name: "skin" }];
  b.json.meshes[0].primitives[0].material = 0;
  b.json.images = [{ bufferView: b.view(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)), mimeType: "image/png" }];
  b.json.samplers = [{}];
  b.json.textures = [{ source: 0, sampler: 0 }];
  b.json.extensions = {
    ACME_humanoid: { hips: 2 },
    KHR_lights_punctual: { lights: [{ type: "directional" }] },
    KHR_materials_variants: { variants: [{ name: "blue" }] },
  };
  b.json.extensionsUsed = ["ACME_humanoid", "KHR_lights_punctual", "KHR_materials_variants"];
  b.json.asset.copyright = "B. Sculptor";
  b.json.extras = { of: "figure" };
  return b;
}

Deno.test("writeMeshes() puts a garment into the body's file, on the body's own skin, and changes nothing of the body", async () => {
  const body = await figure().open(), garment = await coat().open();
  const { bytes, left } = writeMeshes([unchanged(body), bound(garment, body)]);
  const both = await reopen(bytes), { json } = both, before = body.json as LooseJson;
  assertEquals(left, []);
  await assertValid(bytes, ["IMAGE_DATA_INVALID", "IMAGE_UNRECOGNIZED_FORMAT", ...SKINNED]);
  for (const key of ["nodes", "meshes", "skins", "accessors", "bufferViews", "materials", "images", "textures"]) {
    assertEquals((json as LooseJson)[key].slice(0, before[key].length), before[key], key);
  }
  assertEquals((json as LooseJson).extensions.ACME_humanoid, { hips: 2 });
  assertEquals((json as LooseJson).extras, { of: "figure" });
  assertEquals((json as LooseJson).asset.copyright, "B. Sculptor; A. Tailor");
  assertEquals(both.buffers[0].subarray(0, body.buffers[0].length), body.buffers[0]);
  assertEquals(json.skins!.length, 1);
  const added = json.nodes!.find(({ mesh }) => mesh === before.meshes.length)!;
  assertEquals([added.skin, added.extras], [0, { of: "coat" }]);
  assertClose(
    readAll(both, { node: "card", mesh: "square" }).positions,
    [...readAll(body).positions, ...readAll(garment).positions],
  );
});

Deno.test("writeMeshes() renumbers whatever the second document refers to, in known extensions too", async () => {
  const body = await figure().open(), garment = await coat().open();
  const { json } = await reopen(writeMeshes([unchanged(body), unchanged(garment)]).bytes), j = json as LooseJson;
  const node = body.json.nodes!.length, material = 1, accessor = body.json.accessors!.length;
  assertEquals(j.scenes[0].nodes.includes(node), true);
  assertEquals(j.nodes[node].extensions, { KHR_lights_punctual: { light: 1 } });
  assertEquals(j.extensions.KHR_lights_punctual.lights.length, 2);
  assertEquals(j.extensions.KHR_materials_variants.variants, [{ name: "blue" }, { name: "red" }]);
  const [primitive] = j.meshes[1].primitives;
  assertEquals(primitive.material, 1 + material);
  assertEquals(primitive.attributes.POSITION, accessor);
  assertEquals(primitive.extensions.KHR_materials_variants.mappings, [
    { material, variants: [0] },
    { material: 1 + material, variants: [1] },
  ]);
  assertEquals(j.materials[2].pbrMetallicRoughness.baseColorTexture.index, 1);
  assertEquals(j.materials[2].extensions.KHR_materials_sheen.sheenColorTexture.index, 1);
  assertEquals(j.textures[1], { source: 1, sampler: 1 });
  const [{ channels: [moved, glowing] }] = j.animations;
  assertEquals(moved.target.node, node);
  assertEquals(glowing.target.extensions.KHR_animation_pointer.pointer, "/materials/2/emissiveFactor");
});

Deno.test("writeMeshes() leaves out and names extensions it does not know, unless they hold no index", async () => {
  const b = square();
  b.json.nodes[0].extensions = { ACME_wind: { strength: 0.5 }, ACME_link: { node: 0 } };
  b.json.extensions = { ACME_rig: { hips: 0 } };
  b.json.extensionsUsed = ["ACME_wind", "ACME_link", "ACME_rig"];
  const body = await figure().open();
  const { bytes, left } = writeMeshes([unchanged(body), unchanged(await b.open())]), { json } = await reopen(bytes);
  assertEquals(left, ['what "test.glb" has of ACME_link', 'what "test.glb" has of ACME_rig']);
  assertEquals(json.nodes!.at(-1)!.extensions, { ACME_wind: { strength: 0.5 } });
  assertEquals(json.extensionsUsed!.filter((name) => name.startsWith("ACME")), ["ACME_humanoid", "ACME_wind"]);
});

Deno.test("writeMeshes() binds two garments to one skeleton that none of their documents has, once", async () => {
  const body = await skinnedSquare().open(), hat = await square().open(), coat = await square().open();
  const { json } = await reopen(writeMeshes([bound(hat, body), bound(coat, body)]).bytes);
  assertEquals([json.skins!.length, json.nodes!.length], [1, 4]);
  assertEquals(json.nodes!.map(({ skin }) => skin), [0, 0, undefined, undefined]);
});

Deno.test("writeMeshes() takes surfaces of one document as they are there, by node and by primitive", async () => {
  const b = square(), [primitive] = b.json.meshes[0].primitives;
  const own = { ...primitive.attributes, POSITION: b.positions(SQUARE.map((x) => x + 5)) };
  b.json.materials = [{ name: "steel" }, { name: "cloth" }];
  b.json.meshes[0].primitives = [{ ...primitive, material: 0 }, { ...primitive, attributes: own, material: 1 }];
  const document = await b.open(), body = await skinnedSquare().open();
  const pieceOf = (material: string, by: number) => {
    const header = findMesh(document, { material }), { positions } = readAll(document, { material });
    const { edits: { skin } } = bound(document, body), count = 4 * header.vertexCount;
    const own = { ...skin, skinJoints: skin.skinJoints.slice(0, count), skinWeights: skin.skinWeights.slice(0, count) };
    return { document, header, edits: { positions: positions.map((x) => x + by), skin: own } };
  };
  const { bytes } = writeMeshes([pieceOf("steel", 1), pieceOf("cloth", 2), unchanged(body)]);
  await assertValid(bytes, SKINNED);
  const both = await reopen(bytes);
  assertEquals(both.json.materials!.length, 2);
  assertEquals(both.json.skins!.length, 1);
  assertClose(readAll(both, { material: "steel" }).positions, SQUARE.map((x) => x + 1));
  assertClose(readAll(both, { material: "cloth" }).positions, SQUARE.map((x) => x + 7));
});

Deno.test("writeMeshes() brings a document twice when a surface of it is there twice, with other edits", async () => {
  const document = await coat().open(), header = findMesh(document), { positions } = readAll(document);
  const piece = (by: number) => ({ document, header, edits: { positions: positions.map((x) => x + by) } });
  const both = await reopen(writeMeshes([piece(0), piece(3)]).bytes);
  assertEquals([both.json.nodes!.length, both.json.materials!.length], [2, 4]);
  assertClose(readAll(both).positions, [...positions, ...positions.map((x) => x + 3)]);
});

for (const kind of ["draco", "meshopt"] as const) {
  Deno.test(`writeMeshes() leaves a body with ${kind} compressed as it is`, async () => {
    const body = await reopen(await compress(skinnedSquare().glb(), kind)), garment = await coat().open();
    for (const pieces of [[unchanged(body), bound(garment, body)], [unchanged(garment), unchanged(body)]]) {
      const both = await reopen(writeMeshes(pieces).bytes);
      assertEquals(both.json.extensionsRequired, body.json.extensionsRequired);
      const of = (document: GltfDocument) => readAll(document).positions;
      assertClose(of(both), pieces.flatMap(({ document }) => [...of(document)]), 1e-4);
    }
  });
}

Deno.test("writeMeshes() shows what documents without scenes show, and keeps other scenes apart", async () => {
  const bare = square(), other = square();
  delete bare.json.scene;
  delete bare.json.scenes;
  other.json.scenes.unshift({ name: "backstage", nodes: [other.node({ name: "hidden", mesh: 0 }, false)] });
  other.json.scene = 1;
  const first = await bare.open(), second = await other.open();
  const shown = await reopen(writeMeshes([unchanged(first), unchanged(second)]).bytes);
  assertEquals([shown.json.scene, shown.json.scenes], [0, [{ nodes: [0, 1] }, { name: "backstage", nodes: [2] }]]);
  const kept = await reopen(writeMeshes([unchanged(second), unchanged(first)]).bytes);
  assertEquals(kept.json.scenes, [{ name: "backstage", nodes: [1] }, { nodes: [0, 2] }]);
});

Deno.test("writeMeshes() writes .gltf too, gives the same bytes for the same input, and refuses nothing at all", async () => {
  const make = async () => {
    const body = await figure().open();
    return writeMeshes([unchanged(body), bound(await coat().open(), body)], { format: "gltf" }).bytes;
  };
  const bytes = await make();
  assertEquals(await make(), bytes);
  assert((await reopen(bytes)).json.buffers![0].uri!.startsWith("data:"));
  assertThrows(() => writeMeshes([]), RangeError, "it must have one: there is none");
});

Deno.test("writeMeshes() does not stumble over lists of extensions that hold nothing", async () => {
  const b = coat();
  b.json.extensions.KHR_lights_punctual.lights = [null];
  b.json.extensions.KHR_materials_variants.variants = [null, 3];
  const pieces = [unchanged(await figure().open()), unchanged(await b.open())];
  assertEquals((await reopen(writeMeshes(pieces).bytes)).json.nodes!.length, 4);
});

Deno.test("writeMeshes() puts a garment with weights of its own on the body's joints when they are the same rig", async () => {
  const body = await skinnedSquare().open(), worn = skinnedSquare({ name: "coat" });
  worn.json.skins[0].joints.reverse(); // the order of joints is each skin's own
  const { attributes } = worn.json.meshes[0].primitives[0];
  attributes.JOINTS_0 = worn.accessor(Uint8Array.from({ length: 16 }, (_, i) => i === 0 || i === 12 ? 1 : 0), "VEC4");
  const matrices = readSkeleton(body, findMesh(body))!.inverseBindMatrices;
  worn.json.skins[0].inverseBindMatrices = worn.accessor(
    Float32Array.from([...matrices.subarray(16), ...matrices.subarray(0, 16)]),
    "MAT4",
  );
  worn.json.animations = [{
    samplers: [{
      input: worn.accessor(Float32Array.of(0, 1), "SCALAR", { bounds: true }),
      output: worn.accessor(new Float32Array(6), "VEC3"),
    }],
    channels: [{ sampler: 0, target: { node: 1, path: "translation" } }],
  }];
  const garment = await worn.open(), { positions } = readAll(garment);
  const lifted = positions.map((x, i) => i % 3 === 2 ? x + 1 : x);
  const { bytes } = writeMeshes([unchanged(body), {
    document: garment,
    header: findMesh(garment),
    edits: { positions: lifted },
  }]);
  await assertValid(bytes, SKINNED);
  const both = await reopen(bytes), { skins, scenes } = both.json;
  assertEquals(skins!.map(({ joints }) => joints), [[2, 1], [1, 2]]);
  assertEquals(scenes![0].nodes, [0, 2, 3]); // the garment's own rig has left
  assertEquals(both.json.animations![0].channels[0].target.node, 1); // and what moved it moves the body's
  assertClose(readAll(both, { node: "coat" }).positions, lifted);
});

Deno.test("writeMeshes() leaves a garment on its own rig when that stands in another pose", async () => {
  const body = await skinnedSquare().open(), worn = skinnedSquare({ name: "coat" });
  worn.json.nodes[1].translation = [1, 0.25, 0];
  const { json } = await reopen(writeMeshes([unchanged(body), unchanged(await worn.open())]).bytes);
  assertEquals(json.skins!.map(({ joints }) => joints), [[2, 1], [5, 4]]);
});

Deno.test("writeMeshes() takes a document with 140,000 nodes along", async () => {
  const b = square();
  b.json.nodes.push({ children: Array.from({ length: 140_000 }, (_, i) => i + 2) });
  for (let i = 0; i < 140_000; i++) b.json.nodes.push({});
  b.json.scenes[0].nodes.push(1);
  const { json } = await reopen(
    writeMeshes([unchanged(await skinnedSquare().open()), unchanged(await b.open())]).bytes,
  );
  assertEquals(json.nodes!.length, 140_005);
});
