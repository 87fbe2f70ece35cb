import { assertEquals, assertStringIncludes } from "@std/assert";
import { TEMPLATES } from "../../cli/new_command.ts";
import { recipeSchema } from "../../recipes/schema.ts";
import type { Option } from "../../recipes/options.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { run } from "./_in_process.ts";
import { inFolder } from "./_process.ts";

Deno.test("steps lists every step with its summary, and asks for nothing", async () => {
  const { code, stdout } = await run(["steps"]);
  assertEquals(code, 0);
  for (const { name, summary } of BUILT_IN_STEPS) {
    assertStringIncludes(stdout.replaceAll(/\s+/g, " "), `${name} ${summary}`);
  }
});

for (const step of BUILT_IN_STEPS) {
  Deno.test(`steps ${step.name} shows every mesh and option with default, range and doc`, async () => {
    const { stdout } = await run(["steps", step.name]);
    const text = stdout.replaceAll(/\s+/g, " ");
    for (const key of ["mesh", ...Object.keys(step.consults)]) assertStringIncludes(text, ` ${key} `);
    for (const [key, option] of Object.entries(step.options as Record<string, Option>)) {
      const value = option.parts !== undefined
        ? ""
        : option.default === undefined
        ? "off "
        : `${option.print(option.default)} `;
      assertStringIncludes(text, `${key} ${value}`);
      assertStringIncludes(text, `${option.doc} (${option.takes})`);
    }
    const [page] = (JSON.parse((await run(["steps", "--json"])).stdout) as { name: string }[]).filter(({ name }) =>
      name === step.name
    );
    assertEquals(JSON.parse((await run(["steps", step.name, "--json"])).stdout), page);
  });
}

Deno.test("steps, schema and new suggest what was meant", async () => {
  for (
    const [args, sentence] of [
      [["steps", "fitt"], `error: Cannot show step "fitt" as there is none of that name: did you mean "fit"?`],
      [
        ["schema", "recipes"],
        `error: Cannot print the schema of "recipes" as there are those of recipe, check, plan, inspect: did you mean "recipe"?`,
      ],
      [
        ["new", "refti"],
        `error: Cannot start from template "refti" as there is none of that name: did you mean "refit"?`,
      ],
      [
        ["new", "banana"],
        `error: Cannot start from template "banana" as there is none of that name: they are fit, refit, weights, gate`,
      ],
    ] as const
  ) {
    const { code, stdout, stderr } = await run(args);
    assertEquals([code, stdout, stderr], [2, "", sentence]);
  }
});

Deno.test("schema prints the schema of recipes, and those of reports", async () => {
  const recipe = JSON.parse(JSON.stringify(recipeSchema(BUILT_IN_STEPS)));
  assertEquals(JSON.parse((await run(["schema"])).stdout), recipe);
  assertEquals(JSON.parse((await run(["schema", "recipe"])).stdout), recipe);
  for (const name of ["check", "plan"]) {
    assertEquals(JSON.parse((await run(["schema", name])).stdout).title, `Meshtailor ${name}`);
  }
});

Deno.test("new lists templates, prints one, writes one, and replaces nothing unasked", async () => {
  const list = await run(["new"]);
  for (const name of Object.keys(TEMPLATES)) assertStringIncludes(list.stdout, name);
  assertEquals((await run(["new", "refit"])).stdout, TEMPLATES.refit.trimEnd());
  await inFolder(async (folder) => {
    const file = `${folder}/mine.yaml`;
    assertEquals((await run(["new", "weights", file])).code, 0);
    assertEquals(await Deno.readTextFile(file), TEMPLATES.weights);
    const again = await run(["new", file]);
    assertEquals([again.code, again.stderr], [
      2,
      `error: Cannot write "${file}" as it exists: name another file, or use --force`,
    ]);
    assertEquals(await Deno.readTextFile(file), TEMPLATES.weights);
    assertEquals((await run(["new", file, "--force"])).code, 0);
    assertEquals(await Deno.readTextFile(file), TEMPLATES.fit);
    const nowhere = await run(["new", "fit", `${folder}/no/where.yaml`]);
    assertEquals([nowhere.code, nowhere.stderr], [
      2,
      `error: Cannot write "${folder}/no/where.yaml" as its folder does not exist`,
    ]);
  });
});
