/**
 * Reads YAML text, as `@std/yaml/parse` does.
 *
 * @module
 */

// @ts-types="npm:@types/js-yaml@4.0.9"
import { load, YAMLException } from "npm:js-yaml@4.3.2";
import { schemaOf, type SchemaType } from "./_schema.ts";

export type { SchemaType };

/** Options for {@linkcode parse}. */
export interface ParseOptions {
  /** Which scalars get a type of their own. @default {"default"} */
  schema?: SchemaType;
  /** If `true`, the last of two equal keys wins; otherwise the second is an error. @default {false} */
  allowDuplicateKeys?: boolean;
}

/**
 * Reads one YAML document.
 *
 * @param content The text; a byte order mark is skipped.
 * @param options What scalars become and whether keys may repeat.
 * @returns The document's value, `null` for an empty text.
 * @throws {SyntaxError} If the text is not YAML, holds two documents, or a key twice; the message ends with the place.
 *
 * @example Numbers stay text in the failsafe schema
 * ```ts
 * import { parse } from "@std/yaml/parse";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse("iterations: 017", { schema: "failsafe" }), { iterations: "017" });
 * ```
 */
export function parse(content: string, options: ParseOptions = {}): unknown {
  try {
    return load(content, {
      schema: schemaOf(options.schema),
      json: options.allowDuplicateKeys ?? false,
    }) ?? null;
  } catch (error) {
    if (error instanceof YAMLException) throw syntaxError(error);
    throw error;
  }
}

function syntaxError({ reason, mark }: YAMLException): SyntaxError {
  const message = reason.charAt(0).toUpperCase() + reason.slice(1);
  // js-yaml gives no mark when the fault is the whole stream's, as with a second document.
  if (mark === undefined) return new SyntaxError(message);
  return new SyntaxError(
    `${message} at line ${mark.line + 1}, column ${mark.column + 1}:\n${mark.snippet}`,
  );
}
