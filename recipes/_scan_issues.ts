import { MAX_DEPTH, MAX_NODES } from "./_node.ts";
import type { IssueCode, RecipeIssue } from "./issue.ts";

/** An issue at an offset of the text. */
export function issueAt(
  text: string,
  offset: number,
  code: IssueCode,
  message: string,
  help: string,
  length = 1,
): RecipeIssue {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  const mark = start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const column = Math.max(1, offset - start - mark + 1);
  return { code, message, path: [], at: "value", line, column, endColumn: column + length, help };
}

/** A line indented with a tab; says in how many more lines there is one. */
export function tabIssue(text: string, start: number, end: number): RecipeIssue {
  const tab = text.indexOf("\t", start);
  const others = text.slice(end).match(/\n *\t[ \t]*[^\s#]/g)?.length ?? 0;
  const also = others === 0 ? "" : others === 1 ? ", in one more line too" : `, in ${others} more lines too`;
  const message = "Lines are indented with spaces: here is a tab";
  return issueAt(text, tab, "tab-indentation", message, `Replace it with spaces${also}`);
}

/** A directive, such as `%YAML 1.1`. */
export function directiveIssue(text: string, start: number, end: number): RecipeIssue {
  const message = 'A line that begins with "%" is an instruction to the parser: recipes have none';
  return issueAt(text, start, "bad-yaml", message, "Delete the line", end - start);
}

/** A bracket or a dash one level too deep. */
export function depthIssue(text: string, offset: number, isBracket: boolean): RecipeIssue {
  const message = `Lists and maps nest at most ${MAX_DEPTH} levels deep, and these go deeper`;
  const help = isBracket ? "Is a bracket left open?" : "Is a line indented too far?";
  return issueAt(text, offset, "too-deep", message, help);
}

/** A comma behind a comma or a bracket. */
export function commaIssue(text: string, offset: number): RecipeIssue {
  const message = "Between this comma and what stands before it is no value";
  return issueAt(text, offset, "bad-yaml", message, "Delete the comma, or write the value");
}

/** One value too many. */
export function sizeIssue(text: string, offset: number): RecipeIssue {
  const message = `A recipe holds at most ${MAX_NODES} values: this one holds more`;
  return issueAt(text, offset, "too-many-values", message, "Is it the right file?");
}

/** A bracket or a quote that is open where a line begins that is indented like those outside. */
export function openIssue(text: string, opening: number, offset: number, holder: number): RecipeIssue {
  const closer = { "{": "}", "[": "]" }[text[opening]] ?? text[opening];
  const { line } = issueAt(text, offset, "bad-yaml", "", "");
  const help = `Put ${closer} where it ends, or indent line ${line} by more than ${holder} spaces`;
  return issueAt(
    text,
    opening,
    "bad-yaml",
    `This ${/["']/.test(text[opening]) ? "quote" : `"${text[opening]}"`} is not closed before line ${line} begins`,
    help,
  );
}

/** `${name}` without quotes in brackets: YAML takes the brace for a map. */
export function referenceIssue(text: string, start: number, end: number): RecipeIssue {
  const pattern = /^[^\s,[\]{}$]*(?:\$(?:\{[^\s,[\]{}]*\})?[^\s,[\]{}$]*)*/;
  const value = pattern.exec(text.slice(start, Math.min(end, start + 200)))![0];
  const isWhole = value.length <= 100 && value.includes("}");
  const help = isWhole ? `Write "${value}"` : 'Put the whole value in quotes, such as "out/${name}.glb"';
  const message = 'Inside { } and [ ], "${" needs quotes, as YAML takes its brace for a map';
  return issueAt(text, start, "bare-reference", message, help, Math.max(value.length, 2));
}
