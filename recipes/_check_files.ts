import { type CheckContext, ValueContext } from "./_check_context.ts";
import { type ParsedOptions, parseOptions } from "./_composite.ts";
import type { Faults } from "./_faults.ts";
import { checkNameKey, readName } from "./_names.ts";
import { describeNode, isMap, type RecipeNode } from "./_node.ts";
import { Problem } from "./_option.ts";
import { checkInputPath, checkOutputPath, outputKey, type PathProblem } from "./_paths.ts";
import { readCompanions } from "./_output_companions.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import { optional, text } from "./options.ts";
import type { InputSelection, NodePath, RecipeInput, RecipeOutput } from "./recipe.ts";

/** What an input may hold in its long form: read, documented and printed as a schema like the options of a step. */
export const INPUT_OPTIONS = {
  file: text({ doc: "Path of the file, relative to the recipe" }),
  node: optional(text({ doc: "Name or index of the node that is taken" })),
  mesh: optional(text({ doc: "Name or index of the mesh that is taken" })),
  primitive: optional(text({ doc: "Index of the primitive that is taken" })),
  material: optional(text({ doc: "Name or index of the material whose faces are taken" })),
  skin: optional(text({ doc: "Name or index of the skin that is taken" })),
};

/** What an output holds. */
export const OUTPUT_OPTIONS = {
  file: text({ doc: "Path of the file, relative to the output folder; it ends in .glb or .gltf" }),
};

/** Reads `inputs:`; each is a mesh from then on, also when its file is not named well. */
export function checkInputs(node: RecipeNode | undefined, context: CheckContext, isMeant: boolean): RecipeInput[] {
  const { faults, meshes } = context;
  const entries = section(node, "inputs", "body: body.glb", faults, isMeant);
  if (entries === undefined) meshes.areNamesKnown = meshes.areUsesKnown = false;
  else if (entries.size === 0) {
    faults.value(
      ["inputs"],
      "missing-key",
      "A recipe has at least one input: there is none",
      "Add one, such as body: body.glb",
    );
  }
  const inputs: RecipeInput[] = [];
  for (const [name, part] of entries ?? []) {
    const at: NodePath = ["inputs", name];
    meshes.addInput(name, at);
    if (!checkNameKey(name, at, faults)) continue;
    const owner = `input ${quote(name)}`;
    const values = isMap(part)
      ? readEntry(INPUT_OPTIONS, part, at, owner, "An input", context).values
      : readShortInput(part, at, owner, context);
    if (values === undefined) continue;
    const { file, ...selection } = values as { file: string } & InputSelection;
    const fileAt = isMap(part) ? [...at, "file"] : at;
    if (!reportPath(checkInputPath(file, `"file" of ${owner}`), fileAt, faults)) continue;
    inputs.push({ name, file, selection: dropUndefined(selection), at });
  }
  return inputs;
}

function readShortInput(
  node: RecipeNode,
  at: NodePath,
  owner: string,
  context: CheckContext,
): { file: string } | undefined {
  if (node === null) {
    context.faults.key(
      at,
      "no-value",
      `Input ${quote(String(at[1]))} has no file`,
      "Write the path of a file after the colon, such as body.glb",
    );
    return undefined;
  }
  if (typeof node !== "string") {
    context.faults.value(
      at,
      "bad-shape",
      `Input ${quote(String(at[1]))} is a path, or a map with a file: it is ${describeNode(node)}`,
      "Write { file: body.glb }",
    );
    return undefined;
  }
  const file = INPUT_OPTIONS.file.parse(node, new ValueContext(context.params, owner, "file"));
  if (!(file instanceof Problem)) return { file };
  for (const fault of file.faults) context.faults.add({ ...fault, path: [...at, ...fault.path] });
  return undefined;
}

/** Reads `outputs:`, once the steps have made their meshes. */
export function checkOutputs(node: RecipeNode | undefined, context: CheckContext, isMeant: boolean): RecipeOutput[] {
  const { faults, meshes } = context;
  const entries = section(node, "outputs", "fitted: { mesh: armor, file: armor.glb }", faults, isMeant);
  if (entries === undefined) meshes.areUsesKnown = false;
  const outputs: RecipeOutput[] = [];
  const taken = new Map<string, string>();
  for (const [name, part] of entries ?? []) {
    const at: NodePath = ["outputs", name];
    const output = checkOutput(name, part, at, context);
    if (output === undefined) continue;
    const other = taken.get(outputKey(output.file));
    if (other !== undefined) {
      faults.value(
        [...at, "file"],
        "same-file",
        `Every output has a file of its own: ${quote(name)} and ${quote(other)} both write ${quote(output.file)}`,
      );
      continue;
    }
    taken.set(outputKey(output.file), name);
    outputs.push(output);
  }
  return outputs;
}

