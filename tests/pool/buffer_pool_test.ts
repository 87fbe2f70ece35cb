import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { BUFFER_TYPES, BufferPool, BufferScope, type BufferType, type PooledBuffer } from "../../pool/mod.ts";

/** Takes the memory of a buffer away, as posting it to a worker does. */
function transferAway(buffer: PooledBuffer): void {
  (buffer.buffer as ArrayBuffer).transfer();
}

Deno.test("BufferPool counts acquisitions, releases, reuses, what is kept and what is on lease", () => {
  using pool = new BufferPool();
  const zero = pool.getStats();
  assertEquals(zero, {
    acquisitions: 0,
    releases: 0,
    reuses: 0,
    hitRate: 0,
    totalBuffers: 0,
    totalMemoryBytes: 0,
    leasedBuffers: 0,
    leasedBytes: 0,
    peakLeasedBytes: 0,
    allocatedBytes: 0,
  });

  const positions = pool.acquire(300, "Float32Array"); // 1200 bytes
  const indices = pool.acquire(50, "Uint16Array"); // 100 bytes
  assertEquals(pool.getStats(), {
    ...zero,
    acquisitions: 2,
    leasedBuffers: 2,
    leasedBytes: 1300,
    peakLeasedBytes: 1300,
    allocatedBytes: 1300,
  });

  pool.release(positions);
  assertEquals(pool.getStats(), {
    ...zero,
    acquisitions: 2,
    releases: 1,
    totalBuffers: 1,
    totalMemoryBytes: 1200,
    leasedBuffers: 1,
    leasedBytes: 100,
    peakLeasedBytes: 1300,
    allocatedBytes: 1300,
  });

  const again = pool.acquire(300, "Float32Array");
  const other = pool.acquire(301, "Float32Array"); // lengths are exact
  assertEquals(pool.getStats(), {
    ...zero,
    acquisitions: 4,
    releases: 1,
    reuses: 1,
    hitRate: 0.25,
    leasedBuffers: 3,
    leasedBytes: 2504,
    peakLeasedBytes: 2504,
    allocatedBytes: 2504,
  });
  for (const buffer of [indices, again, other]) pool.release(buffer);
});

Deno.test("BufferPool.resetStats() starts the counters again and lowers the high-water mark to what is on lease", () => {
  using pool = new BufferPool();
  const kept = pool.acquire(10);
  pool.release(pool.acquire(20));
  pool.resetStats();
  assertEquals(pool.getStats(), {
    acquisitions: 0,
    releases: 0,
    reuses: 0,
    hitRate: 0,
    totalBuffers: 1,
    totalMemoryBytes: 80,
    leasedBuffers: 1,
    leasedBytes: 40,
    peakLeasedBytes: 40,
    allocatedBytes: 0,
  });
  pool.release(kept);
});

for (const type of BUFFER_TYPES) {
  Deno.test(`BufferPool hands out ${type} again, the same array, zeroed`, () => {
    using pool = new BufferPool();
    const first = pool.acquire(5, type);
    assertEquals([first.constructor.name, first.length], [type, 5]);
    assertEquals([...first], [0, 0, 0, 0, 0]);
    assertEquals(first.byteLength, first.buffer.byteLength);
    first.fill(7);
    pool.release(first);
    const second = pool.acquire(5, type);
    assertStrictEquals(second, first);
    assertEquals([...second], [0, 0, 0, 0, 0]);
    pool.release(second);
  });
}

Deno.test("BufferPool.acquire() gives floats unless told otherwise, and empty arrays too", () => {
  using pool = new BufferPool();
  const buffer: Float32Array = pool.acquire(0);
  assertEquals(buffer, new Float32Array(0));
  pool.release(buffer);
  assertStrictEquals(pool.acquire(0), buffer);
});

Deno.test("BufferPool hands out what came back last, as it is the warmest", () => {
  using pool = new BufferPool();
  const [a, b] = [pool.acquire(4), pool.acquire(4)];
  pool.release(a);
  pool.release(b);
  assertStrictEquals(pool.acquire(4), b);
  assertStrictEquals(pool.acquire(4), a);
  assertNotStrictEquals(pool.acquire(4), a);
});

