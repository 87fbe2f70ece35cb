import type { TriangleMesh } from "../fitting/mesh.ts";
import type { SkinWeights } from "../fitting/weights/skin_weights.ts";
import { SurfaceIndex } from "../fitting/surface/surface_index.ts";
import type { Topology } from "../fitting/topology/topology.ts";
import type { Vec3 } from "../io/mod.ts";
import { collectErrors } from "../pool/_settle_then.ts";
import { throwFirst } from "../pool/_throw_first.ts";
import type { BufferScope } from "../pool/buffer_scope.ts";
import { isArray, mapArrays } from "./_payload_arrays.ts";
import type { Binding } from "./plan_ops.ts";
import type { MeshFacts, MeshSkeleton } from "./step.ts";

/** What a value of the plan holds at run time, by attribute. */
export interface Payloads {
  positions: Float32Array;
  rest: Float32Array;
  normals: Float32Array;
  indices: Uint32Array;
  skin: SkinWeights;
  topology: Topology;
  index: SurfaceIndex;
  restNormals: Float32Array;
  uvs: Float32Array;
  tangents: Float32Array;
  selection: Uint8Array;
  /** Frozen, as what holds no memory is. */
  facts: MeshFacts;
  /** Frozen too. */
  skeleton: MeshSkeleton;
}

const WORLD_ZERO: Vec3 = [0, 0, 0];

interface Entry {
  readonly scope: BufferScope;
  payload: Payloads[keyof Payloads];
}

/** A mesh whose arrays are values; kept up to date, for those that hold on to it. */
interface BoundMesh {
  readonly ids: Readonly<Record<keyof TriangleMesh, string>>;
  readonly mesh: { -readonly [K in keyof TriangleMesh]: TriangleMesh[K] };
}

/** The values of a run: each owns a frame of the arena, so that freeing a value is closing its frame. */
export class ValueTable {
  readonly #arena: BufferScope;
  readonly #entries = new Map<string, Entry>();
  readonly #zeros = new Map<string, Vec3>();
  /** By the id of the value that holds on to it. */
  readonly #meshes = new Map<string, BoundMesh>();

  /** @param arena Owns all frames; its close frees what is left. */
  constructor(arena: BufferScope) {
    this.#arena = arena;
  }

  /** Opens the frame of a value; what is leased from it belongs to the value, which {@linkcode ValueTable.set} completes. */
  frame(id: string): BufferScope {
    return this.#arena.frame(id);
  }

  /** Completes a value. */
  set<A extends keyof Payloads>(id: string, scope: BufferScope, payload: Payloads[A]): Payloads[A] {
    this.#entries.set(id, { scope, payload });
    return payload;
  }

  /** What a value holds. */
  get<A extends keyof Payloads>(id: string): Payloads[A] {
    return this.#entries.get(id)!.payload as Payloads[A];
  }

  /** Notes where the zero of positions lies in the world. */
  setZero(id: string, zero: Vec3): void {
    this.#zeros.set(id, zero);
  }

  /** Where the zero of a mesh's positions lies in the world; of a mesh without, at the world's. */
  zeroOf({ positions }: Binding): Vec3 {
    return this.#zeros.get(positions ?? "") ?? WORLD_ZERO;
  }

  /** Every value of a binding, by attribute. */
  bound(binding: Binding): Partial<Payloads> {
    return Object.fromEntries(Object.entries(binding).map(([attribute, id]) => [attribute, this.get(id)]));
  }

  /** The mesh of two values, for `holder`, a value that is going to keep it. */
  meshFor(holder: string, { positions, indices }: Binding): TriangleMesh {
    const ids = { positions: positions!, indices: indices! };
    const mesh = { positions: this.get<"positions">(ids.positions), indices: this.get<"indices">(ids.indices) };
    this.#meshes.set(holder, { ids, mesh });
    return mesh;
  }

  /**
   * Takes the arrays of values away from whoever has seen them: the values go on
   * in the same memory under new views. Indices keep theirs, which nobody sees.
   *
   * @throws {TypeError} If somebody transferred the memory of one away; the others are done all the same.
   */
  rehome(ids: Iterable<string>): void {
    throwFirst(collectErrors([...new Set(ids)].map((id) => () => this.#rehomeOne(id))));
    for (const { ids, mesh } of this.#meshes.values()) {
      mesh.positions = this.get<"positions">(ids.positions);
      mesh.indices = this.get<"indices">(ids.indices);
    }
  }

  #rehomeOne(id: string): void {
    const entry = this.#entries.get(id)!, { scope, payload } = entry;
    if (payload instanceof SurfaceIndex || Object.isFrozen(payload)) return;
    if (isArray(payload)) entry.payload = scope.rehome(payload);
    else entry.payload = mapArrays(payload, (array) => scope.rehome(array));
  }

  /**
   * Ends values nobody reads any more.
   *
   * @throws {TypeError} In debug mode, if somebody wrote to one after it was taken away; all are ended.
   */
  free(ids: readonly string[]): void {
    const errors = ids.flatMap((id) => this.#entries.get(id)!.scope.close());
    for (const id of ids) {
      this.#entries.delete(id);
      this.#zeros.delete(id);
      this.#meshes.delete(id);
    }
    throwFirst(errors);
  }

  /** Bytes of the values that were not freed, by their id. */
  remaining(): Map<string, number> {
    return new Map([...this.#entries].map(([id, { scope }]) => [id, scope.inUseBytes]));
  }
}
