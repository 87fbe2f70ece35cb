import { type Check, fault, show } from "./_check.ts";
import type { Container } from "./_container.ts";
import { isFallback } from "./_meshopt.ts";
import { decodeDataUri, isDataUri, relativePathOf } from "./_uri.ts";

/** Reads the file a buffer names, relative to the file that names it. */
export type ReadUri = (uri: string) => Promise<Uint8Array>;

/** Faults of the caller's permissions are no faults of the file: they keep their class. */
const NOT_THE_FILE = new Set([
  "NotCapable",
  "PermissionDenied",
  "AbortError",
  "TimeoutError",
]);

/** The bytes of every buffer, exactly as long as declared (none for those that stand in for compressed data). Views of the file where they lie in it. */
export async function loadBuffers(
  check: Check,
  container: Container,
  readUri: ReadUri | undefined,
): Promise<Uint8Array[]> {
  const list = check.list(
    (container.json as Record<string, unknown>).buffers,
    "/buffers",
  );
  const declared = list.map((item, i) => {
    const buffer = check.object(item, `/buffers/${i}`), { byteLength, uri } = buffer;
    if (uri !== undefined && typeof uri !== "string") {
      check.refuse(
        `/buffers/${i}/uri`,
        "it must be text",
        `current value is ${show(uri)}`,
      );
    }
    check.integer(byteLength, `/buffers/${i}/byteLength`, 1);
    // Every path is looked at before the first one is read.
    const file = uri === undefined || isDataUri(uri) ? undefined : relativePathOf(uri, check.path, `/buffers/${i}/uri`);
    return { byteLength: byteLength as number, uri, file, isMissing: isFallback(buffer) };
  });
  const buffers: Uint8Array[] = [];
  for (const [i, { byteLength, uri, file, isMissing }] of declared.entries()) {
    if (isMissing) {
      buffers.push(new Uint8Array(0));
      continue;
    }
    const bytes = await bytesOf(check, container, i, uri, file, readUri);
    if (bytes.length < byteLength) {
      check.refuse(
        `/buffers/${i}/byteLength`,
        `it must be <= ${bytes.length} (what the buffer holds)`,
        `current value is ${byteLength}`,
      );
    }
    buffers.push(aligned(bytes.subarray(0, byteLength)));
  }
  return buffers;
}

function bytesOf(
  check: Check,
  container: Container,
  i: number,
  uri: string | undefined,
  file: string | undefined,
  readUri: ReadUri | undefined,
): Uint8Array | Promise<Uint8Array> {
  if (uri === undefined) {
    if (i === 0 && container.bin !== undefined) return container.bin;
    return check.refuse(
      `/buffers/${i}`,
      "a buffer must have a uri or be the binary chunk of a .glb",
      "it has neither",
    );
  }
  if (file === undefined) {
    return decodeDataUri(uri, check.path, `/buffers/${i}/uri`);
  }
  if (readUri === undefined) {
    return check.refuse(
      `/buffers/${i}/uri`,
      "the buffer must be in the file as no other files are read here",
      `it is ${show(uri)}; pack a .glb`,
    );
  }
  return readExternal(check, i, file, readUri);
}

async function readExternal(
  check: Check,
  i: number,
  file: string,
  readUri: ReadUri,
): Promise<Uint8Array> {
  try {
    return await readUri(file);
  } catch (cause) {
    if (!isFileFault(cause)) throw cause;
    const detail = isMissing(cause) ? "there is no such file" : messageOf(cause);
    throw fault(
      check.path,
      `/buffers/${i}/uri`,
      `the buffer ${show(file)} must be readable`,
      detail,
      cause,
    );
  }
}

function isMissing(cause: unknown): boolean {
  const { name, code } = cause as { name?: unknown; code?: unknown };
  return name === "NotFound" || code === "ENOENT";
}

function messageOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : "";
  return text.replace(/\s+/g, " ").slice(0, 120) || "it is not";
}

/** Whether an error came from the file system about this one file. */
export function isFileFault(cause: unknown): boolean {
  if (!(cause instanceof Error) || NOT_THE_FILE.has(cause.name)) return false;
  return cause.name === "NotFound" ||
    typeof (cause as { code?: unknown }).code === "string";
}

/** Typed views need their start at a multiple of four: the rare buffer that lies askew is copied once. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
}
