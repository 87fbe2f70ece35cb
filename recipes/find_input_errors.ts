import { InputFileError } from "../io/gltf/input_file_error.ts";
import { Pace } from "./_pace.ts";
import { InputError } from "./errors.ts";
import type { Recipe, RecipeInput } from "./recipe.ts";
import type { RecipeIO } from "./recipe_io.ts";

/**
 * Finds everything that is wrong with the files of a recipe; a run names only the first.
 *
 * @param recipe Its path, and the inputs that are looked at.
 * @returns One error for every input that is missing or broken, in the recipe's order.
 * @throws What `io` throws that is not about a file, such as a missing permission.
 */
export async function findInputErrors(
  recipe: Pick<Recipe, "path" | "inputs">,
  io: RecipeIO,
): Promise<InputError[]> {
  const errors: InputError[] = [];
  for (const input of recipe.inputs) {
    try {
      await openOne({ path: recipe.path, inputs: [input] }, input, io);
    } catch (error) {
      if (error instanceof InputError) errors.push(error);
      else if (error instanceof InputFileError) errors.push(new InputError(input.at, error));
      else throw error;
    }
  }
  return errors;
}

/** Readers of meshes are loaded for a file that is there; that others are missing can be said without. */
async function openOne(recipe: Pick<Recipe, "path" | "inputs">, { file }: RecipeInput, io: RecipeIO): Promise<void> {
  const path = io.resolve(recipe.path, file);
  const bytes = await io.read(path);
  const { openInputs } = await import("./_open_inputs.ts");
  const once = { ...io, read: (other: string) => other === path ? Promise.resolve(bytes) : io.read(other) };
  await openInputs(recipe, once, {}, new Pace(undefined));
}
