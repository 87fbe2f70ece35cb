import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { defineStep, type InputSizes, type Plan, planRecipe, StepError } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { recipeOf } from "./_small_run.ts";
import { recipeText, stepLine } from "./_step_arbitrary.ts";

const SIZES: InputSizes = {
  vertexCount: 100,
  faceCount: 180,
  hasNormals: true,
  influencesPerVertex: 4,
  jointCount: 2,
  weldedCount: 90,
  edgeCount: 270,
  islandCount: 1,
};
const POSITIONS = 1200, SKIN = 2400;

async function planOf(lines: readonly string[], outputs?: readonly string[], extra = BUILT_IN_STEPS): Promise<Plan> {
  const recipe = await recipeOf(recipeText(lines, outputs), extra.filter((step) => !BUILT_IN_STEPS.includes(step)));
  return planRecipe(recipe, { garment: SIZES, body: SIZES, old: SIZES });
}

/** Which operation frees each value. */
function deaths({ ops }: Plan): Record<string, string> {
  return Object.fromEntries(ops.flatMap(({ label, frees }) => frees.map((id) => [id, label])));
}

const SMOOTH = `smooth: { mesh: "garment", iterations: 1 }`;

Deno.test("planRecipe() lets a value die after the last operation that reads it, not at the end", async () => {
  const plan = await planOf([
    SMOOTH,
    `recompute-normals: { mesh: "garment", mode: recompute }`,
    `expect: { mesh: "garment", against: "body" }`,
    SMOOTH,
  ]);
  assertEquals(deaths(plan), {
    "garment.positions@0": "expect garment", // the rest shape, which stretch is measured against
    "garment.topology@0": "smooth garment",
    "garment.positions@1": "smooth garment",
    "garment.indices@0": "smooth garment", // writers know the faces
    "garment.normals@0": "write garment",
    "garment.positions@2": "write garment",
    "body.positions@0": "expect garment",
    "body.indices@0": "expect garment",
    "body.index@0": "expect garment",
  });
  const [first, last] = plan.ops.filter(({ label }) => label === "smooth garment");
  assertEquals([first.frees, [...last.frees].sort()], [
    [],
    ["garment.indices@0", "garment.positions@1", "garment.topology@0"],
  ]);
});

Deno.test("planRecipe() ends the input's positions when they have been moved and nobody measures against them", async () => {
  const plan = await planOf([SMOOTH, SMOOTH]);
  assertEquals(plan.ops.map(({ label, frees }) => [label, frees]), [
    ["read garment", []],
    ["weld garment", []],
    ["smooth garment", ["garment.positions@0"]],
    ["smooth garment", ["garment.indices@0", "garment.topology@0", "garment.positions@1"]],
    ["write garment", ["garment.positions@2"]],
  ]);
});

Deno.test("planRecipe() gives a copy the values of its original: only what a step writes is new", async () => {
  const plain = await planOf([SMOOTH]);
  const copied = await planOf([SMOOTH, `{ ${SMOOTH}, as: looser }`], ["garment", "looser"]);
  const extra = [...copied.values.keys()].filter((id) => !plain.values.has(id));
  assertEquals(extra.map((id) => copied.values.get(id)), [{ id: "looser.positions@0", bytes: POSITIONS }]);
  assertEquals(deaths(copied)["garment.positions@1"], "write garment"); // the copy read it before
});

Deno.test("planRecipe() reads nothing of an input no step looks at, and writes no arrays of one nothing changed", async () => {
  const plan = await planOf([], ["garment"]);
  assertEquals(plan.ops.map(({ label, binds, peakBytes }) => [label, binds, peakBytes]), [
    ["write garment", { mesh: {} }, 0],
  ]);
});

Deno.test("planRecipe() makes an index anew when its mesh has moved, and only then", async () => {
  const against = (mesh: string, body: string) => `expect: { mesh: "${mesh}", against: "${body}" }`;
  const plan = await planOf([
    against("garment", "body"),
    against("garment", "body"),
    `smooth: { mesh: "body", iterations: 1 }`,
    against("garment", "body"),
  ], ["garment", "body"]);
  assertEquals(plan.ops.map(({ label }) => label).filter((label) => label.startsWith("index")), [
    "index body",
    "index body",
  ]);
  const [first, second] = plan.ops.filter(({ label }) => label === "expect garment");
  assert(!first.frees.includes("body.index@0"));
  assert(second.frees.includes("body.index@0"));
});

