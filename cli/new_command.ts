import fit from "../recipes/templates/fit.yaml" with { type: "text" };
import gate from "../recipes/templates/gate.yaml" with { type: "text" };
import refit from "../recipes/templates/refit.yaml" with { type: "text" };
import weights from "../recipes/templates/weights.yaml" with { type: "text" };
import { nearest } from "../recipes/nearest.ts";
import type { Arguments } from "./arguments.ts";
import { OutputError, UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";
import { columns } from "./layout.ts";

/** Recipes to begin with, whole and with comments, by name; the first is meant where only a file is named. */
export const TEMPLATES: Readonly<Record<string, string>> = { fit, refit, weights, gate };

/** `meshtailor new [TEMPLATE] [FILE.yaml]`: lists the templates, prints one, or writes it to a file. */
export async function newCommand({ operands, on }: Arguments, io: CliIO): Promise<number> {
  const [name, file] = /\.ya?ml$/.test(operands[0] ?? "") ? [Object.keys(TEMPLATES)[0], ...operands] : operands;
  if (name === undefined) {
    const rows = Object.entries(TEMPLATES).map(([name, text]) => [name, /^description: (.*)$/m.exec(text)![1]]);
    for (const line of [...columns(rows, ""), "", "meshtailor new TEMPLATE FILE.yaml writes one."]) io.print(line);
    return EXIT_CODES.done;
  }
  if (!Object.hasOwn(TEMPLATES, name)) throw unknownTemplate(name);
  if (file === undefined) io.print(TEMPLATES[name].trimEnd());
  else {
    await writeNew(file, TEMPLATES[name], on.has("force"));
    io.print(`wrote ${file}; for completion in an editor: meshtailor schema > recipe.schema.json`);
  }
  return EXIT_CODES.done;
}

async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  try {
    await Deno.writeTextFile(file, text, { createNew: !force });
  } catch (error) {
    const why = whyNot(error);
    throw why === undefined ? error : new OutputError(`Cannot write "${file}" as ${why}`);
  }
}

function whyNot(error: unknown): string | undefined {
  if (error instanceof Deno.errors.AlreadyExists) return "it exists: name another file, or use --force";
  if (error instanceof Deno.errors.NotFound) return "its folder does not exist";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no folder";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.PermissionDenied) return "the system does not allow it";
  return undefined;
}

function unknownTemplate(name: string): UsageError {
  const names = Object.keys(TEMPLATES);
  const meant = nearest(name, names);
  return new UsageError(
    `Cannot start from template "${name}" as there is none of that name: ${
      meant === undefined ? `they are ${names.join(", ")}` : `did you mean "${meant}"?`
    }`,
  );
}
