import { nearest } from "../recipes/nearest.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { helpPage, verbPage } from "./help.ts";
import type { CliIO } from "./io.ts";
import { findVerb, VERBS } from "./verbs.ts";

/** `meshtailor help [VERB|CODE]`. */
export async function helpCommand({ operands: [name] }: Arguments, io: CliIO): Promise<number> {
  for (const line of await pageOf(name)) io.print(line);
  return EXIT_CODES.done;
}

async function pageOf(name: string | undefined): Promise<string[]> {
  if (name === undefined) return helpPage();
  const verb = findVerb(name);
  if (verb !== undefined) return verbPage(verb);
  const { ALL_CODES, codeText, explainCode } = await import("./explain_code.ts"); // --help needs none of it
  if (Object.hasOwn(ALL_CODES, name)) return codeText(await explainCode(name));
  const meant = nearest(name, [...VERBS.map(({ name }) => name), ...Object.keys(ALL_CODES)]);
  const codes = meant === undefined ? "; codes stand in brackets behind error" : `: did you mean "${meant}"?`;
  throw new UsageError(`Cannot help with "${name}" as it is neither a verb nor the code of a message${codes}`);
}
