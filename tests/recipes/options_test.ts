import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  angle,
  boolean,
  group,
  integer,
  length,
  list,
  memory,
  number,
  oneOf,
  type Option,
  optional,
  type OptionContext,
  Problem,
  ratio,
  type RecipeNode,
  RelativeLength,
  resolveLengths,
  text,
  time,
} from "../../recipes/options.ts";

const context: OptionContext = {
  subject: '"key" of "step"',
  resolve: (text) => ({ text }),
  inside: (key) => ({ ...context, subject: `"key.${key}" of "step"` }),
};

function read(option: Option, node: RecipeNode): unknown {
  const value = option.parse(node, context);
  return value instanceof Problem ? value.faults.map(({ code, message, help }) => [code, message, help]) : value;
}

const doc = "For tests";
const values: [string, Option, string, unknown][] = [
  ["length", length({ doc }), "8mm", 0.008],
  ["length", length({ doc }), "0.1mm", 0.0001],
  ["length", length({ doc }), "0.5cm", 0.005],
  ["length", length({ doc }), "0.01m", 0.01],
  ["length", length({ doc }), "0.01", 0.01],
  ["length", length({ doc }), "-3mm", -0.003],
  ["length", length({ doc }), "1e-3", 0.001],
  ["length", length({ doc }), "5e1mm", 0.05],
  ["angle", angle({ doc }), "180deg", Math.PI],
  ["angle", angle({ doc }), "0.5rad", 0.5],
  ["ratio", ratio({ doc }), "40%", 0.4],
  ["ratio", ratio({ doc }), "0.4", 0.4],
  ["ratio", ratio({ doc, max: 2 }), "130%", 1.3],
  ["number", number({ doc }), "-3", -3],
  ["number", number({ doc }), "1e-3", 0.001],
  ["number", number({ doc }), "-0", 0],
  ["number", number({ doc }), "1e-99999999999999999999", 0],
  ["integer", integer({ doc }), "42", 42],
  ["boolean", boolean({ doc }), "true", true],
  ["boolean", boolean({ doc }), "false", false],
  ["enum", oneOf(["auto", "none"], { doc }), "none", "none"],
  ["text", text({ doc }), "017", "017"],
  ["memory", memory({ doc }), "256MiB", 256 * 2 ** 20],
  ["memory", memory({ doc }), "1.5KiB", 1536],
  ["time", time({ doc }), "30s", 30_000],
  ["time", time({ doc }), "2min", 120_000],
  ["time", time({ doc }), "5ms", 5],
];
for (const [kind, option, written, value] of values) {
  Deno.test(`${kind}() reads "${written}" as ${value}`, () => {
    assertEquals(option.kind, kind);
    assertEquals(read(option, written), value);
  });
}

