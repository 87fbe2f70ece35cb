import { type Check, show } from "./_check.ts";
import type { DracoPrimitive } from "./_draco.ts";
import { checkDracoPrimitives, declaredDracoBytes, decodeDraco } from "./_draco.ts";
import type { MeshoptView } from "./_meshopt.ts";
import { checkMeshoptViews, decodeMeshopt } from "./_meshopt.ts";
import { type ImportPackage, importPackage as importByRuntime, requirePackage } from "./_packages.ts";
import type { GltfJson } from "./json_types.ts";

/** What was decompressed when a file was opened, packed as its accessors and views declare it. */
export interface Decompressed {
  /** Elements of accessors that only compressed data back, by index into `accessors`. */
  readonly accessors: ReadonlyMap<number, Uint8Array>;
  /** Content of buffer views that are compressed, by index into `bufferViews`. */
  readonly views: ReadonlyMap<number, Uint8Array>;
}

/** Nothing was compressed. */
export const NOTHING_DECOMPRESSED: Decompressed = { accessors: new Map(), views: new Map() };

/** A small file may not ask for much: this many bytes are free, and so many a byte of the file. */
const FREE_BYTES = 2 ** 24, BYTES_PER_BYTE = 64;

/** What is compressed in a document whose links and ranges were checked. */
export interface CompressedParts {
  readonly views: readonly MeshoptView[];
  readonly primitives: readonly DracoPrimitive[];
}

/**
 * Finds what is compressed and has no plain data beside it, and checks all that
 * it declares. Nothing is decoded.
 */
export function checkCompression(check: Check, json: GltfJson, buffers: readonly Uint8Array[]): CompressedParts {
  const views = checkMeshoptViews(check, json, buffers), primitives = checkDracoPrimitives(check, json);
  const fileBytes = buffers.reduce((sum, { length }) => sum + length, 0);
  const declared = views.reduce((sum, { count, stride }) => sum + count * stride, 0) +
    primitives.reduce((sum, primitive) => sum + declaredDracoBytes(json, primitive), 0);
  const limit = FREE_BYTES + BYTES_PER_BYTE * fileBytes;
  if (declared > limit) {
    const rule = `compressed data of ${fileBytes} bytes may become ${limit} bytes`;
    check.refuse(undefined, rule, `it declares ${show(declared)}; it is damaged`);
  }
  return { views, primitives };
}

/** Decompresses; the packages that can are loaded now, and only if there is something to do. */
export async function decompress(
  check: Check,
  json: GltfJson,
  buffers: readonly Uint8Array[],
  { views, primitives }: CompressedParts,
  importPackage: ImportPackage = importByRuntime,
): Promise<Decompressed> {
  if (views.length === 0 && primitives.length === 0) return NOTHING_DECOMPRESSED;
  const load = (name: "draco3dgltf" | "meshoptimizer", how: string) =>
    requirePackage(() => importPackage(name), check.path, `it is compressed with ${how}`, name);
  const decodedViews = views.length === 0
    ? new Map<number, Uint8Array>()
    : await decodeMeshopt(check, buffers, views, await load("meshoptimizer", "meshopt"));
  const accessors = primitives.length === 0
    ? new Map<number, Uint8Array>()
    : await decodeDraco(check, json, buffers, primitives, await load("draco3dgltf", "Draco"));
  return { accessors, views: decodedViews };
}

/** Bytes that decompression made. */
export function decompressedBytes({ accessors, views }: Decompressed): number {
  let sum = 0;
  for (const part of [accessors, views]) for (const { length } of part.values()) sum += length;
  return sum;
}
