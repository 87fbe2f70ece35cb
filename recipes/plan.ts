import type { Attribute, MeshSizes, OptionSpecs, WritableAttribute } from "./step.ts";
import type { Binding, InputNames, InputSizes, Plan, PlanValue, WritePiece } from "./plan_ops.ts";
import type { NodePath, Recipe, RecipeInput, RecipeOutput, RecipeStep } from "./recipe.ts";
import { assertNames, attributesDemanded, type Demand, missingAttribute, readsOf } from "./_demand.ts";
import { type Draft, withLiveness } from "./_liveness.ts";
import { counted, influencesWritten } from "./_step_counts.ts";
import { derivedBytes, derivedScratchBytes, storedBytes } from "./_value_bytes.ts";
import { resolveLengths, type SelectionMatch } from "./options.ts";

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
  readonly values: Partial<Record<keyof Binding, string>>;
  skeletonOf: string | undefined;
  /** The body it was made on and the body it was carried to, once a step did so. */
  carried: { readonly from: string; readonly to: string } | undefined;
}

class Lowering {
  readonly #recipe: Recipe;
  readonly #inputs: Readonly<Record<string, InputSizes>>;
  readonly #diagonals: Readonly<Record<string, number>>;
  readonly #meshes = new Map<string, MeshState>();
  readonly #values = new Map<string, PlanValue>();
  readonly #versions = new Map<string, number>();
  readonly #fromFile = new Set<string>();
  /** Ids of the values of selections, by their names; of several together, by all names. */
  readonly #selections = new Map<string, string>();
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
  #read(input: RecipeInput, demand: ReadonlySet<Demand> | undefined): void {
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
    if (found.hasNormals && (demand.has("normals") || demand.has("restNormals"))) {
      makes.normals = values.normals = values.restNormals = this.#value(
        input.name,
        "normals",
        storedBytes("normals", sizes),
      );
    }
    if (found.influencesPerVertex > 0 && demand.has("skin")) {
      makes.skin = values.skin = this.#value(input.name, "skin", storedBytes("skin", sizes));
    }
    if (found.influencesPerVertex > 0 && (demand.has("skin") || demand.has("skeleton"))) {
      makes.skeleton = values.skeleton = this.#value(input.name, "skeleton", 0);
    }
    if (found.hasUVs && (demand.has("uvs") || (found.hasTangents && demand.has("tangents")))) {
      makes.uvs = values.uvs = this.#value(input.name, "uvs", storedBytes("uvs", sizes));
    }
    if (demand.has("facts")) makes.facts = values.facts = this.#value(input.name, "facts", 0);
    for (const id of Object.values(makes)) this.#fromFile.add(id);
    this.#drafts.push({
      kind: "read",
      label: `read ${input.name}`,
      at: input.at,
      mesh: input.name,
      input,
      binds: {},
      masks: {},
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
      masks: {},
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
    assertNames(recipeStep, name, (owner) => this.#namesOf(this.#meshes.get(owner)!));
    const alsoWritten = this.#inputs[mesh.input].hasTangents ? step.mayWrite ?? [] : [];
    const wanted = [...step.wants?.(recipeStep.options) ?? [], ...alsoWritten.map((): Attribute => "uvs")]
      .filter((attribute: Attribute) => isDerived(attribute) || mesh.values[attribute] !== undefined);
    const binds: Record<string, Binding> = {
      mesh: this.#bind(name, [...readsOf(recipeStep), ...wanted], recipeStep),
    };
    const sizes: { mesh: MeshSizes; [key: string]: MeshSizes } = { mesh: mesh.sizes };
    for (const [key, consulted] of Object.entries(recipeStep.consults)) {
      const { values } = this.#meshes.get(consulted)!, { reads, wants = [] } = step.consults[key];
      const there = wants.filter((attribute: Attribute) => values[attribute] !== undefined);
      binds[key] = this.#bind(consulted, [...reads, ...there], recipeStep);
      sizes[key] = this.#meshes.get(consulted)!.sizes;
    }
    const { carried } = mesh;
    if (step.origin !== undefined && carried?.to === recipeStep.consults[step.origin.of]) {
      binds.origin = this.#bind(carried!.from, step.origin.reads, recipeStep);
    }
    const options = resolveLengths(recipeStep.options, this.#diagonals[mesh.input] ?? 0);
    const masks = this.#masksOf(recipeStep, name);
    const makes: MeshState["values"] = {};
    for (const attribute of [...step.writes, ...alsoWritten] as readonly WritableAttribute[]) {
      const written = { ...mesh.sizes, influencesPerVertex: influencesWritten(recipeStep, options) };
      makes[attribute] = this.#value(recipeStep.selection ?? name, attribute, storedBytes(attribute, written));
    }
    const giver = step.keepsSkeleton?.(options) ? name : recipeStep.consults[step.skeletonFrom ?? ""];
    const skeletonOf = giver === undefined ? undefined : this.#meshes.get(giver)!.skeletonOf;
    this.#drafts.push({
      kind: "step",
      label: `${step.name} ${recipeStep.selection ?? name}`,
      at,
      mesh: name,
      input: mesh.input,
      step: { ...recipeStep, options },
      skeletonOf,
      binds,
      masks,
      makes,
      scratchBytes: counted(recipeStep, "scratchBytes", 1, () => step.scratchBytes(sizes, options)),
    });
    const { selection, ...changed } = makes;
    if (recipeStep.selection !== undefined) this.#selections.set(recipeStep.selection, selection!);
    Object.assign(mesh.values, changed);
    if (makes.positions !== undefined) delete mesh.values.index;
    const from = recipeStep.consults[step.carries?.from ?? ""], to = recipeStep.consults[step.carries?.to ?? ""];
    if (from !== undefined && to !== undefined && this.#sameVertices(from, to)) mesh.carried = { from, to };
    if (makes.skin !== undefined) {
      mesh.skeletonOf = skeletonOf;
      const skeleton = skeletonOf === undefined ? undefined : this.#meshes.get(skeletonOf)!.values.skeleton;
      if (skeleton === undefined) delete mesh.values.skeleton;
      else mesh.values.skeleton = skeleton;
      const { jointCount } = this.#inputs[skeletonOf ?? mesh.input];
      mesh.sizes = { ...mesh.sizes, influencesPerVertex: influencesWritten(recipeStep, options), jointCount };
    }
  }

  /** The selections that options of a step name, by key; several in one option are united before it. */
  #masksOf({ step, uses, at }: RecipeStep, mesh: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(uses).map(([key, names]) => {
        const { match } = (step.options as OptionSpecs)[key].selects!;
        return [key, names.length === 1 ? this.#selections.get(names[0])! : this.#unite(names, match, mesh, at)];
      }),
    );
  }

  #unite(names: readonly string[], match: SelectionMatch, mesh: string, at: NodePath): string {
    const name = names.join(match === "all" ? "&" : "+"), known = this.#selections.get(name);
    if (known !== undefined) return known;
    const id = this.#value(name, "selection", storedBytes("selection", this.#meshes.get(mesh)!.sizes));
    this.#selections.set(name, id);
    const masks = Object.fromEntries(names.map((part, i) => [i, this.#selections.get(part)!]));
    this.#drafts.push({
      kind: "unite",
      label: `unite ${name}`,
      at,
      mesh,
      match,
      binds: {},
      masks,
      makes: { selection: id },
      scratchBytes: 0,
    });
    return id;
  }

  /** What the file of a mesh calls its parts, and that of its skeleton the joints. */
  #namesOf({ input, skeletonOf }: MeshState): InputNames | undefined {
    const { names } = this.#inputs[input], joints = this.#inputs[skeletonOf ?? input].names?.joint;
    return names && { ...names, joint: joints ?? [] };
  }

  /** The values of `name` that a step declared, derived ones made on the way. */
  #bind(name: string, reads: readonly Attribute[], recipeStep: RecipeStep): Binding {
    const mesh = this.#meshes.get(name)!;
    const bound: MeshState["values"] = { positions: mesh.values.positions!, indices: mesh.values.indices! };
    for (const attribute of reads) {
      if (isDerived(attribute)) this.#derive(name, attribute, recipeStep.at);
      const id = mesh.values[attribute];
      if (id !== undefined) bound[attribute] = id;
      else if (attribute !== "skeleton") throw missingAttribute(recipeStep, name, attribute); // a mesh need have no joints
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
    const { input: own, skeletonOf } = this.#meshes.get(output.mesh)!;
    const isBody = skeletonOf === undefined || skeletonOf === own
      ? ({ input }: WritePiece) => input !== own && this.#inputs[input].jointCount > 0
      : ({ input }: WritePiece) => input === skeletonOf;
    const body = pieces.findIndex(isBody);
    if (body > 0) pieces.unshift(...pieces.splice(body, 1));
    this.#drafts.push({
      kind: "write",
      label: `write ${output.name}`,
      at: output.at,
      mesh: output.mesh,
      output,
      pieces,
      binds,
      masks: {},
      makes: {},
      scratchBytes: 0,
    });
  }

  /** What steps changed of a mesh. */
  #changed(name: string): Binding {
    const { positions, rest, normals, tangents, skin } = this.#meshes.get(name)!.values;
    const changed: MeshState["values"] = {};
    if (positions !== rest) changed.positions = positions!;
    if (this.#isWritten(normals)) changed.normals = normals!;
    if (tangents !== undefined) changed.tangents = tangents;
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

/** Whether lowering makes it of what is there. */
function isDerived(attribute: Attribute): attribute is "topology" | "index" {
  return attribute === "topology" || attribute === "index";
}
