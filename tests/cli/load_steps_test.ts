import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { FILES, RECIPE, run } from "./_in_process.ts";
import { filesIn, inFolder, meshtailor } from "./_process.ts";

const HEAD = `import { defineStep, length } from "@meshtailor/meshtailor/recipes";\n`;
const LIFT = `${HEAD}
export const lift = defineStep({
  name: "lift",
  summary: "Moves a mesh up",
  writes: ["positions"],
  options: { by: length({ default: 0.1, min: 0, doc: "How far" }) },
  run({ mesh, out }, { by }) {
    for (let i = 0; i < out.positions.length; i++) out.positions[i] = mesh.positions[i] + (i % 3 === 1 ? by : 0);
    return { lifted: by };
  },
});
`;
const LIFTED = RECIPE.replace("steps:\n", "steps:\n  - lift: { mesh: garment, by: 1cm }\n");

/** Runs the command line with a module of steps. */
async function runWith(module: string, args: readonly string[], name = "own steps #1%.ts") {
  let said: Awaited<ReturnType<typeof run>> | undefined, path = "";
  await inFolder(async (folder) => {
    path = `${folder}/${name}`;
    await Deno.writeTextFile(path, module);
    said = await run([...args, "--steps", path], { ...FILES, "recipe.yaml": LIFTED });
  });
  return { ...said!, stderr: said!.stderr.replaceAll(path, name) };
}

Deno.test("--steps adds a step to run, check, plan, steps and schema, whatever its file is called", async () => {
  const ran = await runWith(LIFT, ["recipe.yaml"]);
  assertEquals([ran.code, ran.stderr, ran.written.size], [0, "", 1]);
  assertStringIncludes(ran.stdout, "lifted 0.01");
  assertEquals((await runWith(LIFT, ["check", "recipe.yaml"])).code, 0);
  assertStringIncludes((await runWith(LIFT, ["plan", "recipe.yaml", "--exact"])).stdout, "lift garment");
  assertMatch((await runWith(LIFT, ["steps"])).stdout, /^lift +Moves a mesh up$/m);
  assertStringIncludes((await runWith(LIFT, ["steps", "lift"])).stdout, "by  0.1m  How far (a length of at least 0mm)");
  assertStringIncludes((await runWith(LIFT, ["steps", "lift", "--markdown"])).stdout, "| `by`   | 0.1m    |");
  const schema = JSON.parse((await runWith(LIFT, ["schema"])).stdout);
  assertEquals(schema.$defs["step-lift"].properties.by.description, "How far");
  assertEquals(Object.keys(schema.$defs.step.properties).slice(0, BUILT_IN_STEPS.length + 1).at(-1), "lift");
});

Deno.test("without --steps a recipe cannot reach code, whatever it says", async () => {
  const { code, stderr } = await run(["check", "recipe.yaml"], { ...FILES, "recipe.yaml": LIFTED });
  assertEquals(code, 2);
  assertStringIncludes(stderr, '"lift" is not a step');
  const naming = RECIPE.replace("name: small", "name: small\nsteps-from: ./lift.ts");
  assertStringIncludes(
    (await run(["check", "recipe.yaml"], { ...FILES, "recipe.yaml": naming })).stderr,
    "unknown-key",
  );
});

