/**
 * Values for every option of a catalogue: right ones, ones of another kind, ones out of range. They follow from the
 * definitions, so a step that is added is in every test of the language from that day on.
 *
 * @module
 */
import type { JsonSchema, Option, Step } from "../../recipes/mod.ts";

/** One option of a step, a part of a group included. */
export interface Leaf {
  readonly step: Step;
  /** Its keys from the step inwards: `["penetration", "max"]`. */
  readonly keys: readonly string[];
  readonly option: Option;
}

/** Every option of a step, groups before their parts. */
export function leavesOf(step: Step): Leaf[] {
  const inside = (parts: Readonly<Record<string, Option>>, keys: readonly string[]): Leaf[] =>
    Object.entries(parts).flatMap(([key, option]) => [
      { step, keys: [...keys, key], option },
      ...inside(option.parts ?? {}, [...keys, key]),
    ]);
  return inside(step.options, []);
}

/** Of another kind, as they stand in YAML; the empty text is a key without a value. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  length: ["thick", "8 mm", "8deg", "[8mm]", "{ a: b }", "", "''"],
  angle: ["30", "steep", "30mm", "[30deg]", "{ a: b }", ""],
  ratio: ["half", "40pct", "[0.4]", "{ a: b }", ""],
  number: ["much", "0x1F", "1_0", "0.5mm", ".nan", "[1]", "{ a: b }", ""],
  integer: ["four", "1.5", "017", "[4]", "{ a: b }", ""],
  boolean: ["yes", "no", "True", "1", "[true]", "{ a: b }", ""],
  enum: ["", "[none]", "{ a: b }", "nothing-of-the-kind"],
  text: ["[skin]", "{ a: b }", "", "''"],
  memory: ["lots", "2", "2MB", "[2MiB]", "{ a: b }", ""],
  time: ["long", "5", "5h", "[5s]", "{ a: b }", ""],
  list: ["left", "{ a: b }", ""],
  names: ["{ a: b }", "[]", "", "''"],
  selection: ["{ a: b }", "[]", "", "3d", "a b"],
  group: ["left", "[left]", ""],
};
const PLAIN: Readonly<Record<string, string>> = {
  length: "8mm",
  angle: "30deg",
  ratio: "40%",
  number: "0.5",
  integer: "4",
  boolean: "true",
  text: "skin",
  memory: "2MiB",
  time: "5s",
  names: "Steel",
  selection: "some",
};

/** Values of another kind, which the check has to refuse. */
export function wrongValues({ kind }: Option): readonly string[] {
  return WRONG[kind] ?? unknownKind(kind);
}

/** A value the option takes: its default where it has one, else one inside its range. */
export function rightValue(option: Option): string {
  const { kind, parts } = option;
  if (parts !== undefined) {
    const isAsked = option.schema().minProperties === 1;
    const needed = Object.entries(parts).filter(([, part], i) => part.required || isAsked && i === 0);
    return `{ ${needed.map(([key, part]) => `${key}: ${rightValue(part)}`).join(", ")} }`;
  }
  if (option.default !== undefined) return option.print(option.default);
  if (kind === "enum") return wordsOf(option)[0];
  if (kind === "list") return "[]";
  const { min, max } = rangeOf(option);
  return min ?? max ?? PLAIN[kind] ?? unknownKind(kind);
}

/** Values just outside the range of an option; none where it has no range. */
export function valuesOutOfRange(option: Option): string[] {
  if (option.kind === "list") return []; // it is its items that have one
  const { min, max } = rangeOf(option);
  return [...(min === undefined ? [] : [moved(min, -1)]), ...(max === undefined ? [] : [moved(max, 1)])]
    .filter((value) => option.kind !== "memory" || !value.startsWith("-"));
}

/** The words of an enum, from its schema. */
export function wordsOf(option: Option): readonly string[] {
  const schema = option.schema();
  const all = [schema, ...(schema.anyOf as JsonSchema[] | undefined ?? [])];
  return all.flatMap(({ enum: words }) => Array.isArray(words) ? words : []);
}

/** What the option says it takes holds its range: `a length from 0mm to 50mm`. */
function rangeOf({ takes }: Option): { min?: string; max?: string } {
  const [, from, to] = /\bfrom (\S+) to (\S+)$/.exec(takes) ?? [];
  const min = from ?? /\bof at least (\S+)$/.exec(takes)?.[1], max = to ?? /\bof at most (\S+)$/.exec(takes)?.[1];
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function moved(value: string, by: number): string {
  const [, number, unit] = /^(-?[\d.]+)(.*)$/.exec(value)!;
  return `${Number(number) + by}${unit}`;
}

function unknownKind(kind: string): never {
  throw new TypeError(`Cannot make up values of kind "${kind}": teach tests/recipes/_option_samples.ts`);
}
