import { assertEquals, assertThrows } from "@std/assert";
import { findMesh, InputFileError, readMesh } from "../../../io/mod.ts";
import { Builder, type LooseJson, skinnedSquare, SQUARE, square, SQUARE_FACES } from "./_builder.ts";
import { assertClose, readAll } from "./_reading.ts";

Deno.test("readMesh() gives the file's own bits where nothing moves the mesh", async () => {
  const numbers = [0.1, -1e-40, 3.4e38, -0, 1 / 3, 7, 1, 2, 3];
  const b = new Builder();
  b.mesh([{ attributes: { POSITION: b.positions(numbers) } }]);
  b.node({
    mesh: 0,
    translation: [0, 0, 0],
    rotation: [0, 0, 0, 1],
    scale: [1, 1, 1],
  });
  const { positions } = readAll(await b.open());
  assertEquals(
    new Uint32Array(positions.buffer),
    new Uint32Array(Float32Array.from(numbers).buffer),
  );
});

Deno.test("readMesh() keeps detail far away by an f64 origin", async () => {
  const b = square({
    translation: [7000.000123, 0, 0],
    scale: [1e-3, 1e-3, 1e-3],
  });
  const { positions } = readAll(await b.open(), {}, { origin: [7000, 0, 0] });
  assertClose(positions.subarray(0, 6), [0.000123, 0, 0, 0.001123, 0, 0], 1e-9);
});

for (
  const [name, type] of Object.entries({
    u8: Uint8Array,
    u16: Uint16Array,
    u32: Uint32Array,
  })
) {
  Deno.test(`readMesh() reads ${name} indices`, async () => {
    const b = square();
    b.json.meshes[0].primitives[0].indices = b.accessor(
      type.from(SQUARE_FACES),
      "SCALAR",
    );
    assertEquals([...readAll(await b.open()).indices], SQUARE_FACES);
  });
}

const MODES: [string, number, number[] | undefined, number[]][] = [
  ["a list without indices", 4, undefined, [0, 1, 2, 3, 4, 5]],
  ["a strip, every other face turned", 5, [0, 1, 2, 3, 4], [
    0,
    1,
    2,
    1,
    3,
    2,
    2,
    3,
    4,
  ]],
  ["a strip in two pieces, without the joints between them", 5, [
    0,
    1,
    2,
    2,
    3,
    3,
    4,
    5,
  ], [0, 1, 2, 3, 5, 4]],
  ["a fan around its first vertex", 6, [0, 1, 2, 3], [1, 2, 0, 2, 3, 0]],
  ["a strip without indices", 5, undefined, [
    0,
    1,
    2,
    1,
    3,
    2,
    2,
    3,
    4,
    3,
    5,
    4,
  ]],
];
for (const [name, mode, corners, faces] of MODES) {
  Deno.test(`readMesh() reads ${name}`, async () => {
    const b = new Builder();
    const POSITION = b.positions(Array.from({ length: 18 }, (_, i) => i * i));
    b.mesh([{
      attributes: { POSITION },
      mode,
      ...(corners === undefined ? {} : { indices: b.accessor(Uint8Array.from(corners), "SCALAR") }),
    }]);
    b.node({ mesh: 0 });
    assertEquals([...readAll(await b.open()).indices], faces);
  });
}

Deno.test("readMesh() reads interleaved attributes", async () => {
  const b = new Builder();
  const rows = Float32Array.from([
    0,
    0,
    0,
    0,
    0,
    1,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
    1,
    0,
    1,
    0,
    0,
  ]);
  const bufferView = b.view(rows, { byteStride: 24 });
  const accessor = (byteOffset: number) =>
    b.json.accessors.push({
      bufferView,
      byteOffset,
      componentType: 5126,
      count: 3,
      type: "VEC3",
      min: [0, 0, 0],
      max: [1, 1, 1],
    }) - 1;
  b.mesh([{ attributes: { POSITION: accessor(0), NORMAL: accessor(12) } }]);
  b.node({ mesh: 0 });
  const { positions, normals } = readAll(await b.open());
  assertEquals([...positions], [0, 0, 0, 1, 0, 0, 0, 1, 0]);
  assertEquals([...normals], [0, 0, 1, 0, 1, 0, 1, 0, 0]);
});

