const MAGIC = "DRACO", MESH = 1, SEQUENTIAL = 0, HAS_METADATA = 0x8000;

/**
 * How many faces compressed data announce, from their first bytes (Draco
 * bitstream 2.2, sections "Draco header", "Decode sequential connectivity" and
 * "Decode edgebreaker connectivity"), so that nobody makes room for a lie.
 *
 * @returns `"not draco"` for other bytes; `undefined` where metadata or an old version hide the number.
 */
export function dracoFaceCount(bytes: Uint8Array): number | "not draco" | undefined {
  if (bytes.length < 11) return "not draco";
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return "not draco";
  const [major, minor, encoder, method] = bytes.subarray(5, 9), flags = bytes[9] | (bytes[10] << 8);
  if (encoder !== MESH) return "not draco";
  if (major < 2 || (major === 2 && minor < 2) || (flags & HAS_METADATA) !== 0) return undefined;
  if (method === SEQUENTIAL) return readVarint(bytes, 11).value;
  return readVarint(bytes, readVarint(bytes, 12).end).value; // after the kind of traversal and the vertices
}

/** LEB128, at most five bytes; reading past the end gives 0, which no mesh declares. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0, at = start;
  for (let factor = 1; at < Math.min(bytes.length, start + 5); factor *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * factor;
    if (byte < 128) break;
  }
  return { value, end: at };
}
