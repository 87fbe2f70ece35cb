import { assert, assertEquals } from "@std/assert";
import { formatIssue } from "../../recipes/issue.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";
import { mutate, seeded } from "./_mutate.ts";

for (const seed of [1, 2, 3, 4]) { // the seed is in the name, so a failure can be repeated
  Deno.test(`parseRecipe() gives a recipe or issues with places for 500 broken texts, seed ${seed}`, async () => {
    const random = seeded(seed);
    for (let i = 0; i < 500; i++) {
      const text = mutate(RECIPE, random);
      const { recipe, issues } = await parseRecipe(text, { path: "recipe.yaml", steps: STEPS });
      assertEquals(recipe === undefined, issues.length > 0, text);
      const lines = text.split("\n");
      for (const issue of issues) {
        const length = lines[issue.line - 1]?.length ?? -1;
        assert(
          issue.column >= 1 && issue.column <= length + 1,
          `${issue.line}:${issue.column} ${issue.message}\n${text}`,
        );
        assert(issue.endColumn === undefined || issue.endColumn > issue.column, `${issue.message}\n${text}`);
        assert(/^[A-Z"]/.test(issue.message) && !issue.message.endsWith("."), issue.message);
        assert(!/\bundefined\b|\[object|NaN/.test(issue.message.replaceAll(/"[^"]*"/g, "")), issue.message);
        formatIssue(issue, { path: "recipe.yaml", text, color: true });
      }
    }
  });
}
