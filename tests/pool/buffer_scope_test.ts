import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { BudgetError, BUFFER_TYPES, BufferPool, BufferScope, type BufferType, errorsInOrder } from "../../pool/mod.ts";
import { ledgerOf } from "../../pool/buffer_pool.ts";

Deno.test("BufferScope leases zeroed arrays of every type under short names", () => {
  using scope = new BufferScope();
  const leased = [
    scope.f32(2),
    scope.f64(2),
    scope.u32(2),
    scope.i32(2),
    scope.u16(2),
    scope.u8(2),
  ];
  assertEquals(
    leased.map((array) => array.constructor.name) as BufferType[],
    [...BUFFER_TYPES],
  );
  for (const array of leased) assertEquals([...array], [0, 0]);
  assertEquals(scope.inUseBytes, 8 + 16 + 8 + 8 + 4 + 2);
});

Deno.test("BufferScope gives back at the end of its block and zeroes what others get", () => {
  using pool = new BufferPool();
  for (let i = 0; i < 3; i++) {
    using scope = new BufferScope(pool);
    const array = scope.f32(10);
    assertEquals(Math.max(...array), 0);
    array.fill(7);
  }
  const { leasedBytes, allocatedBytes, reuses } = pool.getStats();
  assertEquals([leasedBytes, allocatedBytes, reuses], [0, 40, 2]);
});

Deno.test("BufferScope counts what is in use and its peak, for itself and its frames", () => {
  using run = new BufferScope();
  run.u8(100);
  {
    using step = run.frame("step");
    step.u8(10);
    {
      using solve = step.frame("solve");
      solve.u8(5);
      solve.release(solve.u8(20));
      assertEquals([solve.inUseBytes, solve.peakBytes], [5, 25]);
      assertEquals([step.inUseBytes, step.peakBytes], [15, 35]);
      assertEquals([run.inUseBytes, run.peakBytes], [115, 135]);
    }
    assertEquals([step.inUseBytes, step.peakBytes], [10, 35]);
  }
  assertEquals([run.inUseBytes, run.peakBytes], [100, 135]);
});

Deno.test("BufferScope.takePeakBytes() starts a new measure at what is in use", () => {
  using run = new BufferScope();
  const step = run.frame("step");
  step.u8(100);
  const rest = run.u8(10);
  step.close();
  assertEquals(run.takePeakBytes(), 110);
  assertEquals(run.peakBytes, 10);
  run.u8(5);
  assertEquals(run.takePeakBytes(), 15);
  assertEquals(rest.length, 10);
});

Deno.test("BufferScope.allocatedBytes stands still the second time the same is leased", () => {
  using pool = new BufferPool();
  const work = () => {
    using run = new BufferScope(pool);
    const arrays = [run.f32(10), run.f32(10)];
    using frame = run.frame();
    arrays.push(frame.f32(10));
    const kept = frame.promote(frame.u16(7));
    run.rehome(kept);
    run.release(arrays[0]);
    frame.frame().f64(5);
    return run.allocatedBytes;
  };
  const first = work();
  assertEquals(first, 3 * 40 + 14 + 40);
  assertEquals(work(), first);
  assertEquals(work(), first);
});

Deno.test("BufferScope gives back in the opposite order, so that the next run finds each array where it was", () => {
  using pool = new BufferPool();
  const ledger = ledgerOf(pool);
  const keep = ledger.keep.bind(ledger);
  const order: number[] = [];
  ledger.keep = (record, owner) => {
    order.push(record.length);
    keep(record, owner);
  };
  const run = new BufferScope(pool);
  run.f32(1);
  const [a, b] = [run.frame(), run.frame()];
  run.f32(2);
  b.f32(6);
  a.f32(3);
  a.f32(4);
  b.frame().f32(7);
  run.close();
  assertEquals(order, [7, 6, 4, 3, 2, 1]);
});

