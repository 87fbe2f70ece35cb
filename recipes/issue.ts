import type { NodePath } from "./recipe.ts";

/** Every code an issue can carry, and what it means: the table the reference is printed from. */
export const ISSUE_CODES = {
  "file-too-large": "The text is larger than a recipe may be",
  "not-text": "The file is not UTF-8 text",
  "tab-indentation": "A line is indented with a tab",
  "too-deep": "Lists and maps are nested deeper than 64 levels",
  "too-many-values": "The recipe holds, or its aliases expand to, more values than a recipe may",
  "bare-reference": "A ${name} without quotes inside { } or [ ]",
  "bad-yaml": "The text is not YAML",
  "several-documents": "The file holds more than one YAML document",
  "duplicate-key": "A key stands twice in one map",
  "yaml-tag": "A value carries a YAML tag",
  "merge-key": "A YAML merge key",
  "complex-key": "A key that is not plain text",
  "cycle": "A value that contains itself",
  "empty-recipe": "There is nothing in the file",
  "bad-shape": "A map, a list or text stands where something else belongs",
  "no-value": "A key has nothing after its colon",
  "unknown-version": "The recipe is written in another version of the language",
  "unknown-key": "A key the language does not have",
  "missing-key": "A key that has to be there is not",
  "bad-name": "A name with characters that names do not have",
  "unknown-step": "A step that does not exist",
  "several-steps": "One item of the list names two steps",
  "misplaced-key": "A key stands at the wrong depth",
  "unknown-option": "An option the step does not have",
  "missing-option": "An option the step cannot do without",
  "wrong-kind": "A value of another kind than the option takes",
  "unknown-unit": "A number with a unit the option does not have, or without one",
  "out-of-range": "A value below the least or above the most the option takes",
  "unknown-value": "A word that is not among those the option takes",
  "bad-value": "A value the option cannot use",
  "unknown-mesh": "A mesh no input and no step makes",
  "mesh-too-early": "A mesh used before the step that makes it",
  "same-mesh": "A mesh that is to be consulted by itself, or to go into a file twice",
  "unknown-selection": "A selection no step makes",
  "selection-too-early": "A selection used before the step that makes it",
  "other-mesh": "A selection used on another mesh than the one it was made of",
  "unused-selection": "A selection nothing uses",
  "name-taken": "A name that is given twice",
  "unused-input": "An input no step and no output uses",
  "lost-result": "A change that nothing writes or looks at",
  "unused-parameter": "A parameter nothing refers to",
  "unknown-parameter": "A reference to, or a value for, a parameter that is not declared",
  "missing-parameter": "A parameter without a default that got no value",
  "bad-reference": "A dollar sign that starts no reference",
  "bad-path": "A path that a recipe may not name",
  "same-file": "Two outputs that are one file",
} as const satisfies Record<string, string>;

/** What an issue is, in one word that stays the same while messages improve. */
export type IssueCode = keyof typeof ISSUE_CODES;

/** Something wrong with a recipe, and the key or value it is about. */
export interface RecipeFault {
  /** What it is. */
  readonly code: IssueCode;
  /** One sentence without a final period. */
  readonly message: string;
  /** The node it is about. */
  readonly path: NodePath;
  /** Whether the node's key is meant or what stands behind it. */
  readonly at: "key" | "value";
  /** The way out. */
  readonly help?: string;
  /** What stands in front of the message instead of file and line, such as `--set clearance=8mm`. */
  readonly place?: string;
}

/** A fault with its position in the text. Lines and columns count from 1, columns in UTF-16 code units as editors do. */
export interface RecipeIssue extends RecipeFault {
  /** Line of the first character. */
  readonly line: number;
  /** Column of the first character. */
  readonly column: number;
  /** Column behind the last character, where it stands on the same line. */
  readonly endColumn?: number;
}

/** What {@linkcode formatIssue} shows: an issue, or something else that has a place in a recipe, such as a file that is not there. */
export type ShownIssue =
  & Pick<RecipeIssue, "message" | "line" | "column" | "endColumn" | "help" | "place">
  & { readonly code: string };

/** What {@linkcode formatIssue} needs to know about the recipe. */
export interface FormatIssueOptions {
  /** The recipe's path, as it is to be shown. */
  readonly path: string;
  /** The text the issue points into. */
  readonly text: string;
  /** Whether to use terminal colours. @default {false} */
  readonly color?: boolean;
  /** Whether it stops a run or is only to be looked at. @default {"error"} */
  readonly severity?: "error" | "warning";
}

