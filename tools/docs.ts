/**
 * Writes the pages that are made from definitions and real runs: `deno task docs`. A test holds the committed ones
 * against them.
 *
 * @module
 */
import { ALL_CODES, explainCode } from "../cli/explain_code.ts";
import { helpPage, verbPage } from "../cli/help.ts";
import { wrap } from "../cli/layout.ts";
import { between, fence, page, table } from "../cli/markdown.ts";
import { stepMarkdown } from "../cli/step_markdown.ts";
import { stepPage } from "../cli/step_page.ts";
import { VERBS } from "../cli/verbs.ts";
import { recipeSchema } from "../recipes/schema.ts";
import { BUILT_IN_STEPS } from "../recipes/steps/mod.ts";
import { answerTo, BROKEN_RECIPES, SOUND } from "./_broken_recipes.ts";
import { ROOT } from "./_checkout.ts";
import { withAnswers } from "./_console.ts";

const STEPS = BUILT_IN_STEPS.map(stepPage);
const MADE = "<!-- Made by `deno task docs`: change what it is made from, not this page. -->";

/** Every page that is made, by its path from the root. */
export async function docPages(): Promise<Map<string, string>> {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  return new Map([
    ["recipe.schema.json", `${JSON.stringify(recipeSchema(BUILT_IN_STEPS), null, 2)}\n`],
    ["README.md", between(readme, "steps", stepTable("docs/steps/"))],
    ["docs/command_line.md", commandLinePage()],
    ["docs/messages.md", await messagesPage()],
    ["docs/own_steps.md", await answered("docs/own_steps.md")],
    ["docs/steps/README.md", page("# Steps", MADE, stepTable(""))],
    ...STEPS.map((step): [string, string] => [`docs/steps/${step.name}.md`, stepMarkdown(step, MADE)]),
  ]);
}

/** A page written by hand, in which the answers of the command line are made anew. */
async function answered(path: string): Promise<string> {
  return await withAnswers(await Deno.readTextFile(new URL(path, ROOT)));
}

function stepTable(folder: string): string {
  return table(["step", "does"], STEPS.map(({ name, summary }) => [`[\`${name}\`](${folder}${name}.md)`, summary]));
}

function commandLinePage(): string {
  return page(
    "# The command line",
    MADE,
    fence("text", helpPage().join("\n")),
    ...VERBS.flatMap((verb) => [`## ${verb.name}`, fence("text", verbPage(verb).join("\n"))]),
  );
}

async function messagesPage(): Promise<string> {
  const cases = await Promise.all(BROKEN_RECIPES.map(async (broken, i) => {
    const { lines, code } = await answerTo(broken);
    const command = `$ meshtailor ${(broken.args ?? ["check", "armor.yaml"]).join(" ")}`;
    return [
      `## ${i + 1}. ${broken.title}`,
      broken.remark,
      fence("text", [command, ...lines, `$ echo $?`, code].join("\n")),
    ];
  }));
  return page(
    "# Ten broken recipes, and what the tool says",
    MADE,
    "Every answer on this page comes from a real run. This recipe is sound; each case breaks it in one way.",
    fence("yaml", SOUND),
    ...cases.flat(),
    "## All codes",
    prose(
      "Messages get better with time; codes stay. They stand in brackets behind `error`, and in `check --json`; `meshtailor help CODE` explains one in a terminal.",
    ),
    ...await Promise.all(Object.keys(ALL_CODES).map(codeMarkdown)),
  );
}

/** A paragraph as `deno fmt` leaves it: lines of 120 columns, code in one piece. */
function prose(text: string): string {
  const glued = text.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(" ", "\u00a0"));
  return wrap(glued, 120).join("\n").replaceAll("\u00a0", " ");
}

/** Examples that a formatter of YAML would change, or choke on. */
const NO_YAML = /^(tab-indentation|too-deep|bad-yaml|bare-reference|duplicate-key|several-documents)$/;

async function codeMarkdown(code: string): Promise<string> {
  const { meaning, why, wrong, issue } = await explainCode(code);
  return [
    `### ${code}`,
    prose(`${meaning}. ${why}`),
    ...wrong === undefined ? [] : [fence(NO_YAML.test(code) ? "text" : "yaml", wrong)],
    ...issue === undefined ? [] : [
      fence(
        "text",
        [`error[${code}]: ${issue.message}`, ...issue.help === undefined ? [] : [`help: ${issue.help}`]].join("\n"),
      ),
    ],
  ].join("\n\n");
}

if (import.meta.main) {
  for (const [path, text] of await docPages()) {
    await Deno.mkdir(new URL(".", new URL(path, ROOT)), { recursive: true });
    await Deno.writeTextFile(new URL(path, ROOT), text);
  }
}
