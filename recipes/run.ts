import { hasSimd } from "../fitting/surface/_kernels.ts";
import type { Iterations } from "../fitting/work.ts";
import { BudgetError } from "../pool/budget_error.ts";
import { BufferPool, type BufferPoolStats, ledgerOf } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import { errorsInOrder } from "../pool/errors_in_order.ts";
import { collectErrors } from "../pool/_settle_then.ts";
import { throwFirst } from "../pool/_throw_first.ts";
import { Interpreter } from "./_interpreter.ts";
import { type OpenInput, openInputs } from "./_open_inputs.ts";
import { Pace } from "./_pace.ts";
import { planExactly } from "./_prologue.ts";
import { provenanceOf } from "./_provenance.ts";
import { GateError, LeakError, PlanBudgetError } from "./errors.ts";
import { RecipeError } from "./issue.ts";
import { parseRecipe } from "./parse.ts";
import type { Plan } from "./plan_ops.ts";
import { assertBudget } from "./plan_inputs.ts";
import type { Recipe } from "./recipe.ts";
import type { RecipeIO } from "./recipe_io.ts";
import type { OpReport, OutputReport, RunReport } from "./report.ts";
import type { Step } from "./step.ts";
import { BUILT_IN_STEPS } from "./steps/mod.ts";

/** Tells how far a run is. */
export interface RunProgress {
  /** The operation that starts now, from 0. */
  readonly op: number;
  /** How many there are. */
  readonly ops: number;
  /** What a person reads: `fit armor`. */
  readonly label: string;
  /** How far it is, where it goes by iterations; absent at its start. */
  readonly iterations?: Iterations;
}

/** Options for {@linkcode runRecipe}. */
export interface RunOptions {
  /** Reads inputs and writes outputs; without it all inputs must be in `inputs` and nothing is written. */
  io?: RecipeIO;
  /** Files the caller has in memory, by the name of the input. */
  inputs?: Readonly<Record<string, Uint8Array>>;
  /** Stops the run at the next pause; its reason is thrown. */
  signal?: AbortSignal;
  /** Stops the run after so many milliseconds, with a `TimeoutError`. @default {Infinity} */
  timeoutMs?: number;
  /** Stops the run when one operation takes longer than so many milliseconds, likewise. @default {Infinity} */
  stepTimeoutMs?: number;
  /** Where memory comes from; by default a pool of the run's own, which ends with it. */
  pool?: BufferPool;
  /**
   * Poisons and watches memory that was given back, and fails the run, with
   * nothing written, when a step touches it. Twice as slow and twice the memory.
   * For runs on a pool of their own; another says itself whether it does this.
   * @default {false}
   */
  debug?: boolean;
  /** The most bytes on lease at one time; the recipe's own `memory: { max }` holds too. @default {Infinity} */
  maxBytes?: number;
  /** Called before every operation, and at pauses of those that go by iterations. */
  onProgress?: (progress: RunProgress) => void;
  /** What a recipe that is given as text is called, in messages. @default {"recipe"} */
  path?: string;
  /** Values for the parameters of a recipe that is given as text, by name. @default {{}} */
  set?: Readonly<Record<string, string>>;
  /** The steps a recipe that is given as text may use. @default {BUILT_IN_STEPS} */
  steps?: readonly Step[];
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
 * However it ends, every buffer is back: that is checked, not assumed. What a
 * step that is not built in has seen is taken away from it when it is done.
 *
 * @param recipe Checked, as `parseRecipe` gives it; or its text, which is checked first.
 * @throws {RecipeError} If the text is no recipe without a fault.
 * @throws {InputError} If an input is broken.
 * @throws {PlanError} If a step needs what an input does not have.
 * @throws {BudgetError} If the plan exceeds the memory budget.
 * @throws {StepError} If a step cannot do its work.
 * @throws {GateError} If an `expect` step is not met; nothing is written then.
 *
 * @example With a step of one's own
 * ```ts
 * import { BUILT_IN_STEPS, defineStep, length, runRecipe } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const lift = defineStep({
 *   name: "lift",
 *   summary: "Moves a mesh up",
 *   writes: ["positions"],
 *   options: { by: length({ default: 0.1, doc: "How far" }) },
 *   run: ({ mesh, out }, { by }) => {
 *     for (let i = 0; i < out.positions.length; i++) out.positions[i] = mesh.positions[i] + (i % 3 === 1 ? by : 0);
 *     return { lifted: by };
 *   },
 * });
 * const recipe = `
 * version: 1
 * inputs: { hat: hat.glb }
 * steps: [lift: { mesh: hat, by: 20cm }]
 * outputs: { hat: { mesh: hat, file: hat.glb } }
 * `;
 * const hat = Deno.readFileSync(new URL("./library/meshes/cuirass.glb", import.meta.url));
 * const { report, outputs } = await runRecipe(recipe, { inputs: { hat }, steps: [...BUILT_IN_STEPS, lift] });
 * assertEquals([report.ops[1].summary, report.inUseBytes, [...outputs.keys()]], ["lifted 0.2", 0, ["hat"]]);
 * ```
 */
export async function runRecipe(recipe: Recipe | string, options: RunOptions = {}): Promise<RunResult> {
  assertOptions(recipe, options);
  if (typeof recipe === "string") {
    const { path = "recipe", set = {}, steps = BUILT_IN_STEPS, ...others } = options;
    const parsed = await parseRecipe(recipe, { path, set, steps });
    if (parsed.recipe === undefined) throw new RecipeError(parsed.issues, { path, text: recipe });
    return await runRecipe(parsed.recipe, others);
  }
  const { signal, timeoutMs = Infinity, debug = false } = options;
  const ownPool = options.pool === undefined ? new BufferPool({ idleMs: Infinity, debug }) : undefined;
  using pace = new Pace(signal);
  using _limit = pace.limit(timeoutMs, `Cannot finish "${recipe.name}"`);
  const run = new Run(recipe, options, options.pool ?? ownPool!, pace);
  const errors: unknown[] = [];
  try {
    await run.execute();
  } catch (error) {
    errors.push(...errorsInOrder(error));
  }
  errors.push(...run.close(), ...collectErrors([() => ownPool?.clear()]));
  throwFirst(errors);
  return await run.commit();
}

class Run {
  readonly #recipe: Recipe;
  readonly #options: RunOptions;
  readonly #arena: BufferScope;
  readonly #pool: BufferPool;
  readonly #pace: Pace;
  readonly #maxBytes: number;
  readonly #startedAt = performance.now();
  #ops: OpReport[] = [];
  #inputs: ReadonlyMap<string, OpenInput> = new Map();
  #encoded: ReadonlyMap<string, Uint8Array> = new Map();
  #plannedPeakBytes = 0;
  #poolStats: BufferPoolStats;

