import { ownsItsBytes } from "./_byte_owners.ts";
import { columnBounds } from "./_bounds.ts";
import { type Column, openColumn } from "./_column.ts";
import { type ComponentArray, divisorOf, TYPE_COMPONENTS } from "./_components.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import { store, type Use } from "./_plain_accessors.ts";

/**
 * The elements an accessor of the edited document holds that were not made by an
 * edit: those of the document, plain or decompressed on the way; `undefined` for others.
 */
export function carriedColumn(editor: DocumentEditor, index: number): Column | undefined {
  const { document, json } = editor, accessor = json.accessors![index], own = editor.valuesOf(index);
  if (own !== undefined) {
    const components = TYPE_COMPONENTS.get(accessor.type)!;
    return { array: own, step: components, count: accessor.count, components, divisor: divisorOf(accessor) };
  }
  const { accessors, views } = document.decompressed;
  const isCompressed = accessors.has(index) || views.has(accessor.bufferView ?? -1);
  return editor.isRewritten(index) || isCompressed ? undefined : openColumn(document, index);
}

/** Gives a carried accessor new values where its old ones lie, or bytes of its own. */
export function writeBack(editor: DocumentEditor, index: number, use: Use, packed: ComponentArray): void {
  const { array, step, count, components } = carriedColumn(editor, index)!;
  repairBounds(editor, index, { array: packed, step: components, count, components });
  const own = editor.valuesOf(index);
  if (own !== undefined) return own.set(packed);
  if (!ownsItsBytes(editor, index)) return store(editor, index, use, packed);
  const { bufferView } = editor.json.accessors![index], { buffer } = editor.json.bufferViews![bufferView!];
  const start = array.byteOffset - editor.document.buffers[buffer].byteOffset;
  editor.overwrite(index, buffer, (bytes) => {
    const make = array.constructor as new (buffer: ArrayBufferLike, start: number, length: number) => ComponentArray;
    const out = new make(bytes.buffer, bytes.byteOffset + start, array.length);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < components; c++) out[step * i + c] = packed[components * i + c];
    }
  });
}

/** Makes declared bounds those of the elements. */
export function repairBounds(
  editor: DocumentEditor,
  index: number,
  column: Omit<Column, "divisor">,
  isNeeded = false,
): void {
  const { min, max } = editor.json.accessors![index];
  if (min === undefined && max === undefined && !isNeeded) return;
  const bounds = columnBounds(column);
  const isRight = (declared: readonly number[] | undefined, found: readonly number[]) =>
    declared !== undefined && declared.every((value, c) => Math.fround(value) === Math.fround(found[c]));
  if (isRight(min, bounds.min) && isRight(max, bounds.max)) return;
  editor.set("accessors", index, { ...editor.json.accessors![index], ...bounds });
}
