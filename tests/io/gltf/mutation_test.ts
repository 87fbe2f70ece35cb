import { assert } from "@std/assert";
import { InputFileError, openGltf, writeMesh } from "../../../io/mod.ts";
import { type LooseJson, packGlb, skinnedSquare } from "./_builder.ts";
import { assertValid, readAll } from "./_reading.ts";

/** Mulberry32: seeded, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A transparent PNG of one pixel. */
const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A file with something of everything: skin, morph target, sparse accessor, animation, texture, two meshes. */
function everything() {
  const b = skinnedSquare({ extras: { a: [1] } });
  const [primitive] = b.json.meshes[0].primitives;
  primitive.targets = [{
    POSITION: b.positions(Array.from({ length: 12 }, (_, i) => i / 10)),
  }];
  primitive.attributes.TEXCOORD_0 = b.accessor(new Float32Array(8), "VEC2");
  b.json.materials = [{
    name: "cloth",
    pbrMetallicRoughness: { baseColorTexture: { index: 0 } },
  }];
  b.json.textures = [{ source: 0 }];
  b.json.images = [{ uri: PIXEL }];
  primitive.material = 0;
  const sparse = b.positions([0, 0, 0, 1, 0, 0, 0, 1, 0]);
  b.json.accessors[sparse].sparse = {
    count: 1,
    indices: { bufferView: b.view(Uint8Array.of(1)), componentType: 5121 },
    values: { bufferView: b.view(Float32Array.of(2, 0, 0)) },
  };
  b.json.accessors[sparse].max = [2, 1, 0];
  b.node({
    name: "hat",
    mesh: b.mesh([{ attributes: { POSITION: sparse }, mode: 5 }]),
    matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 0, 3, 0, 1],
  });
  b.json.animations = [{
    samplers: [{
      input: b.accessor(Float32Array.of(0, 1), "SCALAR", {
        min: [0],
        max: [1],
      }),
      output: b.accessor(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1), "VEC4"),
    }],
    channels: [{ sampler: 0, target: { node: 1, path: "rotation" } }],
  }];
  return b;
}

const STRANGE: readonly unknown[] = [
  -1,
  0,
  1,
  2,
  3,
  7,
  255,
  65536,
  4294967295,
  1e15,
  1e308,
  -0.5,
  5121,
  5126,
  "",
  "VEC3",
  "\u0000",
  null,
  true,
  [],
  {},
  [0],
  [[0]],
  { a: 1 },
];

/** Changes, removes or adds one value somewhere in the JSON. */
function mutateJson(json: LooseJson, next: () => number): void {
  let at: LooseJson = json;
  for (;;) {
    const keys = Object.keys(at), key = keys[Math.floor(next() * keys.length)];
    if (key === undefined) return;
    if (
      typeof at[key] === "object" && at[key] !== null &&
      Object.keys(at[key]).length > 0 && next() < 0.8
    ) {
      at = at[key];
      continue;
    }
    const how = next();
    if (how < 0.2) delete at[key];
    else if (how < 0.3 && Array.isArray(at)) at.push(at[Number(key)]);
    else if (how < 0.5 && typeof at[key] === "number") {
      at[key] += next() < 0.5 ? 1 : -1;
    } else {at[key] = structuredClone(
        STRANGE[Math.floor(next() * STRANGE.length)],
      );}
    return;
  }
}

/** One broken file: flipped bits, a cut, changed JSON, or several of them. */
function mutant(seed: number): Uint8Array {
  const next = random(seed), b = everything();
  b.glb();
  const json = structuredClone(b.json), kind = seed % 4;
  if (kind === 0) mutateJson(json, next);
  if (kind === 3) { for (let n = 0; n < 3; n++) mutateJson(json, next); }
  let bytes = packGlb(JSON.stringify(json), b.bytes);
  // Odd kinds flip bits: of the data alone, or anywhere.
  const from = seed % 8 === 1 ? 0 : bytes.length - b.bytes.length;
  if (kind === 1) {
    for (let n = 1 + Math.floor(next() * 8); n > 0; n--) {
      bytes[from + Math.floor(next() * (bytes.length - from))] ^= 1 <<
        Math.floor(next() * 8);
    }
  }
  if (kind === 2) {
    bytes = bytes.slice(0, Math.floor(next() * bytes.length));
    // Half of the cut files lie about their length.
    if (next() < 0.5 && bytes.length >= 20) {
      new DataView(bytes.buffer).setUint32(8, bytes.length, true);
    }
  }
  return bytes;
}

/** Reads and writes a mutant; says how it ended. */
async function outcome(bytes: Uint8Array): Promise<"refused" | "read"> {
  try {
    const document = await openGltf(bytes, { path: "mutant.glb" });
    const { header, positions, normals, indices } = readAll(document);
    assert(
      positions.every(Number.isFinite) && normals.every(Number.isFinite),
      "not finite",
    );
    assert(
      indices.every((index) => index < header.vertexCount),
      "index out of range",
    );
    const edited = positions.map((value) => Math.fround(value * 0.5));
    const written = await openGltf(
      writeMesh(document, header, { positions: edited, normals }),
      { path: "written.glb" },
    );
    assert(
      readAll(written).positions.every(Number.isFinite),
      "written not finite",
    );
    return "read";
  } catch (error) {
    if (!(error instanceof InputFileError)) throw error;
    assert(
      !error.message.includes("\n") && error.message.length < 600,
      error.message,
    );
    return "refused";
  }
}

Deno.test("the file the mutants are made of is valid", () =>
  assertValid(everything().glb(), [
    "DATA_URI_GLB",
    "NODE_SKINNED_MESH_LOCAL_TRANSFORMS",
    "IO_ERROR",
  ]));

Deno.test("300 mutants are refused in one sentence or read, each within a second", async () => {
  const ends = { refused: 0, read: 0 };
  for (let seed = 1; seed <= 300; seed++) {
    const started = performance.now();
    try {
      ends[await outcome(mutant(seed))]++;
    } catch (cause) {
      throw new TypeError(`Mutant ${seed} must be refused or read: ${cause}`, {
        cause,
      });
    }
    assert(
      performance.now() - started < 1000,
      `mutant ${seed} took ${performance.now() - started} ms`,
    );
  }
  assert(ends.refused > 50 && ends.read > 30, JSON.stringify(ends));
});
