import { VERSION } from "../version.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { isDebugged } from "./debug.ts";
import { explain } from "./explain.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";
import type { Command } from "./verbs.ts";

export type { CliIO } from "./io.ts";

/**
 * Runs the command line.
 *
 * @param args As the shell gave them, without the program.
 * @returns The exit code.
 */
export async function main(args: readonly string[], io: CliIO): Promise<number> {
  try {
    const parsed = parseArguments(args);
    if (parsed.on.has("version")) {
      io.print(`meshtailor ${VERSION}`);
      return EXIT_CODES.done;
    }
    const command = parsed.on.has("help") ? await helpFor(parsed) : await parsed.verb.load();
    return await command(parsed, io);
  } catch (error) {
    const trace = args.includes("--trace") || isDebugged("trace", io);
    for (const line of explain(error, { trace })) io.fault(line);
    return exitCodeOf(error);
  }
}

/** What prints the help asked for: of a recipe, of a verb, or of everything. */
async function helpFor({ verb, operands, isNamed }: Arguments): Promise<Command> {
  if (verb.name === "run" && operands.length > 0) return (await import("./recipe_help.ts")).recipeHelp;
  const { helpCommand } = await import("./help_command.ts");
  return (args, io) => helpCommand({ ...args, operands: isNamed ? [verb.name] : [] }, io);
}
