import { InputFileError } from "../io/mod.ts";
import { BudgetError } from "../pool/budget_error.ts";
import { collectErrors } from "../pool/_settle_then.ts";
import { throwFirst } from "../pool/_throw_first.ts";
import { InputError, RequestError, StepError } from "./errors.ts";
import { PlanError } from "./plan_error.ts";
import type { PlanOp } from "./plan_ops.ts";
import type { NodePath } from "./recipe.ts";

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
  if (first instanceof RequestError) {
    return withOthers(new PlanError(first.code, placeOf(op, first), `Cannot ${op.label}: ${first.message}`), others);
  }
  const saysEnough = isStop || first instanceof BudgetError || first instanceof InputError;
  return saysEnough ? withOthers(first, others) : new StepError(op.label, op.at, first, others);
}

function withOthers(first: unknown, others: readonly unknown[]): unknown {
  return collectErrors([() => throwFirst([first, ...others])])[0];
}

/** The place of an option of the operation's step, or of the whole. */
function placeOf(op: PlanOp, { option }: RequestError): NodePath {
  return op.kind === "step" && option.length > 0 ? [...op.at, op.step.step.name, ...option] : op.at;
}
