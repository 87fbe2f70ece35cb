import { SurfaceIndex } from "../fitting/surface/surface_index.ts";
import { buildTopologyWork } from "../fitting/topology/topology.ts";
import { type JsonObject, type MeshEdits, readMeshWork, readUVs, writeMeshesWork } from "../io/mod.ts";
import type { BufferScope } from "../pool/buffer_scope.ts";
import { errorsInOrder } from "../pool/errors_in_order.ts";
import { nameFailure } from "./_name_failure.ts";
import { intersect, label } from "./_masks.ts";
import { factsOf, type OpenInput, skeletonFactsOf } from "./_open_inputs.ts";
import type { Pace } from "./_pace.ts";
import { callStep } from "./_step_call.ts";
import { type Payloads, ValueTable } from "./_value_table.ts";
import type { Measures } from "./measures.ts";
import type { Binding, PlanOp, WritePiece } from "./plan_ops.ts";
import type { OpReport } from "./report.ts";

type OpOf<K extends PlanOp["kind"]> = Extract<PlanOp, { kind: K }>;

/** What an operation leaves to tell. */
interface Done {
  readonly measures: Measures;
  readonly warnings: readonly string[];
}

const NOTHING_MEASURED: Done = { measures: {}, warnings: [] };

/** Options for {@linkcode Interpreter}. */
export interface InterpreterOptions {
  /** What outputs say about their making; asked when the first is written. @default nothing */
  readonly provenance?: () => JsonObject;
  /** The longest an operation may take, milliseconds. @default {Infinity} */
  readonly stepTimeoutMs?: number;
}

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
  /** Lets the event loop turn. */
  readonly pace: Pace;
  readonly #provenance: () => JsonObject;
  readonly #stepTimeoutMs: number;

  /**
   * @param arena Owns every lease of the run.
   * @param inputs Opened, by name.
   * @param pace Lets the event loop turn inside long work.
   */
  constructor(
    arena: BufferScope,
    inputs: ReadonlyMap<string, OpenInput>,
    pace: Pace,
    { provenance = () => ({}), stepTimeoutMs = Infinity }: InterpreterOptions = {},
  ) {
    this.#arena = arena;
    this.#values = new ValueTable(arena);
    this.#inputs = inputs;
    this.pace = pace;
    this.#provenance = provenance;
    this.#stepTimeoutMs = stepTimeoutMs;
  }

  /** Bytes of the values still held, by their id. */
  remaining(): ReadonlyMap<string, number> {
    return this.#values.remaining();
  }

  /** What a value made by an earlier operation holds. */
  value<A extends keyof Payloads>(id: string): Payloads[A] {
    return this.#values.get<A>(id);
  }

  /**
   * Runs one operation and frees what dies with it.
   *
   * @throws {StepError} If it failed and what it threw does not say where.
   */
  async execute(op: PlanOp): Promise<OpReport> {
    const startedAt = performance.now();
    await this.pace.breathe();
    this.pace.check();
    this.#arena.takePeakBytes();
    using _limit = this.pace.limit(this.#stepTimeoutMs, `Cannot ${op.label}`);
    try {
      const done = await this.#performInFrame(op);
      const peakBytes = this.#arena.takePeakBytes();
      this.#values.free(op.frees);
      const plannedBytes = op.peakBytes;
      return { ...reportOf(op, done), elapsedMs: performance.now() - startedAt, peakBytes, plannedBytes };
    } catch (error) {
      const errors = errorsInOrder(error);
      throw nameFailure(op, errors, this.pace.isReason(errors[0]));
    }
  }

  /** Temporaries die with the operation, however it ends. */
  async #performInFrame(op: PlanOp): Promise<Done> {
    using scratch = this.#arena.frame(op.label);
    return await this.#perform(op, scratch);
  }

  async #perform(op: PlanOp, scratch: BufferScope): Promise<Done> {
    switch (op.kind) {
      case "read":
        return await this.#read(op);
      case "weld":
        return await this.#weld(op, scratch);
      case "index":
        return await this.#index(op);
      case "unite":
        return this.#unite(op);
      case "step":
        return { measures: await this.#step(op, scratch), warnings: [] };
      case "write":
        return await this.#write(op);
    }
  }

  async #read(op: OpOf<"read">): Promise<Done> {
    const input = this.#inputs.get(op.input.name)!, { document, header, origin } = input;
    const { uvs, facts, skeleton, ...others } = op.makes;
    const { positions, indices, normals, skin } = this.#lease(others, header, header.influencesPerVertex);
    if (uvs !== undefined) readUVs(document, header, this.#lease({ uvs }, header, 0).uvs!);
    if (facts !== undefined) this.#values.set<"facts">(facts, this.#values.frame(facts), factsOf(input));
    if (skeleton !== undefined) {
      this.#values.set<"skeleton">(skeleton, this.#values.frame(skeleton), skeletonFactsOf(input));
    }
    const arrays = {
      positions: positions!,
      indices: indices!,
      ...(normals === undefined ? {} : { normals }),
      ...(skin === undefined ? {} : { skinJoints: skin.skinJoints, skinWeights: skin.skinWeights }),
    };
    await this.pace.drive(readMeshWork(document, header, arrays, { origin }));
    this.#values.setZero(op.makes.positions!, origin);
    return NOTHING_MEASURED;
  }

  async #weld(op: OpOf<"weld">, scratch: BufferScope): Promise<Done> {
    const { positions, indices } = this.#values.bound(op.binds.mesh);
    const id = op.makes.topology!, out = this.#values.frame(id);
    const work = buildTopologyWork({ positions: positions!, indices: indices! }, out, scratch);
    this.#values.set<"topology">(id, out, await this.pace.drive(work));
    return NOTHING_MEASURED;
  }

  async #index(op: OpOf<"index">): Promise<Done> {
    const id = op.makes.index!, out = this.#values.frame(id);
    const work = SurfaceIndex.buildWork(this.#values.meshFor(id, op.binds.mesh), out);
    this.#values.set<"index">(id, out, await this.pace.drive(work));
    return NOTHING_MEASURED;
  }

  #unite(op: OpOf<"unite">): Done {
    const id = op.makes.selection!, out = this.#values.frame(id);
    const masks = Object.values(op.masks).map((mask) => this.#values.get<"selection">(mask));
    const united = this.#values.set<"selection">(id, out, out.u8(masks[0].length));
    if (op.match === "all") intersect(masks, united);
    else label(masks, united);
    return NOTHING_MEASURED;
  }

  async #step(op: OpOf<"step">, scratch: BufferScope): Promise<Measures> {
    const { step, options } = op.step;
    const { header } = this.#inputs.get(op.input)!, { selection, ...makes } = op.makes;
    this.#lease(makes, header, step.influencesPerVertex?.(options) ?? 4);
    if (selection !== undefined) {
      const { weldedCount } = this.#values.get<"topology">(op.binds.mesh.topology!),
        out = this.#values.frame(selection);
      this.#values.set<"selection">(selection, out, out.u8(weldedCount));
    }
    const { positions } = makes;
    if (positions !== undefined) {
      this.#values.setZero(positions, this.#values.zeroOf(op.binds[step.placedOn ?? "mesh"]));
    }
    return await callStep(op, this.#values, scratch, this.pace);
  }

  async #write({ output, pieces, binds }: OpOf<"write">): Promise<Done> {
    const provenance = this.#provenance();
    const format = output.file.endsWith(".gltf") ? "gltf" : "glb";
    const meshes = pieces.map((piece) => {
      const { document, header } = this.#inputs.get(piece.input)!;
      const changed = binds[piece.bind], edits = { ...this.#edits(piece, changed), provenance };
      return { document, header, edits, origin: this.#values.zeroOf(changed) };
    });
    const { bytes, left } = await this.pace.drive(writeMeshesWork(meshes, { format }));
    this.encoded.set(output.name, bytes);
    const warnings = left.map((what) => `left out ${what}, as its indices would lead elsewhere in this file`);
    return { measures: {}, warnings };
  }

  #edits({ skeletonOf }: WritePiece, changed: Binding): MeshEdits {
    const { positions, normals, tangents, skin } = this.#values.bound(changed);
    const skeleton = skeletonOf === undefined ? undefined : this.#inputs.get(skeletonOf)!.skeleton;
    return {
      ...(positions === undefined ? {} : { positions }),
      ...(normals === undefined ? {} : { normals }),
      ...(tangents === undefined ? {} : { tangents }),
      ...(skin === undefined || skeleton === undefined ? {} : { skin: { ...skin, skeleton } }),
    };
  }

  /** Leases the values an operation makes: zeroed, for the reader or a step to fill. */
  #lease(
    makes: Binding,
    { vertexCount, faceCount }: { vertexCount: number; faceCount: number },
    influencesPerVertex: number,
  ): Partial<Payloads> {
    for (const [attribute, id] of Object.entries(makes)) {
      const out = this.#values.frame(id);
      if (attribute === "indices") this.#values.set<"indices">(id, out, out.u32(3 * faceCount));
      else if (attribute === "skin") {
        const count = influencesPerVertex * vertexCount;
        const skin = { skinJoints: out.u16(count), skinWeights: out.f32(count), influencesPerVertex };
        this.#values.set<"skin">(id, out, skin);
      } else if (attribute === "uvs") this.#values.set<"uvs">(id, out, out.f32(2 * vertexCount));
      else if (attribute === "tangents") this.#values.set<"tangents">(id, out, out.f32(4 * vertexCount));
      else this.#values.set<"positions" | "normals">(id, out, out.f32(3 * vertexCount));
    }
    return this.#values.bound(makes);
  }
}

/** What a person is told of an operation that succeeded, its costs aside. */
function reportOf(
  op: PlanOp,
  { measures, warnings }: Done,
): Omit<OpReport, "elapsedMs" | "peakBytes" | "plannedBytes"> {
  const { kind, label } = op;
  if (kind !== "step") return { kind, label, measures, summary: "", warnings, failures: [] };
  const { id, step, options } = op.step;
  return {
    kind,
    label,
    ...(id === undefined ? {} : { id }),
    measures,
    summary: step.describe(measures),
    warnings: step.warn?.(measures, options) ?? [],
    failures: step.verdict?.(measures, options) ?? [],
  };
}
