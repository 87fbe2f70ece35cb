/**
 * Recipes made of what the catalogue says of itself, so that a step that is added
 * to it is in every test over the catalogue from that day on.
 *
 * @module
 */
import * as fc from "fast-check";
import type { JsonSchema, Option, Step } from "../../recipes/mod.ts";

/** Iterations and the like stay small: what is leased does not depend on them. */
const MAX_COUNT = 3;

/** Text of every kind of value that is no bare number. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  angle: ["0deg", "30deg", "3rad"],
  memory: ["1MiB", "64MiB"],
  time: ["1s", "2s"],
  text: ["some text"],
};

/** Options a recipe may give a step: any of them left out, any value the schema allows. */
export function stepOptions(step: Step): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return partsOf(step.options as Readonly<Record<string, Option>>);
}

function partsOf(parts: Readonly<Record<string, Option>>): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const values = Object.fromEntries(Object.entries(parts).map(([key, option]) => [key, optionValue(option)]));
  const requiredKeys = Object.keys(parts).filter((key) => parts[key].required);
  return fc.record(values, { requiredKeys });
}

function optionValue(option: Option): fc.Arbitrary<unknown> {
  if (option.parts !== undefined) return partsOf(option.parts);
  const texts = TEXTS[option.kind];
  if (texts !== undefined) return fc.constantFrom(...texts);
  const schema = option.schema();
  const found = [schema, ...(schema.anyOf as JsonSchema[] | undefined ?? [])]
    .map(({ enum: words, type, minimum = -1, maximum }) => {
      if (Array.isArray(words)) return fc.constantFrom(...words);
      const min = Number(minimum), max = Math.min(Number(maximum ?? Infinity), min + MAX_COUNT);
      if (type === "integer") return fc.integer({ min, max });
      return type === "number" ? fc.double({ min, max, noNaN: true }).map((value) => decimal(value)) : undefined;
    }).find((arbitrary) => arbitrary !== undefined);
  if (found !== undefined) return found;
  throw new TypeError(`Cannot make up values of kind "${option.kind}": teach tests/recipes/_step_arbitrary.ts`);
}

/** Recipes take decimals of a few places, and no minus zero. */
function decimal(value: number): number {
  return Number(value.toFixed(4)) || 0;
}

/** A step as the line of a recipe: JSON, which is YAML too. */
export function stepLine(
  step: Step,
  meshes: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>>,
  as?: string,
): string {
  return JSON.stringify({ [step.name]: { ...meshes, ...options }, ...(as === undefined ? {} : { as }) });
}

/** A recipe of lines over the inputs `body`, `old` and `garment`, those that no line names left out. */
export function recipeText(lines: readonly string[], outputs: readonly string[] = ["garment"]): string {
  const all = lines.join("\n");
  const inputs = ["body", "old", "garment"].filter((name) => all.includes(`"${name}"`) || outputs.includes(name));
  return [
    "version: 1",
    "inputs:",
    ...inputs.map((name) => `  ${name}: ${name}.glb`),
    lines.length === 0 ? "steps: []" : "steps:",
    ...lines.map((line) => `  - ${line}`),
    "outputs:",
    ...outputs.map((mesh) => `  ${mesh}: { mesh: ${mesh}, file: ${mesh}.glb }`),
    "",
  ].join("\n");
}
