import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { BufferPool, BufferScope, errorsInOrder, type Frame, type Scratch } from "../../pool/mod.ts";
import { failingPool, FAILURE } from "./_failing_pool.ts";

/** Small random numbers that a seed repeats. */
function seeded(seed: number): () => number {
  return () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
}

Deno.test("64 runs interleaved over awaits share a pool and no buffer", async () => {
  using pool = new BufferPool();
  const inUse = new Set<ArrayBufferLike>();
  const round = async (step: Frame, mark: number, random: () => number) => {
    const arrays = [10, 10, 1 + Math.floor(5 * random())]
      .map((length) => step.f32(length));
    for (const array of arrays) {
      assert(!inUse.has(array.buffer), "a buffer has two owners");
      assert(array.every((value) => value === 0), "a buffer came dirty");
      inUse.add(array.buffer);
      array.fill(mark);
    }
    for (let turns = 3 * random(); turns > 0; turns--) await Promise.resolve();
    for (const array of arrays) {
      assert(array.every((value) => value === mark), "another run wrote");
      inUse.delete(array.buffer);
    }
  };
  const run = async (id: number) => {
    using scope = new BufferScope(pool, { label: `run ${id}` });
    const random = seeded(id + 1);
    for (let i = 0; i < 20; i++) {
      const step = scope.frame();
      await round(step, id + 1, random);
      if (random() < 0.5) step.close(); // the others are left to the run
    }
    if (id % 3 === 0) throw new RangeError(`Cannot finish ${id}`);
  };
  const runs = Array.from({ length: 64 }, (_, id) => run(id));
  assertEquals(pool.getStats().leasedBuffers, 192);
  const results = await Promise.allSettled(runs);
  const reasons = results.filter((result) => result.status === "rejected")
    .map(({ reason }) => reason.message);
  assertEquals(
    reasons,
    Array.from({ length: 22 }, (_, i) => `Cannot finish ${3 * i}`),
  );
  const { leasedBuffers, leasedBytes, acquisitions, releases } = pool
    .getStats();
  assertEquals([leasedBuffers, leasedBytes], [0, 0]);
  assertEquals([acquisitions, releases], [64 * 20 * 3, 64 * 20 * 3]);
});

/** An operation that holds arrays in three nested frames and makes a result. */
function operation(out: Frame, scratch: Scratch): Float32Array {
  using frame = scratch.frame("operation");
  const sums = frame.f64(10);
  const result = out.f32(10);
  for (let i = 0; i < 2; i++) {
    using inner = frame.frame("inner");
    const [a, b] = [inner.u32(5), inner.i32(5)];
    {
      using innermost = inner.frame("innermost");
      sums[0] += innermost.u8(a.length + b.length).length;
    }
    inner.u16(3);
  }
  result[0] = sums[0];
  return result;
}

/** Two operations; the second result is promoted and re-homed. */
function work(run: BufferScope): number {
  const value = run.frame("value");
  const first = operation(value, run);
  using step = run.frame("step");
  const second = run.rehome(step.promote(operation(step, step)));
  return first[0] + second[0];
}

Deno.test("the n-th acquire fails, for every n, in nested frames: all is back and the first error is the one thrown", () => {
  const complete = new BufferPool({ idleMs: Infinity });
  {
    using run = new BufferScope(complete);
    assertEquals(work(run), 40);
  }
  const { acquisitions } = complete.getStats();
  assertEquals(acquisitions, 20);

  for (let n = 1; n <= acquisitions; n++) {
    const pool = failingPool(n);
    const run = new BufferScope(pool);
    let thrown: unknown;
    try {
      work(run);
    } catch (error) {
      thrown = error;
    }
    assertStrictEquals(thrown, FAILURE);
    assertEquals(run.close(), []);
    const stats = pool.getStats();
    assertEquals([n, run.inUseBytes, stats.leasedBuffers, stats.leasedBytes], [
      n,
      0,
      0,
      0,
    ]);
    assertEquals([stats.acquisitions, stats.releases], [n - 1, n - 1]);
  }
});

Deno.test("frames inside a failing block are closed before the run is", () => {
  const pool = failingPool(5);
  using run = new BufferScope(pool);
  try {
    operation(run, run);
  } catch (error) {
    assertEquals(errorsInOrder(error), [FAILURE]);
  }
  assertEquals(run.inUseBytes, 40); // the result that `out` owns; every frame is gone
});

Deno.test("a run that was closed while a step still waits cannot be touched by it", async () => {
  using pool = new BufferPool();
  const run = new BufferScope(pool, { label: "run" });
  let goOn = () => {};
  const waiting = new Promise<void>((resolve) => goOn = resolve);
  const step = async (frame: Frame) => {
    const array = frame.f32(4);
    await waiting;
    array[0] = 7; // reaches nobody
    return frame.f32(4);
  };
  const result = step(run.frame("step"));
  run.close(); // timeout
  const next = pool.acquire(4);
  goOn();
  const [{ reason }] = await Promise.allSettled([result]) as [
    PromiseRejectedResult,
  ];
  assertEquals(
    reason.message,
    'Cannot lease memory in "run/step" as it is closed',
  );
  assertEquals([...next], [0, 0, 0, 0]);
  pool.release(next);
});
