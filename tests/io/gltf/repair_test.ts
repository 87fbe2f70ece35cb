import validator from "gltf-validator";
import { assert, assertEquals } from "@std/assert";
import { findMesh, openGltf, writeMesh } from "../../../io/mod.ts";
import { type Builder, type LooseJson, packGlb, skinnedSquare, square } from "./_builder.ts";
import { exported } from "./_mutants.ts";
import { assertClose, assertValid, readAll, reopen } from "./_reading.ts";

const WARNINGS = ["NODE_SKINNED_MESH_LOCAL_TRANSFORMS", "DATA_URI_GLB", "BUFFER_VIEW_TARGET_MISSING"];

async function errorCodes(bytes: Uint8Array): Promise<string[]> {
  const { issues } = await validator.validateBytes(bytes, { maxIssues: 100 });
  const errors = issues.messages.filter(({ severity }: { severity: number }) => severity === 0);
  return [...new Set<string>(errors.map(({ code }: { code: string }) => code))].sort();
}

/** Copies a file. */
async function copy(bytes: Uint8Array): Promise<Uint8Array> {
  const document = await openGltf(bytes, { path: "test.glb" });
  return writeMesh(document, findMesh(document), {});
}

/** Faults that real exporters make in what is only carried along: the validator's code, and how it is made. */
const FAULTS: readonly [code: string, what: string, make: () => Builder | Uint8Array][] = [
  [
    "ACCESSOR_MAX_MISMATCH",
    "bounds that are not those of the elements",
    () => changed(square(), (j) => j.accessors[0].max = [1, 1, 1]),
  ],
  ["ACCESSOR_INVALID_FLOAT", "a UV that is not a number", () => {
    const b = square();
    b.json.meshes[0].primitives[0].attributes.TEXCOORD_0 = b.accessor(
      Float32Array.of(0, 0, NaN, 0, 1, 1, 0, 1),
      "VEC2",
    );
    return b;
  }],
  ["ACCESSOR_VECTOR3_NON_UNIT", "normals of no length", () => {
    const b = square();
    b.json.meshes[0].primitives[0].attributes.NORMAL = b.accessor(new Float32Array(12), "VEC3");
    return b;
  }],
  ["ACCESSOR_VECTOR3_NON_UNIT", "positions that serve as normals and are none", () => {
    const b = square(), { attributes } = b.json.meshes[0].primitives[0];
    attributes.NORMAL = attributes.POSITION;
    return b;
  }],
  ["MESH_PRIMITIVE_INDEXED_SEMANTIC_CONTINUITY", "UVs and colours whose numbers have a gap", () => {
    const b = square(), { attributes } = b.json.meshes[0].primitives[0];
    attributes.TEXCOORD_2 = attributes.TEXCOORD_0 = b.accessor(new Float32Array(8), "VEC2");
    attributes.COLOR_1 = b.accessor(new Float32Array(12).fill(0.5), "VEC3");
    return b;
  }],
  [
    "SKIN_SKELETON_INVALID",
    "a skeleton node that is not above its joints",
    () => changed(skinnedSquare(), (j) => j.skins[0].skeleton = 0),
  ],
  ["ACCESSOR_INVALID_SIGN", "tangents without a hand", () => {
    const b = square();
    b.json.meshes[0].primitives[0].attributes.TANGENT = b.accessor(
      Float32Array.from({ length: 16 }, (_, i) => i % 4 === 0 ? 1 : 0),
      "VEC4",
    );
    return b;
  }],
  ["ACCESSOR_NON_CLAMPED", "colours brighter than white", () => {
    const b = square();
    b.json.meshes[0].primitives[0].attributes.COLOR_0 = b.accessor(new Float32Array(12).fill(1.5), "VEC3");
    return b;
  }],
  [
    "ACCESSOR_WEIGHTS_NON_NORMALIZED",
    "weights that do not sum to one",
    () => weights([0.5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
  ],
  [
    "ACCESSOR_JOINTS_INDEX_DUPLICATE",
    "a joint twice at a vertex",
    () => weights([0.5, 0.5, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
  ],
  ["ACCESSOR_INVALID_IBM", "matrices with a last row", () => {
    const b = skinnedSquare();
    b.json.skins[0].inverseBindMatrices = b.accessor(
      Float32Array.from({ length: 32 }, (_, i) => i % 16 === 15 ? 1.000001 : i % 5 === 0 ? 1 : 0),
      "MAT4",
    );
    return b;
  }],
  [
    "ACCESSOR_ANIMATION_INPUT_NON_INCREASING",
    "two keys at one time",
    () => animated([0, 0.5, 0.5], [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]),
  ],
  [
    "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION",
    "a rotation that is none",
    () => animated([0, 1], [0, 0, 0, 2, 0, 0, 0, 0]),
  ],
  [
    "VALUE_NOT_IN_RANGE",
    "a colour factor past one",
    () => changed(square(), (j) => j.materials = [{ pbrMetallicRoughness: { baseColorFactor: [1.5, 0, 0, 1] } }]),
  ],
  ["EMPTY_ENTITY", "empty lists", () =>
    changed(square(), (j) => {
      j.nodes[0].children = [];
      j.extensionsUsed = [];
    })],
  [
    "UNDECLARED_EXTENSION",
    "an extension nobody declared",
    () => changed(square(), (j) => j.materials = [{ extensions: { KHR_materials_unlit: {} } }]),
  ],
  ["NODE_SKIN_WITH_NON_SKINNED_MESH", "a skin on a mesh without joints", () =>
    changed(skinnedSquare(), (j) => {
      const { JOINTS_0: _j, WEIGHTS_0: _w, ...attributes } = j.meshes[0].primitives[0].attributes;
      j.meshes[0].primitives[0].attributes = attributes;
    })],
  ["NODE_SKIN_NO_SCENE", "joints that are in no scene", () => changed(skinnedSquare(), (j) => j.scenes[0].nodes = [0])],
  [
    "SCENE_NON_ROOT_NODE",
    "a child in the list of a scene",
    () => changed(skinnedSquare(), (j) => j.scenes[0].nodes.push(1)),
  ],
  ["SKIN_NO_COMMON_ROOT", "joints of two roots", () =>
    changed(skinnedSquare(), (j) => {
      delete j.nodes[2].children;
      j.scenes[0].nodes.push(1);
    })],
  [
    "NODE_MATRIX_TRS",
    "a matrix and its parts",
    () =>
      changed(
        square({ translation: [1, 0, 0] }),
        (j) => j.nodes[0].matrix = [2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      ),
  ],
  ["MESH_PRIMITIVE_INVALID_ATTRIBUTE", "an attribute of their own without an underscore", () => {
    const b = square();
    b.json.meshes[0].primitives[0].attributes.BATCHID = b.accessor(new Float32Array(4), "SCALAR");
    return b;
  }],
  ["MESH_PRIMITIVE_MORPH_TARGET_NO_BASE_ACCESSOR", "a morph target for what is not there", () => {
    const b = square();
    b.json.meshes[0].primitives[0].targets = [{
      POSITION: b.positions(new Float32Array(12)),
      TANGENT: b.accessor(new Float32Array(12), "VEC3"),
    }];
    return b;
  }],
  [
    "MESH_PRIMITIVE_ACCESSOR_WITHOUT_BYTESTRIDE",
    "attributes in one view without a stride",
    () =>
      changed(square(), (j) => {
        j.bufferViews[0].byteLength = 96;
        Object.assign(j.accessors[1], { bufferView: 0, byteOffset: 48 });
      }),
  ],
  ["BUFFER_VIEW_TARGET_OVERRIDE", "indices in the view of vertices", () =>
    changed(square(), (j) => {
      j.bufferViews[0] = { ...j.bufferViews[0], byteLength: j.bufferViews[2].byteOffset + 12, target: 34962 };
      Object.assign(j.accessors[2], { bufferView: 0, byteOffset: j.bufferViews[2].byteOffset });
    })],
];

function changed(b: Builder, change: (json: LooseJson) => void): Uint8Array {
  b.glb();
  change(b.json);
  return packGlb(JSON.stringify(b.json), b.bytes);
}

/** The skinned square; its first vertex names joint 0 twice. */
function weights(values: number[]): Builder {
  const b = skinnedSquare(), { attributes } = b.json.meshes[0].primitives[0];
  attributes.WEIGHTS_0 = b.accessor(Float32Array.from(values), "VEC4");
  return b;
}

function animated(times: number[], rotations: number[]): Builder {
  const b = skinnedSquare();
  const input = b.accessor(Float32Array.from(times), "SCALAR", { min: [times[0]], max: [times.at(-1)] });
  b.json.animations = [{
    samplers: [{ input, output: b.accessor(Float32Array.from(rotations), "VEC4") }],
    channels: [{ sampler: 0, target: { node: 1, path: "rotation" } }],
  }];
  return b;
}

for (const [code, what, make] of FAULTS) {
  Deno.test(`writeMesh() repairs ${what}, and nothing else`, async () => {
    const made = make(), bytes = made instanceof Uint8Array ? made : made.glb();
    assert((await errorCodes(bytes)).includes(code), (await errorCodes(bytes)).join());
    const written = await copy(bytes);
    await assertValid(written, WARNINGS);
    const before = readAll(await openGltf(bytes, { path: "before.glb" })), after = readAll(await reopen(written));
    assertClose(after.positions, before.positions);
    assertEquals(after.indices, before.indices);
    assertEquals(await copy(written), written);
  });
}

Deno.test("writeMesh() leaves a valid file with all of it as it is", async () => {
  const bytes = exported().glb();
  assertEquals(await errorCodes(bytes), []);
  assertEquals(await copy(bytes), bytes);
});

Deno.test("writeMesh() leaves weights of bytes that sum to one, and makes others do so", async () => {
  const make = (first: number) => {
    const b = skinnedSquare(), { attributes } = b.json.meshes[0].primitives[0];
    attributes.JOINTS_0 = b.accessor(Uint8Array.from([0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]), "VEC4");
    attributes.WEIGHTS_0 = b.accessor(
      Uint8Array.from([first, 100, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0]),
      "VEC4",
      { normalized: true },
    );
    return b.glb();
  };
  assertEquals(await copy(make(155)), make(155));
  const { skinWeights } = readAll(await reopen(await copy(make(50))));
  assertClose(skinWeights.subarray(0, 2), [170 / 255, 85 / 255]);
  await assertValid(await copy(make(50)), WARNINGS);
});

Deno.test("writeMesh() leaves positions that serve as normals to both where they are of unit length", async () => {
  const s = Math.SQRT1_2, b = square(), { attributes } = b.json.meshes[0].primitives[0];
  attributes.NORMAL = attributes.POSITION = b.positions([s, s, 0, 0, 1, 0, 0, s, s, 0, 0, 1]);
  assertEquals(await copy(b.glb()), b.glb());
});

Deno.test("writeMesh() does not bend positions that serve as normals", async () => {
  const b = square();
  b.json.meshes[0].primitives[0].attributes.NORMAL = b.json.meshes[0].primitives[0].attributes.POSITION;
  const bytes = b.glb(), before = readAll(await openGltf(bytes, { path: "ball.glb" }));
  assertEquals(readAll(await reopen(await copy(bytes))).positions, before.positions);
});
