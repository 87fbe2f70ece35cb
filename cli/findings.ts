import { formatIssue, type RecipeIssue } from "../recipes/issue.ts";
import type { NodePath } from "../recipes/recipe.ts";
import { plain } from "./layout.ts";
import { baseName } from "./paths.ts";
import type { InputFileError } from "../io/gltf/input_file_error.ts";

/** Codes of findings that are not about the recipe's text alone, and what they mean. */
export const FINDING_CODES = {
  "input-file": "An input is not there, cannot be read or is broken",
  "missing-skin": "A step needs skin weights that neither its file has nor a step before it writes",
  "missing-normals": "A step needs normals that neither its file has nor a step before it writes",
  "missing-uvs": "A step needs texture coordinates that its file does not have",
  "missing-joints": "A step needs joints, and nothing moves the mesh by any",
  "unknown-material": "A material by a name that the file does not have",
  "unknown-part": "A node, mesh or primitive by a name that the file does not have",
  "unknown-joint": "A joint by a name that the skeleton does not have",
  "empty-selection": "A selection has no place in it, and does not say that it may",
  "other-pose": "Body and garment have joints that were bound in different poses",
  "over-budget": "An operation needs more memory than the budget allows",
  "gate": "An expect step was not met",
  "step-failed": "A step could not do its work",
  "odd-size": "A length larger than the meshes it is about; a warning",
} as const satisfies Record<string, string>;

/** Something to say about a place in a recipe: what `check --json` lists. */
export interface Finding {
  /** What it is, in one word that stays the same while messages improve. */
  readonly code: string;
  /** Whether it stops a run. */
  readonly severity: "error" | "warning";
  /** One sentence without a final period. */
  readonly message: string;
  /** The way out. */
  readonly help?: string;
  /** The file it is about, as it was named. */
  readonly file: string;
  /** Line of the first character, from 1. */
  readonly line: number;
  /** Column of the first character, from 1, in UTF-16 code units. */
  readonly column: number;
  /** Column behind the last character, where it stands on the same line. */
  readonly endColumn?: number;
  /** What stands in front of the message instead of file and line, such as `--set clearance=8mm`. */
  readonly place?: string;
  /** The command that prints the page to read: that of the step, or what the code means. */
  readonly see: string;
}

/** What is wrong with options of a step, whose page has the right ones. */
const ABOUT_OPTIONS = /^(unknown-option|missing-option|wrong-kind|unknown-unit|out-of-range|unknown-value|bad-value)$/;

/** The page to read about a fault at a place of the recipe. */
function pageFor(code: string, path: NodePath): string {
  const [section, , step] = path;
  const isOption = section === "steps" && typeof step === "string" && ABOUT_OPTIONS.test(code);
  return isOption ? `meshtailor steps ${step}` : `meshtailor help ${code}`;
}

/** An issue as a finding. */
export function ofIssue(issue: RecipeIssue, file: string): Finding {
  const { code, message, help, line, column, endColumn, place, path } = issue;
  return {
    code,
    severity: "error",
    message,
    ...(help === undefined ? {} : { help }),
    file,
    line,
    column,
    ...(endColumn === undefined ? {} : { endColumn }),
    ...(place === undefined ? {} : { place }),
    see: pageFor(code, path),
  };
}

/** Finds the file that was probably meant. */
export type SimilarFile = (path: string) => Promise<string | undefined>;

/**
 * What was thrown, as findings, where it has a place in the recipe; the rest is left out. Loads the parser that knows
 * positions, when there is anything.
 */
export async function ofErrors(
  errors: readonly unknown[],
  { path: file, text }: { readonly path: string; readonly text: string },
  similarFile?: SimilarFile,
): Promise<Finding[]> {
  const all = errors.flatMap(placesOf);
  if (all.length === 0) return [];
  const locate = await (await import("../recipes/locate.ts")).openLocator(text);
  return await Promise.all(all.map(async ({ path, cause, ...said }): Promise<Finding> => {
    const near = await similarTo(cause, similarFile);
    return {
      ...said,
      ...(near === undefined ? {} : { help: `Did you mean "${near}"?` }),
      file,
      ...locate(path),
      see: pageFor(said.code, path),
    };
  }));
}

interface Placed extends Pick<Finding, "code" | "severity" | "message"> {
  readonly path: NodePath;
  readonly cause: unknown;
}

const CODES: Readonly<Record<string, keyof typeof FINDING_CODES>> = {
  InputFileError: "input-file",
  BudgetError: "over-budget",
  StepError: "step-failed",
};

/** What an error says of the recipe: one thing, all that gates found wanting, or nothing. */
function placesOf(error: unknown): Placed[] {
  const { name = "", message, path, code, cause, failures } = error as Partial<Placed> & {
    readonly name?: string;
    readonly failures?: readonly Partial<Placed>[];
  };
  if (failures !== undefined) return failures.flatMap((failure) => placesOf({ ...failure, code: "gate" }));
  if (message === undefined || path === undefined) return [];
  const found = code ?? CODES[name] ?? "step-failed";
  return [{ code: found, severity: found === "odd-size" ? "warning" : "error", message, path, cause }];
}

/** The name that was probably meant, for an input that is not there. */
async function similarTo(cause: unknown, similarFile: SimilarFile | undefined): Promise<string | undefined> {
  const { file, message } = (cause ?? {}) as Partial<InputFileError>;
  if (file === undefined || !message?.endsWith("there is no such file")) return undefined;
  const near = await similarFile?.(file);
  return near === undefined ? undefined : baseName(near);
}

/** A finding as people read it: place, sentence, the line of the recipe and the way out. */
export function showFinding(finding: Finding, texts: ReadonlyMap<string, string>, color = false): string {
  const { file, severity, message } = finding;
  const options = { path: plain(file), text: texts.get(file) ?? "", color, severity };
  return formatIssue({ ...finding, message: plain(message) }, options);
}
