import type { CheckContext } from "./_check_context.ts";
import { readName } from "./_names.ts";
import { describeNode, type RecipeNode } from "./_node.ts";
import { quote } from "./_words.ts";
import type { NodePath } from "./recipe.ts";

/** What `with` of an output is for. */
export const COMPANIONS_DOC =
  "Other meshes that go into the same file, such as the body, whose skeleton they then share";

/**
 * Reads `with` of an output: meshes that go into its file beside its own.
 *
 * @param mesh The output's own.
 * @returns Undefined where anything is wrong.
 */
export function readCompanions(
  node: RecipeNode | undefined,
  at: NodePath,
  owner: string,
  mesh: string | undefined,
  { faults, meshes }: CheckContext,
): readonly string[] | undefined {
  if (node === undefined) return [];
  const path = [...at, "with"], subject = `"with" of ${owner}`;
  if (!Array.isArray(node)) {
    if (node === null) faults.key(path, "no-value", `${subject} has no value`, "Write [body], or leave it out");
    else {
      const help = typeof node === "string" ? `Write [${node}]` : "Write [body]";
      faults.value(path, "wrong-kind", `${subject} takes a list of meshes: it is ${describeNode(node)}`, help);
    }
    meshes.mention(node);
    return undefined;
  }
  const names: string[] = [], items = node as readonly RecipeNode[];
  items.forEach((item, i) => {
    const place = [...path, i], name = readName(item, place, `An item of ${subject}`, faults);
    const found = name === undefined ? undefined : meshes.find(name, place);
    if (name === undefined) meshes.areUsesKnown = false;
    if (found === undefined) return;
    found.unseen = undefined;
    if (found.name === mesh || names.includes(found.name)) {
      faults.value(place, "same-mesh", `A mesh goes into a file once: ${quote(found.name)} is in ${owner} already`);
    } else names.push(found.name);
  });
  return names.length === items.length ? names : undefined;
}
