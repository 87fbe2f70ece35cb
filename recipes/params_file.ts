import { RecipeDocument } from "./_document.ts";
import { Faults } from "./_faults.ts";
import { checkNameKey } from "./_names.ts";
import { describeNode, isMap, type RecipeNode, toNode } from "./_node.ts";
import { quote } from "./_words.ts";
import type { RecipeIssue } from "./issue.ts";
import { scanText } from "./scan.ts";

/** What {@linkcode parseParams} found. */
export interface ParsedParams {
  /** Values as text, by the name of the parameter. */
  readonly values: Readonly<Record<string, string>>;
  /** Where each value stands, `line:column`, by the name of the parameter. */
  readonly places: Readonly<Record<string, string>>;
  /** Everything that is wrong, in the order of the text. */
  readonly issues: readonly RecipeIssue[];
}

/**
 * Reads a file of values for parameters: a map of names and values, written as `--set` takes them.
 *
 * @param text YAML.
 *
 * @example
 * ```ts
 * import { parseParams } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const { values, places } = await parseParams("# for the heavy body\nclearance: 8mm\n");
 * assertEquals(values, { clearance: "8mm" });
 * assertEquals(places, { clearance: "2:12" });
 * ```
 */
export async function parseParams(text: string): Promise<ParsedParams> {
  const { issues } = scanText(text);
  if (issues.length > 0) return { values: {}, places: {}, issues };
  const document = await RecipeDocument.open(text, false);
  if (document.issues.length > 0) return { values: {}, places: {}, issues: document.issues };
  const { node, faults } = toNode(document.value());
  const found = new Faults();
  for (const fault of faults) found.add(fault);
  const values = readValues(node, found);
  return {
    values,
    places: Object.fromEntries(
      Object.keys(values).map((name) => {
        const { line, column } = document.locate([name], "value");
        return [name, `${line}:${column}`];
      }),
    ),
    issues: found.list.map((fault) => ({ ...fault, ...document.locate(fault.path, fault.at) })),
  };
}

function readValues(node: RecipeNode, faults: Faults): Record<string, string> {
  const values: Record<string, string> = {};
  if (node === null) return values; // a file of comments sets nothing
  const help = "Write lines such as clearance: 8mm";
  if (!isMap(node)) {
    faults.value(
      [],
      "bad-shape",
      `A file of parameters is a map of names and values: it is ${describeNode(node)}`,
      help,
    );
    return values;
  }
  for (const [name, value] of node) {
    if (!checkNameKey(name, [name], faults)) continue;
    if (typeof value === "string") values[name] = value;
    else if (value === null) faults.key([name], "no-value", `Parameter ${quote(name)} has no value`, help);
    else faults.value([name], "bad-shape", `A value is text: ${quote(name)} is ${describeNode(value)}`, help);
  }
  return values;
}
