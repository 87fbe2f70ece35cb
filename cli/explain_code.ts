import { ISSUE_CODES, type RecipeIssue } from "../recipes/issue.ts";
import { parseRecipe } from "../recipes/parse.ts";
import { completed, type Explanation, EXPLANATIONS } from "./explanations.ts";
import { FINDING_CODES } from "./findings.ts";
import { section, wrap } from "./layout.ts";

/** Every code and what it means, in the order of the reference. */
export const ALL_CODES: Readonly<Record<string, string>> = { ...ISSUE_CODES, ...FINDING_CODES };

/** A code explained. */
export interface ExplainedCode extends Explanation {
  readonly code: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** What the check says of the example. */
  readonly issue?: RecipeIssue;
}

/** Explains a code; what the example is answered comes from a real check of it. */
export async function explainCode(code: string): Promise<ExplainedCode> {
  const explanation = EXPLANATIONS[code as keyof typeof EXPLANATIONS];
  const explained = { code, meaning: ALL_CODES[code], ...explanation };
  if (explanation.wrong === undefined) return explained;
  const { issues } = await parseRecipe(completed(explanation.wrong), { path: "recipe.yaml" });
  return { ...explained, issue: issues.find((issue) => issue.code === code)! };
}

/** A page for a terminal. */
export function codeText({ code, meaning, why, wrong, issue }: ExplainedCode): string[] {
  return [
    ...wrap(`${code}: ${meaning}`),
    "",
    ...wrap(why),
    ...wrong === undefined
      ? []
      : section("for example", wrong.trimEnd().split("\n").map((line) => `  ${line.slice(0, 96)}`)),
    ...issue === undefined ? [] : section("is answered with", [
      ...wrap(`error[${issue.code}]: ${issue.message}`, 96).map((line) => `  ${line}`),
      ...issue.help === undefined ? [] : wrap(`help: ${issue.help}`, 96).map((line) => `  ${line}`),
    ]),
  ];
}
