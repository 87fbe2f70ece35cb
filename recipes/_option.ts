import type { RecipeNode } from "./_node.ts";
import { describeNode } from "./_node.ts";
import { didYouMean, quote } from "./_words.ts";
import type { IssueCode, RecipeFault } from "./issue.ts";
import type { NodePath } from "./recipe.ts";
import type { SelectionUse } from "./_selection_options.ts";

/** A JSON Schema (2020-12), or part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a step lets a recipe set: one value that validation, types, JSON Schema, reference pages and help are made of.
 *
 * @typeParam T What a step's `run` receives.
 */
export interface Option<T = unknown> {
  /** What it takes, in one word: `"length"`. */
  readonly kind: string;
  /** One sentence for help and reference, without a final period. */
  readonly doc: string;
  /** The value where the recipe says nothing; `undefined` where it must, or where nothing is a value too. */
  readonly default: T | undefined;
  /** Whether a recipe must set it. */
  readonly required: boolean;
  /** What it takes, for tables and messages: `"a length from 0mm to 50mm"`. */
  readonly takes: string;
  /** Types of parameters that may stand in for a value. */
  readonly accepts: readonly string[];
  /** The options inside, for a group. */
  readonly parts?: Readonly<Record<string, Option>>;
  /** The selections its values name, for an option that takes some. */
  readonly selects?: SelectionUse;
  /** Reads what a recipe says. */
  parse(node: RecipeNode, context: OptionContext): T | Problem;
  /** Writes a value as a recipe would. */
  print(value: unknown): string;
  /** What an editor accepts in this place, references apart. */
  schema(): JsonSchema;
}

/** What an option may ask while it reads a value. */
export interface OptionContext {
  /** What messages call the value: `"clearance" of "fit"`. */
  readonly subject: string;
  /** Puts parameters in the place of references, once their types agree. */
  resolve(text: string, option: Option): ResolvedText | Problem;
  /** The context of a value inside this one. */
  inside(key: string | number): OptionContext;
}

/** Text without references. */
export interface ResolvedText {
  /** The text. */
  readonly text: string;
  /** Where it came from, if not from this place: `the value of "$clearance"`. */
  readonly origin?: string;
}

/** Why a value cannot be used; with no faults when all of them were reported before. */
export class Problem {
  /**
   * A problem with all of its faults.
   *
   * @param faults Their paths start at the option's value.
   */
  constructor(readonly faults: readonly RecipeFault[]) {}

  /** A problem with one fault. */
  static of(
    code: IssueCode,
    message: string,
    help?: string,
    path: NodePath = [],
    at: "key" | "value" = "value",
  ): Problem {
    return new Problem([{ code, message, path, at, ...(help === undefined ? {} : { help }) }]);
  }

  /** The same, of a value that stands at `key` inside another. */
  within(key: string | number): Problem {
    return new Problem(this.faults.map((fault) => ({ ...fault, path: [key, ...fault.path] })));
  }
}

/** Why text does not read as a value: the end of a sentence that begins with the text. */
export class Misreading {
  /**
   * A reading that failed.
   *
   * @param reason What follows the quoted text: `"has a space before its unit"`.
   * @param help The way out.
   * @param code What it is.
   */
  constructor(readonly reason: string, readonly help?: string, readonly code: IssueCode = "wrong-kind") {}
}

/** What every kind of option has. */
export interface OptionDefinition<T> {
  /** The value where a recipe says nothing; without one, the recipe must say something. */
  readonly default?: T;
  /** One sentence for help and reference, without a final period. */
  readonly doc: string;
}

