import { fault } from "./_check.ts";
import type { JsonValue } from "./json_types.ts";

/** Deepest nesting of a file's JSON; real files stay under 20. */
export const MAX_JSON_DEPTH = 256;

const QUOTE = 0x22, BACKSLASH = 0x5c;

/** How deep brackets nest in JSON text, without parsing it. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0, deepest = 0, inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      deepest = Math.max(deepest, ++depth);
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}

/** Parses a file's JSON; refuses text that is not UTF-8, not JSON, or nested deeper than {@linkcode MAX_JSON_DEPTH}. */
export function parseJson(bytes: Uint8Array, path: string): unknown {
  const depth = depthOf(bytes);
  if (depth > MAX_JSON_DEPTH) {
    throw fault(
      path,
      undefined,
      `its JSON may nest ${MAX_JSON_DEPTH} deep`,
      `it nests ${depth} deep`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fault(
      path,
      undefined,
      "its JSON must be UTF-8 text",
      "some bytes are not; export it again",
      cause,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Engines quote the text in their messages: keep one short line of it.
    const detail = (cause instanceof Error ? cause.message : "no JSON").replace(
      /\s+/g,
      " ",
    ).slice(0, 80);
    throw fault(
      path,
      undefined,
      "its JSON must parse",
      `${detail}; export it again`,
      cause,
    );
  }
}

/**
 * Writes JSON as `JSON.stringify` does, keys in order, but for `-0`, which it
 * would turn into `0`: a file's numbers come out as they went in.
 */
export function stringifyJson(value: JsonValue): string {
  if (Object.is(value, -0)) return "-0.0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) {
      members.push(`${JSON.stringify(key)}:${stringifyJson(member)}`);
    }
  }
  return `{${members.join(",")}}`;
}
