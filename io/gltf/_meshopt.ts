import { type Check, fault, show } from "./_check.ts";
import { requirePackage } from "./_packages.ts";
import type { GltfBuffer, GltfBufferView, GltfJson } from "./json_types.ts";

/** The extension's first name, and the one it got when it was ratified. */
export const MESHOPT_NAMES = ["EXT_meshopt_compression", "KHR_meshopt_compression"] as const;

/** A compressed buffer view. */
export interface MeshoptView {
  /** Index into `bufferViews`. */
  readonly view: number;
  /** Where the compressed bytes are. */
  readonly buffer: number;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Elements, and the bytes of each. */
  readonly count: number;
  readonly stride: number;
  /** How they are coded. */
  readonly mode: string;
  /** What is undone after decoding. */
  readonly filter: string;
}

/** The part of `npm:meshoptimizer` that is used. */
interface MeshoptPackage {
  readonly MeshoptDecoder: {
    readonly ready: Promise<unknown>;
    decodeGltfBuffer(
      target: Uint8Array,
      count: number,
      size: number,
      source: Uint8Array,
      mode: string,
      filter: string,
    ): void;
  };
}

type Json = Readonly<Record<string, unknown>>;

/** Strides a filter works on; the rest take any. */
const FILTERS: ReadonlyMap<unknown, readonly number[] | undefined> = new Map([
  ["NONE", undefined],
  ["OCTAHEDRAL", [4, 8]],
  ["QUATERNION", [8]],
  ["EXPONENTIAL", undefined],
  ["COLOR", [4, 8]],
]);

/** The compression of a buffer view or buffer, as the file has it. */
export function meshoptOf(owner: { readonly extensions?: unknown }): Json | undefined {
  const extensions = owner.extensions as Json | undefined;
  if (typeof extensions !== "object" || extensions === null) return undefined;
  for (const name of MESHOPT_NAMES) {
    const found = extensions[name];
    if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as Json;
  }
  return undefined;
}

/** Whether a buffer only stands in for readers without the extension: it is not loaded, and may not be there at all. */
export function isFallback(buffer: GltfBuffer | Json): boolean {
  return meshoptOf(buffer)?.fallback === true;
}

/** Where the bytes of a buffer are now: in which one, and how much further back. */
export type BufferPlace = { readonly buffer: number; readonly shift: number };

/** A buffer view whose compressed bytes lie in a buffer that changes its place. */
export function withMeshoptPlace(view: GltfBufferView, placeOf: (buffer: number) => BufferPlace): GltfBufferView {
  const found = meshoptOf(view);
  if (found === undefined) return view;
  const { buffer, shift } = placeOf(found.buffer as number), byteOffset = (found.byteOffset as number | undefined) ?? 0;
  const moved = { ...found, buffer, ...(shift === 0 ? {} : { byteOffset: byteOffset + shift }) };
  const extensions = Object.entries(view.extensions!).map((
    [name, extension],
  ) => [name, extension === found ? moved : extension]);
  return { ...view, extensions: Object.fromEntries(extensions) };
}

/** The buffer views that must be decoded: those whose plain bytes are not in the file. */
export function checkMeshoptViews(check: Check, json: GltfJson, buffers: readonly Uint8Array[]): MeshoptView[] {
  const found: MeshoptView[] = [];
  json.bufferViews?.forEach((view, i) => {
    const extension = meshoptOf(view), pointer = `/bufferViews/${i}`;
    const isMissing = isFallback(json.buffers![view.buffer]);
    if (extension === undefined) {
      if (!isMissing) return;
      check.refuse(
        pointer,
        `only compressed views may lie in buffer ${view.buffer}, which is not loaded`,
        "it is not compressed",
      );
    }
    const at = `${pointer}/extensions/${MESHOPT_NAMES.find((name) => view.extensions![name] === extension)}`;
    const declared = checkView(check, extension, at, i, buffers);
    const length = declared.count * declared.stride;
    if (length !== view.byteLength) {
      check.refuse(
        `${pointer}/byteLength`,
        `it must be count * byteStride of its compressed data (${length})`,
        `current value is ${show(view.byteLength)}`,
      );
    }
    if (isMissing) found.push(declared);
  });
  return found;
}

function checkView(
  check: Check,
  extension: Json,
  at: string,
  view: number,
  buffers: readonly Uint8Array[],
): MeshoptView {
  const buffer = check.link(extension.buffer, `${at}/buffer`, "buffers", buffers.length), size = buffers[buffer].length;
  const byteOffset = check.integer(extension.byteOffset ?? 0, `${at}/byteOffset`, 0, size - 1, `of ${size} bytes`);
  const byteLength = check.integer(extension.byteLength, `${at}/byteLength`, 1, size - byteOffset, `of ${size} bytes`);
  const { mode } = extension, filter = extension.filter ?? "NONE";
  if (mode !== "ATTRIBUTES" && mode !== "TRIANGLES" && mode !== "INDICES") {
    check.refuse(`${at}/mode`, "it must be ATTRIBUTES, TRIANGLES or INDICES", `current value is ${show(mode)}`);
  }
  const stride = check.integer(extension.byteStride, `${at}/byteStride`, 2, 256);
  const isStride = mode === "ATTRIBUTES" ? stride % 4 === 0 : stride === 2 || stride === 4;
  if (!isStride) {
    const rule = mode === "ATTRIBUTES" ? "it must be a multiple of 4" : "it must be 2 or 4 for indices";
    check.refuse(`${at}/byteStride`, rule, `current value is ${stride}`);
  }
  const count = check.integer(extension.count, `${at}/count`, 1, 2 ** 32 - 1);
  if (mode === "TRIANGLES" && count % 3 !== 0) {
    check.refuse(`${at}/count`, "triangles must have three corners each", `there are ${count} corners`);
  }
  const strides = FILTERS.get(filter);
  if (
    !FILTERS.has(filter) || (mode !== "ATTRIBUTES" && filter !== "NONE") || strides?.includes(stride) === false
  ) {
    check.refuse(
      `${at}/filter`,
      `it must be a filter for ${mode} of ${stride} bytes`,
      `current value is ${show(filter)}`,
    );
  }
  return { view, buffer, byteOffset, byteLength, count, stride, mode, filter: filter as string };
}

/** Decodes buffer views. */
export async function decodeMeshopt(
  check: Check,
  buffers: readonly Uint8Array[],
  views: readonly MeshoptView[],
  loaded: unknown,
): Promise<Map<number, Uint8Array>> {
  const decoder = await requirePackage(
    async () => {
      const { MeshoptDecoder } = loaded as MeshoptPackage;
      await MeshoptDecoder.ready;
      return MeshoptDecoder;
    },
    check.path,
    "it is compressed with meshopt",
    "meshoptimizer",
  );
  const decoded = new Map<number, Uint8Array>();
  for (const { view, buffer, byteOffset, byteLength, count, stride, mode, filter } of views) {
    const source = buffers[buffer].subarray(byteOffset, byteOffset + byteLength);
    const target = new Uint8Array(count * stride);
    try {
      decoder.decodeGltfBuffer(target, count, stride, source, mode, filter);
    } catch (cause) {
      throw fault(
        check.path,
        `/bufferViews/${view}`,
        "its compressed data must decode",
        "meshopt finds it malformed; the file is damaged",
        cause,
      );
    }
    decoded.set(view, target);
  }
  return decoded;
}
