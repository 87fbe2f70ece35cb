import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { openGltf } from "../../io/mod.ts";
import { square } from "../io/gltf/_builder.ts";
import { assertSentence, COPY, filesOf, succeeds } from "./_files.ts";
import { type Ended, filesIn, inFolder, meshtailor } from "./_process.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);

/** Writes a square as .gltf with its buffer in `square.bin`, and a texture. */
async function writeGltf(folder: string, image = "cloth.png"): Promise<void> {
  const b = square();
  b.json.images = [{ uri: image }];
  b.glb();
  b.json.buffers = [{ byteLength: b.bytes.length, uri: "square.bin" }];
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/square.gltf`, JSON.stringify(b.json));
  await Deno.writeFile(`${folder}/square.bin`, b.bytes);
  await Deno.writeFile(`${folder}/cloth.png`, PNG);
}

/** Copies `proj/square.gltf` with the command line. */
async function copySquare(folder: string): Promise<Ended> {
  await Deno.writeTextFile(`${folder}/copy.yaml`, COPY.replace("in.glb", "proj/square.gltf"));
  return await meshtailor([`${folder}/copy.yaml`, "--out", `${folder}/out`, "--quiet"]);
}

Deno.test("a run takes buffers and images that lie beside its input along", async () => {
  await inFolder(async (folder) => {
    await writeGltf(`${folder}/proj`);
    assertEquals(await copySquare(folder), { code: 0, stdout: "", stderr: "" });
    const { json } = await openGltf(await Deno.readFile(`${folder}/out/copy.glb`), { path: "copy.glb" });
    assertEquals([json.buffers!.map(({ uri }) => uri), json.images!.map(({ uri }) => uri)], [[undefined], [undefined]]);
    assertEquals(json.images![0].mimeType, "image/png");
  });
});

Deno.test("a run refuses a buffer that is a link out of the folder of its .gltf, in one sentence", async () => {
  await inFolder(async (folder) => {
    await writeGltf(`${folder}/proj`);
    await Deno.rename(`${folder}/proj/square.bin`, `${folder}/secret.bin`);
    await Deno.symlink("../secret.bin", `${folder}/proj/square.bin`);
    const { code, stderr } = await copySquare(folder);
    assertStringIncludes(
      stderr,
      `Cannot read "${folder}/proj/square.gltf" as its "square.bin" must lie in the folder of the file that names it: ` +
        "it is a link that leads out of it",
    );
    assertEquals(code, 3);
    assertNotMatch(stderr, /\n\s+at /);
    assertEquals((await filesIn(folder)).filter((name) => name.endsWith(".glb")), []);
  });
});

Deno.test("a run leaves an image that is a link out of the folder where it is", async () => {
  await inFolder(async (folder) => {
    await writeGltf(`${folder}/proj`, "linked.png");
    await Deno.writeFile(`${folder}/secret.png`, PNG);
    await Deno.symlink("../secret.png", `${folder}/proj/linked.png`);
    assertEquals((await copySquare(folder)).code, 0);
    const { json } = await openGltf(await Deno.readFile(`${folder}/out/copy.glb`), { path: "copy.glb" });
    assertEquals(json.images, [{ uri: "linked.png" }]);
  });
});

Deno.test("readBeside() follows links that stay in the folder, and into it by a folder that is a link itself", async () => {
  await inFolder(async (folder) => {
    await writeGltf(`${folder}/proj`);
    await Deno.symlink("square.bin", `${folder}/proj/alias.bin`);
    await Deno.symlink(`${folder}/proj`, `${folder}/elsewhere`);
    const io = filesOf(folder), plain = await Deno.readFile(`${folder}/proj/square.bin`);
    assertEquals(await io.readBeside(`${folder}/proj/square.gltf`, "alias.bin"), plain);
    assertEquals(await io.readBeside(`${folder}/elsewhere/square.gltf`, "square.bin"), plain);
    await Deno.symlink(folder, `${folder}/proj/up`);
    await Deno.writeFile(`${folder}/secret.bin`, plain);
    await assertSentence(
      "InputFileError",
      `Cannot read "${folder}/proj/square.gltf" as its "up/secret.bin" must lie in the folder of the file that names it: ` +
        "it is a link that leads out of it",
      () => io.readBeside(`${folder}/proj/square.gltf`, "up/secret.bin"),
    );
  });
});

Deno.test("read() says in one sentence why a file cannot be read", async () => {
  await inFolder(async (folder) => {
    const io = filesOf(folder), cannot = (name: string, why: string) => `Cannot read "${folder}/${name}" as ${why}`;
    await Deno.writeTextFile(`${folder}/text`, "text");
    await Deno.symlink("loop", `${folder}/loop`);
    const faults: [string, string][] = [
      ["gone.glb", "there is no such file"],
      [".", "it is a folder"],
      ["text/a.glb", '"text" is no folder'],
      ["loop", "its links lead in a circle"],
    ];
    if (await succeeds("mkfifo", `${folder}/pipe`)) faults.push(["pipe", "it is no regular file"]);
    for (const [name, why] of faults) {
      await assertSentence("InputFileError", cannot(name, why), () => io.read(`${folder}/${name}`));
    }
    await assertSentence(
      "RecipeError",
      `Cannot read the recipe "${folder}/gone.yaml" as there is no such file`,
      () => io.readRecipe(`${folder}/gone.yaml`),
    );
    assertEquals(new TextDecoder().decode(await io.read(`${folder}/text`)), "text");
  });
});
