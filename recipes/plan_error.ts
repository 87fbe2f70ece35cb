import type { NodePath } from "./recipe.ts";

/** A recipe that cannot be lowered with these inputs: a step needs what nobody has written. */
export class PlanError extends SyntaxError {
  /** What the exit code is decided by. */
  override name = "PlanError";
  /**
   * Says it in one sentence.
   *
   * @param code Kebab-case kind of the fault.
   * @param path Where in the recipe.
   * @param message One sentence with the way out.
   */
  constructor(readonly code: string, readonly path: NodePath, message: string) {
    super(message);
  }
}
