import { nearest } from "../recipes/nearest.ts";
import { UsageError } from "./errors.ts";
import { readFlags } from "./_read_flags.ts";
import { COMMON_FLAGS, type FlagName } from "./flags.ts";
import { findVerb, type Verb, VERBS } from "./verbs.ts";

/** What the command line asked for. */
export interface Arguments {
  /** What is to be done. */
  readonly verb: Verb;
  /** Whether it was named; else it is the first. */
  readonly isNamed: boolean;
  /** What it is done to. */
  readonly operands: readonly string[];
  /** Switches that are on. */
  readonly on: ReadonlySet<FlagName>;
  /** Values of flags that have one; the last where several are given. */
  readonly values: Readonly<Partial<Record<FlagName, string>>>;
  /** Parameters of `--set`, as text, by name. */
  readonly set: Readonly<Record<string, string>>;
  /** Modules of `--steps`, in order. */
  readonly steps: readonly string[];
}

/**
 * Reads the command line.
 *
 * @throws {UsageError} If a flag is unknown, is not for this verb or lacks its value, or there are too few or too many operands.
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { words, on, values } = readFlags(args);
  const named = findVerb(words[0]);
  const isNamed = named !== undefined;
  const verb = named ?? VERBS[0];
  const operands = isNamed ? words.slice(1) : words;
  const taken: readonly FlagName[] = [...verb.flags, ...COMMON_FLAGS];
  const stray = [...on, ...values.keys()].find((flag) => !taken.includes(flag));
  if (stray !== undefined) throw strayFlag(stray, verb);
  if (!on.has("help") && !on.has("version")) assertOperands(verb, operands, isNamed);
  return {
    verb,
    isNamed,
    operands,
    on,
    values: Object.fromEntries([...values].map(([flag, given]) => [flag, given.at(-1)!])),
    set: Object.fromEntries((values.get("set") ?? []).map(assignment)),
    steps: values.get("steps") ?? [],
  };
}

function assertOperands(verb: Verb, operands: readonly string[], isNamed: boolean): void {
  const [least, most] = verb.count;
  const usage = `write "meshtailor ${verb.name === "run" ? "" : `${verb.name} `}${verb.operands}"`;
  if (operands.length < least) {
    const what = verb.operands.startsWith("RECIPE") ? "recipe" : "file";
    throw new UsageError(`Cannot ${verb.name} as no ${what} is named: ${usage}, or --help`);
  }
  if (operands.length <= most) return;
  const meant = isNamed ? undefined : nearest(operands[0], VERBS.map(({ name }) => name));
  if (meant !== undefined) throw new UsageError(`Cannot run as "${operands[0]}" is no verb: did you mean "${meant}"?`);
  const takes = most === 1 ? "one name" : `at most ${most} names`;
  throw new UsageError(
    `Cannot read the command as ${verb.name} takes ${takes}: there are ${operands.length} (${
      operands.join(", ")
    }); ${usage}`,
  );
}

function assignment(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`Cannot read --set ${text} as it must be name=value: write --set clearance=8mm`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function strayFlag(flag: FlagName, verb: Verb): UsageError {
  const others = VERBS.filter(({ flags }) => flags.includes(flag)).map(({ name }) => name);
  return new UsageError(
    `Cannot use --${flag} with ${verb.name} as it is an option of ${
      others.join(", ")
    }: see meshtailor ${verb.name} --help`,
  );
}
