import { parse as parseYaml } from "@std/yaml";
import { assertCatalogue } from "./_assert_definition.ts";
import { RecipeDocument } from "./_document.ts";
import { toNode } from "./_node.ts";
import { checkNodes } from "./check.ts";
import type { RecipeFault, RecipeIssue } from "./issue.ts";
import type { Recipe, RecipeInput } from "./recipe.ts";
import { scanText } from "./scan.ts";
import type { Step } from "./step.ts";
import { BUILT_IN_STEPS } from "./steps/mod.ts";

/** Options for {@linkcode parseRecipe}. */
export interface ParseRecipeOptions {
  /** The recipe's path, or what the caller calls it: for messages, and for its name where it gives none. */
  readonly path: string;
  /** The steps there are, all of them; with one of your own, `[...BUILT_IN_STEPS, lift]`. @default {BUILT_IN_STEPS} */
  readonly steps?: readonly Step[];
  /** Values for parameters, by name. @default {{}} */
  readonly set?: Readonly<Record<string, string>>;
  /** What messages call the place of a value in `set`, by name. @default `--set name=value` */
  readonly setPlaces?: Readonly<Record<string, string>>;
}

/** What {@linkcode parseRecipe} made of a text: a recipe, or why there is none. */
export interface ParsedRecipe {
  /** Checked and typed; undefined when there is any issue. */
  readonly recipe: Recipe | undefined;
  /** Everything that is wrong, in the order of the text. */
  readonly issues: readonly RecipeIssue[];
  /** The inputs that could be read, also of a recipe with issues: whether their files are there can be said all the same. */
  readonly inputs: readonly RecipeInput[];
}

/**
 * Reads and checks a recipe. Whatever the text, it returns: its faults are data, all of them, each with its place.
 *
 * @param text The recipe, YAML; at most 1 MiB.
 * @param options The path it is called by, the steps there are, and values for its parameters.
 * @returns A recipe, or issues.
 * @throws {StepDefinitionError} If `steps` holds something that is no step, or two of one name.
 *
 * @example A recipe with a slip
 * ```ts
 * import { defineStep, formatIssue, length, parseRecipe } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const lift = defineStep({
 *   name: "lift",
 *   summary: "Moves a mesh up",
 *   writes: ["positions"],
 *   options: { by: length({ default: 0.1, doc: "How far" }) },
 *   run: () => ({}),
 * });
 * const text = "version: 1\ninputs: { hat: hat.glb }\nsteps:\n- lift: { mesh: hat, by: 8 mm }\n" +
 *   "outputs: { hat: { mesh: hat, file: lifted.glb } }\n";
 * const { issues } = await parseRecipe(text, { path: "hat.yaml", steps: [lift] });
 * assertEquals(
 *   formatIssue(issues[0], { path: "hat.yaml", text }).split("\n")[0],
 *   `hat.yaml:4:26: error[wrong-kind]: "by" of "lift" takes a length, such as 8mm or 0.5%bbox: ` +
 *     `"8 mm" has a space before its unit`,
 * );
 * ```
 */
export async function parseRecipe(text: string, options: ParseRecipeOptions): Promise<ParsedRecipe> {
  if (options.steps !== undefined && options.steps !== BUILT_IN_STEPS) assertCatalogue(options.steps);
  const { issues, isSuspicious } = scanText(text);
  if (issues.length > 0) return broken(issues);
  const parsed = parseValue(text);
  if ("value" in parsed && !isSuspicious) {
    const { recipe, faults, inputs } = check(parsed.value, text, options);
    return { recipe, issues: recipe === undefined ? await locateAll(text, faults) : [], inputs };
  }
  const document = await RecipeDocument.open(
    "fault" in parsed ? readablePart(text, parsed.fault) : text,
    "value" in parsed,
  );
  if (document.isBroken) return broken(document.issues);
  if ("fault" in parsed && document.issues.length === 0) return broken([parsed.fault]);
  if ("fault" in parsed && text.length > LARGE) return broken(document.issues);
  const { recipe, faults, inputs } = check(
    document.issues.length > 0 ? document.value() : (parsed as { value: unknown }).value,
    text,
    options,
  );
  const all = inOrder([...document.issues, ...located(document, faults)]);
  return { recipe: all.length > 0 ? undefined : recipe, issues: all, inputs };
}

