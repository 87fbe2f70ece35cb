import type { NodePath } from "./recipe.ts";

/** An input cannot be used: keeps what was wrong with the file and says where the recipe names it. */
export class InputError extends SyntaxError {
  /** What the exit code is decided by. */
  override name = "InputFileError";
  /**
   * Says it in one sentence.
   *
   * @param path Where the recipe names the file.
   * @param cause What the reader said.
   */
  constructor(readonly path: NodePath, cause: Error) {
    super(cause.message, { cause });
  }
}

/**
 * What a recipe asks for cannot be had of these meshes, which a step finds only when it looks: an empty selection, a
 * joint by a name that nothing has. The recipe's fault: it ends a run as those do that are found before the first step.
 */
export class RequestError extends RangeError {
  /** What tells it from a step's failure. */
  override name = "RequestError";
  /**
   * Says it in one sentence.
   *
   * @param code Kebab-case kind of the fault.
   * @param option The option that asks, as a path behind the step's name; empty for the step as a whole.
   * @param message One sentence with the way out.
   */
  constructor(readonly code: string, readonly option: NodePath, message: string) {
    super(message);
  }
}

/** A step could not do its work. Says which, and keeps what it threw. */
export class StepError extends TypeError {
  /** What the exit code is decided by. */
  override name = "StepError";
  /**
   * Says it in one sentence.
   *
   * @param step The step's name and mesh, such as `fit armor`.
   * @param path Where the recipe asks for it.
   * @param cause What was thrown first.
   * @param others What went wrong while closing after it.
   */
  constructor(
    readonly step: string,
    readonly path: NodePath,
    cause: unknown,
    readonly others: readonly unknown[] = [],
  ) {
    super(`Cannot ${step}: ${messageOf(cause)}`, { cause });
  }
}

/** What was thrown in words, whatever it is: a custom step may throw anything. */
function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message);
    return typeof thrown === "string" ? thrown : `it threw ${String(thrown)}`;
  } catch {
    return "it threw something that cannot be shown";
  }
}

/** What a gate found wanting, and where the recipe asks for it. */
export interface GateFailure {
  /** One sentence. */
  readonly message: string;
  /** The place of the gate. */
  readonly path: NodePath;
}

/** One or more `expect` steps were not met; nothing was written. */
export class GateError extends RangeError {
  /** What the exit code is decided by. */
  override name = "GateError";
  /**
   * Says it in one sentence.
   *
   * @param failures All of them, in order.
   */
  constructor(readonly failures: readonly GateFailure[]) {
    super(failures.map(({ message }) => message).join("; "));
  }
}

/** Memory was still on lease after a run: a fault of ours, never passed over. */
export class LeakError extends TypeError {
  /** What the exit code is decided by. */
  override name = "LeakError";
  /**
   * Says it in one sentence.
   *
   * @param bytes What was left, by the name of its owner.
   * @param path The step that made the first of it, as far as that is known.
   */
  constructor(readonly bytes: Readonly<Record<string, number>>, readonly path?: NodePath) {
    const owners = Object.entries(bytes).map(([owner, left]) => `${owner} (${left} bytes)`).join(", ");
    super(`Cannot finish the run as every buffer must be back: still on lease are ${owners}`);
  }
}

/** The plan needs more memory than it may have; known before the first step. */
export class PlanBudgetError extends RangeError {
  /** What the exit code is decided by. */
  override name = "BudgetError";
  /**
   * Says it in one sentence.
   *
   * @param step The operation that needs too much.
   * @param path Where the recipe asks for it.
   * @param neededBytes What it would have on lease.
   * @param maxBytes The budget.
   * @param smallestBytes The smallest budget that would do for the whole recipe; an upper bound of it where the inputs could not even be read.
   * @param isBound Whether it is an upper bound.
   */
  constructor(
    readonly step: string,
    readonly path: NodePath,
    readonly neededBytes: number,
    readonly maxBytes: number,
    readonly smallestBytes: number,
    readonly isBound: boolean = false,
  ) {
    const smallest = mebibytes(smallestBytes);
    super(
      `Cannot ${step} within ${mebibytes(maxBytes)} as it needs ${mebibytes(neededBytes)}: ${
        isBound ? `a budget of ${smallest} will do` : `the smallest budget for this recipe is ${smallest}`
      }`,
    );
  }
}

function mebibytes(bytes: number): string {
  return `${(Math.ceil(bytes / 1024 / 1024 * 100) / 100).toFixed(2)}MiB`;
}
