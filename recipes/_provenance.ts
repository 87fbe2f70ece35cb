import type { JsonObject } from "../io/mod.ts";
import { VERSION } from "../version.ts";
import type { OpenInput } from "./_open_inputs.ts";
import type { Recipe } from "./recipe.ts";
import type { OpReport } from "./report.ts";

/**
 * What an output says about its making, for `asset.extras.meshtailor`: enough
 * to run it again and compare. No clock and no machine is in it, so the same
 * input gives the same bytes.
 */
export function provenanceOf(
  recipe: Recipe,
  inputs: ReadonlyMap<string, OpenInput>,
  ops: readonly OpReport[],
): JsonObject {
  return {
    version: VERSION,
    recipe: {
      name: recipe.name,
      params: recipe.params,
      steps: recipe.steps.map(({ step, mesh, as, consults, options }) => ({
        [step.name]: { mesh, ...consults, ...options } as JsonObject,
        ...(as === undefined ? {} : { as }),
      })),
    },
    inputs: Object.fromEntries(
      recipe.inputs.map((
        { name, file, selection },
      ) => [name, { file, ...selection, sha256: inputs.get(name)!.sha256 }]),
    ),
    measures: ops.filter(({ kind }) => kind === "step").map(({ label, measures }) => ({ step: label, ...measures })),
  };
}
