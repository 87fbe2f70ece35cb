import { isName, NAME_PATTERN } from "./_names.ts";
import { describeNode, type RecipeNode } from "./_node.ts";
import { described, type JsonSchema, noValue, type Option, type OptionContext, Problem } from "./_option.ts";
import { withReference } from "./_composite.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import { nearest } from "./nearest.ts";
import { text } from "./_word_options.ts";

/** How several selections in one option come together: places in any of them, or in all. */
export type SelectionMatch = "any" | "all";

/** The selections a value names, for an option that takes some. */
export interface SelectionUse {
  /** Which count where several are named. */
  readonly match: SelectionMatch;
  /** Their names in a value of the option, in the order of the recipe. */
  readonly namesIn: (value: unknown) => readonly string[];
}

/** Each named selection has a number from 1 in the mask of an option, and a mask holds bytes. */
const MOST_NAMES = 255;

/**
 * One or several selections that `select` steps make, such as `only: buttons` or `pin: [collar, cuffs]`. A recipe may
 * leave it out. The step finds the mask under the option's key in its context: see `StepContext.masks`.
 *
 * @param definition Doc; and with `match: "all"` the places in all of them, not in any.
 *
 * @example What is smoothed
 * ```ts
 * import { selections } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const only = selections({ doc: "What is smoothed" });
 * assertEquals([only.print(["buttons"]), only.print(["collar", "cuffs"])], ["buttons", "[collar, cuffs]"]);
 * ```
 */
export function selections(
  definition: { readonly doc: string; readonly match?: SelectionMatch },
): Option<readonly string[] | undefined> {
  return selectionOption([], { ...definition, default: undefined }) as Option<readonly string[] | undefined>;
}

/**
 * Selections, or one of a few words, such as `rigid: auto` or `rigid: [left, right]`. A word means the word; a selection
 * of that name can be written in a list.
 *
 * @typeParam V The words.
 * @param words In the order help lists them.
 * @param definition Default, a word, and doc.
 *
 * @example What stays rigid
 * ```ts
 * import { selectionsOr } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const rigid = selectionsOr(["auto", "none", "all"], { default: "auto", doc: "What keeps its shape" });
 * assertEquals([rigid.default, rigid.takes], ["auto", "auto, none, all, or one or several selections"]);
 * ```
 */
export function selectionsOr<const V extends string>(
  words: readonly V[],
  definition: { readonly doc: string; readonly default: NoInfer<V> },
): Option<V | readonly string[]> {
  return selectionOption(words, definition) as Option<V | readonly string[]>;
}

function selectionOption(
  words: readonly string[],
  definition: { readonly doc: string; readonly default: string | undefined; readonly match?: SelectionMatch },
): Option<string | readonly string[] | undefined> {
  const takes = `${words.map((word) => `${word}, `).join("")}${words.length > 0 ? "or " : ""}one or several selections`;
  const option: Option<string | readonly string[] | undefined> = {
    kind: "selection",
    doc: definition.doc,
    default: definition.default,
    required: false,
    takes,
    accepts: [],
    selects: {
      match: definition.match ?? "any",
      namesIn: (value) => Array.isArray(value) ? value as readonly string[] : [],
    },
    parse(node, context) {
      if (node === null) return noValue(context, option);
      if (typeof node === "string" && words.includes(node)) return node;
      const parts = typeof node === "string" ? [node] : node;
      if (!Array.isArray(parts) || parts.length === 0) {
        const found = Array.isArray(parts) ? "the list is empty" : `it is ${describeNode(node)}`;
        return Problem.of("wrong-kind", `${context.subject} takes ${takes}: ${found}`);
      }
      return readNames(parts as readonly RecipeNode[], Array.isArray(node), words, context);
    },
    print: (value) => {
      if (typeof value === "string") return value;
      const names = (value ?? []) as readonly string[];
      return names.length === 1 && !words.includes(names[0]) ? names[0] : `[${names.join(", ")}]`;
    },
    schema: () => described(selectionSchema(words), definition.doc, definition.default),
  };
  return option;
}

