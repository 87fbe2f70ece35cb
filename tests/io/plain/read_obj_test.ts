import { assert, assertEquals } from "@std/assert";
import type { BufferGeometry } from "three";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { findMesh, writeMesh } from "../../../io/mod.ts";
import { assertClose, assertValid, readAll, reopen } from "../gltf/_reading.ts";
import { assertRefusedAs, facesOf, open, sortedFaces, strip } from "./_plain_files.ts";
import { threadMs } from "../../_thread_clock.ts";

const TWO_BOXES = `# two objects, three materials
mtllib cloth.mtl
o left sleeve
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
vn 0 0 2
usemtl wool
s off
f 1/1/1 2/2/1 3/3/1 4/4/1
usemtl silk
f 1/2/1 3/1/1 4/4/1
o right
v 0 0 1
v 1 0 1
v 1 1 1
usemtl wool
f -3 -2 -1
l 1 2
`;

Deno.test("openMeshFile() reads objects, materials, polygons, UVs and normals of an OBJ", async () => {
  const document = await open(TWO_BOXES, "a/coat.obj"), { json } = document;
  assertEquals(json.nodes!.map(({ name }) => name), ["left sleeve", "right"]);
  assertEquals(json.materials!.map(({ name }) => name), ["wool", "silk"]);
  assertEquals(json.meshes!.map(({ primitives }) => primitives.map(({ material }) => material)), [[0, 1], [0]]);
  const { header, positions, indices, normals } = readAll(document, { node: "left sleeve", material: "wool" });
  assertEquals([header.vertexCount, header.faceCount, header.hasNormals], [4, 2, true]);
  assertEquals([...indices], [0, 1, 2, 0, 2, 3]);
  assertEquals([...positions.subarray(6, 9)], [1, 1, 0]);
  assertEquals([...normals.subarray(0, 3)], [0, 0, 1]);
  const uvs = new Float32Array(
    document.buffers[0].buffer,
    document.buffers[0].byteOffset + json.bufferViews![2].byteOffset!,
    8,
  );
  assertEquals([...uvs], [0, 1, 1, 1, 1, 0, 0, 0]);
  assertEquals(findMesh(document, { material: "silk" }).faceCount, 1);
  await assertValid(writeMesh(document, header, {}));
});

Deno.test("openMeshFile() makes a vertex of an OBJ for each UV of a position, and no more", async () => {
  const { header } = readAll(await open(TWO_BOXES.replace("usemtl silk\n", ""), "a.obj"), { node: "left sleeve" });
  assertEquals([header.vertexCount, header.faceCount], [6, 3]);
});

