import { assert, assertEquals, assertRejects } from "@std/assert";
import { findMesh, type GltfDocument, InputFileError, openGltf, readSkeleton, writeMesh } from "../../../io/mod.ts";
import { Builder, type LooseJson, packGlb, skinnedSquare } from "./_builder.ts";
import { compress, type Compression, transformIO } from "./_compress.ts";
import { hasData, readSample } from "./_data.ts";
import { assertClose, assertValid, readAll, reopen } from "./_reading.ts";

/** A wavy sheet of `n * n` vertices with normals, UVs, a morph target and an i8 extra attribute. */
function sheet(n: number, names = ["sheet"]): Builder {
  const b = new Builder(), positions: number[] = [], normals: number[] = [], uvs: number[] = [], faces: number[] = [];
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      positions.push(x / n, y / n, 0.1 * Math.sin(x) * Math.cos(y));
      normals.push(0, 0, 1);
      uvs.push(x / n, y / n);
      if (x === 0 || y === 0) continue;
      const v = n * y + x;
      faces.push(v - n - 1, v - n, v, v - n - 1, v, v - 1);
    }
  }
  for (const name of names) {
    const attributes = {
      POSITION: b.positions(positions),
      NORMAL: b.accessor(Float32Array.from(normals), "VEC3"),
      TEXCOORD_0: b.accessor(Float32Array.from(uvs), "VEC2"),
      COLOR_0: b.accessor(Uint8Array.from(positions, (_, i) => i % 256), "VEC3", { normalized: true }, 4),
    };
    const targets = [{ POSITION: b.positions(positions.map((value) => value / 10)) }];
    const indices = b.accessor(Uint16Array.from(faces), "SCALAR");
    b.node({ name, mesh: b.mesh([{ attributes, indices, targets }], { name }) });
  }
  return b;
}

/** The JSON and the binary chunk of a .glb, free to be broken. */
function unpack(glb: Uint8Array): { json: LooseJson; bin: Uint8Array } {
  const view = new DataView(glb.buffer, glb.byteOffset), length = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + length)));
  return { json, bin: glb.slice(28 + length) };
}

function open(bytes: Uint8Array): Promise<GltfDocument> {
  return openGltf(bytes, { path: "small.glb" });
}

/** Names of the extensions a document lists, and whether its parts still use one. */
function compressionOf({ json, decompressed }: GltfDocument): unknown[] {
  const used = json.extensionsUsed ?? [], required = json.extensionsRequired ?? [];
  return [used, required, decompressed.views.size + decompressed.accessors.size];
}

const KINDS: readonly Compression[] = ["draco", "meshopt", "meshopt with filters"];

