import type { Arguments } from "./arguments.ts";
import { isDebugged } from "./debug.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import { explain, where } from "./explain.ts";
import { type Finding, ofErrors, showFinding } from "./findings.ts";
import type { CliIO } from "./io.ts";
import { counted, plain } from "./layout.ts";
import type { LoadedRecipe } from "./load_recipe.ts";

/**
 * Says everything that is wrong with a recipe that has faults.
 *
 * @param outcome What did not happen because of them.
 * @returns The exit code.
 */
export function refuse({ texts, findings }: LoadedRecipe, outcome: string, io: CliIO): number {
  for (const finding of findings) io.fault(showFinding(finding, texts, io.color));
  for (const line of closing(findings, outcome)) io.fault(line);
  return EXIT_CODES.recipe;
}

/** The most pages that are named; more would be no pointer. */
const MOST_PAGES = 3;

/** How many faults there are, and in which file, unless all came from elsewhere; and what to read. */
export function closing(findings: readonly Finding[], outcome?: string): string[] {
  const count = counted(findings.length, "fault");
  const where = findings.every(({ place }) => place !== undefined) ? "" : ` in ${plain(findings[0].file)}`;
  const pages = [...new Set(findings.map(({ see }) => plain(see)))].slice(0, MOST_PAGES);
  return [`${count}${where}${outcome === undefined ? "" : `: ${outcome}`}`, `to read on: ${pages.join(", ")}`];
}

/** What was thrown by a run or a plan, in lines; a fault that has a place in the recipe points at it. */
export async function faultLines(
  error: unknown,
  { path, texts }: LoadedRecipe,
  { on }: Arguments,
  io: CliIO,
  outcome = "nothing was written",
): Promise<string[]> {
  const trace = on.has("trace") || isDebugged("trace", io);
  const findings = await ofErrors([error], { path, text: texts.get(path)! }, io.similarFile);
  if (findings.length === 0) return explain(error, { trace });
  return [
    ...findings.map((finding) => showFinding(finding, texts, io.color)),
    ...exitCodeOf(error) === EXIT_CODES.unexpected ? where(error, trace) : [],
    ...closing(findings, outcome),
  ];
}
