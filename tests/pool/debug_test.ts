import { assertAlmostEquals, assertEquals, assertMatch, assertNotStrictEquals, assertThrows } from "@std/assert";
import { BufferPool, BufferScope, type PooledBuffer } from "../../pool/mod.ts";

const QUARANTINE_SIZE = 32;
const HERE = /debug_test\.ts:\d+:\d+/;

function debugPool(): BufferPool {
  return new BufferPool({ debug: true, idleMs: Infinity });
}

function leaseHere(pool: BufferPool, length: number): Float32Array {
  return pool.acquire(length);
}

function giveBackHere(pool: BufferPool, buffer: PooledBuffer): void {
  pool.release(buffer);
}

function messages(errors: unknown[]): string[] {
  return errors.map((error) => (error as Error).message.split(";")[0]);
}

Deno.test("a debug pool hands out zeros and poisons what comes back", () => {
  const pool = debugPool();
  const floats = pool.acquire(3), indices = pool.acquire(3, "Uint32Array");
  assertEquals([...floats, ...indices], [0, 0, 0, 0, 0, 0]);
  pool.release(floats);
  pool.release(indices);
  assertEquals([...indices], Array(3).fill(0xc1c1c1c1));
  assertAlmostEquals(floats[0], -24.2, 0.1);
  pool.clear();
});

Deno.test("a debug pool counts what it watches as kept, and drops it on clear()", () => {
  const pool = debugPool();
  pool.release(pool.acquire(10));
  const { totalBuffers, totalMemoryBytes } = pool.getStats();
  assertEquals([totalBuffers, totalMemoryBytes], [1, 40]);
  pool.clear();
  assertEquals(pool.getStats().totalMemoryBytes, 0);
});

Deno.test("a debug pool uses a buffer again when others have come back after it, under a new view", () => {
  const pool = debugPool();
  const first = pool.acquire(5);
  pool.release(first);
  const others = Array.from(
    { length: QUARANTINE_SIZE },
    () => pool.acquire(1),
  );
  assertNotStrictEquals(pool.acquire(5), first);
  others.forEach((buffer) => pool.release(buffer));
  const { allocatedBytes } = pool.getStats();
  const again = pool.acquire(5);
  assertEquals([first.length, ...again], [0, 0, 0, 0, 0, 0]);
  assertEquals(pool.getStats().allocatedBytes, allocatedBytes);
  pool.clear();
});

Deno.test("a debug pool reports a write after release, with element, value and both sites", () => {
  const pool = debugPool();
  const buffer = leaseHere(pool, 10);
  giveBackHere(pool, buffer);
  buffer[3] = 7;
  const error = assertThrows(() => pool.clear(), TypeError);
  assertMatch(
    error.message,
    /^Cannot reuse Float32Array\(10\) of a caller of acquire\(\) as nothing may touch it after its release: element 3 is 7; acquired at leaseHere \(.*debug_test\.ts:\d+:\d+\); released at giveBackHere \(.*debug_test\.ts:\d+:\d+\)$/,
  );
  pool.clear(); // told once
});

for (const type of ["Float32Array", "Float64Array"] as const) {
  Deno.test(`a debug pool sees small numbers added to a released ${type}`, () => {
    const pool = debugPool();
    const sums = pool.acquire(3, type);
    pool.release(sums);
    sums[1] += 1e-6;
    assertThrows(() => pool.clear(), TypeError, "element 1 is");
  });
}

Deno.test("a debug pool reports memory that was transferred away after release, once", () => {
  const pool = debugPool();
  const scope = new BufferScope(pool, { label: "run" });
  const buffer = scope.f32(10);
  scope.release(buffer);
  (buffer.buffer as ArrayBuffer).transfer();
  assertEquals(messages(scope.close()), [
    'Cannot reuse Float32Array(10) of "run" as nothing may touch it after its release: its memory was transferred away',
  ]);
  pool.clear();
  assertEquals(pool.getStats().totalBuffers, 0);
});

Deno.test("a debug pool reports all that was damaged, the first thrown, the others attached", () => {
  const pool = debugPool();
  const buffers = [1, 2, 3].map((length) => pool.acquire(length, "Uint8Array"));
  buffers.forEach((buffer) => pool.release(buffer));
  buffers[1][1] = 5;
  buffers[2][0] = 6;
  const error: Error & { others?: Error[] } = assertThrows(
    () => pool[Symbol.dispose](),
    TypeError,
    "Uint8Array(2)",
  );
  assertEquals(messages(error.others ?? []), [
    "Cannot reuse Uint8Array(3) of a caller of acquire() as nothing may touch it after its release: element 0 is 6",
  ]);
});

Deno.test("a debug pool says where a buffer that is released twice was leased and released", () => {
  const pool = debugPool();
  const buffer = leaseHere(pool, 3);
  giveBackHere(pool, buffer);
  const error = assertThrows(() => pool.release(buffer), TypeError);
  assertMatch(
    error.message,
    /^Cannot release Float32Array\(3\) as it was already released; acquired at leaseHere \(.*\); released at giveBackHere \(.*\)$/,
  );
  assertMatch(error.stack!, HERE); // the second site is where the error was made
  pool.clear();
});

