import { VERSION } from "../version.ts";
import { parseArguments } from "./arguments.ts";
import { explain } from "./explain.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import type { FileIO, FileIOOptions } from "./file_io.ts";
import { HELP } from "./help.ts";

/** What the command line may touch; a test hands in its own. */
export interface CliIO {
  /** Writes a line of results. */
  print(line: string): void;
  /** Writes a line about a fault. */
  fault(line: string): void;
  /** Shows a line that the next one replaces; only on a terminal. */
  status?(text: string): void;
  /** Whether faults may be coloured. @default {false} */
  color?: boolean;
  /** Makes the file access of a run. */
  files?(options: FileIOOptions): FileIO;
  /** Calls `listener` on Ctrl-C until the returned function is called. */
  onInterrupt?(listener: () => void): () => void;
}

/**
 * Runs the command line.
 *
 * @param args As the shell gave them, without the program.
 * @returns The exit code.
 */
export async function main(args: readonly string[], io: CliIO): Promise<number> {
  try {
    const parsed = parseArguments(args);
    if (parsed.help) io.print(HELP);
    else if (parsed.version) io.print(`meshtailor ${VERSION}`);
    else {
      const { runCommand } = await import("./run_command.ts"); // --help need not load the rest
      return await runCommand(parsed, io);
    }
    return EXIT_CODES.done;
  } catch (error) {
    for (const line of explain(error)) io.fault(line);
    return exitCodeOf(error);
  }
}
