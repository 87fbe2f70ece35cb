import { BESIDE } from "./_beside.ts";
import type { CheckContext } from "./_check_context.ts";
import { describeNode, isMap, type RecipeNode } from "./_node.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";
import type { Step } from "./step.ts";

/** An item of `steps:` taken apart. */
export interface ShapedStep {
  readonly step: Step;
  /** What stands beside its name: `id`, `if`, `as`. */
  readonly beside: ReadonlyMap<string, RecipeNode>;
  /** What stands behind its name. */
  readonly options: ReadonlyMap<string, RecipeNode>;
}

/** Finds the one step an item of the list names; reports what is wrong with its outline and returns `undefined` then. */
export function checkStepShape(node: RecipeNode, at: NodePath, context: CheckContext): ShapedStep | undefined {
  if (!isMap(node)) {
    reportNoMap(node, at, context);
    return undefined;
  }
  const { catalogue, faults } = context;
  const names = [...node.keys()].filter((key) => catalogue.has(key));
  if (names.length === 0) {
    reportUnknownStep(node, at, context);
    return undefined;
  }
  const step = catalogue.get(names[0])!;
  for (const other of names.slice(1)) {
    faults.key(
      [...at, other],
      "several-steps",
      `An item of the list is one step: ${quote(names[0])} and ${quote(other)} are two`,
      `Start ${quote(other)} on a line with its own dash`,
    );
  }
  const isWhole = reportBeside(node, step, at, context);
  const options = node.get(step.name)!;
  if (isMap(options)) return names.length > 1 ? undefined : { step, beside: node, options };
  if (options === null && isWhole) {
    faults.key([...at, step.name], "no-value", `${quote(step.name)} has no options`, `Write ${step.name}: { mesh: … }`);
  } else if (options !== null) {
    faults.value(
      [...at, step.name],
      "bad-shape",
      `The options of ${quote(step.name)} are a map: here is ${describeNode(options)}`,
      `Write ${step.name}: { mesh: ${typeof options === "string" && options.length < 40 ? options : "…"} }`,
    );
  }
  return undefined;
}

/** Reports keys beside the step that belong somewhere else. Returns whether there were none. */
function reportBeside(
  node: ReadonlyMap<string, RecipeNode>,
  step: Step,
  at: NodePath,
  { catalogue, faults }: CheckContext,
): boolean {
  const strays = [...node.keys()].filter((key) => !catalogue.has(key) && !(BESIDE as readonly string[]).includes(key));
  const options = new Set(["mesh", ...Object.keys(step.consults), ...Object.keys(step.options)]);
  for (const key of strays) {
    const path = [...at, key];
    if (options.has(key)) {
      faults.key(
        path,
        "misplaced-key",
        `${quote(key)} is an option of ${quote(step.name)}, but stands beside it`,
        "Indent it by two more spaces",
      );
    } else {
      const message = `${quote(key)} cannot stand beside ${quote(step.name)}${
        didYouMean(faults.nearest(key, [...BESIDE, ...options]))
      }`;
      faults.key(
        path,
        "unknown-key",
        message,
        `Beside the name of a step stand ${listed(BESIDE)}; its options stand behind its colon`,
      );
    }
  }
  return strays.length === 0;
}

function reportNoMap(node: RecipeNode, at: NodePath, { catalogue, faults }: CheckContext): void {
  if (typeof node === "string" && catalogue.has(node)) {
    faults.value(at, "bad-shape", `A step has options: ${quote(node)} stands alone`, `Write ${node}: { mesh: … }`);
  } else if (node === null) {
    faults.value(
      at,
      "no-value",
      "A step is a name and its options: behind this dash is nothing",
      "Write a step, or take the dash away",
    );
  } else {
    const glued = typeof node === "string" ? /^([a-z-]+):\S/.exec(node)?.[1] : undefined;
    const help = glued === undefined
      ? "Write - smooth: { mesh: armor }"
      : `Write a space after the colon of "${glued}:"`;
    faults.value(at, "bad-shape", `A step is a map of its name to its options: it is ${describeNode(node)}`, help);
  }
}

function reportUnknownStep(
  node: ReadonlyMap<string, RecipeNode>,
  at: NodePath,
  { catalogue, faults }: CheckContext,
): void {
  const strange = [...node.keys()].filter((key) => !(BESIDE as readonly string[]).includes(key));
  const help = `Steps are ${listed([...catalogue.keys()])}`;
  if (strange.length === 0) {
    faults.value(
      at,
      "missing-key",
      `A step needs a name beside ${listed([...node.keys()].map(quote))}`.replace(/ beside $/, ""),
      help,
    );
    return;
  }
  // The key with a map behind it is the likeliest to be meant as the step; of several, the first.
  const name = strange.find((key) => isMap(node.get(key))) ?? strange[0];
  const near = faults.nearest(name, catalogue.keys());
  faults.key([...at, name], "unknown-step", `${quote(name)} is not a step${didYouMean(near)}`, help);
}
