import type { Work } from "../fitting/work.ts";
import { LentScratch } from "../pool/_lent_scratch.ts";
import type { BufferScope } from "../pool/buffer_scope.ts";
import { isBuiltIn } from "./_built_in.ts";
import { Loan } from "./_loan.ts";
import type { Pace } from "./_pace.ts";
import type { ValueTable } from "./_value_table.ts";
import type { Measures } from "./measures.ts";
import type { PlanOp } from "./plan_ops.ts";
import type { Step } from "./step.ts";

type StepOp = Extract<PlanOp, { kind: "step" }>;
type Context = Parameters<Step["run"]>[0];

/**
 * Calls a step and waits for it. A built-in one works on the values themselves;
 * all that any other one sees is taken away from it when it is done.
 *
 * @param values Hold what the step reads, and what it is to fill.
 */
export async function callStep(
  op: StepOp,
  values: ValueTable,
  scratch: BufferScope,
  pace: Pace,
): Promise<Measures> {
  const { step, options } = op.step;
  if (!isBuiltIn(step)) return await callCustom(op, values, scratch, pace);
  const views = viewsOf(op, (name, binding) => ({ name, zero: values.zeroOf(binding), ...values.bound(binding) }));
  const context = { ...views, out: values.bound(op.makes), masks: masksOf(op, values), scratch } as unknown as Context;
  return await settle(step.run(context, options), pace) as Measures;
}

async function callCustom(op: StepOp, values: ValueTable, scratch: BufferScope, pace: Pace): Promise<Measures> {
  const { step, options } = op.step;
  const loan = new Loan();
  const views = viewsOf(
    op,
    (name, binding) => ({ ...loan.view(name, values.bound(binding)), zero: values.zeroOf(binding) }),
  );
  const lent = new LentScratch(scratch, op.scratchBytes, step.name);
  const masks = loan.masks(masksOf(op, values));
  const context = { ...views, out: loan.out(values.bound(op.makes)), masks, scratch: lent } as unknown as Context;
  let measures: Measures;
  try {
    measures = plainMeasures(await settle(step.run(context, options), pace));
    loan.assertKept();
  } finally {
    loan.end();
  }
  const bindings = [...Object.values(op.binds), op.makes, op.masks];
  values.rehome(bindings.flatMap((binding) => Object.values(binding))); // a failed run ends them all
  return measures;
}

/** The selections that options name, by the key of the option. */
function masksOf({ masks }: StepOp, values: ValueTable): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(masks).map(([key, id]) => [key, values.get<"selection">(id)]));
}

/** Every bound mesh by its key, shown through `view`. */
function viewsOf<V>({ binds, mesh, step }: StepOp, view: (name: string, binding: StepOp["makes"]) => V) {
  const views = Object.entries(binds).map(([key, binding]) => {
    const name = key === "mesh" ? mesh : step.consults[key] ?? key;
    return [key, view(name, binding)] as const;
  });
  return Object.fromEntries(views);
}

/** What a step's run comes to, however it goes about it. */
async function settle(result: unknown, pace: Pace): Promise<unknown> {
  const value = isWork(result) ? (await pace.drive(boxed(result))).value : result;
  return isThenable(value) ? await pace.wait(value) : value;
}

/** A box, as an async function would wait for a promise in it for as long as that takes. */
function* boxed(work: Work<unknown>): Work<{ readonly value: unknown }> {
  return { value: yield* work };
}

function isWork(result: unknown): result is Work<unknown> {
  const work = result as Partial<Work<unknown>> | null | undefined;
  return typeof work?.next === "function" && typeof work[Symbol.iterator] === "function";
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

/** What a stranger calls measures, checked and copied. */
function plainMeasures(result: unknown): Measures {
  if (typeof result !== "object" || result === null) {
    throw new TypeError(`Its run must give measures, an object: it gave ${result === null ? "null" : typeof result}`);
  }
  const measures = Object.entries(result);
  for (const [name, value] of measures) {
    if (["number", "string", "boolean"].includes(typeof value)) continue;
    throw new TypeError(`Every measure must be a number, a text or a boolean: "${name}" is of type ${typeof value}`);
  }
  return Object.fromEntries(measures);
}
