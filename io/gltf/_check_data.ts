import { type Check, show } from "./_check.ts";
import { dracoAccessors } from "./_draco.ts";
import { isFallback } from "./_meshopt.ts";
import { COMPONENT_TYPES, componentType, elementBytes, TYPE_COMPONENTS, U16, U32, U8 } from "./_components.ts";
import type { GltfBufferView } from "./json_types.ts";

type Json = Readonly<Record<string, unknown>>;

/** Elements that compressed data may stand for, a byte of the file. */
const ELEMENTS_PER_COMPRESSED_BYTE = 64;

/** Checks every buffer view and accessor against the bytes that are there. */
export function checkData(
  check: Check,
  json: Json,
  buffers: readonly Uint8Array[],
): void {
  const views = check.list(json.bufferViews, "/bufferViews");
  // A buffer that stands in for compressed data has a size, but no bytes.
  const declared = check.list(json.buffers, "/buffers") as Json[];
  const sizes = buffers.map(({ length }, i) => isFallback(declared[i]) ? declared[i].byteLength as number : length);
  views.forEach((view, i) =>
    checkBufferView(
      check,
      check.object(view, `/bufferViews/${i}`),
      `/bufferViews/${i}`,
      sizes,
    )
  );
  const totalBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const compressed = dracoAccessors(json);
  check.list(json.accessors, "/accessors").forEach((accessor, i) => {
    checkAccessor(
      check,
      check.object(accessor, `/accessors/${i}`),
      `/accessors/${i}`,
      views as GltfBufferView[],
      totalBytes * (compressed.has(i) ? ELEMENTS_PER_COMPRESSED_BYTE : 1),
    );
  });
}

function checkBufferView(
  check: Check,
  view: Json,
  pointer: string,
  sizes: readonly number[],
): void {
  const buffer = check.link(
    view.buffer,
    `${pointer}/buffer`,
    "buffers",
    sizes.length,
  );
  const size = sizes[buffer];
  const why = `buffer ${buffer} holds ${size} bytes`;
  const offset = check.integer(
    view.byteOffset ?? 0,
    `${pointer}/byteOffset`,
    0,
    size - 1,
    why,
  );
  check.integer(
    view.byteLength,
    `${pointer}/byteLength`,
    1,
    size - offset,
    `${why}, the view starts at ${offset}`,
  );
  if (view.byteStride === undefined) return;
  const stride = check.integer(
    view.byteStride,
    `${pointer}/byteStride`,
    4,
    252,
  );
  if (stride % 4 !== 0) {
    check.refuse(
      `${pointer}/byteStride`,
      "it must be a multiple of 4",
      `current value is ${stride}`,
    );
  }
}

function checkAccessor(
  check: Check,
  accessor: Json,
  pointer: string,
  views: readonly GltfBufferView[],
  maxUnbacked: number,
): void {
  if (!COMPONENT_TYPES.has(accessor.componentType)) {
    check.refuse(
      `${pointer}/componentType`,
      "it must be 5120, 5121, 5122, 5123, 5125 or 5126",
      `current value is ${show(accessor.componentType)}`,
    );
  }
  if (!TYPE_COMPONENTS.has(accessor.type)) {
    check.refuse(
      `${pointer}/type`,
      "it must be SCALAR, VEC2, VEC3, VEC4, MAT2, MAT3 or MAT4",
      `current value is ${show(accessor.type)}`,
    );
  }
  if (
    accessor.normalized !== undefined &&
    typeof accessor.normalized !== "boolean"
  ) {
    check.refuse(
      `${pointer}/normalized`,
      "it must be true or false",
      `current value is ${show(accessor.normalized)}`,
    );
  }
  const code = accessor.componentType as number, type = accessor.type as string;
  const components = TYPE_COMPONENTS.get(type)!;
  check.numbers(accessor.min, `${pointer}/min`, components);
  check.numbers(accessor.max, `${pointer}/max`, components);
  const count = check.integer(accessor.count, `${pointer}/count`, 1);
  if (accessor.bufferView === undefined) {
    // Nothing backs such an accessor (all zeros): it may not ask for more than the file could have held.
    check.integer(
      count,
      `${pointer}/count`,
      1,
      Math.max(maxUnbacked, 1),
      "no buffer view backs it, and the file has too few bytes for more",
    );
    check.integer(
      accessor.byteOffset ?? 0,
      `${pointer}/byteOffset`,
      0,
      0,
      "it has no buffer view",
    );
  } else {
    const view = check.link(
      accessor.bufferView,
      `${pointer}/bufferView`,
      "bufferViews",
      views.length,
    );
    checkRange(
      check,
      pointer,
      views[view],
      view,
      accessor.byteOffset ?? 0,
      elementBytes(type, code),
      componentType(code).bytes,
      count,
      true,
    );
  }
  if (accessor.sparse !== undefined) {
    checkSparse(
      check,
      check.object(accessor.sparse, `${pointer}/sparse`),
      `${pointer}/sparse`,
      views,
      code,
      type,
      count,
    );
  }
}

