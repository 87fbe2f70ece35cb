import { SurfaceIndex } from "../fitting/surface_index.ts";
import { buildTopology } from "../fitting/topology.ts";
import type { Work } from "../fitting/work.ts";
import { type JsonObject, type MeshEdits, readMesh, writeMesh } from "../io/mod.ts";
import type { BufferScope } from "../pool/buffer_scope.ts";
import type { OpenInput } from "./_open_inputs.ts";
import type { Pace } from "./_pace.ts";
import { type Payloads, ValueTable } from "./_value_table.ts";
import { StepError } from "./errors.ts";
import type { Measures } from "./measures.ts";
import type { Binding, PlanOp } from "./plan.ts";
import type { OpReport } from "./report.ts";

type OpOf<K extends PlanOp["kind"]> = Extract<PlanOp, { kind: K }>;

/**
 * Executes operations of a plan, one scope each: temporaries die with the
 * operation, values when the plan says so, and everything with the arena.
 */
export class Interpreter {
  /** Encoded outputs, by the name of the output. */
  readonly encoded: Map<string, Uint8Array> = new Map();
  readonly #arena: BufferScope;
  readonly #values: ValueTable;
  readonly #inputs: ReadonlyMap<string, OpenInput>;
  readonly #pace: Pace;
  readonly #provenance: () => JsonObject;

  /**
   * @param arena Owns every lease of the run.
   * @param inputs Opened, by name.
   * @param pace Lets the event loop turn inside long work.
   * @param provenance What outputs say about their making; asked when the first is written.
   */
  constructor(arena: BufferScope, inputs: ReadonlyMap<string, OpenInput>, pace: Pace, provenance: () => JsonObject) {
    this.#arena = arena;
    this.#values = new ValueTable(arena);
    this.#inputs = inputs;
    this.#pace = pace;
    this.#provenance = provenance;
  }

  /** Ids of values still held. */
  get remaining(): string[] {
    return this.#values.remaining();
  }

  /** What a value made by an earlier operation holds. */
  value<A extends keyof Payloads>(id: string): Payloads[A] {
    return this.#values.get<A>(id);
  }

  /** Runs one operation and frees what dies with it. */
  async execute(op: PlanOp): Promise<OpReport> {
    const startedAt = performance.now();
    this.#pace.check();
    this.#arena.takePeakBytes();
    const scratch = this.#arena.frame(op.label);
    let measures: Measures = {};
    try {
      measures = await this.#perform(op, scratch);
    } catch (error) {
      const others = scratch.close();
      throw op.kind === "step" && isUnnamed(error) ? new StepError(op.label, op.at, error, others) : error;
    }
    scratch[Symbol.dispose]();
    const peakBytes = this.#arena.takePeakBytes();
    this.#values.free(op.frees);
    const step = op.kind === "step" ? op.step : undefined;
    return {
      kind: op.kind,
      label: op.label,
      ...(step?.id === undefined ? {} : { id: step.id }),
      elapsedMs: performance.now() - startedAt,
      peakBytes,
      plannedBytes: op.peakBytes,
      measures,
      summary: step?.step.describe(measures) ?? "",
      warnings: step?.step.warn?.(measures, step.options) ?? [],
      failures: step?.step.verdict?.(measures, step.options) ?? [],
    };
  }

