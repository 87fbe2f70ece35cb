import type { Recipe } from "../recipes/recipe.ts";
import type { RecipeIO } from "../recipes/recipe_io.ts";
import type { RunReport } from "../recipes/report.ts";
import type { Arguments } from "./arguments.ts";
import { isDebugged } from "./debug.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import { faultLines, refuse } from "./faults.ts";
import type { FileIO } from "./file_io.ts";
import type { CliIO } from "./io.ts";
import { plain } from "./layout.ts";
import { loadRecipe } from "./load_recipe.ts";
import { maxBytesOf } from "./max_memory.ts";
import { join } from "./paths.ts";
import { Progress } from "./progress.ts";
import { reportTable } from "./report_table.ts";

/** `meshtailor run RECIPE.yaml`: reads, checks and runs a recipe and prints what it did. */
export async function runCommand(args: Arguments, io: CliIO): Promise<number> {
  const maxBytes = maxBytesOf(args);
  const loaded = await loadRecipe(args, io);
  const { recipe, files } = loaded;
  if (recipe === undefined) return refuse(loaded, "nothing was run", io);
  const controller = new AbortController();
  const stopListening = io.onInterrupt?.(() => controller.abort());
  try {
    print(await runOnce(recipe, { args, io, files, maxBytes, signal: controller.signal }), args, io);
    return EXIT_CODES.done;
  } catch (error) {
    for (const line of await faultLines(error, loaded, args, io)) io.fault(line);
    return exitCodeOf(error);
  } finally {
    stopListening?.();
  }
}

interface RunSetting {
  readonly args: Arguments;
  readonly io: CliIO;
  readonly files: FileIO;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

async function runOnce(recipe: Recipe, setting: RunSetting): Promise<RunReport> {
  const { args, io, files, maxBytes, signal } = setting;
  const { runRecipe } = await import("../recipes/run.ts"); // a recipe with faults never needs it
  using progress = new Progress(io);
  progress.begin("reading the inputs");
  const { report } = await runRecipe(recipe, {
    io: args.on.has("dry-run") ? withoutWriting(files, args) : files,
    debug: args.on.has("debug-memory") || isDebugged("memory", io),
    maxBytes,
    signal,
    onProgress: ({ op, ops, label, iterations }) =>
      iterations === undefined ? progress.begin(`${op + 1}/${ops} ${label}`) : progress.reach(iterations),
  });
  return report;
}

/** Reads as a run does, and keeps what would be written to itself; asks for no permission to write. */
function withoutWriting(files: FileIO, { values }: Arguments): RecipeIO & Pick<FileIO, "readBeside"> {
  return {
    read: (path) => files.read(path),
    readBeside: (base, path) => files.readBeside(base, path),
    resolve: (base, path) => files.resolve(base, path),
    write: (outputs) =>
      Promise.resolve(new Map([...outputs.keys()].map((path) => [path, join(values.out ?? ".", path)]))),
  };
}

function print(report: RunReport, { on }: Arguments, io: CliIO): void {
  const isDry = on.has("dry-run");
  for (const { label, warnings } of report.ops) {
    for (const warning of warnings) io.fault(plain(`warning: ${label}: ${warning}`));
  }
  if (on.has("json")) io.print(JSON.stringify(isDry ? { ...report, dryRun: true } : report, null, 2));
  else if (!on.has("quiet")) { for (const line of reportTable(report, isDry)) io.print(plain(line)); }
}
