/**
 * The command line: `deno run -RW cli.ts recipe.yaml`. See `--help`.
 *
 * @example Run it from a program of your own
 * ```ts
 * import { main } from "@meshtailor/meshtailor/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const code = await main(["--version"], { print: (line) => lines.push(line), fault: () => {} });
 * assertEquals(code, 0);
 * assertEquals(lines.length, 1);
 * ```
 *
 * @module
 */
import { main } from "./cli/main.ts";
import { terminal } from "./cli/terminal.ts";

export type { FileIO, FileIOOptions } from "./cli/file_io.ts";
export { type CliIO, main } from "./cli/main.ts";
export type { RecipeIO } from "./recipes/recipe_io.ts";

if (import.meta.main) Deno.exitCode = await main(Deno.args, terminal());
