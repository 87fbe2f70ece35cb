import type { Work } from "../../fitting/work.ts";

/** Runs `work` to its end without a pause; the layers keep `finish` of `fitting/` out of reach. */
export function runThrough<T>(work: Work<T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}
