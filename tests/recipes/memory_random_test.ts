import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import * as fc from "fast-check";
import { BufferPool } from "../../pool/mod.ts";
import { defineStep, runRecipe, type Step } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { failingPool } from "../pool/_failing_pool.ts";
import { body, GARMENTS } from "./_memory_meshes.ts";
import { outputsInto } from "./_memory_runs.ts";
import { recipeOf } from "./_small_run.ts";
import { consultedKeys, recipeText, resultName, stepLine, stepOptions } from "./_step_arbitrary.ts";

/** A custom step among the others: it uses memory, and moves the mesh up. */
const lift = defineStep({
  name: "lift",
  summary: "Moves a mesh up",
  reads: [],
  writes: ["positions"],
  consults: {},
  options: {},
  scratchBytes: ({ mesh }) => 4 * mesh.vertexCount,
  run: async ({ mesh, out, scratch }) => {
    using frame = scratch.frame();
    const heights = frame.f32(mesh.positions.length / 3);
    await Promise.resolve();
    heights.forEach((_, v) => heights[v] = mesh.positions[3 * v + 1] + 0.01);
    out.positions.set(mesh.positions);
    heights.forEach((height, v) => out.positions[3 * v + 1] = height);
    return {};
  },
  describe: () => "",
});

/** A custom step that does not get to its end. */
const stumble = defineStep({
  ...lift,
  name: "stumble",
  run: ({ scratch }) => {
    scratch.frame().f32(1);
    throw new RangeError("Cannot go on");
  },
} as Step);

/** `align` searches for longer than all others together; where it does not, it leases the same. */
const KEPT: Readonly<Record<string, unknown>> = { place: "keep", scale: "none", units: "m", upAxis: "y" };

interface Line {
  readonly step: Step;
  readonly options: Readonly<Record<string, unknown>>;
  /** Which of the meshes there are by then. */
  readonly mesh: number;
  readonly consulted: string;
  readonly copies: boolean;
}

const line: fc.Arbitrary<Line> = fc.constantFrom(...BUILT_IN_STEPS, lift).chain((step) =>
  fc.record({
    step: fc.constant(step),
    options: stepOptions(step).map((options) => step.name === "align" ? { ...options, ...KEPT } : options),
    mesh: fc.nat(),
    consulted: fc.constantFrom("body", "old"),
    copies: fc.boolean(),
  })
);

const scene = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 12 }),
  garment: fc.constantFrom(...Object.keys(GARMENTS)),
  trouble: fc.constantFrom("none", "none", "acquire", "abort", "stumble"),
  when: fc.nat(100),
});

/** The lines of a recipe, and the meshes it makes: all are outputs. */
function textOf(lines: readonly Line[], stumblesAt: number): string {
  const meshes = ["garment"];
  const written = lines.map(({ step, options, mesh, consulted, copies }, i) => {
    const name = meshes[mesh % meshes.length];
    const as = resultName(step, copies, `copy${i}`);
    if (as === `copy${i}`) meshes.push(as);
    const consults = Object.fromEntries(consultedKeys(step, options).map((key) => [key, consulted]));
    return stepLine(step, { mesh: name, ...consults }, options, as);
  });
  if (stumblesAt >= 0) written.splice(stumblesAt % (written.length + 1), 0, stepLine(stumble, { mesh: "garment" }, {}));
  return recipeText(written, meshes);
}

Deno.test("whatever a recipe does and however it ends: nothing on lease, and the peak was the planned one", async () => {
  const ends: Record<string, number> = {};
  const property = fc.asyncProperty(scene, async ({ lines, garment, trouble, when }) => {
    const recipe = await recipeOf(textOf(lines, trouble === "stumble" ? when : -1), [lift, stumble]);
    const inputs = { garment: GARMENTS[garment], body: body(0), old: body(0) };
    const written = new Map<string, Uint8Array>();
    const pool = trouble === "acquire" ? failingPool(1 + 2 * when) : new BufferPool({ idleMs: Infinity });
    const controller = new AbortController();
    const result = await runRecipe(recipe, {
      io: outputsInto(written, inputs, recipe),
      pool,
      signal: controller.signal,
      onProgress: ({ op }) => trouble === "abort" && op === when % 10 && controller.abort(),
    }).catch((error: Error) => error);
    const { leasedBytes, leasedBuffers, acquisitions, releases } = pool.getStats();
    assertEquals([leasedBytes, leasedBuffers, acquisitions - releases], [0, 0, 0]);
    pool.clear();
    const end = result instanceof Error ? result.name : "done";
    ends[end] = (ends[end] ?? 0) + 1;
    if (result instanceof Error) {
      assertEquals(written.size, 0);
      assert(["StepError", "PlanError", "GateError", "AbortError", "RangeError"].includes(end), String(result));
      return;
    }
    assertEquals(written.size, recipe.outputs.length);
    const { ops, peakBytes, plannedPeakBytes, inUseBytes } = result.report;
    for (const { label, peakBytes, plannedBytes } of ops) assertEquals([label, peakBytes], [label, plannedBytes]);
    assertEquals([peakBytes, inUseBytes], [plannedPeakBytes, 0]);
  });
  await fc.assert(property, { numRuns: 120, seed: 5 });
  for (const end of ["done", "StepError", "AbortError"]) assertGreaterOrEqual(ends[end] ?? 0, 10, JSON.stringify(ends));
});