  constructor(recipe: Recipe, options: RunOptions, pool: BufferPool, pace: Pace) {
    this.#recipe = recipe;
    this.#options = options;
    this.#maxBytes = Math.min(options.maxBytes ?? Infinity, recipe.maxBytes ?? Infinity);
    this.#arena = new BufferScope(pool, { label: recipe.name, maxBytes: this.#maxBytes });
    this.#pool = pool;
    this.#poolStats = pool.getStats();
    this.#pace = pace;
  }

  /** Everything but writing. */
  async execute(): Promise<void> {
    const recipe = this.#recipe, pace = this.#pace, { io, inputs = {}, stepTimeoutMs = Infinity } = this.#options;
    await pace.wait(Promise.resolve(io?.assertWritable?.(recipe.outputs.map(({ file }) => file))));
    this.#inputs = await openInputs(recipe, io, inputs, pace);
    const interpreter = new Interpreter(this.#arena, this.#inputs, pace, {
      provenance: () => provenanceOf(recipe, this.#inputs, this.#ops),
      stepTimeoutMs,
    });
    const { plan } = await planExactly(
      recipe,
      this.#inputs,
      interpreter,
      (rough, count) => this.#executePrologue(interpreter, rough, count),
    );
    assertBudget(plan, this.#maxBytes);
    this.#ops = this.#ops.map((op, i) => ({ ...op, plannedBytes: plan.ops[i].peakBytes })); // they ran on a bound
    await this.#executeOps(interpreter, plan, plan.prologue, plan.ops.length);
    this.#assertGates(plan);
    assertNothingLeft(this.#arena, interpreter.remaining(), plan);
    this.#encoded = interpreter.encoded;
    this.#plannedPeakBytes = plan.peakBytes;
  }

  /** Ends every lease; returns what went wrong on the way. */
  close(): unknown[] {
    const errors = this.#arena.close();
    this.#poolStats = this.#pool.getStats();
    return errors;
  }

  /** Writes the outputs: all or none, whatever stops the run now. */
  async commit(): Promise<RunResult> {
    const { io } = this.#options, encoded = this.#encoded;
    const written = io === undefined ? [] : await this.#write(io);
    return { report: this.#report(written), outputs: encoded };
  }

  /** Reading and welding may break the budget before the plan is known that says so. */
  async #executePrologue(interpreter: Interpreter, rough: Plan, count: number): Promise<void> {
    try {
      await this.#executeOps(interpreter, rough, 0, count);
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      const { label, at } = rough.ops[this.#ops.length];
      throw new PlanBudgetError(label, at, error.neededBytes, error.maxBytes, rough.peakBytes, true);
    }
  }

  async #executeOps(interpreter: Interpreter, plan: Plan, from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) {
      const op = plan.ops[i];
      const progress = { op: i, ops: plan.ops.length, label: op.label };
      this.#options.onProgress?.(progress);
      this.#pace.onIterations = ({ done, most }) => {
        this.#options.onProgress?.({ ...progress, iterations: { done, most } });
      };
      this.#ops.push(await interpreter.execute(op));
    }
  }