for (const kind of KINDS) {
  Deno.test(`openGltf() decodes ${kind} as glTF-Transform does`, async () => {
    const packed = await compress(sheet(20).glb(), kind), document = await open(packed);
    const io = await transformIO(), theirs = await io.readBinary(packed as Uint8Array<ArrayBuffer>);
    const [primitive] = theirs.getRoot().listMeshes()[0].listPrimitives();
    const { positions, normals, indices } = readAll(document);
    assertClose(positions, primitive.getAttribute("POSITION")!.getArray()!, 1e-7);
    const element: number[] = [], normal = primitive.getAttribute("NORMAL")!;
    for (let v = 0; v < normal.getCount(); v++) {
      assertClose(normals.subarray(3 * v, 3 * v + 3), normal.getElement(v, element), 1e-6);
    }
    assertEquals([...indices], [...primitive.getIndices()!.getArray()!]);
  });

  Deno.test(`writeMesh() gives a file with ${kind} back byte for byte`, async () => {
    const packed = await compress(sheet(20).glb(), kind), document = await open(packed);
    const { header, positions, normals } = readAll(document);
    assertEquals(writeMesh(document, header, {}), packed);
    assertEquals(writeMesh(document, header, { positions, normals }), packed);
  });

  Deno.test(`writeMesh() makes an edited primitive with ${kind} plain and leaves the other compressed`, async () => {
    const packed = await compress(sheet(20, ["left", "right"]).glb(), kind), document = await open(packed);
    const header = findMesh(document, { node: "left" }), before = readAll(document), own = header.vertexCount;
    const moved = before.positions.slice(0, 3 * own).map((value) => value + 1);
    const bytes = writeMesh(document, header, { positions: moved }), after = await reopen(bytes);
    await assertValid(bytes, ["UNSUPPORTED_EXTENSION"]);
    const { positions, normals, indices } = readAll(after);
    assertClose(positions.subarray(0, 3 * own), moved);
    assertEquals(positions.subarray(3 * own), before.positions.subarray(3 * own));
    assertEquals([normals, indices], [before.normals, before.indices]);
    const [left, right] = after.json.meshes!.map(({ primitives }) => primitives[0]);
    const { bufferViews, accessors } = after.json;
    for (const accessor of [left.indices!, ...Object.values(left.attributes)]) {
      assertEquals(bufferViews![accessors![accessor].bufferView!].extensions, undefined);
    }
    assertEquals(left.extensions, undefined);
    assertEquals(right, document.json.meshes![1].primitives[0]);
    assertEquals(after.json.extensionsUsed, document.json.extensionsUsed);
    const chunk = new Uint8Array(document.buffers[0]);
    assertEquals(new Uint8Array(after.buffers[0]).subarray(0, chunk.length), chunk);
  });

  Deno.test(`writeMesh() takes ${kind} out of the extension lists with the last primitive`, async () => {
    const document = await open(await compress(sheet(20).glb(), kind)), { header, positions } = readAll(document);
    const bytes = writeMesh(document, header, { positions: positions.map((value) => value + 1) });
    await assertValid(bytes);
    const after = await reopen(bytes), extensions = kind === "meshopt with filters" ? ["KHR_mesh_quantization"] : [];
    assertEquals(compressionOf(after), [extensions, extensions, 0]);
    assertEquals(after.buffers.length, 1);
  });
}

for (const kind of ["draco", "meshopt"] as const) {
  Deno.test({
    name: `writeMesh() writes body A with ${kind} as a plain one, weights summing to one`,
    ignore: !hasData,
    fn: async () => {
      const document = await open(await compress(readSample("bodies/A.glb"), kind));
      const { header, positions } = readAll(document);
      assertEquals([header.vertexCount, header.jointCount], [14517, 53]);
      const bytes = writeMesh(document, header, { positions: positions.map((value) => value + 0.5) });
      await assertValid(bytes);
      assertEquals(compressionOf(await reopen(bytes)), [[], [], 0]);
    },
  });

  Deno.test(`openGltf() names the package when a file with ${kind} needs one that is not there`, async () => {
    const packed = await compress(sheet(5).glb(), kind), asked: string[] = [];
    const importPackage = (name: string) => {
      asked.push(name);
      return Promise.reject(new TypeError(`Module not found "${name}".\n  at somewhere`));
    };
    const error = await assertRejects(() => openGltf(packed, { path: "a.glb", importPackage }), InputFileError);
    const [name, how] = kind === "draco" ? ["draco3dgltf", "Draco"] : ["meshoptimizer", "meshopt"];
    assertEquals(
      (error as Error).message,
      `Cannot read "a.glb" as it is compressed with ${how}, which needs the npm package ${name}: ` +
        `it cannot be loaded here (Module not found "${name}")`,
    );
    assertEquals(asked, [name]);
    const wrong = await assertRejects(
      () => openGltf(packed, { path: "a.glb", importPackage: () => Promise.resolve({}) }),
      InputFileError,
    );
    assert((wrong as Error).message.includes(`npm package ${name}`), (wrong as Error).message);
  });

  Deno.test(`openGltf() hears of a missing permission while it loads the package for ${kind}`, async () => {
    const packed = await compress(sheet(5).glb(), kind);
    const denied =
      'Aborted(NotCapable: Requires read access to "/c/x.wasm", run again with the --allow-read flag). Build';
    const importPackage = () => Promise.reject(new WebAssembly.RuntimeError(denied));
    const error = await assertRejects(() => openGltf(packed, { path: "a.glb", importPackage }));
    assertEquals(
      [(error as Error).name, (error as Error).message],
      ["NotCapable", 'Requires read access to "/c/x.wasm", run again with the --allow-read flag'],
    );
  });

  Deno.test(`40 mutants of a file with ${kind} are refused in one sentence or read`, async () => {
    const packed = await compress(sheet(12).glb(), kind);
    let state = 7;
    const next = (end: number) => Math.floor((state = Math.imul(state, 48271) & 0x7fffffff) / 0x80000000 * end);
    for (let n = 0; n < 40; n++) {
      const { json, bin } = unpack(packed);
      for (let k = 1 + next(4); k > 0; k--) bin[next(bin.length)] ^= 1 << next(8);
      try {
        const { positions } = readAll(await open(packGlb(JSON.stringify(json), bin)));
        assert(positions.every(Number.isFinite));
      } catch (error) {
        if (!(error instanceof InputFileError)) throw error;
        assert(!error.message.includes("\n"), error.message);
      }
    }
  });
}

