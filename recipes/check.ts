import type { CheckContext } from "./_check_context.ts";
import { ValueContext } from "./_check_context.ts";
import { checkInputs, checkOutputs } from "./_check_files.ts";
import { checkSteps } from "./_check_steps.ts";
import { parseOptions } from "./_composite.ts";
import { Faults } from "./_faults.ts";
import { MeshScope } from "./_meshes.ts";
import { describeNode, isMap, type RecipeNode } from "./_node.ts";
import { checkParameters, type GivenValue } from "./_parameters.ts";
import { nearest } from "./nearest.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import type { RecipeFault } from "./issue.ts";
import { group, memory, optional, prose, text } from "./options.ts";
import type { Recipe, RecipeInput } from "./recipe.ts";
import type { Step } from "./step.ts";

/** Keys at the top of a recipe that hold one value: read, documented and printed as a schema like the options of a step. */
export const RECIPE_OPTIONS = {
  name: optional(text({ doc: "What the recipe is called; by default the name of its file" })),
  description: optional(prose({ doc: "What it does, for people who choose among recipes" })),
  memory: optional(
    group({ max: optional(memory({ doc: "Most memory its meshes and steps may have at one time" })) }, {
      doc: "The recipe's budget",
    }),
  ),
};
/** Keys at the top of a recipe that hold its parts. */
export const RECIPE_PARTS = ["version", "params", "inputs", "steps", "outputs"] as const;

/** Those of them that have to be there. */
export const REQUIRED = ["version", "inputs", "steps", "outputs"] as const;

/** What {@linkcode checkNodes} needs beside the recipe. */
export interface CheckNodesOptions {
  /** The recipe's path, or what the caller calls it. */
  readonly path: string;
  /** The text the nodes came from. */
  readonly text: string;
  /** The steps there are. */
  readonly steps: readonly Step[];
  /** Values for parameters, by name. */
  readonly set?: Readonly<Record<string, string>>;
  /** What messages call the place of a value in `set`, by name. */
  readonly setPlaces?: Readonly<Record<string, string>>;
}

/** What {@linkcode checkNodes} found. */
export interface CheckedNodes {
  /** Without a fault, or undefined. */
  readonly recipe: Recipe | undefined;
  /** Everything that is wrong, in no order. */
  readonly faults: readonly RecipeFault[];
  /** The inputs that could be read, also of a recipe with faults. */
  readonly inputs: readonly RecipeInput[];
}

/**
 * Gives every value of a recipe its type and every name its meaning.
 *
 * @returns The recipe, or everything that is wrong with it, in no order.
 */
export function checkNodes(
  root: RecipeNode,
  options: CheckNodesOptions,
): CheckedNodes {
  const faults = new Faults();
  if (!isMap(root)) {
    reportNoMap(root, faults);
    return { recipe: undefined, faults: faults.list, inputs: [] };
  }
  if (!REQUIRED.some((key) => root.has(key))) {
    const help = `Begin with version: 1, then ${listed(REQUIRED.slice(1))}`;
    faults.key([], "missing-key", `A recipe has ${listed(REQUIRED)}: this file has none of them`, help);
    return { recipe: undefined, faults: faults.list, inputs: [] };
  }
  const meant = meantParts(root);
  if (!checkVersion(root.get("version"), faults, meant.has("version"))) {
    return { recipe: undefined, faults: faults.list, inputs: [] };
  }
  const params = checkParameters(root.get("params"), givenValues(options), faults, meant.has("params"));
  const context: CheckContext = {
    faults,
    params,
    meshes: new MeshScope(faults, copiesOf(root.get("steps"))),
    catalogue: new Map(options.steps.map((step) => [step.name, step])),
  };
  const head = readHead(root, context);
  const inputs = checkInputs(root.get("inputs"), context, meant.has("inputs"));
  const steps = checkSteps(root.get("steps"), context, meant.has("steps"));
  const outputs = checkOutputs(root.get("outputs"), context, meant.has("outputs"));
  context.meshes.reportUnused();
  // A part that is not there may be the one that uses them.
  if (REQUIRED.every((key) => root.get(key) ?? false)) params.reportUnused(root);
  if (faults.list.length > 0 || head === undefined) return { recipe: undefined, faults: faults.list, inputs };
  const recipe: Recipe = {
    path: options.path,
    text: options.text,
    name: head.name ?? options.path.replace(/^.*[/\\]/, "").replace(/\.ya?ml$/i, ""),
    description: head.description ?? "",
    params: params.values(),
    inputs,
    steps,
    outputs,
    maxBytes: head.memory?.max,
  };
  return { recipe, faults: [], inputs };
}

