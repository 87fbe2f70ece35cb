import { parse as parseYaml } from "@std/yaml";
import { RecipeDocument } from "./_document.ts";
import { toNode } from "./_node.ts";
import { checkNodes } from "./check.ts";
import type { RecipeFault, RecipeIssue } from "./issue.ts";
import type { Recipe } from "./recipe.ts";
import { scanText } from "./scan.ts";
import type { Step } from "./step.ts";

/** Options for {@linkcode parseRecipe}. */
export interface ParseRecipeOptions {
  /** The recipe's path, or what the caller calls it: for messages, and for its name where it gives none. */
  readonly path: string;
  /** The steps there are. */
  readonly steps: readonly Step[];
  /** Values for parameters, by name. @default {{}} */
  readonly set?: Readonly<Record<string, string>>;
}

/** What {@linkcode parseRecipe} made of a text: a recipe, or why there is none. */
export interface ParsedRecipe {
  /** Checked and typed; undefined when there is any issue. */
  readonly recipe: Recipe | undefined;
  /** Everything that is wrong, in the order of the text. */
  readonly issues: readonly RecipeIssue[];
}

/**
 * Reads and checks a recipe. Whatever the text, it returns: faults are data, all of them, each with its place.
 *
 * @param text The recipe, YAML.
 * @returns A recipe, or issues.
 */
export async function parseRecipe(text: string, options: ParseRecipeOptions): Promise<ParsedRecipe> {
  const { issues, isSuspicious } = scanText(text);
  if (issues.length > 0) return { recipe: undefined, issues };
  const parsed = parseValue(text);
  if ("value" in parsed && !isSuspicious) {
    const { recipe, faults } = check(parsed.value, text, options);
    return recipe === undefined ? { recipe, issues: await locateAll(text, faults) } : { recipe, issues: [] };
  }
  const document = await RecipeDocument.open(
    "fault" in parsed ? readablePart(text, parsed.fault) : text,
    "value" in parsed,
  );
  if (document.isBroken) return { recipe: undefined, issues: document.issues };
  if ("fault" in parsed && document.issues.length === 0) return { recipe: undefined, issues: [parsed.fault] };
  if ("fault" in parsed && text.length > LARGE) return { recipe: undefined, issues: document.issues };
  const { recipe, faults } = check(
    document.issues.length > 0 ? document.value() : (parsed as { value: unknown }).value,
    text,
    options,
  );
  const all = inOrder([...document.issues, ...located(document, faults)]);
  return all.length > 0 ? { recipe: undefined, issues: all } : { recipe, issues: [] };
}

function check(value: unknown, text: string, options: ParseRecipeOptions): ReturnType<typeof checkNodes> {
  const { node, faults } = toNode(value);
  const checked = checkNodes(node, { ...options, text });
  return faults.length === 0 ? checked : {
    recipe: undefined,
    faults: [
      ...faults,
      ...faults.some((fault) => fault.code !== "merge-key") ? [] : checked.faults,
    ],
  };
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
