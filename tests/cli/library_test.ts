// The recipes that ship run on the meshes that ship, and say how.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { BUILT_IN_STEPS, parseRecipe } from "../../recipes/mod.ts";
import { filesIn, inFolder, meshtailor } from "./_process.ts";

const LIBRARY = new URL("../../recipes/library/", import.meta.url);
const names = [...Deno.readDirSync(LIBRARY)].map(({ name }) => name).filter((name) => name.endsWith(".yaml")).sort();

for (const name of names) {
  Deno.test(`recipes/library/${name} runs as its comment says, and writes what it names`, async () => {
    const text = await Deno.readTextFile(new URL(name, LIBRARY));
    const { recipe } = await parseRecipe(text, { path: name, steps: BUILT_IN_STEPS });
    assert(recipe !== undefined && recipe.description !== "" && recipe.name === name.replace(".yaml", ""));
    const command = /^# {3}deno run -RW cli\.ts recipes\/library\/(.*)$/m.exec(text)?.[1].split(" ");
    assertEquals(command?.[0], name);
    await inFolder(async (folder) => {
      const path = new URL(name, LIBRARY).pathname;
      const { code, stderr } = await meshtailor([path, ...command!.slice(1), "--out", folder, "--quiet"]);
      assertEquals([code, stderr], [0, ""]);
      assertEquals(await filesIn(folder), recipe.outputs.map(({ file }) => file).sort());
    });
  });
}

Deno.test("docs/language.md and README.md name every recipe of the library", async () => {
  const pages = await Promise.all(
    ["docs/language.md", "README.md"].map((page) => Deno.readTextFile(new URL(`../../${page}`, import.meta.url))),
  );
  for (const name of names) assertStringIncludes(pages.join("\n"), `recipes/library/${name}`);
});