Deno.test("BufferScope revokes its views: a stale one is empty, reads nothing and writes nowhere", () => {
  using pool = new BufferPool();
  const scope = new BufferScope(pool);
  const early = scope.f32(4), kept = scope.f32(4);
  const part = kept.subarray(1);
  scope.release(early);
  assertEquals([early.length, kept.length], [0, 4]);
  scope.close();
  assertEquals([kept.length, part.length, kept[0]], [0, 0, undefined]);
  const next = pool.acquire(4), other = pool.acquire(4);
  kept[0] = early[0] = part[0] = 7;
  assertEquals([...next, ...other], [0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(pool.getStats().reuses, 2);
  pool.release(next);
});

Deno.test("BufferScope closes the frames it opened, however deep, and none can be used after", () => {
  const run = new BufferScope(undefined, { label: "run" });
  const step = run.frame("step"), solve = step.frame("solve");
  const array = solve.f32(10);
  assertEquals(run.close(), []);
  assertEquals([run.inUseBytes, step.inUseBytes, array.length], [0, 0, 0]);
  assertThrows(
    () => solve.f32(1),
    TypeError,
    'Cannot lease memory in "run/step/solve" as it is closed',
  );
  assertThrows(
    () => step.frame(),
    TypeError,
    'Cannot open a frame in "run/step" as it is closed',
  );
  assertThrows(
    () => run.release(array),
    TypeError,
    "Cannot release Float32Array(10) as it was already released",
  );
  assertEquals(run.close(), []);
});

Deno.test("BufferScope.promote() hands an array to the parent, where it outlives the frame", () => {
  using pool = new BufferPool();
  using run = new BufferScope(pool, { label: "run" });
  const step = run.frame("step"), solve = step.frame("solve");
  const array = solve.f32(10);
  array.fill(3);
  assertStrictEquals(solve.promote(array), array);
  assertEquals(
    [run, step, solve].map(({ inUseBytes }) => inUseBytes),
    [40, 40, 0],
  );
  solve.close();
  assertEquals([...array], Array(10).fill(3));
  step.promote(array);
  step.close();
  assertEquals([run.inUseBytes, run.peakBytes, array[9]], [40, 40, 3]);
  assertThrows(
    () => run.promote(array),
    TypeError,
    'Cannot promote Float32Array(10) as "run" has no parent',
  );
  run.close();
  assertEquals([array.length, pool.getStats().leasedBytes], [0, 0]);
});

Deno.test("BufferScope.rehome() moves an array out of reach of everyone who has seen it", () => {
  using pool = new BufferPool();
  const scope = new BufferScope(pool);
  const seen = scope.u32(3);
  seen.set([1, 2, 3]);
  const fresh = scope.rehome(seen);
  seen[0] = 9;
  assertEquals([seen.length, ...fresh], [0, 1, 2, 3]);
  assertNotStrictEquals(fresh, seen);
  assertThrows(
    () => scope.release(seen),
    TypeError,
    "Cannot release Uint32Array(3) as it was already re-homed",
  );
  assertEquals([scope.inUseBytes, pool.getStats().leasedBuffers], [12, 1]);
  scope.close();
  const { leasedBytes, allocatedBytes, totalBuffers } = pool.getStats();
  assertEquals([leasedBytes, allocatedBytes, totalBuffers], [0, 12, 1]);
});

Deno.test("BufferScope.surrender() makes an array the caller's own", () => {
  using pool = new BufferPool();
  using run = new BufferScope(pool);
  const step = run.frame();
  const result = step.f32(10);
  result.fill(5);
  assertStrictEquals(step.surrender(result), result);
  run.close();
  assertEquals([...result], Array(10).fill(5));
  const { leasedBuffers, leasedBytes, totalBuffers, releases } = pool
    .getStats();
  assertEquals([leasedBuffers, leasedBytes, totalBuffers, releases], [
    0,
    0,
    0,
    0,
  ]);
  assertThrows(
    () => run.release(result),
    TypeError,
    "Cannot release Float32Array(10) as it was already handed over",
  );
});

Deno.test("BufferScope refuses to end leases of other scopes, whoever asks and whatever for", () => {
  using pool = new BufferPool();
  using mine = new BufferScope(pool, { label: "mine" });
  using yours = new BufferScope(pool, { label: "yours" });
  const child = yours.frame("step");
  const array = child.f32(3);
  const asks: [string, () => unknown][] = [
    ["release", () => mine.release(array)],
    ["re-home", () => mine.rehome(array)],
    ["hand over", () => mine.surrender(array)],
    ["promote", () => mine.frame().promote(array)],
    ["release", () => yours.release(array)],
  ];
  for (const [verb, ask] of asks) {
    assertThrows(
      ask,
      TypeError,
      `Cannot ${verb} Float32Array(3) as it is on lease to "yours/step"`,
    );
  }
  assertThrows(
    () => mine.release(new Float32Array(3)),
    TypeError,
    "Cannot release Float32Array(3) as it does not come from this pool",
  );
  assertEquals([mine.inUseBytes, yours.inUseBytes], [0, 12]);
});

Deno.test("BufferScope does not go on with memory that was transferred away, and closes over it", () => {
  using pool = new BufferPool();
  const scope = new BufferScope(pool, { label: "run" });
  const frame = scope.frame();
  const array = frame.f32(3);
  (array.buffer as ArrayBuffer).transfer();
  const asks: [string, () => unknown][] = [
    ["re-home", () => frame.rehome(array)],
    ["hand over", () => frame.surrender(array)],
    ["promote", () => frame.promote(array)],
  ];
  for (const [verb, ask] of asks) {
    assertThrows(
      ask,
      TypeError,
      `Cannot ${verb} Float32Array(3) as its memory was transferred away`,
    );
  }
  assertEquals(scope.inUseBytes, 12);
  assertEquals(scope.close(), []);
  assertEquals([scope.inUseBytes, pool.getStats().totalBuffers], [0, 0]);
});

Deno.test("BufferScope refuses a lease over its budget with the numbers, and the budget of a scope around", () => {
  using pool = new BufferPool();
  using run = new BufferScope(pool, { label: "run", maxBytes: 100 });
  const frame = run.frame("fit").frame("solve");
  const array = frame.f32(20);
  const error = assertThrows(
    () => frame.f32(6),
    BudgetError,
    'Cannot lease memory in "run/fit/solve" as the budget is 100 bytes: 104 would be in use',
  );
  assertEquals(
    [error.name, error.scope, error.neededBytes, error.maxBytes],
    ["BudgetError", "run/fit/solve", 104, 100],
  );
  assertEquals([run.inUseBytes, run.peakBytes], [80, 80]);
  assertEquals(pool.getStats().acquisitions, 1);
  frame.f32(5);
  frame.release(array);
  frame.f32(20);
  assertEquals([run.inUseBytes, run.peakBytes], [100, 100]);
});

Deno.test("BufferScope refuses bad lengths, types and budgets and counts nothing", () => {
  using scope = new BufferScope(undefined, { maxBytes: 100 });
  for (const length of [-1, 0.5, NaN, Infinity]) {
    assertThrows(() => scope.f32(length), RangeError, "whole number >= 0");
  }
  assertThrows(
    () => scope.lease(1, "BigInt64Array" as BufferType),
    TypeError,
    'current value is "BigInt64Array"',
  );
  for (const maxBytes of [-1, NaN]) {
    assertThrows(
      () => new BufferScope(undefined, { label: "run", maxBytes }),
      RangeError,
      `Cannot open "run" as "maxBytes" must be >= 0: current value is ${maxBytes}`,
    );
  }
  assertEquals([scope.inUseBytes, scope.peakBytes], [0, 0]);
});

Deno.test("BufferScope gives every lease back even when memory cannot be moved, and reports each", () => {
  using pool = new BufferPool();
  const scope = new BufferScope(pool, { label: "run" });
  scope.f32(1);
  scope.frame().f32(2);
  scope.f32(3);
  const { transfer } = ArrayBuffer.prototype;
  let calls = 0;
  ArrayBuffer.prototype.transfer = function () {
    if (++calls < 3) throw new TypeError(`Broken ${calls}`); // a hostile step did this
    return transfer.call(this);
  };
  let error: Error & { others?: Error[] };
  try {
    error = assertThrows(() => scope[Symbol.dispose](), TypeError, "Broken 1");
  } finally {
    ArrayBuffer.prototype.transfer = transfer;
  }
  assertEquals(error.others?.map(({ message }) => message), ["Broken 2"]);
  const { leasedBytes, releases, totalBuffers } = pool.getStats();
  assertEquals([leasedBytes, releases, totalBuffers], [0, 3, 1]);
  assertEquals(scope.inUseBytes, 0);
});

Deno.test("errorsInOrder() puts what failed first at the head, however deep closes failed after it", () => {
  const failing = (message: string) => ({
    [Symbol.dispose]: () => {
      throw new TypeError(message);
    },
  });
  let caught: unknown;
  try {
    using _a = failing("third");
    using _b = failing("second");
    throw new RangeError("first");
  } catch (error) {
    caught = error;
  }
  assertEquals(
    errorsInOrder(caught).map((error) => (error as Error).message),
    ["first", "second", "third"],
  );
  assertEquals(errorsInOrder("plain"), ["plain"]);
});
