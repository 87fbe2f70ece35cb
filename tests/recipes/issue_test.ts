import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatIssue, RecipeError, type RecipeIssue } from "../../recipes/issue.ts";

const issue: RecipeIssue = {
  code: "unknown-option",
  message: '"clearence" is not an option of "fit": did you mean "clearance"?',
  path: [],
  at: "key",
  line: 2,
  column: 10,
  endColumn: 19,
  help: '"fit" takes mesh, to and clearance',
};
const text = "steps:\n- fit: { clearence: 8mm }\n";

Deno.test("formatIssue() shows place, sentence, line, caret and help", () => {
  assertEquals(
    formatIssue(issue, { path: "recipe.yaml", text }),
    `recipe.yaml:2:10: error[unknown-option]: "clearence" is not an option of "fit": did you mean "clearance"?
  2 | - fit: { clearence: 8mm }
    |          ^^^^^^^^^
    = help: "fit" takes mesh, to and clearance`,
  );
});

Deno.test("formatIssue() with colour says the same", () => {
  const coloured = formatIssue(issue, { path: "recipe.yaml", text, color: true });
  // deno-lint-ignore no-control-regex -- colours are what is taken out
  assertEquals(coloured.replaceAll(/\x1b\[\d+m/g, ""), formatIssue(issue, { path: "recipe.yaml", text }));
  assertStringIncludes(coloured, "\x1b[31m");
});

Deno.test("formatIssue() names a place outside the file, and shows no line of it", () => {
  const { help: _, ...rest } = issue;
  assertEquals(
    formatIssue({ ...rest, place: "--set clearence=8mm" }, { path: "recipe.yaml", text }),
    '--set clearence=8mm: error[unknown-option]: "clearence" is not an option of "fit": did you mean "clearance"?',
  );
});

Deno.test("formatIssue() cuts a window out of a long line", () => {
  const long = `${"x".repeat(500_000)}WRONG${"y".repeat(500_000)}`;
  const shown = formatIssue({ ...issue, line: 1, column: 500_001, endColumn: 500_006 }, { path: "r", text: long });
  const [, source, carets] = shown.split("\n");
  assert(source.length < 120);
  assertEquals(source.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1), "WRONG");
});

Deno.test("formatIssue() lets nothing through that a terminal would act on", () => {
  const shown = formatIssue({ ...issue, line: 1, column: 1 }, { path: "r", text: "\x1b[2J\u202e\tclearence\r\nnext" });
  // deno-lint-ignore no-control-regex -- they are what is looked for
  assert(!/[\x00-\x09\x0b-\x1f\u202e]/.test(shown), JSON.stringify(shown));
});

Deno.test("formatIssue() stays calm about places that are not there", () => {
  for (const [line, column] of [[1, 1], [2, 99], [99, 1], [3, 5]]) {
    formatIssue({ ...issue, line, column, endColumn: 200 }, { path: "r", text: "\ufeffa\nb" });
  }
});

Deno.test("RecipeError shows the first three issues and counts the rest", () => {
  const error = new RecipeError(Array(5).fill(issue), { path: "recipe.yaml", text });
  assertEquals([error.name, error.issues.length], ["RecipeError", 5]);
  assertEquals(error.message.match(/error\[/g)?.length, 3);
  assertStringIncludes(error.message, "… and 2 more");
});
