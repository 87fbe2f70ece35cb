import { fault, show } from "../gltf/_check.ts";

/** One property of an element. */
export interface PlyProperty {
  readonly name: string;
  /** Type of a value, or of the values of a list. */
  readonly type: PlyType;
  /** Type of the count of a list; `undefined` for one value. */
  readonly countType: PlyType | undefined;
}

/** One kind of element, and how many there are. */
export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
}

/** What the text at the start of a PLY says. */
export interface PlyHeader {
  readonly format: "ascii" | "binary_little_endian" | "binary_big_endian";
  readonly elements: readonly PlyElement[];
  /** First byte of the data. */
  readonly end: number;
}

/** The types, under their new names. */
export type PlyType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32" | "float64";

/** Size of a value, bytes. */
export const PLY_BYTES: Readonly<Record<PlyType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
};

const OLD_NAMES: Readonly<Record<string, PlyType>> = {
  char: "int8",
  uchar: "uint8",
  short: "int16",
  ushort: "uint16",
  int: "int32",
  uint: "uint32",
  float: "float32",
  double: "float64",
};

/** Real headers are a few hundred bytes. */
const MAX_HEADER_BYTES = 65536, MAX_ELEMENTS = 64, MAX_PROPERTIES = 256;

/** Reads the header and checks that the data can hold what it declares. */
export function readPlyHeader(bytes: Uint8Array, path: string): PlyHeader {
  const refuse = (rule: string, found: string) => fault(path, undefined, rule, found);
  // Latin-1 keeps places in the text and in the bytes the same.
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, MAX_HEADER_BYTES));
  const found = /^ply\r?\n[\s\S]*?\n?end_header[ \t]*\r?\n/.exec(start);
  if (found === null) {
    throw refuse('a PLY must start with a header from "ply" to "end_header"', "it has none of that kind");
  }
  const elements: (PlyElement & { properties: PlyProperty[] })[] = [];
  let format = "";
  for (const line of found[0].split(/\r?\n/)) {
    const [word, ...words] = line.trim().split(/\s+/);
    if (word === "format") format = words[0] ?? "";
    else if (word === "element") {
      const count = Number(words[1]);
      if (!Number.isSafeInteger(count) || count < 0 || elements.length === MAX_ELEMENTS) {
        throw refuse("an element must have a name and a count", `it is ${show(line)}`);
      }
      elements.push({ name: words[0], count, properties: [] });
    } else if (word === "property") {
      const property = propertyOf(words), owner = elements.at(-1)?.properties;
      if (property === undefined || owner === undefined || owner.length === MAX_PROPERTIES) {
        throw refuse("a property must have a type, a name and an element", `it is ${show(line)}`);
      }
      owner.push(property);
    }
  }
  if (format !== "ascii" && format !== "binary_little_endian" && format !== "binary_big_endian") {
    throw refuse("its format must be ascii, binary_little_endian or binary_big_endian", `it is ${show(format)}`);
  }
  const end = found[0].length, least = elements.reduce((sum, element) => sum + leastBytes(element, format), 0);
  if (least > bytes.length - end + 1) {
    const declared = elements.map(({ name, count }) => `${count} ${name}`).join(", ");
    throw refuse(
      `its data must hold what it declares (${show(declared)})`,
      `there are ${bytes.length - end} bytes; it is cut off`,
    );
  }
  return { format, elements, end };
}

function propertyOf(words: readonly string[]): PlyProperty | undefined {
  const isList = words[0] === "list";
  const [countType, type, name] = isList
    ? [typeOf(words[1]), typeOf(words[2]), words[3]]
    : [undefined, typeOf(words[0]), words[1]];
  if (type === undefined || name === undefined || (isList && !countType?.includes("int"))) return undefined;
  return { name, type, countType };
}

function typeOf(word: string | undefined): PlyType | undefined {
  if (word === undefined) return undefined;
  if (Object.hasOwn(OLD_NAMES, word)) return OLD_NAMES[word];
  return Object.hasOwn(PLY_BYTES, word) ? word as PlyType : undefined;
}

/** Bytes the elements take at the very least, lists empty; words of text have a digit and a space. */
function leastBytes({ count, properties }: PlyElement, format: string): number {
  const each = properties.map(({ type, countType }) => format === "ascii" ? 2 : PLY_BYTES[countType ?? type]);
  return count * Math.max(1, each.reduce((sum, size) => sum + size, 0));
}
