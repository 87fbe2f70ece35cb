import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";
import { plain } from "./layout.ts";

/** Options for {@linkcode explain}. */
export interface ExplainOptions {
  /** Show where in the code an unexpected failure arose. @default {false} */
  readonly trace?: boolean;
}

/** What was thrown, as sentences for a person: never a stack trace, except for faults of our own when asked for. */
export function explain(error: unknown, { trace = false }: ExplainOptions = {}): string[] {
  const { name, message = String(error) } = (error ?? {}) as Partial<Error>;
  if (name === "AbortError") return ["interrupted: nothing was written"];
  if (name === "NotCapable") return [`error: ${missingPermission(message)}`];
  const sentence = `error: ${plain(message)}`;
  return exitCodeOf(error) === EXIT_CODES.unexpected ? [sentence, ...where(error, trace)] : [sentence];
}

/** Where an unexpected failure arose, or how to see it. */
export function where(error: unknown, trace: boolean): string[] {
  if (!trace) return ["This was not expected: run again with --trace to see where in the code it arose"];
  const { stack, cause } = (error ?? {}) as Partial<Error>;
  return [
    ...stack === undefined ? [] : [plain(stack)],
    ...cause === undefined ? [] : ["caused by", ...where(cause, true)],
  ];
}

/** Deno says `Requires read access to "a.glb", run again with the --allow-read flag`. */
function missingPermission(message: string): string {
  const found = /Requires (\w+) access(?: to "?([^",]+)"?)?.*--allow-(\w+)/.exec(message);
  if (found === null) return plain(message);
  const [, access, what = "it", flag] = found;
  const verb = access === "write" ? "write" : access === "read" ? "read" : "use";
  return `Cannot ${verb} ${
    JSON.stringify(what)
  } without permission: run again with --allow-${flag} (deno run -RW cli.ts …)`;
}
