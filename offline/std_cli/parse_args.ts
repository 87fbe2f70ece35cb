/**
 * Reads command line arguments, as `@std/cli/parse-args` does.
 *
 * @module
 */

// @ts-types="npm:@types/minimist@1.2.5"
import minimist from "npm:minimist@1.2.8";

/** Options for {@linkcode parseArgs}; a name stands without its dashes. */
export interface ParseOptions<
  TBooleans extends string = never,
  TStrings extends string = never,
  TCollectable extends string = never,
  TNegatable extends string = never,
  TDefaults extends Record<string, unknown> = Record<never, never>,
  TDoubleDash extends boolean = false,
> {
  /** Put what follows `--` under that name instead of `_`. @default {false} */
  "--"?: TDoubleDash;
  /** Other names of a flag: both are set. @default {{}} */
  alias?: Record<string, string | readonly string[]>;
  /** Flags without a value, `false` where absent; `true` for all double-dashed flags without `=`. @default {[]} */
  boolean?: boolean | TBooleans | readonly TBooleans[];
  /** Values of absent flags. @default {{}} */
  default?: TDefaults;
  /** Leave everything after the first argument that is no flag unread, in `_`. @default {false} */
  stopEarly?: boolean;
  /** Flags whose value stays text. @default {[]} */
  string?: TStrings | readonly TStrings[];
  /** Flags that may repeat: an array of all values, where of others the last one wins. @default {[]} */
  collect?: TCollectable | readonly TCollectable[];
  /** Flags that `--no-name` sets to `false`. @default {[]} */
  negatable?: TNegatable | readonly TNegatable[];
  /** Called with what is not declared, `key` being a flag's name; what it answers `false` to is left out. */
  unknown?: (arg: string, key?: string) => unknown;
}

type Flag<TName, TValue, TCollectable, TNegatable> = TName extends TCollectable ? TValue[]
  : TName extends TNegatable ? TValue | false
  : TValue;

type Absent<TName, TCollectable, TDefaults> = TName extends TCollectable ? never
  : TName extends keyof TDefaults ? TDefaults[TName]
  : undefined;

/** What {@linkcode parseArgs} returns: declared flags typed, others `unknown`; all of them `any` when none is declared. */
export type Args<
  TBooleans extends string = never,
  TStrings extends string = never,
  TCollectable extends string = never,
  TNegatable extends string = never,
  TDefaults extends Record<string, unknown> = Record<never, never>,
  TDoubleDash extends boolean = false,
> =
  // deno-lint-ignore no-explicit-any -- as in the original
  & ([TBooleans | TStrings | TCollectable] extends [never] ? Record<string, any>
    : Record<string, unknown>)
  & { [K in TBooleans]: boolean }
  & {
    [K in TStrings]:
      | Flag<K, string, TCollectable, TNegatable>
      | Absent<K, TCollectable, TDefaults>;
  }
  & { _: Array<string | number> }
  & (TDoubleDash extends true ? { "--": string[] } : unknown);

/**
 * Reads command line arguments.
 *
 * A value that looks like a number becomes one unless its flag is declared a string.
 *
 * @typeParam TBooleans Names of the flags without a value.
 * @typeParam TStrings Names of the flags whose value stays text.
 * @typeParam TCollectable Names of the flags that may repeat.
 * @typeParam TNegatable Names of the flags with a `--no-` form.
 * @typeParam TDefaults Values of absent flags.
 * @typeParam TDoubleDash Whether the result has a `--`.
 * @param args The arguments, as in `Deno.args`; left as they are.
 * @param options What the flags are.
 * @returns The flags by name, and in `_` what was no flag.
 *
 * @example A flag that may repeat
 * ```ts
 * import { parseArgs } from "@std/cli/parse-args";
 * import { assertEquals } from "@std/assert";
 *
 * const args = parseArgs(["--set", "a=1", "--set", "b=2"], { string: ["set"], collect: ["set"] });
 * assertEquals(args.set, ["a=1", "b=2"]);
 * ```
 */
export function parseArgs<
  const TBooleans extends string = never,
  const TStrings extends string = never,
  const TCollectable extends string = never,
  const TNegatable extends string = never,
  TDefaults extends Record<string, unknown> = Record<never, never>,
  TDoubleDash extends boolean = false,
