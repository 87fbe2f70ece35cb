/** Whether a path starts at the root of a disk. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}

/** The folder a path lies in; `.` for a bare name, the path itself at the root. */
export function folderOf(path: string): string {
  const end = path.search(/[\\/][^\\/]*[\\/]*$/);
  if (end < 0) return ".";
  return end === 0 ? path[0] : path.slice(0, end);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** A path inside a folder; `.` adds nothing. */
export function join(folder: string, path: string): string {
  return folder === "." || folder === "" ? path : `${folder.replace(/[\\/]+$/, "")}/${path}`;
}
