import type { Faults } from "./_faults.ts";
import { describeNode, type RecipeNode } from "./_node.ts";
import { quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";

/** Names of meshes, parameters, steps' ids and outputs, for JSON Schema and for messages. */
export const NAME_PATTERN = "[A-Za-z][A-Za-z0-9_-]*";
const NAME = new RegExp(`^${NAME_PATTERN}$`);

/** Whether the text may be a name. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Reports a key that cannot be a name. */
export function checkNameKey(name: string, path: NodePath, faults: Faults): boolean {
  if (isName(name)) return true;
  faults.key(path, "bad-name", nameRule(name), suggestion(name));
  return false;
}

/** The name a key holds, where it must be written out; reports what is none. */
export function readName(node: RecipeNode, path: NodePath, subject: string, faults: Faults): string | undefined {
  if (node === null) {
    faults.key(path, "no-value", `${subject} has no value`, "Write a name after the colon");
  } else if (typeof node !== "string") {
    faults.value(path, "wrong-kind", `${subject} takes a name: it is ${describeNode(node)}`);
  } else if (node.startsWith("$")) {
    faults.value(
      path,
      "wrong-kind",
      `${subject} takes a name, which is written out: ${quote(node)} is a reference to a parameter`,
    );
  } else if (!isName(node)) {
    faults.value(path, "bad-name", nameRule(node), suggestion(node));
  } else return node;
  return undefined;
}

function nameRule(name: string): string {
  return `A name starts with a letter and has letters, digits, "-" and "_": ${quote(name)} is not one`;
}

function suggestion(name: string): string | undefined {
  const fixed = name.trim().replaceAll(/[^A-Za-z0-9_-]+/g, "-").replace(/^[^A-Za-z]+/, "").replace(/-+$/, "");
  return isName(fixed) && fixed.length <= 60 ? `Write ${fixed}` : undefined;
}
