import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { BufferPool, type PooledBuffer } from "../../pool/mod.ts";

Deno.test("BufferPool.withBuffer() gives back after a return, a throw, a resolve and a rejection", async () => {
  using pool = new BufferPool();
  const leased = () => pool.getStats().leasedBuffers;
  const failure = new SyntaxError("Cannot read");

  assertEquals(pool.withBuffer(3, "Int32Array", (b) => b.length), 3);
  assertEquals(leased(), 0);
  const thrown = assertThrows(() =>
    pool.withBuffer(3, "Float32Array", () => {
      throw failure;
    })
  );
  assertStrictEquals(thrown, failure);
  assertEquals(leased(), 0);

  const resolves = pool.withBuffer(3, "Float32Array", async (buffer) => {
    await Promise.resolve();
    return buffer.length;
  });
  assertEquals(leased(), 1);
  assertEquals(await resolves, 3);
  assertEquals(leased(), 0);
  const rejection = pool.withBuffer(
    3,
    "Float32Array",
    () => Promise.reject(failure),
  );
  assertEquals(leased(), 1);
  assertStrictEquals(await assertRejects(() => rejection), failure);
  assertEquals(leased(), 0);
});

Deno.test("BufferPool.withBuffer() waits for any thenable, not for promises alone", async () => {
  using pool = new BufferPool();
  let settle: ((value: number) => void) | undefined;
  const lazy = pool.withBuffer(3, "Float32Array", () => ({
    then: (resolve: (value: number) => void) => settle = resolve,
  }));
  await Promise.resolve();
  assertEquals(pool.getStats().leasedBuffers, 1);
  settle!(5);
  assertEquals(await lazy as unknown, 5);
  assertEquals(pool.getStats().leasedBuffers, 0);
});

Deno.test("BufferPool.withBuffer() throws what failed first and attaches the rest", async () => {
  using pool = new BufferPool();
  let failure = new SyntaxError("Cannot read");
  const failTwice = (buffer: PooledBuffer) => {
    pool.release(buffer);
    throw failure;
  };
  const assertOthers = (error: unknown) => {
    assertStrictEquals(error, failure);
    const { others } = error as unknown as { others: Error[] };
    assertEquals(others.map(({ message }) => message), [
      "Cannot release Float32Array(3) as it was already released",
    ]);
  };
  assertOthers(
    assertThrows(() => pool.withBuffer(3, "Float32Array", failTwice)),
  );
  failure = new SyntaxError("Cannot read"); // one error keeps what was attached to it
  assertOthers(
    await assertRejects(() =>
      pool.withBuffer(3, "Float32Array", async (buffer) => {
        await Promise.resolve();
        failTwice(buffer);
      })
    ),
  );
  for (const failure of [Object.freeze(new Error("Frozen")), "no error"]) {
    let thrown: unknown;
    try {
      pool.withBuffer(3, "Float32Array", (buffer) => {
        pool.release(buffer);
        throw failure;
      });
    } catch (error) {
      thrown = error;
    }
    assertStrictEquals(thrown, failure);
  }
  assertThrows(
    () => pool.withBuffer(3, "Float32Array", (b) => pool.release(b)),
    TypeError,
    "already released",
  );
});
