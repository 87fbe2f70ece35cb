import { isMeant, noSuchName } from "./_selection_options.ts";
import { quote } from "./_words.ts";
import type { InputNames } from "./plan_ops.ts";
import { PlanError } from "./plan_error.ts";
import type { Recipe, RecipeStep } from "./recipe.ts";
import type { Attribute } from "./step.ts";

/** What a step reads of its mesh: also what its options ask for, and what a selection counts by. */
export function readsOf({ step, options }: RecipeStep): readonly Attribute[] {
  const counts: readonly Attribute[] = step.writes.includes("selection") ? ["topology"] : [];
  return [...step.reads, ...step.asks?.(options) ?? [], ...counts];
}

/** What somebody would like to read, or to write where it is there. */
export type Demand = Attribute | "tangents";

/** What steps read of each input they look at, through copies too: what reading and the prologue must provide. */
export function attributesDemanded(recipe: Recipe): Map<string, Set<Demand>> {
  const inputOf = new Map(recipe.inputs.map(({ name }) => [name, name]));
  const demand = new Map<string, Set<Demand>>();
  for (const recipeStep of recipe.steps) {
    const { step, mesh, as, consults } = recipeStep;
    if (as !== undefined) inputOf.set(as, inputOf.get(mesh)!);
    const read = [
      [mesh, [...readsOf(recipeStep), ...step.wants?.(recipeStep.options) ?? [], ...step.mayWrite ?? []]],
      ...Object.entries(consults).map(([key, name]) => {
        const { reads, wants = [] } = step.consults[key];
        return [name, [...reads, ...wants]];
      }),
    ];
    for (const [name, attributes] of read as [string, Demand[]][]) {
      const input = inputOf.get(name)!;
      demand.set(input, new Set([...demand.get(input) ?? [], ...attributes]));
    }
  }
  return demand;
}

/** Refuses names that the files of a step's meshes do not have. */
export function assertNames(
  recipeStep: RecipeStep,
  mesh: string,
  namesOf: (mesh: string) => InputNames | undefined,
): void {
  const { step, options, consults, at } = recipeStep;
  for (const { kind, option, names: wanted, within = [], of = "mesh", isExact } of step.names?.(options) ?? []) {
    const owner = of === "mesh" ? mesh : consults[of], known = owner && namesOf(owner)?.[kind];
    if (!known) continue;
    const missing = wanted.find((one) => !known.some((name) => isExact ? name === one : isMeant(name, one)));
    if (missing === undefined) continue;
    throw new PlanError(
      `unknown-${kind}`,
      [...at, step.name, option, ...within],
      noSuchName(kind, missing, quote(owner), known),
    );
  }
}

/** What a missing attribute is called in codes and in sentences, and the way out. */
const WANTING: Readonly<
  Partial<Record<Attribute, (mesh: string) => readonly [code: string, what: string, help: string]>>
> = {
  skin: (mesh) => ["skin", "skin weights", `add "transfer-weights: { mesh: ${mesh}, from: … }" before it`],
  skeleton: (mesh) => ["joints", "joints", `add "transfer-weights: { mesh: ${mesh}, from: … }" before it`],
  restNormals: () => ["normals", "normals", 'write "mode: recompute"'],
  normals: (mesh) => ["normals", "normals", `add "recompute-normals: { mesh: ${mesh} }" before it`],
  uvs: () => ["uvs", "texture coordinates", "unwrap it where it was modelled"],
};

/** Why a step cannot run on a mesh. */
export function missingAttribute({ step, at }: RecipeStep, mesh: string, attribute: Attribute): PlanError {
  const [code, what, help] = WANTING[attribute]?.(mesh) ?? [attribute, attribute, "use another file"];
  return new PlanError(
    `missing-${code}`,
    [...at, step.name],
    `"${step.name}" needs the ${what} of "${mesh}", which its file does not have: ${help}`,
  );
}
