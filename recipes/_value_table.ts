import type { SkinWeights } from "../fitting/skin_weights.ts";
import type { SurfaceIndex } from "../fitting/surface_index.ts";
import type { Topology } from "../fitting/topology.ts";
import type { BufferScope } from "../pool/buffer_scope.ts";
import type { Binding } from "./plan.ts";

/** What a value of the plan holds at run time, by attribute. */
export interface Payloads {
  positions: Float32Array;
  rest: Float32Array;
  normals: Float32Array;
  indices: Uint32Array;
  skin: SkinWeights;
  topology: Topology;
  index: SurfaceIndex;
}

interface Entry {
  readonly scope: BufferScope;
  readonly payload: Payloads[keyof Payloads];
}

/** The values of a run: each owns a frame of the arena, so that freeing a value is closing its frame. */
export class ValueTable {
  readonly #arena: BufferScope;
  readonly #entries = new Map<string, Entry>();

  /** @param arena Owns all frames; its close frees what is left. */
  constructor(arena: BufferScope) {
    this.#arena = arena;
  }

  /** Makes a value: whatever `build` leases from the frame it is given belongs to it. */
  make<A extends keyof Payloads>(id: string, build: (scope: BufferScope) => Payloads[A]): Payloads[A] {
    const scope = this.#arena.frame(id);
    const payload = build(scope);
    this.#entries.set(id, { scope, payload });
    return payload;
  }

  /** What a value holds. */
  get<A extends keyof Payloads>(id: string): Payloads[A] {
    return this.#entries.get(id)!.payload as Payloads[A];
  }

  /** Every value of a binding, by attribute. */
  bound(binding: Binding): Partial<Payloads> {
    return Object.fromEntries(Object.entries(binding).map(([attribute, id]) => [attribute, this.get(id)]));
  }

  /** Ends values nobody reads any more. */
  free(ids: readonly string[]): void {
    for (const id of ids) {
      this.#entries.get(id)!.scope[Symbol.dispose]();
      this.#entries.delete(id);
    }
  }

  /** Ids of the values that were not freed. */
  remaining(): string[] {
    return [...this.#entries.keys()];
  }
}
