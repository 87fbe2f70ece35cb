const GLB = 0x46546c67, HEADER_BYTES = 20, CHUNK_BYTES = 65536;

/** JSON of a .glb larger than this is none of ours. */
const MAX_JSON_BYTES = 2 ** 26;

/** How what we write about a file's making begins, wherever it stands in a .gltf. */
const MARK = '"meshtailor":{"version":';

/** Whether a file says that Meshtailor made it; a file that cannot be understood does not. Reads no more of it than it must. */
export async function isOurs(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path);
    const header = await readUpTo(file, HEADER_BYTES), view = new DataView(header.buffer);
    if (header.length < HEADER_BYTES || view.getUint32(0, true) !== GLB) return await mentions(file, header, MARK);
    const length = view.getUint32(12, true);
    if (length > MAX_JSON_BYTES) return false;
    const json = JSON.parse(new TextDecoder().decode(await readUpTo(file, length)));
    return json.asset?.extras?.meshtailor !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

async function readUpTo(file: Deno.FsFile, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.min(length, (await file.stat()).size));
  let at = 0;
  while (at < bytes.length) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) break;
    at += count;
  }
  return bytes.slice(0, at);
}

/** Whether a text is somewhere in the rest of a file, of which the beginning was read. */
async function mentions(file: Deno.FsFile, beginning: Uint8Array, text: string): Promise<boolean> {
  const chunk = new Uint8Array(CHUNK_BYTES), decoder = new TextDecoder("latin1");
  let tail = decoder.decode(beginning);
  if (!/^(\u00ef\u00bb\u00bf)?\s*\{/.test(tail)) return false;
  for (let count = await file.read(chunk); count !== null; count = await file.read(chunk)) {
    tail = tail.slice(-text.length) + decoder.decode(chunk.subarray(0, count));
    if (tail.includes(text)) return true;
  }
  return tail.includes(text);
}
