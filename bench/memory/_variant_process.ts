// deno-lint-ignore-file no-console -- its output is what table.ts reads
/**
 * One variant, alone in a process: `_variant_process.ts VARIANT ITERATIONS WARM_UP [count]`.
 * Prints a line of JSON. The loop that is measured lies between two forced
 * collections, so that what `--trace-gc` prints between those two is its own.
 *
 * @module
 */
import type { BufferPoolStats } from "../../pool/mod.ts";
import { countBuffers } from "../../tests/pool/_count_buffers.ts";
import type { Variant } from "./_fits.ts";

const [variant, iterations, warmUp, count] = Deno.args;
if (variant === "empty") {
  console.log(JSON.stringify({ peakRss: peakRss() }));
} else {
  const counter = count === "count" ? countBuffers() : undefined;
  const { prepare } = await import("./_fits.ts"); // after the counter, which replaces constructors
  const fit = prepare(variant as Variant);
  const preparedRss = peakRss();
  let warm: BufferPoolStats | undefined;
  for (let i = 0; i < 3; i++) warm = fit.run(Number(warmUp)).stats; // twice is not enough: functions start cold again
  const made = counter?.() ?? 0;
  markHeap();
  const begin = threadTime();
  const { positions, stats } = fit.run(Number(iterations));
  const elapsedMs = threadTime() - begin;
  markHeap();
  const buffers = counter === undefined ? undefined : { before: made, inLoop: counter() - made };
  const pool = stats && warm && {
    hitRate: (stats.reuses - warm.reuses) / (stats.acquisitions - warm.acquisitions),
    buffers: stats.totalBuffers + stats.leasedBuffers,
    bytes: stats.totalMemoryBytes + stats.leasedBytes,
  };
  console.log(
    JSON.stringify({ elapsedMs, peakRss: peakRss(), preparedRss, buffers, pool, checksum: checksumOf(positions) }),
  );
}

/** Has the engine print a line of its own, if it traces: a small collection, as a large one makes it forget what it compiled. */
function markHeap(): void {
  (globalThis as { gc?: (options: { type: "minor" }) => void }).gc?.({ type: "minor" });
}

/** The most memory the process has had, bytes. */
function peakRss(): number {
  return 1024 * Number(/VmHWM:\s*(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
}

/** Milliseconds this thread has run: what others do on the machine does not count. */
function threadTime(): number {
  return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
}

function checksumOf(positions: Float32Array): number {
  return positions.reduce((sum, value, i) => sum + value * (1 + i % 7), 0);
}
