import { assertEquals } from "@std/assert";
import type { IssueCode, RecipeIssue } from "../../recipes/issue.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import type { Step } from "../../recipes/step.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";

/** The issues of a text; the recipe's path is `recipe.yaml`. */
export async function issuesOf(
  text: string,
  set: Record<string, string> = {},
  steps: readonly Step[] = STEPS,
): Promise<readonly RecipeIssue[]> {
  const { recipe, issues } = await parseRecipe(text, { path: "recipe.yaml", steps, set });
  assertEquals(recipe === undefined, issues.length > 0, "a recipe or issues, never both or neither");
  return issues;
}

/** Asserts that a text has exactly one issue, with this code and message, where `§` stands in it. */
export async function assertIssue(
  marked: string,
  code: IssueCode,
  message: string,
  help?: string,
  steps: readonly Step[] = STEPS,
): Promise<void> {
  const before = marked.slice(0, marked.indexOf("§")).split("\n");
  const issues = await issuesOf(marked.replace("§", ""), {}, steps);
  const { line, column } = issues[0] ?? {};
  assertEquals(
    { all: issues.map(({ code, message }) => [code, message]), line, column },
    { all: [[code, message]], line: before.length, column: before.at(-1)!.length + 1 },
  );
  if (help !== undefined) assertEquals(issues[0].help, help);
}

/** The valid recipe with one passage replaced. */
export function changed(passage: string, replacement: string): string {
  const first = RECIPE.indexOf(passage);
  assertEquals(first >= 0 && RECIPE.indexOf(passage, first + 1) < 0, true, `"${passage}" stands once in the recipe`);
  return RECIPE.replace(passage, () => replacement);
}
