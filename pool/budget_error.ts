/**
 * A lease would exceed the budget of its run. Carries the numbers a message needs.
 *
 * @example What would have been in use
 * ```ts
 * import { BudgetError, BufferPool, BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * using pool = new BufferPool();
 * using run = new BufferScope(pool, { label: "run", maxBytes: 100 });
 * run.f32(20);
 * const error = assertThrows(() => run.f32(10), BudgetError);
 * assertEquals([error.neededBytes, error.maxBytes], [120, 100]);
 * ```
 */
export class BudgetError extends RangeError {
  /** The class, as messages show it. */
  override name: string = "BudgetError";

  /**
   * Says what was asked for and what may be.
   *
   * @param scope The scope that asked, with the scopes it lies in: `run/fit`.
   * @param neededBytes What would have been on lease.
   * @param maxBytes The budget.
   */
  constructor(
    readonly scope: string,
    readonly neededBytes: number,
    readonly maxBytes: number,
  ) {
    super(
      `Cannot lease memory in "${scope}" as the budget is ${maxBytes} bytes: ${neededBytes} would be in use`,
    );
  }
}