function readNames(
  parts: readonly RecipeNode[],
  isList: boolean,
  words: readonly string[],
  context: OptionContext,
): readonly string[] | Problem {
  if (parts.length > MOST_NAMES) {
    return Problem.of(
      "out-of-range",
      `${context.subject} takes ${MOST_NAMES} selections at most: it has ${parts.length}`,
    );
  }
  const names: string[] = [];
  for (const [i, part] of parts.entries()) {
    const path = isList ? [i] : [];
    if (typeof part !== "string" || !isName(part)) {
      const found = typeof part === "string" ? quote(part) : describeNode(part);
      const help = words.length === 0 ? undefined : `It takes ${listed(words, "or")}, or selections`;
      return Problem.of("wrong-kind", `${context.subject} takes names of selections: ${found} is none`, help, path);
    }
    if (names.includes(part)) {
      return Problem.of(
        "name-taken",
        `${context.subject} names every selection once: ${quote(part)} stands twice`,
        "Leave one out",
        path,
      );
    }
    names.push(part);
  }
  return names;
}

function selectionSchema(words: readonly string[]): JsonSchema {
  const name = { type: "string", pattern: `^${NAME_PATTERN}$` };
  const several = { type: "array", items: name, minItems: 1, maxItems: MOST_NAMES };
  return { anyOf: [...(words.length === 0 ? [] : [{ enum: words }]), name, several] };
}

/**
 * One or several names that a file has, such as `material: [Steel, "Leather *"]`; a `*` stands for any letters.
 *
 * @param definition Doc.
 *
 * @example Materials
 * ```ts
 * import { fileNames } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fileNames({ doc: "Materials" }).print(["Steel", "Leather*"]), "[Steel, Leather*]");
 * ```
 */
export function fileNames(definition: { readonly doc: string }): Option<readonly string[]> {
  const item = text(definition);
  const option: Option<readonly string[]> = {
    kind: "names",
    doc: definition.doc,
    default: undefined,
    required: true,
    takes: "a name, or a list of them; * stands for any letters",
    accepts: [],
    parse(node, context) {
      if (node === null) return noValue(context, option);
      if (!Array.isArray(node)) {
        const value = item.parse(node, context);
        return value instanceof Problem ? value : [value];
      }
      if (node.length === 0) {
        return Problem.of("wrong-kind", `${context.subject} takes a name at least: the list is empty`);
      }
      const read = (node as readonly RecipeNode[]).map((part, i) => {
        const value = item.parse(part, context.inside(i));
        return value instanceof Problem ? value.within(i) : value;
      });
      const problems = read.filter((value) => value instanceof Problem);
      return problems.length > 0 ? new Problem(problems.flatMap(({ faults }) => faults)) : read as string[];
    },
    print: (value) => {
      const names = value as readonly string[];
      return names.length === 1 ? names[0] : `[${names.join(", ")}]`;
    },
    schema: () => {
      const one = withReference(item.schema()), { description, ...single } = one;
      return described({ anyOf: [single, { type: "array", items: one, minItems: 1 }] }, String(description), undefined);
    },
  };
  return option;
}

/** Whether a name is meant by one that may hold `*`. */
export function isMeant(name: string, pattern: string): boolean {
  const [first, ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop()!;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length >= at + last.length && name.endsWith(last);
}

/** Says that a file has no such name, and which it has. */
export function noSuchName(what: string, pattern: string, mesh: string, known: readonly string[]): string {
  const distinct = [...new Set(known)];
  const shown = distinct.slice(0, 12).map(quote).join(", ");
  const has = distinct.length === 0
    ? `it has no ${what} with a name`
    : `its ${what}s are ${shown}${distinct.length > 12 ? ` and ${distinct.length - 12} more` : ""}`;
  return `${mesh} has no ${what} ${quote(pattern)}${didYouMean(nearest(pattern, distinct))}${
    nearest(pattern, distinct) === undefined ? ": " : " "
  }${has}`;
}