const LENGTH = '"key" of "step" takes a length, such as 8mm or 0.5%bbox';
const NUMBER = '"key" of "step" takes a number, such as 0.5';
const WHOLE = '"key" of "step" takes a whole number, such as 4';
const problems: [Option, RecipeNode, string, string, string | undefined][] = [
  [length({ doc }), "8 mm", "wrong-kind", `${LENGTH}: "8 mm" has a space before its unit`, "Write 8mm"],
  [
    length({ doc }),
    "8MM",
    "unknown-unit",
    `${LENGTH}: "8MM" has an unknown unit, "MM": did you mean "8mm"?`,
    undefined,
  ],
  [
    length({ doc }),
    "5%",
    "unknown-unit",
    `${LENGTH}: "5%" has an unknown unit, "%": did you mean "5%bbox"?`,
    undefined,
  ],
  [length({ doc }), "2in", "unknown-unit", `${LENGTH}: "2in" has an unknown unit, "in"`, "Write 50.8mm"],
  [
    length({ doc }),
    "30deg",
    "unknown-unit",
    `${LENGTH}: "30deg" has an unknown unit, "deg"`,
    "Lengths are written with mm, cm, m or %bbox",
  ],
  [length({ doc }), "8,5mm", "wrong-kind", `${LENGTH}: "8,5mm" has a comma`, "Write 8.5mm"],
  [length({ doc }), "thick", "wrong-kind", `${LENGTH}: "thick" is not a number`, undefined],
  [length({ doc }), "constructor", "wrong-kind", `${LENGTH}: "constructor" is not a number`, undefined],
  [
    length({ doc }),
    "8constructor",
    "unknown-unit",
    `${LENGTH}: "8constructor" has an unknown unit, "constructor"`,
    "Lengths are written with mm, cm, m or %bbox",
  ],
  [length({ doc }), ["8mm"], "wrong-kind", `${LENGTH}: it is a list`, undefined],
  [
    length({ doc, default: 0.005 }),
    null,
    "no-value",
    '"key" of "step" has no value',
    "Write a length after the colon, or leave the key out for 5mm",
  ],
  [
    length({ doc, min: 0, max: 0.05 }),
    "80mm",
    "out-of-range",
    '"key" of "step" must be from 0mm to 50mm: "80mm" is not',
    undefined,
  ],
  [
    length({ doc, min: 0 }),
    "-1%bbox",
    "out-of-range",
    '"key" of "step" must be at least 0mm: "-1%bbox" is not',
    undefined,
  ],
  [
    angle({ doc }),
    "30",
    "unknown-unit",
    '"key" of "step" takes an angle, such as 30deg: "30" has no unit',
    "Write 30deg or 30rad",
  ],
  [
    angle({ doc }),
    "30°",
    "unknown-unit",
    '"key" of "step" takes an angle, such as 30deg: "30°" has an unknown unit, "°": did you mean "30deg"?',
    undefined,
  ],
  [ratio({ doc }), "140%", "out-of-range", '"key" of "step" must be from 0% to 100%: "140%" is not', undefined],
  [number({ doc }), "0x1F", "wrong-kind", `${NUMBER}: "0x1F" is not decimal`, "Write 31"],
  [number({ doc }), "0o17", "wrong-kind", `${NUMBER}: "0o17" is not decimal`, "Write 15"],
  [
    number({ doc }),
    "017",
    "wrong-kind",
    `${NUMBER}: "017" starts with a zero, which some tools read as octal`,
    "Write 17",
  ],
  [number({ doc }), "1_000", "wrong-kind", `${NUMBER}: "1_000" has an underscore`, "Write 1000"],
  [number({ doc }), ".inf", "wrong-kind", `${NUMBER}: ".inf" is not finite`, undefined],
  [number({ doc }), "NaN", "wrong-kind", `${NUMBER}: "NaN" is not finite`, undefined],
  [number({ doc }), "1e400", "wrong-kind", `${NUMBER}: "1e400" is too large for a number`, undefined],
  [number({ doc }), ".5", "wrong-kind", `${NUMBER}: ".5" is not written in full`, "Write 0.5"],
  [number({ doc }), "+3", "wrong-kind", `${NUMBER}: "+3" is not written in full`, "Write 3"],
  [number({ doc }), "5mm", "unknown-unit", `${NUMBER}: "5mm" has a unit, and this has none`, "Write 5"],
  [number({ doc }), "", "wrong-kind", `${NUMBER}: "" is empty`, undefined],
  [number({ doc }), "~", "wrong-kind", `${NUMBER}: "~" is not a number`, undefined],
  [integer({ doc }), "1.5", "wrong-kind", `${WHOLE}: "1.5" is not whole`, undefined],
  [integer({ doc }), "1e3", "wrong-kind", `${WHOLE}: "1e3" is not written as one`, undefined],
  [integer({ doc, max: 9 }), "10", "out-of-range", '"key" of "step" must be at most 9: "10" is not', undefined],
  [
    boolean({ doc }),
    "no",
    "wrong-kind",
    '"key" of "step" takes true or false: "no" is neither: did you mean "false"?',
    undefined,
  ],
  [
    boolean({ doc }),
    "True",
    "wrong-kind",
    '"key" of "step" takes true or false: "True" is neither: did you mean "true"?',
    undefined,
  ],
  [
    oneOf(["auto", "none"], { doc }),
    "atuo",
    "unknown-value",
    '"key" of "step" takes one of auto, none: "atuo" is not one of them: did you mean "auto"?',
    undefined,
  ],
  [text({ doc }), "", "bad-value", '"key" of "step" takes text: "" is empty', undefined],
  [text({ doc }), new Map(), "wrong-kind", '"key" of "step" takes text: it is a map', undefined],
  [
    memory({ doc }),
    "256MB",
    "unknown-unit",
    '"key" of "step" takes an amount of memory, such as 256MiB: "256MB" has an unknown unit, "MB": did you mean "256MiB"?',
    undefined,
  ],
  [
    time({ doc }),
    "30",
    "unknown-unit",
    '"key" of "step" takes a time, such as 30s: "30" has no unit',
    "Write 30ms, 30s or 30min",
  ],
  [list(text({ doc }), { doc }), "left", "wrong-kind", '"key" of "step" takes a list: it is text', "Write [left]"],
  [
    list(integer({ doc }), { doc }),
    ["1", "x"],
    "wrong-kind",
    '"key.1" of "step" takes a whole number, such as 4: "x" is not a number',
    undefined,
  ],
];
for (const [option, node, code, message, help] of problems) {
  Deno.test(`${option.kind}() refuses ${JSON.stringify(node)} as ${code}`, () => {
    assertEquals(read(option, node), [[code, message, help]]);
  });
}

