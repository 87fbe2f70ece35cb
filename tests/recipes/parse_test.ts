import { assert, assertEquals } from "@std/assert";
import { RelativeLength } from "../../recipes/options.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import { changed, issuesOf } from "./_issues.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";

async function recipeOf(text: string, set: Record<string, string> = {}): Promise<Recipe> {
  const { recipe, issues } = await parseRecipe(text, { path: "recipes/plate.yaml", steps: STEPS, set });
  assertEquals(issues, []);
  return recipe!;
}

Deno.test("parseRecipe() types every option of a step", async () => {
  const { steps: [fit] } = await recipeOf(RECIPE);
  assertEquals(fit.options, {
    clearance: 0.006,
    crease: Math.PI / 6,
    strength: 0.4,
    lambda: -0.3,
    iterations: 12,
    pinned: false,
    rigid: "auto",
    only: "steel-parts",
    cache: 2 ** 21,
    patience: 5000,
    parts: ["left", "right"],
    limits: { p99: 1.3, depth: 0.002 },
  });
  assertEquals([fit.step.name, fit.mesh, fit.as, fit.id, fit.consults, fit.at], ["fit", "armor", undefined, undefined, {
    to: "body",
  }, ["steps", 0]]);
});

Deno.test("parseRecipe() fills in every default", async () => {
  const text =
    "version: 1\ninputs: { a: a.glb, b: b.glb }\nsteps: [fit: { mesh: a, to: b }]\noutputs: { o: { mesh: a, file: o.glb } }";
  const { steps: [{ options }], name, description, maxBytes } = await recipeOf(text);
  for (const [key, { default: value }] of Object.entries(STEPS[0].options as Record<string, { default: unknown }>)) {
    assertEquals([key, options[key]], [key, value]);
  }
  assertEquals([name, description, maxBytes], ["plate", "", undefined]);
});

Deno.test("parseRecipe() reads the rest: names, selections, budget, copies", async () => {
  const recipe = await recipeOf(RECIPE);
  assertEquals([recipe.name, recipe.description, recipe.maxBytes], [
    "plate-cuirass",
    "Fits a plate cuirass: to any body of the rig\n",
    2 ** 28,
  ]);
  assertEquals(recipe.inputs.map(({ name, file, selection }) => [name, file, selection]), [
    ["body", "body.glb", {}],
    ["armor", "armors/plate.glb", { node: "Cuirass" }],
  ]);
  assertEquals(recipe.outputs.map(({ name, mesh, file }) => [name, mesh, file]), [
    ["fitted", "armor", "out/armor.glb"],
    ["smooth", "smoothed", "out/steel.glb"],
  ]);
  const [, smooth, expect] = recipe.steps;
  assertEquals([smooth.mesh, smooth.as, smooth.id], ["armor", "smoothed", "first-pass"]);
  assert(smooth.options.reach instanceof RelativeLength);
  assertEquals([expect.mesh, expect.consults, expect.at], ["smoothed", { against: "body" }, ["steps", 3]]);
});

Deno.test("parseRecipe() leaves steps out whose if is false, and takes them in with --set", async () => {
  assertEquals((await recipeOf(RECIPE)).steps.map(({ at }) => at[1]), [0, 1, 3]);
  assertEquals((await recipeOf(RECIPE, { hurry: "true" })).steps.map(({ at }) => at[1]), [0, 1, 2, 3]);
});

Deno.test("parseRecipe() puts --set in the place of defaults, with their types", async () => {
  const { params, steps: [{ options }], outputs } = await recipeOf(RECIPE, {
    clearance: "1.2cm",
    style: "none",
    variant: "gold",
  });
  assertEquals([options.clearance, options.rigid, options.only], [0.012, "none", "gold-parts"]);
  assertEquals(outputs[1].file, "out/gold.glb");
  assertEquals(params, { clearance: "1.2cm", style: "none", hurry: "false", variant: "gold" });
});

Deno.test("parseRecipe() takes $$ for a dollar, and leaves values of parameters as they are", async () => {
  const text = changed('"${variant}-parts"', "$$5 ${variant} $${x}");
  assertEquals((await recipeOf(text, { variant: "$hurry" })).steps[0].options.only, "$5 $hurry ${x}");
});

for (
  const [what, text] of [
    ["CRLF", RECIPE.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${RECIPE}`],
    ["a start and an end of the document", `---\n${RECIPE}...\n`],
    ["anchors and aliases", changed("[left, right]", "&sides [left, right]").replace("p99: 1.3,", "")],
    ["a step list by flow", changed("[left, right]", "[\n        left, # one\n        'right',\n      ]")],
    ["no steps at all", "version: 1\ninputs: { a: a.glb }\nsteps: []\noutputs: { copy: { mesh: a, file: copy.glb } }"],
    [
      "a copy that is made and used under the same if",
      `version: 1
params: { twice: { type: boolean, default: false } }
inputs: { a: a.glb, b: b.glb }
steps:
  - smooth: { mesh: a, iterations: 1 }
    as: c
    if: $twice
  - expect: { mesh: c, against: b }
    if: $twice
outputs: { a: { mesh: a, file: a.glb } }
`,
    ],
  ]
) {
  Deno.test(`parseRecipe() takes ${what}`, async () => {
    assertEquals(await issuesOf(text), []);
  });
}

Deno.test("parseRecipe() takes an alias for what its anchor named", async () => {
  const text = changed("- smooth: { mesh: armor, iterations: 2 }", "- smooth: *smoothing").replace(
    "smooth: { mesh: armor, iterations: 4, reach: 0.5%bbox }",
    "smooth: &smoothing { mesh: armor, iterations: 4, reach: 0.5%bbox }",
  );
  const { steps } = await recipeOf(text, { hurry: "true" });
  assertEquals(steps[2].options, steps[1].options);
});

Deno.test("parseRecipe() reads scalars as text, whatever a YAML dialect makes of them", async () => {
  for (
    const written of ["no", "017", "1_000", "~", "null", "2024-01-01", "1:30", "0x1F", ".inf", "True", "=", "1e400"]
  ) {
    const { steps: [{ options }] } = await recipeOf(
      changed('"${variant}-parts"', written).replace(/ {2}variant.*\n/, "").replace('"out/${variant}.glb"', "o.glb"),
    );
    assertEquals(options.only, written);
  }
});

Deno.test("parseRecipe() allows constructor as a name", async () => {
  const recipe = await recipeOf(RECIPE.replaceAll("armor", "constructor"));
  assertEquals(recipe.steps[0].mesh, "constructor");
});

Deno.test("parseRecipe() gives the same recipe every time", async () => {
  const first = JSON.stringify(await recipeOf(RECIPE));
  for (let i = 0; i < 20; i++) assertEquals(JSON.stringify(await recipeOf(RECIPE)), first);
});

Deno.test("parseRecipe() allows an empty list of outputs where all a recipe does is to measure", async () => {
  await recipeOf("version: 1\ninputs: { a: a.glb, b: b.glb }\nsteps: [expect: { mesh: a, against: b }]\noutputs: {}");
});
