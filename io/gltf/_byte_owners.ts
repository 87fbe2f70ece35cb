import { type ByteRange, byteRangeOf } from "./_column.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import type { GltfJson } from "./json_types.ts";
import type { GltfDocument } from "./open.ts";

/**
 * Whether the bytes of an accessor are its own: no other accessor, image or
 * sparse part has a byte in common with its elements. Interleaved attributes of
 * one stride lie between each other without touching.
 */
export function ownsItsBytes({ json, document }: DocumentEditor, index: number): boolean {
  const { bufferView, sparse } = json.accessors![index];
  if (bufferView === undefined || sparse !== undefined) return false;
  // One that this edit made has its bytes elsewhere.
  if (document.json.accessors?.[index]?.bufferView !== bufferView) return false;
  // A view with an extension may hold something else than its bytes say (compression).
  if (json.bufferViews![bufferView].extensions !== undefined) return false;
  return ownersOf(document)[index] === 1;
}

/** Of documents, which never change: many accessors ask. */
const cache = new WeakMap<GltfDocument, Uint8Array>();

/** 1 for each accessor that has its bytes to itself. */
function ownersOf(document: GltfDocument): Uint8Array {
  const known = cache.get(document);
  if (known !== undefined) return known;
  const owners = findOwners(document.json);
  cache.set(document, owners);
  return owners;
}

/** Bytes that something uses: an accessor that may be written over, or what must stay. */
type Claim = Omit<ByteRange, "buffer"> & { readonly accessor: number | undefined };

function findOwners(json: GltfJson): Uint8Array {
  const owners = new Uint8Array(json.accessors?.length ?? 0).fill(1);
  for (const claims of claimsByBuffer(json).values()) {
    claims.sort((a, b) => a.start - b.start);
    // Those that begin before another ends are the only ones that can meet it.
    for (let i = 0; i < claims.length; i++) {
      for (let j = i + 1; j < claims.length && claims[j].start < claims[i].end; j++) {
        if (!touch(claims[i], claims[j])) continue;
        for (const { accessor } of [claims[i], claims[j]]) if (accessor !== undefined) owners[accessor] = 0;
      }
    }
  }
  return owners;
}

function claimsByBuffer(json: GltfJson): Map<number, Claim[]> {
  const found = new Map<number, Claim[]>();
  const add = (buffer: number, claim: Claim) => {
    const claims = found.get(buffer);
    if (claims === undefined) found.set(buffer, [claim]);
    else claims.push(claim);
  };
  const addView = (view: number) => {
    const { buffer, byteOffset = 0, byteLength } = json.bufferViews![view];
    const end = byteOffset + byteLength;
    add(buffer, { start: byteOffset, end, stride: byteLength, size: byteLength, accessor: undefined });
  };
  for (const { bufferView } of json.images ?? []) if (bufferView !== undefined) addView(bufferView);
  json.accessors?.forEach((accessor, i) => {
    if (accessor.sparse !== undefined) {
      addView(accessor.sparse.indices.bufferView);
      addView(accessor.sparse.values.bufferView);
    }
    const range = byteRangeOf(json, accessor);
    if (range !== undefined) add(range.buffer, { ...range, accessor: i });
  });
  return found;
}

/** Whether two ranges that overlap have an element's byte in common. */
function touch(a: Claim, b: Claim): boolean {
  if (a.accessor === undefined || b.accessor === undefined || a.stride !== b.stride) return true;
  const shift = (b.start - a.start) % a.stride;
  return shift < a.size || shift + b.size > a.stride;
}
