import { assert, assertEquals, assertRejects } from "@std/assert";
import { GateError, runRecipe } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { FIGURES } from "../../recipes/steps/_figures.ts";
import { issuesOf } from "./_issues.ts";
import { inputs, memoryIO, recipeOf } from "./_small_run.ts";

const text = (step: string) =>
  `version: 1
inputs: { body: body.glb, garment: garment.glb }
steps:
  - smooth: { mesh: garment, boundary: free, iterations: 2 }
  - ${step}
outputs: { o: { mesh: garment, file: o.glb } }
`;
const measuresOf = async (step: string) => {
  const { report } = await runRecipe(await recipeOf(text(step)), { inputs: inputs(), io: memoryIO({}) });
  return report.ops.find(({ label }) => /^(measure|expect) /.test(label))!.measures;
};

Deno.test("expect can limit every figure that measure gives, and no other", async () => {
  const measured = Object.keys(await measuresOf("measure: { mesh: garment, against: body }"));
  assertEquals(measured.filter((name) => FIGURES[name] === undefined), []);
  assertEquals(Object.keys(FIGURES).filter((name) => !measured.includes(name)), []);
});

Deno.test("expect measures what its limits ask about, and says what is not met", async () => {
  const found = await measuresOf(
    "expect: { mesh: garment, against: body, most: { hemCurlMaxDeg: 180, residualMax: 1m } }",
  );
  assert(Number(found.hemCurlMaxDeg) > 0.1 && found.layersTested === undefined);
  const step =
    "expect: { mesh: garment, against: body, most: { hemCurlMaxDeg: 0.1, edgeP99: 9 }, least: { clearanceP50: 90cm } }";
  const error = await assertRejects(() => measuresOf(step), GateError);
  assertEquals(error.failures.length, 2);
  assert(error.failures[0].message.startsWith("Expected hemCurlMaxDeg of at most 0.1: it is "));
  assert(error.failures[1].message.startsWith("Expected clearanceP50 of at least 0.9m: it is -"));
  const hems = await assertRejects(
    () => measuresOf("expect: { mesh: garment, against: body, hems: { curl: 0.1deg } }"),
    GateError,
  );
  assert(hems.message.startsWith("Expected curl of openings of at most 0.10°: it is "));
});

Deno.test("check finds a figure misspelt", async () => {
  const [{ code, message }, ...others] = await issuesOf(
    text("expect: { mesh: garment, against: body, most: { hemCurlMax: 3, flps: 1 } }"),
    {},
    BUILT_IN_STEPS,
  );
  assertEquals([code, message], [
    "unknown-option",
    '"hemCurlMax" is not an option in "most" of "expect": did you mean "hemCurlMaxDeg"?',
  ]);
  assertEquals(others.map(({ message }) => message), [
    '"flps" is not an option in "most" of "expect": did you mean "flips"?',
  ]);
});

Deno.test("expect says when nothing is asked, as such a gate never fails", async () => {
  const warned = async (asked: string) => {
    const recipe = await recipeOf(text(`expect: { mesh: garment, against: body${asked} }`));
    const { report } = await runRecipe(recipe, { inputs: inputs(), io: memoryIO({}) });
    return report.ops.find(({ label }) => label === "expect garment")!.warnings.length;
  };
  assertEquals([await warned(""), await warned(", penetration: { max: 9m }")], [1, 0]);
});

const IMPOSSIBLE: Readonly<Record<string, string | undefined>> = {
  "least: { edgeP1: 1.2 }, edges: { p99: 1.1 }":
    'No garment meets both "least" (edgeP1 of at least 1.2) and "edges" (edgeP99 of at most 1.1) of "expect"',
  "stretch: { p1: 1.3, p99: 1.2 }":
    'No garment meets both "stretch" (stretchP1 of at least 1.3) and "stretch" (stretchP99 of at most 1.2) of "expect"',
  "least: { flips: 3 }, flips: { max: 2 }":
    'No garment meets both "least" (flips of at least 3) and "flips" (flips of at most 2) of "expect"',
  "most: { flips: -1 }": 'No garment meets "most" (flips of at most -1) of "expect": it is never below 0',
  "clearance: { min: 2mm }, least: { insideArea: 1% }":
    'No garment meets both "least" (insideArea of at least 1%) and "clearance" (minDistance of at least 2mm) of "expect"',
  "clearance: { min: 5mm }, most: { clearanceP5: 4mm }":
    'No garment meets both "clearance" (minDistance of at least 5mm) and "most" (clearanceP5 of at most 4mm) of "expect"',
  "least: { minDistance: -4mm }, most: { minDistance: -1mm }": undefined,
  "least: { edgeP99: 1.2 }, edges: { p1: 0.9, p99: 1.3 }": undefined,
  "inside: { max: 0% }, penetration: { max: 1mm }, clearance: { min: 0mm }": undefined,
};

for (const [limits, fault] of Object.entries(IMPOSSIBLE)) {
  Deno.test(`check ${fault === undefined ? "takes" : "refuses"} expect: { ${limits} }`, async () => {
    const issues = await issuesOf(text(`expect: { mesh: garment, against: body, ${limits} }`), {}, BUILT_IN_STEPS);
    assertEquals(issues.map(({ message }) => message), fault === undefined ? [] : [fault]);
  });
}
