import { fault } from "./_check.ts";
import { type ComponentArray, componentType, divisorOf, elementBytes, TYPE_COMPONENTS } from "./_components.ts";
import type { GltfAccessor } from "./json_types.ts";
import type { GltfDocument } from "./open.ts";

/**
 * The elements of an accessor where they lie in the file: component `c` of
 * element `i` is `array[step * i + c] / divisor` (at least -1). Only sparse
 * accessors, and those nothing backs, are copied out.
 */
export interface Column {
  /** View of the file's bytes, or of what was decompressed; glTF and every machine we run on are little-endian. */
  readonly array: ComponentArray;
  /** Components from element to element. */
  readonly step: number;
  /** Elements. */
  readonly count: number;
  /** Components of an element. */
  readonly components: number;
  /** What a stored number is divided by. */
  readonly divisor: number;
}

/** Where an accessor lies, bytes from the start of its buffer. */
export interface ByteRange {
  /** Index into `buffers`. */
  readonly buffer: number;
  /** First byte. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  /** Bytes from element to element. */
  readonly stride: number;
  /** Bytes of an element. */
  readonly size: number;
}

/** Where the base elements of an accessor lie; `undefined` when no buffer view backs it. */
export function byteRangeOf(
  json: GltfDocument["json"],
  accessor: GltfAccessor,
): ByteRange | undefined {
  if (accessor.bufferView === undefined) return undefined;
  const view = json.bufferViews![accessor.bufferView];
  const size = elementBytes(accessor.type, accessor.componentType);
  const stride = view.byteStride ?? size;
  const start = (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
  return {
    buffer: view.buffer,
    start,
    end: start + stride * (accessor.count - 1) + size,
    stride,
    size,
  };
}

/**
 * Opens an accessor for reading.
 *
 * @throws {InputFileError} If the indices of a sparse accessor do not rise or point past its end.
 */
export function openColumn(document: GltfDocument, index: number): Column {
  const accessor = document.json.accessors![index];
  const base = openBase(document, index, accessor);
  if (base !== undefined && accessor.sparse === undefined) return base;
  const components = TYPE_COMPONENTS.get(accessor.type)!, { count } = accessor;
  const { create, bytes } = componentType(accessor.componentType);
  const array = create(
    new ArrayBuffer(bytes * components * count),
    0,
    components * count,
  );
  if (base !== undefined) copyElements(base, array, components);
  if (accessor.sparse !== undefined) {
    applySparse(document, accessor, index, array, components);
  }
  return { array, step: components, count, components, divisor: divisorOf(accessor) };
}

/** The elements of an accessor where they lie, without its sparse ones; `undefined` when nothing backs it. */
function openBase(document: GltfDocument, index: number, accessor: GltfAccessor): Column | undefined {
  const { create, bytes } = componentType(accessor.componentType);
  const components = TYPE_COMPONENTS.get(accessor.type)!, { count } = accessor;
  const layout = { count, components, divisor: divisorOf(accessor) };
  const packed = document.decompressed.accessors.get(index);
  if (packed !== undefined) {
    return { array: create(packed.buffer, packed.byteOffset, components * count), step: components, ...layout };
  }
  const range = byteRangeOf(document.json, accessor);
  if (range === undefined) return undefined;
  const content = viewBytes(document, accessor.bufferView!);
  const start = content.byteOffset + (accessor.byteOffset ?? 0);
  return {
    array: create(content.buffer, start, (range.end - range.start) / bytes),
    step: range.stride / bytes,
    ...layout,
  };
}

/** The bytes of a buffer view, decompressed. */
export function viewBytes({ json, buffers, decompressed }: GltfDocument, index: number): Uint8Array {
  const known = decompressed.views.get(index);
  if (known !== undefined) return known;
  const { buffer, byteOffset = 0, byteLength } = json.bufferViews![index];
  return buffers[buffer].subarray(byteOffset, byteOffset + byteLength);
}

function copyElements(
  from: Column,
  out: ComponentArray,
  components: number,
): void {
  for (let i = 0; i < from.count; i++) {
    for (let c = 0; c < components; c++) {
      out[components * i + c] = from.array[from.step * i + c];
    }
  }
}

function applySparse(
  document: GltfDocument,
  accessor: GltfAccessor,
  index: number,
  out: ComponentArray,
  components: number,
): void {
  const { count, indices, values } = accessor.sparse!;
  const places = packed(document, indices, indices.componentType, count);
  const replacements = packed(
    document,
    values,
    accessor.componentType,
    components * count,
  );
  let previous = -1;
  for (let i = 0; i < count; i++) {
    const place = places[i];
    if (place <= previous || place >= accessor.count) {
      const rule = `sparse indices must rise and stay < ${accessor.count}`;
      throw fault(
        document.path,
        `/accessors/${index}/sparse/indices`,
        rule,
        `number ${i} is ${place} after ${previous}`,
      );
    }
    for (let c = 0; c < components; c++) {
      out[components * place + c] = replacements[components * i + c];
    }
    previous = place;
  }
}

/** Sparse indices and values are packed, whatever stride their view declares. */
function packed(
  document: GltfDocument,
  from: { bufferView: number; byteOffset?: number },
  code: number,
  length: number,
): ComponentArray {
  const content = viewBytes(document, from.bufferView);
  const start = content.byteOffset + (from.byteOffset ?? 0);
  return componentType(code).create(content.buffer, start, length);
}

/**
 * Writes all elements as floats, packed, from `start` on: normalized integers
 * as fractions, others as they stand.
 */
export function readFloats(
  column: Column,
  out: Float32Array | Float64Array,
  start: number,
): void {
  const { array, step, count, components, divisor } = column;
  if (array instanceof Float32Array && step === components) {
    return out.set(array, start);
  }
  const lowest = divisor === 1 ? -Infinity : -1;
  let to = start;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < components; c++) {
      const value = array[step * i + c] / divisor;
      out[to++] = value < lowest ? lowest : value;
    }
  }
}
