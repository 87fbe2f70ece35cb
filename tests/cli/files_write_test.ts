import { assert, assertEquals, assertRejects } from "@std/assert";
import { isOurs } from "../../cli/_is_ours.ts";
import { packGlb } from "../io/gltf/_builder.ts";
import { assertSentence, canCloseFolders, canMount, filesOf, onDisk, succeeds, writeAs } from "./_files.ts";
import { filesIn, inFolder } from "./_process.ts";

const OURS = packGlb('{"asset":{"version":"2.0","extras":{"meshtailor":{}}}}'), MINE = Uint8Array.of(1, 2, 3);

const cannot = (path: string, why: string, help = "name another file, or use --force") =>
  `Cannot write "${path}" as ${why}: ${help}`;

Deno.test("write() makes folders and files, and says where they went", async () => {
  await inFolder(async (folder) => {
    const io = filesOf(`${folder}/build`), written = await writeAs(io, { "a.glb": OURS, "b/c/d.glb": MINE });
    assertEquals([...written.values()], [`${folder}/build/a.glb`, `${folder}/build/b/c/d.glb`]);
    assertEquals(await filesIn(folder), ["build/a.glb", "build/b/c/d.glb"]);
    assertEquals(await Deno.readFile(`${folder}/build/b/c/d.glb`), MINE);
    const { mode } = await Deno.stat(`${folder}/build/a.glb`);
    if (mode !== null) assertEquals(mode & 0o600, 0o600);
  });
});

Deno.test("write() replaces what Meshtailor wrote and keeps its permissions, and nothing else without force", async () => {
  await inFolder(async (folder) => {
    const io = filesOf(folder);
    await writeAs(io, { "a.glb": OURS });
    if (Deno.build.os !== "windows") await Deno.chmod(`${folder}/a.glb`, 0o600);
    await writeAs(io, { "a.glb": MINE });
    assertEquals(await Deno.readFile(`${folder}/a.glb`), MINE);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(`${folder}/a.glb`)).mode! & 0o777, 0o600);
    const sentence = cannot(`${folder}/a.glb`, "a file that Meshtailor did not write is there");
    await assertSentence("OutputError", sentence, () => writeAs(io, { "b.glb": OURS, "a.glb": OURS }));
    assertEquals(await filesIn(folder), ["a.glb"]);
    await writeAs(filesOf(folder, { force: true }), { "a.glb": OURS });
    assertEquals(await Deno.readFile(`${folder}/a.glb`), OURS);
  });
});

Deno.test("write() replaces no input, however it is named, without force", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.glb`, OURS);
    await Deno.symlink(folder, `${folder}/link`);
    const io = filesOf(`${folder}/link`);
    await io.read(`${folder}/a.glb`);
    const sentence = cannot(`${folder}/link/a.glb`, "it is an input of this recipe");
    await assertSentence("OutputError", sentence, () => writeAs(io, { "a.glb": MINE }));
    const forced = filesOf(folder, { force: true });
    await forced.read(`${folder}/a.glb`);
    await writeAs(forced, { "a.glb": MINE });
    assertEquals(await Deno.readFile(`${folder}/a.glb`), MINE);
  });
});

Deno.test("write() follows no link out of the output folder, unless it leads to the root", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/out`);
    await Deno.mkdir(`${folder}/other`);
    await Deno.symlink("../other", `${folder}/out/way`);
    const sentence = cannot(
      `${folder}/out/way/a.glb`,
      `it leads out of "${folder}/out" through a link`,
      "name another folder with --out",
    );
    await assertSentence("OutputError", sentence, () => writeAs(filesOf(`${folder}/out`), { "way/a.glb": OURS }));
    await assertSentence(
      "OutputError",
      sentence,
      () => writeAs(filesOf(`${folder}/out`, { force: true }), { "way/a.glb": OURS }),
    );
    const { message } = await assertRejects(() =>
      writeAs(filesOf(`${folder}/out`), { [`${folder}/a.glb`]: OURS })
    ) as Error;
    assert(message.includes("it leads out of"), message);
    assertEquals(await filesIn(`${folder}/other`), []);
    await writeAs(filesOf(`${folder}/out`, { root: folder }), { "way/a.glb": OURS });
    assertEquals(await filesIn(`${folder}/other`), ["a.glb"]);
  });
});

