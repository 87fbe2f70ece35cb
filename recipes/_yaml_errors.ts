import type { YAMLError } from "yaml";
import { Scanner } from "./_scanner.ts";
import { listed, quote } from "./_words.ts";
import type { IssueCode } from "./issue.ts";

/** A fault of YAML in our words. */
export interface YamlFault {
  readonly code: IssueCode;
  readonly message: string;
  readonly help?: string;
  readonly offset: number;
  readonly length: number;
}

/** Says what the parser found in the words of people who do not know YAML's grammar, with a way out. */
export function describeYamlError(error: YAMLError, text: string): YamlFault {
  const place = new Place(text, error.pos[0]);
  const describe = BY_CODE[error.code] ?? other;
  return describe(place, error.message);
}

/** Where the parser stopped, and what stands around it. */
class Place {
  readonly #text: string;
  readonly offset: number;

  constructor(text: string, offset: number) {
    this.#text = text;
    this.offset = Math.min(offset, text.length);
  }

  get char(): string {
    return this.#text[this.offset] ?? "";
  }

  /** From here to the end of the line. */
  get rest(): string {
    return this.#text.slice(this.offset, this.lineEnd).trimEnd();
  }

  get lineStart(): number {
    return this.#text.lastIndexOf("\n", this.offset - 1) + 1;
  }

  get lineEnd(): number {
    const end = this.#text.indexOf("\n", this.offset);
    return end < 0 ? this.#text.length : end;
  }