for (const seams of [false, true]) {
  Deno.test(`openMeshFile() reads the faces of an OBJ as three.js does, ${seams ? "with" : "without"} normals`, async () => {
    const { positions, faces } = strip(20);
    const lines = [
      ...positions.map((p) => `v ${p.join(" ")}`),
      ...(seams ? ["vn 0 1 0"] : []),
      ...faces.map((face) => `f ${face.map((v) => seams ? `${v + 1}//1` : v + 1).join(" ")}`),
    ];
    const document = await open(lines.join("\r\n"), "strip.obj");
    const [mesh] = new OBJLoader().parse(lines.join("\n")).children as unknown as { geometry: BufferGeometry }[];
    assertEquals(facesOf(document), sortedFaces(mesh.geometry.getAttribute("position").array));
    // three.js makes three vertices of every face; ours stay joined.
    assertEquals(findMesh(document).vertexCount, positions.length);
  });
}

Deno.test("openMeshFile() reads colours of an OBJ as linear ones and keeps far coordinates exact", async () => {
  const text = "v 7000.25 0 0.125 1 0.5 0\nv 7000.5 0 0.125 1 0.5 0\nv 7000.25 0.0001 0.125 1 0.5 0\nf 1 2 3\n";
  const document = await open(text, "far.obj"), { accessors, meshes, nodes } = document.json;
  assertEquals(nodes![0].translation, [7000, 0, 0]);
  const { header, positions } = readAll(document, {}, { origin: [7000, 0, 0] });
  assertEquals([...positions], [...Float32Array.of(0.25, 0, 0.125, 0.5, 0, 0.125, 0.25, 0.0001, 0.125)]);
  assertEquals(accessors![meshes![0].primitives[0].attributes.COLOR_0].type, "VEC4");
  const bytes = writeMesh(document, header, {}), { array } = colors(await reopen(bytes));
  await assertValid(bytes);
  assertClose(array.subarray(0, 4), [1, 0.2140411, 0, 1]);
});

function colors({ json, buffers }: Awaited<ReturnType<typeof reopen>>): { array: Float32Array } {
  const { bufferView, count } = json.accessors![json.meshes![0].primitives[0].attributes.COLOR_0];
  const { byteOffset = 0 } = json.bufferViews![bufferView!];
  return { array: new Float32Array(buffers[0].buffer, buffers[0].byteOffset + byteOffset, 4 * count) };
}

const REFUSED: readonly [name: string, text: string, part: string][] = [
  [
    "a vertex that is not there",
    "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n",
    'at line 4 as a face must use one of the 3 vertices before it: it uses "4"',
  ],
  ["index 0", "v 0 0 0\nf 0 1 1\n", "at line 2"],
  ["an index too far back", "v 0 0 0\nf -1 -2 -1\n", 'it uses "-2"'],
  ["a UV that is not there", "v 0 0 0\nf 1/1 1/1 1/1\n", "one of the 0 UVs before it"],
  ["a face of two corners", "v 0 0 0\nf 1 1\n", "a face must have 3 corners at least: it has 2"],
  ["a vertex of two numbers", "v 0 0\nf 1 1 1\n", "it must have 3 numbers: it has 2"],
  ["a decimal comma", "v 0,5 0 0\nf 1 1 1\n", 'it must have numbers: it has "0,5"'],
  ["no face", "v 0 0 0\n", "an OBJ must have a face (f): it has none"],
  ["nothing", "", "an OBJ must have a face"],
  ["bytes", "v 0\u0000", "an OBJ must be text"],
  [
    "a vertex that is no number in a face",
    "v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n",
    "every vertex a face uses must be finite",
  ],
];
for (const [name, text, part] of REFUSED) {
  Deno.test(`openMeshFile() refuses an OBJ with ${name}`, () => assertRefusedAs(text, "bad.obj", part));
}

Deno.test("openMeshFile() passes over vertices of an OBJ that no face uses, finite or not, and normals that are none", async () => {
  const text = "v 0 0 0\nv nan 1e999 0\nv 1 0 0\nv 0 1 0\nvn 0 0 0\nf 1//1 3//1 4//1\n";
  const { header } = readAll(await open(text, "a.obj"));
  assertEquals([header.vertexCount, header.hasNormals, header.nonFiniteVertexCount], [3, false, 0]);
});

Deno.test("openMeshFile() reads an OBJ of 6000 objects in linear time", async () => {
  const triangle = (i: number) => `o part ${i}\nusemtl m${i % 3000}\nv ${i} 0 0\nv ${i} 1 0\nv ${i} 0 1\nf -3 -2 -1\n`;
  const started = threadMs();
  const document = await open(Array.from({ length: 6000 }, (_, i) => triangle(i)).join(""), "many.obj");
  assertEquals([document.json.meshes!.length, document.json.materials!.length], [6000, 3000]);
  assert(threadMs() - started < 5000, `took ${threadMs() - started} ms`);
});

Deno.test("openMeshFile() joins a line of an OBJ that ends in a backslash with the next, and counts both", async () => {
  const text = "v 0 0 0\nv 1 0 \\\n  0\nv 0 1 0\nf 1 2 \\\r\n3\n";
  assertEquals(facesOf(await open(text, "a.obj")), [[0, 0, 0, 1, 0, 0, 0, 1, 0]]);
  await assertRefusedAs(text + "f 1 2 9\n", "a.obj", "at line 7 ");
});
