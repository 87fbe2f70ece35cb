/** The command line was not understood. */
export class UsageError extends SyntaxError {
  override name = "UsageError";
}

/** An output cannot be written where it should go; nothing was. */
export class OutputError extends TypeError {
  override name = "OutputError";
}
