import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { Interpreter } from "../../recipes/_interpreter.ts";
import { openInputs } from "../../recipes/_open_inputs.ts";
import { Pace } from "../../recipes/_pace.ts";
import { headerSizes, planExactly } from "../../recipes/_prologue.ts";
import { type OpReport, type Plan, planRecipe, type Recipe } from "../../recipes/mod.ts";

/** What a run leased, beside what it was planned to. */
export interface Measured {
  /** From the headers of the files alone. */
  readonly bound: Plan;
  /** From what was read and welded. */
  readonly exact: Plan;
  /** What every operation did, whether or not a gate was met. */
  readonly ops: readonly OpReport[];
  /** On lease after each operation. */
  readonly inUseBytes: readonly number[];
}

/** Executes a recipe operation by operation, gates and outputs aside. */
export async function measure(recipe: Recipe, inputs: Readonly<Record<string, Uint8Array>>): Promise<Measured> {
  using pool = new BufferPool({ idleMs: Infinity });
  using arena = new BufferScope(pool, { label: "test" });
  const pace = new Pace();
  const opened = await openInputs(recipe, undefined, inputs, pace);
  const interpreter = new Interpreter(arena, opened, pace);
  const ops: OpReport[] = [], inUseBytes: number[] = [];
  const execute = async (plan: Plan, from: number, to: number) => {
    for (const op of plan.ops.slice(from, to)) {
      ops.push(await interpreter.execute(op));
      inUseBytes.push(arena.inUseBytes);
    }
  };
  const { plan } = await planExactly(recipe, opened, interpreter, (rough, count) => execute(rough, 0, count));
  await execute(plan, plan.prologue, plan.ops.length);
  return { bound: planRecipe(recipe, headerSizes(opened)), exact: plan, ops, inUseBytes };
}
