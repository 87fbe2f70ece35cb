import type { NodePath } from "./recipe.ts";
import { RecipeDocument } from "./_document.ts";

/** A place in a text; lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  /** Line of the first character. */
  readonly line: number;
  /** Column of the first character. */
  readonly column: number;
  /** Column behind the last character on that line. */
  readonly endColumn: number;
}

/**
 * Finds where a key or a value of a recipe stands, for messages about faults that show later than the check.
 *
 * Loads the parser that knows positions, so call it when there is something to report.
 *
 * @param text The recipe.
 * @param path The node; of one that is not there, the nearest that holds it.
 * @param at Whether the key is meant or what stands behind it.
 *
 * @example
 * ```ts
 * import { locateNode } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "inputs:\n  body: body.glb\n";
 * assertEquals(await locateNode(text, ["inputs", "body"]), { line: 2, column: 9, endColumn: 17 });
 * assertEquals(await locateNode(text, ["inputs", "body"], "key"), { line: 2, column: 3, endColumn: 7 });
 * ```
 */
export async function locateNode(text: string, path: NodePath, at: "key" | "value" = "value"): Promise<Position> {
  return (await openLocator(text))(path, at);
}

/** Finds where keys and values of one text stand. */
export type Locator = (path: NodePath, at?: "key" | "value") => Position;

/**
 * Opens a text to find several places in it, as {@linkcode locateNode} does for one.
 *
 * @param text The recipe.
 *
 * @example
 * ```ts
 * import { openLocator } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const locate = await openLocator("inputs:\n  body: body.glb\n  armor: armor.glb\n");
 * assertEquals([locate(["inputs", "body"]).line, locate(["inputs", "armor"]).line], [2, 3]);
 * ```
 */
export async function openLocator(text: string): Promise<Locator> {
  const document = await RecipeDocument.open(text, true);
  return (path, at = "value") => document.locate(path, at);
}
