import { assertEquals } from "@std/assert";
import { BufferPool, ledgerOf } from "../../pool/buffer_pool.ts";
import type { PooledBuffer } from "../../pool/mod.ts";
import { runRecipe } from "../../recipes/mod.ts";
import { everyStep } from "./_memory_runs.ts";

/** A pool that fails a test as soon as two who have a buffer at one time could meet in it. */
function exclusivePool(): BufferPool {
  const pool = new BufferPool({ idleMs: Infinity, maxPoolSize: 1000 });
  const ledger = ledgerOf(pool), { acquire, end } = ledger;
  const inUse = new Map<ArrayBufferLike, PooledBuffer>();
  ledger.acquire = (length, type, owner) => {
    const buffer = acquire.call(ledger, length, type, owner) as never as PooledBuffer;
    assertEquals(inUse.has(buffer.buffer), false, "a buffer has two owners");
    assertEquals(buffer.every((value: number) => value === 0), true, "a buffer came dirty");
    inUse.set(buffer.buffer, buffer);
    return buffer as never;
  };
  ledger.end = (buffer, owner, verb) => {
    inUse.delete(buffer.buffer);
    return end.call(ledger, buffer, owner, verb);
  };
  return pool;
}

Deno.test("64 runs at one time on one pool share no buffer, give the same files, and all is back", async () => {
  const { recipe, inputs } = await everyStep();
  const alone = await runRecipe(recipe, { inputs });
  using pool = exclusivePool();
  let running = 0, most = 0;
  const runs = Array.from({ length: 64 }, async (_, i) => {
    const controller = new AbortController();
    const onProgress = ({ op }: { op: number }) => {
      if (op === 0) most = Math.max(most, ++running);
      if (i % 8 === 7 && op === i % 11) controller.abort();
    };
    try {
      return await runRecipe(recipe, { inputs, pool, signal: controller.signal, onProgress });
    } finally {
      running--;
    }
  });
  const ended = await Promise.allSettled(runs);
  assertEquals(most > 32, true); // a run that is stopped at once may be over before the last begins
  const { leasedBytes, leasedBuffers, acquisitions, releases } = pool.getStats();
  assertEquals([leasedBytes, leasedBuffers, acquisitions - releases], [0, 0, 0]);
  ended.forEach((end, i) => {
    assertEquals(end.status, i % 8 === 7 ? "rejected" : "fulfilled");
    if (end.status === "fulfilled") assertEquals(end.value.outputs.get("fitted"), alone.outputs.get("fitted"));
  });
});

Deno.test("a run after the first makes no memory, and a hundred of them leave the process as it was", async () => {
  const flags = "--v8-flags=--expose-gc,--min-semi-space-size=1,--max-semi-space-size=1"; // else V8 grows its nursery
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-lock", "-R", flags, "fixtures/flat_process.ts", "100"],
    cwd: new URL(".", import.meta.url),
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals([code, JSON.parse(said).madeBytes], [0, 0], said);
});
