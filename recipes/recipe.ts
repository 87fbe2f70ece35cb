import type { Step } from "./step.ts";

/** A place in the tree of a recipe, such as `["steps", 1, "fit", "clearance"]`. */
export type NodePath = readonly (string | number)[];

/** Which mesh of a file is meant; all of them where nothing is said. */
export interface InputSelection {
  /** Name or index of a node. */
  readonly node?: string;
  /** Name or index of a mesh. */
  readonly mesh?: string;
  /** Index of a primitive. */
  readonly primitive?: string;
  /** Name or index of a material. */
  readonly material?: string;
  /** Name or index of a skin. */
  readonly skin?: string;
}

/** A mesh the recipe reads. */
export interface RecipeInput {
  /** The name steps use. */
  readonly name: string;
  /** As written: relative to the recipe's own file. */
  readonly file: string;
  /** What is taken from the file. */
  readonly selection: InputSelection;
  /** Where it stands. */
  readonly at: NodePath;
}

/** A step with every name resolved and every option typed. */
export interface RecipeStep {
  /** What it is. */
  readonly step: Step;
  /** `id:` of the recipe. */
  readonly id: string | undefined;
  /** The mesh that changes, or is copied where `as` names the copy. */
  readonly mesh: string;
  /** The name of the copy the step writes, when the recipe says `as:`. */
  readonly as: string | undefined;
  /** The name of the selection the step makes, which `as:` gives too. */
  readonly selection: string | undefined;
  /** Selections of the mesh that options name: key of the option → names. */
  readonly uses: Readonly<Record<string, readonly string[]>>;
  /** Consulted meshes: key in the step → name of the mesh. */
  readonly consults: Readonly<Record<string, string>>;
  /** Typed values, defaults filled in; relative lengths (`0.5%bbox`) are still {@linkcode RelativeLength}. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where it stands: `["steps", i]`. */
  readonly at: NodePath;
}

/** A file the recipe writes. */
export interface RecipeOutput {
  /** Its name. */
  readonly name: string;
  /** The mesh that is written. */
  readonly mesh: string;
  /** Other meshes that go into the same file. */
  readonly with: readonly string[];
  /** As written: relative to `--out`. */
  readonly file: string;
  /** Where it stands. */
  readonly at: NodePath;
}

/** A recipe without a fault: what the planner and the interpreter work with. */
export interface Recipe {
  /** The file it came from, or what the caller called it. */
  readonly path: string;
  /** The text it was read from, for messages that point into it. */
  readonly text: string;
  /** `name:`, or the file's name without its ending. */
  readonly name: string;
  /** `description:`. */
  readonly description: string;
  /** Parameters as text, overrides applied. */
  readonly params: Readonly<Record<string, string>>;
  /** In the order of the file. */
  readonly inputs: readonly RecipeInput[];
  /** In the order they run; those whose `if:` is false are gone. */
  readonly steps: readonly RecipeStep[];
  /** In the order of the file. */
  readonly outputs: readonly RecipeOutput[];
  /** `memory: { max }`, bytes. */
  readonly maxBytes: number | undefined;
}
