import { assert, assertEquals } from "@std/assert";
import {
  findMesh,
  type GltfDocument,
  InputFileError,
  openGltf,
  readMesh,
  readSkeleton,
  type SkinEdit,
  writeMesh,
} from "../../../io/mod.ts";
import { DATA, dirtyCases, hasData, readSample, samplesIn } from "./_data.ts";
import { assertClose, assertValid, readAll, reopen } from "./_reading.ts";

const WARNINGS = ["NODE_SKINNED_MESH_LOCAL_TRANSFORMS"];

function open(path: string): Promise<GltfDocument> {
  const readUri = (uri: string) => Deno.readFile(new URL(uri, new URL(path, DATA)));
  return openGltf(readSample(path), { path, readUri });
}

/** Two joints of body A for every vertex. */
async function bodyWeights(vertexCount: number): Promise<SkinEdit> {
  const body = await open("bodies/A.glb"),
    skeleton = readSkeleton(body, findMesh(body))!;
  const skinJoints = new Uint16Array(4 * vertexCount),
    skinWeights = new Float32Array(4 * vertexCount);
  for (let v = 0; v < vertexCount; v++) {
    skinJoints.set(
      [v % skeleton.jointCount, (7 * v + 1) % skeleton.jointCount],
      4 * v,
    );
    skinWeights.set([0.7, 0.3], 4 * v);
  }
  return { skeleton, skinJoints, skinWeights, influencesPerVertex: 4 };
}

/** Opens, finds, reads, writes unchanged, moved and bound; every output is valid and reads back as written. */
async function process(path: string): Promise<void> {
  const document = await open(path),
    before = readAll(document),
    { header } = before;
  for (const array of [before.positions, before.normals, before.skinWeights]) {
    assert(array.every(Number.isFinite));
  }
  await assertValid(writeMesh(document, header, {}), WARNINGS);

  const positions = before.positions.map((value, i) => value * 1.01 + 0.001 * (i % 3));
  const normals = Float32Array.from(
    { length: positions.length },
    (_, i) => [0, 0.6, 0.8][i % 3],
  );
  const moved = writeMesh(document, header, {
    positions,
    normals,
    provenance: { test: true },
  });
  await assertValid(moved, WARNINGS);
  const after = readAll(await reopen(moved));
  // Quantized positions land on their grid; 7 km away f32 has steps of 0.5 mm.
  assertClose(after.positions, positions, 1e-4);
  assertEquals(after.indices, before.indices);

  const bound = writeMesh(document, header, {
    positions,
    normals,
    skin: await bodyWeights(header.vertexCount),
  });
  await assertValid(bound, WARNINGS);
  const skinned = readAll(await reopen(bound));
  assertClose(
    skinned.positions,
    positions,
    header.nonFiniteVertexCount > 0 ? 1e-3 : 5e-4,
  );
  assertEquals(skinned.indices, before.indices);
  assertEquals(skinned.header.jointCount, 53);
}

Deno.test({
  name: "the sample files are there",
  ignore: !hasData,
  fn: () => assertEquals(dirtyCases.length, 56),
});
for (const { garment, expect } of dirtyCases) {
  Deno.test(`${garment}: ${expect}`, async () => {
    try {
      await process(garment);
    } catch (error) {
      if (!(error instanceof InputFileError)) throw error;
      assert(expect !== "process", error.message);
      assert(
        error.message.startsWith(`Cannot read "${garment}"`) &&
          !error.message.includes("\n"),
        error.message,
      );
      return;
    }
    assert(expect !== "reject-with-message", "was processed");
  });
}

for (
  const path of [
    ...samplesIn("bodies"),
    ...samplesIn("garments"),
    ...samplesIn("truth"),
  ]
) {
  Deno.test(`writeMesh() gives ${path} back byte for byte`, async () => {
    const bytes = readSample(path), document = await openGltf(bytes, { path });
    const { header, positions, normals } = readAll(document);
    assertEquals(writeMesh(document, header, {}), bytes);
    assertEquals(writeMesh(document, header, { positions, normals }), bytes);
  });
}

for (const path of samplesIn("garments")) {
  Deno.test(`writeMesh() binds ${path} to body A`, async () => {
    const document = await open(path), before = readAll(document);
    const bytes = writeMesh(document, before.header, {
      skin: await bodyWeights(before.header.vertexCount),
    });
    await assertValid(bytes);
    const written = await reopen(bytes), after = readAll(written);
    const size = before.positions.reduce(
      (most, value) => Math.max(most, Math.abs(value)),
      0,
    );
    assertClose(after.positions, before.positions, 1e-6 * size);
    assertEquals(written.json.nodes!.length, document.json.nodes!.length + 53);
  });
}

Deno.test({
  name: "readMesh() reads body A as its file stores it, as the pose of the file is the bind pose",
  ignore: !hasData,
  fn: async () => {
    const document = await open("bodies/A.glb"), header = findMesh(document);
    const positions = new Float32Array(3 * header.vertexCount),
      indices = new Uint32Array(3 * header.faceCount);
    readMesh(document, header, { positions, indices });
    const stored = new Float32Array(
      document.buffers[0].buffer,
      document.buffers[0].byteOffset,
      positions.length,
    );
    assertEquals([
      header.vertexCount,
      header.jointCount,
      header.influencesPerVertex,
    ], [14517, 53, 4]);
    assertClose(positions, stored, 2e-6);
  },
});
