import { assertEquals } from "@std/assert";
import { copyCheckout, ROOT } from "../../tools/_checkout.ts";
import { readmeCommands } from "./_readme.ts";

Deno.test("readmeCommands() takes commands from fences, without npx and comments", () => {
  const page = [
    "    deno run outside.ts",
    "```sh",
    "npx -y deno@2.9.6 run -RW cli.ts a.yaml   # says what it did",
    "deno task test",
    'deno run cli.ts b.yaml --set "name=two words"',
    "deno add jsr:@meshtailor/meshtailor",
    "```",
    "deno run after.ts",
  ].join("\n");
  assertEquals(readmeCommands(page), [
    { line: 3, args: ["run", "-RW", "cli.ts", "a.yaml"] },
    { line: 4, args: ["task", "test"], skip: "a suite of its own" },
    { line: 5, args: ["run", "cli.ts", "b.yaml", "--set", "name=two words"] },
    {
      line: 6,
      args: ["add", "jsr:@meshtailor/meshtailor"],
      skip: "needs JSR",
    },
  ]);
});

Deno.test("README.md: its commands work, in order, in a copy of the checkout", async (t) => {
  const markdown = await Deno.readTextFile(new URL("README.md", ROOT));
  const folder = await Deno.makeTempDir({ prefix: "meshtailor_readme_" });
  try {
    await copyCheckout(folder);
    for (const { line, args, skip } of readmeCommands(markdown)) {
      await t.step({
        name: `README.md:${line}: deno ${args.join(" ")}`,
        ignore: skip !== undefined,
        fn: () => assertRuns(args, folder),
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function assertRuns(args: string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, `${decoder.decode(stdout)}${decoder.decode(stderr)}`);
}
