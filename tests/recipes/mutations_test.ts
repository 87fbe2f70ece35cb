// Every option of every step, broken in every way, is one error at the right place.
import { assert, assertEquals } from "@std/assert";
import type { Option, RecipeIssue, Step } from "../../recipes/mod.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { STEPS } from "./_catalogue.ts";
import { type Leaf, leavesOf, rightValue, valuesOutOfRange, wrongValues } from "./_option_samples.ts";

/** Lines of a recipe that sets one option, and the place of that option's key in them. */
interface Written {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Selections for options that name some, and a step that uses all there are. */
const SOME = ["  - select: { mesh: armor, box: { y: { min: 0m } } }", "    as: some"];
const USED = (names: readonly string[]) => `  - smooth: { mesh: armor, pin: [${names.join(", ")}] }`;

/** A recipe with one step, that sets what the step needs but one option, and then this entry. */
function recipeOf(step: Step, without: string | undefined, entry: string | undefined): string {
  const consults = Object.keys(step.consults).filter((key) => !step.consults[key].optional);
  const others = Object.keys(step.options).filter((key) => step.options[key].required && key !== without);
  const isSelecting = step.writes.includes("selection");
  const hasSelections = isSelecting ||
    Object.values(step.options as Record<string, Option>).some(({ selects }) => selects);
  return [
    "version: 1",
    "inputs: { armor: armor.glb, body: body.glb, other: other.glb }",
    "steps:",
    ...(hasSelections ? SOME : []),
    `  - ${step.name}:`,
    "      mesh: armor",
    ...consults.map((consult) => `      ${consult}: body`),
    ...others.map((other) => `      ${other}: ${rightValue(step.options[other])}`),
    ...(isSelecting && without !== "any" ? ["      any: some"] : []),
    ...(entry === undefined ? [] : [`      ${entry}`.trimEnd()]),
    ...(isSelecting ? ["    as: chosen"] : []),
    ...(hasSelections ? [USED(isSelecting ? ["some", "chosen"] : ["some"])] : []),
    "outputs: { a: { mesh: armor, file: a.glb }, b: { mesh: body, file: b.glb }, c: { mesh: other, file: c.glb } }",
  ].join("\n");
}

/** Where the step begins, from 1. */
function stepLine(text: string, step: Step): number {
  return text.slice(0, text.indexOf(`- ${step.name}:\n`)).split("\n").length;
}

/** The same that sets one option to a value; `key` is how its last key is spelt. */
function recipeWith({ step, keys }: Leaf, value: string, key = keys.at(-1)!): Written {
  const entry = entryOf(step, keys, key, value);
  const text = recipeOf(step, keys[0], entry);
  const before = text.slice(0, text.indexOf(`      ${entry}`.trimEnd())).split("\n").length;
  return { text, line: before, column: 6 + (keys.length === 1 ? 0 : entry.lastIndexOf(`${key}:`)) + 1 };
}

/** `penetration: { max: 1mm }`, with what else the group needs; without a value, the option is left out. */
function entryOf(step: Step, keys: readonly string[], key: string, value: string | undefined): string {
  const inside = (depth: number, parts: Step["options"]): string => {
    const isLast = depth === keys.length - 1;
    const needed = depth === 0 ? [] : Object.keys(parts).filter((part) => parts[part].required && part !== keys[depth]);
    const others = needed.map((part) => `${part}: ${rightValue(parts[part])}`);
    const nested = isLast ? "" : `${keys[depth]}: { ${inside(depth + 1, parts[keys[depth]].parts!)} }`;
    const mine = isLast ? value === undefined ? [] : [`${key}: ${value}`] : [nested];
    return [...others, ...mine].join(", ");
  };
  return inside(0, step.options);
}

async function issuesOf(text: string, steps: readonly Step[]): Promise<readonly RecipeIssue[]> {
  return (await parseRecipe(text, { path: "recipe.yaml", steps })).issues;
}

/** Asserts that there is one issue, of one of these codes, at one place. */
function assertOne(
  issues: readonly RecipeIssue[],
  codes: readonly string[],
  line: number,
  column: number,
  text: string,
) {
  assertEquals(
    issues.map(({ line, column }) => [line, column]),
    [[line, column]],
    `${text}\n${JSON.stringify(issues)}`,
  );
  assert(codes.includes(issues[0].code), `${issues[0].code}: ${text}`);
}

const KIND_CODES = ["wrong-kind", "unknown-unit", "unknown-value", "no-value", "bad-value"];

for (const [catalogue, steps] of [["", BUILT_IN_STEPS], [" (a step with every kind)", STEPS]] as const) {
  for (const leaf of steps.flatMap(leavesOf)) {
    const { step, keys, option } = leaf;
    const key = keys.at(-1)!, name = `"${keys.join(".")}" of "${step.name}"${catalogue}`;

    Deno.test(`check finds every way to break ${name}`, async () => {
      const right = await issuesOf(recipeWith(leaf, rightValue(option)).text, steps);
      // Options may be at odds with each other, which their step says: each by itself is right.
      assertEquals(step.refuse === undefined ? right : right.filter(({ path }) => path.length > 4), []);
      const long = [key.slice(1), `${key[1]}${key[0]}${key.slice(2)}`];
      for (const misspelt of [`${key}x`, key.toUpperCase(), ...(key.length === 1 ? [] : long)]) {
        const { text, line, column } = recipeWith(leaf, rightValue(option), misspelt);
        const issues = await issuesOf(text, steps);
        assertOne(issues, ["unknown-option"], line, column, text);
        if (key.length > 2) assert(issues[0].message.includes(`did you mean "`), issues[0].message);
      }
      for (const value of wrongValues(option)) {
        const { text, line, column } = recipeWith(leaf, value);
        assertOne(await issuesOf(text, steps), KIND_CODES, line, value === "" ? column : column + key.length + 2, text);
      }
      for (const value of valuesOutOfRange(option)) {
        const { text, line, column } = recipeWith(leaf, value);
        assertOne(await issuesOf(text, steps), ["out-of-range"], line, column + key.length + 2, text);
      }
      if (!option.required) return;
      const text = recipeOf(step, keys[0], keys.length === 1 ? undefined : entryOf(step, keys, key, undefined));
      const issues = await issuesOf(text, steps);
      assertEquals(issues.map(({ code }) => code), ["missing-option"], text);
      assert(issues[0].message.includes(`needs "${key}"`), issues[0].message);
    });
  }

  for (const step of steps) {
    Deno.test(`check finds every mesh of "${step.name}"${catalogue} misspelt, missing, and of another kind`, async () => {
      /** Issues that are about a mesh, not about options that are at odds or what nothing uses. */
      const found = async (text: string) =>
        (await issuesOf(text, steps)).filter(({ code, path, at }) =>
          !/^unused-/.test(code) && !(step.refuse !== undefined && path.length === 4 && at === "key")
        );
      for (const key of ["mesh", ...Object.keys(step.consults)]) {
        const line = new RegExp(`(- ${step.name}:\\n(?: {6}.*\\n)*?) {6}${key}: .*\\n`);
        const bare = recipeOf(step, undefined, undefined).replace(line, "$1");
        const wrong = (value: string) => bare.replace(`- ${step.name}:\n`, `- ${step.name}:\n      ${key}: ${value}\n`);
        const values = { amror: "unknown-mesh", "[a]": "wrong-kind", $x: "wrong-kind", "a b": "bad-name" };
        for (const [value, code] of Object.entries(values)) {
          const text = wrong(value);
          assertOne(await found(text), [code], stepLine(text, step) + 1, 7 + key.length + 2, text);
        }
        const name = key === "mesh" ? "armor" : "other";
        assertEquals(await found(wrong(name)), [], wrong(name));
        if (key !== "mesh" && step.consults[key].optional) continue;
        const missing = bare.replace(new RegExp(`- ${step.name}:\\n(?! {6})`), `- ${step.name}: {}\n`);
        const issues = await found(missing);
        assertOne(issues, ["missing-option"], stepLine(bare, step), 5, missing);
        assert(issues[0].message.includes(`"${step.name}" needs "${key}"`));
      }
    });
  }
}