/** A step that reads and writes what it is told to. */
function stepThat(name: string, reads: ("topology" | "index" | "rest" | "skin" | "normals")[], bytes: number) {
  return defineStep({
    name,
    summary: "Needs memory",
    reads,
    writes: ["positions"],
    consults: {},
    options: {},
    scratchBytes: () => bytes,
    run: () => ({}),
    describe: () => "",
  });
}

/** What is on lease at most, worked out from who reads what, without the plan's own book-keeping. */
function peakByOracle({ ops, values }: Plan): number[] {
  const reads = ops.map(({ binds, makes }) =>
    new Set([...Object.values(binds), makes].flatMap((b) => Object.values(b)))
  );
  const bornAt = new Map(ops.flatMap(({ makes }, i) => Object.values(makes).map((id) => [id, i] as const)));
  return ops.map(({ scratchBytes }, i) => {
    const live = [...values.values()].filter(({ id }) =>
      bornAt.get(id)! <= i && reads.some((ids, j) => j >= i && ids.has(id))
    );
    return live.reduce((sum, { bytes }) => sum + bytes, scratchBytes);
  });
}

Deno.test("planRecipe() has every value on lease from its maker to its last reader, in recipes of any shape", async () => {
  const parts = ["topology", "index", "rest", "skin", "normals"] as const;
  const steps = parts.map((part, i) => stepThat(`read-${part}`, [part], 1000 * i));
  const line = fc.record({ step: fc.constantFrom(...steps), mesh: fc.nat(), copies: fc.boolean() });
  const property = fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (made) => {
    const meshes = ["garment", "body"];
    const lines = made.map(({ step, mesh, copies }, i) => {
      const name = meshes[mesh % meshes.length];
      if (copies) meshes.push(`copy${i}`);
      return stepLine(step, { mesh: name }, {}, copies ? `copy${i}` : undefined);
    });
    const plan = await planOf(lines, meshes, steps);
    assertEquals(plan.ops.map(({ peakBytes }) => peakBytes), peakByOracle(plan));
    assertEquals(plan.ops.flatMap(({ frees }) => [...frees]).sort(), [...plan.values.keys()].sort());
  });
  await fc.assert(property, { numRuns: 40, seed: 4 });
});

Deno.test("planRecipe() counts what the written skin holds, not what the old one held", async () => {
  const plan = await planOf([`transfer-weights: { mesh: "garment", from: "body", maxInfluences: 8 }`]);
  assertEquals([plan.values.get("garment.skin@0")!.bytes, plan.values.get("body.skin@0")!.bytes], [2 * SKIN, SKIN]);
});

for (const [what, scratchBytes] of [["NaN", () => NaN], ["-1", () => -1], ["0.5", () => 0.5]] as const) {
  Deno.test(`planRecipe() refuses a step whose memory is ${what} bytes`, async () => {
    const odd = defineStep({ ...stepThat("odd", [], 0), scratchBytes });
    const error = await planOf([stepLine(odd, { mesh: "garment" }, {})], ["garment"], [odd]).catch((error) => error);
    assertEquals([error.name, error.path], ["StepError", ["steps", 0]]);
    assertEquals(
      error.message,
      `Cannot plan odd garment: its scratchBytes must be a multiple of 1 and not below 0: current value is ${what}`,
    );
  });
}

Deno.test("planRecipe() names a step that throws when it is asked for its memory", async () => {
  const broken = defineStep({
    ...stepThat("broken", [], 0),
    scratchBytes: () => {
      throw "no idea";
    },
  });
  const recipe = await recipeOf(recipeText([stepLine(broken, { mesh: "garment" }, {})]), [broken]);
  assertThrows(() => planRecipe(recipe, { garment: SIZES }), StepError, "Cannot plan broken garment: no idea");
});