/** A text of which nothing but its faults is known. */
function broken(issues: readonly RecipeIssue[]): ParsedRecipe {
  return { recipe: undefined, issues, inputs: [] };
}

function check(value: unknown, text: string, options: ParseRecipeOptions): ReturnType<typeof checkNodes> {
  const { node, faults } = toNode(value);
  const checked = checkNodes(node, { steps: BUILT_IN_STEPS, ...options, text });
  return faults.length === 0 ? checked : {
    ...checked,
    recipe: undefined,
    faults: [
      ...faults,
      ...faults.some((fault) => fault.code !== "merge-key")
        ? []
        : checked.faults.filter((fault) => !isMerged(fault, faults)),
    ],
  };
}

/** Whether something is missing where a merge key was to bring it. */
function isMerged({ code, path }: RecipeFault, merges: readonly RecipeFault[]): boolean {
  if (code !== "missing-option" && code !== "missing-key") return false;
  return merges.some((merge) => path.length === merge.path.length - 1 && path.every((key, i) => key === merge.path[i]));
}

/** Reads the text with every scalar as text, or says why it is no YAML where nobody says it better. */
function parseValue(text: string): { value: unknown } | { fault: RecipeIssue } {
  try {
    return { value: parseYaml(text, { schema: "failsafe" }) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, line = "1", column = "1"] = /line (\d+), column (\d+)/.exec(message) ?? [];
    const place = { path: [], at: "value", ...insideText(text, Number(line), Number(column)) } as const;
    if (/duplicate/i.test(message)) {
      return {
        fault: {
          ...place,
          code: "duplicate-key",
          message: "A key stands once in a map: this one is there already",
          help: "Keep one of them",
        },
      };
    }
    const help = "Look for a quote, a comma or a bracket that is missing here or just above";
    return { fault: { ...place, code: "bad-yaml", message: "From here on the text is not YAML", help } };
  }
}

/** The parser may point behind the last line. */
function insideText(text: string, line: number, column: number): { line: number; column: number } {
  const lines = text.split("\n");
  const last = Math.min(line, lines.length);
  return {
    line: last,
    column: line > last ? lines[last - 1].length + 1 : Math.min(column, lines[last - 1].length + 1),
  };
}

/** Longer texts are not read beyond their first fault: the parser that knows positions takes its time over each. */
const LARGE = 64 * 1024;

/** The text, or as much of a long one as holds its first fault. */
function readablePart(text: string, { line, column }: RecipeIssue): string {
  if (text.length <= LARGE) return text;
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf("\n", start) + 1;
  return text.slice(0, start + column + 4096);
}

async function locateAll(text: string, faults: readonly RecipeFault[]): Promise<RecipeIssue[]> {
  return inOrder(located(await RecipeDocument.open(text, true), faults));
}

function located(document: RecipeDocument, faults: readonly RecipeFault[]): RecipeIssue[] {
  return faults.map((fault) => ({ ...fault, ...document.locate(fault.path, fault.at) }));
}

/** Sorted by place, and each said once: an alias brings the same fault to several places of the tree, but one of the text. */
function inOrder(issues: readonly RecipeIssue[]): RecipeIssue[] {
  const sorted = issues.toSorted((a, b) =>
    Number(b.place !== undefined) - Number(a.place !== undefined) || a.line - b.line || a.column - b.column
  );
  const seen = new Set<string>();
  return sorted.filter(({ code, line, column, message }) => {
    const key = `${line}:${column}:${code}:${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
