import { Misreading, notAmong, type Option, type OptionDefinition, scalar } from "./_option.ts";
import { nearest } from "./nearest.ts";

/**
 * `true` or `false`, and no other word for them.
 *
 * @param definition Default and doc.
 *
 * @example A switch
 * ```ts
 * import { boolean } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(boolean({ default: true, doc: "Whether hems stay" }).takes, "true or false");
 * ```
 */
export function boolean(definition: OptionDefinition<boolean>): Option<boolean> {
  return scalar({
    kind: "boolean",
    example: "true or false",
    read: (text) => text === "true" || (text === "false" ? false : new Misreading(`is neither${meantBoolean(text)}`)),
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
 * @param words In the order help lists them.
 * @param definition Default and doc.
 *
 * @example A method
 * ```ts
 * import { oneOf } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const method = oneOf(["taubin", "laplacian"], { default: "taubin", doc: "How it smooths" });
 * assertEquals(method.takes, "taubin, laplacian");
 * ```
 */
export function oneOf<const V extends string>(
  words: readonly V[],
  definition: OptionDefinition<NoInfer<V>>,
): Option<V> {
  const isLong = words.length > MANY;
  return scalar<V>({
    kind: "enum",
    example: isLong ? "one of its words" : `one of ${words.join(", ")}`,
    takes: words.join(", "),
    read: (text) => words.find((word) => word === text) ?? notAmong(isLong ? words : [], nearest(text, words)),
    print: (value) => value,
    schema: { enum: words },
  }, definition);
}

/**
 * Text that is not empty, such as a name or a path; parameters can stand inside it.
 *
 * @param definition Default and doc.
 *
 * @example A selection
 * ```ts
 * import { text } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(text({ doc: "Name of a selection" }).required, true);
 * ```
 */
export function text(definition: OptionDefinition<string>): Option<string> {
  return scalar({
    kind: "text",
    example: "text",
    accepts: ["enum"],
    read: (text) => text === "" ? new Misreading("is empty", undefined, "bad-value") : text,
    print: (value) => value,
    schema: { type: ["string", "number", "boolean"], minLength: 1 },
  }, definition);
}

/**
 * Text for people, in which a dollar is a dollar.
 *
 * @param definition Default and doc.
 *
 * @example A description
 * ```ts
 * import { prose } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(prose({ default: "", doc: "What it does" }).accepts, ["prose"]);
 * ```
 */
export function prose(definition: OptionDefinition<string>): Option<string> {
  return scalar({
    kind: "prose",
    example: "text",
    isVerbatim: true,
    read: (text) => text,
    print: (value) => value,
    schema: { type: ["string", "number", "boolean"] },
  }, definition);
}
