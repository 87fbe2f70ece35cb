import { parseArgs } from "@std/cli/parse-args";
import { nearest } from "../recipes/nearest.ts";
import { UsageError } from "./errors.ts";

/** What the command line asked for. */
export interface Arguments {
  /** The recipe's file. */
  readonly recipe: string;
  /** The folder outputs are relative to. */
  readonly out: string;
  /** Parameters, as text, by name. */
  readonly set: Readonly<Record<string, string>>;
  /** Print the report as JSON. */
  readonly json: boolean;
  /** Print nothing on success. */
  readonly quiet: boolean;
  /** Replace files we did not write. */
  readonly force: boolean;
  /** Print the help and stop. */
  readonly help: boolean;
  /** Print the version and stop. */
  readonly version: boolean;
}

const BOOLEANS = ["json", "quiet", "force", "help", "version"] as const;
const STRINGS = ["out"] as const;
const COLLECTED = ["set"] as const;
const FLAGS: readonly string[] = [...BOOLEANS, ...STRINGS, ...COLLECTED];

/**
 * Reads the command line.
 *
 * @throws {UsageError} If a flag is unknown or lacks its value, or there is not exactly one recipe.
 */
export function parseArguments(args: readonly string[]): Arguments {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    boolean: [...BOOLEANS],
    string: [...STRINGS, ...COLLECTED],
    collect: [...COLLECTED],
    default: { out: "." },
    alias: { h: "help", V: "version", q: "quiet", o: "out" },
    unknown: (arg: string) => {
      if (!/^-./.test(arg)) return true;
      unknown.push(arg);
      return false;
    },
  });
  if (unknown.length > 0) throw unknownFlag(unknown[0]);
  const recipes = parsed._.map(String);
  const asks = parsed.help || parsed.version;
  if (recipes.length === 0 && !asks) {
    throw new UsageError(`Cannot run as no recipe is named: write "meshtailor recipe.yaml", or --help`);
  }
  if (recipes.length > 1) {
    throw new UsageError(`Cannot run as one recipe is expected: there are ${recipes.length} (${recipes.join(", ")})`);
  }
  if (parsed.out === "") throw new UsageError(`Cannot run as --out needs a folder: write --out DIR`);
  return {
    recipe: recipes[0] ?? "",
    out: parsed.out,
    set: Object.fromEntries((parsed.set ?? []).map(assignment)),
    json: parsed.json,
    quiet: parsed.quiet,
    force: parsed.force,
    help: parsed.help,
    version: parsed.version,
  };
}

function assignment(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`Cannot read --set ${text} as it must be name=value: write --set clearance=8mm`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function unknownFlag(flag: string): UsageError {
  const name = flag.replace(/^-+/, "").split("=")[0];
  const meant = nearest(name, FLAGS);
  return new UsageError(
    `Cannot run as --${name} is no option${meant === undefined ? "" : `: did you mean --${meant}?`}`,
  );
}
