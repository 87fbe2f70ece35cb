import { MAX_DEPTH, MAX_NODES } from "./_node.ts";
import {
  commaIssue,
  depthIssue,
  directiveIssue,
  openIssue,
  referenceIssue,
  sizeIssue,
  tabIssue,
} from "./_scan_issues.ts";
import type { RecipeIssue } from "./issue.ts";

/** No value: between lines, nothing is open. */
const NONE = -2;

/** Follows quotes, comments, block scalars and brackets line by line, as closely as finding faults needs. */
export class Scanner {
  readonly issues: RecipeIssue[] = [];
  isSuspicious = false;
  readonly #text: string;
  #at = 0;
  /** The quote a scalar that is open began with. */
  #quote = "";
  /** Open brackets. */
  #flow = 0;
  /** The column of what holds the outermost of them, or the open quote. */
  #holder = NONE;
  /** In brackets: whether a value may begin here, so that a quote is a quote and `!` a tag. */
  #mayBegin = true;
  /** In brackets: whether nothing stands between here and the bracket or comma before. */
  #isPartEmpty = true;
  /** The column of what holds the block scalar that is open, or {@linkcode NONE}. */
  #block = NONE;
  /** The column of what holds the plain scalar that may go on in the next line, or {@linkcode NONE}. */
  #plain = NONE;
  /** Columns of the lists and maps that are open, from the outside in. */
  readonly #columns: number[] = [];
  /** Where the open brackets and the open quote stand. */
  readonly #brackets: number[] = [];
  #quoteAt = 0;
  /** Keys, items, brackets and lines of plain text so far: at most twice the values they make, in any text people write. */
  #parts = 0;
  #hasTabs = false;
  #isStopped = false;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  /** What is open where the scan stopped, for messages about what is never closed. */
  get open(): { bracket: number | undefined; quote: number | undefined; columns: readonly number[] } {
    return {
      bracket: this.#brackets.at(-1),
      quote: this.#quote === "" ? undefined : this.#quoteAt,
      columns: this.#columns,
    };
  }

