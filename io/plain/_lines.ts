import { InputFileError } from "../gltf/input_file_error.ts";

const NEWLINE = 0x0a, BACKSLASH = 0x5c;

/**
 * Walks through the words of a text, line by line. A backslash at the end of a
 * line joins it with the next.
 */
export class Lines {
  /** The line the last word stood in, from 1. */
  line = 0;
  readonly #text: string;
  #at = 0;
  #isLineOpen = false;

  /** @param file The file as the caller named it. */
  constructor(readonly file: string, bytes: Uint8Array) {
    this.#text = new TextDecoder().decode(bytes);
  }

  /** Goes to the next line that has a word and returns its first; `undefined` at the end. */
  nextLine(): string | undefined {
    while (this.#at < this.#text.length) {
      this.#skipRest();
      this.#isLineOpen = true;
      this.line++;
      const word = this.word();
      if (word !== undefined) return word;
    }
    return undefined;
  }

  /** The next word of the line; `undefined` at its end. */
  word(): string | undefined {
    const text = this.#text;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === NEWLINE) return undefined;
      if (code === BACKSLASH && this.#joinsNext()) continue;
      if (!isSpace(code)) break;
      this.#at++;
    }
    const start = this.#at;
    while (this.#at < text.length && !isSpace(text.charCodeAt(this.#at))) this.#at++;
    return start === this.#at ? undefined : text.slice(start, this.#at);
  }

  /** What is left of the line, without spaces around it. */
  rest(): string {
    const end = this.#text.indexOf("\n", this.#at), start = this.#at;
    this.#at = end < 0 ? this.#text.length : end;
    return this.#text.slice(start, this.#at).trim();
  }

  /** The next word of the line as a number; `NaN` when there is none or it is no number. */
  number(): number {
    const word = this.word();
    return word === undefined ? NaN : Number(word);
  }

  /** Refuses the file for something in the line of the last word. */
  refuse(rule: string, found: string): never {
    throw lineFault(this.file, this.line, rule, found);
  }

  #skipRest(): void {
    if (!this.#isLineOpen) return;
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }

  #joinsNext(): boolean {
    const found = /^\\\r?\n/.exec(this.#text.slice(this.#at, this.#at + 3));
    if (found === null) return false;
    this.#at += found[0].length;
    this.line++;
    return true;
  }
}

/** The one sentence that refuses a text file. */
export function lineFault(file: string, line: number, rule: string, found: string): InputFileError {
  return new InputFileError(`Cannot read ${JSON.stringify(file)} at line ${line} as ${rule}: ${found}`, { file });
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 9 && code <= 13);
}
