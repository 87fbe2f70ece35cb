import type { Document, Material, Node } from "@gltf-transform/core";
import { assert, assertEquals } from "@std/assert";
import { findMesh, openGltf, writeMesh, writeMeshes } from "../../../io/mod.ts";
import { allExtensions } from "./_all_extensions.ts";
import { transformIO } from "./_compress.ts";
import { readAll, reopen } from "./_reading.ts";

/** What of a node glTF-Transform compares: everything but the mesh, which changed. */
const NOT_COMPARED = new Set(["mesh", "skin"]);

/** Asserts that a second reader finds all that hangs on materials and nodes as it was. */
async function assertSameExtras(before: Uint8Array, after: Uint8Array): Promise<void> {
  const io = await transformIO(), read = (bytes: Uint8Array) => io.readBinary(bytes as Uint8Array<ArrayBuffer>);
  const [a, b] = [await read(before), await read(after)];
  const named = <T extends { getName(): string }>(list: T[], name: string) =>
    list.find((one) => one.getName() === name)!;
  const pairs = (of: (document: Document) => (Material | Node)[]) =>
    of(a).map((one) => [one, named(of(b), one.getName())] as const);
  for (const [one, other] of pairs((document) => document.getRoot().listMaterials())) {
    assertEquals(
      one.listExtensions().map(({ extensionName }) => extensionName),
      other.listExtensions().map((e) => e.extensionName),
    );
    assert((one as Material).equals(other as Material), `material ${one.getName()} differs`);
  }
  for (const [one, other] of pairs((document) => document.getRoot().listNodes())) {
    assert((one as Node).equals(other as Node, NOT_COMPARED), `node ${one.getName()} differs`);
  }
  const variantsOf = (document: Document) =>
    named(document.getRoot().listMeshes(), "coat").listPrimitives()[0].getExtension("KHR_materials_variants")!;
  assert(variantsOf(a).equals(variantsOf(b)), "variants differ");
}

Deno.test("writeMesh() keeps every extension we carry, in the eyes of a second reader, when the shape changes", async () => {
  const bytes = await allExtensions(), document = await openGltf(bytes, { path: "coat.glb" });
  const header = findMesh(document);
  assertEquals(writeMesh(document, header, {}), bytes);
  const positions = readAll(document).positions.map((x) => x + 1);
  const written = writeMesh(document, header, { positions });
  await assertSameExtras(bytes, written);
  assertEquals((await reopen(written)).json.extensionsUsed, document.json.extensionsUsed);
});

Deno.test("writeMeshes() takes every extension we carry into another file, in the eyes of a second reader", async () => {
  const bytes = await allExtensions(), coat = await openGltf(bytes, { path: "coat.glb" });
  const other = await openGltf(await allExtensions(" 2"), { path: "other.glb" }); // so that no index stays the same
  const [first, second] = [other, coat].map((document) => ({ document, header: findMesh(document), edits: {} }));
  const { bytes: both, left } = writeMeshes([first, second]);
  assertEquals(left, []);
  await assertSameExtras(bytes, both);
  assertEquals((await reopen(both)).json.extensionsRequired, coat.json.extensionsRequired);
});
