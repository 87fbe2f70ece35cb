import { assertEquals } from "@std/assert";
import { parseRecipe } from "../../recipes/parse.ts";
import {
  angle,
  boolean,
  integer,
  length,
  memory,
  number,
  type OptionContext,
  Problem,
  ratio,
  time,
} from "../../recipes/options.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { completed } from "../../cli/explanations.ts";
import { TEMPLATES } from "../../cli/new_command.ts";
import { stepPage } from "../../cli/step_page.ts";
import { ROOT } from "../../tools/_checkout.ts";
import { docPages } from "../../tools/docs.ts";

Deno.test("docs are what their definitions and real runs say", async () => {
  for (const [path, text] of await docPages()) {
    const committed = (await Deno.readTextFile(new URL(path, ROOT)).catch(() => "")).split("\n");
    const made = text.split("\n");
    const line = made.findIndex((line, i) => line !== committed[i]);
    const differs = `${path} differs in line ${line + 1}: run deno task docs`;
    assertEquals(committed[line], made[line], differs);
    assertEquals(committed.length, made.length, differs);
  }
});

Deno.test("docs have a page for every step and none for another", async () => {
  const pages: string[] = [];
  for await (const { name } of Deno.readDir(new URL("docs/steps/", ROOT))) pages.push(name);
  assertEquals(pages.sort(), ["README.md", ...BUILT_IN_STEPS.map(({ name }) => `${name}.md`)].sort());
});

/** What a fragment cannot help. */
const PASSED = ["unused-input", "unused-parameter", "lost-result"];

async function codesOf(text: string): Promise<string[]> {
  const { issues } = await parseRecipe(text, { path: "fragment.yaml", steps: BUILT_IN_STEPS });
  return issues.map(({ code }) => code).filter((code) => !PASSED.includes(code));
}

for (const page of ["language.md"]) {
  Deno.test(`docs/${page}: every fragment is right, or wrong as its comments say`, async () => {
    const text = await Deno.readTextFile(new URL(`docs/${page}`, ROOT));
    const fragments = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, fragment]) => fragment);
    assertEquals(fragments.length > 0, true);
    for (const fragment of fragments) {
      const expected = [...fragment.matchAll(/# ([a-z]+-[a-z-]+)$/gm)].map(([, code]) => code);
      assertEquals({ fragment, codes: await codesOf(completed(fragment)) }, { fragment, codes: expected });
    }
  });
}

Deno.test("docs/language.md: every value of its table is read by its kind", async () => {
  const definition = { doc: "", min: -Infinity };
  const kinds = {
    length: length(definition),
    angle: angle(definition),
    ratio: ratio({ doc: "" }),
    number: number(definition),
    integer: integer(definition),
    boolean: boolean({ doc: "" }),
    memory: memory({ doc: "" }),
    time: time({ doc: "" }),
  };
  const context: OptionContext = { subject: "value", resolve: (text) => ({ text }), inside: () => context };
  const text = await Deno.readTextFile(new URL("docs/language.md", ROOT));
  const rows = [...text.matchAll(/^\| (\w+) +\| (`.*?`) +\|/gm)];
  assertEquals(new Set(rows.map(([, kind]) => kind)), new Set(Object.keys(kinds)));
  for (const [, kind, written] of rows) {
    for (const [, value] of written.matchAll(/`([^`]+)`/g)) {
      assertEquals([value, kinds[kind as keyof typeof kinds].parse(value, context) instanceof Problem], [value, false]);
    }
  }
});

Deno.test("steps: the examples of every page can be copied into a recipe", async () => {
  for (const step of BUILT_IN_STEPS) {
    const { example, fullExample } = stepPage(step);
    for (const lines of [example, fullExample].filter((lines) => lines.length > 0)) {
      const steps = lines.map((line) => `  ${line}\n`).join("");
      assertEquals(await codesOf(completed(`steps:\n${steps}`)), [], lines.join("\n"));
    }
  }
});

for (const [name, text] of Object.entries(TEMPLATES)) {
  Deno.test(`new ${name}: the template is a recipe without a fault`, async () => {
    const { recipe, issues } = await parseRecipe(text, { path: "new.yaml", steps: BUILT_IN_STEPS });
    assertEquals([issues, recipe?.name], [[], name]);
  });
}
