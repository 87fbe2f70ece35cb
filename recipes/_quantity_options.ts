import { type JsonSchema, Misreading, type Option, type OptionDefinition, scalar } from "./_option.ts";
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
import { RelativeLength } from "./_relative_length.ts";
import { ANGLE_UNITS, LENGTH_UNITS, MEMORY_UNITS, RATIO_UNITS, TIME_UNITS } from "./_units.ts";

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
 * @param definition Default, range and doc; metres.
 *
 * @example A clearance
 * ```ts
 * import { length } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const clearance = length({ default: 0.005, min: 0, doc: "Air between skin and cloth" });
 * assertEquals(clearance.print(clearance.default), "5mm");
 * assertEquals(clearance.takes, "a length of at least 0mm");
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

/**
 * An angle: `30deg` or `0.5rad`. A bare number could be either, so it is an error. A step receives radians.
 *
 * @param definition Default, range and doc; radians.
 *
 * @example A crease
 * ```ts
 * import { angle } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const crease = angle({ default: Math.PI / 6, doc: "Edges sharper than this stay sharp" });
 * assertEquals(crease.print(crease.default), "30deg");
 * ```
 */
export function angle(definition: NumberDefinition): Option<number> {
  return quantity("angle", "an angle, such as 30deg", ANGLE_UNITS, definition);
}

/**
 * A share: `40%` or `0.4`. A step receives 0.4.
 *
 * @param definition Default, range and doc; from 0 to 1 where it names no other range.
 *
 * @example A strength
 * ```ts
 * import { ratio } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ratio({ default: 0.5, doc: "How strongly it pulls" }).takes, "a ratio from 0% to 100%");
 * ```
 */
export function ratio(definition: NumberDefinition): Option<number> {
  return quantity("ratio", "a ratio, such as 40% or 0.4", RATIO_UNITS, { min: 0, max: 1, ...definition });
}

/**
 * An amount of memory: `256MiB`. A step receives bytes, whole ones.
 *
 * @param definition Default, range and doc; bytes, at least 1 where it names no other range.
 *
 * @example A budget
 * ```ts
 * import { memory } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(memory({ doc: "Most it may lease" }).print(2 ** 28), "256MiB");
 * ```
 */
export function memory(definition: NumberDefinition): Option<number> {
  const example = "an amount of memory, such as 256MiB";
  return quantity("memory", example, MEMORY_UNITS, { min: 1, ...definition }, Math.floor);
}

/**
 * A span of time: `500ms`, `30s`, `2min`. A step receives milliseconds.
 *
 * @param definition Default, range and doc; milliseconds, at least 0 where it names no other range.
 *
 * @example A limit
 * ```ts
 * import { time } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(time({ doc: "Longest it may take" }).print(90_000), "90s");
 * ```
 */
export function time(definition: NumberDefinition): Option<number> {
  return quantity("time", "a time, such as 30s", TIME_UNITS, { min: 0, ...definition });
}

/**
 * A decimal number without a unit, as JSON writes it: `-3`, `0.5`, `1e-3`.
 *
 * @param definition Default, range and doc.
 *
 * @example A weight
 * ```ts
 * import { number } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(number({ default: 0.3, min: 0, max: 1, doc: "Weight" }).takes, "a number from 0 to 1");
 * ```
 */
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

/**
 * A whole number: `4`, `-1`.
 *
 * @param definition Default, range and doc.
 *
 * @example A count
 * ```ts
 * import { integer } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(integer({ default: 4, min: 1, doc: "Passes" }).takes, "a whole number of at least 1");
 * ```
 */
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
  return { ...(Number.isFinite(min) ? { minimum: min } : {}), ...(Number.isFinite(max) ? { maximum: max } : {}) };
}

/** Says of a number with a unit that it has one, which is more help than that it is none. */
function withoutUnit(text: string, value: number | Misreading): number | Misreading {
  const hasUnit = value instanceof Misreading && /^-?\d[\d.]*\s*[a-z%°µ]+$/i.test(text) && !/^-?0[xob]/i.test(text);
  if (!hasUnit) return value;
  const bare = text.replace(/\s*[a-z%°µ]+$/i, "");
  return new Misreading("has a unit, and this has none", `Write ${bare}`, "unknown-unit");
}
