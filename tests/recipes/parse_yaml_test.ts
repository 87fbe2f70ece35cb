import { assert, assertEquals } from "@std/assert";
import type { IssueCode } from "../../recipes/issue.ts";
import { parseRecipe } from "../../recipes/parse.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";
import { assertIssue, changed, issuesOf } from "./_issues.ts";
import { threadMs } from "../_thread_clock.ts";

const QUOTES = "In double quotes a backslash begins an escape, and";

/** Each: the text with `§` where the one issue stands, its code, its message, its help. */
const cases: [string, IssueCode, string, string?][] = [
  // characters
  ["§a".padEnd(2 ** 20 + 2), "file-too-large", "A recipe is at most 1 MiB of text: this file is larger"],
  [
    "§\ufffd\ufffdv\0e\0",
    "not-text",
    "A recipe is UTF-8 text: this file looks like UTF-16",
    "Save it with encoding UTF-8",
  ],
  ["§v\0e\0r\0", "not-text", "A recipe is UTF-8 text: this file looks like UTF-16"],
  ["version: 1\nname: a§\0b", "not-text", "A recipe is plain text: here is the control character U+0000"],
  ["version: 1\nname: a§\x1bb", "not-text", "A recipe is plain text: here is the control character U+001B"],
  [
    "version: 1§\rname: a",
    "not-text",
    "A recipe is plain text: here is the control character U+000D",
    "End lines with a line feed",
  ],
  [
    "version: 1\nname: L§\ufffdcke",
    "not-text",
    "A recipe is UTF-8 text: this character is in another encoding",
    "Save it with encoding UTF-8",
  ],
  ["name: 💥§\ud800", "not-text", "A recipe is plain text: here is half of a character"],
  // indentation and depth
  [
    "steps:\n§\t- a\n\t- b",
    "tab-indentation",
    "Lines are indented with spaces: here is a tab",
    "Replace it with spaces, in one more line too",
  ],
  ["steps:\n  §\t- a", "tab-indentation", "Lines are indented with spaces: here is a tab"],
  ["steps:\n  -§\ta: 1", "tab-indentation", "Lines are indented with spaces: here is a tab"],
  [
    `a: ${"[".repeat(63)}§[`,
    "too-deep",
    "Lists and maps nest at most 64 levels deep, and these go deeper",
    "Is a bracket left open?",
  ],
  [
    `${"- ".repeat(64)}§${"- ".repeat(9936)}`,
    "too-deep",
    "Lists and maps nest at most 64 levels deep, and these go deeper",
  ],
  [
    Array.from({ length: 66 }, (_, i) => `${" ".repeat(i)}${i === 64 ? "§" : ""}a:`).join("\n"),
    "too-deep",
    "Lists and maps nest at most 64 levels deep, and these go deeper",
    "Is a line indented too far?",
  ],
  // YAML we do not use
  ["a: 1\n§---\nb: 2", "several-documents", "A recipe is one YAML document: here a second one begins"],
  ["a: 1\n...\n§b: 2", "several-documents", "A recipe is one YAML document: here a second one begins"],
  [
    "§%YAML 1.1\n---\na: 1",
    "bad-yaml",
    'A line that begins with "%" is an instruction to the parser: recipes have none',
    "Delete the line",
  ],
  [
    changed("to: body", "to: §!!str body"),
    "yaml-tag",
    'Recipes have no tags, as the option says what a value is: here is "!!str"',
  ],
  [
    changed("parts: [left, right]", "parts: §!!seq [left, right]"),
    "yaml-tag",
    'Recipes have no tags, as the option says what a value is: here is "!!seq"',
  ],
  [
    changed("name: plate-cuirass", "name: §!!js/function 'x'"),
    "yaml-tag",
    'Recipes have no tags, as the option says what a value is: here is "!!js/function"',
  ],
  [
    changed("name: plate-cuirass", "name: §!<tag:yaml.org,2002:str> x"),
    "yaml-tag",
    'Recipes have no tags, as the option says what a value is: here is "!<tag:yaml.org,2002:str>"',
  ],
  [
    changed("name: plate-cuirass", "name: &a §! x"),
    "yaml-tag",
    'Recipes have no tags, as the option says what a value is: here is "!"',
  ],
  [changed("version: 1", "version: 1\n§<<: { name: x }"), "merge-key", 'Recipes have no merge keys, and "<<" is one'],
  ["§? [a]\n: b", "complex-key", "A key is plain text: here is another kind of value"].map((part, i) =>
    i === 0 ? "? §[a]\n: b" : part
  ) as [string, IssueCode, string],
  ["§[a]: b", "complex-key", "A key is plain text: here is another kind of value"],
  ["version: 1\n§{a: 1}: b", "complex-key", "A key is plain text: here is another kind of value"],
  [
    "version: 1\na: §*x",
    "bad-yaml",
    'An alias repeats what an anchor named before: there is no "&x" above "*x"',
    "Put quotes around it if the star is part of the text",
  ],
  ["version: 1\na: &x [b, §*x]", "cycle", "A value cannot contain itself: this alias stands inside what it names"],
  [
    changed("      to: body", "      to: body\n      §to: armor"),
    "duplicate-key",
    'A key stands once in a map: "to" is there already, in line 21',
    "Keep one of them",
  ],
  [
    changed("fitted: { mesh: armor, ", "fitted: { mesh: armor, §mesh: armor, "),
    "duplicate-key",
    'A key stands once in a map: "mesh" is there already, in line 41',
  ],
  [
    changed('file: "out/${variant}.glb"', "file: §out/${variant}.glb"),
    "bare-reference",
    'Inside { } and [ ], "${" needs quotes, as YAML takes its brace for a map',
    'Write "out/${variant}.glb"',
  ],
  [
    changed("reach: 0.5%bbox", "reach: §${clearance}"),
    "bare-reference",
    'Inside { } and [ ], "${" needs quotes, as YAML takes its brace for a map',
    'Write "${clearance}"',
  ],
  // YAML that is none
  ["fit: §mesh: armor", "bad-yaml", "A map cannot begin behind a key on the same line: here is a second colon"],
  [
    "a:\n  b: 1\n §c: 2",
    "bad-yaml",
    "Lines that belong together begin in the same column: this one begins in column 2",
    "Indent it by 0 or 2 spaces, as the lines above it are",
  ],
  [
    "steps:\n - a: 1\n   b: 2\n  §c: 3",
    "bad-yaml",
    "Lines that belong together begin in the same column: this one begins in column 3",
  ],
  [
    "a: b\n  §c: d",
    "bad-yaml",
    "The key in line 1 has a value already: this line is indented as if it belonged to it as well",
  ],
  ["a: §[1, 2", "bad-yaml", 'This "[" is not closed before the text ends', "Put ] where it ends"],
  [
    "steps:\n  - fit: §{ mesh: armor\n  - smooth: { mesh: armor }",
    "bad-yaml",
    'This "{" is not closed before line 3 begins',
  ],
  ["a: {x: 1, y: 2§]", "bad-yaml", '"{" in line 1 is closed by "}": here is "]"', "Write }"],
  ['a: §"x\nb: 1', "bad-yaml", "This quote is not closed before line 2 begins"],
  ['a:\n  - b\n  - §"x', "bad-yaml", "The text that begins with this quote never ends", 'Put another " where it ends'],
  [
    "a: 'it'§s'",
    "bad-yaml",
    "The quoted text ends before this: nothing can follow it",
    "Write a quote inside single quotes twice: 'it''s'",
  ],
  ["a: §@x", "bad-yaml", 'A value cannot begin with "@"', 'Put it in quotes: "@x"'],
  [
    'a: "C:§\\meshes\\x.glb"',
    "bad-yaml",
    `${QUOTES} "\\m" is none`,
    'Write "/" in paths, or put the text in single quotes',
  ],
  [
    "c: 1\n§a:b\nd: 2",
    "bad-yaml",
    "A line of a map is a key, a colon, a space and a value: this one is not",
    "Write a space after the colon",
  ],
  ["c: 1\n§foo", "bad-yaml", "A line of a map is a key, a colon, a space and a value: this one is not"],
  ["a:\n- b\n§-c\n- d", "bad-yaml", "An item of a list is a dash, a space and a value: here is no space"],
  ["b: 1\n§- a", "bad-yaml", "Here an item of a list stands among the keys of a map"],
  ["- a\n§b: 1", "bad-yaml", "This line belongs neither to the list nor to the map above it"],
  ["a: §- b", "bad-yaml", "A list with dashes begins on a line of its own"],
  ["a: {b: §1 c: 2}", "bad-yaml", "Inside { } and [ ], commas stand between the parts: here one is missing"],
  ["{a: 1,§, b: 2}", "bad-yaml", "Between this comma and what stands before it is no value"],
  ["a: [§, b]", "bad-yaml", "Between this comma and what stands before it is no value"],
  ["a: [b, # c\n  §, d]", "bad-yaml", "Between this comma and what stands before it is no value"],
  ["{a: 1, b: §: 2}", "bad-yaml", "A colon stands behind a key: before this one is none"],
  ["a: §]", "bad-yaml", '"]" closes nothing that is open'],
  ["a: | §foo\n  x", "bad-yaml", 'Text behind "|" or ">" begins on the next line'],
  ["a: {b: 1} §c", "bad-yaml", 'What begins with a bracket ends with it: nothing can follow "}"'],
  ["a: &x §&y b", "bad-yaml", "A value has at most one anchor: here is a second one"],
  ["a: §& b", "bad-yaml", '"&" is followed by the name of a value that is repeated: here is none'],
  ["b: &b x\na: *b §c", "bad-yaml", '"*" begins an alias, which is a whole value: here more follows it'],
];
for (const [marked, code, message, help] of cases) {
  Deno.test(`parseRecipe() refuses ${JSON.stringify(marked.slice(0, 40))} as ${code}`, () =>
    assertIssue(marked, code, message, help));
}

