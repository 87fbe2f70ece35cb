import type { Step } from "./step.ts";

const BUILT_IN = new WeakSet<Step>();

/** Marks steps of the catalogue. By identity, so that no definition can pose as one of them. */
export function builtIn(steps: readonly Step[]): readonly Step[] {
  for (const step of steps) BUILT_IN.add(Object.freeze(step));
  return Object.freeze(steps);
}

/** Whether a step works on the values themselves; all others are lent views that end with them. */
export function isBuiltIn(step: Step): boolean {
  return BUILT_IN.has(step);
}
