import type { FileIO, FileIOOptions } from "./file_io.ts";

/** What the command line may touch; a test hands in its own. */
export interface CliIO {
  /** Writes a line of results. */
  print(line: string): void;
  /** Writes a line about a fault. */
  fault(line: string): void;
  /** Shows a line that the next one replaces, and that an empty one takes away; only on a terminal. */
  status?(text: string): void;
  /** Whether faults may be coloured. @default {false} */
  color?: boolean;
  /** Makes the file access of a command; by default the disk. */
  files?(options: FileIOOptions): FileIO | Promise<FileIO>;
  /** Calls `listener` on the first Ctrl-C, unless the returned function was called before. */
  onInterrupt?(listener: () => void): () => void;
  /** The file beside that path whose name is nearest to it, where folders may be read without asking. */
  similarFile?(path: string): Promise<string | undefined>;
  /** The value of an environment variable, where it may be read without asking. */
  env?(name: string): string | undefined;
}
