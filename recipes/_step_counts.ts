import { StepError } from "./errors.ts";
import type { RecipeStep } from "./recipe.ts";
import type { Step } from "./step.ts";

/** Influences a vertex has after a step that writes the skin. */
export function influencesWritten(recipeStep: RecipeStep, options: Readonly<Record<string, unknown>>): number {
  const { step } = recipeStep;
  return counted(recipeStep, "influencesPerVertex", 4, () => step.influencesPerVertex?.(options) ?? 4);
}

/** A count that a step's definition works out. Leases follow from it, so it must be one. */
export function counted(
  { step, mesh, as, at }: RecipeStep,
  key: keyof Step,
  unit: number,
  count: () => number,
): number {
  try {
    const value = count();
    if (Number.isSafeInteger(value) && value >= 0 && value % unit === 0) return value;
    throw new RangeError(
      `its ${key} must be a multiple of ${unit} and not below 0: current value is ${String(value)}`,
    );
  } catch (error) {
    throw new StepError(`plan ${step.name} ${as ?? mesh}`, at, error);
  }
}
