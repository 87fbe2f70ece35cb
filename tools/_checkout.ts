/**
 * The checkout as a folder of files: where it is, which files belong to it, and a copy to try things in.
 *
 * @module
 */

/** The repository's root, ending in a slash. */
export const ROOT: URL = new URL("../", import.meta.url);

/**
 * Paths of all files that are tracked or could be, relative to the root, with `/`, sorted.
 *
 * @returns Not what `.gitignore` names, and not what was deleted since the last commit.
 * @throws {TypeError} If git cannot list them.
 */
export async function listFiles(): Promise<string[]> {
  const git = new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: ROOT,
  });
  const { success, stdout, stderr } = await git.output();
  if (!success) {
    const fault = new TextDecoder().decode(stderr).trim();
    throw new TypeError(`Cannot list the files of the checkout: ${fault}`);
  }
  const paths = new TextDecoder().decode(stdout).split("\0").filter(Boolean);
  const present = await Promise.all(paths.map(isFile));
  return paths.filter((_, index) => present[index]).sort();
}

/**
 * Copies those files elsewhere, so that a try there leaves nothing behind here.
 *
 * @param folder Path of the copy's root; made if missing.
 */
export async function copyCheckout(folder: string): Promise<void> {
  for (const path of await listFiles()) {
    const copy = `${folder}/${path}`;
    await Deno.mkdir(copy.slice(0, copy.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(new URL(path, ROOT), copy);
  }
}

async function isFile(path: string): Promise<boolean> {
  const info = await Deno.lstat(new URL(path, ROOT)).catch(() => undefined);
  return info?.isFile ?? false;
}
