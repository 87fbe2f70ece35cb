import { assertEquals } from "@std/assert";
import { ISSUE_CODES, type IssueCode } from "../../recipes/issue.ts";
import { assertIssue, changed, issuesOf } from "./_issues.ts";
import { RECIPE } from "./_catalogue.ts";

const MIN = (steps: string, outputs = "o: { mesh: a, file: o.glb }", more = "") =>
  `version: 1\ninputs: { a: a.glb, b: b.glb }\n${more}steps:\n${steps}\noutputs: { ${outputs} }\n`;
const SMOOTH = "  - smooth: { mesh: a, iterations: 1 }\n  - expect: { mesh: a, against: b }";

/** Each: the text with `§` where the one issue stands, its code, its message, its help. */
const cases: [string, IssueCode, string, string?][] = [
  [
    "§",
    "empty-recipe",
    "A recipe says what to do: there is nothing in this file",
    "A recipe has version: 1, inputs, steps and outputs",
  ],
  ["§# only a comment", "empty-recipe", "A recipe says what to do: there is nothing in this file"],
  [
    "§just text",
    "bad-shape",
    "A recipe is a map that begins with version: 1: this file holds text",
    "Begin with version: 1",
  ],
  [
    "§version:1",
    "bad-shape",
    "A recipe is a map that begins with version: 1: this file holds text",
    'Write a space after the colon of "version:"',
  ],
  [
    "§name: x",
    "missing-key",
    "A recipe has version, inputs, steps and outputs: this file has none of them",
    "Begin with version: 1, then inputs, steps and outputs",
  ],
  [
    changed("version: 1", "version: §2"),
    "unknown-version",
    'This Meshtailor reads recipes of version 1: this one has version "2"',
  ],
  [
    changed("version: 1", "version: §1.0"),
    "unknown-version",
    'This Meshtailor reads recipes of version 1: this one has version "1.0"',
  ],
  [changed("version: 1", "§version:"), "no-value", '"version" has no value', "Write version: 1"],
  [changed("inputs:", "§input:"), "unknown-key", '"input" is not a part of a recipe: did you mean "inputs"?'],
  [changed("steps:", "§step:"), "unknown-key", '"step" is not a part of a recipe: did you mean "steps"?'],
  [changed("params:", "§parms:"), "unknown-key", '"parms" is not a part of a recipe: did you mean "params"?'],
  [changed("version: 1", "§Version: 1"), "unknown-key", '"Version" is not a part of a recipe: did you mean "version"?'],
  [changed("memory: { max", "memory: { §maxBytes"), "unknown-option", '"maxBytes" is not an option in "memory"'],
  [changed("version: 1", "version: 1\n§__proto__: { x: 1 }"), "unknown-key", '"__proto__" is not a part of a recipe'],
  [changed("version: 1", "version: 1\n§constructor: x"), "unknown-key", '"constructor" is not a part of a recipe'],
  // parameters
  [changed("type: length", "§tpye: length"), "unknown-key", '"tpye" is not part of a parameter: did you mean "type"?'],
  [
    changed("type: length", "type: §lenght"),
    "unknown-value",
    '"type" of parameter "clearance" takes one of its words: "lenght" is not one of them: did you mean "length"?',
  ],
  [
    changed("default: 6mm", "default: §6in"),
    "unknown-unit",
    '"default" of parameter "clearance" takes a length, such as 8mm or 0.5%bbox: "6in" has an unknown unit, "in"',
    "Write 0.1524m",
  ],
  [
    changed("default: 6mm", "default: §60mm"),
    "out-of-range",
    '"default" of parameter "clearance" must be from 0mm to 50mm: "60mm" is not',
  ],
  [
    changed("max: 50mm", "max: §-1mm"),
    "out-of-range",
    '"max" of parameter "clearance" must be at least its "min", "0mm": it is "-1mm"',
  ],
  [
    changed("min: 0mm", "min: §1%bbox"),
    "bad-value",
    '"min" of parameter "clearance" must be a length for every mesh: "1%bbox" depends on the mesh',
  ],
  [
    changed("{ type: boolean, default: false }", "{ type: boolean, default: false, §min: 1 }"),
    "bad-shape",
    '"min" is for parameters with a range: "hurry" is a boolean',
    "Leave it out",
  ],
  [
    changed("{ type: text, default: steel }", "{ type: text, default: steel, §values: [steel] }"),
    "bad-shape",
    '"values" is for parameters of type enum: "variant" is text',
  ],
  [
    changed(
      "  style: { type: enum, default: auto, values: [auto, none], doc: Parts }",
      "  §style: { type: enum, default: auto }",
    ),
    "missing-key",
    'Parameter "style" needs values, as it is an enum',
    "Add values: [first, second]",
  ],
  [
    changed("  hurry: { type: boolean, default: false }", "  §hurry: { type: boolean }"),
    "missing-parameter",
    'Parameter "hurry" has no value',
    "Give it one with --set hurry=…, or declare a default: it takes true or false",
  ],
  [
    changed("  hurry: { type: boolean, default: false }", "  hurry: §false"),
    "bad-shape",
    'Parameter "hurry" is declared with a map: it is text',
    "Write { type: …, default: false }",
  ],
  [
    changed("  hurry: { type: boolean, default: false }", "  §hurry: { default: false }"),
    "missing-key",
    'Parameter "hurry" needs a type',
  ],
  [
    changed("{ type: boolean, default: false }", "{ type: boolean, default: §$clearance }"),
    "bad-reference",
    '"default" of parameter "hurry" is written out: "$clearance" refers to a parameter',
    'Write "$$" for a dollar',
  ],
  [
    changed("if: $hurry", "if: true").replace("  hurry", "  §hurry"),
    "unused-parameter",
    'Nothing refers to parameter "hurry"',
    "Use it as a value, $hurry, or leave it out",
  ],
  [
    changed("rigid: $style", "rigid: §$stile"),
    "unknown-parameter",
    '"$stile" is not a parameter of this recipe: did you mean "$style"?',
  ],
  [
    changed("iterations: 12", "iterations: §$passes"),
    "unknown-parameter",
    '"$passes" is not a parameter of this recipe',
    'Declare it under params, or write "$$" for a dollar',
  ],
  [
    changed("iterations: 12", "iterations: §$clearance"),
    "wrong-kind",
    '"iterations" of "fit" takes a whole number from 1 to 1000: parameter "$clearance" is of type length',
    "Declare it with type: integer",
  ],
  [
    changed("[auto, none]", "[auto, none, some]").replace("rigid: ", "rigid: §"),
    "wrong-kind",
    '"rigid" of "fit" takes auto, none, all: parameter "$style" can be "some" as well',
    "Leave it out of the values of the parameter",
  ],
  [
    changed('"${variant}-parts"', "§$variant parts"),
    "bad-reference",
    'A dollar starts a reference to a parameter, which is a whole value: "$variant parts" is not',
    'Write "${variant}" in quotes for the parameter, "$$" for a dollar',
  ],
  [
    changed('"${variant}-parts"', "§5$"),
    "bad-reference",
    'A dollar starts a reference to a parameter, which is a whole value: "5$" is not',
    'Write "$$" for a dollar',
  ],
  [
    changed('"${variant}-parts"', '§"${1 + 1}"'),
    "bad-reference",
    'A reference holds the name of a parameter: "${1 + 1}" does not',
    'Nothing is computed in a recipe; write "$$" for a dollar',
  ],
  [
    changed("mesh: armor\n      to", "mesh: §$variant\n      to"),
    "wrong-kind",
    '"mesh" of "fit" takes a name, which is written out: "$variant" is a reference to a parameter',
  ],
  // inputs
  [
    changed("inputs:\n", "inputs: §[]\nx:\n").replace(/x:\n(.|\n)*steps/, "steps"),
    "bad-shape",
    '"inputs" is a map of names: it is a list',
  ],
  [
    "version: 1\ninputs: §{}\nsteps: []\noutputs: {}",
    "missing-key",
    "A recipe has at least one input: there is none",
    "Add one, such as body: body.glb",
  ],
  [changed("  body: body.glb", "  §body:"), "no-value", 'Input "body" has no file'],
  [
    changed("  body: body.glb", "  body: §[body.glb]"),
    "bad-shape",
    'Input "body" is a path, or a map with a file: it is a list',
    "Write { file: body.glb }",
  ],
  [
    changed("    node: Cuirass", "    §nodes: Cuirass"),
    "unknown-key",
    '"nodes" is not part of input "armor": did you mean "node"?',
    "An input has file, node, mesh, primitive, material and skin",
  ],
  [
    changed("    file: armors/plate.glb\n    node: Cuirass", "    node: Cuirass").replace("  armor:", "  §armor:"),
    "missing-key",
    'Input "armor" needs "file"',
  ],
  [
    changed("body: body.glb", "body: §C:\\body.glb"),
    "bad-path",
    '"file" of input "body" is written with "/": "C:\\body.glb" has a backslash',
    "Write C:/body.glb",
  ],
  [
    changed("body: body.glb", "body: §https://x.org/body.glb"),
    "bad-path",
    '"file" of input "body" is a path: "https://x.org/body.glb" is an address that starts with "https:"',
  ],
  [
    changed("body: body.glb", "body: §models/"),
    "bad-path",
    '"file" of input "body" names a file: "models/" is a folder',
  ],
  [
    changed("  body: body.glb", "  body: body.glb\n  §shoes: shoes.glb"),
    "unused-input",
    'No step and no output uses input "shoes"',
    "Use it, or leave it out",
  ],
  [
    changed("  body: body.glb", "  body: body.glb\n  §left shoe: shoes.glb"),
    "bad-name",
    'A name starts with a letter and has letters, digits, "-" and "_": "left shoe" is not one',
    "Write left-shoe",
  ],
  // steps
  [
    changed("- fit:", "- §fitt:"),
    "unknown-step",
    '"fitt" is not a step: did you mean "fit"?',
    "Steps are fit, smooth and expect",
  ],
  [
    MIN(`  - §smooth\n${SMOOTH}`),
    "bad-shape",
    'A step has options: "smooth" stands alone',
    "Write smooth: { mesh: … }",
  ],
  [MIN(`  - §smooth:\n${SMOOTH}`), "no-value", '"smooth" has no options', "Write smooth: { mesh: … }"],
  [
    MIN(`  - smooth: §a\n${SMOOTH}`),
    "bad-shape",
    'The options of "smooth" are a map: here is text',
    "Write smooth: { mesh: a }",
  ],
  [
    MIN(`  - §smooth:a\n${SMOOTH}`),
    "bad-shape",
    "A step is a map of its name to its options: it is text",
    'Write a space after the colon of "smooth:"',
  ],
  [MIN(`  - §\n${SMOOTH}`), "no-value", "A step is a name and its options: behind this dash is nothing"],
  [
    MIN(`  - §id: first\n${SMOOTH}`),
    "missing-key",
    'A step needs a name beside "id"',
    "Steps are fit, smooth and expect",
  ],
  [
    MIN(`  - smooth: { mesh: a, iterations: 1 }\n    §expect: { mesh: a, against: b }\n${SMOOTH}`),
    "several-steps",
    'An item of the list is one step: "smooth" and "expect" are two',
    'Start "expect" on a line with its own dash',
  ],
  [
    MIN(`  - smooth:\n    §mesh: a\n${SMOOTH}`),
    "misplaced-key",
    '"mesh" is an option of "smooth", but stands beside it',
    "Indent it by two more spaces",
  ],
  [
    MIN(`  - smooth: { mesh: a, iterations: 1 }\n    §with: x\n${SMOOTH}`),
    "unknown-key",
    '"with" cannot stand beside "smooth"',
    "Beside the name of a step stand id, if and as; its options stand behind its colon",
  ],
  [
    MIN(`  - smooth: { mesh: a, iterations: 1, §as: c }\n${SMOOTH}`),
    "misplaced-key",
    '"as" stands beside "smooth", not among its options',
    'Write it on a line of its own, where "smooth" begins',
  ],
  [
    MIN(SMOOTH).replace(/steps:(.|\n)*outputs/, "steps: §{ smooth: { mesh: b } }\noutputs"),
    "bad-shape",
    '"steps" is a list: it is a map',
    "Start each step with a dash: - smooth: { mesh: armor }",
  ],
  [MIN(SMOOTH).replace(/steps:(.|\n)*outputs/, "§steps:\noutputs"), "no-value", '"steps" has no value'],
  [changed("to: body\n", "§t: body\n"), "unknown-option", '"t" is not an option of "fit": did you mean "to"?'],
  [
    MIN(SMOOTH.replace("smooth", "§smooth").replace(", iterations: 1", "")),
    "missing-option",
    '"smooth" needs "iterations"',
    "Add iterations: Passes; it takes a whole number of at least 1",
  ],
  [
    MIN(SMOOTH.replace("smooth", "§smooth").replace("mesh: a, ", "")),
    "missing-option",
    '"smooth" needs "mesh"',
    "Add mesh: the name of the mesh that changes",
  ],
  [
    MIN(SMOOTH.replace("expect", "§expect").replace(", against: b", "")),
    "missing-option",
    '"expect" needs "against"',
    "Add against: The body",
  ],
  [
    MIN(SMOOTH.replace("iterations: 1", "§iterations:1")),
    "unknown-option",
    '"iterations:1" is not an option of "smooth": did you mean "iterations: 1"?',
  ],
  [
    MIN(`${SMOOTH}\n    id: x\n  - expect: { mesh: a, against: b }\n    id: §x`),
    "name-taken",
    'Every "id" is given once: "x" is taken by an earlier step',
  ],
  [MIN(`${SMOOTH}\n    if: §maybe`), "wrong-kind", '"if" of "expect" takes true or false: "maybe" is neither'],
  // meshes
  [
    MIN(SMOOTH.replace("mesh: a,", "mesh: §aa,")),
    "unknown-mesh",
    '"aa" is not a mesh of this recipe',
    "Meshes here are a and b",
  ],
  [
    MIN(SMOOTH.replace("against: b", "against: §a"), "o: { mesh: a, file: o.glb }, p: { mesh: b, file: p.glb }"),
    "same-mesh",
    '"against" of "expect" is another mesh than the one it works on: both are "a"',
  ],
  [
    MIN(
      `  - expect: { mesh: §c, against: b }\n${SMOOTH}\n  - smooth: { mesh: a, iterations: 1 }\n    as: c`,
      "o: { mesh: a, file: o.glb }, p: { mesh: c, file: p.glb }",
    ),
    "mesh-too-early",
    '"c" does not exist yet: step 4, "smooth", makes it',
    "Move that step up, or use another mesh",
  ],
  [
    MIN(
      `${SMOOTH}\n  - smooth: { mesh: a, iterations: 1 }\n    as: c\n    if: false\n  - expect: { mesh: §c, against: b }`,
    ),
    "mesh-too-early",
    '"c" does not exist, as the step that makes it is switched off by its "if"',
  ],
  [
    MIN(`${SMOOTH}\n  - smooth: { mesh: a, iterations: 1 }\n    as: §b`),
    "name-taken",
    '"as" gives a copy a new name: "b" is taken, as an input has it',
  ],
  [
    MIN(`${SMOOTH}\n    §as: c`, "o: { mesh: a, file: o.glb }, p: { mesh: c, file: p.glb }"),
    "misplaced-key",
    '"as" names the changed copy of a mesh: "expect" changes nothing',
    "Leave it out",
  ],
  [
    MIN(`${SMOOTH}\n  - smooth: { mesh: a, iterations: 1 }\n    as: §c`),
    "lost-result",
    'No output writes "c", and no step looks at it after "smooth"',
    "Add an output: c: { mesh: c, file: c.glb }",
  ],
  [
    MIN(SMOOTH.split("\n")[0].replace("mesh: a", "mesh: §b")),
    "lost-result",
    'No output writes "b", and no step looks at it after "smooth"',
  ],
  // outputs
  [
    changed("mesh: armor, file: out/armor.glb", "mesh: §armour, file: out/armor.glb"),
    "unknown-mesh",
    '"armour" is not a mesh of this recipe: did you mean "armor"?',
  ],
  [changed("fitted: { mesh: armor,", "§fitted: {"), "missing-key", 'Output "fitted" needs "mesh"'],
  [changed(", file: out/armor.glb", "").replace("fitted:", "§fitted:"), "missing-key", 'Output "fitted" needs "file"'],
  [
    changed("fitted: { mesh: armor, file: out/armor.glb }", "fitted: §out/armor.glb"),
    "bad-shape",
    'Output "fitted" is a map with a mesh and a file: it is text',
    "Write { mesh: fitted, file: out/armor.glb }",
  ],
  [
    changed("file: out/armor.glb", "file: §out/armor.obj"),
    "bad-path",
    '"file" of output "fitted" ends in .glb or .gltf: "out/armor.obj" does not',
    "Write out/armor.glb",
  ],
  [
    changed("file: out/armor.glb", "file: §out/armor.GLB"),
    "bad-path",
    '"file" of output "fitted" ends in .glb or .gltf: "out/armor.GLB" does not',
    "Write out/armor.glb",
  ],
  [
    changed("file: out/armor.glb", "file: §out/.glb"),
    "bad-path",
    '"file" of output "fitted" ends in .glb or .gltf: "out/.glb" does not',
    "Write out/fitted.glb",
  ],
  [
    changed("file: out/armor.glb", "file: §../armor.glb"),
    "bad-path",
    '"file" of output "fitted" stays in the output folder: "../armor.glb" leads out of it',
    "Name another folder with --out",
  ],
  [
    changed("file: out/armor.glb", "file: §a/../../armor.glb"),
    "bad-path",
    '"file" of output "fitted" stays in the output folder: "a/../../armor.glb" leads out of it',
  ],
  [
    changed("file: out/armor.glb", "file: §/tmp/armor.glb"),
    "bad-path",
    '"file" of output "fitted" is relative to the output folder: "/tmp/armor.glb" is absolute',
  ],
  [
    changed("file: out/armor.glb", "file: §C:/armor.glb"),
    "bad-path",
    '"file" of output "fitted" is relative to the output folder: "C:/armor.glb" is absolute',
  ],
  [
    changed("file: out/armor.glb", "file: §file:///armor.glb"),
    "bad-path",
    '"file" of output "fitted" is a path: "file:///armor.glb" is an address that starts with "file:"',
  ],
  [
    changed("file: out/armor.glb", "file: §a?.glb"),
    "bad-path",
    '"file" of output "fitted" is a name every system can write: "a?.glb" has one of < > : " | ? *',
  ],
  [
    changed("file: out/armor.glb", "file: ./x/../OUT/steel.glb").replace('"out/${', '§"out/${'),
    "same-file",
    'Every output has a file of its own: "smooth" and "fitted" both write "out/steel.glb"',
  ],
  [
    MIN(SMOOTH, "o: { mesh: a, file: o.glb, with: §b }"),
    "wrong-kind",
    '"with" of output "o" takes a list of meshes: it is text',
    "Write [b]",
  ],
  [MIN(SMOOTH, "o: { mesh: a, file: o.glb, §with: }"), "no-value", '"with" of output "o" has no value'],
  [
    MIN(SMOOTH, "o: { mesh: a, file: o.glb, with: [§c] }"),
    "unknown-mesh",
    '"c" is not a mesh of this recipe',
    "Meshes here are a and b",
  ],
  [
    MIN(SMOOTH, "o: { mesh: a, file: o.glb, with: [§a] }"),
    "same-mesh",
    'A mesh goes into a file once: "a" is in output "o" already',
  ],
  [
    MIN(SMOOTH, "o: { mesh: a, file: o.glb, with: [b, §b] }"),
    "same-mesh",
    'A mesh goes into a file once: "b" is in output "o" already',
  ],
  [
    MIN(SMOOTH, "o: { mesh: a, file: o.glb, with: [{ §b: c }] }").replace("{ §b", "§{ b"),
    "wrong-kind",
    'An item of "with" of output "o" takes a name: it is a map',
  ],
];
for (const [marked, code, message, help] of cases) {
  Deno.test(`check finds ${code}: ${message.slice(0, 70)}`, () => assertIssue(marked, code, message, help));
}

