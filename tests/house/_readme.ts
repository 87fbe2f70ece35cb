/** A command of the README. */
export interface ReadmeCommand {
  line: number;
  /** Its arguments after the name of Deno. */
  args: string[];
  /** Why it is not run here. */
  skip?: string;
}

/** Commands that would run this very test again, or take longer than a test may. */
const LONG_TASKS = ["test", "ok", "jsr", "bench"];

/** The commands in a page's code fences that start Deno, through npx or not. */
export function readmeCommands(markdown: string): ReadmeCommand[] {
  const commands: ReadmeCommand[] = [];
  let isFenced = false;
  markdown.split("\n").forEach((text, index) => {
    if (/^\s*```/.test(text)) isFenced = !isFenced;
    const match = /^\s*(?:\$ )?(?:npx -y deno@[\d.]+|deno) (.*)$/.exec(text);
    if (!isFenced || !match) return;
    const args = splitArguments(match[1]!.replace(/\s+#\s.*$/, ""));
    const skip = reasonToSkip(args);
    commands.push({ line: index + 1, args, ...skip && { skip } });
  });
  return commands;
}

function splitArguments(text: string): string[] {
  const words = text.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}

function reasonToSkip(args: string[]): string | undefined {
  const [verb, name = ""] = args;
  if (verb === "task" && LONG_TASKS.includes(name)) return "a suite of its own";
  if (args.some((arg) => arg.includes("jsr:"))) return "needs JSR";
  return undefined;
}
