import { columnBounds } from "./_bounds.ts";
import { openColumn } from "./_column.ts";
import { type ComponentArray, componentType, elementBytes, TYPE_COMPONENTS } from "./_components.ts";
import { padded } from "./_container.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import { type EditContext, primitiveAt, type PrimitiveSlot } from "./_replace_values.ts";

/** What elements are for decides how they are laid out; `matrices` stands for everything that is neither vertices nor indices. */
export type Use = "vertices" | "indices" | "matrices";

/**
 * Gives what is still compressed of primitives that were edited plain accessors:
 * a primitive half of which is compressed helps nobody. Accessors that other
 * primitives use too stay compressed where they can.
 */
export function makePlain(context: EditContext, slots: readonly PrimitiveSlot[]): void {
  const { editor, users } = context, uses = new Map<number, number>(), indices = new Set<number | undefined>();
  for (const slot of slots) {
    const primitive = primitiveAt(editor, slot);
    indices.add(primitive.indices);
    const used = [primitive.attributes, ...primitive.targets ?? []].flatMap((source) => Object.values(source));
    for (const accessor of primitive.indices === undefined ? used : [primitive.indices, ...used]) {
      uses.set(accessor, (uses.get(accessor) ?? 0) + 1);
    }
  }
  for (const [accessor, count] of uses) {
    const isOnlyCompressed = editor.document.decompressed.accessors.has(accessor);
    if (!isCompressed(editor, accessor) || (!isOnlyCompressed && users.count(accessor) > count)) continue;
    store(editor, accessor, indices.has(accessor) ? "indices" : "vertices", copyOf(editor, accessor));
  }
}

/** The same for the inverse bind matrices of skins. */
export function makePlainSkins(editor: DocumentEditor, skins: readonly number[]): void {
  for (const skin of skins) {
    const matrices = editor.document.json.skins![skin].inverseBindMatrices;
    if (matrices === undefined || !isCompressed(editor, matrices)) continue;
    store(editor, matrices, "matrices", copyOf(editor, matrices));
  }
}

/** Whether an accessor of the edited document still has its compressed data, and no other. */
function isCompressed(editor: DocumentEditor, index: number): boolean {
  const { decompressed, json } = editor.document, accessor = editor.json.accessors![index];
  if (accessor !== json.accessors?.[index]) return false; // new, or it got new values
  return decompressed.accessors.has(index) || decompressed.views.has(accessor.bufferView ?? -1);
}

/** The elements of an accessor, packed. */
export function copyOf(editor: DocumentEditor, index: number): ComponentArray {
  const { array, step, count, components } = openColumn(editor.document, index);
  const { create, bytes } = componentType(editor.json.accessors![index].componentType);
  const out = create(new ArrayBuffer(bytes * components * count), 0, components * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < components; c++) out[components * i + c] = array[step * i + c];
  }
  return out;
}

/** Appends packed elements and makes them those of an accessor; those of vertices start at multiples of four bytes. */
export function store(editor: DocumentEditor, index: number, use: Use, packed: ComponentArray): void {
  const { byteOffset: _o, sparse: _s, ...rest } = editor.json.accessors![index];
  const { type, componentType: code, count } = rest, components = TYPE_COMPONENTS.get(type)!;
  const size = elementBytes(type, code), stride = use === "vertices" ? padded(size) : size;
  const target = use === "vertices" ? 34962 : use === "indices" ? 34963 : undefined;
  if (stride === size) editor.keepValues(index, packed);
  const bufferView = editor.append(spread(packed, components, size, stride), {
    ...(target === undefined ? {} : { target }),
    ...(stride === size ? {} : { byteStride: stride }),
  });
  const hasBounds = rest.min !== undefined || rest.max !== undefined;
  editor.set("accessors", index, {
    ...rest,
    bufferView,
    // What was quantized on the way through compression is not where it was.
    ...(hasBounds ? columnBounds({ array: packed, step: components, components, count }) : {}),
  });
}

function spread(packed: ComponentArray, components: number, size: number, stride: number): ComponentArray {
  if (stride === size) return packed;
  const width = stride / packed.BYTES_PER_ELEMENT, count = packed.length / components;
  const out = new (packed.constructor as new (length: number) => ComponentArray)(width * count);
  for (let i = 0; i < packed.length; i++) out[width * Math.floor(i / components) + i % components] = packed[i];
  return out;
}