  run(): void {
    while (this.#at < this.#text.length && !this.#isStopped && this.issues.length < 20) this.#line();
  }

  #line(): void {
    const start = this.#at;
    const end = this.#lineEnd();
    while (this.#at < end && this.#text[this.#at] === " ") this.#at++;
    const indent = this.#at - start;
    const isBlank = this.#at >= end;
    if (this.#block !== NONE && (isBlank || indent > this.#block)) return this.#next(end);
    this.#block = NONE;
    if (this.#quote !== "" && !isBlank) this.#checkIndent(indent, this.#quoteAt);
    if (this.#quote !== "") this.#quoted(end);
    else if (!isBlank) this.#indented(start, indent, end);
    this.#rest(end, start);
    this.#next(end);
  }

  /** A line that does not begin inside quotes: its indentation counts, unless brackets or a plain scalar go on. */
  #indented(start: number, indent: number, end: number): void {
    if (this.#text[this.#at] === "\t") {
      this.#skipBlanks(end);
      if (this.#at < end && this.#text[this.#at] !== "#") this.#refuseTab(start, end);
      return;
    }
    if (this.#text[this.#at] === "#") return;
    if (this.#flow > 0) return this.#checkIndent(indent, this.#brackets.at(-1)!);
    if (this.#plain !== NONE && indent > this.#plain) {
      this.#count();
      this.#at = end;
      return;
    }
    this.#plain = NONE;
    if (indent === 0 && /^(---|\.\.\.)(\s|$)/.test(this.#text.slice(this.#at, this.#at + 4))) this.#at += 3;
    if (indent === 0 && this.#text[this.#at] === "%" && this.#columns.length === 0) this.#refuseDirective(start, end);
    while (this.#columns.length > 0 && this.#columns.at(-1)! >= indent) this.#columns.pop();
  }

  /**
   * Parsers differ on lines inside brackets and quotes that are indented like those outside: they are refused, but for
   * the last bracket. Most of them come from a bracket or a quote that was never closed.
   */
  #checkIndent(indent: number, opening: number): void {
    if (indent > this.#holder) return;
    const isEnd = this.#quote === "" && this.#flow === 1 && indent === this.#holder &&
      /[\]}]/.test(this.#text[this.#at]);
    if (isEnd) return;
    this.issues.push(openIssue(this.#text, opening, this.#at, this.#holder));
    // What follows was most likely meant to stand outside: nothing more can be said.
    this.#isStopped = true;
  }

  /** What is left of a line: properties, keys, values, brackets, up to a comment. */
  #rest(end: number, start: number): void {
    let holder = this.#columns.at(-1) ?? -1;
    while (this.#at < end && !this.#isStopped) {
      if (this.#flow > 0) {
        this.#flowPart(end);
        continue;
      }
      this.#skipBlanks(end);
      if (this.#at >= end || this.#text[this.#at] === "#") return;
      this.#count();
      const column = this.#at - start;
      const c = this.#text[this.#at], next = this.#text[this.#at + 1];
      if ((c === "-" || c === "?") && (next === undefined || /\s/.test(next))) {
        if (c === "?") this.isSuspicious = true;
        this.#open(column, start);
        holder = column;
        this.#at++;
        if (next === "\t") this.#refuseTab(start, end);
      } else if (c === ":" && (next === undefined || /\s/.test(next))) {
        // A colon where a value begins: its key is complex, or there is none.
        this.isSuspicious = true;
        this.#at++;
      } else if (c === "&" || c === "!") this.#property();
      else if (c === "|" || c === ">") {
        this.#block = holder;
        this.#at = end;
      } else if (c === "[" || c === "{") {
        this.#flow = 1;
        this.#holder = holder;
        this.#mayBegin = this.#isPartEmpty = true;
        this.#brackets.push(this.#at++);
      } else if (c === '"' || c === "'") {
        this.#holder = holder;
        this.#quote = c;
        this.#quoteAt = this.#at++;
        this.#quoted(end);
        if (this.#isKeyAhead(end)) holder = this.#openKey(column, start);
      } else if (this.#plainScalar(end)) holder = this.#openKey(column, start);
      else this.#plain = holder;
    }
  }

  /** Reads to the end of a plain scalar in a block; whether it is a key. */
  #plainScalar(end: number): boolean {
    const isAlias = this.#text[this.#at] === "*";
    for (; this.#at < end; this.#at++) {
      const c = this.#text[this.#at];
      if (c === ":" && (this.#at + 1 >= end || /\s/.test(this.#text[this.#at + 1]))) {
        if (isAlias) this.isSuspicious = true;
        return true;
      }
      if (c === "#" && /\s/.test(this.#text[this.#at - 1])) return false;
    }
    return false;
  }

  #flowPart(end: number): void {
    const c = this.#text[this.#at], isPartEmpty = this.#isPartEmpty;
    if (c === " " || c === "\t") {
      this.#at++;
      return;
    }
    if (c === "#" && /\s/.test(this.#text[this.#at - 1] ?? " ")) {
      this.#at = end;
      return;
    }
    this.#isPartEmpty = c === "," || c === "[" || c === "{";
    if (c === "," && isPartEmpty) this.#refuseComma();
    else if (c === "[" || c === "{") {
      this.#count();
      this.#brackets.push(this.#at++);
      this.#mayBegin = true;
      if (++this.#flow + this.#columns.length > MAX_DEPTH) this.#refuseDepth(this.#at - 1);
    } else if (c === "]" || c === "}") {
      this.#at++;
      this.#flow--;
      this.#brackets.pop();
      this.#mayBegin = false;
      if (this.#isKeyAhead(end)) this.isSuspicious = true;
    } else if (c === "," || c === ":") {
      this.#count();
      if (c === ":" && this.#mayBegin) this.isSuspicious = true;
      this.#at++;
      this.#mayBegin = true;
    } else if (this.#mayBegin && (c === '"' || c === "'")) {
      this.#mayBegin = false;
      this.#quote = c;
      this.#quoteAt = this.#at++;
      this.#quoted(end);
    } else if (this.#mayBegin && (c === "!" || c === "&")) this.#property();
    else {
      if (this.#mayBegin && c === "?") this.isSuspicious = true;
      this.#mayBegin = false;
      this.#flowScalar(end);
      if (c === "*" && this.#text[this.#at] === ":") this.isSuspicious = true;
    }
  }

  /** Reads to the end of a plain scalar in brackets. */
  #flowScalar(end: number): void {
    const start = this.#at;
    for (; this.#at < end; this.#at++) {
      const c = this.#text[this.#at], next = this.#text[this.#at + 1];
      if (c === "$" && next === "{") return this.#refuseReference(start, end);
      if (c === "," || c === "[" || c === "]" || c === "{" || c === "}") return;
      if (c === ":" && (next === undefined || /[\s,[\]{}]/.test(next))) return;
      if (c === "#" && /\s/.test(this.#text[this.#at - 1])) return;
    }
  }

  /** Reads to the end of the quotes, or of the line. */
  #quoted(end: number): void {
    for (; this.#at < end; this.#at++) {
      const c = this.#text[this.#at];
      if (c === "\\" && this.#quote === '"') this.#at++;
      else if (c === this.#quote && c === "'" && this.#text[this.#at + 1] === "'") this.#at++;
      else if (c === this.#quote) {
        this.#quote = "";
        this.#at++;
        return;
      }
    }
    this.#at = Math.min(this.#at, end);
  }

  /** An anchor or a tag. */
  #property(): void {
    if (this.#text[this.#at] === "!") this.isSuspicious = true;
    while (this.#at < this.#text.length && !/[\s,[\]{}]/.test(this.#text[this.#at])) this.#at++;
  }

  #openKey(column: number, start: number): number {
    this.#open(column, start);
    this.#at++;
    return column;
  }

  #open(column: number, start: number): void {
    if (this.#columns.at(-1) !== column) this.#columns.push(column);
    if (this.#columns.length > MAX_DEPTH) this.#refuseDepth(start + column);
  }

  /** Whether what just ended is a key. Its colon is left where it is. */
  #isKeyAhead(end: number): boolean {
    let at = this.#at;
    while (at < end && (this.#text[at] === " " || this.#text[at] === "\t")) at++;
    if (this.#text[at] !== ":" || at >= end) return false;
    if (this.#flow === 0) this.#at = at;
    return true;
  }

  #skipBlanks(end: number): void {
    while (this.#at < end && (this.#text[this.#at] === " " || this.#text[this.#at] === "\t")) this.#at++;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#at);
    if (end < 0) return this.#text.length;
    return end > this.#at && this.#text[end - 1] === "\r" ? end - 1 : end;
  }

  #next(end: number): void {
    this.#at = Math.max(this.#at, end + (this.#text[end] === "\r" ? 2 : 1));
  }

  /** A parser would read far more values than a recipe has before anybody counted them. */
  #count(): void {
    if (++this.#parts <= 2 * MAX_NODES) return;
    this.issues.push(sizeIssue(this.#text, this.#at));
    this.#isStopped = true;
  }

  #refuseTab(start: number, end: number): void {
    if (!this.#hasTabs) this.issues.push(tabIssue(this.#text, start, end));
    this.#hasTabs = true;
  }

  #refuseDirective(start: number, end: number): void {
    this.issues.push(directiveIssue(this.#text, start, end));
    this.#at = end;
  }

  #refuseDepth(offset: number): void {
    this.issues.push(depthIssue(this.#text, offset, this.#flow > 0));
    // Nothing deeper matters, and a parser must not see it.
    this.#isStopped = true;
  }

  /** Parsers differ on a comma behind a comma: one reads nothing there, the other null. */
  #refuseComma(): void {
    this.issues.push(commaIssue(this.#text, this.#at));
    this.#isStopped = true;
  }

  #refuseReference(start: number, end: number): void {
    const issue = referenceIssue(this.#text, start, end);
    this.issues.push(issue);
    this.#at = Math.max(this.#at + 2, start + issue.endColumn! - issue.column);
  }
}