>(
  args: readonly string[],
  options: ParseOptions<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TDoubleDash
  > = {},
): Args<TBooleans, TStrings, TCollectable, TNegatable, TDefaults, TDoubleDash> {
  const { alias = {}, string, collect, negatable } = options;
  const booleans = typeof options.boolean === "boolean" ? [] : listed(options.boolean);
  const defaults = options.default ?? {};
  const declared = withAliases([
    ...booleans,
    ...listed(string),
    ...listed(collect),
    ...Object.keys(alias),
  ], alias);
  const mayNegate = withAliases(listed(negatable), alias);
  const parsed = minimist(args.map((arg) => guardArgument(arg, mayNegate)), {
    boolean: options.boolean === true || booleans.map(guard),
    string: listed(string).map(guard),
    alias: guardKeys(alias, (others) => listed(others).map(guard)),
    default: guardKeys(defaults, (value) => value),
    stopEarly: options.stopEarly ?? false,
    "--": options["--"] ?? false,
    unknown: (arg) => isWanted(unguard(arg), declared, options.unknown),
  });
  return settled(parsed, {
    collected: withAliases(listed(collect), alias),
    strings: withAliases(listed(string), alias),
    defaultValues: new Set(Object.values(defaults)),
  }) as Args<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TDoubleDash
  >;
}

// minimist takes every `--no-name` for a negation; a NUL, which no process argument can hold, hides the others from it.
const GUARD = "\0";

function guard(name: string): string {
  return name.startsWith("no-") ? GUARD + name : name;
}

function guardKeys<T, R>(
  record: Record<string, T>,
  turn: (value: T) => R,
): Record<string, R> {
  const entries = Object.entries(record);
  return Object.fromEntries(
    entries.map(([name, value]) => [guard(name), turn(value)]),
  );
}

function guardArgument(arg: string, mayNegate: ReadonlySet<string>): string {
  if (!arg.startsWith("--no-") || mayNegate.has(arg.slice("--no-".length))) {
    return arg;
  }
  return `--${guard(arg.slice("--".length))}`;
}

function unguard(text: string): string {
  return text.replace(GUARD, "");
}

function listed(
  names: string | readonly string[] | undefined,
): readonly string[] {
  return typeof names === "string" ? [names] : names ?? [];
}

function withAliases(
  names: readonly string[],
  alias: Record<string, string | readonly string[]>,
): Set<string> {
  const all = new Set(names);
  for (const [name, others] of Object.entries(alias)) {
    const group = [name, ...listed(others)];
    if (group.some((member) => all.has(member))) {
      group.forEach((member) => all.add(member));
    }
  }
  return all;
}

// minimist asks about collected flags too, which it has not heard of.
function isWanted(
  arg: string,
  declared: ReadonlySet<string>,
  unknown: ParseOptions["unknown"],
): boolean {
  if (!/^-./.test(arg)) return unknown?.(arg) !== false;
  const letters = /^-([A-Za-z]+)/.exec(arg)?.[1] ?? arg[1]!;
  const key = /^--([^=]+)/.exec(arg)?.[1] ??
    [...letters].find((letter) => !declared.has(letter));
  return key === undefined || declared.has(key) ||
    unknown?.(arg, key) !== false;
}

interface Settlement {
  collected: ReadonlySet<string>;
  strings: ReadonlySet<string>;
  defaultValues: ReadonlySet<unknown>;
}

/** Turns minimist's arrays of repeated values into what was asked for: all of a collected flag, the last of another. */
function settled(
  parsed: Record<string, unknown>,
  { collected, strings, defaultValues }: Settlement,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parsed)) {
    const name = unguard(key);
    if (name === "_" || name === "--") {
      result[name] = (value as unknown[]).map((entry) => typeof entry === "string" ? unguard(entry) : entry);
    } else if (defaultValues.has(value) && typeof value === "object") {
      result[name] = value;
    } else if (collected.has(name)) {
      result[name] = Array.isArray(value) ? value : [value];
    } else {
      result[name] = Array.isArray(value) ? value.at(-1) : value;
    }
  }
  for (const name of collected) {
    if (strings.has(name)) result[name] ??= [];
  }
  return result;
}