  async #perform(op: PlanOp, scratch: BufferScope): Promise<Measures> {
    switch (op.kind) {
      case "read":
        return this.#read(op);
      case "weld":
        return this.#derive(op, "topology", (mesh, out) => buildTopology(mesh, out, scratch));
      case "index":
        return this.#derive(op, "index", (mesh, out) => SurfaceIndex.build(mesh, out, scratch));
      case "step":
        return await this.#step(op, scratch);
      case "write":
        return this.#write(op);
    }
  }

  #read(op: OpOf<"read">): Measures {
    const { document, header } = this.#inputs.get(op.input.name)!;
    const stored = this.#makeStored(op.makes, header, header.influencesPerVertex);
    readMesh(document, header, { ...stored, positions: stored.positions!, indices: stored.indices! });
    return {};
  }

  #derive<A extends "topology" | "index">(
    op: OpOf<"weld" | "index">,
    attribute: A,
    build: (mesh: { positions: Float32Array; indices: Uint32Array }, out: BufferScope) => Payloads[A],
  ): Measures {
    const { positions, indices } = this.#values.bound(op.binds.mesh);
    this.#values.make<A>(op.makes[attribute]!, (out) => build({ positions: positions!, indices: indices! }, out));
    return {};
  }

  async #step(op: OpOf<"step">, scratch: BufferScope): Promise<Measures> {
    const { step, options, consults } = op.step;
    const views = Object.entries(op.binds).map(([key, binding]) => {
      const name = key === "mesh" ? op.mesh : consults[key] ?? key;
      return [key, { name, ...this.#values.bound(binding) }];
    });
    const { header } = this.#inputs.get(op.input)!;
    const made = this.#makeStored(op.makes, header, step.influencesPerVertex?.(options) ?? 4);
    const out = { ...made, ...(op.makes.skin === undefined ? {} : { skin: this.#values.get<"skin">(op.makes.skin) }) };
    const result = step.run({ ...Object.fromEntries(views), out, scratch }, options);
    if (isWork(result)) return await this.#pace.drive(result);
    return result instanceof Promise ? await this.#pace.wait(result) : result;
  }

  #write(op: OpOf<"write">): Measures {
    const { document, header } = this.#inputs.get(op.input)!;
    const { positions, normals, skin } = this.#values.bound(op.binds.mesh);
    const skeleton = op.skeletonOf === undefined ? undefined : this.#inputs.get(op.skeletonOf)!.skeleton;
    const edits: MeshEdits = {
      ...(positions === undefined ? {} : { positions }),
      ...(normals === undefined ? {} : { normals }),
      ...(skin === undefined || skeleton === undefined ? {} : { skin: { ...skin, skeleton } }),
      provenance: this.#provenance(),
    };
    const format = op.output.file.endsWith(".gltf") ? "gltf" : "glb";
    this.encoded.set(op.output.name, writeMesh(document, header, edits, { format }));
    return {};
  }

  /** Leases what an operation stores, in the shape reader and steps fill. */
  #makeStored(
    makes: Binding,
    { vertexCount, faceCount }: { vertexCount: number; faceCount: number },
    influencesPerVertex: number,
  ): StoredArrays {
    const stored: StoredArrays = {};
    if (makes.positions !== undefined) {
      stored.positions = this.#values.make<"positions">(makes.positions, (s) => s.f32(3 * vertexCount));
    }
    if (makes.indices !== undefined) {
      stored.indices = this.#values.make<"indices">(makes.indices, (s) => s.u32(3 * faceCount));
    }
    if (makes.normals !== undefined) {
      stored.normals = this.#values.make<"normals">(makes.normals, (s) => s.f32(3 * vertexCount));
    }
    if (makes.skin !== undefined) {
      const count = influencesPerVertex * vertexCount;
      const skin = this.#values.make<"skin">(
        makes.skin,
        (s) => ({ skinJoints: s.u16(count), skinWeights: s.f32(count), influencesPerVertex }),
      );
      stored.skinJoints = skin.skinJoints;
      stored.skinWeights = skin.skinWeights;
    }
    return stored;
  }
}

/** Arrays an operation fills. */
interface StoredArrays {
  positions?: Float32Array;
  indices?: Uint32Array;
  normals?: Float32Array;
  skinJoints?: Uint16Array;
  skinWeights?: Float32Array;
}

function isWork(result: unknown): result is Work<Measures> {
  return typeof (result as Work<Measures>).next === "function";
}

/** Whether an error says nothing about where it happened: those of ours with a place of their own, and aborts, pass as they are. */
function isUnnamed(error: unknown): boolean {
  const name = (error as Error)?.name;
  return !["InputFileError", "PlanError", "BudgetError", "StepError", "AbortError", "TimeoutError"].includes(name);
}
