import type { Attribute, MeshSizes, Step, WritableAttribute } from "./step.ts";
import type { NodePath, Recipe, RecipeInput, RecipeOutput, RecipeStep } from "./recipe.ts";
import { derivedBytes, derivedScratchBytes, storedBytes } from "./_value_bytes.ts";
import { StepError } from "./errors.ts";
import { PlanError } from "./plan_error.ts";
import { resolveLengths } from "./options.ts";

/** What the header of an input says, and what reading it adds. */
export interface InputSizes {
  /** Vertices as in the file. */
  readonly vertexCount: number;
  /** Triangles. */
  readonly faceCount: number;
  /** Whether the file has normals. */
  readonly hasNormals: boolean;
  /** Influences a vertex has, 0 without a skin. */
  readonly influencesPerVertex: number;
  /** Joints of the skin, 0 without. */
  readonly jointCount: number;
  /** Vertices of the welded surface, once it was read. */
  readonly weldedCount?: number;
  /** Edges of the welded surface, once it was read. */
  readonly edgeCount?: number;
  /** Connected parts of the welded surface, once it was read. */
  readonly islandCount?: number;
}

/** Something in memory: written once, read until its last reader is done. */
export interface PlanValue {
  /** Such as `armor.positions@2`. */
  readonly id: string;
  /** Bytes leased for it. */
  readonly bytes: number;
}

/** Value ids by attribute, `indices` among them: how an operation finds its arrays. */
export type Binding = Readonly<Partial<Record<Attribute | "indices", string>>>;

/** The part every operation of a plan has. */
export interface PlanOpBase {
  /** What a person reads: `fit armor`. */
  readonly label: string;
  /** Where the recipe asks for it. */
  readonly at: NodePath;
  /** The mesh it is about. */
  readonly mesh: string;
  /** Bound meshes: `mesh` and the consulted ones by their key. */
  readonly binds: Readonly<Record<string, Binding>>;
  /** Values it makes, by attribute. */
  readonly makes: Binding;
  /** Values nobody reads afterwards. */
  readonly frees: readonly string[];
  /** Bytes of temporaries. */
  readonly scratchBytes: number;
  /** Bytes on lease at the most while it runs. */
  readonly peakBytes: number;
}

/** One operation: reading, welding and indexing are inserted by lowering, steps come from the recipe. */
export type PlanOp =
  | PlanOpBase & { readonly kind: "read"; readonly input: RecipeInput }
  | PlanOpBase & { readonly kind: "weld" }
  | PlanOpBase & { readonly kind: "index" }
  | PlanOpBase & {
    readonly kind: "step";
    readonly step: RecipeStep;
    readonly input: string;
    readonly skeletonOf: string | undefined;
  }
  | PlanOpBase & {
    readonly kind: "write";
    readonly output: RecipeOutput;
    /** What goes into the file; the first one's document is the one that stays as it is. */
    readonly pieces: readonly WritePiece[];
  };

/** A mesh that goes into a file. */
export interface WritePiece {
  /** The key in `binds` of what changed of it. */
  readonly bind: string;
  /** The input it began as. */
  readonly input: string;
  /** The input whose skeleton it is bound to, when a step did that. */
  readonly skeletonOf: string | undefined;
}

/** A recipe lowered to operations on values, with the memory each needs. */
export interface Plan {
  /** In the order they run. */
  readonly ops: readonly PlanOp[];
  /** How many of the first operations read and weld; the sizes are exact after them. */
  readonly prologue: number;
  /** Every value by its id. */
  readonly values: ReadonlyMap<string, PlanValue>;
  /** The most bytes on lease at one time. */
  readonly peakBytes: number;
  /** Whether the bytes are exact; else they are an upper bound. */
  readonly exact: boolean;
}

/**
 * Lowers a recipe: decides which values exist, in which order they are made,
 * when each dies, and so how many bytes are on lease at every moment.
 *
 * Nothing is allocated and no file is read: sizes are all it needs.
 *
 * @param recipe Checked.
 * @param sizes Of every input, by name; exact ones make an exact plan.
 * @param boundsDiagonal Of each mesh, metres, by name: resolves lengths such as `0.5%bbox`.
 * @throws {PlanError} If a step needs what nobody has written.
 * @throws {StepError} If a custom step cannot say how much memory it needs.
 */
export function planRecipe(
  recipe: Recipe,
  sizes: Readonly<Record<string, InputSizes>>,
  boundsDiagonal: Readonly<Record<string, number>> = {},
): Plan {
  return new Lowering(recipe, sizes, boundsDiagonal).lower();
}

