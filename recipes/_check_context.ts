import type { Faults } from "./_faults.ts";
import type { MeshScope } from "./_meshes.ts";
import type { RecipeNode } from "./_node.ts";
import { type Option, type OptionContext, Problem, type ResolvedText } from "./_option.ts";
import type { ParameterScope } from "./_parameter_scope.ts";
import { quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";
import type { Step } from "./step.ts";

/** What the parts of the check share. */
export interface CheckContext {
  readonly faults: Faults;
  readonly params: ParameterScope;
  readonly meshes: MeshScope;
  readonly catalogue: ReadonlyMap<string, Step>;
}

/** Names a value in messages, `"clearance" of "fit"`, and resolves what it refers to. */
export class ValueContext implements OptionContext {
  readonly #params: ParameterScope;
  readonly #keys: readonly (string | number)[];
  readonly #owner: string;

  /**
   * @param owner What has the option, as messages name it; empty for the recipe itself.
   */
  constructor(params: ParameterScope, owner: string, ...keys: (string | number)[]) {
    this.#params = params;
    this.#owner = owner;
    this.#keys = keys;
  }

  get subject(): string {
    const name = this.#keys.reduce<string>(
      (name, key) => typeof key === "number" ? `${name}[${key}]` : name === "" ? key : `${name}.${key}`,
      "",
    );
    return this.#owner === "" ? quote(name) : `${quote(name)} of ${this.#owner}`;
  }

  resolve(text: string, option: Option): ResolvedText | Problem {
    return this.#params.resolve(text, option, this.subject);
  }

  inside(key: string | number): OptionContext {
    return new ValueContext(this.#params, this.#owner, ...this.#keys, key);
  }
}

/** Reads one value by its option; reports what is wrong and returns `undefined` then. */
export function readValue<T>(
  option: Option<T>,
  node: RecipeNode,
  path: NodePath,
  owner: string,
  { faults, params }: Pick<CheckContext, "faults" | "params">,
): T | undefined {
  const value = option.parse(node, new ValueContext(params, owner, path.at(-1)!));
  if (!(value instanceof Problem)) return value;
  for (const fault of value.faults) faults.add({ ...fault, path: [...path, ...fault.path] });
  return undefined;
}