Deno.test("BufferPool clears on release when told to, so that no old values lie about", () => {
  using onAcquire = new BufferPool();
  using onRelease = new BufferPool({ clearOn: "release" });
  for (const [pool, left] of [[onAcquire, 7], [onRelease, 0]] as const) {
    const buffer = pool.acquire(2);
    buffer.fill(7);
    pool.release(buffer);
    assertEquals([...buffer], [left, left]);
    assertEquals([...pool.acquire(2)], [0, 0]);
  }
});

Deno.test("BufferPool(number) keeps at most so many idle buffers of one type and length", () => {
  using pool = new BufferPool(2);
  const buffers = Array.from({ length: 3 }, () => pool.acquire(5));
  const others = [pool.acquire(6), pool.acquire(5, "Int32Array")];
  [...buffers, ...others].forEach((buffer) => pool.release(buffer));
  const { totalBuffers, totalMemoryBytes, releases } = pool.getStats();
  assertEquals([totalBuffers, totalMemoryBytes, releases], [4, 84, 5]);
});

Deno.test("BufferPool keeps at most maxBytes idle: the longest idle make room, the too large is not kept", () => {
  using pool = new BufferPool({ maxBytes: 100 });
  const [a, b, c, huge] = [10, 11, 12, 26].map((n) => pool.acquire(n));
  for (const buffer of [a, b, c]) pool.release(buffer); // 40, 44, 48 bytes
  assertEquals(pool.getStats().totalMemoryBytes, 92);
  pool.release(huge); // 104 bytes
  assertEquals(pool.getStats().totalMemoryBytes, 92);
  assertStrictEquals(pool.acquire(11), b);
  assertStrictEquals(pool.acquire(12), c);
  assertNotStrictEquals(pool.acquire(10), a);
});

Deno.test("BufferPool.trim() drops the longest idle until so many bytes are left, across types and lengths", () => {
  using pool = new BufferPool();
  const buffers = ([["Float32Array", 10], ["Uint8Array", 10], [
    "Float32Array",
    10,
  ], ["Float64Array", 10]] as const)
    .map(([type, length]) => pool.acquire(length, type)); // 40, 10, 40, 80 bytes
  buffers.forEach((buffer) => pool.release(buffer));
  pool.trim(130);
  assertEquals(pool.getStats().totalMemoryBytes, 130);
  pool.trim(129); // the bytes go next
  assertEquals(pool.getStats().totalMemoryBytes, 120);
  assertStrictEquals(pool.acquire(10), buffers[2]);
  pool.release(buffers[2]);
  pool.trim();
  assertEquals(pool.getStats().totalBuffers, 0);
});

Deno.test("BufferPool.clear() and clearType() drop what is idle and let leases go on", () => {
  using pool = new BufferPool();
  const leased = pool.acquire(3);
  pool.release(pool.acquire(4));
  pool.release(pool.acquire(4, "Uint32Array"));
  pool.clearType("Float32Array");
  assertEquals(pool.getStats().totalMemoryBytes, 16);
  pool.clear();
  assertEquals(pool.getStats().totalBuffers, 0);
  assertEquals(pool.getStats().leasedBuffers, 1);
  pool.release(leased);
  assertEquals(pool.getStats().totalBuffers, 1);
});

Deno.test("BufferPool refuses what is not on lease from it, by name", () => {
  using pool = new BufferPool();
  using other = new BufferPool();
  const buffer = pool.acquire(3);
  const foreign = other.acquire(2, "Uint8Array");
  const release = (buffer: unknown) => () => pool.release(buffer as PooledBuffer);
  const refused = (buffer: unknown, message: string) => assertThrows(release(buffer), TypeError, message);

  refused(
    foreign,
    "Cannot release Uint8Array(2) as it does not come from this pool",
  );
  refused(
    buffer.subarray(1),
    "Cannot release Float32Array(2) as it does not come from this pool",
  );
  refused(
    new Float32Array(buffer.buffer),
    "Cannot release Float32Array(3) as it does not come from this pool",
  );
  refused(
    undefined,
    "Cannot release undefined as it does not come from this pool",
  );
  refused(
    Object.create(null),
    "Cannot release a value of type object as it does not come from this pool",
  );
  pool.release(buffer);
  refused(buffer, "Cannot release Float32Array(3) as it was already released");
  assertEquals(pool.getStats().releases, 1);
  assertEquals(other.getStats().leasedBuffers, 1);
});

