import { assertEquals } from "@std/assert";
import { BufferPool } from "../../pool/mod.ts";
import { FakeClock } from "./_fake_clock.ts";

/** Leases and releases one buffer of each length. */
function fill(pool: BufferPool, ...lengths: number[]): void {
  lengths.map((length) => pool.acquire(length))
    .forEach((buffer) => pool.release(buffer));
}

Deno.test("BufferPool drops what has been idle for 30 seconds, each buffer at its time", () => {
  using clock = new FakeClock();
  using pool = new BufferPool();
  const kept = () => pool.getStats().totalMemoryBytes;
  fill(pool, 10);
  clock.advance(20_000);
  fill(pool, 11, 12);
  assertEquals(clock.pending, [{ inMs: 10_000, holdsProcess: false }]);
  clock.advance(9_999);
  assertEquals(kept(), 132);
  clock.advance(1);
  assertEquals(kept(), 92);
  assertEquals(clock.pending, [{ inMs: 20_000, holdsProcess: false }]);
  clock.advance(20_000);
  assertEquals(kept(), 0);
  assertEquals(clock.pending, []);
});

Deno.test("BufferPool counts idle time from the last release", () => {
  using clock = new FakeClock();
  using pool = new BufferPool({ idleMs: 100 });
  fill(pool, 10);
  clock.advance(99);
  fill(pool, 10); // used in between
  clock.advance(1);
  assertEquals(pool.getStats().totalBuffers, 1);
  assertEquals(clock.pending, [{ inMs: 99, holdsProcess: false }]);
  clock.advance(99);
  assertEquals(pool.getStats().totalBuffers, 0);
});

Deno.test("BufferPool starts its timer only when something is idle, and once", () => {
  using clock = new FakeClock();
  using pool = new BufferPool();
  const buffer = pool.acquire(10);
  assertEquals(clock.started, 0);
  pool.release(buffer);
  for (let i = 0; i < 100; i++) fill(pool, 10, 20);
  assertEquals(clock.started, 1);
});

Deno.test("BufferPool starts no timer for what it does not keep", () => {
  using clock = new FakeClock();
  using none = new BufferPool(0);
  using small = new BufferPool({ maxBytes: 10 });
  using endless = new BufferPool({ idleMs: Infinity });
  for (const pool of [none, small, endless]) fill(pool, 10);
  assertEquals(clock.started, 0);
  assertEquals(endless.getStats().totalBuffers, 1);
});

Deno.test("BufferPool starts no timer that would fire at once for a long idleMs", () => {
  using clock = new FakeClock();
  using pool = new BufferPool({ idleMs: 2 ** 40 });
  fill(pool, 10);
  assertEquals(clock.pending[0].inMs, 2 ** 31 - 1);
  clock.advance(2 ** 31 - 1);
  assertEquals(pool.getStats().totalBuffers, 1);
});

Deno.test("BufferPool's timer ends by itself when all is on lease again", () => {
  using clock = new FakeClock();
  using pool = new BufferPool({ idleMs: 100 });
  fill(pool, 10);
  const buffer = pool.acquire(10);
  clock.advance(100);
  assertEquals(clock.pending, []);
  pool.release(buffer);
  assertEquals(clock.pending, [{ inMs: 100, holdsProcess: false }]);
});

const ENDS: [string, (pool: BufferPool) => void][] = [
  ["clear()", (pool) => pool.clear()],
  ["clearType()", (pool) => pool.clearType("Float32Array")],
  ["trim()", (pool) => pool.trim()],
  ["disposal", (pool) => pool[Symbol.dispose]()],
];
for (const [name, end] of ENDS) {
  Deno.test(`BufferPool cancels its timer on ${name}`, () => {
    using clock = new FakeClock();
    using pool = new BufferPool();
    fill(pool, 10, 11);
    end(pool);
    assertEquals(clock.pending, []);
    fill(pool, 10); // it may be used again
    assertEquals(clock.pending.length, 1);
  });
}

Deno.test("BufferPool.trim() leaves the timer while something is idle", () => {
  using clock = new FakeClock();
  using pool = new BufferPool();
  fill(pool, 10, 11);
  pool.trim(44);
  assertEquals(clock.pending.length, 1);
});

Deno.test("BufferPool works with the timers of browsers, which are numbers", () => {
  using clock = new FakeClock(true);
  using pool = new BufferPool({ idleMs: 100 });
  fill(pool, 10);
  assertEquals(clock.pending.length, 1);
  clock.advance(100);
  assertEquals(pool.getStats().totalBuffers, 0);
});

Deno.test("BufferPool gives memory back by the real clock", async () => {
  using pool = new BufferPool({ idleMs: 10 });
  fill(pool, 10, 11);
  assertEquals(pool.getStats().totalBuffers, 2);
  for (let i = 0; i < 200 && pool.getStats().totalBuffers > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(pool.getStats().totalBuffers, 0);
});