  #assertGates(plan: Plan): void {
    const failures = this.#ops.flatMap(({ failures }, i) =>
      failures.map((message) => ({ message, path: plan.ops[i].at }))
    );
    if (failures.length > 0) throw new GateError(failures);
  }

  async #write(io: RecipeIO): Promise<OutputReport[]> {
    const files = new Map(this.#recipe.outputs.map(({ name, file }) => [file, this.#encoded.get(name)!]));
    const paths = await io.write(files);
    return this.#recipe.outputs.map(({ name, file }) => ({
      name,
      path: paths.get(file) ?? file,
      bytes: files.get(file)!.length,
    }));
  }

  #report(outputs: OutputReport[]): RunReport {
    return {
      recipe: this.#recipe.name,
      ops: this.#ops,
      outputs,
      peakBytes: this.#ops.reduce((peak, op) => Math.max(peak, op.peakBytes), 0),
      plannedPeakBytes: this.#plannedPeakBytes,
      inUseBytes: this.#arena.inUseBytes,
      pool: this.#poolStats,
      kernels: ledgerOf(this.#pool).hasWasm && hasSimd() ? "simd" : "scalar",
      elapsedMs: performance.now() - this.#startedAt,
    };
  }
}

/**
 * What no plan can leave behind: checked after every run all the same.
 *
 * @param remaining Bytes of the values that were not freed, by their id.
 * @throws {LeakError} If something is on lease; it names the values and where the first was made.
 */
export function assertNothingLeft(arena: BufferScope, remaining: ReadonlyMap<string, number>, plan: Plan): void {
  const { inUseBytes } = arena;
  if (inUseBytes === 0 && remaining.size === 0) return;
  const makerOf = (id: string) => plan.ops.find(({ makes }) => Object.values(makes).includes(id));
  const bytes = [...remaining].map(([id, left]) => [`${id} of ${makerOf(id)?.label ?? "nobody"}`, left]);
  const others = inUseBytes - [...remaining.values()].reduce((sum, left) => sum + left, 0);
  if (others !== 0) bytes.push([arena.label, others]);
  throw new LeakError(Object.fromEntries(bytes), [...remaining.keys()].map(makerOf).find((op) => op !== undefined)?.at);
}

function assertOptions(recipe: Recipe | string, options: RunOptions): void {
  const { pool, debug, timeoutMs = Infinity, stepTimeoutMs = Infinity } = options;
  if (typeof recipe !== "string") {
    const late = (["path", "set", "steps"] as const).find((key) => options[key] !== undefined);
    if (late !== undefined) {
      throw new TypeError(`Cannot run with "${late}" as this recipe is checked already: give it to parseRecipe()`);
    }
  }
  for (const [key, value] of [["timeoutMs", timeoutMs], ["stepTimeoutMs", stepTimeoutMs]] as const) {
    if (value >= 0) continue;
    throw new RangeError(`Cannot run a recipe as "${key}" must be >= 0: current value is ${value}`);
  }
  if (debug === true && pool !== undefined) {
    throw new TypeError(`Cannot debug a run on a pool it is given: make that one with "debug"`);
  }
}
