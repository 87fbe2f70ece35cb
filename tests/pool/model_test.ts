import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BUFFER_TYPES, BufferPool, BufferScope, type BufferType, type PooledBuffer } from "../../pool/mod.ts";

/** What a scope should be, in plain words: a list of leases and of scopes inside. */
interface ModelScope {
  readonly scope: BufferScope;
  readonly parent: ModelScope | undefined;
  readonly frames: ModelScope[];
  readonly leases: Lease[];
  peak: number;
}

interface Lease {
  array: PooledBuffer;
  readonly key: string;
  readonly bytes: number;
  /** What its owner wrote. */
  readonly mark: number;
}

/** A random step: what is done, and numbers that choose with whom. */
type Action = readonly [kind: Kind, which: number, length: number];
type Kind = typeof KINDS[number];
const KINDS = [
  "lease",
  "lease again",
  "release",
  "promote",
  "rehome",
  "surrender",
  "frame",
  "close",
  "takePeak",
] as const;

class Model {
  readonly root: ModelScope;
  readonly scopes: ModelScope[] = [];
  readonly stale: PooledBuffer[] = [];
  /** Idle buffers by type and length. */
  readonly idle = new Map<string, number>();
  acquisitions = 0;
  releases = 0;
  reuses = 0;
  allocated = 0;
  peakLeased = 0;
  #mark = 0;

  constructor(readonly pool: BufferPool) {
    this.root = this.#add(new BufferScope(pool), undefined);
  }

  run([kind, which, length]: Action): void {
    const at = this.scopes[which % this.scopes.length];
    const lease = at.leases[which % Math.max(1, at.leases.length)];
    if (kind === "lease" || kind === "lease again") {
      const type = BUFFER_TYPES[which % BUFFER_TYPES.length];
      this.#lease(at, kind === "lease" ? length : 3, type);
    } else if (kind === "frame") {
      at.frames.push(this.#add(at.scope.frame(), at));
    } else if (kind === "close") {
      if (at !== this.root) this.close(at);
    } else if (kind === "takePeak") {
      assertEquals(at.scope.takePeakBytes(), at.peak);
      at.peak = inUse(at);
    } else if (lease !== undefined) {
      this.#end(kind, at, lease);
    }
  }

  /** Everything that can be seen from outside agrees. */
  check(): void {
    for (const at of this.scopes) {
      assertEquals(at.scope.inUseBytes, inUse(at));
      assertEquals(at.scope.peakBytes, at.peak);
      for (const { array, mark } of at.leases) {
        assert(array.every((value) => value === mark), "somebody else wrote");
      }
    }
    for (const array of this.stale) array[0] = 99;
    const leases = this.scopes.flatMap(({ leases }) => leases);
    const idle = [...this.idle.entries()];
    assertEquals(this.pool.getStats(), {
      acquisitions: this.acquisitions,
      releases: this.releases,
      reuses: this.reuses,
      hitRate: this.acquisitions === 0 ? 0 : this.reuses / this.acquisitions,
      totalBuffers: idle.reduce((sum, [, count]) => sum + count, 0),
      totalMemoryBytes: idle.reduce(
        (sum, [key, count]) => sum + count * Number(key.split(" ")[2]),
        0,
      ),
      leasedBuffers: leases.length,
      leasedBytes: leases.reduce((sum, { bytes }) => sum + bytes, 0),
      peakLeasedBytes: this.peakLeased,
      allocatedBytes: this.allocated,
    });
  }

  /** Closes a scope and, in the model, all inside it. */
  close(at: ModelScope): void {
    assertEquals(at.scope.close(), []);
    this.#forget(at);
    at.parent?.frames.splice(at.parent.frames.indexOf(at), 1);
  }

  #add(scope: BufferScope, parent: ModelScope | undefined): ModelScope {
    const added = { scope, parent, frames: [], leases: [], peak: 0 };
    this.scopes.push(added);
    return added;
  }

