import { issueAt } from "./_scan_issues.ts";
import { Scanner } from "./_scanner.ts";
import type { RecipeIssue } from "./issue.ts";

/** The largest recipe that is read, bytes of UTF-8. */
export const MAX_BYTES = 1024 * 1024;

/** What one pass over the characters found. */
export interface ScanResult {
  /** What makes the text unfit for a YAML parser, with positions; at most one of each code but `bare-reference`. */
  readonly issues: readonly RecipeIssue[];
  /** Whether the text may have tags or keys that are not plain, which only a full parser can tell. */
  readonly isSuspicious: boolean;
}

/**
 * Looks at a text once, character by character, before any parser sees it: what is too large or too deep would keep a
 * parser busy, and what is indented with tabs is read differently by each.
 *
 * It follows quotes, comments, block scalars and brackets, so none of these hide or fake a fault.
 */
export function scanText(text: string): ScanResult {
  const unreadable = checkCharacters(text);
  if (unreadable !== undefined) return { issues: [unreadable], isSuspicious: false };
  const scanner = new Scanner(text);
  scanner.run();
  return { issues: scanner.issues, isSuspicious: scanner.isSuspicious };
}

// deno-lint-ignore no-control-regex -- they are what is refused
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]|\r(?!\n)/;

function checkCharacters(text: string): RecipeIssue | undefined {
  if (text.length > MAX_BYTES || new TextEncoder().encode(text).length > MAX_BYTES) {
    return issueAt(
      text,
      0,
      "file-too-large",
      "A recipe is at most 1 MiB of text: this file is larger",
      "Is it the right file?",
    );
  }
  if (/^(\ufffd\ufffd|\ufffe|.?\0.\0)/s.test(text)) {
    return issueAt(
      text,
      0,
      "not-text",
      "A recipe is UTF-8 text: this file looks like UTF-16",
      "Save it with encoding UTF-8",
    );
  }
  const found = FORBIDDEN.exec(text);
  if (found !== null) {
    const code = found[0].charCodeAt(0);
    const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    const help = code === 13 ? "End lines with a line feed" : code === 0 ? "Is it a text file?" : "Delete it";
    return issueAt(
      text,
      found.index,
      "not-text",
      `A recipe is plain text: here is the control character ${name}`,
      help,
    );
  }
  const undecoded = text.indexOf("\ufffd");
  if (undecoded >= 0) {
    const help = "Save it with encoding UTF-8";
    return issueAt(text, undecoded, "not-text", "A recipe is UTF-8 text: this character is in another encoding", help);
  }
  if (!text.isWellFormed()) {
    const at = text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    return issueAt(text, at, "not-text", "A recipe is plain text: here is half of a character", "Delete it");
  }
  return undefined;
}