Deno.test("BufferPool refuses to end a lease of a scope, so nobody takes a buffer from its owner", () => {
  using pool = new BufferPool();
  using scope = new BufferScope(pool, { label: "run" });
  const buffer = scope.f32(3);
  assertThrows(
    () => pool.release(buffer),
    TypeError,
    'Cannot release Float32Array(3) as it is on lease to "run"',
  );
  const direct = pool.acquire(4);
  assertThrows(
    () => scope.release(direct),
    TypeError,
    "Cannot release Float32Array(4) as it is on lease to a caller of acquire()",
  );
  pool.release(direct);
});

Deno.test("BufferPool ends the lease of a buffer whose memory was transferred away, and keeps nothing", () => {
  using pool = new BufferPool();
  const buffer = pool.acquire(3);
  transferAway(buffer);
  pool.release(buffer);
  const { leasedBytes, releases, totalBuffers } = pool.getStats();
  assertEquals([leasedBytes, releases, totalBuffers], [0, 1, 0]);
  assertThrows(
    () => pool.release(buffer),
    TypeError,
    "Cannot release Float32Array(3) as it was already released",
  );
});

for (const length of [0, 3]) {
  Deno.test(`BufferPool does not hand out an idle buffer of length ${length} whose memory was transferred away`, () => {
    using pool = new BufferPool();
    const [whole, lost] = [pool.acquire(length), pool.acquire(length)];
    pool.release(whole);
    pool.release(lost);
    transferAway(lost);
    assertStrictEquals(pool.acquire(length), whole);
    const { totalBuffers, totalMemoryBytes, reuses } = pool.getStats();
    assertEquals([totalBuffers, totalMemoryBytes, reuses], [0, 0, 1]);
  });
}

for (const length of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
  Deno.test(`BufferPool refuses the length ${length} and counts nothing`, () => {
    using pool = new BufferPool();
    const before = pool.getStats();
    assertThrows(
      () => pool.acquire(length),
      RangeError,
      `Cannot acquire a Float32Array as its length must be a whole number >= 0: current value is ${length}`,
    );
    assertEquals(pool.getStats(), before);
  });
}

Deno.test("BufferPool says when there is not so much memory and counts nothing", () => {
  using pool = new BufferPool();
  const before = pool.getStats();
  assertThrows(
    () => pool.acquire(2 ** 52, "Float64Array"),
    RangeError,
    "Cannot acquire Float64Array(4503599627370496) as the memory for it cannot be had: ",
  );
  assertEquals(pool.getStats(), before);
});

Deno.test("BufferPool refuses types it does not keep", () => {
  using pool = new BufferPool();
  const types = BUFFER_TYPES.join(", ");
  for (const type of ["BigInt64Array", "toString", undefined] as const) {
    const rule = `Cannot pool a buffer as its type must be one of ${types}: ` +
      `current value is "${type}"`;
    if (type !== undefined) { // undefined means the default
      assertThrows(() => pool.acquire(1, type as BufferType), TypeError, rule);
    }
    assertThrows(() => pool.clearType(type as BufferType), TypeError, rule);
  }
});

Deno.test("BufferPool refuses limits that are none", () => {
  for (const key of ["maxPoolSize", "maxBytes", "idleMs"] as const) {
    for (const value of [-1, NaN]) {
      assertThrows(
        () => new BufferPool({ [key]: value }),
        RangeError,
        `Cannot create a buffer pool as "${key}" must be >= 0: current value is ${value}`,
      );
    }
  }
  assertThrows(() => new BufferPool(-1), RangeError, '"maxPoolSize"');
  assertThrows(
    () => new BufferPool({ clearOn: "never" as "acquire" }),
    RangeError,
    'Cannot create a buffer pool as "clearOn" must be "acquire" or "release": current value is "never"',
  );
  using pool = new BufferPool();
  assertThrows(
    () => pool.trim(NaN),
    RangeError,
    'Cannot trim a buffer pool as "maxBytes" must be >= 0: current value is NaN',
  );
});