/** Opens a compressed file with changed JSON and gives what refuses it. */
async function refusal(kind: Compression, change: (json: LooseJson) => void): Promise<string> {
  const { json, bin } = unpack(await compress(sheet(12).glb(), kind));
  change(json);
  const error = await assertRejects(
    async () => readAll(await open(packGlb(JSON.stringify(json), bin))),
    InputFileError,
  );
  return (error as Error).message;
}

const MESHOPT_LIES: readonly [string, (extension: LooseJson, view: LooseJson) => void, RegExp][] = [
  ["count", (extension) => extension.count = 4e9, /bufferViews\/\d+\/byteLength as it must be count \* byteStride/],
  ["count and length", (extension, view) => {
    extension.count = 2 ** 30;
    view.byteLength = 2 ** 30 * extension.byteStride;
  }, /it must be a whole number from 1 to/],
  ["mode", (extension) => extension.mode = "POINTS", /mode as it must be ATTRIBUTES, TRIANGLES or INDICES/],
  ["stride", (extension) => extension.byteStride = 6, /byteStride as it must be a multiple of 4/],
  ["filter", (extension) => extension.filter = "BLUR", /it must be a filter for ATTRIBUTES of 12 bytes/],
  ["range", (extension) => extension.byteLength = 1e9, /byteLength as it must be a whole number from 1 to/],
  ["buffer", (extension) => extension.buffer = 9, /it must be an index into buffers/],
];
for (const [what, lie, sentence] of MESHOPT_LIES) {
  Deno.test(`openGltf() refuses meshopt data that lie about their ${what}`, async () => {
    const message = await refusal("meshopt", (json) => {
      const view = json.bufferViews.find((view: LooseJson) => view.byteStride === 12);
      lie(view.extensions.EXT_meshopt_compression, view);
    });
    assert(sentence.test(message), message);
  });
}

