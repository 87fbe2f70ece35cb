import { describeNode, isMap } from "./_node.ts";
import type { RecipeNode } from "./_node.ts";
import { described, type JsonSchema, noValue, type Option, type OptionContext, Problem } from "./_option.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import type { RecipeFault } from "./issue.ts";
import { nearest } from "./nearest.ts";

/** The values of options by key. */
export type GroupValues<P> = { readonly [K in keyof P]: P[K] extends Option<infer T> ? T : never };

/**
 * An option a recipe may leave out, which is `undefined` then.
 *
 * @typeParam T What it is otherwise.
 * @param option What it is where the recipe has it; its default counts for nothing.
 *
 * @example A selection that need not be
 * ```ts
 * import { optional, text } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const only = optional(text({ doc: "Name of a selection" }));
 * assertEquals([only.required, only.default], [false, undefined]);
 * ```
 */
export function optional<T>(option: Option<T>): Option<T | undefined> {
  return { ...option, default: undefined, required: false };
}

/**
 * Options of their own under one key, such as `stretch: { p99: 1.3 }`.
 *
 * Left out, it has its parts' defaults; it is required when one of its parts is. Where no part has a default, one must be
 * there: an empty map would say nothing.
 *
 * @typeParam P The options inside.
 * @param parts The options inside, by key.
 * @param definition What they are for.
 *
 * @example Limits
 * ```ts
 * import { group, number } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const stretch = group({ p99: number({ default: 1.3, doc: "99th percentile" }) }, { doc: "How far edges stretch" });
 * assertEquals(stretch.default, { p99: 1.3 });
 * ```
 */
export function group<const P extends Readonly<Record<string, Option>>>(
  parts: P,
  definition: { readonly doc: string },
): Option<GroupValues<P>> {
  const keys = Object.keys(parts);
  const required = keys.some((key) => parts[key].required);
  const saysNothing = keys.every((key) => isNothing(parts[key]));
  const option: Option<GroupValues<P>> = {
    kind: "group",
    doc: definition.doc,
    default: required ? undefined : Object.fromEntries(keys.map((key) => [key, parts[key].default])) as GroupValues<P>,
    required,
    takes: `a map with ${listed(keys)}`,
    accepts: [],
    parts,
    parse(node, context) {
      if (node === null) return noValue(context, option);
      if (!isMap(node)) {
        return Problem.of(
          "wrong-kind",
          `${context.subject} takes ${option.takes}: it is ${describeNode(node)}`,
          `Write { ${keys[0]}: ${typeof node === "string" && node.length < 40 ? node : "…"} }`,
        );
      }
      if (node.size === 0 && saysNothing) {
        return Problem.of(
          "missing-option",
          `${context.subject} says nothing: it is an empty map`,
          `Write { ${keys[0]}: … }, or leave it out`,
        );
      }
      const { values, faults } = parseOptions(parts, node, {
        context: (key) => context.inside(key),
        unknown: (key, near) => ({
          code: "unknown-option",
          message: `${quote(key)} is not an option in ${context.subject}${didYouMean(near)}`,
          help: `${context.subject} takes ${listed(keys)}`,
        }),
        missing: (key) => ({
          code: "missing-option",
          message: `${context.subject} needs ${quote(key)}`,
          help: needed(key, parts[key]),
        }),
      });
      return faults.length > 0 || values === undefined ? new Problem(faults) : values as GroupValues<P>;
    },
    print: (value) => printGroup(parts, value as Readonly<Record<string, unknown>>),
    schema: () => {
      const schema = optionsSchema(parts);
      return described(saysNothing ? { ...schema, minProperties: 1 } : schema, definition.doc, undefined);
    },
  };
  return option;
}

/** Whether an option says nothing where it is left out. */
function isNothing({ required, default: fallback }: Option): boolean {
  return !required && (fallback === undefined || Array.isArray(fallback) && fallback.length === 0);
}

/**
 * A list of values of one kind, such as `[left, right]`.
 *
 * @typeParam T What each is.
 * @param item What each may be.
 * @param definition Default and doc.
 *
 * @example Names
 * ```ts
 * import { list, text } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const parts = list(text({ doc: "A part" }), { default: [], doc: "Parts that stay rigid" });
 * assertEquals(parts.print(["left", "right"]), "[left, right]");
 * ```
 */
