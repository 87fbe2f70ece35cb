/**
 * Milliseconds this thread has run, as Linux counts them: a busy machine, which
 * gives the processor to others in between, makes nothing longer. Elsewhere the
 * time of day.
 */
export const threadMs: () => number = threadClock() ?? performance.now.bind(performance);

function threadClock(): (() => number) | undefined {
  const read = () => Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
  try {
    return read() > 0 ? read : undefined;
  } catch {
    return undefined;
  }
}