/** The square with sparse positions: vertex 1 and 3 replaced; `base` keeps the elements below. */
function sparseSquare(base: boolean, code: 5121 | 5123 | 5125): Builder {
  const b = square(),
    type = { 5121: Uint8Array, 5123: Uint16Array, 5125: Uint32Array }[code];
  if (!base) delete b.json.accessors[0].bufferView;
  b.json.accessors[0].sparse = {
    count: 2,
    indices: { bufferView: b.view(type.from([1, 3])), componentType: code },
    values: { bufferView: b.view(Float32Array.from([5, 6, 7, 8, 9, 10])) },
  };
  return b;
}
for (const code of [5121, 5123, 5125] as const) {
  Deno.test(`readMesh() reads sparse accessors with indices of ${code}`, async () => {
    const over = readAll(await sparseSquare(true, code).open()),
      alone = readAll(await sparseSquare(false, code).open());
    assertEquals([...over.positions], [0, 0, 0, 5, 6, 7, 1, 1, 0, 8, 9, 10]);
    assertEquals([...alone.positions], [0, 0, 0, 5, 6, 7, 0, 0, 0, 8, 9, 10]);
  });
}

const QUANTIZED: [
  string,
  Int8Array | Uint8Array | Int16Array | Uint16Array,
  boolean,
  number[],
][] = [
  ["i8", Int8Array.of(-128, 0, 127, 1, 2, 3, 4, 5, 6), false, [
    -128,
    0,
    127,
    1,
    2,
    3,
    4,
    5,
    6,
  ]],
  ["normalized i8", Int8Array.of(-128, -127, 127, 0, 0, 0, 64, 0, 0), true, [
    -1,
    -1,
    1,
    0,
    0,
    0,
    64 / 127,
    0,
    0,
  ]],
  ["normalized u8", Uint8Array.of(0, 51, 255, 0, 0, 0, 1, 0, 0), true, [
    0,
    0.2,
    1,
    0,
    0,
    0,
    1 / 255,
    0,
    0,
  ]],
  ["normalized i16", Int16Array.of(-32768, 32767, 0, 0, 0, 0, 1, 0, 0), true, [
    -1,
    1,
    0,
    0,
    0,
    0,
    1 / 32767,
    0,
    0,
  ]],
  ["normalized u16", Uint16Array.of(65535, 0, 0, 0, 0, 0, 1, 0, 0), true, [
    1,
    0,
    0,
    0,
    0,
    0,
    1 / 65535,
    0,
    0,
  ]],
];
for (const [name, array, normalized, expected] of QUANTIZED) {
  Deno.test(`readMesh() reads positions of ${name}`, async () => {
    const b = new Builder();
    b.mesh([{
      attributes: {
        POSITION: b.accessor(array, "VEC3", { normalized, bounds: true }, 4),
      },
    }]);
    b.node({ mesh: 0 });
    b.json.extensionsUsed = b.json.extensionsRequired = [
      "KHR_mesh_quantization",
    ];
    assertClose(readAll(await b.open()).positions, expected, 1e-7);
  });
}

