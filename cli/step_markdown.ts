import { fence, page, table } from "./markdown.ts";
import { describe, fallback, type StepPage, written } from "./step_page.ts";

/**
 * A step's page of documentation.
 *
 * @param note What stands under the heading.
 */
export function stepMarkdown(step: StepPage, note?: string): string {
  const { name, summary, example, fullExample, meshes, options, writes } = step;
  return page(
    `# ${name}`,
    note,
    `${summary}.`,
    fence("yaml", example.join("\n")),
    writes.length === 0 ? "It writes nothing." : `Writes ${written(writes).replace("mesh", "`mesh`")}.`,
    "## Meshes",
    table(
      ["key", "", "what it is"],
      meshes.map((mesh) => [
        `\`${mesh.name}\``,
        mesh.required ? "" : "optional",
        describe(mesh),
      ]),
    ),
    ...options.length === 0 ? ["It has no options."] : [
      "## Options",
      table(
        ["option", "default", "takes", "what it is"],
        options.map((option) => [
          `\`${option.name}\``,
          fallback(option),
          option.takes,
          option.doc,
        ]),
      ),
      ...fullExample.length === 0 ? [] : ["With every option at its default:", fence("yaml", fullExample.join("\n"))],
    ],
  );
}
