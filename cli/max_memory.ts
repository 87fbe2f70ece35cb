import { memory, type OptionContext, Problem } from "../recipes/options.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";

/**
 * The budget of `--max-memory`, bytes; none without the flag.
 *
 * @throws {UsageError} If it is no amount of memory.
 */
export function maxBytesOf({ values }: Arguments): number {
  const text = values["max-memory"];
  if (text === undefined) return Infinity;
  const context: OptionContext = { subject: "--max-memory", resolve: (text) => ({ text }), inside: () => context };
  const found = memory({ doc: "" }).parse(text, context);
  if (!(found instanceof Problem)) return found;
  const { message, help } = found.faults[0];
  throw new UsageError(help === undefined ? message : `${message}; ${help.charAt(0).toLowerCase()}${help.slice(1)}`);
}
