import { decodeBase64 } from "./_base64.ts";
import { fault, show } from "./_check.ts";

/** Whether a URI carries its bytes itself. */
export function isDataUri(uri: string): boolean {
  return /^data:/i.test(uri);
}

/** Decodes a base64 data URI. */
export function decodeDataUri(
  uri: string,
  path: string,
  pointer: string,
): Uint8Array {
  const comma = uri.indexOf(",");
  if (comma < 0 || !/;base64$/i.test(uri.slice(0, comma))) {
    throw fault(
      path,
      pointer,
      'a data URI must say ";base64,"',
      `it starts with ${show(uri.slice(0, 40))}`,
    );
  }
  const bytes = decodeBase64(uri.slice(comma + 1));
  if (bytes === undefined) {
    throw fault(
      path,
      pointer,
      "a data URI must hold base64",
      "it has other characters or is cut off",
    );
  }
  return bytes;
}

/**
 * The relative path a buffer URI names, percent-decoded: `my%20mesh.bin` gives
 * `my mesh.bin`. Refuses everything that could leave the file's folder: schemes
 * and drive letters, absolute paths, backslashes, `..` in any disguise.
 */
export function relativePathOf(
  uri: string,
  path: string,
  pointer: string,
): string {
  const refuse = (found: string) =>
    fault(
      path,
      pointer,
      "a buffer must lie in the folder of the file that names it",
      `current value is ${show(uri)}${found}`,
    );
  let decoded: string;
  try {
    decoded = decodeURIComponent(uri);
  } catch {
    throw refuse(", which is no valid URI");
  }
  if (decoded === "") throw refuse("");
  if (/^[a-z][a-z0-9+.-]*:/i.test(decoded)) {
    throw refuse("; put the buffer beside it or pack a .glb");
  }
  // deno-lint-ignore no-control-regex
  if (/[\\\u0000-\u001f\u007f]/.test(decoded) || decoded.startsWith("/")) {
    throw refuse("");
  }
  // A second decoding further down must not turn harmless text into dots and slashes.
  if (/%(2e|2f|5c|00|25)/i.test(decoded)) {
    throw refuse(", which is encoded twice");
  }
  // Some systems drop dots and spaces at the end of a name: ".. " is ".." there.
  if (
    decoded.split("/").some((segment) => /\.\./.test(segment) && /^[. ]*$/.test(segment))
  ) throw refuse("");
  return decoded;
}
