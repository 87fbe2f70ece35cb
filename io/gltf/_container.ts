import { fault } from "./_check.ts";
import { parseJson } from "./_json_text.ts";

/** A chunk of a .glb that is neither JSON nor the first binary one; carried along. */
export interface GlbChunk {
  /** Four characters, little-endian. */
  readonly type: number;
  /** Content, padding included. */
  readonly bytes: Uint8Array;
}

/** A file taken apart, nothing copied. */
export interface Container {
  /** How the file was packed. */
  readonly kind: "glb" | "gltf";
  /** The JSON, parsed. */
  readonly json: unknown;
  /** The JSON as it stood in the file. */
  readonly jsonBytes: Uint8Array;
  /** The binary chunk of a .glb. */
  readonly bin: Uint8Array | undefined;
  /** Other chunks of a .glb, in order. */
  readonly extraChunks: readonly GlbChunk[];
}

const MAGIC = 0x46546c67, JSON_CHUNK = 0x4e4f534a, BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12, CHUNK_HEADER_BYTES = 8;

/** Takes a .glb or the text of a .gltf apart; the content decides which it is, not the name. */
export function readContainer(bytes: Uint8Array, path: string): Container {
  if (bytes.length === 0) {
    throw fault(
      path,
      undefined,
      "a glTF file must not be empty",
      "it has 0 bytes",
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 4 && view.getUint32(0, true) === MAGIC) {
    return readGlb(bytes, view, path);
  }
  if (!startsLikeJson(bytes)) {
    const rule = 'it must be binary glTF (starting with "glTF") or glTF JSON (starting with "{")';
    throw fault(
      path,
      undefined,
      rule,
      `it starts with ${hex(bytes)}; export it as .glb`,
    );
  }
  return {
    kind: "gltf",
    json: parseJson(bytes, path),
    jsonBytes: bytes,
    bin: undefined,
    extraChunks: [],
  };
}

function readGlb(bytes: Uint8Array, view: DataView, path: string): Container {
  if (bytes.length < HEADER_BYTES + CHUNK_HEADER_BYTES) {
    throw fault(
      path,
      undefined,
      "a .glb must hold at least 20 bytes of headers",
      `it has ${bytes.length}; it is cut off`,
    );
  }
  const version = view.getUint32(4, true), declared = view.getUint32(8, true);
  if (version !== 2) {
    throw fault(
      path,
      undefined,
      "the version of a .glb must be 2",
      `it is ${version}; convert it to glTF 2.0`,
    );
  }
  if (declared !== bytes.length) {
    const found = `it has ${bytes.length}${bytes.length < declared ? "; it is cut off" : ""}`;
    throw fault(
      path,
      undefined,
      `its header declares ${declared} bytes`,
      found,
    );
  }
  const chunks = readChunks(bytes, view, path);
  const [first, second, ...rest] = chunks;
  if (first.type !== JSON_CHUNK) {
    throw fault(
      path,
      undefined,
      "the first chunk of a .glb must be JSON",
      `its type is ${chunkName(first.type)}`,
    );
  }
  const isBin = second?.type === BIN_CHUNK;
  return {
    kind: "glb",
    json: parseJson(first.bytes, path),
    jsonBytes: first.bytes,
    bin: isBin ? second.bytes : undefined,
    extraChunks: second === undefined ? [] : isBin ? rest : [second, ...rest],
  };
}

function readChunks(
  bytes: Uint8Array,
  view: DataView,
  path: string,
): [GlbChunk, ...GlbChunk[]] {
  const chunks: GlbChunk[] = [];
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const left = bytes.length - at - CHUNK_HEADER_BYTES;
    if (left < 0) {
      throw fault(
        path,
        undefined,
        "a chunk of a .glb must have a header of 8 bytes",
        `chunk ${chunks.length} has ${left + 8}`,
      );
    }
    const length = view.getUint32(at, true);
    if (length > left) {
      throw fault(
        path,
        undefined,
        `chunk ${chunks.length} declares ${length} bytes`,
        `the file has ${left} left; it is cut off or damaged`,
      );
    }
    const start = at + CHUNK_HEADER_BYTES;
    chunks.push({
      type: view.getUint32(at + 4, true),
      bytes: bytes.subarray(start, start + length),
    });
    at = start + length;
  }
  return chunks as [GlbChunk, ...GlbChunk[]];
}

/** The binary chunk of a .glb to come: its size, and who writes it into place. */
export interface ChunkSource {
  /** Bytes without padding. */
  readonly length: number;
  /** Fills zeroed bytes of that length; they start at a multiple of four. */
  fill(bytes: Uint8Array): void;
}

/** Packs a .glb: chunks padded to four bytes, JSON with spaces, the rest with zeros. */
export function writeGlb(
  json: Uint8Array,
  bin: ChunkSource | undefined,
  extraChunks: readonly GlbChunk[],
): Uint8Array {
  const copied = (type: number, bytes: Uint8Array) => ({
    type,
    length: bytes.length,
    fill: (out: Uint8Array) => out.set(bytes),
  });
  const chunks = [
    copied(JSON_CHUNK, json),
    ...(bin === undefined ? [] : [{ type: BIN_CHUNK, length: bin.length, fill: bin.fill }]),
    ...extraChunks.map(({ type, bytes }) => copied(type, bytes)),
  ];
  const length = chunks.reduce(
    (sum, chunk) => sum + CHUNK_HEADER_BYTES + padded(chunk.length),
    HEADER_BYTES,
  );
  if (length > 0xffffffff) {
    throw new RangeError(
      `Cannot write a .glb as it may hold 4294967295 bytes: it needs ${length}`,
    );
  }
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, length, true);
  let at = HEADER_BYTES;
  for (const { type, length, fill } of chunks) {
    view.setUint32(at, padded(length), true);
    view.setUint32(at + 4, type, true);
    at += CHUNK_HEADER_BYTES;
    fill(out.subarray(at, at + length));
    if (type === JSON_CHUNK) out.fill(0x20, at + length, at + padded(length));
    at += padded(length);
  }
  return out;
}

/** The next multiple of four. */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function startsLikeJson(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (
    at < bytes.length &&
    (bytes[at] === 0x20 || (bytes[at] >= 9 && bytes[at] <= 13))
  ) at++;
  return bytes[at] === 0x7b;
}

function hex(bytes: Uint8Array): string {
  return Array.from(
    bytes.subarray(0, 4),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join(" ");
}

function chunkName(type: number): string {
  return `0x${type.toString(16).padStart(8, "0")}`;
}
