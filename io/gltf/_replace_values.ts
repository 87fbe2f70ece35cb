import type { AccessorUsers } from "./_accessor_users.ts";
import { Bounds, columnBounds } from "./_bounds.ts";
import { ownsItsBytes } from "./_byte_owners.ts";
import { type Column, openColumn } from "./_column.ts";
import { type ComponentArray, componentType, divisorOf, F32, U16, U32, U8 } from "./_components.ts";
import type { Places } from "./_claim_primitives.ts";
import type { DocumentEditor } from "./_document_editor.ts";
import type { GltfAccessor, GltfPrimitive } from "./json_types.ts";

/** A primitive of the document being edited. */
export interface PrimitiveSlot {
  /** Index into `meshes`. */
  readonly mesh: number;
  /** Index into its primitives. */
  readonly primitive: number;
}

/** New values of an attribute. */
export interface NewValues {
  /** Name of the attribute. */
  readonly name: string;
  /** Number of the morph target it belongs to; `undefined` for the mesh itself. */
  readonly target?: number | undefined;
  /** Accessor type. */
  readonly type: "VEC2" | "VEC3" | "VEC4" | "SCALAR";
  /** All elements, packed. */
  readonly values: Float32Array | Uint16Array;
  /** 1 for each element that changed; missing when all did. */
  readonly changed?: Uint8Array | undefined;
  /** Widest grid of stored integers that still holds the values, in their unit; 0 asks for f32. */
  readonly coarsest: number;
}

/** What every replacement needs. */
export interface EditContext {
  /** The document being edited. */
  readonly editor: DocumentEditor;
  /** Who uses which accessor, as edited so far. */
  readonly users: AccessorUsers;
  /** Where the primitives of the document are, as edited so far. */
  readonly places: Places;
}

/**
 * Gives an attribute of some primitives (which all use the same accessor, or
 * none yet) new values. In order of preference: overwrites the changed elements
 * where they lie; gives the accessor bytes of its own; adds an accessor, where
 * the old one also serves what did not change.
 */
export function replaceValues(
  context: EditContext,
  slots: readonly PrimitiveSlot[],
  change: NewValues,
): void {
  const { editor, users } = context;
  const old = accessorAt(editor, slots[0], change);
  const isOurs = old !== undefined && users.count(old) === slots.length;
  if (
    isOurs && fits(editor.json.accessors![old], change) &&
    ownsItsBytes(editor, old)
  ) return overwrite(editor, old, change);
  const isInteger = change.values instanceof Uint16Array;
  const data = isInteger && isWithin(change.values, 0, 255) ? Uint8Array.from(change.values) : change.values;
  const componentType = data instanceof Uint8Array ? U8 : data instanceof Uint16Array ? U16 : F32;
  const fresh = {
    bufferView: editor.append(data, { target: 34962 }),
    componentType,
    count: elementCount(change),
    type: change.type,
    ...boundsOf(change, old, editor),
  };
  if (isOurs) {
    return editor.set("accessors", old, {
      ...withoutData(editor.json.accessors![old]),
      ...fresh,
    });
  }
  const index = editor.add(
    "accessors",
    old === undefined ? fresh : { ...keptOf(editor.json.accessors![old]), ...fresh },
  );
  for (const slot of slots) pointTo(context, slot, change, index);
}

/** Gives a primitive new faces as a list of triangles. */
export function replaceFaces(
  context: EditContext,
  slot: PrimitiveSlot,
  faces: Uint32Array,
  vertexCount: number,
): void {
  const { editor, users } = context;
  const primitive = primitiveAt(editor, slot);
  const data = vertexCount <= 0xffff ? Uint16Array.from(faces) : faces;
  const indices = editor.add("accessors", {
    bufferView: editor.append(data, { target: 34963 }),
    componentType: data instanceof Uint16Array ? U16 : U32,
    count: faces.length,
    type: "SCALAR",
  });
  users.add(primitive.indices, -1);
  users.add(indices);
  const { mode: _, ...rest } = primitive;
  setPrimitive(editor, slot, { ...rest, indices });
}

/** A primitive as edited so far. */
export function primitiveAt(
  editor: DocumentEditor,
  { mesh, primitive }: PrimitiveSlot,
): GltfPrimitive {
  return editor.json.meshes![mesh].primitives[primitive];
}

/** Replaces a primitive. */
export function setPrimitive(
  editor: DocumentEditor,
  { mesh, primitive }: PrimitiveSlot,
  value: GltfPrimitive,
): void {
  editor.setPrimitive(mesh, primitive, value);
}

function accessorAt(
  editor: DocumentEditor,
  slot: PrimitiveSlot,
  { name, target }: NewValues,
): number | undefined {
  const primitive = primitiveAt(editor, slot);
  return target === undefined ? primitive.attributes[name] : primitive.targets![target][name];
}