Deno.test("length() keeps a share of the bounds until a mesh is known", () => {
  const reach = read(length({ doc, min: 0, max: 0.1 }), "0.5%bbox");
  assert(reach instanceof RelativeLength);
  assertEquals([reach.fractionOfBounds, reach.print()], [0.005, "0.5%bbox"]);
  const options = { reach, near: { of: [reach, "word"] }, count: 3 };
  assertEquals<unknown>(resolveLengths(options, 2), { reach: 0.01, near: { of: [0.01, "word"] }, count: 3 });
  assertThrows(
    () => resolveLengths(options, 200),
    RangeError,
    'Cannot use 0.5%bbox as the length must be from 0mm to 0.1m: for this mesh it is 1m (option "reach")',
  );
});

Deno.test("resolveLengths() hands back the same object where nothing is relative", () => {
  const options = { reach: 0.01, limits: { depth: 1 }, parts: ["a"] };
  assert(resolveLengths(options, 2) === options);
});

Deno.test("group() fills in the defaults of its parts, and reports every part that is wrong", () => {
  const limits = group({ p99: number({ default: 2, doc }), depth: optional(length({ min: 0, doc })) }, { doc });
  assertEquals<unknown>(limits.default, { p99: 2, depth: undefined });
  assertEquals(read(limits, new Map([["depth", "2mm"]])), { p99: 2, depth: 0.002 });
  const wrong = limits.parse(new Map([["p98", "1"], ["depth", "-2mm"]]), context);
  assert(wrong instanceof Problem);
  assertEquals(wrong.faults.map(({ code, path, at }) => [code, path, at]), [
    ["unknown-option", ["p98"], "key"],
    ["out-of-range", ["depth"], "value"],
  ]);
});

Deno.test("group() is required when one of its parts is, and names the part that is missing", () => {
  const limits = group({ max: length({ doc: "Deepest point" }) }, { doc });
  assertEquals([limits.required, limits.default], [true, undefined]);
  assertEquals(read(limits, new Map()), [[
    "missing-option",
    '"key" of "step" needs "max"',
    "Add max: Deepest point; it takes a length",
  ]]);
});

Deno.test("optional() makes leaving out a value", () => {
  const only = optional(text({ doc }));
  assertEquals([only.required, only.default, read(only, "skin")], [false, undefined, "skin"]);
});

Deno.test("print() writes what parse() reads back", () => {
  const options = [
    length({ default: 0.0125, doc }),
    length({ default: new RelativeLength(0.05), doc }),
    angle({ default: Math.PI / 6, doc }),
    ratio({ default: 0.4, doc }),
    memory({ default: 3 * 2 ** 30, doc }),
    time({ default: 1500, doc }),
    integer({ default: 7, doc }),
    boolean({ default: false, doc }),
    oneOf(["auto"], { default: "auto", doc }),
  ];
  assertEquals(
    options.map((option) => option.print(option.default)),
    ["12.5mm", "5%bbox", "30deg", "40%", "3GiB", "1.5s", "7", "false", "auto"],
  );
  for (const option of options) {
    const again = read(option, option.print(option.default));
    if (typeof again === "number") assertAlmostEquals(again, option.default as number, 1e-12);
    else if (again instanceof RelativeLength) assertEquals(again.fractionOfBounds, 0.05);
    else assertEquals(again, option.default);
  }
});
