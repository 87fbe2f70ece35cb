import { type CheckContext, readValue, ValueContext } from "./_check_context.ts";
import { needed, parseOptions } from "./_composite.ts";
import { checkStepShape, type ShapedStep } from "./_check_step_shape.ts";
import { readName } from "./_names.ts";
import { describeNode, isMap, type RecipeNode } from "./_node.ts";
import type { MeshState } from "./_meshes.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import { boolean } from "./options.ts";
import type { NodePath, RecipeStep } from "./recipe.ts";
import type { OptionSpecs, Step } from "./step.ts";

const CONDITION = boolean({ doc: "Whether the step runs: true, false or a parameter of type boolean" });

/** Reads `steps:` from top to bottom, as they will run. Those switched off are checked like the others and left out. */
export function checkSteps(node: RecipeNode | undefined, context: CheckContext, isMeant: boolean): RecipeStep[] {
  const { faults, meshes } = context;
  if (!Array.isArray(node)) {
    meshes.areNamesKnown = meshes.areUsesKnown = false;
    if (!isMeant) reportNoList(node, context);
    return [];
  }
  const ids = new Set<string>();
  return (node as readonly RecipeNode[]).flatMap((part, i) => {
    const at: NodePath = ["steps", i];
    const shaped = checkStepShape(part, at, context);
    if (shaped === undefined) {
      meshes.mention(part);
      declareCopy(part, at, context);
      return [];
    }
    const id = readId(shaped, at, ids, context);
    const checked = checkStep(shaped, at, context);
    return checked === undefined || faults.list.length > 0 ? [] : [{ ...checked, id }];
  });
}

function reportNoList(node: RecipeNode | undefined, { faults }: CheckContext): void {
  const example = "- smooth: { mesh: armor }";
  if (node === undefined) {
    faults.key([], "missing-key", 'A recipe needs "steps"', `Add steps: with lines such as ${example}, or [] for none`);
  } else if (node === null) {
    faults.key(["steps"], "no-value", '"steps" has no value', `Add lines such as ${example}, or write [] for none`);
  } else {
    const help = isMap(node) ? `Start each step with a dash: ${example}` : `Write lines such as ${example}`;
    faults.value(["steps"], "bad-shape", `"steps" is a list: it is ${describeNode(node)}`, help);
  }
}

/** A step that cannot be understood may still name the mesh or selection it makes: later steps can use it. */
function declareCopy(node: RecipeNode, at: NodePath, { meshes }: CheckContext): void {
  const as = isMap(node) ? node.get("as") : undefined;
  if (typeof as !== "string") return;
  meshes.addCopy(as, [...at, "as"], "", true);
  meshes.mention(as);
  meshes.selections.addUnknown(as, [...at, "as"]);
}

function readId({ beside }: ShapedStep, at: NodePath, ids: Set<string>, { faults }: CheckContext): string | undefined {
  const written = beside.get("id");
  if (written === undefined) return undefined;
  const path = [...at, "id"];
  const id = readName(written, path, '"id" of a step', faults);
  if (id === undefined) return undefined;
  if (ids.has(id)) {
    faults.value(path, "name-taken", `Every "id" is given once: ${quote(id)} is taken by an earlier step`);
  }
  ids.add(id);
  return id;
}

function checkStep(
  { step, beside, options }: ShapedStep,
  at: NodePath,
  context: CheckContext,
): Omit<RecipeStep, "id"> | undefined {
  const { faults } = context;
  const owner = quote(step.name);
  const condition = beside.get("if");
  const isOn = condition === undefined ? true : readValue(CONDITION, condition, [...at, "if"], owner, context);
  const stepAt: NodePath = [...at, step.name];
  const { values, faults: wrong, meant } = parseOptions(step.options, options, {
    context: (key) => new ValueContext(context.params, owner, key),
    unknown: (key, near) => unknownOption(key, near, step),
    missing: (key) => ({
      code: "missing-option",
      message: `${owner} needs ${quote(key)}`,
      help: needed(key, step.options[key]),
    }),
  }, ["mesh", ...Object.keys(step.consults)]);
  for (const fault of wrong) faults.add({ ...fault, path: [...stepAt, ...fault.path] });
  const found = new Map<string, MeshState | undefined>();
  for (const key of ["mesh", ...Object.keys(step.consults)]) {
    const written = options.get(key);
    if (written !== undefined) found.set(key, readMesh(key, written, step, stepAt, isOn !== false, context));
    else if (!step.consults[key]?.optional) reportNoMesh(key, step, stepAt, context, meant.has(key));
  }
  checkApart(step, found, stepAt, context);
  const mesh = found.get("mesh");
  const uses = useSelections(step, options, values, mesh, stepAt, isOn !== false, context);
  if (values !== undefined) {
    for (const { key, ...fault } of step.refuse?.(values, new Set(found.keys())) ?? []) {
      faults.add({ ...fault, path: key === undefined ? stepAt : [...stepAt, key], at: "key" });
    }
  }
  const makesSelection = step.writes.includes("selection");
  const as = readResultName(step, beside, at, isOn !== false, mesh, context);
  recordChange(step, found, makesSelection ? undefined : as, stepAt);
  if (isOn !== true || values === undefined || mesh === undefined) return undefined;
  const consults = [...found].flatMap(([key, other]) =>
    key === "mesh" || other === undefined ? [] : [[key, other.name]]
  );
  return {
    step,
    mesh: mesh.name,
    ...(makesSelection ? { as: undefined, selection: as } : { as, selection: undefined }),
    uses,
    consults: Object.fromEntries(consults),
    options: values,
    at,
  };
}

