/** What an {@linkcode InputFileError} points at. */
export interface InputFileErrorOptions {
  /** The file as the caller named it. */
  file: string;
  /** Where in the file's JSON, e.g. `/accessors/3/count`; absent when the fault is not in the JSON. */
  pointer?: string;
  /** What was thrown underneath, when something was. */
  cause?: unknown;
}

/**
 * An input file cannot be used: it is broken, hostile, or needs something we do
 * not have. The message is one sentence for a person: what failed, the rule and
 * what was found. The command line ends with exit code 3.
 *
 * @example Which file, and where in it
 * ```ts
 * import { InputFileError } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new InputFileError('Cannot read "a.glb" as it is empty', { file: "a.glb" });
 * assertEquals(error.file, "a.glb");
 * assertEquals(error.pointer, undefined);
 * ```
 */
export class InputFileError extends SyntaxError {
  /** Always `"InputFileError"`. */
  override readonly name: string = "InputFileError";
  /** The file as the caller named it. */
  readonly file: string;
  /** Where in the file's JSON; `undefined` when the fault is not in the JSON. */
  readonly pointer: string | undefined;

  /**
   * Makes an error about one file.
   *
   * @param message One sentence, capital first, no final period.
   * @param options The file, and where in it.
   */
  constructor(message: string, options: InputFileErrorOptions) {
    super(message, { cause: options.cause });
    this.file = options.file;
    this.pointer = options.pointer;
  }
}