const DRACO_LIES: readonly [string, (json: LooseJson, extension: LooseJson) => void, RegExp][] = [
  [
    "faces",
    (json) => json.accessors[json.meshes[0].primitives[0].indices].count = 3,
    /must hold 1 faces like the indices: they declare 242/,
  ],
  ["vertices", (json) => {
    for (const index of Object.values(json.meshes[0].primitives[0].attributes)) {
      json.accessors[index as number].count = 9;
    }
    delete json.meshes[0].primitives[0].targets;
  }, /must hold 9 vertices like the accessor: they hold 144/],
  ["size", (json) => json.accessors[json.meshes[0].primitives[0].indices].count = 3e9, /no buffer view backs it/],
  ["numbers", (_, extension) => extension.attributes.POSITION = 77, /must be VEC3 with the number 77/],
  [
    "place",
    (json, extension) => extension.bufferView = json.bufferViews.length,
    /it must be an index into bufferViews/,
  ],
  ["names", (_, extension) => extension.attributes.NOPE = 1, /the primitive must have "NOPE" too/],
  ["mode", (json) => json.meshes[0].primitives[0].mode = 5, /compressed faces must be triangles/],
];
for (const [what, lie, sentence] of DRACO_LIES) {
  Deno.test(`openGltf() refuses Draco data that lie about their ${what}`, async () => {
    const message = await refusal("draco", (json) => {
      lie(json, json.meshes[0].primitives[0].extensions.KHR_draco_mesh_compression);
    });
    assert(sentence.test(message), message);
  });
}

Deno.test("openGltf() reads meshopt under its ratified name, with the stand-in buffer first and in a file that is not there", async () => {
  const { json, bin } = unpack(await compress(sheet(12).glb(), "meshopt"));
  const plain = readAll(await open(packGlb(JSON.stringify(json), bin)));
  const text = JSON.stringify(json).replaceAll("EXT_meshopt_compression", "KHR_meshopt_compression");
  const turned: LooseJson = JSON.parse(text.replaceAll(/"buffer":([01])/g, (_, b) => `"buffer":${1 - b}`));
  turned.buffers = [{ ...turned.buffers[1], uri: "gone.fallback.bin" }, { ...turned.buffers[0], uri: "real.bin" }];
  const bytes = new TextEncoder().encode(JSON.stringify(turned));
  const document = await openGltf(bytes, {
    path: "a.gltf",
    readUri: (uri) => Promise.resolve(uri === "real.bin" ? bin : new Uint8Array(0)),
  });
  const { header, positions } = readAll(document);
  assertEquals(positions, plain.positions);
  const copy = await reopen(writeMesh(document, header, {}));
  assertEquals([readAll(copy).positions, copy.json.buffers!.length], [positions, 2]);
  const edited = writeMesh(document, header, { positions: positions.map((value) => value + 1) });
  await assertValid(edited);
  assertEquals(compressionOf(await reopen(edited)), [[], [], 0]);
});

Deno.test("openGltf() reads the plain data of a file that has them beside the compressed ones", async () => {
  const plain = sheet(12);
  plain.json.extensionsUsed = ["KHR_draco_mesh_compression"];
  plain.json.meshes[0].primitives[0].extensions = {
    KHR_draco_mesh_compression: { bufferView: plain.view(new Uint8Array(8)), attributes: { POSITION: 0 } },
  };
  const importPackage = () => Promise.reject(new TypeError("must not be called"));
  const document = await openGltf(plain.glb(), { path: "a.glb", importPackage }),
    { header, positions } = readAll(document);
  const bytes = writeMesh(document, header, { positions: positions.map((value) => value + 1) });
  await assertValid(bytes);
  assertEquals(compressionOf(await reopen(bytes)), [[], [], 0]);
});

Deno.test("a skeleton from a file with meshopt comes over plain", async () => {
  const garment = await sheet(6).open();
  const packed = await compress(skinnedSquare().glb(), "meshopt"), rig = await open(packed);
  const { header, positions } = readAll(garment), { vertexCount } = header;
  const skeleton = readSkeleton(rig, findMesh(rig))!;
  const skin = {
    skeleton,
    skinJoints: new Uint16Array(4 * vertexCount),
    skinWeights: new Float32Array(4 * vertexCount).fill(0.25),
    influencesPerVertex: 4,
  };
  const bytes = writeMesh(garment, header, { skin });
  await assertValid(bytes);
  assertClose(readAll(await reopen(bytes)).positions, positions, 1e-6);
});
