import { fault } from "./_check.ts";
import { InputFileError } from "./input_file_error.ts";

/** The npm packages that reading a file may need. */
export type ReaderPackage = "draco3dgltf" | "meshoptimizer";

/** Loads a package and gives what it exports. */
export type ImportPackage = (name: ReaderPackage) => Promise<unknown>;

/** Loads a package the way the runtime does; only a file that needs it asks for it. */
export const importPackage: ImportPackage = (name) =>
  name === "draco3dgltf" ? import("draco3dgltf") : import("meshoptimizer");

/**
 * Loads a package for a file.
 *
 * @param need What the file does, for the message: `it is compressed with Draco`.
 * @throws {InputFileError} If it is not there.
 */
export async function requirePackage<T>(
  load: () => Promise<T>,
  path: string,
  need: string,
  name: string,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof InputFileError) throw cause;
    rethrowDenied(cause);
    throw fault(
      path,
      undefined,
      `${need}, which needs the npm package ${name}`,
      `it cannot be loaded here (${reasonOf(cause)})`,
      cause,
    );
  }
}

/** WebAssembly loaders wrap a missing permission in errors of their own: it keeps its class and its words. */
export function rethrowDenied(cause: unknown): void {
  const text = cause instanceof Error ? cause.message : "";
  const [denied] = /Requires \w+ access to "[^"]*", run again with the --allow-\w+ flag/.exec(text) ?? [];
  if (denied === undefined) return;
  const error = new TypeError(denied, { cause });
  error.name = "NotCapable";
  throw error;
}

function reasonOf(cause: unknown): string {
  const [line] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  return line.replace(/\s+/g, " ").replace(/\.$/, "").slice(0, 120);
}
