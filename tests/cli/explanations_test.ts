import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ALL_CODES, explainCode } from "../../cli/explain_code.ts";
import { BASE, completed, EXPLANATIONS } from "../../cli/explanations.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import { run } from "./_in_process.ts";

Deno.test("every code is explained, and none that there is not", () => {
  assertEquals(Object.keys(EXPLANATIONS).sort(), Object.keys(ALL_CODES).sort());
  for (const code of Object.keys(ALL_CODES)) assert(/^[a-z]+(-[a-z]+)*$/.test(code), code);
});

Deno.test("the recipe that examples are put into is sound", async () => {
  assertEquals((await parseRecipe(BASE, { path: "base.yaml" })).issues, []);
});

for (const [code, { wrong }] of Object.entries(EXPLANATIONS)) {
  if (wrong === undefined) continue;
  Deno.test(`the example for ${code} has that fault and no other`, async () => {
    const { issues } = await parseRecipe(completed(wrong), { path: "example.yaml" });
    assertEquals(issues.map((issue) => issue.code), [code], completed(wrong));
  });
}

Deno.test("help CODE explains a code with an example and its answer, and suggests the one that was meant", async () => {
  for (const code of Object.keys(ALL_CODES)) {
    const { code: exit, stdout, stderr } = await run(["help", code]);
    assertEquals([exit, stderr], [0, ""]);
    const { why, issue } = await explainCode(code);
    const text = stdout.replaceAll(/\s+/g, " ");
    for (
      const part of [
        `${code}: ${ALL_CODES[code]}`,
        why,
        ...issue === undefined ? [] : [issue.message, issue.help ?? ""],
      ]
    ) {
      assertStringIncludes(text, part.replaceAll(/\s+/g, " "));
    }
    assert(stdout.split("\n").every((line) => line.length <= 100), code);
  }
  const { code, stderr } = await run(["help", "lost-reslt"]);
  assertEquals([code, stderr], [
    2,
    'error: Cannot help with "lost-reslt" as it is neither a verb nor the code of a message: did you mean "lost-result"?',
  ]);
});
