import { type Check, fault, show } from "./_check.ts";
import { componentType, elementBytes, TYPE_COMPONENTS, U32 } from "./_components.ts";
import { draco, type DracoDecoder, type DracoMesh, type DracoModule, openDraco } from "./_draco_module.ts";
import { dracoFaceCount } from "./_draco_header.ts";
import type { GltfAccessor, GltfJson, GltfPrimitive } from "./json_types.ts";

export const DRACO = "KHR_draco_mesh_compression";

/** A primitive whose data must be decoded. */
export interface DracoPrimitive {
  /** Where it stands. */
  readonly pointer: string;
  /** Index into `bufferViews`: the compressed bytes. */
  readonly view: number;
  /** Accessor of the indices; every compressed primitive has one. */
  readonly indices: number;
  /** Accessor and the number its values have in the compressed data, by attribute name. */
  readonly attributes: readonly { readonly name: string; readonly accessor: number; readonly id: number }[];
}

type Json = Readonly<Record<string, unknown>>;

/** Accessors that may be without a buffer view, as compressed data back them. The JSON is not checked yet. */
export function dracoAccessors(json: Json): Set<unknown> {
  const found = new Set<unknown>();
  for (const mesh of arrayOf(json.meshes)) {
    for (const primitive of arrayOf((mesh as Json | null)?.primitives)) {
      const { extensions, indices, attributes } = (primitive ?? {}) as Json;
      if ((extensions as Json | null | undefined)?.[DRACO] === undefined) continue;
      found.add(indices);
      for (const accessor of Object.values((attributes ?? {}) as Json)) found.add(accessor);
    }
  }
  return found;
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The compressed primitives whose plain data are not in the file too; what they declare is checked. */
export function checkDracoPrimitives(check: Check, json: GltfJson): DracoPrimitive[] {
  const found = new Map<string, DracoPrimitive>(), sources = new Map<number, string>();
  json.meshes?.forEach(({ primitives }, m) =>
    primitives.forEach((primitive, p) => {
      const extension = primitive.extensions?.[DRACO];
      if (extension === undefined) return;
      const pointer = `/meshes/${m}/primitives/${p}`, declared = readExtension(check, json, primitive, pointer);
      const accessors = [declared.indices, ...declared.attributes.map(({ accessor }) => accessor)];
      if (accessors.every((accessor) => json.accessors![accessor].bufferView !== undefined)) return;
      for (const [i, accessor] of accessors.entries()) {
        const source = `${declared.view}:${i === 0 ? "indices" : declared.attributes[i - 1].id}`;
        if ((sources.get(accessor) ?? source) !== source) {
          check.refuse(
            pointer,
            `accessor ${accessor} must stand for one compressed attribute`,
            "it stands for two",
          );
        }
        sources.set(accessor, source);
      }
      found.set(`${declared.view} ${accessors}`, declared);
    })
  );
  return [...found.values()];
}

function readExtension(check: Check, json: GltfJson, primitive: GltfPrimitive, pointer: string): DracoPrimitive {
  const at = `${pointer}/extensions/${DRACO}`, extension = check.object(primitive.extensions![DRACO], at);
  const view = check.link(extension.bufferView, `${at}/bufferView`, "bufferViews", json.bufferViews?.length ?? 0);
  if ((primitive.mode ?? 4) !== 4) {
    check.refuse(`${pointer}/mode`, "compressed faces must be triangles (4)", `current value is ${primitive.mode}`);
  }
  if (primitive.indices === undefined) {
    check.refuse(`${pointer}/indices`, "a compressed primitive must have indices", "it has none");
  }
  const entries = Object.entries(check.object(extension.attributes, `${at}/attributes`));
  const attributes = entries.map(([name, id]) => {
    const accessor = primitive.attributes[name];
    if (accessor === undefined) {
      check.refuse(`${at}/attributes`, `the primitive must have ${show(name)} too`, "it has no such attribute");
    }
    return { name, accessor, id: check.integer(id, `${at}/attributes`, 0, 2 ** 31 - 1) };
  });
  for (const accessor of [primitive.indices!, ...attributes.map(({ accessor }) => accessor)]) {
    if (json.accessors![accessor].sparse === undefined) continue;
    check.refuse(`/accessors/${accessor}/sparse`, "a compressed accessor must not be sparse", "it is");
  }
  return { pointer, view, indices: primitive.indices!, attributes };
}

/** Bytes a primitive will have when it is decoded. */
export function declaredDracoBytes(json: GltfJson, { indices, attributes }: DracoPrimitive): number {
  const accessors = [indices, ...attributes.map(({ accessor }) => accessor)];
  return accessors.reduce((sum, index) => {
    const { type, componentType, count } = json.accessors![index];
    return sum + count * elementBytes(type, componentType);
  }, 0);
}

/** Decodes primitives, each once; gives the elements of their accessors, packed. */
export async function decodeDraco(
  check: Check,
  json: GltfJson,
  buffers: readonly Uint8Array[],
  primitives: readonly DracoPrimitive[],
  loaded: unknown,
): Promise<Map<number, Uint8Array>> {
  for (const primitive of primitives) checkHeader(check, json, buffers, primitive);
  const module = await openDraco(loaded, check.path);
  const decoded = new Map<number, Uint8Array>();
  for (const primitive of primitives) {
    const bytes = compressedBytes(json, buffers, primitive);
    draco(module, bytes, (mesh, decoder) => {
      checkCounts(check, json, primitive, mesh);
      decoded.set(primitive.indices, readIndices(module, decoder, mesh, json.accessors![primitive.indices]));
      for (const { name, accessor, id } of primitive.attributes) {
        const values = readAttribute(module, decoder, mesh, json.accessors![accessor], id);
        if (values === undefined) {
          const { type } = json.accessors![accessor];
          check.refuse(
            `${primitive.pointer}/attributes/${name}`,
            `its compressed data must be ${type} with the number ${id}`,
            "they are not",
          );
        }
        decoded.set(accessor, values);
      }
    }, (cause) =>
      fault(
        check.path,
        `${primitive.pointer}/extensions/${DRACO}`,
        "its compressed data must decode",
        "Draco finds them malformed; the file is damaged",
        cause,
      ));
  }
  return decoded;
}

function compressedBytes(json: GltfJson, buffers: readonly Uint8Array[], { view }: DracoPrimitive): Uint8Array {
  const { buffer, byteOffset = 0, byteLength } = json.bufferViews![view];
  return buffers[buffer].subarray(byteOffset, byteOffset + byteLength);
}

/** Refuses data that announce other sizes than the JSON before the decoder makes room for them. */
function checkHeader(check: Check, json: GltfJson, buffers: readonly Uint8Array[], primitive: DracoPrimitive): void {
  const bytes = compressedBytes(json, buffers, primitive), faces = json.accessors![primitive.indices].count / 3;
  const found = dracoFaceCount(bytes), pointer = `${primitive.pointer}/extensions/${DRACO}/bufferView`;
  if (found === "not draco") {
    check.refuse(pointer, 'compressed data must start with "DRACO" and hold a mesh', "they do not");
  }
  if (found !== undefined && found !== faces) {
    check.refuse(pointer, `compressed data must hold ${faces} faces like the indices`, `they declare ${found}`);
  }
}

function checkCounts(check: Check, json: GltfJson, primitive: DracoPrimitive, mesh: DracoMesh): void {
  const corners = json.accessors![primitive.indices].count;
  if (mesh.num_faces() * 3 !== corners) {
    const rule = `compressed data must hold ${corners / 3} faces like the indices`;
    check.refuse(`${primitive.pointer}/indices`, rule, `they hold ${mesh.num_faces()}`);
  }
  for (const { name, accessor } of primitive.attributes) {
    const { count } = json.accessors![accessor];
    if (mesh.num_points() === count) continue;
    const rule = `compressed data must hold ${count} vertices like the accessor`;
    check.refuse(`${primitive.pointer}/attributes/${name}`, rule, `they hold ${mesh.num_points()}`);
  }
}

function readIndices(
  module: DracoModule,
  decoder: DracoDecoder,
  mesh: DracoMesh,
  accessor: GltfAccessor,
): Uint8Array {
  const length = accessor.count, { create, bytes } = componentType(accessor.componentType);
  return fromHeap(module, 4 * length, (pointer) => {
    decoder.GetTrianglesUInt32Array(mesh, 4 * length, pointer);
    const wide = new Uint32Array(module.HEAP8.buffer, pointer, length);
    const out = new Uint8Array(bytes * length);
    // An index that does not fit the accessor's type wraps: the check of indices against vertices comes later.
    create(out.buffer, 0, length).set(accessor.componentType === U32 ? wide : wide.map((index) => index));
    return out;
  });
}

function readAttribute(
  module: DracoModule,
  decoder: DracoDecoder,
  mesh: DracoMesh,
  accessor: GltfAccessor,
  id: number,
): Uint8Array | undefined {
  const attribute = decoder.GetAttributeByUniqueId(mesh, id);
  if (attribute.ptr === 0 || attribute.num_components() !== TYPE_COMPONENTS.get(accessor.type)) return undefined;
  const { name } = componentType(accessor.componentType),
    length = accessor.count * elementBytes(accessor.type, accessor.componentType);
  return fromHeap(module, length, (pointer) => {
    const type = module[DATA_TYPES[name as keyof typeof DATA_TYPES]];
    const isRead = decoder.GetAttributeDataArrayForAllPoints(mesh, attribute, type, length, pointer);
    return isRead ? new Uint8Array(module.HEAP8.buffer, pointer, length).slice() : undefined;
  });
}

const DATA_TYPES = {
  i8: "DT_INT8",
  u8: "DT_UINT8",
  i16: "DT_INT16",
  u16: "DT_UINT16",
  u32: "DT_UINT32",
  f32: "DT_FLOAT32",
} as const;

/** Lends memory of the decoder's heap to `use`. */
function fromHeap<T>(module: DracoModule, length: number, use: (pointer: number) => T): T {
  const pointer = module._malloc(length);
  try {
    return use(pointer);
  } finally {
    module._free(pointer);
  }
}