/** A mesh while the recipe is walked through: which value holds each attribute now. */
interface MeshState {
  readonly input: string;
  sizes: MeshSizes;
  readonly values: Partial<Record<Attribute | "indices", string>>;
  skeletonOf: string | undefined;
  /** The body it was made on and the body it was carried to, once a step did so. */
  carried: { readonly from: string; readonly to: string } | undefined;
}

/** An operation before liveness is known. */
type Draft = PlanOp extends infer P ? P extends PlanOp ? Omit<P, "frees" | "peakBytes"> : never : never;

class Lowering {
  readonly #recipe: Recipe;
  readonly #inputs: Readonly<Record<string, InputSizes>>;
  readonly #diagonals: Readonly<Record<string, number>>;
  readonly #meshes = new Map<string, MeshState>();
  readonly #values = new Map<string, PlanValue>();
  readonly #versions = new Map<string, number>();
  readonly #fromFile = new Set<string>();
  readonly #drafts: Draft[] = [];
  #exact = true;

  constructor(
    recipe: Recipe,
    inputs: Readonly<Record<string, InputSizes>>,
    diagonals: Readonly<Record<string, number>>,
  ) {
    this.#recipe = recipe;
    this.#inputs = inputs;
    this.#diagonals = diagonals;
  }

  lower(): Plan {
    const demand = attributesDemanded(this.#recipe);
    for (const input of this.#recipe.inputs) this.#read(input, demand.get(input.name));
    for (const input of this.#recipe.inputs) {
      if (demand.get(input.name)?.has("topology")) this.#derive(input.name, "topology", input.at);
    }
    const prologue = this.#drafts.length;
    for (const step of this.#recipe.steps) this.#step(step);
    for (const output of this.#recipe.outputs) this.#write(output);
    const ops = withLiveness(this.#drafts, this.#values);
    const peakBytes = ops.reduce((peak, op) => Math.max(peak, op.peakBytes), 0);
    return { ops, prologue, values: this.#values, peakBytes, exact: this.#exact };
  }

  /** Declares an input; decodes it only when a step looks at it. */
  #read(input: RecipeInput, demand: ReadonlySet<Attribute> | undefined): void {
    const found = this.#inputs[input.name];
    const sizes = {
      ...found,
      weldedCount: found.weldedCount ?? found.vertexCount,
      edgeCount: found.edgeCount ?? 3 * found.faceCount,
      islandCount: found.islandCount ?? found.faceCount,
    };
    const values: MeshState["values"] = {};
    this.#meshes.set(input.name, {
      input: input.name,
      sizes,
      values,
      skeletonOf: found.influencesPerVertex > 0 ? input.name : undefined,
      carried: undefined,
    });
    if (demand === undefined) return;
    if (demand.has("topology") && found.weldedCount === undefined) this.#exact = false;
    values.positions = values.rest = this.#value(input.name, "positions", storedBytes("positions", sizes));
    values.indices = this.#value(input.name, "indices", storedBytes("indices", sizes));
    const makes: MeshState["values"] = { positions: values.positions, indices: values.indices };
    if (found.hasNormals && demand.has("normals")) {
      makes.normals = values.normals = this.#value(input.name, "normals", storedBytes("normals", sizes));
    }
    if (found.influencesPerVertex > 0 && demand.has("skin")) {
      makes.skin = values.skin = this.#value(input.name, "skin", storedBytes("skin", sizes));
    }
    for (const id of Object.values(makes)) this.#fromFile.add(id);
    this.#drafts.push({
      kind: "read",
      label: `read ${input.name}`,
      at: input.at,
      mesh: input.name,
      input,
      binds: {},
      makes,
      scratchBytes: 0,
    });
  }

  /** Inserts the operation that makes `topology` or `index`, unless the value is there already. */
  #derive(name: string, attribute: "topology" | "index", at: NodePath): void {
    const mesh = this.#meshes.get(name)!;
    if (mesh.values[attribute] !== undefined) return;
    const id = this.#value(name, attribute, derivedBytes(attribute, mesh.sizes));
    mesh.values[attribute] = id;
    const { positions, rest, indices } = mesh.values as Record<string, string>;
    const kind = attribute === "topology" ? "weld" : "index";
    this.#drafts.push({
      kind,
      label: `${kind} ${name}`,
      at,
      mesh: name,
      binds: { mesh: { positions: kind === "weld" ? rest : positions, indices } },
      makes: { [attribute]: id },
      scratchBytes: derivedScratchBytes(attribute, mesh.sizes),
    });
  }

  #step(recipeStep: RecipeStep): void {
    const { step, at } = recipeStep;
    if (recipeStep.as !== undefined) {
      const original = this.#meshes.get(recipeStep.mesh)!;
      this.#meshes.set(recipeStep.as, { ...original, values: { ...original.values } }); // values are never changed, so a copy costs nothing
    }
    const name = recipeStep.as ?? recipeStep.mesh;
    const mesh = this.#meshes.get(name)!;
    const binds: Record<string, Binding> = { mesh: this.#bind(name, step.reads, recipeStep) };
    const sizes: { mesh: MeshSizes; [key: string]: MeshSizes } = { mesh: mesh.sizes };
    for (const [key, consulted] of Object.entries(recipeStep.consults)) {
      binds[key] = this.#bind(consulted, step.consults[key].reads, recipeStep);
      sizes[key] = this.#meshes.get(consulted)!.sizes;
    }
    const { carried } = mesh;
    if (step.origin !== undefined && carried?.to === recipeStep.consults[step.origin.of]) {
      binds.origin = this.#bind(carried!.from, step.origin.reads, recipeStep);
    }
    const options = resolveLengths(recipeStep.options, this.#diagonals[mesh.input] ?? 0);
    const makes: MeshState["values"] = {};
    for (const attribute of step.writes as readonly WritableAttribute[]) {
      const written = { ...mesh.sizes, influencesPerVertex: influencesWritten(recipeStep, options) };
      makes[attribute] = this.#value(name, attribute, storedBytes(attribute, written));
    }
    const skeletonOf = step.skeletonFrom === undefined
      ? undefined
      : this.#meshes.get(recipeStep.consults[step.skeletonFrom])!.skeletonOf;
    this.#drafts.push({
      kind: "step",
      label: `${step.name} ${name}`,
      at,
      mesh: name,
      input: mesh.input,
      step: { ...recipeStep, options },
      skeletonOf,
      binds,
      makes,
      scratchBytes: counted(recipeStep, "scratchBytes", 1, () => step.scratchBytes(sizes, options)),
    });
    Object.assign(mesh.values, makes);
    if (makes.positions !== undefined) delete mesh.values.index;
    const from = recipeStep.consults[step.carries?.from ?? ""], to = recipeStep.consults[step.carries?.to ?? ""];
    if (from !== undefined && to !== undefined && this.#sameVertices(from, to)) mesh.carried = { from, to };
    if (makes.skin !== undefined) {
      mesh.skeletonOf = skeletonOf;
      mesh.sizes = { ...mesh.sizes, influencesPerVertex: influencesWritten(recipeStep, options) };
    }
  }

  /** The values of `name` that a step declared, derived ones made on the way. */
  #bind(name: string, reads: readonly Attribute[], recipeStep: RecipeStep): Binding {
    const mesh = this.#meshes.get(name)!;
    const bound: MeshState["values"] = { positions: mesh.values.positions!, indices: mesh.values.indices! };
    for (const attribute of reads) {
      if (attribute === "topology" || attribute === "index") this.#derive(name, attribute, recipeStep.at);
      const id = mesh.values[attribute];
      if (id === undefined) throw missingAttribute(recipeStep, name, attribute);
      bound[attribute] = id;
    }
    return bound;
  }

  #write(output: RecipeOutput): void {
    const binds: Record<string, Binding> = {};
    const pieces = [output.mesh, ...output.with].map((name, i): WritePiece => {
      const { input, values, skeletonOf } = this.#meshes.get(name)!, bind = i === 0 ? "mesh" : `with ${name}`;
      binds[bind] = this.#changed(name);
      return { bind, input, skeletonOf: this.#isWritten(values.skin) ? skeletonOf : undefined };
    });
    // The body keeps its numbers, as its rig is what other files and unknown extensions speak of.
    const body = pieces.findIndex(({ input }) => input === this.#meshes.get(output.mesh)!.skeletonOf);
    if (body > 0) pieces.unshift(...pieces.splice(body, 1));
    this.#drafts.push({
      kind: "write",
      label: `write ${output.name}`,
      at: output.at,
      mesh: output.mesh,
      output,
      pieces,
      binds,
      makes: {},
      scratchBytes: 0,
    });
  }

  /** What steps changed of a mesh. */
  #changed(name: string): Binding {
    const { positions, rest, normals, skin } = this.#meshes.get(name)!.values;
    const changed: MeshState["values"] = {};
    if (positions !== rest) changed.positions = positions!;
    if (this.#isWritten(normals)) changed.normals = normals!;
    if (this.#isWritten(skin)) {
      changed.skin = skin!;
      changed.positions = positions!; // bind space depends on the skin
    }
    return changed;
  }

  #sameVertices(a: string, b: string): boolean {
    const [first, second] = [this.#meshes.get(a)!.sizes, this.#meshes.get(b)!.sizes];
    return first.vertexCount === second.vertexCount && first.faceCount === second.faceCount;
  }

  #isWritten(id: string | undefined): boolean {
    return id !== undefined && !this.#fromFile.has(id);
  }

  #value(mesh: string, attribute: string, bytes: number): string {
    const key = `${mesh}.${attribute}`;
    const version = this.#versions.get(key) ?? 0;
    this.#versions.set(key, version + 1);
    const id = `${key}@${version}`;
    this.#values.set(id, { id, bytes });
    return id;
  }
}

