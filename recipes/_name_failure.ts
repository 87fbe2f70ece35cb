import { InputFileError } from "../io/mod.ts";
import { BudgetError } from "../pool/budget_error.ts";
import { collectErrors } from "../pool/_settle_then.ts";
import { throwFirst } from "../pool/_throw_first.ts";
import { InputError, StepError } from "./errors.ts";
import type { PlanOp } from "./plan_ops.ts";

/**
 * What is thrown for an operation that failed: the first error, which gets the
 * name and place of the operation unless it says enough, with the others attached.
 *
 * @param errors In order; what was thrown first is at the head.
 * @param isStop Whether the first is why the run was stopped, which is nobody's fault.
 */
export function nameFailure(op: PlanOp, errors: readonly unknown[], isStop: boolean): unknown {
  const [first, ...others] = errors;
  if (first instanceof InputFileError) return withOthers(new InputError(op.at, first), others);
  const saysEnough = isStop || first instanceof BudgetError || first instanceof InputError;
  return saysEnough ? withOthers(first, others) : new StepError(op.label, op.at, first, others);
}

function withOthers(first: unknown, others: readonly unknown[]): unknown {
  return collectErrors([() => throwFirst([first, ...others])])[0];
}
