import type { Plan, PlanOp } from "../recipes/plan_ops.ts";
import type { PlannedInputs } from "../recipes/plan_inputs.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { Arguments } from "./arguments.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import { faultLines, refuse } from "./faults.ts";
import type { FileIO } from "./file_io.ts";
import type { CliIO } from "./io.ts";
import { plain } from "./layout.ts";
import { loadRecipe } from "./load_recipe.ts";
import { maxBytesOf } from "./max_memory.ts";
import { planTable } from "./plan_table.ts";

/** What `plan --json` prints; `meshtailor schema plan` has its schema. */
export interface PlanReport {
  /** The recipe's name. */
  readonly recipe: string;
  /** Whether the bytes are what a run will lease; else they are an upper bound. */
  readonly exact: boolean;
  /** The most bytes on lease at one time. */
  readonly peakBytes: number;
  /** The budget of `--max-memory` or the recipe, whichever is less; absent without one. */
  readonly maxBytes?: number;
  /** In the order they run. */
  readonly ops: readonly PlanReportOp[];
  /** Sizes of the files, bytes, by the name of the input; what reading and writing takes outside the pool is at most four times as much. */
  readonly fileBytes: Readonly<Record<string, number>>;
}

/** One operation of a {@linkcode PlanReport}. */
export interface PlanReportOp extends Pick<PlanOp, "kind" | "label" | "mesh" | "peakBytes" | "scratchBytes"> {
  /** Bytes of what it makes, which stay on lease for later operations. */
  readonly makesBytes: number;
  /** Bytes nobody reads after it. */
  readonly freesBytes: number;
}

/** `meshtailor plan RECIPE.yaml`: the operations of a recipe and what each leases. */
export async function planCommand(args: Arguments, io: CliIO): Promise<number> {
  const given = maxBytesOf(args);
  const loaded = await loadRecipe(args, io);
  const { recipe, files } = loaded;
  if (recipe === undefined) return refuse(loaded, "nothing was planned", io);
  const maxBytes = Math.min(given, recipe.maxBytes ?? Infinity);
  try {
    const { assertBudget } = await import("../recipes/plan_inputs.ts");
    const planned = await planWithin(recipe, files, maxBytes, args.on.has("exact"));
    const report = reportOf(recipe, planned, maxBytes);
    if (args.on.has("json")) io.print(JSON.stringify(report, null, 2));
    else for (const line of planTable(report)) io.print(plain(line));
    assertBudget(planned.plan, maxBytes);
    return EXIT_CODES.done;
  } catch (error) {
    for (const line of await faultLines(error, loaded, args, io, "no run would start")) io.fault(line);
    return exitCodeOf(error);
  }
}

/** A bound that is over the budget decides nothing: then the inputs are read as well. */
async function planWithin(recipe: Recipe, io: FileIO, maxBytes: number, exact: boolean): Promise<PlannedInputs> {
  const { planInputs } = await import("../recipes/plan_inputs.ts");
  const planned = await planInputs(recipe, { io, exact });
  return exact || planned.plan.peakBytes <= maxBytes ? planned : await planInputs(recipe, { io, exact: true });
}

function reportOf(recipe: Recipe, { plan, fileBytes }: PlannedInputs, maxBytes: number): PlanReport {
  return {
    recipe: recipe.name,
    exact: plan.exact,
    peakBytes: plan.peakBytes,
    ...(maxBytes === Infinity ? {} : { maxBytes }),
    ops: plan.ops.map((op) => ({
      kind: op.kind,
      label: op.label,
      mesh: op.mesh,
      peakBytes: op.peakBytes,
      scratchBytes: op.scratchBytes,
      makesBytes: sum(plan, Object.values(op.makes)),
      freesBytes: sum(plan, op.frees),
    })),
    fileBytes,
  };
}

function sum({ values }: Plan, ids: readonly string[]): number {
  return ids.reduce((bytes, id) => bytes + values.get(id)!.bytes, 0);
}
