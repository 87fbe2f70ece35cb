import { type JsonSchema, Misreading, notAmong, type Option, type OptionDefinition, scalar } from "./_option.ts";
import {
  DECIMAL_PATTERN,
  quantityPattern,
  rangeRule,
  rangeSuffix,
  readDecimal,
  readQuantity,
  tidy,
  type Units,
} from "./_quantity.ts";
import { ANGLE_UNITS, LENGTH_UNITS, MEMORY_UNITS, RATIO_UNITS, TIME_UNITS } from "./_units.ts";
import { nearest } from "./nearest.ts";
import { RelativeLength } from "./_relative_length.ts";

export { group, type GroupValues, list, optional } from "./_composite.ts";
export {
  type JsonSchema,
  Misreading,
  type Option,
  type OptionContext,
  type OptionDefinition,
  Problem,
  type ResolvedText,
  scalar,
  type ScalarKind,
} from "./_option.ts";
export type { RecipeNode } from "./_node.ts";
export { RelativeLength, resolveLengths } from "./_relative_length.ts";

/** What options with numbers have. */
export interface NumberDefinition extends OptionDefinition<number> {
  /** The least it may be, in the unit the code works with. */
  readonly min?: number;
  /** The most it may be, in the unit the code works with. */
  readonly max?: number;
}

/** What a length may have beside its range. */
export interface LengthDefinition extends Omit<NumberDefinition, "default"> {
  /** Metres, or a share of the bounds of `mesh`. */
  readonly default?: number | RelativeLength;
}

/**
 * A length: `8mm`, `0.5cm`, `0.01m`, `0.01` (metres), or `0.5%bbox` of the diagonal of the bounds of `mesh`.
 *
 * A step receives metres; in a checked recipe relative ones are still {@linkcode RelativeLength}.
 *
 * @example
 * ```ts
 * import { length } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const clearance = length({ default: 0.005, min: 0, doc: "Air between skin and cloth" });
 * assertEquals(clearance.print(clearance.default), "5mm");
 * ```
 */
export function length(definition: LengthDefinition): Option<number> {
  const print = (value: number | RelativeLength) =>
    value instanceof RelativeLength ? value.print() : LENGTH_UNITS.print(value);
  const option = scalar<number | RelativeLength>({
    kind: "length",
    example: "a length, such as 8mm or 0.5%bbox",
    takes: `a length${rangeSuffix(definition, print)}`,
    read: (text) => {
      const quantity = readQuantity(text, LENGTH_UNITS);
      if (quantity instanceof Misreading) return quantity;
      return quantity.unit === "%bbox" ? new RelativeLength(quantity.value, definition) : quantity.value;
    },
    check: (value) => value instanceof RelativeLength ? value.rule() : rangeRule(value, definition, print),
    print,
    schema: quantitySchema(LENGTH_UNITS, definition),
  }, definition);
  // Relative lengths become numbers before a step runs: see resolveLengths().
  return option as Option<number>;
}

/** An angle: `30deg` or `0.5rad`; a bare number is an error. A step receives radians. */
export function angle(definition: NumberDefinition): Option<number> {
  return quantity("angle", "an angle, such as 30deg", ANGLE_UNITS, definition);
}

/** A share: `40%` or `0.4`. A step receives 0.4. @default min 0, max 1 */
export function ratio(definition: NumberDefinition): Option<number> {
  return quantity("ratio", "a ratio, such as 40% or 0.4", RATIO_UNITS, { min: 0, max: 1, ...definition });
}

/** Memory: `256MiB`. A step receives bytes. */
export function memory(definition: NumberDefinition): Option<number> {
  return quantity("memory", "an amount of memory, such as 256MiB", MEMORY_UNITS, { min: 1, ...definition }, Math.floor);
}

/** A span of time: `30s`, `500ms`, `2min`. A step receives milliseconds. */
export function time(definition: NumberDefinition): Option<number> {
  return quantity("time", "a time, such as 30s", TIME_UNITS, { min: 0, ...definition });
}

