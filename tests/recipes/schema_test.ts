import { assert, assertEquals } from "@std/assert";
import type { JsonSchema, Option } from "../../recipes/options.ts";
import { recipeSchema } from "../../recipes/schema.ts";
import { STEPS } from "./_catalogue.ts";

const schema = recipeSchema(STEPS);
const defs = schema.$defs as Record<string, JsonSchema>;

function* walk(node: unknown): Generator<JsonSchema> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) yield node as JsonSchema;
  for (const part of Object.values(node)) yield* walk(part);
}

Deno.test("recipeSchema() describes every option of every step, with its default", () => {
  for (const step of STEPS) {
    const { properties, required, additionalProperties, description } = defs[`step-${step.name}`] as Record<
      string,
      Record<string, JsonSchema>
    >;
    assertEquals<unknown>([additionalProperties, description], [false, step.summary]);
    assertEquals(Object.keys(properties), ["mesh", ...Object.keys(step.consults), ...Object.keys(step.options)]);
    for (const [key, option] of Object.entries(step.options as Record<string, Option>)) {
      assertEquals(properties[key].description, option.doc);
      if (option.default !== undefined && option.kind !== "group" && option.kind !== "list") {
        assertEquals(properties[key].default, option.print(option.default));
      }
      assertEquals((required as unknown as string[]).includes(key), option.required);
    }
  }
});

Deno.test("recipeSchema() refers only to what it defines", () => {
  for (const { $ref } of walk(schema)) {
    if ($ref !== undefined) assert(String($ref).slice("#/$defs/".length) in defs, String($ref));
  }
});

Deno.test("recipeSchema() has patterns that are regular expressions and agree with the options", () => {
  const { properties } = defs["step-fit"] as { properties: Record<string, JsonSchema> };
  const accepts = (key: string, value: string) =>
    [...walk(properties[key])].some(({ pattern, enum: words }) => {
      if (Array.isArray(words)) return words.includes(value);
      return typeof pattern === "string" && new RegExp(pattern, "u").test(value);
    });
  for (
    const [key, right, wrong] of [
      ["clearance", ["8mm", "0.5cm", "0.01m", "0.5%bbox", "1e-3", "-1mm"], [
        "8 mm",
        "8in",
        "mm",
        "017mm",
        "1_0mm",
        "8mm ",
      ]],
      ["crease", ["30deg", "0.5rad"], ["30", "30 deg", "30°"]],
      ["strength", ["40%", "0.4"], ["40 %", "40pct"]],
      ["cache", ["2MiB", "1.5GiB"], ["2", "2MB"]],
      ["patience", ["5s", "500ms", "2min"], ["5", "5h"]],
      ["rigid", ["auto", "none", "all"], ["autos"]],
    ] as const
  ) {
    for (const value of right) assert(accepts(key, value), `${key}: ${value}`);
    for (const value of wrong) assert(!accepts(key, value), `${key}: ${value}`);
  }
});

Deno.test("recipeSchema() allows references to parameters wherever an option is one piece of text", () => {
  const { properties } = defs["step-fit"] as { properties: Record<string, JsonSchema> };
  assertEquals([...walk(properties.clearance)].some(({ $ref }) => $ref === "#/$defs/reference"), true);
  assertEquals([...walk(properties.limits)].filter(({ $ref }) => $ref === "#/$defs/reference").length, 2);
  const { pattern } = defs.reference as { pattern: string };
  for (const [text, isReference] of [["$a", true], ["x-${a}.glb", true], ["8mm", false], ["$", false]] as const) {
    assertEquals(new RegExp(pattern, "u").test(text), isReference);
  }
});

Deno.test("recipeSchema() is plain JSON, the same every time", () => {
  assertEquals(JSON.parse(JSON.stringify(schema)), schema);
  assertEquals(schema, recipeSchema(STEPS));
});
