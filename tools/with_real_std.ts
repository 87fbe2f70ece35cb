/**
 * Runs the tests against the real `@std` packages instead of the stand-ins in `offline/`.
 *
 * ```sh
 * deno task jsr                          # from JSR
 * deno task jsr ~/std                    # from a checkout of the standard library's sources
 * deno task jsr ~/std tests/recipes      # only some tests
 * deno task jsr - tests/recipes          # the same from JSR
 * ```
 *
 * It works in a copy of the checkout whose `deno.json` has other `links`, because tests start `cli.ts` as a process,
 * which finds its own configuration: one passed with `--config` here would not reach it.
 *
 * @module
 */

import { copyCheckout, ROOT } from "./_checkout.ts";

interface Config {
  imports: Record<string, string>;
  links?: string[];
  exclude?: string[];
  tasks: Record<string, { command: string }>;
}

/** The packages our code names; what these import is found by reading them. */
const PACKAGES = ["assert", "cli", "yaml"];

if (import.meta.main) Deno.exit(await testWithRealStd(Deno.args));

async function testWithRealStd(args: readonly string[]): Promise<number> {
  const [source = "-", ...selection] = args;
  const folder = await Deno.makeTempDir({ prefix: "meshtailor_std_" });
  try {
    await copyCheckout(`${folder}/main`);
    // Some tests ask git which files there are.
    await run("git", ["init", "--quiet"], `${folder}/main`);
    await linkShared(folder);
    const config = await readJson<Config>(`${folder}/main/deno.json`);
    delete config.links;
    config.exclude = [...config.exclude ?? [], "offline/"];
    if (source !== "-") await linkSources(config, await Deno.realPath(source));
    await Deno.writeTextFile(
      `${folder}/main/deno.json`,
      JSON.stringify(config, null, 2),
    );
    await Deno.remove(`${folder}/main/deno.lock`).catch(ignoreMissing);
    return await runTests(`${folder}/main`, config, selection);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runTests(
  cwd: string,
  config: Config,
  selection: readonly string[],
): Promise<number> {
  // The flags of the `test` task, so that they stand in one place only.
  const [, ...flags] = config.tasks.test!.command.split(" ");
  const args = [...flags, "--no-lock", ...selection];
  return await run(Deno.execPath(), args, cwd);
}

async function run(
  program: string,
  args: string[],
  cwd: string,
): Promise<number> {
  const process = new Deno.Command(program, { args, cwd }).spawn();
  return (await process.status).code;
}

/** Tests that use `../shared` find it beside the copy too. */
async function linkShared(folder: string): Promise<void> {
  const shared = await Deno.realPath(new URL("../shared", ROOT)).catch(
    ignoreMissing,
  );
  if (shared) await Deno.symlink(shared, `${folder}/shared`, { type: "dir" });
}

/** Points `links` at the sources of our packages and of those they import. */
async function linkSources(config: Config, std: string): Promise<void> {
  const found = new Set<string>(PACKAGES);
  for (const name of found) {
    for (const imported of await importedPackages(`${std}/${name}`)) {
      found.add(imported);
    }
  }
  config.links = [...found].map((name) => `${std}/${name}`);
  for (const name of found) {
    const { version } = await readJson<{ version: string }>(
      `${std}/${name}/deno.json`,
    );
    config.imports[`@std/${name}`] ??= `jsr:@std/${name}@^${version}`;
  }
}

/** Names `x` of all `@std/x` that the package's own modules import. */
async function importedPackages(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !name.endsWith(".ts") || name.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(`${folder}/${name}`);
    // At the start of a line: an import in an example stands behind a star.
    for (const match of text.matchAll(/^.*\bfrom "@std\/([a-z-]+)/gm)) {
      if (!match[0].trimStart().startsWith("*")) names.add(match[1]!);
    }
  }
  return names;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(path));
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
