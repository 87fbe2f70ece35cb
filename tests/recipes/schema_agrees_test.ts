// The check and the JSON Schema are printed from the same definitions: here they are asked the same questions.
import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { parse as parseYaml, stringify } from "@std/yaml";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import type { IssueCode, RecipeIssue, Step } from "../../recipes/mod.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import { recipeSchema } from "../../recipes/schema.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { STEPS } from "./_catalogue.ts";
import { consultedKeys, stepOptions } from "./_step_arbitrary.ts";

/** What a schema cannot know: ranges of values with units, what names lead to, what comes of it all. */
const BEYOND: ReadonlySet<IssueCode> = new Set<IssueCode>([
  "out-of-range",
  "unknown-mesh",
  "mesh-too-early",
  "same-mesh",
  "unknown-selection",
  "selection-too-early",
  "other-mesh",
  "unused-selection",
  "name-taken",
  "unused-input",
  "lost-result",
  "unused-parameter",
  "unknown-parameter",
  "missing-parameter",
  "bad-reference",
  "bad-path",
  "same-file",
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What people put where something else belongs. */
const STRANGE: readonly Json[] = [
  null,
  true,
  "yes",
  "no",
  0,
  4,
  -1,
  0.5,
  1e9,
  "4",
  "0.5",
  "-3",
  "8mm",
  "8 mm",
  "8in",
  "-1%bbox",
  "30deg",
  "30",
  "40%",
  "140%",
  "256MiB",
  "5s",
  "auto",
  "",
  " ",
  "armor",
  "a b",
  "3d",
  "$gap",
  "$nope",
  "${gap}",
  "$$",
  "017",
  "0x1F",
  "1_000",
  [],
  ["armor"],
  [1],
  {},
  { max: "1mm" },
  { max: 1 },
  { min: 0 },
  { file: "a.glb" },
];
const KEYS = [
  "mesh",
  "to",
  "from",
  "against",
  "clearence",
  "max",
  "min",
  "file",
  "id",
  "as",
  "if",
  "steps",
  "type",
  "default",
  "a b",
  "x",
];

/** A change of one spot of a recipe. */
interface Change {
  readonly how: "replace" | "drop" | "add" | "rename";
  /** Which spot, as a share of all there are. */
  readonly where: number;
  readonly value: Json;
  readonly key: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom("replace", "drop", "add", "rename"),
  where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  value: fc.constantFrom(...STRANGE),
  key: fc.constantFrom(...KEYS),
});

/** A step with options made up, and what stands beside it. */
function soundStep(step: Step): fc.Arbitrary<Record<string, Json>> {
  const beside = fc.record({ id: fc.constant(step.name), if: fc.constant(true) }, { requiredKeys: [] });
  return fc.record({ options: stepOptions(step), beside, isLeft: fc.boolean() }).map(({ options, beside, isLeft }) => ({
    [step.name]: {
      mesh: "armor",
      ...Object.fromEntries(consultedKeys(step, options, () => isLeft).map((key) => [key, "body"])),
      ...options as Record<string, Json>,
    },
    ...beside,
    ...(step.writes.includes("selection") ? { as: "chosen" } : {}),
  }));
}

/** A sound recipe of a few steps, with the selections their options may name. */
function soundRecipe(steps: readonly Step[]): fc.Arbitrary<Json> {
  const step = fc.oneof(...steps.map(soundStep));
  const selecting: Json[] = steps.some(({ name }) => name === "select")
    ? ["some", "more"].map((name) => ({ select: { mesh: "armor", box: { y: { min: 0 } } }, as: name }))
    : [];
  return fc.record({
    list: fc.array(step, { minLength: 1, maxLength: 2 }),
    more: fc.subarray(["name", "memory"]),
  }).map(({ list, more }) => ({
    version: 1,
    ...(more.includes("name") ? { name: "made-up", description: "Whatever comes" } : {}),
    ...(more.includes("memory") ? { memory: { max: "256MiB" } } : {}),
    params: { gap: { type: "length", default: "6mm", min: "0mm", doc: "Air" } },
    inputs: { body: "body.glb", armor: { file: "armor.glb", node: 0 } },
    steps: [...structuredClone(selecting), ...list],
    outputs: { fitted: { mesh: "armor", file: "out/armor.glb", with: ["body"] } },
  }));
}

/** Every map and list inside, each with its keys. */
function spotsOf(node: Json): [parent: Record<string, Json>, key: string][] {
  if (typeof node !== "object" || node === null) return [];
  const parent = node as Record<string, Json>;
  return Object.keys(parent).flatMap((key) =>
    [[parent, key], ...spotsOf(parent[key])] as [Record<string, Json>, string][]
  );
}

function apply(recipe: Json, { how, where, value, key }: Change): void {
  const spots = spotsOf(recipe);
  if (spots.length === 0) return;
  const [parent, at] = spots[Math.floor(where * spots.length)];
  const isList = Array.isArray(parent);
  if (how === "replace") parent[at] = structuredClone(value);
  else if (how === "drop") isList ? parent.splice(Number(at), 1) : delete parent[at];
  else if (isList) parent.push(structuredClone(value));
  else if (how === "add") parent[key] = structuredClone(value);
  else {
    parent[key] = parent[at];
    if (key !== at) delete parent[at];
  }
}

/** Whether a step says it of options that are right one by one. */
function isRefusal({ path, at }: RecipeIssue, steps: readonly Step[]): boolean {
  return at === "key" && steps.some(({ name, refuse }) => refuse !== undefined && name === path[2]);
}

for (const [what, steps] of [["the catalogue", BUILT_IN_STEPS], ["steps of every kind", STEPS]] as const) {
  Deno.test(`check and schema agree on 500 recipes over ${what}, whole and broken`, async () => {
    const validate = new Ajv2020({ strict: false, allErrors: false }).compile(
      JSON.parse(JSON.stringify(recipeSchema(steps))),
    );
    let sound = 0, broken = 0;
    const made = fc.record({
      recipe: soundRecipe(steps),
      changes: fc.array(change, { maxLength: 2 }),
      isFlow: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(made, async ({ recipe, changes, isFlow }) => {
        const changed = structuredClone(recipe);
        for (const one of changes) apply(changed, one);
        const text = isFlow ? JSON.stringify(changed) : stringify(changed);
        const { issues } = await parseRecipe(text, { path: "made-up.yaml", steps });
        const told = issues.filter((issue) => !BEYOND.has(issue.code) && !isRefusal(issue, steps));
        const isValid = validate(parseYaml(text, { schema: "core" }));
        const schemaSays = validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`);
        if (issues.length === 0) assertEquals([isValid, schemaSays], [true, undefined], text);
        if (isValid) assertEquals(told.map(({ message }) => message), [], text);
        else assert(issues.length > 0, `${schemaSays}\n${text}`);
        if (isValid) sound++;
        else broken++;
      }),
      { numRuns: 500, seed: 5 },
    );
    assertGreaterOrEqual(Math.min(sound, broken), 150); // both sides are asked
  });
}
