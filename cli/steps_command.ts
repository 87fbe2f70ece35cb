import { nearest } from "../recipes/nearest.ts";
import { BUILT_IN_STEPS } from "../recipes/steps/mod.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";
import { columns } from "./layout.ts";
import { stepPage, stepText } from "./step_page.ts";

/** `meshtailor steps [STEP]`: the catalogue, or one step with everything a recipe can say to it. */
export function stepsCommand({ operands: [name], on }: Arguments, io: CliIO): Promise<number> {
  const pages = BUILT_IN_STEPS.filter((step) => name === undefined || step.name === name).map(stepPage);
  if (pages.length === 0) throw unknownStep(name);
  if (on.has("json")) io.print(JSON.stringify(name === undefined ? pages : pages[0], null, 2));
  else {
    const lines = name === undefined
      ? [
        ...columns(pages.map(({ name, summary }) => [name, summary]), ""),
        "",
        "meshtailor steps STEP shows one with its options.",
      ]
      : stepText(pages[0]);
    for (const line of lines) io.print(line);
  }
  return Promise.resolve(EXIT_CODES.done);
}

function unknownStep(name: string): UsageError {
  const names = BUILT_IN_STEPS.map((step) => step.name);
  const meant = nearest(name, names);
  return new UsageError(
    `Cannot show step "${name}" as there is none of that name: ${
      meant === undefined ? `they are ${names.join(", ")}` : `did you mean "${meant}"?`
    }`,
  );
}
