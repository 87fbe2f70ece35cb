import { assertEquals, assertRejects } from "@std/assert";
import { InputFileError, openGltf } from "../../../io/mod.ts";
import { Builder, type LooseJson, packGlb, square } from "./_builder.ts";
import { assertRefused, readAll } from "./_reading.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** The square's file after a change to its JSON. */
function broken(change: (json: LooseJson) => void): Uint8Array {
  const b = square();
  b.glb();
  change(b.json);
  return packGlb(JSON.stringify(b.json), b.bytes);
}

Deno.test("openGltf() takes a .glb apart without copying its buffer", async () => {
  const bytes = square().glb();
  const document = await openGltf(bytes, { path: "a.glb" });
  assertEquals(document.container, "glb");
  assertEquals(document.buffers[0].buffer, bytes.buffer);
  assertEquals(document.fileBytes, bytes.length);
});

Deno.test("openGltf() goes by the content, not by the name, and reads a byte order mark", async () => {
  const b = square();
  b.glb();
  b.json.buffers[0].uri = `data:application/gltf-buffer;base64,${btoa(String.fromCharCode(...b.bytes))}`;
  const document = await openGltf(encode("\ufeff" + JSON.stringify(b.json)), {
    path: "named.glb",
  });
  assertEquals(document.container, "gltf");
  assertEquals([...document.buffers[0]], [...b.bytes]);
});

Deno.test("openGltf() reads a buffer beside the file, percent-decoded, wherever it lies in memory", async () => {
  const b = square(), asked: string[] = [];
  b.glb();
  b.json.buffers[0].uri = "my%20parts/a.bin";
  const shifted = new Uint8Array(b.bytes.length + 1);
  shifted.set(b.bytes, 1);
  const readUri = (uri: string) => {
    asked.push(uri);
    return Promise.resolve(shifted.subarray(1));
  };
  const document = await openGltf(encode(JSON.stringify(b.json)), {
    path: "a.gltf",
    readUri,
  });
  assertEquals(asked, ["my parts/a.bin"]);
  assertEquals(readAll(document).positions[3], 1);
});

const OUTSIDE = [
  "../secret.bin",
  "a/../../secret.bin",
  "/etc/passwd",
  "C:/secret.bin",
  "c:secret.bin",
  "..\\secret.bin",
  "a\\b.bin",
  "%2e%2e/secret.bin",
  "%2E%2E%2Fsecret.bin",
  "%252e%252e/secret.bin",
  "..%2fsecret.bin",
  ".. /secret.bin",
  ".../secret.bin",
  "http://example.org/a.bin",
  "file:///etc/passwd",
  "//example.org/a.bin",
  "a%00.bin",
  "%zz.bin",
  "",
];
for (const uri of OUTSIDE) {
  Deno.test(`openGltf() refuses the buffer ${JSON.stringify(uri)} before anything is read`, async () => {
    const b = square();
    b.glb();
    b.json.buffers[0].uri = uri;
    const readUri = () => Promise.reject(new TypeError("must not be called"));
    const open = () => openGltf(encode(JSON.stringify(b.json)), { path: "a.gltf", readUri });
    const error = await assertRejects(
      open,
      InputFileError,
      "must lie in the folder of the file that names it",
    );
    assertEquals((error as InputFileError).pointer, "/buffers/0/uri");
    assertEquals((error as InputFileError).file, "a.gltf");
  });
}

Deno.test("openGltf() names the buffer that cannot be read, and lets faults of permissions through", async () => {
  const b = square();
  b.glb();
  b.json.buffers[0].uri = "a.bin";
  const bytes = encode(JSON.stringify(b.json));
  const failing = (name: string) => () => Promise.reject(Object.assign(new Error("no\nluck"), { name, code: "EX" }));
  await assertRejects(
    () => openGltf(bytes, { path: "a.gltf", readUri: failing("NotFound") }),
    InputFileError,
    '"a.bin" must be readable: there is no such file',
  );
  await assertRejects(
    () => openGltf(bytes, { path: "a.gltf", readUri: failing("IsADirectory") }),
    InputFileError,
    "no luck",
  );
  const error = await assertRejects(
    () => openGltf(bytes, { path: "a.gltf", readUri: failing("NotCapable") }),
    Error,
  );
  assertEquals((error as Error).name, "NotCapable");
  await assertRejects(
    () => openGltf(bytes, { path: "a.gltf" }),
    InputFileError,
    "no other files are read here",
  );
  const short = () => Promise.resolve(new Uint8Array(3));
  await assertRejects(
    () => openGltf(bytes, { path: "a.gltf", readUri: short }),
    InputFileError,
    "/buffers/0/byteLength as it must be <= 3",
  );
});

