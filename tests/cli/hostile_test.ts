// What the command line does with recipe files that mean harm: bytes, sizes and links rather than words.
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { RECIPE } from "./_in_process.ts";
import { filesIn, inFolder, meshtailor } from "./_process.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const MAIN = new URL("../../cli/main.ts", import.meta.url).href;

/** A program that checks a recipe and then says how much time of a processor that took, which no other program makes longer, and how much memory it has. */
const WATCHED = `import process from "node:process";
import { main } from ${JSON.stringify(MAIN)};
const before = process.cpuUsage(), lines: string[] = [];
const code = await main(["check", "recipe.yaml"], { print: (line) => lines.push(line), fault: (line) => lines.push(line) });
const { user, system } = process.cpuUsage(before), ms = (user + system) / 1000;
console.log(JSON.stringify({ code, ms, rss: Deno.memoryUsage().rss, said: lines.join("\\n") }));
`;

/** Checks a file of these bytes. */
async function watched(bytes: Uint8Array): Promise<{ code: number; ms: number; rss: number; said: string }> {
  let out = "";
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/recipe.yaml`, bytes);
    await Deno.writeTextFile(`${folder}/watched.ts`, WATCHED);
    const args = ["run", "--no-prompt", "-R", `--config=${CONFIG}`, `${folder}/watched.ts`];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder, stdin: "null" }).output();
    out = new TextDecoder().decode(stdout);
    assert(out !== "", new TextDecoder().decode(stderr));
  });
  return JSON.parse(out);
}

const text = (what: string) => new TextEncoder().encode(what);
const UTF16 = new Uint8Array(Uint16Array.from([0xfeff, ...[...RECIPE].map((c) => c.charCodeAt(0))]).buffer);
const BOMB = [..."abcdefghijkl"].map((name, i, all) =>
  `${name}: &${name} [${Array(9).fill(i === 0 ? "x" : `*${all[i - 1]}`)}]`
);

for (
  const [what, bytes, says] of [
    [
      "50 MB of text",
      new Uint8Array(50_000_000).fill(0x61),
      "error[file-too-large]: A recipe is at most 1 MiB of text",
    ],
    ["50 MB of nothing", new Uint8Array(50_000_000), "error[file-too-large]"],
    ["1 MB of brackets", text("a: " + "[".repeat(1_000_000)), "error[too-deep]"],
    ["1 MB of lines", text("version: 1\n" + "a: b\n".repeat(200_000)), "error["],
    ["an alias bomb", text(BOMB.join("\n")), "error[too-many-values]"],
    ["UTF-16", UTF16, "error[not-text]: A recipe is UTF-8 text: this file looks like UTF-16"],
    [
      "Latin-1",
      Uint8Array.from([...RECIPE.replace("Air", "L\u00fcft")].map((c) => c.charCodeAt(0))),
      "error[not-text]: A recipe is UTF-8 text: this character",
    ],
    ["a mesh file", text("glTF\u0002\0\0\0"), "error[not-text]"],
    ["nothing", new Uint8Array(0), "error[empty-recipe]"],
  ] as const
) {
  Deno.test(`check of a file that is ${what} ends with 2 within a second and 200 MB`, async () => {
    const { code, ms, rss, said } = await watched(bytes);
    assertEquals(code, 2, said);
    assertStringIncludes(said, says);
    assert(ms > 0);
    assertLess(ms, 1000);
    assertLess(rss, 200e6);
  });
}

Deno.test({
  name: "a recipe may be a link, and reads inputs through links; what it writes stays in its folder",
  ignore: Deno.build.os === "windows", // links ask for rights there
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/elsewhere`);
      await Deno.mkdir(`${folder}/here`);
      await Deno.writeTextFile(
        `${folder}/elsewhere/real.yaml`,
        "version: 1\ninputs: { a: a.glb }\nsteps: []\noutputs: { o: { mesh: a, file: out/a.glb } }\n",
      );
      await Deno.copyFile(
        new URL("../../recipes/library/meshes/cuirass.glb", import.meta.url),
        `${folder}/elsewhere/a.glb`,
      );
      await Deno.symlink("../elsewhere/real.yaml", `${folder}/here/recipe.yaml`);
      await Deno.symlink("../elsewhere/a.glb", `${folder}/here/a.glb`);
      const ran = await meshtailor(["recipe.yaml", "--quiet"], [`-R=${folder}`, `-W=${folder}/here`], `${folder}/here`);
      assertEquals([ran.code, ran.stderr], [0, ""]);
      await Deno.remove(`${folder}/here/out`, { recursive: true });
      await Deno.symlink("../elsewhere", `${folder}/here/out`);
      const refused = await meshtailor(["recipe.yaml", "--quiet"], ["-RW"], `${folder}/here`);
      assertEquals(refused.code, 2);
      assertStringIncludes(refused.stderr, "through a link");
      assertEquals(await filesIn(`${folder}/elsewhere`), ["a.glb", "real.yaml"]);
    }),
});

Deno.test("without any permission, every verb that needs a file says which, and asks nobody", async () => {
  for (
    const args of [["recipe.yaml"], ["check", "recipe.yaml"], ["plan", "recipe.yaml"], ["recipe.yaml", "--help"], [
      "inspect",
      "a.glb",
    ]]
  ) {
    const { code, stdout, stderr } = await meshtailor(args, []);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], args.join(" "));
    assertStringIncludes(stderr, "without permission: run again with --allow-read");
  }
});
