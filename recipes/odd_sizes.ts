import type { Option } from "./options.ts";
import type { NodePath, Recipe } from "./recipe.ts";

/** A length that is allowed and yet hardly meant. */
export interface OddSize {
  /** Always the same. */
  readonly code: "odd-size";
  /** One sentence. */
  readonly message: string;
  /** Where the recipe says it, or the step where a parameter or default does. */
  readonly path: NodePath;
}

/**
 * Finds lengths that are larger than every mesh of their step: a clearance of 8 m on a body of 1.8 m is allowed, and
 * was meant to be 8 mm.
 *
 * @param diagonals Of the bounds of the inputs, metres, by name.
 */
export function oddSizes(recipe: Recipe, diagonals: Readonly<Record<string, number>>): OddSize[] {
  const origin = new Map(recipe.inputs.map(({ name }) => [name, name]));
  return recipe.steps.flatMap(({ step, mesh, as, consults, options, at }) => {
    if (as !== undefined) origin.set(as, origin.get(mesh)!);
    const sizes = [mesh, ...Object.values(consults)].map((name) => diagonals[origin.get(name)!] ?? 0);
    const largest = Math.max(...sizes);
    if (largest === 0) return [];
    const parts = Object.entries(step.options) as [string, Option][];
    return parts.flatMap(([key, option]) => {
      const value = options[key];
      if (option.kind !== "length" || typeof value !== "number" || value <= largest) return [];
      const message = `"${key}" of "${step.name}" is ${option.print(value)}, more than the meshes measure: they are ${
        option.print(Number(largest.toPrecision(3)))
      } from corner to corner; was ${option.print(value / 1000)} meant?`;
      return [{ code: "odd-size", message, path: [...at, step.name, key] }];
    });
  });
}