/** Codes of texts that are no YAML for us; parse_yaml_test.ts has them. */
const YAML_CODES: IssueCode[] = [
  "file-too-large",
  "not-text",
  "tab-indentation",
  "too-deep",
  "too-many-values",
  "bare-reference",
  "bad-yaml",
  "several-documents",
  "duplicate-key",
  "yaml-tag",
  "merge-key",
  "complex-key",
  "cycle",
];

/** Codes about selections; selections_test.ts has them. */
const SELECTION_CODES: IssueCode[] = ["unknown-selection", "selection-too-early", "other-mesh", "unused-selection"];

Deno.test("every code of an issue is in a test", () => {
  const tested = new Set<string>([...cases.map(([, code]) => code), ...YAML_CODES, ...SELECTION_CODES]);
  assertEquals(Object.keys(ISSUE_CODES).filter((code) => !tested.has(code)), []);
});

Deno.test("check reports every issue in one go, in the order of the text, each once", async () => {
  const text = RECIPE.replace("crease: 30deg", "crease: 30").replace("- expect:", "- expct:").replace(
    "type: boolean",
    "type: bool",
  )
    .replace("armor.glb }", "armor.obj }").replace("strength:", "strenght:");
  assertEquals((await issuesOf(text)).map(({ code, line }) => [code, line]), [
    ["unknown-value", 10],
    ["unknown-unit", 23],
    ["unknown-option", 24],
    ["unknown-step", 39],
    ["bad-path", 41],
  ]);
});

