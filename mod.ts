/**
 * Fits garments, hair and armour to character bodies from declarative recipes.
 *
 * @example Check a recipe
 * ```ts
 * import { parseRecipe } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `
 * version: 1
 * inputs: { body: body.glb, armor: armor.glb }
 * steps:
 *   - fit: { mesh: armor, to: body, clearence: 6mm }
 * outputs: { fitted: { mesh: armor, file: fitted.glb } }
 * `;
 * const { issues } = await parseRecipe(text, { path: "recipe.yaml" });
 * assertEquals(issues.map(({ line, code }) => [line, code]), [[5, "unknown-option"]]);
 * ```
 *
 * @module
 */
export * from "./io/mod.ts";
export * from "./pool/mod.ts";
export * from "./recipes/mod.ts";
export { VERSION } from "./version.ts";