const CONTAINERS: Record<string, [Uint8Array, ...string[]]> = {
  "no bytes": [new Uint8Array(0), "must not be empty: it has 0 bytes"],
  "another format": [
    encode("# Wavefront"),
    "must be binary glTF",
    "starts with 23 20 57 61",
  ],
  "half a header": [
    square().glb().slice(0, 14),
    "at least 20 bytes of headers: it has 14",
  ],
  "half a file": [
    square().glb().slice(0, 300),
    "its header declares",
    "it has 300; it is cut off",
  ],
  "bytes after the end": [
    new Uint8Array([...square().glb(), 0]),
    "its header declares",
  ],
  "JSON that is no UTF-8": [packGlb("{}").fill(0xff, 20), "must be UTF-8"],
  "JSON that does not parse": [packGlb("{a"), "its JSON must parse"],
  "JSON that is a list": [
    packGlb("[]"),
    "at / as it must be an object: current value is a list of 0",
  ],
  "JSON nested too deep": [
    packGlb("[".repeat(100_000) + "]".repeat(100_000)),
    "may nest 256 deep: it nests 100000 deep",
  ],
};
for (const [name, [bytes, ...parts]] of Object.entries(CONTAINERS)) {
  Deno.test(`openGltf() refuses a file with ${name}`, () => assertRefused(bytes, ...parts));
}

Deno.test("openGltf() refuses version 1, chunks that lie and a first chunk that is no JSON", async () => {
  const change = (at: number, value: number) => {
    const bytes = square().glb();
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };
  await assertRefused(
    change(4, 1),
    "version of a .glb must be 2: it is 1; convert it to glTF 2.0",
  );
  await assertRefused(
    change(12, 0x7ffffff0),
    "chunk 0 declares 2147483632 bytes",
  );
  await assertRefused(
    change(16, 0x004e4942),
    "the first chunk of a .glb must be JSON: its type is 0x004e4942",
  );
});

