/**
 * Writes YAML text, as `@std/yaml/stringify` does.
 *
 * @module
 */

// @ts-types="npm:@types/js-yaml@4.0.9"
import { dump, YAMLException } from "npm:js-yaml@4.3.2";
import { schemaOf, type SchemaType } from "./_schema.ts";

/** Options for {@linkcode stringify}. */
export type StringifyOptions = {
  /** Spaces per level. @default {2} */
  indent?: number;
  /** Leave out what YAML cannot hold (functions, symbols) instead of throwing. @default {false} */
  skipInvalid?: boolean;
  /** Nesting level from which collections are written in one line; `-1` never. @default {-1} */
  flowLevel?: number;
  /** Types that may be written. @default {"default"} */
  schema?: SchemaType;
  /** Write keys in ascending order. @default {false} */
  sortKeys?: boolean;
  /** Columns after which text is folded. @default {80} */
  lineWidth?: number;
  /** Write an object met twice as an anchor and an alias. @default {true} */
  useAnchors?: boolean;
};

/**
 * Writes a value as one YAML document.
 *
 * @param data Any value made of what the schema knows.
 * @param options How it is laid out.
 * @returns The text, ending in a line break.
 * @throws {TypeError} If `data` holds a function, a symbol or another value the schema does not know.
 *
 * @example A map
 * ```ts
 * import { stringify } from "@std/yaml/stringify";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stringify({ mesh: "armor", iterations: 4 }), "mesh: armor\niterations: 4\n");
 * ```
 */
export function stringify(
  data: unknown,
  options: StringifyOptions = {},
): string {
  const { schema, useAnchors = true, ...layout } = options;
  try {
    return dump(data, {
      ...layout,
      schema: schemaOf(schema),
      noRefs: !useAnchors,
    });
  } catch (error) {
    if (error instanceof YAMLException) throw new TypeError(error.message);
    throw error;
  }
}
