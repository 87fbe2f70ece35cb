import { boundsOf } from "../fitting/bounds.ts";
import type { Interpreter } from "./_interpreter.ts";
import { type OpenInput, sizesOf } from "./_open_inputs.ts";
import { planRecipe } from "./plan.ts";
import type { InputSizes, Plan } from "./plan_ops.ts";
import type { Recipe } from "./recipe.ts";

/** Sizes as the headers of the files say: with them a plan is an upper bound. */
export function headerSizes(inputs: ReadonlyMap<string, OpenInput>): Record<string, InputSizes> {
  return Object.fromEntries([...inputs].map(([name, input]) => [name, sizesOf(input)]));
}

/** The exact plan of a recipe, and what was measured for it. */
export interface ExactPlan {
  /** Its prologue was executed already. */
  readonly plan: Plan;
  /** Of every mesh that was read, metres. */
  readonly diagonals: Readonly<Record<string, number>>;
}

/**
 * Decodes and welds the inputs, the first part of every run, and lowers the recipe with the sizes and bounds that were
 * found.
 *
 * @param execute Executes operations `0` to `count` of a plan.
 */
export async function planExactly(
  recipe: Recipe,
  inputs: ReadonlyMap<string, OpenInput>,
  interpreter: Interpreter,
  execute: (plan: Plan, count: number) => Promise<void>,
): Promise<ExactPlan> {
  const rough = planRecipe(recipe, headerSizes(inputs));
  await execute(rough, rough.prologue);
  const diagonals = await boundsDiagonals(interpreter, rough);
  return { plan: planRecipe(recipe, weldedSizes(inputs, interpreter, rough), diagonals), diagonals };
}

/** Sizes with what welding found. */
function weldedSizes(
  inputs: ReadonlyMap<string, OpenInput>,
  interpreter: Interpreter,
  rough: Plan,
): Record<string, InputSizes> {
  const sizes = headerSizes(inputs);
  for (const op of rough.ops.slice(0, rough.prologue)) {
    if (op.kind !== "weld") continue;
    const { weldedCount, edgeCount, islandCount } = interpreter.value<"topology">(op.makes.topology!);
    sizes[op.mesh] = { ...sizes[op.mesh], weldedCount, edgeCount, islandCount };
  }
  return sizes;
}

async function boundsDiagonals(interpreter: Interpreter, rough: Plan): Promise<Record<string, number>> {
  const diagonals: Record<string, number> = {};
  for (const op of rough.ops) {
    if (op.kind !== "read") continue;
    await interpreter.pace.breathe();
    const positions = interpreter.value<"positions">(op.makes.positions!);
    const indices = interpreter.value<"indices">(op.makes.indices!);
    diagonals[op.mesh] = boundsOf({ positions, indices }).boundsDiagonal;
  }
  return diagonals;
}
