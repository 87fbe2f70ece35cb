import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { BudgetError, BufferPool, BufferScope, pageBytes } from "../../pool/mod.ts";
import { LentScratch } from "../../pool/_lent_scratch.ts";
import { memoryOf, type Pages } from "../../pool/pages.ts";

const PAGE = 65_536;

for (const wasm of [true, false]) {
  const kind = wasm ? "WebAssembly" : "plain";

  Deno.test(`pages() leases whole pages of ${kind} memory, counted like any other`, () => {
    using pool = new BufferPool({ wasm, idleMs: Infinity });
    using scope = new BufferScope(pool);
    {
      using frame = scope.frame();
      const pages = frame.pages(PAGE + 1), memory = memoryOf(pages);
      assertEquals([pages.byteLength, memory.buffer.byteLength], [2 * PAGE, 2 * PAGE]);
      assertEquals(memory.wasm !== undefined, wasm);
      assertEquals([scope.inUseBytes, pool.getStats().leasedBytes], [2 * PAGE, 2 * PAGE]);
    }
    assertEquals([scope.inUseBytes, scope.peakBytes], [0, 2 * PAGE]);
    assertEquals(pool.getStats().totalMemoryBytes, 2 * PAGE);
  });

  Deno.test(`pages() of ${kind} memory are reused for as many, not for more`, () => {
    using pool = new BufferPool({ wasm, idleMs: Infinity });
    const lease = (bytes: number) => {
      using scope = new BufferScope(pool);
      return memoryOf(scope.pages(bytes)).wasm;
    };
    const first = lease(10);
    const second = lease(PAGE);
    if (wasm) assertStrictEquals(second, first);
    assertEquals([pool.getStats().allocatedBytes, pool.getStats().reuses], [PAGE, 1]);
    const third = lease(PAGE + 1);
    if (wasm) assertNotStrictEquals(third, first);
    assertEquals(pool.getStats().allocatedBytes, 3 * PAGE);
    pool.trim(2 * PAGE);
    assertEquals(pool.getStats().totalMemoryBytes, 2 * PAGE);
  });

  for (const debug of [false, true]) {
    Deno.test(`a handle of ${kind} pages ends with its scope${debug ? ", also in debug mode" : ""}`, () => {
      using pool = new BufferPool({ wasm, debug, idleMs: Infinity });
      let kept: Pages;
      for (let k = 0; k < 2; k++) {
        using scope = new BufferScope(pool);
        kept = scope.pages(1);
        assert(kept.isOpen);
      }
      assertEquals(kept!.isOpen, false);
      assertThrows(() => memoryOf(kept), TypeError, "Cannot use pages as their lease has ended");
    });
  }

  Deno.test(`a budget holds for whole pages of ${kind} memory`, () => {
    using scope = new BufferScope(new BufferPool({ wasm, idleMs: Infinity }), { maxBytes: PAGE });
    assertThrows(() => scope.pages(PAGE + 1), BudgetError);
    scope.pages(1);
    assertEquals(scope.inUseBytes, PAGE);
  });
}

Deno.test("pages show a stranger how large they are, and none of their memory", () => {
  using scope = new BufferScope();
  const lent = new LentScratch(scope, 2 * PAGE, "custom");
  using frame = lent.frame();
  const pages = frame.pages(1);
  const reachable = new Set<unknown>();
  for (let at: object | null = pages; at !== null; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      if (at === Object.prototype) break;
      reachable.add(Reflect.get(at, key, pages));
    }
  }
  for (const value of reachable) assert(!ArrayBuffer.isView(value) && !(value instanceof WebAssembly.Memory));
  assertThrows(() => frame.pages(PAGE + 1), RangeError, 'the scratchBytes of "custom" must cover what it leases');
});

Deno.test("pageBytes() rounds up to what pages() leases, and nothing to nothing", () => {
  for (const bytes of [0, 1, PAGE, PAGE + 1, 1e6]) {
    using scope = new BufferScope();
    assertEquals(scope.pages(bytes).byteLength, pageBytes(bytes));
  }
  using scope = new BufferScope();
  assertThrows(() => scope.pages(-1), RangeError, "must be a whole number >= 0: current value is -1");
});

Deno.test("pages are plain memory where the engine has no WebAssembly memory left", () => {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class {
    constructor() {
      throw new RangeError("could not allocate memory");
    }
  } as unknown as typeof Memory;
  try {
    using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
    const { buffer, wasm } = memoryOf(scope.pages(PAGE));
    assertEquals([buffer.byteLength, wasm, scope.inUseBytes], [PAGE, undefined, PAGE]);
  } finally {
    WebAssembly.Memory = Memory;
  }
});