/**
 * A recipe that cannot be used, with everything that is wrong with it.
 *
 * @example Told from other errors by its class
 * ```ts
 * import { RecipeError } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const issue = { code: "bad-yaml", message: "Here it ends", path: [], at: "value", line: 1, column: 1 } as const;
 * const error = new RecipeError([issue], { path: "recipe.yaml", text: "{" });
 * assertEquals(error.message.split("\n")[0], "recipe.yaml:1:1: error[bad-yaml]: Here it ends");
 * ```
 */
export class RecipeError extends SyntaxError {
  /** Tells it from other errors. */
  override name = "RecipeError";
  /** All of them, in the order of the text. */
  readonly issues: readonly RecipeIssue[];

  /**
   * An error that says the first three and counts the rest.
   *
   * @param issues At least one.
   * @param options Where they come from.
   */
  constructor(issues: readonly RecipeIssue[], options: FormatIssueOptions) {
    const shown = issues.slice(0, 3).map((issue) => formatIssue(issue, options));
    if (issues.length > shown.length) shown.push(`… and ${issues.length - shown.length} more`);
    super(shown.join("\n\n"));
    this.issues = issues;
  }
}

/**
 * Writes an issue as people read it: place, code and sentence, the line of the recipe with the spot marked, the way out.
 *
 * @example A misspelt option
 * ```ts
 * import { formatIssue } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const issue = {
 *   code: "unknown-option",
 *   message: `"clearence" is not an option of "fit": did you mean "clearance"?`,
 *   path: ["steps", 0, "fit", "clearence"],
 *   at: "key",
 *   line: 1,
 *   column: 10,
 *   endColumn: 19,
 * } as const;
 * assertEquals(
 *   formatIssue(issue, { path: "recipe.yaml", text: "- fit: { clearence: 8mm }" }),
 *   `recipe.yaml:1:10: error[unknown-option]: "clearence" is not an option of "fit": did you mean "clearance"?
 *   1 | - fit: { clearence: 8mm }
 *     |          ^^^^^^^^^`,
 * );
 * ```
 */
export function formatIssue(issue: ShownIssue, options: FormatIssueOptions): string {
  const paint = options.color
    ? (style: number, text: string) => `\x1b[${style}m${text}\x1b[0m`
    : (_: number, text: string) => text;
  const place = issue.place ?? `${options.path}:${issue.line}:${issue.column}`;
  const { severity = "error" } = options;
  const tint = severity === "error" ? 31 : 33;
  const lines = [`${paint(1, place)}: ${paint(tint, `${severity}[${issue.code}]`)}: ${issue.message}`];
  const gutter = " ".repeat(String(issue.line).length + 2);
  if (issue.place === undefined) {
    const source = sourceLine(options.text, issue.line);
    if (source !== undefined) {
      const { shown, before, marked } = window(source, issue);
      lines.push(`${paint(34, `  ${issue.line} |`)} ${shown}`.trimEnd());
      lines.push(`${paint(34, `${gutter} |`)} ${" ".repeat(before)}${paint(tint, "^".repeat(marked))}`);
    }
  }
  if (issue.help !== undefined) lines.push(`${paint(34, `${gutter} =`)} ${paint(36, "help")}: ${issue.help}`);
  return lines.join("\n");
}

/** The characters of a line, without its end; scanned by hand as a recipe may be one line of a megabyte. */
function sourceLine(text: string, line: number): string | undefined {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
}

const WIDTH = 100;
// deno-lint-ignore no-control-regex -- they are what must not reach a terminal
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The part of a long line around the spot, with every character one column wide where that can be had. */
function window(source: string, issue: ShownIssue): { shown: string; before: number; marked: number } {
  const column = Math.min(issue.column - 1, source.length);
  const end = Math.min(
    Math.max(issue.endColumn === undefined ? column + 1 : issue.endColumn - 1, column + 1),
    Math.max(source.length, column + 1),
  );
  const from = column < WIDTH * 0.7 ? 0 : column - Math.floor(WIDTH * 0.4);
  const to = Math.min(source.length, from + WIDTH);
  const clean = (text: string) => text.replaceAll(UNPRINTABLE, " ");
  const lead = from > 0 ? "… " : "";
  return {
    shown: lead + clean(source.slice(from, to)) + (to < source.length ? " …" : ""),
    before: lead.length + [...source.slice(from, column)].length,
    marked: Math.max(1, [...source.slice(column, Math.min(end, to))].length),
  };
}