/** A kind of option that is written as one piece of text. */
export interface ScalarKind<T> {
  /** In one word. */
  readonly kind: string;
  /** For messages: `"a length, such as 8mm"`. */
  readonly example: string;
  /** For tables. @default the example */
  readonly takes?: string;
  /** Types of parameters that fit beside its own. */
  readonly accepts?: readonly string[];
  /** Whether it is prose, in which a dollar is a dollar. @default {false} */
  readonly isVerbatim?: boolean;
  /** Reads text in which references are resolved. */
  readonly read: (text: string) => T | Misreading;
  /** Refuses values that read well. */
  readonly check?: (value: T) => string | undefined;
  /** Writes a value as a recipe would. */
  readonly print: (value: T) => string;
  /** What an editor accepts. */
  readonly schema: JsonSchema;
}

/**
 * Makes an option out of a kind: references to parameters, messages and schema are the same for everything written as
 * one piece of text. This is how the built-in kinds are made, and how a step of one's own gets another.
 *
 * @typeParam T What a step receives.
 * @param kind How it is read and written.
 * @param definition Default and doc.
 *
 * @example A colour
 * ```ts
 * import { Misreading, type Option, scalar } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * function colour(definition: { default?: number; doc: string }): Option<number> {
 *   return scalar({
 *     kind: "colour",
 *     example: "a colour, such as ff8800",
 *     read: (text) => /^[0-9a-f]{6}$/.test(text) ? parseInt(text, 16) : new Misreading("is not six hexadecimal digits"),
 *     print: (value) => value.toString(16).padStart(6, "0"),
 *     schema: { type: "string", pattern: "^[0-9a-f]{6}$" },
 *   }, definition);
 * }
 * assertEquals(colour({ default: 0x00ff00, doc: "Marks what is hidden" }).schema().default, "00ff00");
 * ```
 */
export function scalar<T>(kind: ScalarKind<T>, definition: OptionDefinition<T>): Option<T> {
  const option: Option<T> = {
    kind: kind.kind,
    doc: definition.doc,
    default: definition.default,
    required: definition.default === undefined,
    takes: kind.takes ?? kind.example,
    accepts: [kind.kind, ...kind.accepts ?? []],
    parse(node, context) {
      if (node === null) return noValue(context, option);
      if (typeof node !== "string") {
        return Problem.of("wrong-kind", `${context.subject} takes ${kind.example}: it is ${describeNode(node)}`);
      }
      const resolved = kind.isVerbatim ? { text: node } : context.resolve(node, option);
      if (resolved instanceof Problem) return resolved;
      const origin = resolved.origin === undefined ? "" : `, ${resolved.origin},`;
      const value = kind.read(resolved.text);
      if (value instanceof Misreading) {
        return Problem.of(
          value.code,
          `${context.subject} takes ${kind.example}: ${quote(resolved.text)}${origin} ${value.reason}`,
          value.help,
        );
      }
      const rule = kind.check?.(value);
      if (rule === undefined) return value;
      return Problem.of("out-of-range", `${context.subject} must be ${rule}: ${quote(resolved.text)}${origin} is not`);
    },
    print: (value) => kind.print(value as T),
    schema: () =>
      described(
        kind.schema,
        definition.doc,
        definition.default === undefined ? undefined : kind.print(definition.default),
      ),
  };
  return option;
}

/** For a key with nothing behind its colon. */
export function noValue(context: OptionContext, option: Option): Problem {
  const fallback = option.default === undefined ? "" : `, or leave the key out for ${option.print(option.default)}`;
  return Problem.of(
    "no-value",
    `${context.subject} has no value`,
    `Write ${option.takes} after the colon${fallback}`,
    [],
    "key",
  );
}

/** A schema with what editors show beside it. */
export function described(schema: JsonSchema, doc: string, fallback: unknown): JsonSchema {
  return { description: doc, ...(fallback === undefined ? {} : { default: fallback }), ...schema };
}

/**
 * For text that is not among the words an option takes.
 *
 * @param words Those to list in the help.
 */
export function notAmong(words: readonly string[], near: string | undefined): Misreading {
  const help = words.length === 0 ? undefined : `Its words are ${words.join(", ")}`;
  return new Misreading(`is not one of them${didYouMean(near)}`, help, "unknown-value");
}
