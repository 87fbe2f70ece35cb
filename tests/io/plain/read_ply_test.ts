import { assertEquals } from "@std/assert";
import { PLYLoader } from "three/addons/loaders/PLYLoader.js";
import { findMesh, writeMesh } from "../../../io/mod.ts";
import { assertClose, assertValid, readAll, reopen } from "../gltf/_reading.ts";
import { assertRefusedAs, facesOf, open, sortedFaces, strip } from "./_plain_files.ts";

const { positions, faces } = strip(20);

function header(format: string, extra: string[] = []): string {
  return [
    "ply",
    `format ${format} 1.0`,
    "comment made by a test",
    `element vertex ${positions.length}`,
    "property float x",
    "property float y",
    "property double z",
    ...extra,
    `element face ${faces.length}`,
    "property list uchar int vertex_indices",
    "end_header\n",
  ].join("\n");
}

function ascii(): Uint8Array {
  const lines = [...positions.map((p) => p.join(" ")), ...faces.map((face) => [face.length, ...face].join(" "))];
  return new TextEncoder().encode(header("ascii") + lines.join("\n") + "\n");
}

function binary(isLittle: boolean): Uint8Array {
  const head = new TextEncoder().encode(header(isLittle ? "binary_little_endian" : "binary_big_endian"));
  const length = head.length + 16 * positions.length + faces.reduce((sum, face) => sum + 1 + 4 * face.length, 0);
  const out = new Uint8Array(length), view = new DataView(out.buffer);
  out.set(head);
  let at = head.length;
  for (const [x, y, z] of positions) {
    view.setFloat32(at, x, isLittle);
    view.setFloat32(at + 4, y, isLittle);
    view.setFloat64(at + 8, z, isLittle);
    at += 16;
  }
  for (const face of faces) {
    view.setUint8(at++, face.length);
    for (const index of face) {
      view.setInt32(at, index, isLittle);
      at += 4;
    }
  }
  return out;
}

for (
  const [name, bytes] of [["text", ascii()], ["little-endian", binary(true)], ["big-endian", binary(false)]] as const
) {
  Deno.test(`openMeshFile() reads the faces of a PLY as three.js does: ${name}`, async () => {
    const document = await open(bytes, "strip.ply");
    const geometry = new PLYLoader().parse(bytes.slice().buffer), { array } = geometry.getAttribute("position");
    const corners = [...geometry.index!.array].flatMap((v) => [array[3 * v], array[3 * v + 1], array[3 * v + 2]]);
    assertEquals(facesOf(document), sortedFaces(corners));
    assertEquals(findMesh(document).vertexCount, positions.length);
    const written = writeMesh(document, findMesh(document), {});
    await assertValid(written);
    assertEquals(facesOf(await reopen(written)), facesOf(document));
  });

  Deno.test(`openMeshFile() refuses a PLY that is cut off: ${name}`, () =>
    assertRefusedAs(bytes.slice(0, bytes.length - 9), "strip.ply", "it must hold all values it declares: it ends"));
}

Deno.test("openMeshFile() reads polygons, normals, UVs and colours of a PLY, and skips what it does not know", async () => {
  const text = `ply
format ascii 1.0
element camera 1
property list uchar float view
element vertex 5
property float32 x
property float32 y
property float32 z
property float nx
property float ny
property float nz
property uchar red
property uchar green
property uchar blue
property float quality
property float s
property float t
element face 2
property list uchar int vertex_index
property int flags
end_header
3 1 2 3
0 0 0 0 0 2 255 0 188 0.5 0 0
1 0 0 0 0 2 255 0 188 0.5 1 0
2 1 0 0 0 2 255 0 188 0.5 1 1
1 2 0 0 0 2 255 0 188 0.5 0 1
0 1 0 0 0 2 255 0 188 0.5 0 0.25
5 0 1 2 3 4 7
2 0 1 7
`;
  const document = await open(text, "flag.ply"), { header, indices, normals } = readAll(document);
  assertEquals([header.vertexCount, header.faceCount, header.hasNormals], [5, 3, true]);
  assertEquals([...indices], [0, 1, 2, 0, 2, 3, 0, 3, 4]);
  assertEquals([...normals.subarray(0, 3)], [0, 0, 1]);
  const { TEXCOORD_0, COLOR_0 } = document.json.meshes![0].primitives[0].attributes;
  assertClose(floats(document, TEXCOORD_0), [0, 1, 1, 1, 1, 0, 0, 0, 0, 0.75]);
  assertClose(floats(document, COLOR_0).subarray(0, 4), [1, 0, 0.5028865, 1]);
  await assertValid(writeMesh(document, header, {}));
});

function floats({ json, buffers }: Awaited<ReturnType<typeof open>>, accessor: number): Float32Array {
  const { bufferView, count, type } = json.accessors![accessor];
  const { byteOffset = 0 } = json.bufferViews![bufferView!];
  return new Float32Array(buffers[0].buffer, buffers[0].byteOffset + byteOffset, count * Number(type.slice(3)));
}

const small = (vertex: string, face: string, body: string) =>
  `ply\nformat ascii 1.0\nelement vertex 3\n${vertex}\nelement face 1\n${face}\nend_header\n${body}\n`;
const XYZ = "property float x\nproperty float y\nproperty float z", LIST = "property list uchar int vertex_indices";
const REFUSED: readonly [name: string, text: string, part: string][] = [
  ["a header without an end", "ply\nformat ascii 1.0\n", 'a header from "ply" to "end_header"'],
  ["an unknown format", small(XYZ, LIST, "").replace("ascii", "zip"), "its format must be ascii"],
  [
    "an unknown type",
    small(XYZ.replace("float", "half"), LIST, ""),
    "a property must have a type, a name and an element",
  ],
  [
    "more vertices than bytes",
    small(XYZ, LIST, "0 0 0").replace("vertex 3", "vertex 4000000000"),
    "its data must hold what it declares",
  ],
  [
    "elements without properties",
    small(XYZ, LIST, "0").replace("element face", "element void 99999999999\nelement face"),
    "its data must hold",
  ],
  ["no z", small(XYZ.replace("z", "w"), LIST, "0 0 0 1 0 0 0 1 0\n3 0 1 2"), "vertices with x, y and z"],
  [
    "an index past the vertices",
    small(XYZ, LIST, "0 0 0 1 0 0 0 1 0\n3 0 1 3"),
    "one of the 3 vertices: face 0 uses 3",
  ],
  ["a negative index", small(XYZ, LIST, "0 0 0 1 0 0 0 1 0\n3 0 1 -1"), "face 0 uses -1"],
  [
    "an index that is no number",
    small(XYZ, LIST, "0 0 0 1 0 0 0 1 0\n3 0 1 x"),
    "at line 11 as counts and indices must be whole numbers: one is x",
  ],
  [
    "points only",
    small(XYZ, LIST, "0 0 0 1 0 0 0 1 0\n0"),
    "a PLY must have a face: it has none; it may be a cloud of points",
  ],
];
for (const [name, text, part] of REFUSED) {
  Deno.test(`openMeshFile() refuses a PLY with ${name}`, () => assertRefusedAs(text, "bad.ply", part));
}
