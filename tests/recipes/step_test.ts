import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BUILT_IN_STEPS, defineStep, length, parseRecipe, recipeSchema, runRecipe } from "../../recipes/mod.ts";
import { RecipeError, type Step, StepDefinitionError } from "../../recipes/mod.ts";
import { cap } from "./_small_run.ts";

const LIFT = {
  name: "lift",
  summary: "Moves a mesh up",
  writes: ["positions"],
  options: { by: length({ default: 0.1, min: 0, doc: "How far" }) },
  run: (
    { mesh, out }: { mesh: { positions: Float32Array }; out: { positions: Float32Array } },
    { by }: { by: number },
  ) => {
    for (let i = 0; i < out.positions.length; i++) out.positions[i] = mesh.positions[i] + (i % 3 === 1 ? by : 0);
    return { lifted: by };
  },
} as const;
const lift = defineStep(LIFT);

const RECIPE = `version: 1
inputs: { hat: hat.glb }
steps: [lift: { mesh: hat, by: 20cm }]
outputs: { hat: { mesh: hat, file: hat.glb } }
`;

Deno.test("defineStep() fills in what a definition need not say", () => {
  const { reads, consults, options, scratchBytes, describe } = defineStep({
    name: "look",
    summary: "Looks",
    writes: [],
    run: () => ({}),
  });
  assertEquals([reads, consults, options, scratchBytes({} as never, {})], [[], {}, {}, 0]);
  assertEquals(describe({ faces: 12, closed: true }), "faces 12, closed true");
});

const FAULTS: [string, unknown, string][] = [
  ["no name", { name: undefined }, "Cannot use a step without a name as the name of a step must be"],
  ["a name in camel case", { name: "pushOut" }, 'did you mean "push-out"?'],
  ["a name with a space", { name: "Push out" }, 'did you mean "push-out"?'],
  [
    "no summary",
    { summary: "" },
    'Cannot use step "lift" as its "summary" must say what it does, in one sentence: it is empty',
  ],
  ["a part it does not have", { sumary: "x" }, '"sumary" is not a part of a step: did you mean "summary"?'],
  ["an attribute there is not", { reads: ["postions"] }, '"postions" is none of them: did you mean "positions"?'],
  [
    "an attribute nobody can write",
    { writes: ["topology"] },
    'its "writes" may have positions, normals, skin, selection and tangents: "topology" is none of them',
  ],
  [
    "no writes",
    { writes: undefined },
    'its "writes" must be a list of positions, normals, skin, selection or tangents: it is missing',
  ],
  ["an option called mesh", { options: { mesh: LIFT.options.by } }, '"mesh" means something else in a recipe'],
  ["an option called as", { options: { as: LIFT.options.by } }, '"as" means something else in a recipe'],
  [
    "an option that is a number",
    { options: { by: 3 } },
    '"by" of its "options" is the number 3: write by: length({ doc: "…" })',
  ],
  ["an option without a doc", { options: { by: length({ doc: "" }) } }, '"by" of its "options" needs a doc'],
  [
    "an option in kebab case",
    { options: { "how-far": LIFT.options.by } },
    'a key of its "options" must be camelCase: "how-far" is not',
  ],
  [
    "one key for two things",
    { consults: { by: { reads: [], doc: "A body", optional: false } } },
    '"by" is one of its "consults" and one of its "options"',
  ],
  ["a skeleton from nowhere", {
    writes: ["skin"],
    skeletonFrom: "form",
    consults: { from: { reads: ["skin"], doc: "A body", optional: false } },
  }, 'it names "form", which is none of its "consults": did you mean "from"?'],
  ["skin without a skeleton", { writes: ["skin"] }, "name the mesh that has it with skeletonFrom"],
  ["a run that is none", { run: 3 }, 'its "run" must be a function: it is the number 3'],
  ["a verdict that is none", { verdict: "no" }, 'its "verdict" must be a function, or be left out: it is "no"'],
];
for (const [what, part, sentence] of FAULTS) {
  Deno.test(`defineStep() refuses ${what}`, () => {
    const error = assertThrows(() => defineStep({ ...LIFT, ...part as object } as never), StepDefinitionError);
    assert(error.message.includes(sentence), error.message);
    assert(!error.message.endsWith(".") && !error.message.includes("\n"));
  });
}

Deno.test("parseRecipe() refuses a catalogue with something else than steps, or two of one name", async () => {
  for (
    const [steps, sentence] of [
      [[lift, lift], 'Cannot use two steps called "lift" as a name means one step: give one another name'],
      [[...BUILT_IN_STEPS, defineStep({ ...LIFT, name: "fit" } as never)], 'Cannot use two steps called "fit"'],
      [[undefined], "Cannot use missing as a step: write defineStep({ … })"],
    ] as [Step[], string][]
  ) {
    await assertRejects(() => parseRecipe(RECIPE, { path: "r", steps }), StepDefinitionError, sentence);
  }
});

Deno.test("a step of one's own is checked and completed like a built-in one", async () => {
  const steps = [...BUILT_IN_STEPS, lift];
  const { issues } = await parseRecipe(RECIPE.replace("by: 20cm", "bye: 20cm"), { path: "r", steps });
  assertEquals(issues.map(({ message }) => message), ['"bye" is not an option of "lift": did you mean "by"?']);
  assert(JSON.stringify(recipeSchema(steps)).includes('"step-lift"'));
});

Deno.test("runRecipe() takes a text with its steps, and throws its faults", async () => {
  const hat = cap(1), steps = [...BUILT_IN_STEPS, lift];
  const { report, outputs } = await runRecipe(RECIPE, { inputs: { hat }, steps });
  assertEquals([report.ops.map(({ label }) => label), outputs.size], [["read hat", "lift hat", "write hat"], 1]);
  const error = await assertRejects(
    () => runRecipe(RECIPE.replace("20cm", "20 cm"), { inputs: { hat }, steps, path: "hat.yaml" }),
    RecipeError,
    'hat.yaml:3:32: error[wrong-kind]: "by" of "lift" takes a length, such as 8mm or 0.5%bbox: "20 cm" has a space before its unit',
  );
  assertEquals(error.issues.length, 1);
  await assertRejects(() => runRecipe(RECIPE, { inputs: { hat } }), RecipeError, '"lift" is not a step');
});

Deno.test("runRecipe() sets parameters of a text, and refuses to for a recipe that is checked already", async () => {
  const text = RECIPE.replace("20cm", "$up").replace("inputs:", "params: { up: { type: length } }\ninputs:");
  const hat = cap(1), steps = [...BUILT_IN_STEPS, lift];
  const { report } = await runRecipe(text, { inputs: { hat }, steps, set: { up: "30cm" } });
  assertEquals(report.ops[1].measures, { lifted: 0.3 });
  const { recipe } = await parseRecipe(RECIPE, { path: "r", steps });
  await assertRejects(
    () => runRecipe(recipe!, { inputs: { hat }, set: { up: "30cm" } }),
    TypeError,
    'Cannot run with "set" as this recipe is checked already: give it to parseRecipe()',
  );
});
