import { nearest } from "../recipes/nearest.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { helpPage, verbPage } from "./help.ts";
import type { CliIO } from "./io.ts";
import { findVerb, VERBS } from "./verbs.ts";

/** `meshtailor help [VERB]`. */
export function helpCommand({ operands: [name] }: Arguments, io: CliIO): Promise<number> {
  const verb = name === undefined ? undefined : findVerb(name);
  if (name !== undefined && verb === undefined) {
    const meant = nearest(name, VERBS.map(({ name }) => name));
    throw new UsageError(
      `Cannot help with "${name}" as it is no verb${meant === undefined ? "" : `: did you mean "${meant}"?`}`,
    );
  }
  for (const line of verb === undefined ? helpPage() : verbPage(verb)) io.print(line);
  return Promise.resolve(EXIT_CODES.done);
}