/** Influences a vertex has after a step that writes the skin. */
function influencesWritten(recipeStep: RecipeStep, options: Readonly<Record<string, unknown>>): number {
  const { step } = recipeStep;
  return counted(recipeStep, "influencesPerVertex", 4, () => step.influencesPerVertex?.(options) ?? 4);
}

/** A count that a step's definition works out. Leases follow from it, so it must be one. */
function counted({ step, mesh, as, at }: RecipeStep, key: keyof Step, unit: number, count: () => number): number {
  try {
    const value = count();
    if (Number.isSafeInteger(value) && value >= 0 && value % unit === 0) return value;
    throw new RangeError(
      `its ${key} must be a multiple of ${unit} and not below 0: current value is ${String(value)}`,
    );
  } catch (error) {
    throw new StepError(`plan ${step.name} ${as ?? mesh}`, at, error);
  }
}

/** What steps read of each input they look at, through copies too: what reading and the prologue must provide. */
function attributesDemanded(recipe: Recipe): Map<string, Set<Attribute>> {
  const inputOf = new Map(recipe.inputs.map(({ name }) => [name, name]));
  const demand = new Map<string, Set<Attribute>>();
  for (const { step, mesh, as, consults } of recipe.steps) {
    if (as !== undefined) inputOf.set(as, inputOf.get(mesh)!);
    const read = [
      [mesh, step.reads],
      ...Object.entries(consults).map(([key, name]) => [name, step.consults[key].reads]),
    ];
    for (const [name, attributes] of read as [string, Attribute[]][]) {
      const input = inputOf.get(name)!;
      demand.set(input, new Set([...demand.get(input) ?? [], ...attributes]));
    }
  }
  return demand;
}

