import type { Arguments } from "./arguments.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { inspectFile } from "./_inspect_file.ts";
import { inspectionPage } from "./_inspect_page.ts";
import { fileIO } from "./file_io.ts";
import type { CliIO } from "./io.ts";

/**
 * `meshtailor inspect file.glb`: says what is in a mesh file and what would be
 * done about what is unusual in it. Writes nothing.
 *
 * @throws {InputFileError} If the file cannot be opened.
 */
export async function inspectCommand(args: Pick<Arguments, "operands" | "on">, io: CliIO): Promise<number> {
  const files = await (io.files ?? fileIO)({ out: ".", force: false }), { operands: [path] } = args;
  const found = await inspectFile(await files.read(path), path, (uri) => files.readBeside(path, uri));
  if (args.on.has("json")) io.print(JSON.stringify(found, null, 2));
  else for (const line of inspectionPage(found)) io.print(line);
  return found.fault === undefined ? EXIT_CODES.done : EXIT_CODES.input;
}