function pointTo(
  { editor, users }: EditContext,
  slot: PrimitiveSlot,
  change: NewValues,
  index: number,
): void {
  const primitive = primitiveAt(editor, slot), { name, target } = change;
  users.add(accessorAt(editor, slot, change), -1);
  users.add(index);
  if (target === undefined) {
    return setPrimitive(editor, slot, {
      ...primitive,
      attributes: { ...primitive.attributes, [name]: index },
    });
  }
  const targets = primitive.targets!.map((old, t) => t === target ? { ...old, [name]: index } : old);
  setPrimitive(editor, slot, { ...primitive, targets });
}

/** Whether the changed values can be stored as the accessor stores its own. */
function fits(accessor: GltfAccessor, change: NewValues): boolean {
  const { type, values, coarsest } = change;
  if (accessor.type !== type || accessor.count !== elementCount(change)) {
    return false;
  }
  const { min, max } = componentType(accessor.componentType);
  if (values instanceof Uint16Array) return isWithin(values, 0, max);
  if (accessor.componentType === F32) return true;
  const grid = 1 / divisorOf(accessor);
  return grid <= coarsest &&
    isWithin(values, (min - 0.5) * grid, (max + 0.5) * grid);
}

function isWithin(
  values: Float32Array | Uint16Array,
  lowest: number,
  highest: number,
): boolean {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= lowest && values[i] <= highest)) return false;
  }
  return true;
}

/** Writes the changed elements over the old ones when the file is packed; nothing is copied until then. */
function overwrite(
  editor: DocumentEditor,
  index: number,
  change: NewValues,
): void {
  const accessor = editor.json.accessors![index], old = openColumn(editor.document, index);
  const store = storeOf(old, accessor.componentType, change);
  const { array: from } = old, { buffer } = editor.json.bufferViews![accessor.bufferView!];
  const start = from.byteOffset - editor.document.buffers[buffer].byteOffset;
  editor.overwrite(index, buffer, (bytes) => {
    const { create } = componentType(accessor.componentType);
    store(create(bytes.buffer, bytes.byteOffset + start, from.length), undefined);
  });
  if (
    accessor.min === undefined && accessor.max === undefined &&
    change.name !== "POSITION"
  ) return;
  const bounds = new Bounds(old.components);
  store(undefined, bounds);
  editor.set("accessors", index, { ...accessor, min: bounds.min, max: bounds.max });
}

/** Goes through all elements as they will be stored: into an array laid out like the old one, or past bounds. */
function storeOf(
  { array: old, step, components, divisor, count }: Column,
  code: number,
  { values, changed }: NewValues,
): (out: ComponentArray | undefined, bounds: Bounds | undefined) => void {
  const isFloat = code === F32, { min, max } = componentType(code);
  return (out, bounds) => {
    for (let i = 0; i < count; i++) {
      const isKept = changed !== undefined && changed[i] === 0;
      if (isKept && bounds === undefined) continue;
      for (let c = 0; c < components; c++) {
        const value = values[components * i + c];
        const stored = isKept
          ? old[step * i + c]
          : isFloat
          ? value
          : Math.min(max, Math.max(min, Math.round(value * divisor)));
        if (out !== undefined) out[step * i + c] = stored;
        bounds?.add(c, stored);
      }
    }
  };
}

/** Bounds a new accessor gets: positions must have them, others where they had. */
function boundsOf(
  change: NewValues,
  old: number | undefined,
  editor: DocumentEditor,
): { min?: number[]; max?: number[] } {
  if (
    change.name !== "POSITION" &&
    (old === undefined || editor.json.accessors![old].min === undefined)
  ) return {};
  const components = change.values.length / elementCount(change);
  return columnBounds({
    array: change.values,
    step: components,
    components,
    count: elementCount(change),
  });
}

function elementCount({ type, values }: NewValues): number {
  return values.length / (type === "SCALAR" ? 1 : Number(type.slice(3)));
}

/** An accessor without what described its old bytes. */
function withoutData(
  accessor: GltfAccessor,
): Omit<GltfAccessor, "count" | "type" | "componentType"> {
  const {
    bufferView: _v,
    byteOffset: _o,
    normalized: _n,
    sparse: _s,
    min: _l,
    max: _h,
    count: _c,
    type: _t,
    componentType: _k,
    ...rest
  } = accessor;
  return rest;
}

/** What a new accessor takes over from the one it stands in for: name and extras. */
function keptOf(accessor: GltfAccessor): { name?: string } {
  const { extensions: _, ...rest } = withoutData(accessor);
  return rest;
}
