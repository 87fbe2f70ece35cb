/** What a process said and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

/** Runs `deno run <flags> cli.ts <args>` as a user would, without prompts. */
export async function meshtailor(
  args: readonly string[],
  flags: readonly string[] = ["-RW"],
  cwd = ".",
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, CLI, ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    cwd,
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: faultsIn(decoder.decode(stderr)) };
}

/** What a program said on stderr, less the packages Deno says it fetches where its cache is empty. */
export function faultsIn(stderr: string): string {
  return stderr.replaceAll(/^Download .*\n/gm, "");
}

/** A folder that is gone after `use`. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-test-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything below a folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    found.push(...(isDirectory ? (await filesIn(`${folder}/${name}`)).map((inner) => `${name}/${inner}`) : [name]));
  }
  return found.sort();
}

/** Starts `deno run -RW cli.ts <args>` and does not wait for it; it says nothing. */
export function startMeshtailor(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-RW", CLI, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}
