import { type Builder, type LooseJson, packGlb, skinnedSquare } from "./_builder.ts";

/** Mulberry32: seeded, so that a failure can be repeated. */
export function random(seed: number): () => number {
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
export function everything(): Builder {
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

/** The same with what real exports have besides: a second skinned mesh, tangents, colours, a camera, all of a material. */
export function exported(): Builder {
  const b = everything(), [primitive] = b.json.meshes[0].primitives;
  primitive.attributes.TANGENT = b.accessor(
    Float32Array.from({ length: 16 }, (_, i) => i % 4 % 3 === 0 ? 1 : 0),
    "VEC4",
  );
  primitive.attributes.COLOR_0 = b.accessor(Float32Array.from({ length: 16 }, (_, i) => i / 16), "VEC4");
  primitive.targets[0].NORMAL = b.accessor(new Float32Array(12), "VEC3");
  b.json.meshes[0].weights = [0.5];
  const times = b.accessor(Float32Array.of(0, 0.5, 2), "SCALAR", { min: [0], max: [2] });
  b.json.animations[0].name = "wave";
  b.json.animations[0].samplers.push(
    { input: times, output: b.accessor(new Float32Array(9), "VEC3"), interpolation: "STEP" },
    { input: times, output: b.accessor(new Float32Array(9), "SCALAR"), interpolation: "CUBICSPLINE" },
  );
  b.json.animations[0].channels.push(
    { sampler: 1, target: { node: 2, path: "translation" } },
    { sampler: 2, target: { node: 0, path: "weights" } },
  );
  b.json.materials[0] = {
    name: "cloth",
    pbrMetallicRoughness: {
      baseColorFactor: [1, 0.5, 0.5, 1],
      metallicFactor: 0,
      roughnessFactor: 0.5,
      baseColorTexture: { index: 0, texCoord: 0 },
    },
    normalTexture: { index: 0, scale: 1 },
    occlusionTexture: { index: 0, strength: 0.5 },
    emissiveFactor: [0, 0, 0.5],
    alphaMode: "MASK",
    alphaCutoff: 0.25,
    doubleSided: true,
  };
  b.json.samplers = [{ magFilter: 9729, minFilter: 9987, wrapS: 33071, wrapT: 10497 }];
  b.json.textures[0].sampler = 0;
  b.json.cameras = [{ type: "perspective", perspective: { yfov: 0.7, aspectRatio: 1.5, znear: 0.1, zfar: 100 } }];
  b.node({ name: "eye", camera: 0, translation: [0, 1, 3], rotation: [0, 0, 0, 1], scale: [1, 1, 1] });
  const second = structuredClone(primitive);
  second.attributes = {
    ...second.attributes,
    WEIGHTS_0: b.accessor(Uint8Array.from([255, 0, 0, 0, 128, 127, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0]), "VEC4", {
      normalized: true,
    }),
  };
  second.attributes.JOINTS_0 = b.accessor(Uint8Array.from([0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]), "VEC4");
  b.node({ name: "coat", mesh: b.mesh([second], { weights: [0] }), skin: 0 });
  b.json.scenes[0].name = "all";
  b.json.extensionsUsed = ["KHR_materials_unlit"];
  b.json.materials.push({ extensions: { KHR_materials_unlit: {} } });
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

/** Every place in a JSON value, as the keys that lead there. */
export function placesIn(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const below = Object.entries(value).flatMap(([key, member]) =>
    placesIn(member, [...path, Array.isArray(value) ? Number(key) : key])
  );
  return path.length === 0 ? below : [[...path], ...below];
}

/** How many strange values {@linkcode strangeAt} knows, its removal included. */
export const STRANGE_COUNT: number = STRANGE.length + 1;

/** A file with one place of its JSON replaced by a strange value, or removed. */
export function strangeAt(b: Builder, path: readonly (string | number)[], which: number): Uint8Array {
  const json = structuredClone(b.json), last = path.at(-1)!;
  let owner: LooseJson = json;
  for (const key of path.slice(0, -1)) owner = owner[key];
  if (which < STRANGE.length) owner[last] = structuredClone(STRANGE[which]);
  else if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete owner[last];
  return packGlb(JSON.stringify(json), b.bytes);
}

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
export function mutant(seed: number): Uint8Array {
  const next = random(seed), b = seed % 3 === 0 ? everything() : exported();
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