/** Gives every operation the values that die after it, and the bytes on lease while it runs. */
function withLiveness(drafts: readonly Draft[], values: ReadonlyMap<string, PlanValue>): PlanOp[] {
  const lastUse = new Map<string, number>();
  drafts.forEach((op, i) => {
    for (const id of Object.values(op.makes)) lastUse.set(id, i);
    for (const binding of Object.values(op.binds)) for (const id of Object.values(binding)) lastUse.set(id, i);
  });
  const dying = drafts.map((): string[] => []);
  for (const [id, i] of lastUse) dying[i].push(id);
  const bytesOf = (ids: Iterable<string>) => [...ids].reduce((sum, id) => sum + values.get(id)!.bytes, 0);
  let liveBytes = 0;
  return drafts.map((op, i) => {
    liveBytes += bytesOf(Object.values(op.makes));
    const peakBytes = liveBytes + op.scratchBytes;
    liveBytes -= bytesOf(dying[i]);
    return { ...op, frees: dying[i], peakBytes } as PlanOp;
  });
}

function missingAttribute({ step, at }: RecipeStep, mesh: string, attribute: Attribute): PlanError {
  const what = attribute === "skin" ? "skin weights" : attribute;
  const help = attribute === "skin"
    ? `add "transfer-weights: { mesh: ${mesh}, from: … }" before it`
    : `add "recompute-normals: { mesh: ${mesh} }" before it`;
  return new PlanError(
    `missing-${attribute}`,
    [...at, step.name],
    `"${step.name}" needs the ${what} of "${mesh}", which its file does not have: ${help}`,
  );
}
