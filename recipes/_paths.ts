import { quote } from "./_words.ts";

/** Why a recipe may not name a path, and what to do. */
export interface PathProblem {
  readonly message: string;
  readonly help?: string;
}

/** Checks what a recipe says it reads. Where it lies is decided later, on the real path. */
export function checkInputPath(path: string, subject: string): PathProblem | undefined {
  return checkSyntax(path, subject);
}

/** Checks by its text alone that an output stays under its folder and has a name that can be written. */
export function checkOutputPath(path: string, subject: string): PathProblem | undefined {
  const problem = checkSyntax(path, subject);
  if (problem !== undefined) return problem;
  if (/^(\/|[A-Za-z]:)/.test(path)) {
    return {
      message: `${subject} is relative to the output folder: ${quote(path)} is absolute`,
      help: "Name the folder with --out, and the file in the recipe",
    };
  }
  const normal = normalizePath(path);
  if (normal === undefined) {
    return {
      message: `${subject} stays in the output folder: ${quote(path)} leads out of it`,
      help: "Name another folder with --out",
    };
  }
  if (/[<>:"|?*]/.test(path)) {
    return { message: `${subject} is a name every system can write: ${quote(path)} has one of < > : " | ? *` };
  }
  if (/(^|\/)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|\/|$)/i.test(path) || /[. ]\//.test(normal)) {
    return { message: `${subject} is a name every system can write: Windows cannot write ${quote(path)}` };
  }
  if (!/[^/]\.(glb|gltf)$/.test(path)) return wrongEnding(path, subject);
  return undefined;
}

/** What tells outputs apart: two paths with the same key are one file, on some system at least. */
export function outputKey(path: string): string {
  return (normalizePath(path) ?? path).normalize("NFC").toLowerCase();
}

function checkSyntax(path: string, subject: string): PathProblem | undefined {
  if (path.includes("\\")) {
    return {
      message: `${subject} is written with "/": ${quote(path)} has a backslash`,
      help: `Write ${path.replaceAll("\\", "/")}`,
    };
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(path)?.[1];
  if (scheme !== undefined) {
    return {
      message: `${subject} is a path: ${quote(path)} is an address that starts with ${quote(`${scheme}:`)}`,
      help: "Save the file beside the recipe and write its path",
    };
  }
  // deno-lint-ignore no-control-regex -- they are what is refused
  if (/[\x00-\x1f\x7f]/.test(path)) {
    return { message: `${subject} is a path on one line: ${quote(path)} has a control character` };
  }
  if (path.trim() !== path) {
    return { message: `${subject} has spaces around it: ${quote(path)}`, help: `Write ${path.trim()}` };
  }
  if (path.endsWith("/") || /(^|\/)\.{1,2}$/.test(path)) {
    return { message: `${subject} names a file: ${quote(path)} is a folder` };
  }
  return undefined;
}

/** The path without `.` and `..`; undefined when it climbs above where it starts. */
function normalizePath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function wrongEnding(path: string, subject: string): PathProblem {
  const name = path.split("/").at(-1)!;
  const stem = name.replace(/\.[^.]*$/, "") || "fitted";
  const help = /\.(glb|gltf)$/i.test(name) && name.length > 5
    ? `Write ${path.toLowerCase() === path ? path : path.replace(/[^.]+$/, (end) => end.toLowerCase())}`
    : `Write ${path.slice(0, path.length - name.length)}${stem}.glb`;
  return { message: `${subject} ends in .glb or .gltf: ${quote(path)} does not`, help };
}
