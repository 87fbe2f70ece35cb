import { InputFileError } from "../io/mod.ts";
import type { RecipeIO } from "../recipes/recipe_io.ts";
import { OutputError } from "./errors.ts";
import { baseName, folderOf, isAbsolute, join } from "./paths.ts";
import { isOurs } from "./provenance.ts";

/** Options for {@linkcode fileIO}. */
export interface FileIOOptions {
  /** The folder outputs are relative to, and must lie in. */
  out: string;
  /** Replace files that Meshtailor did not write, and inputs. */
  force: boolean;
}

/** The file system as a run sees it, and the recipe itself. */
export interface FileIO extends RecipeIO {
  /** Reads the recipe. */
  readRecipe(path: string): Promise<Uint8Array>;
}

/** Reads and writes files; outputs appear whole or not at all. */
export function fileIO({ out, force }: FileIOOptions): FileIO {
  const inputs = new Set<string>();
  const target = (path: string) => join(out, path);
  return {
    readRecipe: (path) =>
      readFile(path, (why) => new UnreadableRecipeError(`Cannot read the recipe "${path}" as ${why}`)),
    async read(path) {
      const bytes = await readFile(
        path,
        (why) => new InputFileError(`Cannot read "${path}" as ${why}`, { file: path }),
      );
      inputs.add(await Deno.realPath(path));
      return bytes;
    },
    resolve: (base, path) => isAbsolute(path) ? path : join(folderOf(base), path),
    async assertWritable(paths) {
      for (const path of paths) await assertTarget(target(path), { out, force, inputs });
    },
    async write(files) {
      for (const path of files.keys()) await assertTarget(target(path), { out, force, inputs });
      return await writeAll(new Map([...files].map(([path, bytes]) => [path, { target: target(path), bytes }])));
    },
  };
}

/** The recipe itself cannot be read: a fault of the command, not of an input. */
export class UnreadableRecipeError extends SyntaxError {
  override name = "RecipeError";
}

async function readFile(path: string, fault: (why: string) => Error): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw fault("there is no such file");
    if (error instanceof Deno.errors.IsADirectory) throw fault("it is a folder");
    if (error instanceof Deno.errors.PermissionDenied) throw fault("the system does not allow it");
    throw error;
  }
}

interface TargetRules extends FileIOOptions {
  readonly inputs: ReadonlySet<string>;
}

/** Refuses a path that must not or cannot be written, before any work is done. */
async function assertTarget(path: string, { out, force, inputs }: TargetRules): Promise<void> {
  const found = await statOrNothing(path);
  if (found?.isDirectory) throw new OutputError(`Cannot write "${path}" as it is a folder`);
  const folder = await existingFolder(folderOf(path), path);
  const root = await existingFolder(out, path);
  if (!isInside(folder, root)) {
    throw new OutputError(
      `Cannot write "${path}" as it leads out of ${out} through a link: name another folder with --out`,
    );
  }
  if (found === undefined || force) return await assertFolderWritable(folder, path);
  if (inputs.has(await Deno.realPath(path))) {
    throw new OutputError(`Cannot write "${path}" as it is an input of this recipe: name another file, or use --force`);
  }
  if (!await isOurs(path)) {
    throw new OutputError(
      `Cannot write "${path}" as a file that Meshtailor did not write is there: name another, or use --force`,
    );
  }
  await assertFolderWritable(folder, path);
}

async function statOrNothing(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw outputError(error, path);
  }
}

/** The real path of `folder`, or of the closest folder above it that exists. */
async function existingFolder(folder: string, path: string): Promise<string> {
  for (let at = folder;; at = folderOf(at)) {
    const found = await statOrNothing(at);
    if (found?.isDirectory) return await Deno.realPath(at);
    if (found !== undefined) throw new OutputError(`Cannot write "${path}" as "${at}" is a file, not a folder`);
    if (at === folderOf(at)) throw new OutputError(`Cannot write "${path}" as no folder above it exists`);
  }
}

function isInside(path: string, root: string): boolean {
  return path === root ||
    path.startsWith(root.endsWith("/") || root.endsWith("\\") ? root : root + (root.includes("\\") ? "\\" : "/"));
}

/** Tries it: permission bits do not tell about read-only disks, quotas and containers. */
async function assertFolderWritable(folder: string, path: string): Promise<void> {
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: ".meshtailor-" }));
  } catch (error) {
    throw outputError(error, path);
  }
}

async function writeAll(
  files: ReadonlyMap<string, { target: string; bytes: Uint8Array }>,
): Promise<Map<string, string>> {
  const temporaries: string[] = [];
  try {
    for (const { target, bytes } of files.values()) {
      await Deno.mkdir(folderOf(target), { recursive: true });
      temporaries.push(await writeTemporary(target, bytes));
    }
    for (const { target } of files.values()) {
      await Deno.rename(temporaries[0], target);
      temporaries.shift();
    }
  } catch (error) {
    for (const temporary of temporaries) await Deno.remove(temporary).catch(() => {});
    throw outputError(error, [...files.values()].map(({ target }) => target).join(", "));
  }
  return new Map([...files].map(([path, { target }]) => [path, target]));
}

/** In the same folder, so that the rename is one step; flushed, so that a power cut leaves the old file or the new. */
async function writeTemporary(target: string, bytes: Uint8Array): Promise<string> {
  const temporary = await Deno.makeTempFile({ dir: folderOf(target), prefix: `.${baseName(target)}-` });
  try {
    using file = await Deno.open(temporary, { write: true, truncate: true });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync();
    await Deno.chmod(temporary, 0o644).catch(() => {}); // temporary files are private; the result is not
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  return temporary;
}

function outputError(error: unknown, path: string): unknown {
  if (error instanceof Deno.errors.NotCapable || error instanceof OutputError) return error;
  if (!(error instanceof Error)) return error;
  const why = error instanceof Deno.errors.PermissionDenied
    ? "the system does not allow it"
    : /no space|os error 28/i.test(error.message)
    ? "the disk is full"
    : /read-only|os error 30/i.test(error.message)
    ? "the disk is read-only"
    : error.message.replace(/ \(os error \d+\).*$/, "").toLowerCase();
  return new OutputError(`Cannot write "${path}" as ${why}: name another folder with --out`);
}
