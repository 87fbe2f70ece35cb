import { nearest } from "../recipes/nearest.ts";
import { baseName, folderOf, join } from "./paths.ts";

/**
 * The file somebody probably meant: the one in the same folder whose name is nearest.
 *
 * @returns Undefined where none is near, or the folder may not be read without asking.
 */
export async function similarFile(path: string): Promise<string | undefined> {
  const folder = folderOf(path);
  try {
    if (Deno.permissions.querySync({ name: "read", path: folder }).state !== "granted") return undefined;
    const names: string[] = [];
    for await (const { name, isFile } of Deno.readDir(folder)) if (isFile) names.push(name);
    const near = nearest(baseName(path), names.sort());
    return near === undefined ? undefined : join(folder, near);
  } catch {
    return undefined; // the folder is not there either
  }
}
