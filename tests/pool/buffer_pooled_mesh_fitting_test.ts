import { assertEquals, assertNotStrictEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { bufferPool, BufferPooledMeshFitting, type PooledBuffer, type PooledMeshBuffers } from "../../pool/mod.ts";

/** A test that finds and leaves the shared pool empty. */
function test(name: string, run: () => void | Promise<void>): void {
  Deno.test(name, async () => {
    BufferPooledMeshFitting.resetPoolStats();
    try {
      await run();
      assertEquals(bufferPool.getStats().leasedBuffers, 0);
    } finally {
      BufferPooledMeshFitting.clearPool();
    }
  });
}

const leased = () => BufferPooledMeshFitting.getPoolStats().leasedBuffers;

// The guide's six migration patterns, as it writes them.

test("migration pattern 1, a simple buffer: create, try, finally release", () => {
  const vertexCount = 100;
  const displacements = BufferPooledMeshFitting.createDisplacementBuffer(
    vertexCount,
  );
  try {
    assertEquals(displacements, new Float32Array(300));
    displacements[0] = 1;
  } finally {
    BufferPooledMeshFitting.releaseBuffer(displacements);
  }
  const again = BufferPooledMeshFitting.createDisplacementBuffer(vertexCount);
  assertStrictEquals(again, displacements);
  assertEquals(again[0], 0);
  BufferPooledMeshFitting.releaseBuffer(again);
});

test("migration pattern 2, several buffers: released in one call", () => {
  const positions = BufferPooledMeshFitting.createPositionBuffer(10);
  const normals = BufferPooledMeshFitting.createNormalBuffer(10);
  const indices = BufferPooledMeshFitting.createIndexBuffer(36);
  assertEquals(positions, new Float32Array(30));
  assertEquals(normals, new Float32Array(30));
  assertNotStrictEquals(normals, positions);
  assertEquals(indices, new Uint32Array(36));
  assertEquals(leased(), 3);
  BufferPooledMeshFitting.releaseBuffers(positions, normals, indices);
});

test("migration pattern 3, withBuffers(): all made through its object goes back", async () => {
  const useAll = (pool: PooledMeshBuffers) => {
    const positions = pool.createPositionBuffer(10);
    const { indices, weights } = pool.createSkinWeightBuffers(10);
    const made: PooledBuffer[] = [
      positions,
      pool.createDisplacementBuffer(10),
      pool.createNormalBuffer(10),
      pool.createIndexBuffer(36),
      pool.copyFloat32Array(positions),
      indices,
      weights,
    ];
    return made.map(({ length }) => length);
  };
  const sizes = [30, 30, 30, 36, 30, 40, 40];
  assertEquals(BufferPooledMeshFitting.withBuffers(useAll), sizes);
  assertEquals(leased(), 0);
  const later = BufferPooledMeshFitting.withBuffers(async (pool) => {
    await Promise.resolve();
    return useAll(pool);
  });
  assertEquals(await later, sizes);
  const { acquisitions, releases, hitRate } = bufferPool.getStats();
  assertEquals([acquisitions, releases, hitRate], [14, 14, 0.5]);
});

test("migration pattern 4, reuse in a loop: memory for the first round alone", () => {
  for (let i = 0; i < 1000; i++) {
    const displacements = BufferPooledMeshFitting.createDisplacementBuffer(50);
    displacements[i % 150] = i;
    BufferPooledMeshFitting.releaseBuffer(displacements);
  }
  const stats = BufferPooledMeshFitting.getPoolStats();
  assertEquals([stats.acquisitions, stats.reuses, stats.hitRate], [
    1000,
    999,
    0.999,
  ]);
  assertEquals([stats.totalBuffers, stats.totalMemoryBytes], [1, 600]);
});

test("migration pattern 5, copying: the values, in memory of the pool", () => {
  const source = new Float32Array([1, 2, 3, 4]);
  const copy = BufferPooledMeshFitting.copyFloat32Array(source);
  assertEquals(copy, source);
  copy[0] = 9;
  assertEquals(source[0], 1);
  BufferPooledMeshFitting.releaseBuffer(copy);
  const part = BufferPooledMeshFitting.copyFloat32Array(source.subarray(1, 3));
  assertEquals([...part], [2, 3]);
  BufferPooledMeshFitting.releaseBuffer(part);
});

test("migration pattern 6, skin weights: two float arrays of four influences a vertex", () => {
  const { indices, weights } = BufferPooledMeshFitting
    .createSkinWeightBuffers(25);
  assertEquals([indices, weights], [
    new Float32Array(100),
    new Float32Array(100),
  ]);
  assertNotStrictEquals(indices, weights);
  assertEquals(BufferPooledMeshFitting.getPoolStats().acquisitions, 2);
  BufferPooledMeshFitting.releaseBuffers(indices, weights);
});

test("withBuffers() gives back what was made when its function throws or rejects", async () => {
  const failure = new RangeError("Cannot fit");
  const fail = (pool: PooledMeshBuffers) => {
    pool.copyFloat32Array(pool.createPositionBuffer(3));
    pool.createSkinWeightBuffers(3);
    assertEquals(leased(), 4);
    throw failure;
  };
  const { withBuffers } = BufferPooledMeshFitting;
  assertStrictEquals(assertThrows(() => withBuffers(fail)), failure);
  assertEquals(leased(), 0);
  const rejects = withBuffers(async (pool) => {
    await Promise.resolve();
    fail(pool);
  });
  assertStrictEquals(await assertRejects(() => rejects), failure);
});

test("withBuffers() nested: each gives back its own at its own end", () => {
  BufferPooledMeshFitting.withBuffers((outer) => {
    const kept = outer.createPositionBuffer(2);
    kept.fill(5);
    outer.withBuffers((inner) => {
      inner.createPositionBuffer(2).fill(1);
      outer.createNormalBuffer(2);
      assertEquals(leased(), 3);
    });
    assertEquals(leased(), 2);
    BufferPooledMeshFitting.withBuffers((inner) => inner.createPositionBuffer(2));
    assertEquals([...kept], Array(6).fill(5));
    assertEquals(leased(), 2);
  });
});

test("withBuffers() concurrent: 64 at a time share no buffer", async () => {
  const one = (id: number) =>
    BufferPooledMeshFitting.withBuffers(async (pool) => {
      for (let i = 0; i < 5; i++) {
        const buffer = pool.createPositionBuffer(2);
        assertEquals([...buffer], [0, 0, 0, 0, 0, 0]);
        buffer.fill(id);
        await Promise.resolve();
        assertEquals([...buffer], Array(6).fill(id));
        if (i % 2 === id % 2) pool.releaseBuffer(buffer);
      }
    });
  await Promise.all(Array.from({ length: 64 }, (_, id) => one(id + 1)));
});

test("withBuffers() gives back early what it is told to, once", () => {
  BufferPooledMeshFitting.withBuffers((pool) => {
    const a = pool.createPositionBuffer(2), b = pool.createIndexBuffer(3);
    const c = pool.createNormalBuffer(2);
    pool.releaseBuffer(a);
    pool.releaseBuffers(b, c);
    assertEquals(leased(), 0);
    const next = BufferPooledMeshFitting.createNormalBuffer(2);
    assertStrictEquals(next, c); // the end must not take it away
    assertThrows(
      () => pool.releaseBuffer(a),
      TypeError,
      "Cannot release Float32Array(6) as it was already released",
    );
    pool.releaseBuffer(next); // made outside, where it goes back to
  });
});

test("withBuffers() alone ends its leases: others are refused by name", () => {
  BufferPooledMeshFitting.withBuffers((pool) => {
    const buffer = pool.createPositionBuffer(1);
    assertThrows(
      () => BufferPooledMeshFitting.releaseBuffer(buffer),
      TypeError,
      "Cannot release Float32Array(3) as it is on lease to withBuffers()",
    );
    pool.withBuffers((inner) => assertThrows(() => inner.releaseBuffer(buffer), TypeError));
  });
});

test("withBuffers() refuses buffers after its end, when nobody would give them back", async () => {
  let kept: PooledMeshBuffers | undefined;
  BufferPooledMeshFitting.withBuffers((pool) => kept = pool);
  const makers: ((pool: PooledMeshBuffers) => unknown)[] = [
    (pool) => pool.createDisplacementBuffer(1),
    (pool) => pool.createIndexBuffer(1),
    (pool) => pool.createSkinWeightBuffers(1),
    (pool) => pool.copyFloat32Array(new Float32Array(1)),
  ];
  for (const make of makers) {
    assertThrows(
      () => make(kept!),
      TypeError,
      "Cannot create a buffer as this withBuffers() has ended",
    );
  }
  await Promise.resolve();
});

test("releaseBuffers() takes all it can and throws the first refusal, the others attached", () => {
  const [a, b] = [1, 2].map(BufferPooledMeshFitting.createPositionBuffer);
  const error = assertThrows(
    () =>
      BufferPooledMeshFitting.releaseBuffers(
        new Float32Array(7),
        a,
        a,
        b,
      ),
    TypeError,
    "Cannot release Float32Array(7) as it does not come from this pool",
  );
  assertEquals(
    (error as Error & { others: Error[] }).others.map(({ message }) => message),
    ["Cannot release Float32Array(3) as it was already released"],
  );
  assertEquals(leased(), 0);
});

test("createSkinWeightBuffers() keeps nothing when the second buffer cannot be had", () => {
  const { acquire } = bufferPool;
  let calls = 0;
  bufferPool.acquire = ((length: number) => {
    if (++calls === 2) throw new RangeError("Cannot acquire");
    return acquire.call(bufferPool, length);
  }) as typeof acquire;
  try {
    assertThrows(
      () => BufferPooledMeshFitting.createSkinWeightBuffers(3),
      RangeError,
      "Cannot acquire",
    );
  } finally {
    Reflect.deleteProperty(bufferPool, "acquire");
  }
  assertEquals([calls, leased()], [2, 0]);
});

test("BufferPooledMeshFitting refuses counts that are none", () => {
  const { createPositionBuffer, createIndexBuffer, createSkinWeightBuffers } = BufferPooledMeshFitting;
  for (
    const create of [
      createPositionBuffer,
      createIndexBuffer,
      createSkinWeightBuffers,
    ]
  ) {
    assertThrows(
      () => create(-1),
      RangeError,
      "as its length must be a whole number >= 0: current value is -",
    );
  }
});

test("the statistics and the pool are those of bufferPool, from the class and from inside withBuffers()", () => {
  BufferPooledMeshFitting.withBuffers((pool) => {
    pool.releaseBuffer(pool.createPositionBuffer(2));
    assertEquals(pool.getPoolStats(), bufferPool.getStats());
    assertEquals(pool.getPoolStats().totalBuffers, 1);
    pool.clearPool();
    pool.resetPoolStats();
    const { totalBuffers, acquisitions } = bufferPool.getStats();
    assertEquals([totalBuffers, acquisitions], [0, 0]);
  });
});
