import { assert, assertEquals } from "@std/assert";
import type { Option } from "../../recipes/options.ts";
import { issuesOf } from "./_issues.ts";
import { STEPS } from "./_catalogue.ts";

/** For every kind: a value that is right, some of the wrong kind, some out of range for the catalogue's options. */
const SAMPLES: Record<string, { right: string; wrong: string[]; out: string[] }> = {
  length: { right: "8mm", wrong: ["thick", "8 mm", "8deg", "[8mm]", "{ a: b }", "", "''"], out: ["-1mm", "2m"] },
  angle: { right: "30deg", wrong: ["30", "steep", "30mm", "[30deg]", "{ a: b }", ""], out: ["-1deg", "181deg"] },
  ratio: { right: "40%", wrong: ["half", "40pct", "[0.4]", "{ a: b }", ""], out: ["-0.1", "101%"] },
  number: {
    right: "0.5",
    wrong: ["much", "0x1F", "1_0", "0.5mm", ".nan", "[1]", "{ a: b }", ""],
    out: ["-1.5", "1.5"],
  },
  integer: { right: "4", wrong: ["four", "1.5", "017", "[4]", "{ a: b }", ""], out: ["0", "1001"] },
  boolean: { right: "true", wrong: ["yes", "no", "True", "1", "[true]", "{ a: b }", ""], out: [] },
  enum: { right: "none", wrong: ["nome", "NONE", "[none]", "{ a: b }", ""], out: [] },
  text: { right: "skin", wrong: ["[skin]", "{ a: b }", "", "''"], out: [] },
  memory: { right: "2MiB", wrong: ["lots", "2", "2MB", "[2MiB]", "{ a: b }", ""], out: ["1073741825KiB"] },
  time: { right: "5s", wrong: ["long", "5", "5h", "[5s]", "{ a: b }", ""], out: ["2min", "-1s"] },
  list: { right: "[left]", wrong: ["left", "{ a: b }", ""], out: [] },
  group: { right: "{}", wrong: ["left", "[left]", ""], out: [] },
};

const body = (step: string, lines: string[]) =>
  `version: 1
inputs: { armor: armor.glb, body: body.glb }
steps:
  - ${step}:
${lines.map((line) => `      ${line}`).join("\n")}
  - expect: { mesh: armor, against: body }
outputs:
  fitted: { mesh: armor, file: armor.glb }
`;

/** The lines of a step that sets what it has to, and one option to a value. */
function recipeWith(name: string, key: string, value: string): { text: string; line: number } {
  const step = STEPS.find((step) => step.name === name)!;
  const consults = Object.keys(step.consults).filter((key) => !step.consults[key].optional);
  const required = Object.entries(step.options as Record<string, Option>).filter(([other, option]) =>
    option.required && other !== key
  );
  const lines = [
    "mesh: armor",
    ...consults.map((consult) => `${consult}: body`),
    ...required.map(([other, option]) => `${other}: ${SAMPLES[option.kind].right}`),
  ];
  return { text: body(name, [...lines, `${key}: ${value}`.trimEnd()]), line: 5 + lines.length };
}

const options = STEPS.flatMap(({ name, options }) =>
  Object.entries(options as Record<string, Option>).map(([key, option]) => ({ name, key, option }))
);

for (const { name, key, option } of options) {
  const { right, wrong, out } = SAMPLES[option.kind];

  Deno.test(`check takes "${key}" of "${name}"`, async () => {
    assertEquals(await issuesOf(recipeWith(name, key, right).text), []);
  });

  Deno.test(`check finds "${key}" of "${name}" misspelt`, async () => {
    for (const misspelt of [`${key}x`, key.slice(1), `${key[1]}${key[0]}${key.slice(2)}`, key.toUpperCase()]) {
      const { text, line } = recipeWith(name, key, right);
      const wrongKey = text.replace(`      ${key}:`, `      ${misspelt}:`);
      const issues = await issuesOf(wrongKey);
      assertEquals(
        issues.map(({ code, line, column }) => [code, line, column]),
        [["unknown-option", line, 7]],
        wrongKey,
      );
      assert(issues[0].message.endsWith(`did you mean "${key}"?`), issues[0].message);
    }
  });

  Deno.test(`check finds wrong kinds for "${key}" of "${name}"`, async () => {
    for (const value of wrong) {
      const { text, line } = recipeWith(name, key, value);
      const issues = await issuesOf(text);
      const column = value === "" ? 7 : 7 + key.length + 2;
      assertEquals(
        issues.map(({ line, column }) => [line, column]),
        [[line, column]],
        `${value}: ${JSON.stringify(issues)}`,
      );
      assert(
        ["wrong-kind", "unknown-unit", "unknown-value", "no-value", "bad-value"].includes(issues[0].code),
        issues[0].code,
      );
    }
  });

  if (out.length > 0 && key !== "reach") {
    Deno.test(`check finds "${key}" of "${name}" out of range`, async () => {
      const isFree = name === "smooth" ? ["1001"] : [];
      for (const value of out.filter((value) => !isFree.includes(value))) {
        const { text, line } = recipeWith(name, key, value);
        assertEquals((await issuesOf(text)).map(({ code, line, column }) => [code, line, column]), [[
          "out-of-range",
          line,
          7 + key.length + 2,
        ]]);
      }
    });
  }

  if (option.required) {
    Deno.test(`check finds "${key}" of "${name}" missing`, async () => {
      const { text } = recipeWith(name, key, right);
      const issues = await issuesOf(text.replace(new RegExp(`\n {6}${key}: .*`), ""));
      assertEquals(issues.map(({ code, line, column }) => [code, line, column]), [["missing-option", 4, 5]]);
    });
  }
}
