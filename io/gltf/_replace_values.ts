import { type AccessorUsers, ownsItsBytes } from "./_accessor_users.ts";
import { type Column, openColumn } from "./_column.ts";
import { componentType, divisorOf, F32, U16, U32, U8 } from "./_components.ts";
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
    bufferView: editor.append(data, 34962),
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
    bufferView: editor.append(data, 34963),
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
  const entry = editor.json.meshes![mesh];
  editor.set("meshes", mesh, {
    ...entry,
    primitives: entry.primitives.map((old, p) => p === primitive ? value : old),
  });
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

/** Writes the changed elements over the old ones, in a copy of the buffer. */
function overwrite(
  editor: DocumentEditor,
  index: number,
  change: NewValues,
): void {
  const accessor = editor.json.accessors![index];
  editor.bytesOf(editor.json.bufferViews![accessor.bufferView!].buffer);
  const { array, step, components, divisor, count } = openColumn(
    editor.overwritten(),
    index,
  );
  const isFloat = array instanceof Float32Array,
    { min, max } = componentType(accessor.componentType);
  for (let i = 0; i < count; i++) {
    if (change.changed !== undefined && change.changed[i] === 0) continue;
    for (let c = 0; c < components; c++) {
      const value = change.values[components * i + c];
      array[step * i + c] = isFloat ? value : Math.min(max, Math.max(min, Math.round(value * divisor)));
    }
  }
  if (
    accessor.min === undefined && accessor.max === undefined &&
    change.name !== "POSITION"
  ) return;
  editor.set("accessors", index, {
    ...accessor,
    ...columnBounds({ array, step, components, divisor, count }),
  });
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
    divisor: 1,
    count: elementCount(change),
  });
}

/** Lowest and highest stored value of each component. */
function columnBounds(
  { array, step, components, count }: Column,
): { min: number[]; max: number[] } {
  const min: number[] = [], max: number[] = [];
  for (let c = 0; c < components; c++) {
    let low = array[c], high = array[c];
    for (let i = 1; i < count; i++) {
      const value = array[step * i + c];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    min.push(low);
    max.push(high);
  }
  return { min, max };
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
