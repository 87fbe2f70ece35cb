import { parse as parseYaml } from "@std/yaml";
import { Faults } from "./_faults.ts";
import { isMap, type RecipeNode, toNode } from "./_node.ts";
import { checkParameters } from "./_parameters.ts";
import { scanText } from "./scan.ts";

/** A parameter as its recipe declares it. */
export interface ParameterDescription {
  /** What `--set` calls it. */
  readonly name: string;
  /** Its `doc:`, empty without one. */
  readonly doc: string;
  /** What it takes: `a length from 0mm to 50mm`. */
  readonly takes: string;
  /** Its value where nothing else is said, as it is written; without one, it must be set. */
  readonly default: string | undefined;
}

/** What a recipe says about itself. */
export interface RecipeDescription {
  /** `name:`, empty without one. */
  readonly name: string;
  /** `description:`, empty without one. */
  readonly description: string;
  /** In the order of the file; those with a faulty declaration are left out. */
  readonly parameters: readonly ParameterDescription[];
}

/**
 * Reads what a recipe says about itself, whatever else is wrong with it: for `--help`, before its parameters are set.
 *
 * @returns Undefined where the text is no map.
 *
 * @example
 * ```ts
 * import { describeRecipe } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "name: coat\nparams: { gap: { type: length, default: 6mm, min: 0mm, doc: Air } }\n";
 * assertEquals(describeRecipe(text), {
 *   name: "coat",
 *   description: "",
 *   parameters: [{ name: "gap", doc: "Air", takes: "a length of at least 0mm", default: "6mm" }],
 * });
 * ```
 */
export function describeRecipe(text: string): RecipeDescription | undefined {
  const root = readNode(text);
  if (!isMap(root)) return undefined;
  const params = root.get("params");
  const scope = checkParameters(params, new Map(), new Faults(), false);
  return {
    name: textAt(root, "name"),
    description: textAt(root, "description"),
    parameters: [...scope.all()].flatMap(({ name, option }) => {
      const declaration = isMap(params) ? params.get(name) : undefined;
      if (option === undefined || !isMap(declaration)) return [];
      const fallback = declaration.get("default");
      return [{
        name,
        doc: textAt(declaration, "doc"),
        takes: option.takes,
        default: typeof fallback === "string" ? fallback : undefined,
      }];
    }),
  };
}

function readNode(text: string): RecipeNode | undefined {
  if (scanText(text).issues.length > 0) return undefined;
  try {
    const { node, faults } = toNode(parseYaml(text, { schema: "failsafe" }));
    return faults.length > 0 ? undefined : node;
  } catch {
    return undefined; // no YAML: a check says what is wrong
  }
}

function textAt(map: ReadonlyMap<string, RecipeNode>, key: string): string {
  const value = map.get(key);
  return typeof value === "string" ? value : "";
}