function givenValues({ set = {}, setPlaces = {} }: CheckNodesOptions): ReadonlyMap<string, GivenValue> {
  const place = (name: string) => Object.hasOwn(setPlaces, name) ? setPlaces[name] : `--set ${name}=${set[name]}`;
  return new Map(Object.keys(set).map((name) => [name, { text: set[name], place: place(name) }]));
}

function reportNoMap(root: RecipeNode, faults: Faults): void {
  if (root === null) {
    const help = "A recipe has version: 1, inputs, steps and outputs";
    faults.value([], "empty-recipe", "A recipe says what to do: there is nothing in this file", help);
  } else {
    const glued = typeof root === "string" ? /^([a-z]+):\S/.exec(root)?.[1] : undefined;
    const help = glued === undefined ? "Begin with version: 1" : `Write a space after the colon of "${glued}:"`;
    faults.value(
      [],
      "bad-shape",
      `A recipe is a map that begins with version: 1: this file holds ${describeNode(root)}`,
      help,
    );
  }
}

/** Checks the version first: in another one, everything else may mean something else. */
function checkVersion(node: RecipeNode | undefined, faults: Faults, isMeant: boolean): boolean {
  if (node === "1" || isMeant) return true;
  if (node === undefined) {
    faults.key([], "missing-key", 'A recipe needs "version"', "Add version: 1 as its first line");
    return true;
  }
  if (node === null) {
    faults.key(["version"], "no-value", '"version" has no value', "Write version: 1");
    return true;
  }
  const found = typeof node === "string" ? quote(node) : describeNode(node);
  faults.value(
    ["version"],
    "unknown-version",
    `This Meshtailor reads recipes of version 1: this one has version ${found}`,
    "Write version: 1, or use the Meshtailor it was written for",
  );
  return false;
}

interface Head {
  readonly name?: string;
  readonly description?: string;
  readonly memory?: { readonly max?: number };
}

/** Parts that are not there but were probably meant by a key that is unknown. */
function meantParts(root: ReadonlyMap<string, RecipeNode>): ReadonlySet<string> {
  const known: readonly string[] = [...RECIPE_PARTS, ...Object.keys(RECIPE_OPTIONS)];
  const absent = known.filter((key) => !root.has(key));
  const strange = [...root.keys()].filter((key) => !known.includes(key)).slice(0, 100);
  return new Set(strange.flatMap((key) => nearest(key, absent) ?? []));
}

function readHead(root: ReadonlyMap<string, RecipeNode>, { faults, params }: CheckContext): Head | undefined {
  const { values, faults: found } = parseOptions(RECIPE_OPTIONS, root, {
    context: (key) => new ValueContext(params, "", key),
    unknown: (key, near) => ({
      code: "unknown-key",
      message: `${quote(key)} is not a part of a recipe${didYouMean(near)}`,
      help: `A recipe has ${listed([...RECIPE_PARTS, ...Object.keys(RECIPE_OPTIONS)])}`,
    }),
    missing: (key) => ({ code: "missing-key", message: `A recipe needs ${quote(key)}` }),
  }, RECIPE_PARTS);
  for (const fault of found) faults.add(fault);
  return values as Head | undefined;
}

/** Every name an `as:` gives, with the step that does, for messages about meshes used too early. */
function copiesOf(steps: RecipeNode | undefined): ReadonlyMap<string, string> {
  const copies = new Map<string, string>();
  if (!Array.isArray(steps)) return copies;
  (steps as readonly RecipeNode[]).forEach((step, i) => {
    const as = isMap(step) ? step.get("as") : undefined;
    if (typeof as !== "string" || copies.has(as)) return;
    const name = isMap(step) ? [...step.keys()].find((key) => key !== "id" && key !== "if" && key !== "as") : undefined;
    copies.set(as, `step ${i + 1}${name === undefined ? "" : `, ${quote(name)},`}`);
  });
  return copies;
}
