import process from "node:process";

/**
 * Milliseconds this thread has run: a busy machine, which gives the processor to
 * others in between, makes nothing longer. Linux tells them to a microsecond to
 * who may read all; elsewhere they come in steps of some milliseconds, or the time
 * of day must do.
 */
export const threadMs: () => number = fineClock() ?? coarseClock() ?? performance.now.bind(performance);

function fineClock(): (() => number) | undefined {
  const read = () => Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
  return isRunning(read) ? read : undefined;
}

function coarseClock(): (() => number) | undefined {
  const { threadCpuUsage } = process as unknown as { threadCpuUsage?: () => { user: number; system: number } };
  if (threadCpuUsage === undefined) return undefined;
  const read = () => {
    const { user, system } = threadCpuUsage();
    return (user + system) / 1000;
  };
  return isRunning(read) ? read : undefined;
}

function isRunning(read: () => number): boolean {
  try {
    return read() > 0;
  } catch {
    return false;
  }
}
