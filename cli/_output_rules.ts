import { OutputError } from "./errors.ts";
import { isInside } from "./file_io.ts";
import { baseName, folderOf } from "./paths.ts";
import { isOurs } from "./_is_ours.ts";
import { outputFault, probeFolder } from "./_write_files.ts";

/** What decides whether a file may be written. */
export interface OutputRules {
  /** The folder outputs are relative to, and must lie in. */
  readonly out: string;
  /** Another folder that links may lead to. */
  readonly root?: string;
  /** Replace files that are not ours. */
  readonly force: boolean;
  /** Real paths of what was read. */
  readonly inputs: ReadonlySet<string>;
}

/**
 * Refuses paths that must not or cannot be written, before any of them is.
 *
 * @throws {OutputError} Says which, why, and what to do.
 */
export async function assertTargets(targets: readonly string[], rules: OutputRules): Promise<void> {
  const taken = new Map<string, string>();
  for (const target of targets) {
    const folder = await assertTarget(target, rules);
    const place = `${folder}/${baseName(target)}`, other = taken.get(place);
    if (other !== undefined) {
      throw new OutputError(`Cannot write "${target}" as "${other}" is the same file: give each output one of its own`);
    }
    taken.set(place, target);
  }
}

/** Returns the real path of the folder the file goes to, as far as it exists. */
async function assertTarget(path: string, rules: OutputRules): Promise<string> {
  const folder = await assertFolder(path, rules), found = await existing(path, Deno.lstat);
  const refuse = (why: string) => {
    throw new OutputError(`Cannot write "${path}" as ${why}: name another file, or use --force`);
  };
  if (found?.isDirectory) throw new OutputError(`Cannot write "${path}" as it is a folder`);
  if (found !== undefined && !found.isFile && !found.isSymlink) {
    throw new OutputError(`Cannot write "${path}" as it is no regular file`);
  }
  if (found !== undefined && !rules.force) {
    if (found.isSymlink) refuse("a link to another file is there");
    if (rules.inputs.has(await Deno.realPath(path))) refuse("it is an input of this recipe");
    if (!await isOurs(path)) refuse("a file that Meshtailor did not write is there");
  }
  await probeFolder(folder, path);
  return folder;
}

/** Refuses a file whose folder, links followed, is neither below `out` nor below `root`. */
export async function assertFolder(path: string, { out, root }: Pick<OutputRules, "out" | "root">): Promise<string> {
  const folder = await existingFolder(folderOf(path), path);
  for (const allowed of root === undefined ? [out] : [out, root]) {
    if (isInside(folder, await existingFolder(allowed, path))) return folder;
  }
  throw new OutputError(
    `Cannot write "${path}" as it leads out of "${out}" through a link: name another folder with --out`,
  );
}

/** The real path of `folder`, or of the closest folder above it that exists. */
async function existingFolder(folder: string, path: string): Promise<string> {
  for (let at = folder;; at = folderOf(at)) {
    const found = await existing(at, Deno.stat);
    if (found?.isDirectory) return await Deno.realPath(at);
    if (found !== undefined) throw new OutputError(`Cannot write "${path}" as "${at}" is a file, not a folder`);
    if (at === folderOf(at)) throw new OutputError(`Cannot write "${path}" as no folder above it exists`);
  }
}

async function existing(
  path: string,
  look: (path: string) => Promise<Deno.FileInfo>,
): Promise<Deno.FileInfo | undefined> {
  try {
    return await look(path);
  } catch (error) {
    // Below a file there is nothing: the search goes up to it and says so.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw outputFault(error, path);
  }
}