function readMesh(
  key: string,
  node: RecipeNode,
  step: Step,
  at: NodePath,
  isOn: boolean,
  { faults, meshes }: CheckContext,
): MeshState | undefined {
  const path = [...at, key];
  const name = readName(node, path, `${quote(key)} of ${quote(step.name)}`, faults);
  if (name !== undefined) return meshes.find(name, path, isOn);
  meshes.areUsesKnown = false;
  return undefined;
}

function reportNoMesh(key: string, step: Step, at: NodePath, { faults, meshes }: CheckContext, isMeant: boolean): void {
  meshes.areUsesKnown = false;
  if (isMeant) return;
  const doc = key === "mesh" ? "the name of the mesh that changes" : step.consults[key].doc;
  faults.key(at, "missing-option", `${quote(step.name)} needs ${quote(key)}`, `Add ${key}: ${doc}`);
}

/** Keys a step takes, in the order they are documented. */
export function legalKeys(step: Step): string[] {
  return ["mesh", ...Object.keys(step.consults), ...Object.keys(step.options)];
}

function unknownOption(
  key: string,
  near: string | undefined,
  step: Step,
): ReturnType<Parameters<typeof parseOptions>[2]["unknown"]> {
  if (key === "id" || key === "if" || key === "as") {
    return {
      code: "misplaced-key",
      message: `${quote(key)} stands beside ${quote(step.name)}, not among its options`,
      help: `Write it on a line of its own, where ${quote(step.name)} begins`,
    };
  }
  return {
    code: "unknown-option",
    message: `${quote(key)} is not an option of ${quote(step.name)}${didYouMean(near)}`,
    help: `${quote(step.name)} takes ${listed(legalKeys(step))}`,
  };
}

/** A mesh that is consulted by the step that changes it would be its own measure. */
function checkApart(
  step: Step,
  found: ReadonlyMap<string, MeshState | undefined>,
  at: NodePath,
  { faults }: CheckContext,
): void {
  const mesh = found.get("mesh");
  if (mesh === undefined) return;
  for (const [key, other] of found) {
    if (key === "mesh" || other !== mesh) continue;
    faults.value(
      [...at, key],
      "same-mesh",
      `${quote(key)} of ${quote(step.name)} is another mesh than the one it works on: both are ${quote(mesh.name)}`,
    );
  }
}

/** Looks up the selections that options name; those of options that cannot be read count as used. */
function useSelections(
  step: Step,
  options: ReadonlyMap<string, RecipeNode>,
  values: Readonly<Record<string, unknown>> | undefined,
  mesh: MeshState | undefined,
  at: NodePath,
  isOn: boolean,
  { meshes }: CheckContext,
): Readonly<Record<string, readonly string[]>> {
  const uses: Record<string, readonly string[]> = {};
  for (const [key, node] of options) {
    if (!Object.hasOwn(step.options, key)) meshes.selections.mention(node); // a key that is misspelt
  }
  for (const [key, { selects }] of Object.entries(step.options as OptionSpecs)) {
    const node = options.get(key);
    if (selects === undefined || node === undefined) continue;
    if (values === undefined) {
      meshes.selections.mention(node);
      continue;
    }
    const names = selects.namesIn(values[key]);
    names.forEach((name, i) => {
      const path = Array.isArray(node) ? [...at, key, i] : [...at, key];
      meshes.selections.use(name, path, mesh, isOn, meshes, step.name);
    });
    if (names.length > 0) uses[key] = names;
  }
  return uses;
}

/** The name that `as:` gives to what a step makes: a changed copy, or a selection. */
function readResultName(
  step: Step,
  beside: ReadonlyMap<string, RecipeNode>,
  at: NodePath,
  isOn: boolean,
  mesh: MeshState | undefined,
  { faults, meshes }: CheckContext,
): string | undefined {
  const written = beside.get("as"), makesSelection = step.writes.includes("selection");
  if (written === undefined) {
    if (makesSelection) reportNoName(step, at, faults);
    return undefined;
  }
  const path = [...at, "as"];
  const name = readName(written, path, `"as" of ${quote(step.name)}`, faults);
  if (name === undefined) {
    meshes.areNamesKnown = false;
    return undefined;
  }
  if (makesSelection) {
    meshes.selections.add(name, path, mesh, isOn, meshes);
    return name;
  }
  if (step.writes.length === 0) {
    faults.key(
      path,
      "misplaced-key",
      `"as" names the changed copy of a mesh: ${quote(step.name)} changes nothing`,
      "Leave it out",
    );
  }
  meshes.addCopy(name, path, step.name, isOn, mesh);
  return name;
}

function reportNoName({ name }: Step, at: NodePath, faults: CheckContext["faults"]): void {
  faults.key(
    at,
    "missing-key",
    `${quote(name)} needs "as", the name of the selection it makes`,
    `Add as: buttons on a line of its own, where ${quote(name)} begins`,
  );
}

/** Looking at a mesh makes use of what was done to it before; changing it is for naught until somebody looks. */
function recordChange(
  step: Step,
  found: ReadonlyMap<string, MeshState | undefined>,
  as: string | undefined,
  at: NodePath,
): void {
  for (const mesh of found.values()) {
    if (mesh !== undefined) mesh.unseen = undefined;
  }
  const mesh = found.get("mesh");
  if (mesh !== undefined && as === undefined && step.writes.some((attribute: string) => attribute !== "selection")) {
    mesh.unseen = { at: [...at, "mesh"], by: step.name };
  }
}
