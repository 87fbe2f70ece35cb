import { type Recipe, runRecipe } from "../../recipes/mod.ts";
import { threadMs } from "../_thread_clock.ts";

/** How long one run held the event loop: by operation, milliseconds from each pause to the next. */
export type Stretches = Map<string, number[]>;

/**
 * Runs a recipe and notes when it looks at the clock, as it does at every pause.
 * Where the system tells, the time is that of the thread alone: a busy machine
 * that gives the processor to others in between makes nothing longer.
 */
export async function stretchesOf(recipe: Recipe, inputs: Readonly<Record<string, Uint8Array>>): Promise<Stretches> {
  const { now } = performance, stretches: Stretches = new Map();
  let label = "open", last = threadMs();
  performance.now = () => {
    const at = threadMs(), all = stretches.get(label);
    if (all === undefined) stretches.set(label, [at - last]);
    else all.push(at - last);
    last = threadMs();
    return now.call(performance);
  };
  const onProgress = (progress: { op: number; label: string }) => label = `${progress.op} ${progress.label}`;
  try {
    await runRecipe(recipe, { inputs, onProgress });
  } finally {
    performance.now = now;
  }
  return stretches;
}
