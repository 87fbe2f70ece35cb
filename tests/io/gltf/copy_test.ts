import type { Document } from "@gltf-transform/core";
import { assert, assertEquals } from "@std/assert";
import { findMesh, openGltf, writeMesh } from "../../../io/mod.ts";
import { transformIO } from "./_compress.ts";
import { DATA, dirtyCases, hasData, samplesIn } from "./_data.ts";
import { exported } from "./_mutants.ts";
import { reopen } from "./_reading.ts";

const LIBRARY = new URL("../../../recipes/library/meshes/", import.meta.url);

/** Everything glTF-Transform finds in a file, as plain data. */
function contentOf(document: Document): unknown {
  const root = document.getRoot();
  return {
    accessors: root.listAccessors().map((
      accessor,
    ) => [accessor.getName(), accessor.getType(), [...accessor.getArray()!]]),
    meshes: root.listMeshes().map((mesh) => [
      mesh.getName(),
      mesh.getExtras(),
      mesh.listPrimitives().map((primitive) => [
        primitive.listSemantics(),
        primitive.listAttributes().map((accessor) => root.listAccessors().indexOf(accessor)),
        primitive.listTargets().length,
        primitive.getMaterial()?.getName(),
      ]),
    ]),
    nodes: root.listNodes().map((
      node,
    ) => [node.getName(), node.getMatrix(), node.getMesh()?.getName(), node.getExtras()]),
    skins: root.listSkins().map((skin) => skin.listJoints().map((joint) => joint.getName())),
    materials: root.listMaterials().map((material) => [material.getName(), material.getBaseColorFactor()]),
    textures: root.listTextures().map((texture) => [...texture.getImage() ?? []]),
    animations: root.listAnimations().map((animation) => [animation.getName(), animation.listChannels().length]),
  };
}

/** Copies a file and has glTF-Transform compare the two. */
async function assertCopied(bytes: Uint8Array, url: URL): Promise<void> {
  const path = url.pathname, readUri = (uri: string) => Deno.readFile(new URL(uri, url));
  const document = await openGltf(bytes, { path, readUri });
  const written = writeMesh(document, findMesh(document), {}, { format: document.container });
  if (document.container === "glb") return assertEquals(written, bytes);
  const io = await transformIO(), copy = await reopen(written);
  const read = (json: unknown, buffers: readonly Uint8Array[]) => {
    const glTF = structuredClone(json) as { buffers: { uri?: string }[] };
    const resources = Object.fromEntries(buffers.map((buffer, i) => [`${i}.bin`, buffer as Uint8Array<ArrayBuffer>]));
    glTF.buffers.forEach((buffer, i) => buffer.uri = `${i}.bin`);
    return io.readJSON({ json: glTF as never, resources });
  };
  assertEquals(contentOf(await read(copy.json, copy.buffers)), contentOf(await read(document.json, document.buffers)));
}

const samples = [
  ...samplesIn("bodies"),
  ...samplesIn("garments"),
  ...samplesIn("truth"),
  // Those that are not legal are repaired on the way.
  ...dirtyCases.filter(({ expect, garment }) =>
    expect !== "reject-with-message" && !/nan_|inf_|cycle|undeclared/.test(garment)
  )
    .map(({ garment }) => garment),
];
Deno.test({
  name: `writeMesh() copies all ${samples.length} usable sample files as they are`,
  ignore: !hasData,
  fn: async () => {
    for (const path of samples) {
      const url = new URL(path, DATA);
      await assertCopied(await Deno.readFile(url), url).catch((cause) => {
        throw new TypeError(`${path} must be copied: ${cause}`, { cause });
      });
    }
  },
});

Deno.test("writeMesh() copies the meshes of the library as they are", async () => {
  const names = [...Deno.readDirSync(LIBRARY)].map(({ name }) => name).filter((name) => name.endsWith(".glb"));
  assert(names.length > 0);
  for (const name of names) await assertCopied(await Deno.readFile(new URL(name, LIBRARY)), new URL(name, LIBRARY));
});

Deno.test("writeMesh() copies a file with unknown extensions and extras everywhere as it is", async () => {
  const b = exported();
  b.glb();
  const everywhere = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const member of Object.values(value)) everywhere(member);
    // Maps of names to numbers take no other keys.
    if (Array.isArray(value) || Object.values(value).every((member) => typeof member === "number")) return;
    if ("attributes" in value || "name" in value || "uri" in value) {
      Object.assign(value, {
        extras: { note: ["α", -0, 1e-7] },
        extensions: { ...(value as { extensions?: object }).extensions, ACME_glow: { on: true } },
      });
    }
  };
  everywhere(b.json);
  b.json.extensionsUsed.push("ACME_glow");
  const bytes = b.glb();
  await assertCopied(bytes, new URL("file:///a.glb"));
  const document = await openGltf(bytes, { path: "a.glb" }), { meshes } = document.json;
  assertEquals(meshes![0].extensions, { ACME_glow: { on: true } });
});
