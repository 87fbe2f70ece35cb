import type { InputError } from "../recipes/errors.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { Arguments } from "./arguments.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import { closing } from "./faults.ts";
import type { FileIO } from "./file_io.ts";
import { type Finding, ofErrors, showFinding } from "./findings.ts";
import type { CliIO } from "./io.ts";
import { bytes, counted, plain } from "./layout.ts";
import { type LoadedRecipe, loadRecipe } from "./load_recipe.ts";
import { maxBytesOf } from "./max_memory.ts";

/** What `check --json` prints; `meshtailor schema check` has its schema. */
export interface CheckReport {
  /** The recipe as it was named. */
  readonly recipe: string;
  /** Whether a run would start. */
  readonly ok: boolean;
  /** The code the process ends with. */
  readonly exitCode: number;
  /** Everything that is wrong or odd, in the order of the text. */
  readonly issues: readonly Finding[];
  /** What a run will have on lease at the most; only where nothing is wrong. */
  readonly peakBytes?: number;
}

/** `meshtailor check RECIPE.yaml`: everything that can be said before the first step. */
export async function checkCommand(args: Arguments, io: CliIO): Promise<number> {
  const maxBytes = maxBytesOf(args);
  const loaded = await loadRecipe(args, io);
  const report = await checkAll(loaded, maxBytes, io);
  if (args.on.has("json")) io.print(JSON.stringify(report, null, 2));
  else print(report, loaded, args, io);
  return report.exitCode;
}

async function checkAll(loaded: LoadedRecipe, maxBytes: number, io: CliIO): Promise<CheckReport> {
  const { path, recipe, inputs, findings, texts, files } = loaded;
  if (recipe !== undefined) return await checkPlan(recipe, files, maxBytes, io);
  const errors = inputs.length === 0 ? [] : await inputErrors({ path, inputs }, files);
  const missing = await ofErrors(errors, { path, text: texts.get(path)! }, io.similarFile);
  const issues = inOrder([...findings, ...missing]);
  return { recipe: path, ok: false, exitCode: EXIT_CODES.recipe, issues };
}

/** A recipe without faults: its inputs, what its steps need of them, and its budget. */
async function checkPlan(recipe: Recipe, files: FileIO, maxBytes: number, io: CliIO): Promise<CheckReport> {
  const { path } = recipe;
  const { assertBudget, planInputs } = await import("../recipes/plan_inputs.ts");
  try {
    const { plan, diagonals } = await planInputs(recipe, { io: files });
    const { oddSizes } = await import("../recipes/odd_sizes.ts");
    const warnings = await ofErrors(oddSizes(recipe, diagonals), recipe);
    assertBudget(plan, Math.min(maxBytes, recipe.maxBytes ?? Infinity));
    return { recipe: path, ok: true, exitCode: EXIT_CODES.done, issues: warnings, peakBytes: plan.peakBytes };
  } catch (error) {
    const exitCode = exitCodeOf(error);
    const all = exitCode === EXIT_CODES.input ? await inputErrors(recipe, files) : [error];
    const issues = await ofErrors(all, recipe, io.similarFile);
    if (issues.length === 0) throw error;
    return { recipe: path, ok: false, exitCode, issues };
  }
}

async function inputErrors(recipe: Pick<Recipe, "path" | "inputs">, files: FileIO): Promise<InputError[]> {
  const { findInputErrors } = await import("../recipes/find_input_errors.ts"); // readers are loaded only to look into files
  return await findInputErrors(recipe, files);
}

/** Those from outside the recipe first, the others by their place. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ place }: Finding) => place === undefined ? 1 : 0;
  return findings.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

function print(report: CheckReport, { path, texts, recipe }: LoadedRecipe, { on }: Arguments, io: CliIO): void {
  for (const finding of report.issues) io.fault(showFinding(finding, texts, io.color));
  if (!report.ok) { for (const line of closing(report.issues)) io.fault(line); }
  else if (!on.has("quiet")) {
    const { steps, inputs, outputs } = recipe!;
    const parts = [counted(inputs.length, "input"), counted(steps.length, "step"), counted(outputs.length, "output")];
    io.print(plain(`${path}: ${parts.join(", ")}, ${bytes(report.peakBytes!)} on lease at the most: nothing is wrong`));
  }
}