  #lease(at: ModelScope, length: number, type: BufferType): void {
    const array = at.scope.lease(length, type);
    const bytes = array.byteLength;
    const key = `${type} ${length} ${bytes}`;
    assert(array.every((value) => value === 0), "a lease came dirty");
    const mark = ++this.#mark % 200;
    array.fill(mark);
    at.leases.push({ array, key, bytes, mark });
    this.acquisitions++;
    const idle = this.idle.get(key) ?? 0;
    if (idle > 0) {
      this.reuses++;
      this.idle.set(key, idle - 1);
    } else this.allocated += bytes;
    this.peakLeased = Math.max(this.peakLeased, inUse(this.root));
    for (let s: ModelScope | undefined = at; s !== undefined; s = s.parent) {
      s.peak = Math.max(s.peak, inUse(s));
    }
  }

  #end(kind: Kind, at: ModelScope, lease: Lease): void {
    const { array } = lease;
    if (kind === "rehome") {
      this.stale.push(array);
      lease.array = at.scope.rehome(array);
      return;
    }
    if (kind === "promote" && at.parent === undefined) {
      assertThrows(() => at.scope.promote(array), TypeError, "no parent");
      return;
    }
    at.leases.splice(at.leases.indexOf(lease), 1);
    if (kind === "promote") {
      at.scope.promote(array);
      at.parent!.leases.push(lease);
    } else if (kind === "surrender") {
      at.scope.surrender(array);
    } else {
      at.scope.release(array);
      this.#giveBack(lease);
    }
  }

  #giveBack({ array, key }: Lease): void {
    this.stale.push(array);
    this.releases++;
    this.idle.set(key, (this.idle.get(key) ?? 0) + 1);
  }

  #forget(at: ModelScope): void {
    at.frames.forEach((frame) => this.#forget(frame));
    at.leases.forEach((lease) => this.#giveBack(lease));
    this.scopes.splice(this.scopes.indexOf(at), 1);
  }
}

function inUse({ leases, frames }: ModelScope): number {
  return leases.reduce((sum, { bytes }) => sum + bytes, 0) +
    frames.reduce((sum, frame) => sum + inUse(frame), 0);
}

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.tuple(
    fc.constantFrom(...KINDS),
    fc.nat({ max: 1000 }),
    fc.nat({ max: 20 }),
  ),
  { maxLength: 60, size: "max" },
);

for (const seed of [1, 2, 3]) {
  Deno.test(`BufferScope and BufferPool agree with a simple model after every step, seed ${seed}`, () => {
    fc.assert(
      fc.property(actions, (actions) => {
        using pool = new BufferPool({ idleMs: Infinity });
        const model = new Model(pool);
        for (const action of actions) {
          model.run(action);
          model.check();
        }
        model.close(model.root);
        model.check();
        assertEquals(pool.getStats().leasedBuffers, 0);
        assert(model.stale.every(({ length }) => length === 0));
      }),
      { seed, numRuns: 100 },
    );
  });

  Deno.test(`a debug pool agrees on what is in use and sees every write after release, seed ${seed}`, () => {
    fc.assert(
      fc.property(actions, fc.boolean(), (actions, writes) => {
        const pool = new BufferPool({ idleMs: Infinity, debug: true });
        const model = new Model(pool);
        for (const action of actions) {
          model.run(action);
          for (const at of model.scopes) {
            assertEquals([at.scope.inUseBytes, at.scope.peakBytes], [
              inUse(at),
              at.peak,
            ]);
          }
        }
        const last = model.stale.findLast(({ length }) => length > 0);
        if (writes && last !== undefined) last[0] += 1;
        const errors = model.root.scope.close();
        assertEquals(errors.length, writes && last !== undefined ? 1 : 0);
        assertEquals(pool.getStats().leasedBytes, 0);
        pool.clear();
      }),
      { seed, numRuns: 50 },
    );
  });
}
