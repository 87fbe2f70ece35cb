import { BufferPool } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import { Interpreter } from "./_interpreter.ts";
import { type OpenInput, openInputs } from "./_open_inputs.ts";
import { Pace } from "./_pace.ts";
import { type ExactPlan, headerSizes, planExactly } from "./_prologue.ts";
import { PlanBudgetError } from "./errors.ts";
import { planRecipe } from "./plan.ts";
import type { Plan } from "./plan_ops.ts";
import type { Recipe } from "./recipe.ts";
import type { RecipeIO } from "./recipe_io.ts";

/** Options for {@linkcode planInputs}. */
export interface PlanInputsOptions {
  /** Reads the inputs; without it all of them must be in `inputs`. */
  io?: RecipeIO;
  /** Files the caller has in memory, by the name of the input. */
  inputs?: Readonly<Record<string, Uint8Array>>;
  /** Whether meshes are decoded and welded, as a run does before its first step; else headers must do. @default {true} */
  exact?: boolean;
  /** Stops at the next pause; its reason is thrown. */
  signal?: AbortSignal;
}

/** A recipe's plan for the inputs it names. */
export interface PlannedInputs {
  /** An upper bound where it is not exact. */
  readonly plan: Plan;
  /** Sizes of the files, bytes, by the name of the input. */
  readonly fileBytes: Readonly<Record<string, number>>;
  /** Diagonals of the bounds of the meshes, metres, by the name of the input; of none where the plan is not exact. */
  readonly diagonals: Readonly<Record<string, number>>;
}

/**
 * Plans a recipe for the files it names: everything a run does before its first step, so that what this lets through
 * no run refuses later.
 *
 * @param recipe Checked, as `parseRecipe` gives it.
 * @throws {InputError} If an input is missing or broken.
 * @throws {PlanError} If a step needs what an input does not have.
 */
export async function planInputs(recipe: Recipe, options: PlanInputsOptions = {}): Promise<PlannedInputs> {
  const pace = new Pace(options.signal);
  const inputs = await openInputs(recipe, options.io, options.inputs ?? {}, pace);
  const fileBytes = Object.fromEntries([...inputs].map(([name, { document }]) => [name, document.fileBytes]));
  if (options.exact === false) return { plan: planRecipe(recipe, headerSizes(inputs)), fileBytes, diagonals: {} };
  return { ...await planOpened(recipe, inputs, pace), fileBytes };
}

async function planOpened(recipe: Recipe, inputs: ReadonlyMap<string, OpenInput>, pace: Pace): Promise<ExactPlan> {
  using pool = new BufferPool({ idleMs: Infinity });
  using arena = new BufferScope(pool, { label: recipe.name });
  const interpreter = new Interpreter(arena, inputs, pace);
  return await planExactly(recipe, inputs, interpreter, async (plan, count) => {
    for (const op of plan.ops.slice(0, count)) await interpreter.execute(op);
  });
}

/**
 * Holds a plan against a budget.
 *
 * @param maxBytes The most bytes that may be on lease at one time.
 * @throws {PlanBudgetError} If an operation needs more; it names the first that does.
 */
export function assertBudget(plan: Plan, maxBytes: number): void {
  const breaking = plan.ops.find((op) => op.peakBytes > maxBytes);
  if (breaking !== undefined) {
    throw new PlanBudgetError(breaking.label, breaking.at, breaking.peakBytes, maxBytes, plan.peakBytes);
  }
}