/** Checks that `count` elements fit a buffer view, and that they start where their type may start. */
function checkRange(
  check: Check,
  pointer: string,
  view: GltfBufferView,
  viewIndex: number,
  byteOffset: unknown,
  size: number,
  alignment: number,
  count: number,
  mayStride: boolean,
): void {
  const offset = check.integer(byteOffset, `${pointer}/byteOffset`, 0);
  const stride = mayStride ? view.byteStride ?? size : size;
  if (stride < size) {
    check.refuse(
      `/bufferViews/${viewIndex}/byteStride`,
      `it must be >= ${size} (the element of ${pointer})`,
      `current value is ${stride}`,
    );
  }
  const room = view.byteLength - offset;
  const fits = room < size ? 0 : Math.floor((room - size) / stride) + 1;
  if (count > fits) {
    check.refuse(
      `${pointer}/count`,
      `it must be <= ${fits} (what bufferView ${viewIndex} holds: ${view.byteLength} bytes)`,
      `current value is ${count}`,
    );
  }
  if (
    offset % alignment !== 0 ||
    ((view.byteOffset ?? 0) + offset) % alignment !== 0
  ) {
    check.refuse(
      `${pointer}/byteOffset`,
      `elements must start at a multiple of ${alignment} bytes`,
      `they start at ${view.byteOffset ?? 0} + ${offset}`,
    );
  }
}

function checkSparse(
  check: Check,
  sparse: Json,
  pointer: string,
  views: readonly GltfBufferView[],
  code: number,
  type: string,
  count: number,
): void {
  const sparseCount = check.integer(
    sparse.count,
    `${pointer}/count`,
    1,
    count,
    `the accessor has ${count} elements`,
  );
  const indices = check.object(sparse.indices, `${pointer}/indices`);
  if (
    indices.componentType !== U8 && indices.componentType !== U16 &&
    indices.componentType !== U32
  ) {
    check.refuse(
      `${pointer}/indices/componentType`,
      "it must be 5121, 5123 or 5125",
      `current value is ${show(indices.componentType)}`,
    );
  }
  const { bytes } = componentType(indices.componentType as number);
  const indexView = check.link(
    indices.bufferView,
    `${pointer}/indices/bufferView`,
    "bufferViews",
    views.length,
  );
  checkRange(
    check,
    `${pointer}/indices`,
    views[indexView],
    indexView,
    indices.byteOffset ?? 0,
    bytes,
    bytes,
    sparseCount,
    false,
  );
  const values = check.object(sparse.values, `${pointer}/values`);
  const valueView = check.link(
    values.bufferView,
    `${pointer}/values/bufferView`,
    "bufferViews",
    views.length,
  );
  const alignment = componentType(code).bytes;
  checkRange(
    check,
    `${pointer}/values`,
    views[valueView],
    valueView,
    values.byteOffset ?? 0,
    elementBytes(type, code),
    alignment,
    sparseCount,
    false,
  );
}
