import { formatIssue } from "../recipes/issue.ts";
import { locateNode } from "../recipes/locate.ts";
import { GateError, parseRecipe, type Recipe, runRecipe } from "../recipes/mod.ts";
import type { NodePath } from "../recipes/recipe.ts";
import { BUILT_IN_STEPS } from "../recipes/steps/mod.ts";
import type { Arguments } from "./arguments.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import { explain } from "./explain.ts";
import { fileIO } from "./file_io.ts";
import type { CliIO } from "./main.ts";
import { reportTable } from "./report_table.ts";

/** `meshtailor recipe.yaml`: reads, checks and runs a recipe and prints what it did. */
export async function runCommand(args: Arguments, io: CliIO): Promise<number> {
  const files = (io.files ?? fileIO)({ out: args.out, force: args.force });
  const text = new TextDecoder().decode(await files.readRecipe(args.recipe));
  const { recipe, issues } = await parseRecipe(text, { path: args.recipe, steps: BUILT_IN_STEPS, set: args.set });
  if (recipe === undefined) {
    for (const issue of issues) io.fault(formatIssue(issue, { path: args.recipe, text, color: io.color ?? false }));
    io.fault(`${issues.length} ${issues.length === 1 ? "fault" : "faults"} in ${args.recipe}: nothing was run`);
    return EXIT_CODES.recipe;
  }
  const controller = new AbortController();
  const stopListening = io.onInterrupt?.(() => controller.abort());
  try {
    const { report } = await runRecipe(recipe, {
      io: files,
      signal: controller.signal,
      onProgress: ({ op, ops, label }) => io.status?.(`${op + 1}/${ops} ${label} …`),
    });
    io.status?.("");
    for (const { label, warnings } of report.ops) {
      for (const warning of warnings) io.fault(`warning: ${label}: ${warning}`);
    }
    if (args.json) io.print(JSON.stringify(report, null, 2));
    else if (!args.quiet) { for (const line of reportTable(report)) io.print(line); }
    return EXIT_CODES.done;
  } catch (error) {
    io.status?.("");
    for (const line of await faultLines(error, recipe)) io.fault(line);
    return exitCodeOf(error);
  } finally {
    stopListening?.();
  }
}

/** Says what went wrong; a fault that has a place in the recipe points at it. */
async function faultLines(error: unknown, recipe: Recipe): Promise<string[]> {
  if (error instanceof GateError) {
    return (await Promise.all(error.failures.map((failure) => faultLines(failure, recipe)))).flat();
  }
  const { path } = error as { path?: NodePath };
  if (path === undefined) return explain(error);
  const { line, column } = await locateNode(recipe.text, path);
  return explain(error).map((text) => `${recipe.path}:${line}:${column}: ${text}`);
}
