import { nearest } from "../recipes/nearest.ts";
import type { Step } from "../recipes/step.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";
import { columns } from "./layout.ts";
import { loadSteps } from "./load_steps.ts";
import { stepMarkdown } from "./step_markdown.ts";
import { type StepPage, stepPage, stepText } from "./step_page.ts";

/** `meshtailor steps [STEP]`: the catalogue, or one step with everything a recipe can say to it. */
export async function stepsCommand(args: Arguments, io: CliIO): Promise<number> {
  const { operands: [name], on } = args;
  const steps = await loadSteps(args, io);
  const pages = steps.filter((step) => name === undefined || step.name === name).map(stepPage);
  if (pages.length === 0) throw unknownStep(name, steps);
  if (on.has("json")) io.print(JSON.stringify(name === undefined ? pages : pages[0], null, 2));
  else if (on.has("markdown")) io.print(pages.map((page) => stepMarkdown(page).trimEnd()).join("\n\n"));
  else for (const line of name === undefined ? list(pages) : stepText(pages[0])) io.print(line);
  return EXIT_CODES.done;
}

function list(pages: readonly StepPage[]): string[] {
  const rows = pages.map(({ name, summary }) => [name, summary]);
  return [...columns(rows, ""), "", "meshtailor steps STEP shows one with its options."];
}

function unknownStep(name: string, steps: readonly Step[]): UsageError {
  const names = steps.map((step) => step.name);
  const meant = nearest(name, names);
  return new UsageError(
    `Cannot show step "${name}" as there is none of that name: ${
      meant === undefined ? `they are ${names.join(", ")}` : `did you mean "${meant}"?`
    }`,
  );
}
