import { fault } from "./_check.ts";
import { type ComponentArray, componentType, divisorOf, elementBytes, TYPE_COMPONENTS } from "./_components.ts";
import type { GltfAccessor } from "./json_types.ts";
import type { GltfDocument } from "./open.ts";

/**
 * The elements of an accessor where they lie in the file: component `c` of
 * element `i` is `array[step * i + c] / divisor` (at least -1). Only sparse
 * accessors, and those without a buffer view, are copied out.
 */
export interface Column {
  /** View of the file's bytes; glTF and every machine we run on are little-endian. */
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
  const { create, bytes } = componentType(accessor.componentType);
  const components = TYPE_COMPONENTS.get(accessor.type)!, { count } = accessor;
  const range = byteRangeOf(document.json, accessor);
  const divisor = divisorOf(accessor);
  if (range !== undefined && accessor.sparse === undefined) {
    const buffer = document.buffers[range.buffer];
    const length = (range.end - range.start) / bytes;
    return {
      array: create(buffer.buffer, buffer.byteOffset + range.start, length),
      step: range.stride / bytes,
      count,
      components,
      divisor,
    };
  }
  const array = create(
    new ArrayBuffer(bytes * components * count),
    0,
    components * count,
  );
  if (range !== undefined) {
    const { sparse: _, ...dense } = accessor;
    copyElements(openAccessor(document, dense), array, components);
  }
  if (accessor.sparse !== undefined) {
    applySparse(document, accessor, index, array, components);
  }
  return { array, step: components, count, components, divisor };
}

function openAccessor(document: GltfDocument, accessor: GltfAccessor): Column {
  const json = { ...document.json, accessors: [accessor] };
  return openColumn({ ...document, json }, 0);
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
  const view = document.json.bufferViews![from.bufferView],
    buffer = document.buffers[view.buffer];
  const start = buffer.byteOffset + (view.byteOffset ?? 0) +
    (from.byteOffset ?? 0);
  return componentType(code).create(buffer.buffer, start, length);
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
