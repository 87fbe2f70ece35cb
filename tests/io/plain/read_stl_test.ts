import { assert, assertEquals } from "@std/assert";
import { STLLoader } from "three/addons/loaders/STLLoader.js";
import { findMesh, writeMesh } from "../../../io/mod.ts";
import { assertValid } from "../gltf/_reading.ts";
import { packGlb } from "../gltf/_builder.ts";
import { assertRefusedAs, facesOf, open, sortedFaces, strip } from "./_plain_files.ts";
import { threadMs } from "../../_thread_clock.ts";

const { positions, faces } = strip(20);
const triangles = faces.flatMap((face) => face.slice(2).map((_, k) => [face[0], face[k + 1], face[k + 2]]));

function text(): Uint8Array {
  const facets = triangles.map((triangle) =>
    `facet normal 0 0 1\n outer loop\n${
      triangle.map((v) => `  vertex ${positions[v].join(" ")}\n`).join("")
    } endloop\nendfacet\n`
  );
  return new TextEncoder().encode(`solid strip\n${facets.join("")}endsolid strip\n`);
}

function binary(title = "made by a test"): Uint8Array {
  const out = new Uint8Array(84 + 50 * triangles.length), view = new DataView(out.buffer);
  out.set(new TextEncoder().encode(title));
  view.setUint32(80, triangles.length, true);
  triangles.forEach((triangle, f) =>
    triangle.forEach((v, k) =>
      positions[v].forEach((value, c) => view.setFloat32(96 + 50 * f + 12 * k + 4 * c, value, true))
    )
  );
  return out;
}

for (
  const [name, bytes] of [["text", text()], ["binary", binary()], [
    "binary that says solid",
    binary("solid x"),
  ]] as const
) {
  Deno.test(`openMeshFile() reads the faces of an STL as three.js does and joins equal corners: ${name}`, async () => {
    const document = await open(bytes, "strip.stl"), header = findMesh(document);
    const geometry = new STLLoader().parse(bytes.slice().buffer);
    assertEquals(facesOf(document), sortedFaces(geometry.getAttribute("position").array));
    assertEquals([header.vertexCount, header.faceCount, header.hasNormals], [
      positions.length,
      triangles.length,
      false,
    ]);
    await assertValid(writeMesh(document, header, {}));
  });
}

const BROKEN = new TextEncoder().encode(
  "solid a\nfacet normal 0 0 1\nvertex 0 0 0\nvertex 1 0 0\nendfacet\nendsolid\n",
);
const REFUSED: readonly [name: string, bytes: Uint8Array, part: string][] = [
  [
    "a cut",
    binary().slice(0, 500),
    `its ${triangles.length} triangles take ${84 + 50 * triangles.length} bytes: it has 500`,
  ],
  ["a count that lies", Uint8Array.from({ length: 200 }, () => 0xee), "it is cut off or no STL"],
  ["ten bytes", new Uint8Array(10), 'an STL must start with "solid" or a header of 84 bytes'],
  ["no triangle", new Uint8Array(84), "an STL must have a triangle"],
  ["a facet of two corners", BROKEN, "at line 5 as a facet must have 3 vertices: it has 2"],
  ["text that is cut off", text().slice(0, 60), 'a facet must end with "endfacet"'],
];
for (const [name, bytes, part] of REFUSED) {
  Deno.test(`openMeshFile() refuses an STL with ${name}`, () => assertRefusedAs(bytes, "bad.stl", part));
}

Deno.test("openMeshFile() reads a text of a million words that never end a solid in linear time", async () => {
  const started = threadMs();
  await assertRefusedAs("solid ".repeat(1_000_000), "bad.stl", "an STL must have a triangle");
  assert(threadMs() - started < 3000, `took ${threadMs() - started} ms`);
});

Deno.test("openMeshFile() goes by the ending, and by the content where the ending says nothing", async () => {
  for (const name of ["a.stl", "b.STL", "c", "d.part"]) {
    assertEquals(findMesh(await open(binary(), name)).faceCount, triangles.length);
  }
  assertEquals(findMesh(await open(text(), "mesh")).faceCount, triangles.length);
  assertEquals(findMesh(await open("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3", "folder.glb/a.OBJ")).faceCount, 1);
  await assertRefusedAs("v 0 0 0\nf 1 1 1\n", "a.glb", "it must be binary glTF");
  await assertRefusedAs(
    packGlb('{"asset":{"version":"2.0"}}'),
    "a.stl",
    "a .stl must be STL: it is binary glTF; name it .glb",
  );
});