export function list<T>(
  item: Option<T>,
  definition: { readonly default?: readonly T[]; readonly doc: string },
): Option<readonly T[]> {
  const option: Option<readonly T[]> = {
    kind: "list",
    doc: definition.doc,
    default: definition.default,
    required: definition.default === undefined,
    takes: `a list, each item ${item.takes}`,
    accepts: [],
    parse(node, context) {
      if (node === null) return noValue(context, option);
      if (!Array.isArray(node)) {
        const help = typeof node === "string" ? `Write [${node}]` : undefined;
        return Problem.of("wrong-kind", `${context.subject} takes a list: it is ${describeNode(node)}`, help);
      }
      const read = (node as readonly RecipeNode[]).map((part, i) => {
        const value = item.parse(part, context.inside(i));
        return value instanceof Problem ? value.within(i) : value;
      });
      const problems = read.filter((value) => value instanceof Problem);
      return problems.length > 0 ? new Problem(problems.flatMap((problem) => problem.faults)) : read as T[];
    },
    print: (value) => `[${(value as readonly T[]).map((part) => item.print(part)).join(", ")}]`,
    schema: () => described({ type: "array", items: withReference(item.schema()) }, definition.doc, undefined),
  };
  return option;
}

/** How {@linkcode parseOptions} words what it finds. */
export interface OptionsWording {
  /** The context a key's value is read in. */
  readonly context: (key: string) => OptionContext;
  /** For a key that is no option; `undefined` when somebody else reports it. */
  readonly unknown: (key: string, near: string | undefined) => Omit<RecipeFault, "path" | "at"> | undefined;
  /** For a required option that is not there. */
  readonly missing: (key: string) => Omit<RecipeFault, "path" | "at">;
}

/** What {@linkcode parseOptions} found. */
export interface ParsedOptions {
  /** By key, with defaults; undefined when anything is wrong, also if it was reported before. */
  readonly values: Readonly<Record<string, unknown>> | undefined;
  /** Their paths start at the map. */
  readonly faults: readonly RecipeFault[];
  /** Keys that are not there but were probably meant by one that is unknown. */
  readonly meant: ReadonlySet<string>;
}

/** Reads a map of options: every known key by its definition, defaults for the rest, a fault for every other key. */
export function parseOptions(
  parts: Readonly<Record<string, Option>>,
  node: ReadonlyMap<string, RecipeNode>,
  wording: OptionsWording,
  others: readonly string[] = [],
): ParsedOptions {
  const faults: RecipeFault[] = [];
  const values: Record<string, unknown> = {};
  const meant = new Set<string>();
  let silent = false;
  const absent = [...Object.keys(parts), ...others].filter((key) => !node.has(key));
  for (const [key, part] of node) {
    if (Object.hasOwn(parts, key)) {
      const value = parts[key].parse(part, wording.context(key));
      if (value instanceof Problem) {
        silent ||= value.faults.length === 0;
        faults.push(...value.within(key).faults);
      } else values[key] = value;
    } else if (!others.includes(key)) {
      const { name, near } = faults.length > 100 ? {} : meantKey(key, absent, Object.keys(parts));
      if (name !== undefined) meant.add(name);
      const fault = wording.unknown(key, near);
      if (fault === undefined) silent = true;
      else faults.push({ ...fault, path: [key], at: "key" });
    }
  }
  for (const [key, part] of Object.entries(parts)) {
    if (node.has(key)) continue;
    if (!part.required) values[key] = part.default;
    else if (meant.has(key)) silent = true;
    else faults.push({ ...wording.missing(key), path: [], at: "key" });
  }
  return { values: silent || faults.length > 0 ? undefined : values, faults, meant };
}

/** The key that was probably meant, and how to say so. */
function meantKey(key: string, absent: readonly string[], known: readonly string[]): { name?: string; near?: string } {
  const glued = /^([A-Za-z-]+)(?::\s*|\s+)(\S.*)$/s.exec(key);
  if (glued !== null && (absent.includes(glued[1]) || known.includes(glued[1]))) {
    return { name: glued[1], near: `${glued[1]}: ${glued[2]}` };
  }
  const near = nearest(key, absent) ?? nearest(key, known);
  return near === undefined ? {} : { name: near, near };
}

/** The help for an option that is missing. */
export function needed(key: string, option: Option): string {
  return `Add ${key}: ${option.doc}; it takes ${option.takes}`;
}

/** The schema of a map of options. */
export function optionsSchema(parts: Readonly<Record<string, Option>>): JsonSchema {
  const required = Object.keys(parts).filter((key) => parts[key].required);
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, withReference(part.schema())])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** A schema that accepts a reference to a parameter as well; maps and lists are not stood in for, their parts are. */
export function withReference(schema: JsonSchema): JsonSchema {
  if (schema.type === "object" || schema.type === "array") return schema;
  const { description, default: fallback, ...value } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [...(Array.isArray(value.anyOf) ? value.anyOf : [value]), { $ref: "#/$defs/reference" }],
  };
}

function printGroup(parts: Readonly<Record<string, Option>>, values: Readonly<Record<string, unknown>>): string {
  const set = Object.keys(parts).filter((key) => values[key] !== undefined);
  return set.length === 0 ? "{}" : `{ ${set.map((key) => `${key}: ${parts[key].print(values[key])}`).join(", ")} }`;
}