Deno.test("a step of one's own gets messages with did-you-mean, place and range", async () => {
  const broken = LIFTED.replace("by: 1cm", "bye: 1cm");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/lift.ts`, LIFT);
    const { code, stderr } = await run(["check", "recipe.yaml", "--steps", `${folder}/lift.ts`], {
      ...FILES,
      "recipe.yaml": broken,
    });
    assertEquals(code, 2);
    assertStringIncludes(
      stderr,
      'recipe.yaml:8:28: error[unknown-option]: "bye" is not an option of "lift": did you mean "by"?',
    );
  });
});

const BROKEN: [string, string, string][] = [
  ["is no TypeScript", "export default { nam", `it is not TypeScript: Expected ',', got '<eof>' (own.ts:1:21)`],
  ["exports nothing", "const a = 1;", "it exports nothing: write export default defineStep({ … })"],
  [
    "exports no step",
    "export const a = 1, b = () => 2;",
    "none of its exports is one (a, b): write export default defineStep({ … })",
  ],
  ["throws", `throw new Error("boom");`, "it throws while it loads: boom"],
  ["throws no error", `throw "boom";`, "it throws while it loads: boom"],
  ["throws nothing", `throw null;`, "it throws while it loads: null"],
  ["imports what is not there", `import "./nothing.ts";`, "what it imports is not there: Module not found"],
  [
    "imports a name there is not",
    `import { defineSteps } from "@meshtailor/meshtailor/recipes"; defineSteps();`,
    "what it imports is not there: The requested module '@meshtailor/meshtailor/recipes' does not provide an export named 'defineSteps'",
  ],
];
for (const [what, module, sentence] of BROKEN) {
  Deno.test(`--steps refuses a module that ${what}, in one sentence, with 2`, async () => {
    const { code, stderr } = await runWith(module, ["steps"], "own.ts");
    assertEquals([code, stderr.split("\n").length], [2, 1], stderr);
    assertStringIncludes(stderr, `error: Cannot load steps from "own.ts" as ${sentence}`);
  });
}

Deno.test("--steps refuses steps that are not defined well, with the file", async () => {
  for (
    const [module, sentence] of [
      [
        LIFT.replace('"lift"', '"liftIt"'),
        `Cannot use "liftIt" as a step as the name of a step must be small letters, digits and dashes, such as "push-out": did you mean "lift-it"? (in "own.ts")`,
      ],
      [
        LIFT.replace('"lift"', '"fit"'),
        `Cannot use step "fit" of "own.ts" as a built-in one has that name: give it another`,
      ],
      [
        `${LIFT}export const b = { ...lift };`,
        `Cannot use step "lift" of "own.ts" as another one has that name: give it another`,
      ],
      ["export default 5;", `Cannot use the number 5 as a step: write defineStep({ … }) (in "own.ts")`],
      [
        "export default { name: 'x', run: 5 };",
        `Cannot use step "x" as its "summary" must say what it does, in one sentence: it is missing (in "own.ts")`,
      ],
    ]
  ) {
    const { code, stderr } = await runWith(module, ["steps"], "own.ts");
    assertEquals([code, stderr], [2, `error: ${sentence}`]);
  }
});

Deno.test("--steps takes files that are here and nothing from elsewhere", async () => {
  for (const path of ["https://example.com/a.ts", "jsr:@a/b", "npm:a", "data:text/javascript,0"]) {
    const { code, stderr } = await run(["steps", "--steps", path]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `Cannot load steps from "${path}" as it must be a file here`);
  }
  const similarFile = () => Promise.resolve("./lift.ts");
  const { code, stderr } = await run(["steps", "--steps", "./lfit.ts"], FILES, { similarFile });
  assertEquals([code, stderr], [
    2,
    `error: Cannot load steps from "./lfit.ts" as there is no such file: did you mean "./lift.ts"?`,
  ]);
});

Deno.test("a process with --steps needs -R for them, says which permission a module lacks, and asks nobody", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/lift.ts`, LIFT);
    await Deno.writeTextFile(`${folder}/home.ts`, `${LIFT}\nDeno.env.get("HOME");`);
    const shown = await meshtailor(["steps", "lift", "--steps", "./lift.ts"], ["-R"], folder);
    assertEquals([shown.code, shown.stderr], [0, ""]);
    const closed = await meshtailor(["steps", "--steps", "./lift.ts"], [], folder);
    assertEquals([closed.code, closed.stderr.split("\n").length], [2, 2]);
    assertStringIncludes(closed.stderr, "without permission: run again with --allow-read");
    const home = await meshtailor(["steps", "--steps", "./home.ts"], ["-R"], folder);
    assertEquals(
      [home.code, home.stderr],
      [2, `error: Cannot load steps from "./home.ts" as it needs env access to "HOME": run again with --allow-env\n`],
    );
    assert((await filesIn(folder)).length === 2);
  });
});
