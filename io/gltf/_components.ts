/** A typed array over accessor components. */
export type ComponentArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Float32Array;

/** One of the six component types of glTF. */
export interface ComponentType {
  /** For messages: `u16`, `f32`. */
  readonly name: string;
  /** Size of a component, bytes. */
  readonly bytes: number;
  /** Lowest and highest stored value; of no use for f32. */
  readonly min: number;
  /** See {@linkcode ComponentType.min}. */
  readonly max: number;
  /** Makes a zeroed array, or a view. */
  readonly create: (
    buffer: ArrayBufferLike,
    byteOffset: number,
    length: number,
  ) => ComponentArray;
}

/** Component types by the number glTF gives them. */
export const COMPONENT_TYPES: ReadonlyMap<unknown, ComponentType> = new Map([
  [5120, {
    name: "i8",
    bytes: 1,
    min: -128,
    max: 127,
    create: (b, o, n) => new Int8Array(b, o, n),
  }],
  [5121, {
    name: "u8",
    bytes: 1,
    min: 0,
    max: 255,
    create: (b, o, n) => new Uint8Array(b, o, n),
  }],
  [5122, {
    name: "i16",
    bytes: 2,
    min: -32768,
    max: 32767,
    create: (b, o, n) => new Int16Array(b, o, n),
  }],
  [5123, {
    name: "u16",
    bytes: 2,
    min: 0,
    max: 65535,
    create: (b, o, n) => new Uint16Array(b, o, n),
  }],
  [5125, {
    name: "u32",
    bytes: 4,
    min: 0,
    max: 4294967295,
    create: (b, o, n) => new Uint32Array(b, o, n),
  }],
  [5126, {
    name: "f32",
    bytes: 4,
    min: -Infinity,
    max: Infinity,
    create: (b, o, n) => new Float32Array(b, o, n),
  }],
] as [unknown, ComponentType][]);

/** Numbers of the component types, by name. */
export const I8 = 5120,
  U8 = 5121,
  I16 = 5122,
  U16 = 5123,
  U32 = 5125,
  F32 = 5126;

/** Components of an element by accessor type. */
export const TYPE_COMPONENTS: ReadonlyMap<unknown, number> = new Map<
  unknown,
  number
>([
  ["SCALAR", 1],
  ["VEC2", 2],
  ["VEC3", 3],
  ["VEC4", 4],
  ["MAT2", 4],
  ["MAT3", 9],
  ["MAT4", 16],
]);

/** The component type with a number that was checked when the file was opened. */
export function componentType(code: number): ComponentType {
  return COMPONENT_TYPES.get(code)!;
}

/** Size of one element, bytes; the columns of small matrices start at multiples of four. */
export function elementBytes(type: string, code: number): number {
  const { bytes } = componentType(code),
    components = TYPE_COMPONENTS.get(type)!;
  if (!type.startsWith("MAT")) return components * bytes;
  const columns = Math.sqrt(components);
  return columns * Math.ceil((columns * bytes) / 4) * 4;
}

/** What a stored integer is divided by; 1 when it stands for itself. */
export function divisorOf(
  accessor: { componentType: number; normalized?: boolean },
): number {
  return accessor.normalized && accessor.componentType !== F32 ? componentType(accessor.componentType).max : 1;
}
