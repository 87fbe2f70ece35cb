import { OutputError } from "./errors.ts";
import { assertFolder, type OutputRules } from "./_output_rules.ts";
import { folderOf, join } from "./paths.ts";

/** How files are called until they are whole. */
const PREFIX = ".meshtailor-", SUFFIX = ".tmp";

/** A file that is being written under a temporary name; closing it lets others take it for a leftover. */
interface Temporary extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
}

/**
 * Writes all files under temporary names beside their targets, each flushed,
 * and renames them when the last one is whole: at any moment, and whatever ends
 * the process, a target holds what it held before or all of the new.
 *
 * What a process that was killed left behind is removed on the way.
 *
 * @param files Bytes by path.
 * @throws {OutputError} Says which file and why; none was changed unless a rename itself failed.
 */
export async function writeAll(files: ReadonlyMap<string, Uint8Array>, rules: OutputRules): Promise<void> {
  using open = new DisposableStack();
  const waiting: { temporary: Temporary; target: string }[] = [];
  let current = "";
  try {
    for (const [target, bytes] of files) {
      current = target;
      await Deno.mkdir(folderOf(target), { recursive: true });
      await assertFolder(target, rules);
      await removeLeftovers(folderOf(target));
      const temporary = open.use(await createTemporary(folderOf(target)));
      waiting.push({ temporary, target });
      await fill(temporary, bytes, target);
    }
    while (waiting.length > 0) {
      const { temporary, target } = waiting[0];
      current = target;
      if (Deno.build.os === "windows") temporary[Symbol.dispose](); // an open file cannot be renamed there
      await Deno.rename(temporary.path, target);
      waiting.shift();
    }
  } catch (error) {
    for (const { temporary } of waiting) await Deno.remove(temporary.path).catch(() => {});
    throw outputFault(error, current);
  }
}

/** Tries whether files can be made in a folder: permission bits do not tell about read-only disks, quotas and containers. */
export async function probeFolder(folder: string, target: string): Promise<void> {
  try {
    using probe = await createTemporary(folder);
    await Deno.remove(probe.path);
  } catch (error) {
    throw outputFault(error, target);
  }
}

/** Makes and locks a file; the lock ends with the process, however that ends, so it tells leftovers from work in progress. */
async function createTemporary(folder: string): Promise<Temporary> {
  for (;;) {
    const path = join(folder, `${PREFIX}${crypto.randomUUID().slice(0, 13)}${SUFFIX}`);
    const file = await Deno.open(path, { createNew: true, write: true });
    await file.lock(true).catch(() => {}); // some network disks have no locks
    // Another process may have removed it before the lock was ours.
    if (await Deno.lstat(path).then(() => true, () => false)) return closedOnce(path, file);
    file.close();
  }
}

function closedOnce(path: string, file: Deno.FsFile): Temporary {
  let isOpen = true;
  return {
    path,
    file,
    [Symbol.dispose]: () => {
      if (isOpen) file.close();
      isOpen = false;
    },
  };
}

async function fill({ file, path }: Temporary, bytes: Uint8Array, target: string): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync(); // a power cut leaves the old file or the new
  const { mode } = await Deno.lstat(target).then(
    (found) => found.isFile ? found : { mode: null },
    () => ({ mode: null }),
  );
  if (mode !== null) await Deno.chmod(path, mode & 0o777).catch(() => {});
}

async function removeLeftovers(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) continue;
    const path = join(folder, name);
    try {
      using file = await Deno.open(path, { write: true });
      if (await file.tryLock(true)) await Deno.remove(path);
    } catch { /* not ours to remove */ }
  }
}

/** What the system said, as a sentence for a person. */
export function outputFault(error: unknown, path: string): unknown {
  if (error instanceof Deno.errors.NotCapable || error instanceof OutputError || !(error instanceof Error)) {
    return error;
  }
  const { message } = error;
  const why = /no space|os error 28\b/i.test(message)
    ? "the disk is full"
    : /quota|os error 122\b/i.test(message)
    ? "the disk quota is used up"
    : /read-only|os error 30\b/i.test(message)
    ? "the disk is read-only"
    : /name too long|os error 36\b/i.test(message)
    ? "its name is too long"
    : error instanceof Deno.errors.PermissionDenied
    ? "the system does not allow it"
    : message.replace(/ \(os error \d+\).*$/, "").toLowerCase();
  return new OutputError(`Cannot write "${path}" as ${why}: name another folder with --out`);
}