Deno.test("parseRecipe() refuses an alias bomb at once", async () => {
  const names = "abcdefghij";
  const levels = [...names].slice(1).map((name, i) => `${name}: &${name} [${Array(9).fill(`*${names[i]}`)}]`);
  const start = threadMs();
  await assertIssue(
    ["version: 1", "a: &a [x,x,x,x,x,x,x,x,x]", ...levels].join("\n").replace("[*d", "§[*d"),
    "too-many-values",
    "A recipe holds at most 20000 values, and with its aliases expanded this one holds more",
  );
  assert(threadMs() - start < 1000);
});

Deno.test("parseRecipe() refuses a chain of aliases that nests deeper than brackets may", async () => {
  const chain = Array.from({ length: 100 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`);
  const [issue, ...others] = await issuesOf(["a0: &a0 x", ...chain].join("\n"));
  assertEquals([issue.code, issue.line, others.length], ["too-deep", 65, 0]);
});

Deno.test("parseRecipe() reports every key that stands twice, and what else is wrong", async () => {
  const text = RECIPE.replace(
    "      to: body",
    "      to: body\n      to: armor\n      mesh: body\n      clarence: 8mm",
  ).replace("30deg", "30");
  assertEquals((await issuesOf(text)).map(({ code, line }) => [code, line]), [
    ["duplicate-key", 22],
    ["duplicate-key", 23],
    ["unknown-option", 24],
    ["unknown-unit", 26],
  ]);
});

Deno.test("parseRecipe() needs no environment, and leaves it as it was", async () => {
  const { process } = globalThis as unknown as { process: { env: unknown } };
  const before = process.env;
  await issuesOf("a: [");
  assertEquals(process.env === before, true);
});

Deno.test("parseRecipe() follows quotes, comments, text blocks and brackets so that none of them fakes a fault", async () => {
  const tricky = `# { [ " ' & ! \${x}
version: 1
name: it's "quoted" [in] {part} !not a & tag, 50% #sure
description: |
  \ttabs and \${braces} { [ " '
   <<: !!tag
     [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
inputs:
  a: "a [{#'.glb" # a "comment
  b: 'b "it''s" {.glb'
  c: { file: c-\${.glb } # {
`.replace("  c: { file: c-${.glb } # {\n", "") + `steps:
- smooth: {
    mesh: a, # a comment with ] and }
    "iterations": 1,
  }
- expect:
    mesh:
      a
    against: b
outputs: {
  o: {mesh: a, file: 'o.glb'}
}
`;
  assertEquals(await issuesOf(tricky), []);
});

Deno.test("parseRecipe() is not kept busy by long texts of anything", async () => {
  const head = "version: 1\ninputs: { a: a.glb }\nsteps: []\noutputs: {}\ndescription: ";
  const slow: [string, number][] = [];
  for (
    const unit of [
      "[",
      "{ ",
      "- ",
      "a: ",
      "? ",
      "'",
      '"',
      '"a" ',
      "&a ",
      "*a ",
      "! ",
      "!!str ",
      " #",
      "$",
      "${",
      "a\n",
      "k: v\n",
      "<<: a\n",
      ": ",
      "\\",
      "|\n",
    ]
  ) {
    const text = head + unit.repeat(Math.floor((2 ** 17 - head.length) / unit.length));
    const start = threadMs();
    await parseRecipe(text, { path: "r", steps: STEPS });
    // The limit is far above what any of them takes, and far below what a quadratic one would.
    if (threadMs() - start > 3000) slow.push([unit, threadMs() - start]);
  }
  assertEquals(slow, []);
});