Deno.test("a debug pool says where a buffer was leased that a scope tries to release in the owner's place", () => {
  const pool = debugPool();
  const buffer = leaseHere(pool, 3);
  const scope = new BufferScope(pool);
  const error = assertThrows(() => scope.release(buffer), TypeError);
  assertMatch(
    error.message,
    /^Cannot release Float32Array\(3\) as it is on lease to a caller of acquire\(\); acquired at leaseHere \(.*\)$/,
  );
  pool.release(buffer);
  pool.clear();
});

Deno.test("in debug mode a scope reports at its close who wrote to what it had released", () => {
  const pool = debugPool();
  const run = new BufferScope(pool, { label: "run" });
  const fit = run.frame("fit"), smooth = run.frame("smooth");
  const [a, b] = [fit.f32(4), smooth.f32(5)];
  fit.release(a);
  smooth.release(b);
  a[2] = 1;
  assertEquals(smooth.close(), []); // not its damage
  assertEquals(messages(fit.close()), [
    'Cannot reuse Float32Array(4) of "run/fit" as nothing may touch it after its release: element 2 is 1',
  ]);
  assertEquals(run.close(), []);
  pool.clear();
});

Deno.test("in debug mode a scope answers for the frames that closed in it, and the pool for the run", () => {
  const pool = debugPool();
  const run = new BufferScope(pool, { label: "run" });
  const step = run.frame("step");
  const solve = step.frame("solve");
  const kept = solve.f32(4), late = solve.f32(5);
  assertEquals(solve.close(), []);
  assertEquals(step.close(), []);
  kept[1] = 2; // a view somebody kept
  assertEquals(messages(run.close()), [
    'Cannot reuse Float32Array(4) of "run" as nothing may touch it after its release: element 1 is 2',
  ]);
  late[0] = 3;
  assertThrows(() => pool.clear(), TypeError, "element 0 is 3");
});

Deno.test("in debug mode two runs on one pool answer each for their own, also when a buffer leaves the watch early", () => {
  const pool = debugPool();
  const mine = new BufferScope(pool, { label: "mine" });
  const yours = new BufferScope(pool, { label: "yours" });
  const buffer = mine.f32(4);
  mine.release(buffer);
  buffer[0] = 1;
  for (let i = 0; i <= QUARANTINE_SIZE; i++) yours.release(yours.f32(1));
  assertEquals(yours.close(), []);
  assertEquals(messages(mine.close()), [
    'Cannot reuse Float32Array(4) of "mine" as nothing may touch it after its release: element 0 is 1',
  ]);
  pool.clear();
});

Deno.test("in debug mode clear() takes watched buffers from a run, but not their damage", () => {
  const pool = debugPool();
  const run = new BufferScope(pool, { label: "run" });
  const buffer = run.f32(4);
  run.release(buffer);
  buffer[0] = 1;
  pool.clear();
  assertEquals(run.close().length, 1);
});

Deno.test("in debug mode rehome() keeps the values elsewhere and watches the view it revoked", () => {
  const pool = debugPool();
  const run = new BufferScope(pool, { label: "run" });
  const seen = run.f32(3);
  seen.set([1, 2, 3]);
  const fresh = run.rehome(seen);
  seen[0] = 9;
  assertEquals([...fresh], [1, 2, 3]);
  assertEquals([run.inUseBytes, pool.getStats().leasedBuffers], [12, 1]);
  assertThrows(() => run.release(seen), TypeError, "already re-homed");
  assertEquals(messages(run.close()), [
    'Cannot reuse Float32Array(3) of "run" as nothing may touch it after its release: element 0 is 9',
  ]);
  assertEquals(pool.getStats().leasedBytes, 0);
  pool.clear();
});

Deno.test("in debug mode a scope throws the damage at the end of its block", () => {
  using pool = debugPool();
  assertThrows(
    () => {
      using run = new BufferScope(pool);
      const buffer = run.u8(2);
      run.release(buffer);
      buffer[0] = 1;
    },
    TypeError,
    "element 0 is 1",
  );
});

Deno.test("a debug pool lets honest scopes be", () => {
  using pool = debugPool();
  for (let i = 0; i < 100; i++) {
    using run = new BufferScope(pool);
    const step = run.frame();
    step.promote(step.f32(10)).fill(i);
    run.rehome(run.f64(3)).fill(i);
    step.u8(i).fill(i);
  }
  assertEquals(pool.getStats().leasedBuffers, 0);
});

Deno.test("a pool knows no sites unless asked to", () => {
  using pool = new BufferPool();
  const buffer = pool.acquire(3);
  pool.release(buffer);
  const error = assertThrows(() => pool.release(buffer), TypeError);
  assertEquals(
    error.message,
    "Cannot release Float32Array(3) as it was already released",
  );
});