Deno.test("readMesh() multiplies nested nodes, matrices among them, in f64", async () => {
  const b = square();
  // A quarter turn around z, then ten metres along x; below it twice the size.
  const matrix = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0, 1];
  b.json.nodes[0].scale = [2, 2, 2];
  b.json.scenes[0].nodes = [b.node({ matrix, children: [0] }, false)];
  const { positions, normals } = readAll(await b.open());
  assertClose(positions, [10, 0, 0, 10, 2, 0, 8, 2, 0, 8, 0, 0]);
  assertClose(normals, [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
});

Deno.test("readMesh() turns normals by the inverse transpose under a lopsided scale", async () => {
  const b = square({ scale: [2, 1, 1] }), s = Math.SQRT1_2;
  b.json.meshes[0].primitives[0].attributes.NORMAL = b.accessor(
    Float32Array.from([s, s, 0, s, s, 0, s, s, 0, s, s, 0]),
    "VEC3",
  );
  const { normals } = readAll(await b.open()), length = Math.hypot(0.5, 1);
  assertClose(normals.subarray(0, 3), [0.5 / length, 1 / length, 0]);
});

Deno.test("readMesh() turns the faces of a mirrored node, and their normals stay on the same side", async () => {
  const { indices, normals, positions } = readAll(
    await square({ scale: [-1, 1, 1] }).open(),
  );
  assertEquals([...indices], [0, 2, 1, 0, 3, 2]);
  assertEquals(positions[3], -1);
  assertClose(normals.subarray(0, 3), [0, 0, 1]);
});

Deno.test("readMesh() poses skinned vertices by their joints and ignores the node", async () => {
  // The knee is where its bind matrix says it was, so the square comes out as it is stored, wherever its node is.
  const rest = readAll(
    await skinnedSquare({ translation: [100, 0, 0] }).open(),
  );
  assertClose(rest.positions, SQUARE);
  assertEquals([rest.header.influencesPerVertex, rest.header.jointCount], [
    4,
    2,
  ]);
  const bent = skinnedSquare();
  bent.json.nodes[1].rotation = [0, 0, 0, 1]; // the knee turned back by a quarter: its half of the square turns with it
  const { positions, normals } = readAll(await bent.open());
  assertClose(positions, [0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0]);
  assertClose(normals.subarray(3, 6), [0, 0, 1]);
});

Deno.test("readMesh() turns the faces of a mesh whose joints mirror it", async () => {
  const b = skinnedSquare();
  b.json.nodes[2].scale = [-1, 1, 1];
  assertEquals([...readAll(await b.open()).indices], [0, 2, 1, 0, 3, 2]);
});

/** A skinned square with other weights. */
async function influencesOf(
  joints: number[],
  weights: Float32Array | Uint8Array,
  extra: LooseJson = {},
) {
  const b = skinnedSquare(), { attributes } = b.json.meshes[0].primitives[0];
  attributes.JOINTS_0 = b.accessor(
    Uint8Array.from([...joints, ...joints, ...joints, ...joints]),
    "VEC4",
  );
  const four = new (weights.constructor as Float32ArrayConstructor)([
    ...weights,
    ...weights,
    ...weights,
    ...weights,
  ]);
  attributes.WEIGHTS_0 = b.accessor(four, "VEC4", extra);
  const { skinJoints, skinWeights } = readAll(await b.open());
  return [[...skinJoints.subarray(0, 4)], [...skinWeights.subarray(0, 4)]];
}

Deno.test("readMesh() sorts weights falling, makes them sum to one and empties unused places", async () => {
  assertEquals(
    await influencesOf([1, 0, 1, 1], Float32Array.of(0.25, 0.75, 0, 0)),
    [[0, 1, 0, 0], [0.75, 0.25, 0, 0]],
  );
  assertEquals(await influencesOf([1, 0, 0, 0], Float32Array.of(1, 3, 0, 0)), [[
    0,
    1,
    0,
    0,
  ], [0.75, 0.25, 0, 0]]);
  assertEquals(
    await influencesOf([1, 0, 0, 0], Uint8Array.of(255, 0, 0, 0), {
      normalized: true,
    }),
    [[1, 0, 0, 0], [1, 0, 0, 0]],
  );
  assertEquals(await influencesOf([1, 0, 0, 0], Float32Array.of(0, 0, 0, 0)), [[
    1,
    0,
    0,
    0,
  ], [1, 0, 0, 0]]);
});

Deno.test("readMesh() reads eight influences", async () => {
  const b = skinnedSquare(), { attributes } = b.json.meshes[0].primitives[0];
  attributes.WEIGHTS_0 = b.accessor(new Float32Array(16).fill(0.125), "VEC4");
  attributes.JOINTS_1 = b.accessor(new Uint16Array(16).fill(1), "VEC4");
  attributes.WEIGHTS_1 = b.accessor(new Float32Array(16).fill(0.125), "VEC4");
  const { header, skinWeights, skinJoints } = readAll(await b.open());
  assertEquals([header.influencesPerVertex, skinWeights.length], [8, 32]);
  assertEquals([...skinJoints.subarray(0, 8)], [0, 0, 0, 0, 1, 1, 1, 1]);
});

Deno.test("readMesh() lets a rigid part follow the joint it hangs from", async () => {
  const b = skinnedSquare();
  const hat = b.node({
    name: "hat",
    mesh: b.mesh([{
      attributes: { POSITION: b.positions([5, 0, 0, 6, 0, 0, 5, 1, 0]) },
    }]),
  }, false);
  b.json.nodes[1].children = [hat];
  const { header, skinJoints, skinWeights } = readAll(await b.open());
  const first = 4 * header.parts.find((part) => part.node === hat)!.firstVertex;
  assertEquals([skinJoints[first], skinWeights[first]], [1, 1]);
});

Deno.test("readMesh() writes zero where there is no usable normal", async () => {
  const b = square();
  b.json.meshes[0].primitives[0].attributes.NORMAL = b.accessor(
    new Float32Array(12).fill(NaN),
    "VEC3",
  );
  const { header, normals } = readAll(await b.open());
  assertEquals(header.nonFiniteNormalCount, 4);
  assertEquals([...normals], Array(12).fill(0));
});

Deno.test("readMesh() refuses transforms that leave f32, and arrays of the wrong length", async () => {
  const far = await square({ scale: [1e39, 1, 1] }).open();
  assertThrows(
    () => readAll(far),
    InputFileError,
    "coordinates in the world must fit f32: vertex 1 is moved to Infinity",
  );
  const document = await square().open(), header = findMesh(document);
  const positions = new Float32Array(12), indices = new Uint32Array(6);
  assertThrows(
    () => readMesh(document, header, { positions, indices: new Uint32Array(5) }),
    RangeError,
    "indices must hold 6 numbers: it holds 5",
  );
  assertThrows(
    () =>
      readMesh(document, header, {
        positions,
        indices,
        skinJoints: new Uint16Array(0),
      }),
    RangeError,
    "must come together",
  );
});
