import { parseRecipe } from "../../recipes/parse.ts";
import { formatIssue } from "../../recipes/issue.ts";
import { STEPS } from "./_catalogue.ts";
for (
  const text of [
    'a: 2\nb: "x\nb: 1\nc: 2',
    "steps:\n  - fit: { mesh: armor, to: body\n  - smooth: { mesh: armor }\noutputs: {}",
    "a: {\n}\nversion: 2",
    "a: {\n  b: [\n  ]\n}\nversion: 2",
    'a: "x\n\n  y"\nversion: 2',
    "steps: [\n{a: b}\n]\nversion: 2",
    "{\nversion: 2\n}",
    "- [[[[\n" + "[".repeat(70),
  ]
) {
  const { issues } = await parseRecipe(text, { path: "r", steps: STEPS });
  console.log("-----", JSON.stringify(text.slice(0, 80)));
  for (const i of issues.slice(0, 3)) console.log(formatIssue(i, { path: "r", text, color: false }));
}
