import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import * as fc from "fast-check";
import { PlanError, type Step } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { measure, type Measured } from "./_measure.ts";
import { body, GARMENTS } from "./_memory_meshes.ts";
import { recipeOf } from "./_small_run.ts";
import { consultedKeys, recipeText, resultName, stepLine, stepOptions } from "./_step_arbitrary.ts";

/** Holds the plans of a run against what it leased: the exact one to the byte, the bound from above. */
function assertPlansHold({ bound, exact, ops, inUseBytes }: Measured): void {
  assert(exact.exact);
  assertEquals(
    ops.map(({ label, peakBytes }) => [label, peakBytes]),
    exact.ops.map(({ label, peakBytes }) => [label, peakBytes]),
  );
  assertEquals(Math.max(...ops.map(({ peakBytes }) => peakBytes)), exact.peakBytes);
  bound.ops.forEach(({ label, peakBytes }, i) => assertGreaterOrEqual(peakBytes, exact.ops[i].peakBytes, label));
  assertEquals(inUseBytes.at(-1), 0);
}

/** Runs of one step: whose options are made up, on a mesh, on its copy, with and without what it need not consult. */
function variants(step: Step) {
  const optional = Object.keys(step.consults).filter((key) => step.consults[key].optional);
  return fc.record({
    options: stepOptions(step),
    garment: fc.constantFrom(...Object.keys(GARMENTS)),
    bodyLevel: fc.constantFrom(0, 1),
    left: fc.subarray(optional),
    copies: fc.boolean(),
  });
}

for (const step of BUILT_IN_STEPS) {
  Deno.test(`"${step.name}" leases exactly what its plan says, whatever its options and meshes`, async () => {
    let planned = 0;
    const property = fc.asyncProperty(variants(step), async ({ options, garment, bodyLevel, left, copies }) => {
      const consulted = consultedKeys(step, options, (key) => left.includes(key));
      const meshes = Object.fromEntries(consulted.map((key) => [key, key === "from" ? "old" : "body"]));
      const as = resultName(step, copies, "copy");
      const line = stepLine(step, { mesh: "garment", ...meshes }, options, as);
      const recipe = await recipeOf(recipeText([line], as === "copy" ? ["garment", as] : ["garment"]));
      const inputs = { garment: GARMENTS[garment], body: body(bodyLevel), old: body(bodyLevel) };
      try {
        assertPlansHold(await measure(recipe, inputs));
        planned++;
      } catch (error) {
        // This garment lacks what the step needs, or the step refuses these values together; others do.
        if (!(error instanceof PlanError) && (error as Error).cause?.constructor !== RangeError) throw error;
      }
    });
    await fc.assert(property, { numRuns: 24, seed: 3 });
    assertGreaterOrEqual(planned, 8);
  });
}