Deno.test("write() replaces a link only with force, and then the link itself", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/out`);
    await Deno.writeFile(`${folder}/target.glb`, OURS);
    await Deno.symlink("../target.glb", `${folder}/out/a.glb`);
    await Deno.symlink("../nowhere.glb", `${folder}/out/b.glb`);
    for (const name of ["a.glb", "b.glb"]) {
      const sentence = cannot(`${folder}/out/${name}`, "a link to another file is there");
      await assertSentence("OutputError", sentence, () => writeAs(filesOf(`${folder}/out`), { [name]: MINE }));
    }
    await writeAs(filesOf(`${folder}/out`, { force: true }), { "a.glb": MINE, "b.glb": MINE });
    assertEquals(await Deno.readFile(`${folder}/target.glb`), OURS);
    assertEquals(await filesIn(folder), ["out/a.glb", "out/b.glb", "target.glb"]);
    assert((await Deno.lstat(`${folder}/out/a.glb`)).isFile);
  });
});

Deno.test("write() refuses folders, pipes, two names of one file, and ways through a file", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a.glb`);
    await Deno.writeFile(`${folder}/file`, MINE);
    const io = filesOf(folder, { force: true }),
      refuse = (sentence: string, files: Record<string, Uint8Array>) =>
        assertSentence("OutputError", sentence, () => writeAs(io, files));
    await refuse(`Cannot write "${folder}/a.glb" as it is a folder`, { "a.glb": OURS });
    await refuse(`Cannot write "${folder}/file/b.glb" as "${folder}/file" is a file, not a folder`, {
      "file/b.glb": OURS,
    });
    await refuse(
      `Cannot write "${folder}/./c.glb" as "${folder}/c.glb" is the same file: give each output one of its own`,
      { "c.glb": OURS, "./c.glb": OURS },
    );
    if (await succeeds("mkfifo", `${folder}/p.glb`)) {
      await refuse(`Cannot write "${folder}/p.glb" as it is no regular file`, { "p.glb": OURS });
    }
    const { message } = await assertRejects(() => writeAs(io, { [`${"n".repeat(300)}.glb`]: OURS })) as Error;
    assert(message.includes("its name is too long"), message);
    assertEquals((await filesIn(folder)).filter((name) => !name.startsWith("p.")), ["file"]);
  });
});

Deno.test({
  name: "write() says that a folder is closed to it",
  ignore: !canCloseFolders,
  fn: async () => {
    await inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/out`, { mode: 0o500 });
      const sentence = cannot(`${folder}/out/a.glb`, "the system does not allow it", "name another folder with --out");
      await assertSentence("OutputError", sentence, () => writeAs(filesOf(`${folder}/out`), { "a.glb": OURS }));
    });
  },
});

Deno.test({
  name: "write() says that a disk is full, leaves the old files whole and nothing behind",
  ignore: !canMount,
  fn: async () => {
    await onDisk("size=64k", async (folder) => {
      const io = filesOf(folder);
      await writeAs(io, { "a.glb": OURS });
      const sentence = cannot(`${folder}/b.glb`, "the disk is full", "name another folder with --out");
      const files = { "a.glb": MINE, "b.glb": new Uint8Array(100_000) };
      await assertSentence("OutputError", sentence, () => writeAs(io, files));
      assertEquals(await filesIn(folder), ["a.glb"]);
      assertEquals(await Deno.readFile(`${folder}/a.glb`), OURS);
    });
  },
});

Deno.test({
  name: "write() says that a disk is read-only, before any work",
  ignore: !canMount,
  fn: async () => {
    await onDisk("size=64k,ro", async (folder) => {
      const sentence = cannot(`${folder}/a.glb`, "the disk is read-only", "name another folder with --out");
      await assertSentence("OutputError", sentence, () => filesOf(folder).assertWritable!(["a.glb"]));
    });
  },
});

Deno.test("write() removes what a killed process left behind, and nothing that is still being written", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/.meshtailor-0123.tmp`, MINE);
    await Deno.writeFile(`${folder}/.meshtailor-mine.txt`, MINE);
    await Deno.writeFile(`${folder}/.meshtailor-4567.tmp`, MINE);
    using busy = await Deno.open(`${folder}/.meshtailor-4567.tmp`, { write: true });
    await busy.lock(true);
    await writeAs(filesOf(folder), { "a.glb": OURS });
    assertEquals(await filesIn(folder), [".meshtailor-4567.tmp", ".meshtailor-mine.txt", "a.glb"]);
  });
});

Deno.test("two processes' worth of writes to one folder at once all end whole", async () => {
  await inFolder(async (folder) => {
    const io = filesOf(folder, { force: true });
    const writes = Array.from({ length: 12 }, (_, i) => {
      const bytes = new Uint8Array(50_000).fill(i);
      return io.write(new Map([["same.glb", bytes], [`own${i}.glb`, bytes]]));
    });
    await Promise.all(writes);
    const same = await Deno.readFile(`${folder}/same.glb`);
    assert(same.length === 50_000 && same.every((byte) => byte === same[0]));
    assertEquals((await filesIn(folder)).length, 13);
  });
});

Deno.test("isOurs() knows our own .glb and .gltf, whatever their size, and no other file", async () => {
  await inFolder(async (folder) => {
    const text = (extras: unknown) =>
      JSON.stringify({ buffers: [{ uri: "A".repeat(200_000) }], asset: { version: "2.0", extras } });
    const files: [string, Uint8Array, boolean][] = [
      ["a.glb", OURS, true],
      ["b.glb", packGlb(text({ meshtailor: { version: "1" } })), true],
      ["c.gltf", new TextEncoder().encode(text({ meshtailor: { version: "1" } })), true],
      ["d.glb", packGlb(text({ other: 1 })), false],
      ["e.gltf", new TextEncoder().encode(text({ other: 1 })), false],
      ["f.glb", OURS.slice(0, 30), false],
      ["g.gltf", new TextEncoder().encode('not JSON "meshtailor":{"version":'), false],
      ["h.glb", new Uint8Array(0), false],
    ];
    for (const [name, bytes, expected] of files) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
      assertEquals([name, await isOurs(`${folder}/${name}`)], [name, expected]);
    }
  });
});