  get line(): number {
    let line = 1;
    for (let at = this.#text.indexOf("\n"); at >= 0 && at < this.offset; at = this.#text.indexOf("\n", at + 1)) line++;
    return line;
  }

  /** The first character of the line that is not a space. */
  get contentStart(): Place {
    const line = this.#text.slice(this.lineStart, this.lineEnd);
    return this.at(this.lineStart + (line.length - line.trimStart().length));
  }

  /** Whether nothing stands before it on its line. */
  get isFirst(): boolean {
    return this.contentStart.offset >= this.offset;
  }

  /** The last character before it that is no space. */
  get before(): string {
    return this.#text.slice(Math.max(0, this.offset - 200), this.offset).trimEnd().at(-1) ?? "";
  }

  /** The offset behind {@linkcode before}. */
  get endOfBefore(): number {
    const from = Math.max(0, this.offset - 200);
    return from + this.#text.slice(from, this.offset).trimEnd().length;
  }

  get isBehindAlias(): boolean {
    return /(^|[\s,:[{-])\*[^\s,[\]{}]+\s*$/.test(
      this.#text.slice(Math.max(this.lineStart, this.offset - 200), this.offset),
    );
  }

  get isAtEnd(): boolean {
    return this.#text.slice(this.offset).trim() === "";
  }

  at(offset: number): Place {
    return new Place(this.#text, offset);
  }

  next(): Place {
    return this.at(this.lineEnd + 1).contentStart;
  }

  /** What is open here. */
  get open(): Scanner["open"] {
    const scanner = new Scanner(this.#text.slice(0, this.offset));
    scanner.run();
    return scanner.open;
  }

  fault(message: string, help?: string, length = 1, code: IssueCode = "bad-yaml"): YamlFault {
    return { code, message, offset: this.offset, length, ...(help === undefined ? {} : { help }) };
  }
}

type Describe = (place: Place, message: string) => YamlFault;

const BY_CODE: { readonly [code in string]?: Describe } = {
  BAD_INDENT: (place, message) =>
    /must be sufficiently indented|must end with/.test(message) ? openBracket(place) : indentation(place),
  BLOCK_AS_IMPLICIT_KEY: secondColon,
  BLOCK_IN_FLOW: (place) => missingComma(place),
  MISSING_CHAR: (place, message) => {
    if (message.includes("quote")) return openQuote(place);
    if (message.includes("must end with")) return openBracket(place);
    return message.includes("without -") ? indentation(place) : noColon(place);
  },
  MULTILINE_IMPLICIT_KEY: (place, message) => message.includes("flow") ? missingComma(place) : noColon(place),
  UNEXPECTED_TOKEN: unexpected,
  BAD_SCALAR_START: (place) =>
    place.fault(
      `A value cannot begin with ${quote(place.char)}`,
      `Put it in quotes: "${place.rest.slice(0, 40).replaceAll('"', "")}"`,
    ),
  BAD_DQ_ESCAPE: (place) =>
    place.fault(
      `In double quotes a backslash begins an escape, and ${quote(place.rest.slice(0, 2))} is none`,
      'Write "/" in paths, or put the text in single quotes',
      2,
    ),
  BAD_ALIAS: (place) =>
    place.fault(
      `${quote(place.char)} is followed by the name of a value that is repeated: here is none`,
      "Put quotes around it if it is text",
    ),
  MULTIPLE_ANCHORS: (place) =>
    place.fault("A value has at most one anchor: here is a second one", "Put quotes around it if it is text"),
  TAG_RESOLVE_FAILED: (place) =>
    place.fault('"!" begins a tag, and recipes have none', "Put quotes around it if it is text", 1, "yaml-tag"),
  TAB_AS_INDENT: (place) =>
    place.fault("Lines are indented with spaces: here is a tab", "Replace it with spaces", 1, "tab-indentation"),
};

function openQuote(place: Place): YamlFault {
  const { quote: start } = place.at(Infinity).open;
  const opening = start === undefined ? place : place.at(start);
  return opening.fault("The text that begins with this quote never ends", `Put another ${opening.char} where it ends`);
}

function openBracket(place: Place): YamlFault {
  const { bracket } = place.open;
  if (bracket === undefined) return other(place);
  const opening = place.at(bracket);
  const closer = opening.char === "{" ? "}" : "]";
  if (/[\]}]/.test(place.char) && place.char !== closer) {
    return place.fault(
      `${quote(opening.char)} in line ${opening.line} is closed by ${quote(closer)}: here is ${quote(place.char)}`,
      `Write ${closer}`,
    );
  }
  const until = place.isAtEnd ? "before the text ends" : `before line ${place.line} begins`;
  return opening.fault(`This ${quote(opening.char)} is not closed ${until}`, `Put ${closer} where it ends`);
}

function indentation(place: Place): YamlFault {
  const first = place.contentStart;
  const column = first.offset - first.lineStart;
  const fitting = [...new Set([...first.at(first.lineStart).open.columns, ...place.at(place.lineStart).open.columns])]
    .filter((other) => other !== column);
  const help = fitting.length === 0
    ? undefined
    : `Indent it by ${listed(fitting.toSorted((a, b) => a - b).map(String), "or")} spaces, as the lines above it are`;
  return first.fault(
    `Lines that belong together begin in the same column: this one begins in column ${column + 1}`,
    help,
    first.rest.length,
  );
}

/** `a: b: c`, or a line under a value as if it belonged to it. */
function secondColon(place: Place): YamlFault {
  if (/:(\s|$)/.test(place.rest) || place.rest.startsWith("?")) {
    return place.fault(
      "A map cannot begin behind a key on the same line: here is a second colon",
      "Put the value in quotes if the colon is part of it, or else begin a new line and indent it",
      place.rest.length,
    );
  }
  const next = place.next();
  return next.fault(
    `The key in line ${place.line} has a value already: this line is indented as if it belonged to it as well`,
    "Give it the indentation of the key it belongs to",
    next.rest.length,
  );
}

function noColon(place: Place): YamlFault {
  const size = place.rest.length;
  const glued = /^([\w-]+):\S/.exec(place.rest)?.[1];
  if (/^-\S/.test(place.rest)) {
    return place.fault(
      "An item of a list is a dash, a space and a value: here is no space",
      "Write a space after the dash",
      size,
    );
  }
  if (place.char === "-") {
    return place.fault(
      "Here an item of a list stands among the keys of a map",
      "Indent it under the key it belongs to",
      size,
    );
  }
  const help = glued === undefined
    ? "Write key: value, or indent the line if it goes on with the one above"
    : "Write a space after the colon";
  return place.fault("A line of a map is a key, a colon, a space and a value: this one is not", help, size);
}

function missingComma(place: Place): YamlFault {
  return place.fault(
    "Inside { } and [ ], commas stand between the parts: here one is missing",
    "Write { key: value, key: value }",
    place.rest.length,
  );
}

function unexpected(place: Place, message: string): YamlFault {
  const size = place.rest.length;
  if (message.includes("block-seq-ind")) {
    return place.fault(
      "A list with dashes begins on a line of its own",
      "Begin a new line before the dash, or write [first, second]",
      size,
    );
  }
  if (/flow-(seq|map)-end/.test(message)) {
    return place.fault(`${quote(place.char)} closes nothing that is open`, "Delete it, or put the text in quotes");
  }
  if (/Not a YAML token|Block scalar header/.test(message)) {
    return place.fault('Text behind "|" or ">" begins on the next line', "Begin a new line before it", size);
  }
  if (message.includes(": in flow")) {
    return place.fault("A colon stands behind a key: before this one is none", "Delete it, or write key: value");
  }
  if (/token$/.test(message) && !/[[{]/.test(place.char)) return missingComma(place);
  if (place.isBehindAlias) {
    const message = '"*" begins an alias, which is a whole value: here more follows it';
    return place.fault(message, "Put the value in quotes if the star is part of it", size);
  }
  if (place.isFirst) {
    return place.fault(
      "This line belongs neither to the list nor to the map above it",
      "Lines of one list all begin with a dash, lines of one map all with a key",
      size,
    );
  }
  if (place.before === "'" || place.before === '"') {
    const opening = place.at(place.endOfBefore - 1).open.quote;
    const closing = place.at(place.endOfBefore - 1);
    if (opening !== undefined && place.at(opening).line < closing.line) {
      return place.at(opening).fault(
        `The text that begins with this quote ends only in line ${closing.line}`,
        `Put another ${closing.char} where it ends`,
      );
    }
    const help = place.before === "'"
      ? "Write a quote inside single quotes twice: 'it''s'"
      : 'Write a quote inside double quotes as \\", or put the text in single quotes';
    return place.fault("The quoted text ends before this: nothing can follow it", help, size);
  }
  if (place.before === "]" || place.before === "}") {
    return place.fault(
      `What begins with a bracket ends with it: nothing can follow ${quote(place.before)}`,
      "Begin a new line, or put the whole value in quotes",
      size,
    );
  }
  if (place.char === "[" || place.char === "{") {
    return place.fault(
      `A bracket inside text needs quotes: here is ${quote(place.char)}`,
      "Put the whole value in quotes",
      size,
    );
  }
  return other(place);
}

function other(place: Place): YamlFault {
  return place.fault("Here the text is not YAML", "Put the value in quotes if it is text", place.rest.length);
}
