import { InputFileError } from "../io/gltf/input_file_error.ts";
import type { RecipeIO } from "../recipes/recipe_io.ts";
import { MAX_BYTES } from "../recipes/scan.ts";
import { assertTargets, type OutputRules } from "./_output_rules.ts";
import { writeAll } from "./_write_files.ts";
import { baseName, folderOf, isAbsolute, join } from "./paths.ts";

/** Options for {@linkcode fileIO}. */
export interface FileIOOptions {
  /** The folder outputs are relative to, and must lie in. */
  out: string;
  /** Replace files that Meshtailor did not write, links and inputs. */
  force: boolean;
  /** Another folder that links may lead outputs to. */
  root?: string;
}

/** The file system as a run sees it, and the recipe itself. */
export interface FileIO extends RecipeIO {
  /** Reads the recipe; of a file that is too large for one, just enough to see that. */
  readRecipe(path: string): Promise<Uint8Array>;
  /**
   * Reads a file that another one names: a buffer or an image of a .gltf. It has
   * to lie in the folder of `base`, links followed.
   */
  readBeside(base: string, path: string): Promise<Uint8Array>;
}

/** Files this large do not fit into a .glb, whose length is a number of four bytes. */
const MAX_FILE_BYTES = 2 ** 32 - 1;

/** Recipes are smaller than this. */
const MAX_RECIPE_BYTES = 2 * MAX_BYTES;

/** Reads and writes files; outputs appear whole or not at all. */
export function fileIO(options: FileIOOptions): FileIO {
  const inputs = new Set<string>();
  const rules: OutputRules = { ...options, inputs };
  const targetOf = (path: string) => isAbsolute(path) ? path : join(options.out, path);
  return {
    readRecipe: (path) =>
      readFile(
        path,
        path,
        (why) => new UnreadableRecipeError(`Cannot read the recipe "${path}" as ${why}`),
        MAX_RECIPE_BYTES,
      ),
    async read(path) {
      const fault = (why: string) => new InputFileError(`Cannot read "${path}" as ${why}`, { file: path });
      const real = await realPath(path, fault);
      inputs.add(real);
      return await readFile(real, path, fault);
    },
    async readBeside(base, path) {
      const real = await pathBeside(base, path);
      inputs.add(real);
      return await readFile(real, path, (why) => besideFault(base, path, `must be readable: ${why}`));
    },
    resolve: (base, path) => isAbsolute(path) ? path : join(folderOf(base), path),
    async assertWritable(paths) {
      await assertTargets(paths.map(targetOf), rules);
    },
    async write(files) {
      const targets = new Map([...files].map(([path, bytes]) => [targetOf(path), bytes]));
      await assertTargets([...targets.keys()], rules);
      await writeAll(targets, rules);
      return new Map([...files.keys()].map((path) => [path, targetOf(path)]));
    },
  };
}

/** The recipe itself cannot be read: a fault of the command, not of an input. */
export class UnreadableRecipeError extends SyntaxError {
  override name = "RecipeError";
}

/** Where a file that `base` names really is; refused unless that is in the folder of `base`. */
async function pathBeside(base: string, path: string): Promise<string> {
  const missing = (why: string) => besideFault(base, path, `must be readable: ${why}`);
  const folder = await realPath(folderOf(base), missing), file = await realPath(join(folderOf(base), path), missing);
  // Names alone were checked before: only a link can still lead out.
  if (isInside(file, folder)) return file;
  throw besideFault(base, path, "must lie in the folder of the file that names it: it is a link that leads out of it");
}

function besideFault(base: string, path: string, rule: string): InputFileError {
  return new InputFileError(`Cannot read "${base}" as its ${JSON.stringify(path)} ${rule}`, { file: base });
}

/** Whether a real path is a folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  const separator = folder.includes("\\") ? "\\" : "/";
  return path === folder || path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}

async function realPath(path: string, fault: (why: string) => Error): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    throw readFault(error, path, fault);
  }
}

/** Reads a file, into memory of exactly its size; of one with more than `most` bytes, the first of them. */
async function readFile(
  path: string,
  name: string,
  fault: (why: string) => Error,
  most = Infinity,
): Promise<Uint8Array> {
  try {
    // Opening a pipe would wait for somebody to write to it.
    const { isFile, isDirectory, size } = await Deno.stat(path);
    if (isDirectory) throw fault("it is a folder");
    if (!isFile) throw fault("it is no regular file");
    if (size > MAX_FILE_BYTES) throw fault(`a file may have ${MAX_FILE_BYTES} bytes: it has ${size}`);
    using file = await Deno.open(path);
    return await readToEnd(file, size, most);
  } catch (error) {
    throw readFault(error, name, fault);
  }
}

async function readToEnd(file: Deno.FsFile, size: number, most: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(size, most)), length = 0;
  for (;;) {
    if (length >= most) return bytes;
    if (length === bytes.length) {
      const more = new Uint8Array(65536), count = await file.read(more);
      if (count === null) return bytes;
      const longer = new Uint8Array(length + count); // it grew while it was read, or has no size (as in /proc)
      longer.set(bytes);
      longer.set(more.subarray(0, count), length);
      bytes = longer;
      length += count;
    } else {
      const count = await file.read(bytes.subarray(length));
      if (count === null) return bytes.subarray(0, length);
      length += count;
    }
  }
}

function readFault(error: unknown, path: string, fault: (why: string) => Error): unknown {
  if (error instanceof Deno.errors.NotFound) return fault("there is no such file");
  if (error instanceof Deno.errors.NotADirectory) return fault(`"${baseName(folderOf(path))}" is no folder`);
  if (error instanceof Deno.errors.IsADirectory) return fault("it is a folder");
  if (error instanceof Deno.errors.FilesystemLoop) return fault("its links lead in a circle");
  if (error instanceof Deno.errors.PermissionDenied) return fault("the system does not allow it");
  return error;
}
