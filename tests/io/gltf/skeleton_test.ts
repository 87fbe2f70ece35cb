import { assertEquals, assertThrows } from "@std/assert";
import { findMesh, InputFileError, readSkeleton } from "../../../io/mod.ts";
import { skinnedSquare, square } from "./_builder.ts";
import { assertClose, readAll } from "./_reading.ts";

Deno.test("readSkeleton() gives joints in the order of the skin, with parents and world transforms", async () => {
  const b = skinnedSquare();
  b.json.skins[0].joints.reverse(); // the child comes first now
  const { inverseBindMatrices: accessor } = b.json.skins[0];
  const document = await b.open();
  const skeleton = readSkeleton(document, findMesh(document))!;
  assertEquals([...skeleton.jointNames], ["knee", "hip"]);
  assertEquals([...skeleton.parentJoint], [1, -1]);
  assertEquals([...skeleton.jointNodes], [1, 2]);
  assertClose(skeleton.jointWorld.subarray(0, 16), [
    0,
    1,
    0,
    0,
    -1,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    0,
    1,
  ], 1e-12);
  assertEquals(skeleton.inverseBindMatrices[0], 1);
  assertEquals(document.json.skins![0].inverseBindMatrices, accessor);
});

Deno.test("readSkeleton() gives nothing for a rigid mesh, and names for joints without", async () => {
  const rigid = await square().open();
  assertEquals(readSkeleton(rigid, findMesh(rigid)), undefined);
  const b = skinnedSquare();
  delete b.json.nodes[1].name;
  delete b.json.skins[0].inverseBindMatrices;
  const document = await b.open(),
    skeleton = readSkeleton(document, findMesh(document))!;
  assertEquals(skeleton.jointNames[1], "joint 1");
  assertEquals([...skeleton.inverseBindMatrices.subarray(16)], [
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    1,
  ]);
});

Deno.test("readSkeleton() joins the joints of two skins, and readMesh() speaks of the joined ones", async () => {
  const b = skinnedSquare();
  const [{ attributes, indices }] = b.json.meshes[0].primitives;
  // A second mesh with a skin of its own that has the knee alone.
  b.json.skins.push({ joints: [1] });
  b.node({
    mesh: b.mesh([{
      attributes: {
        ...attributes,
        JOINTS_0: b.accessor(new Uint8Array(16), "VEC4"),
      },
      indices,
    }]),
    skin: 1,
  });
  const document = await b.open(), { header, skinJoints } = readAll(document);
  const skeleton = readSkeleton(document, header)!;
  assertEquals([skeleton.jointCount, header.jointCount, [...header.skins]], [
    2,
    2,
    [0, 1],
  ]);
  assertEquals(skeleton.jointNames[skinJoints[16]], "knee");
});

Deno.test("readSkeleton() refuses bind matrices that are not finite", async () => {
  const b = skinnedSquare();
  const document = await b.open(), header = findMesh(document);
  new Float32Array(document.buffers[0].buffer, document.buffers[0].byteOffset)
    .fill(NaN);
  assertThrows(
    () => readSkeleton(document, header),
    InputFileError,
    "inverse bind matrices must be finite: joint 0 has NaN",
  );
});
