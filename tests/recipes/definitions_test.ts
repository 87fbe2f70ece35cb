// Coverage of the definitions: what a step can be told is documented, defaulted, in the schema and in a test.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { stepMarkdown } from "../../cli/step_markdown.ts";
import { stepPage } from "../../cli/step_page.ts";
import type { JsonSchema } from "../../recipes/mod.ts";
import { recipeSchema } from "../../recipes/schema.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { leavesOf, rightValue, wordsOf, wrongValues } from "./_option_samples.ts";

const { $defs } = recipeSchema(BUILT_IN_STEPS) as { $defs: Record<string, JsonSchema> };

/** The schema of an option, groups walked through. */
function schemaAt(step: string, keys: readonly string[]): JsonSchema | undefined {
  return keys.reduce<JsonSchema | undefined>(
    (schema, key) => (schema?.properties as Record<string, JsonSchema> | undefined)?.[key],
    $defs[`step-${step}`],
  );
}

for (const step of BUILT_IN_STEPS) {
  Deno.test(`"${step.name}" documents every option, its default and its range, in words for people`, () => {
    const page = stepPage(step), markdown = stepMarkdown(page);
    assertMatch(step.summary, /^[A-Z].*[^.]$/);
    for (const { doc } of Object.values(step.consults) as { doc: string }[]) assertMatch(doc, /^[A-Z][^]*[^.]$/);
    for (const { keys, option } of leavesOf(step)) {
      const name = keys.join("."), what = `"${name}" of "${step.name}"`;
      const row = page.options.find((row) => row.name === name);
      assert(row !== undefined, `${what} is on no page`);
      assert(
        option.doc.length >= 5 && /^[A-Za-z0-9(]/.test(option.doc) && !option.doc.endsWith("."),
        `${what}: "${option.doc}"`,
      );
      assert(option.takes !== "", `${what} does not say what it takes`);
      assertEquals(
        row.default,
        option.parts === undefined && option.default !== undefined ? option.print(option.default) : undefined,
      );
      assert(markdown.includes(`\`${name}\``), `${what} is not on its page`);
      for (const word of wordsOf(option).map(String)) {
        if (option.kind === "enum") assert(option.takes.includes(word), `${what} does not say that it takes "${word}"`);
      }
    }
  });

  Deno.test(`"${step.name}" has every option in the schema, with its doc and default, and samples for tests`, () => {
    for (const { keys, option } of leavesOf(step)) {
      const schema = schemaAt(step.name, keys), what = `"${keys.join(".")}" of "${step.name}"`;
      assertEquals([what, schema?.description], [what, option.doc]);
      if (option.parts === undefined && option.default !== undefined && option.kind !== "list") {
        assertEquals([what, String(schema!.default)], [what, option.print(option.default)]);
      }
      assert(rightValue(option) !== "" && wrongValues(option).length > 0, what);
    }
  });
}