type Case = [
  name: string,
  change: (json: LooseJson) => void,
  ...parts: string[],
];
const NUMBERS: Case[] = [
  ["no asset", (j) => delete j.asset, "/asset", "missing"],
  ["version 3", (j) => j.asset.version = "3.0", "/asset/version", '"3.0"'],
  ["minVersion 2.1", (j) => j.asset.minVersion = "2.1", "/asset/minVersion"],
  [
    "a required extension",
    (j) => j.extensionsRequired = ["EXT_mesh_gpu_instancing"],
    "/extensionsRequired/0",
    "EXT_mesh_gpu_instancing",
    "export the instances as nodes",
  ],
  [
    "an unknown required extension",
    (j) => j.extensionsRequired = ["ACME_x"],
    "ACME_x",
    "without that extension",
  ],
  [
    "accessors that are no list",
    (j) => j.accessors = 7,
    "/accessors",
    "must be a list: current value is 7",
  ],
  [
    "a huge buffer",
    (j) => j.buffers[0].byteLength = 4e9,
    "/buffers/0/byteLength",
    "current value is 4000000000",
  ],
  [
    "a buffer of nothing",
    (j) => j.buffers[0].byteLength = 0,
    "/buffers/0/byteLength",
    ">= 1",
  ],
  [
    "a second buffer from nowhere",
    (j) => j.buffers.push({ byteLength: 4 }),
    "/buffers/1",
    "it has neither",
  ],
  [
    "a negative offset",
    (j) => j.bufferViews[1].byteOffset = -64,
    "/bufferViews/1/byteOffset",
    "current value is -64",
  ],
  [
    "a view past its buffer",
    (j) => j.bufferViews[0].byteLength = 1e6,
    "/bufferViews/0/byteLength",
    "1000000",
  ],
  [
    "a view of no buffer",
    (j) => j.bufferViews[0].buffer = 5,
    "/bufferViews/0/buffer",
    "index into buffers (0 to 0): current value is 5",
  ],
  [
    "a stride of 6",
    (j) => j.bufferViews[0].byteStride = 6,
    "/bufferViews/0/byteStride",
    "multiple of 4",
  ],
  [
    "a stride too small",
    (j) => j.bufferViews[0].byteStride = 8,
    "/bufferViews/0/byteStride",
    "must be >= 12",
  ],
  [
    "a huge count",
    (j) => j.accessors[0].count = 4e8,
    "/accessors/0/count",
    "<= 4",
    "current value is 400000000",
  ],
  [
    "a count of 0",
    (j) => j.accessors[0].count = 0,
    "/accessors/0/count",
    "current value is 0",
  ],
  [
    "a count of 1.5",
    (j) => j.accessors[0].count = 1.5,
    "/accessors/0/count",
    "1.5",
  ],
  [
    "a count of 1e999",
    (j) => j.accessors[0].count = 1e308 * 10,
    "/accessors/0/count",
  ],
  [
    "a count without bytes",
    (j) => (delete j.accessors[0].bufferView, j.accessors[0].count = 1e9),
    "/accessors/0/count",
    "no buffer view backs it",
  ],
  [
    "an unknown component type",
    (j) => j.accessors[0].componentType = 5124,
    "/accessors/0/componentType",
    "5124",
  ],
  [
    "an unknown type",
    (j) => j.accessors[0].type = "VEC9",
    "/accessors/0/type",
    "VEC9",
  ],
  [
    "an offset askew",
    (j) => (j.accessors[0].count = 3, j.accessors[0].byteOffset = 2),
    "/accessors/0/byteOffset",
    "multiple of 4",
  ],
  [
    "a missing view",
    (j) => j.accessors[0].bufferView = 99,
    "/accessors/0/bufferView",
    "99",
  ],
  [
    "bounds of text",
    (j) => j.accessors[0].max = ["a", 0, 0],
    "/accessors/0/max/0",
    "finite number",
  ],
  ["a mesh link to nowhere", (j) => j.nodes[0].mesh = 3, "/nodes/0/mesh", "3"],
  [
    "a skin link without skins",
    (j) => j.nodes[0].skin = 0,
    "/nodes/0/skin",
    "there is none",
  ],
  [
    "a child that is not there",
    (j) => j.nodes[0].children = [8],
    "/nodes/0/children/0",
    "8",
  ],
  [
    "a node of two parents",
    (j) => j.nodes.push({ children: [0] }, { children: [0] }),
    "/nodes/2/children/0",
    "one parent",
  ],
  [
    "a node that is its own child",
    (j) => j.nodes[0].children = [0],
    "/nodes/0/children",
    "own ancestor",
  ],
  [
    "a circle of nodes",
    (j) => j.nodes.push({ children: [2] }, { children: [3] }, { children: [1] }),
    "own ancestor",
  ],
  [
    "a scene of no node",
    (j) => j.scenes[0].nodes = [4],
    "/scenes/0/nodes/0",
    "4",
  ],
  ["a default scene that is not there", (j) => j.scene = 2, "/scene", "2"],
  [
    "a matrix of 12",
    (j) => j.nodes[0].matrix = Array(12).fill(0),
    "/nodes/0/matrix",
    "16 numbers: it holds 12",
  ],
  [
    "a perspective matrix",
    (j) => j.nodes[0].matrix = [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    "/nodes/0/matrix/3",
    "last row",
  ],
  [
    "a translation of null",
    (j) => j.nodes[0].translation = [null, 0, 0],
    "/nodes/0/translation/0",
    "finite",
  ],
  [
    "a rotation of zero",
    (j) => j.nodes[0].rotation = [0, 0, 0, 0],
    "/nodes/0/rotation",
    "unit quaternion",
  ],
  [
    "a flattening scale",
    (j) => j.nodes[0].scale = [1, 0, 1],
    "/nodes/0",
    "must not flatten",
  ],
  [
    "no primitives",
    (j) => j.meshes[0].primitives = [],
    "/meshes/0/primitives",
    "has none",
  ],
  [
    "no POSITION",
    (j) => delete j.meshes[0].primitives[0].attributes.POSITION,
    "/meshes/0/primitives/0/attributes",
    "must have POSITION",
  ],
  [
    "an attribute link to nowhere",
    (j) => j.meshes[0].primitives[0].attributes["a/b"] = 9,
    "/attributes/a~1b",
    "9",
  ],
  [
    "mode 9",
    (j) => j.meshes[0].primitives[0].mode = 9,
    "/meshes/0/primitives/0/mode",
    "9",
  ],
  [
    "lengths that differ",
    (j) => j.accessors[1].count = 3,
    "/attributes/NORMAL",
    "4 elements like POSITION",
    "has 3",
  ],
  [
    "positions of VEC2",
    (j) => {
      const { min: _, max: __, ...rest } = j.accessors[0];
      j.accessors[0] = { ...rest, type: "VEC2" };
    },
    "/attributes/POSITION",
    "VEC3",
  ],
  [
    "indices of floats",
    (j) => (j.accessors[2].componentType = 5126, j.accessors[2].count = 3),
    "/indices",
    "5121, 5123 or 5125",
  ],
  [
    "corners that make no face",
    (j) => j.accessors[2].count = 5,
    "/indices",
    "three corners each",
    "5 corners",
  ],
  [
    "joints without weights",
    (j) => j.meshes[0].primitives[0].attributes.JOINTS_0 = 0,
    "JOINTS_0",
  ],
  [
    "a material that is not there",
    (j) => j.meshes[0].primitives[0].material = 0,
    "/material",
    "there is none",
  ],
  [
    "a texture of no image",
    (j) => j.textures = [{ source: 2 }],
    "/textures/0/source",
  ],
  [
    "a name of 5",
    (j) => j.nodes[0].name = 5,
    "/nodes/0/name",
    "must be text: current value is 5",
  ],
  [
    "a generator of 5",
    (j) => j.asset.generator = 5,
    "/asset/generator",
    "text",
  ],
  [
    "a node twice in a scene",
    (j) => j.scenes[0].nodes = [0, 0],
    "/scenes/0/nodes",
    "once",
  ],
  [
    "an image of nothing",
    (j) => j.images = [{}],
    "/images/0",
    "it has neither",
  ],
  [
    "an animation of nothing",
    (j) => j.animations = [{ samplers: [] }],
    "/animations/0/channels",
    "must be there",
  ],
  [
    "an animation of no node",
    (j) =>
      j.animations = [{
        samplers: [{ input: 0, output: 0 }],
        channels: [{ sampler: 0, target: { node: 7 } }],
      }],
    "/animations/0/channels/0/target/node",
    "7",
  ],
  [
    "a skin of no joints",
    (j) => j.skins = [{ joints: [] }],
    "/skins/0/joints",
    "current value is 0",
  ],
  [
    "a joint named twice",
    (j) => j.skins = [{ joints: [0, 0] }],
    "/skins/0/joints/1",
    "twice",
  ],
  [
    "too few bind matrices",
    (j) => j.skins = [{ joints: [0], inverseBindMatrices: 0 }],
    "/skins/0/inverseBindMatrices",
    "MAT4",
  ],
  [
    "sparse past its end",
    (j) =>
      j.accessors[0].sparse = {
        count: 9,
        indices: { bufferView: 2, componentType: 5123 },
        values: { bufferView: 0 },
      },
    "/accessors/0/sparse/count",
    "9",
  ],
  [
    "sparse values that are not there",
    (j) =>
      j.accessors[0].sparse = {
        count: 3,
        indices: { bufferView: 2, componentType: 5123 },
        values: { bufferView: 2 },
      },
    "/accessors/0/sparse/values/count",
  ],
  [
    "sparse indices that fall",
    (j) =>
      j.accessors[0].sparse = {
        count: 3,
        indices: { bufferView: 2, componentType: 5123, byteOffset: 4 },
        values: { bufferView: 1 },
      },
    "/accessors/0/sparse/indices",
    "must rise",
  ],
];
for (const [name, change, ...parts] of NUMBERS) {
  Deno.test(`openGltf() and findMesh() refuse ${name}`, () => assertRefused(broken(change), ...parts));
}

Deno.test("openGltf() refuses what stands for extensions and is no object, wherever it is", async () => {
  for (const extensions of [null, -1, [], { KHR_texture_transform: null }]) {
    const b = square();
    b.json.materials = [{ emissiveFactor: [0, 0, 0], pbrMetallicRoughness: { extensions } }];
    await assertRefused(b.glb(), "at /materials/0/pbrMetallicRoughness/extensions", "as it must be an object");
  }
});

Deno.test("openGltf() reads files that require extensions which do not touch the shape", async () => {
  await openGltf(
    broken((j) =>
      j.extensionsRequired = [
        "KHR_texture_transform",
        "KHR_materials_unlit",
        "VRMC_vrm",
      ]
    ),
    { path: "a.glb" },
  );
});

Deno.test("openGltf() checks a chain of 100,000 nodes in linear time", async () => {
  const b = new Builder();
  b.json.nodes = Array.from(
    { length: 100_000 },
    (_, i) => i < 99_999 ? { children: [i + 1] } : {},
  );
  b.json.scenes[0].nodes = [0];
  await assertRefused(
    b.glb(),
    "the scene must have a mesh: no node of it has one",
  );
});
