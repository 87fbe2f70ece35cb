/**
 * Answers in pages: what the command line says to the commands a page shows, in a folder with the files it shows.
 *
 * @module
 */
import { ROOT } from "./_checkout.ts";

const FENCE = /```(\w+)[^\n]*\n([^]*?)```/g;
/** The first line of a file that a page shows is a comment with its name. */
const FILE_NAME = /^(?:#|\/\/) ([\w./-]+\.(?:yaml|ts))\n/;

/**
 * A page with its answers made anew: behind every `$ meshtailor …` of a `console` fence stands what that says, and its
 * exit code where that is not 0.
 *
 * @param markdown Shows the files its commands read, each in a fence that begins with a comment of its name.
 */
export async function withAnswers(markdown: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-docs-" });
  try {
    await lay(markdown, folder);
    let page = "", end = 0;
    for (const { index, 0: all, 1: language, 2: body } of markdown.matchAll(FENCE)) {
      if (language !== "console") continue;
      const commands = body.split("\n").filter((line) => line.startsWith("$ meshtailor"));
      const answers: string[] = [];
      for (const command of commands) answers.push(await answer(command, folder));
      page += `${markdown.slice(end, index)}\`\`\`console\n${answers.join("\n")}\n\`\`\``;
      end = index + all.length;
    }
    return page + markdown.slice(end);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the files of a page, beside the meshes of the library. */
async function lay(markdown: string, folder: string): Promise<void> {
  const meshes = new URL("recipes/library/meshes/", ROOT);
  for await (const { name } of Deno.readDir(meshes)) await Deno.copyFile(new URL(name, meshes), `${folder}/${name}`);
  for (const [, , body] of markdown.matchAll(FENCE)) {
    const name = FILE_NAME.exec(body)?.[1];
    if (name !== undefined) await Deno.writeTextFile(`${folder}/${name}`, body);
  }
}

async function answer(command: string, cwd: string): Promise<string> {
  const args = command.split(" ").slice(2);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-RW", new URL("cli.ts", ROOT).pathname, ...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  const said = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trimEnd();
  return [command, ...(said === "" ? [] : [said]), ...(code === 0 ? [] : ["$ echo $?", code])].join("\n");
}