function checkOutput(name: string, node: RecipeNode, at: NodePath, context: CheckContext): RecipeOutput | undefined {
  const { faults, meshes } = context;
  const owner = `output ${quote(name)}`;
  const isNamed = checkNameKey(name, at, faults);
  if (!isMap(node)) {
    const help = typeof node === "string" && /\.(glb|gltf)$/.test(node)
      ? `Write { mesh: ${name}, file: ${node} }`
      : "Write { mesh: armor, file: armor.glb }";
    faults.add({
      code: node === null ? "no-value" : "bad-shape",
      message: `Output ${quote(name)} is a map with a mesh and a file: it is ${describeNode(node)}`,
      path: at,
      at: node === null ? "key" : "value",
      help,
    });
    meshes.mention(node);
    meshes.areUsesKnown = false;
    return undefined;
  }
  const { values, meant } = readEntry(OUTPUT_OPTIONS, node, at, owner, "An output", context, ["mesh", "with"]);
  const mesh = readMesh(node, at, owner, context, meant.has("mesh"));
  const companions = readCompanions(node.get("with"), at, owner, mesh, context);
  if (values === undefined || mesh === undefined || companions === undefined || !isNamed) return undefined;
  const { file } = values as { file: string };
  if (!reportPath(checkOutputPath(file, `"file" of ${owner}`), [...at, "file"], faults)) return undefined;
  return { name, mesh, with: companions, file, at };
}

function readMesh(
  node: ReadonlyMap<string, RecipeNode>,
  at: NodePath,
  owner: string,
  { faults, meshes }: CheckContext,
  isMeant: boolean,
): string | undefined {
  const written = node.get("mesh");
  if (written === undefined) {
    if (!isMeant) {
      faults.key(at, "missing-key", `${capital(owner)} needs "mesh"`, "Add mesh: the name of the mesh that is written");
    }
    meshes.areUsesKnown = false;
    return undefined;
  }
  const path = [...at, "mesh"];
  const name = readName(written, path, `"mesh" of ${owner}`, faults);
  if (name === undefined) {
    meshes.areUsesKnown = false;
    return undefined;
  }
  const mesh = meshes.find(name, path);
  if (mesh !== undefined) mesh.unseen = undefined;
  return mesh?.name;
}

/** The map behind a key that has to be there. */
function section(
  node: RecipeNode | undefined,
  key: string,
  example: string,
  faults: Faults,
  isMeant: boolean,
): ReadonlyMap<string, RecipeNode> | undefined {
  if (isMap(node)) return node;
  const help = `Write lines such as ${example} under ${key}:`;
  if (isMeant) return undefined;
  if (node === undefined) {
    faults.key([], "missing-key", `A recipe needs ${quote(key)}`, `Add ${key}: with lines such as ${example}`);
  } else if (node === null) {
    faults.key(
      [key],
      "no-value",
      `${quote(key)} has no value`,
      `Add lines such as ${example}${key === "outputs" ? ", or write {} for none" : ""}`,
    );
  } else faults.value([key], "bad-shape", `${quote(key)} is a map of names: it is ${describeNode(node)}`, help);
  return undefined;
}

type Parts = Parameters<typeof parseOptions>[0];

function readEntry(
  parts: Parts,
  node: ReadonlyMap<string, RecipeNode>,
  at: NodePath,
  owner: string,
  anyOwner: string,
  { faults, params }: CheckContext,
  others: readonly string[] = [],
): ParsedOptions {
  const legal = [...others, ...Object.keys(parts)];
  const parsed = parseOptions(parts, node, {
    context: (key) => new ValueContext(params, owner, key),
    unknown: (key, near) => ({
      code: "unknown-key",
      message: `${quote(key)} is not part of ${owner}${didYouMean(near)}`,
      help: `${anyOwner} has ${listed(legal)}`,
    }),
    missing: (key) => ({
      code: "missing-key",
      message: `${capital(owner)} needs ${quote(key)}`,
      help: `Add ${key}: ${parts[key].doc}`,
    }),
  }, others);
  for (const fault of parsed.faults) faults.add({ ...fault, path: [...at, ...fault.path] });
  return parsed;
}

function reportPath(problem: PathProblem | undefined, path: NodePath, faults: Faults): boolean {
  if (problem === undefined) return true;
  faults.value(path, "bad-path", problem.message, problem.help);
  return false;
}

function dropUndefined(selection: InputSelection): InputSelection {
  return Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== undefined));
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
