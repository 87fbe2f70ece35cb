import { BufferPool } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import { Interpreter } from "./_interpreter.ts";
import { type OpenInput, openInputs } from "./_open_inputs.ts";
import { Pace } from "./_pace.ts";
import { planExactly } from "./_prologue.ts";
import { provenanceOf } from "./_provenance.ts";
import { GateError, LeakError } from "./errors.ts";
import type { Plan } from "./plan.ts";
import { assertBudget } from "./plan_inputs.ts";
import type { Recipe } from "./recipe.ts";
import type { RecipeIO } from "./recipe_io.ts";
import type { OpReport, OutputReport, RunReport } from "./report.ts";

/** Tells how far a run is. */
export interface RunProgress {
  /** The operation that starts now, from 0. */
  readonly op: number;
  /** How many there are. */
  readonly ops: number;
  /** What a person reads: `fit armor`. */
  readonly label: string;
}

/** Options for {@linkcode runRecipe}. */
export interface RunOptions {
  /** Reads inputs and writes outputs; without it all inputs must be in `inputs` and nothing is written. */
  io?: RecipeIO;
  /** Files the caller has in memory, by the name of the input. */
  inputs?: Readonly<Record<string, Uint8Array>>;
  /** Stops the run at the next pause; its reason is thrown. */
  signal?: AbortSignal;
  /** Stops the run after so many milliseconds. @default {Infinity} */
  timeoutMs?: number;
  /** Where memory comes from; by default a pool of the run's own, which ends with it. */
  pool?: BufferPool;
  /** The most bytes on lease at one time; the recipe's own `memory: { max }` holds too. @default {Infinity} */
  maxBytes?: number;
  /** Called before every operation. */
  onProgress?: (progress: RunProgress) => void;
}

/** What {@linkcode runRecipe} gives back. */
export interface RunResult {
  /** What was done, measured and used. */
  readonly report: RunReport;
  /** Encoded files by the name of the output; the caller's own. */
  readonly outputs: ReadonlyMap<string, Uint8Array>;
}

/**
 * Runs a recipe: reads its inputs, executes its steps in one arena, writes its
 * outputs when every step and gate has passed.
 *
 * However it ends, every buffer is back: that is checked, not assumed.
 *
 * @param recipe Checked, as `parseRecipe` gives it.
 * @throws {InputError} If an input is broken.
 * @throws {PlanError} If a step needs what an input does not have.
 * @throws {BudgetError} If the plan exceeds the memory budget.
 * @throws {StepError} If a step cannot do its work.
 * @throws {GateError} If an `expect` step is not met; nothing is written then.
 */
export async function runRecipe(recipe: Recipe, options: RunOptions = {}): Promise<RunResult> {
  const ownPool = options.pool === undefined ? new BufferPool({ idleMs: Infinity }) : undefined;
  const deadline = deadlineOf(options);
  const pool = options.pool ?? ownPool!;
  const arena = new BufferScope(pool, { label: recipe.name });
  try {
    const result = await new Run(recipe, options, arena, pool, new Pace(deadline.signal)).start();
    arena[Symbol.dispose]();
    return result;
  } finally {
    arena.close(); // does nothing after a success; after a failure the first error wins over what closing finds
    deadline.clear();
    ownPool?.clear();
  }
}

class Run {
  readonly #recipe: Recipe;
  readonly #options: RunOptions;
  readonly #arena: BufferScope;
  readonly #pool: BufferPool;
  readonly #pace: Pace;
  #ops: OpReport[] = [];
  readonly #startedAt = performance.now();
  #inputs: ReadonlyMap<string, OpenInput> = new Map();

  constructor(recipe: Recipe, options: RunOptions, arena: BufferScope, pool: BufferPool, pace: Pace) {
    this.#recipe = recipe;
    this.#options = options;
    this.#arena = arena;
    this.#pool = pool;
    this.#pace = pace;
  }

  async start(): Promise<RunResult> {
    const recipe = this.#recipe;
    const { io } = this.#options;
    await io?.assertWritable?.(recipe.outputs.map(({ file }) => file));
    this.#inputs = await openInputs(recipe, io, this.#options.inputs ?? {}, this.#pace);
    const interpreter = new Interpreter(
      this.#arena,
      this.#inputs,
      this.#pace,
      () => provenanceOf(recipe, this.#inputs, this.#ops),
    );

    const { plan } = await planExactly(
      recipe,
      this.#inputs,
      interpreter,
      (rough, count) => this.#execute(interpreter, rough, 0, count),
    );
    assertBudget(plan, Math.min(this.#options.maxBytes ?? Infinity, recipe.maxBytes ?? Infinity));
    this.#ops = this.#ops.map((op, i) => ({ ...op, plannedBytes: plan.ops[i].peakBytes })); // they ran on a bound
    await this.#execute(interpreter, plan, plan.prologue, plan.ops.length);

    this.#assertGates(plan);
    this.#assertNothingLeft(interpreter);
    const written = await this.#commit(interpreter);
    return { report: this.#report(plan, written), outputs: interpreter.encoded };
  }

  async #execute(interpreter: Interpreter, plan: Plan, from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) {
      const op = plan.ops[i];
      this.#options.onProgress?.({ op: i, ops: plan.ops.length, label: op.label });
      this.#ops.push(await interpreter.execute(op));
    }
  }

  #assertGates(plan: Plan): void {
    const failures = this.#ops.flatMap(({ failures }, i) =>
      failures.map((message) => ({ message, path: plan.ops[i].at }))
    );
    if (failures.length > 0) throw new GateError(failures);
  }

  #assertNothingLeft(interpreter: Interpreter): void {
    const { inUseBytes } = this.#arena;
    if (inUseBytes === 0 && interpreter.remaining.length === 0) return;
    throw new LeakError({ [interpreter.remaining.join(", ") || this.#recipe.name]: inUseBytes });
  }

  async #commit(interpreter: Interpreter): Promise<OutputReport[]> {
    const { io } = this.#options;
    if (io === undefined) return [];
    const files = new Map(this.#recipe.outputs.map(({ name, file }) => [file, interpreter.encoded.get(name)!]));
    const paths = await io.write(files);
    return this.#recipe.outputs.map(({ name, file }) => ({
      name,
      path: paths.get(file) ?? file,
      bytes: files.get(file)!.length,
    }));
  }

  #report(plan: Plan, outputs: OutputReport[]): RunReport {
    const pool = this.#pool.getStats();
    return {
      recipe: this.#recipe.name,
      ops: this.#ops,
      outputs,
      peakBytes: this.#ops.reduce((peak, op) => Math.max(peak, op.peakBytes), 0),
      plannedPeakBytes: plan.peakBytes,
      inUseBytes: this.#arena.inUseBytes,
      pool,
      kernels: "scalar",
      elapsedMs: performance.now() - this.#startedAt,
    };
  }
}

/** The caller's signal and the timeout as one signal, with a timer that does not outlive the run. */
function deadlineOf(
  { signal, timeoutMs = Infinity }: RunOptions,
): { signal: AbortSignal | undefined; clear: () => void } {
  if (timeoutMs === Infinity) return { signal, clear: () => {} };
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException(`The run took longer than ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    clear: () => clearTimeout(timer),
  };
}