Deno.test("check names --set as the place of a value given there", async () => {
  const issues = await issuesOf(RECIPE, { clearence: "8mm", hurry: "yes", clearance: "80mm" });
  assertEquals(issues.map(({ place, code, message }) => [place, code, message]), [
    [
      "--set clearence=8mm",
      "unknown-parameter",
      '"clearence" is not a parameter of this recipe: did you mean "clearance"?',
    ],
    ["--set clearance=80mm", "out-of-range", 'Parameter "clearance" must be from 0mm to 50mm: "80mm" is not'],
    ["--set hurry=yes", "wrong-kind", 'Parameter "hurry" takes true or false: "yes" is neither: did you mean "true"?'],
  ]);
});

Deno.test("check says where a value out of an option's range comes from", async () => {
  const wide = RECIPE.replace("max: 50mm", "max: 2m");
  assertEquals((await issuesOf(wide, { clearance: "1m" })).map(({ message, line }) => [message, line]), [
    ['"clearance" of "fit" must be from 0mm to 0.5m: "1m", set by --set clearance=1m, is not', 22],
  ]);
  assertEquals((await issuesOf(wide.replace("6mm", "1m"))).map(({ message }) => message), [
    '"clearance" of "fit" must be from 0mm to 0.5m: "1m", the value of "$clearance", is not',
  ]);
});

Deno.test("check points into the anchor when an alias repeats a fault, and says it once", async () => {
  const text = MIN("  - smooth: &s { mesh: a, iteration: 1 }\n  - smooth: *s\n  - expect: { mesh: a, against: b }");
  assertEquals((await issuesOf(text)).map(({ code, line }) => [code, line]), [["unknown-option", 4]]);
});
