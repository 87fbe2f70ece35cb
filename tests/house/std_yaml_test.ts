// What recipes/ relies on in @std/yaml, of the stand-in in offline/ and of the original alike (`deno task jsr`).
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parse, stringify } from "@std/yaml";

/** Texts and the values they have in the failsafe schema. */
const VALUES: Readonly<Record<string, unknown>> = {
  "": null,
  "# only a comment": null,
  "a:": { a: null },
  "a: # comment": { a: null },
  "a: ~": { a: "~" },
  "a: ''": { a: "" },
  "a: no": { a: "no" },
  "a: 017": { a: "017" },
  "a: 1_000": { a: "1_000" },
  "a: 2001-01-01": { a: "2001-01-01" },
  "a: .inf": { a: ".inf" },
  "a: 8mm": { a: "8mm" },
  "a: x#y": { a: "x#y" },
  "a: $b": { a: "$b" },
  "{a: 1, b: $c}": { a: "1", b: "$c" },
  "[a, 'b', \"c\\u00e9\"]": ["a", "b", "cé"],
  "- 1\n-\n- 2": ["1", null, "2"],
  "a: &x [1]\nb: *x": { a: ["1"], b: ["1"] },
  "<<: {a: 1}": { "<<": { a: "1" } },
  "a: |\n  x\n  y\n": { a: "x\ny\n" },
  "a: >\n  x\n  y\n": { a: "x y\n" },
  "a: x\n  y": { a: "x y" },
  "null: 1": { null: "1" },
  "\ufeffa: 1": { a: "1" },
  "%YAML 1.2\n---\na: 1\n...\n": { a: "1" },
  "__proto__: 1": JSON.parse('{"__proto__":"1"}'),
};

/** Texts that are refused, and the line the message names. */
const FAULTS: Readonly<Record<string, number | undefined>> = {
  "a: 1\na: 2": 2,
  "{a: 1, a: 2}": 1,
  "a: b: c": 1,
  "a: !!int 3": 1,
  "a: !tag x": 1,
  "a: *nope": 1,
  "a: @x": 1,
  "a: {b: ${c}}": 1,
  "- a\nb": 2,
  "a:\n  b: 1\n c: 2": 3,
  "a: 1\n---\nb: 2": undefined,
  "a: [1, 2": undefined,
  "a: 'x": undefined,
};

for (const [text, value] of Object.entries(VALUES)) {
  Deno.test(`parse() in the failsafe schema: ${JSON.stringify(text)}`, () => {
    assertEquals(parse(text, { schema: "failsafe" }), value);
  });
}

for (const [text, line] of Object.entries(FAULTS)) {
  Deno.test(`parse() refuses ${JSON.stringify(text)}`, () => {
    const fault = assertThrows(
      () => parse(text, { schema: "failsafe" }),
      SyntaxError,
    );
    if (line === undefined) return;
    assertMatch(fault.message, new RegExp(`at line ${line}, column \\d+`));
  });
}

Deno.test("parse() gives scalars types in the core schema, and the last of two equal keys where they are allowed", () => {
  assertEquals(parse("[1, 0.5, true, no, ~, x]", { schema: "core" }), [
    1,
    0.5,
    true,
    "no",
    null,
    "x",
  ]);
  assertEquals(parse("a: 1\na: 2", { allowDuplicateKeys: true }), { a: 2 });
});

Deno.test("stringify() writes what parse() reads", () => {
  const value = {
    steps: [{ fit: { mesh: "armor", clearance: "8mm", rigid: true } }, "a: b"],
    empty: [],
    text: "no",
    lines: "a\nb\n",
  };
  assertEquals(parse(stringify(value)), value);
  assertEquals(stringify({ a: [1, 2] }), "a:\n  - 1\n  - 2\n");
});

Deno.test("stringify() refuses what YAML cannot hold", () => {
  assertThrows(() => stringify({ a: () => 1 }), TypeError);
});