/** A decimal number without a unit: `-3`, `0.5`, `1e-3`. */
export function number(definition: NumberDefinition): Option<number> {
  return scalar({
    kind: "number",
    example: "a number, such as 0.5",
    takes: `a number${rangeSuffix(definition, tidy)}`,
    accepts: ["integer"],
    read: (text) => withoutUnit(text, readDecimal(text)),
    check: (value) => rangeRule(value, definition, tidy),
    print: tidy,
    schema: { anyOf: [{ type: "number", ...bounds(definition) }, { type: "string", pattern: `^${DECIMAL_PATTERN}$` }] },
  }, definition);
}

/** A whole number: `4`, `-1`. */
export function integer(definition: NumberDefinition): Option<number> {
  return scalar({
    kind: "integer",
    example: "a whole number, such as 4",
    takes: `a whole number${rangeSuffix(definition, tidy)}`,
    read: (text) => {
      const value = withoutUnit(text, readDecimal(text));
      if (value instanceof Misreading || (Number.isSafeInteger(value) && /^-?\d+$/.test(text))) return value;
      return new Misreading(Number.isInteger(value) ? "is not written as one" : "is not whole");
    },
    check: (value) => rangeRule(value, definition, tidy),
    print: tidy,
    schema: { anyOf: [{ type: "integer", ...bounds(definition) }, { type: "string", pattern: "^-?(0|[1-9][0-9]*)$" }] },
  }, definition);
}

/** `true` or `false`, and no other word for them. */
export function boolean(definition: OptionDefinition<boolean>): Option<boolean> {
  return scalar({
    kind: "boolean",
    example: "true or false",
    read: (text) =>
      text === "true" ? true : text === "false" ? false : new Misreading(`is neither${meantBoolean(text)}`),
    print: String,
    schema: { enum: [true, false, "true", "false"] },
  }, definition);
}

function meantBoolean(text: string): string {
  if (/^(true|yes|y|on|1)$/i.test(text)) return `: did you mean "true"?`;
  return /^(false|no|n|off|0)$/i.test(text) ? `: did you mean "false"?` : "";
}

/** Above so many, the words are listed on a line of their own. */
const MANY = 6;

/**
 * One of a few words.
 *
 * @typeParam V The words.
 */
export function oneOf<const V extends string>(
  words: readonly V[],
  definition: OptionDefinition<NoInfer<V>>,
): Option<V> {
  return scalar<V>({
    kind: "enum",
    example: words.length > MANY ? "one of its words" : `one of ${words.join(", ")}`,
    takes: words.join(", "),
    read: (text) =>
      words.find((word) => word === text) ?? notAmong(words.length > MANY ? words : [], nearest(text, words)),
    print: (value) => value,
    schema: { enum: words },
  }, definition);
}

/** Any text that is not empty: names, paths. */
export function text(definition: OptionDefinition<string>): Option<string> {
  return scalar({
    kind: "text",
    example: "text",
    accepts: ["enum"],
    read: (text) => text === "" ? new Misreading("is empty", undefined, "bad-value") : text,
    print: (value) => value,
    schema: { type: ["string", "number", "boolean"] },
  }, definition);
}

function quantity(
  kind: string,
  example: string,
  units: Units,
  definition: NumberDefinition,
  round = (value: number) => value,
): Option<number> {
  return scalar({
    kind,
    example,
    takes: `${example.split(",")[0]}${rangeSuffix(definition, units.print)}`,
    read: (text) => {
      const quantity = readQuantity(text, units);
      return quantity instanceof Misreading ? quantity : round(quantity.value);
    },
    check: (value) => rangeRule(value, definition, units.print),
    print: units.print,
    schema: quantitySchema(units, definition),
  }, definition);
}

function quantitySchema(units: Units, definition: Omit<NumberDefinition, "default">): JsonSchema {
  const text = { type: "string", pattern: quantityPattern(units) };
  return units.bare === undefined ? text : { anyOf: [text, { type: "number", ...bounds(definition) }] };
}

function bounds({ min, max }: { readonly min?: number; readonly max?: number }): JsonSchema {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

function withoutUnit(text: string, value: number | Misreading): number | Misreading {
  const hasUnit = value instanceof Misreading && /^-?[\d.]+\s*[a-z%°µ]+$/i.test(text) && !/^-?0[xob]/i.test(text);
  return hasUnit
    ? new Misreading("has a unit, and this has none", `Write ${text.replace(/\s*[a-z%°µ]+$/i, "")}`, "unknown-unit")
    : value;
}
