/** What the process says when it ends; the only table of its kind. */
export const EXIT_CODES = {
  done: 0,
  unexpected: 1,
  recipe: 2,
  input: 3,
  gate: 4,
  budget: 5,
  interrupted: 130,
} as const;

/** Exit codes in words, for `--help`. */
export const EXIT_CODES_HELP = `0 done   1 unexpected failure   2 usage, recipe, permission or output path
3 an input file   4 a gate (expect) failed   5 memory budget exceeded   130 interrupted`;

const BY_ERROR_NAME: Readonly<Record<string, number>> = {
  UsageError: EXIT_CODES.recipe,
  RecipeError: EXIT_CODES.recipe,
  PlanError: EXIT_CODES.recipe,
  OutputError: EXIT_CODES.recipe,
  NotCapable: EXIT_CODES.recipe,
  InputFileError: EXIT_CODES.input,
  GateError: EXIT_CODES.gate,
  BudgetError: EXIT_CODES.budget,
  AbortError: EXIT_CODES.interrupted,
};

/** The exit code of what was thrown. */
export function exitCodeOf(error: unknown): number {
  return BY_ERROR_NAME[(error as Error)?.name] ?? EXIT_CODES.unexpected;
}
