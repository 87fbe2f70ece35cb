import { fault } from "../gltf/_check.ts";
import { lineFault, Lines } from "./_lines.ts";
import type { PlyHeader, PlyType } from "./_ply_header.ts";
import { PLY_BYTES } from "./_ply_header.ts";

/** Gives the values of a PLY one after the other. */
export interface PlyValues {
  /** The next value. */
  next(type: PlyType): number;
  /** Refuses the file at the place of the last value. */
  refuse(rule: string, found: string): never;
}

/** Opens the data after the header, whatever their format. */
export function openPlyValues(bytes: Uint8Array, { format, end }: PlyHeader, path: string): PlyValues {
  const data = bytes.subarray(end);
  return format === "ascii"
    ? new TextValues(data, path, countLines(bytes.subarray(0, end)))
    : new BinaryValues(data, path, format === "binary_little_endian");
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count++;
  return count;
}

/** Words of text; line ends mean nothing. */
class TextValues implements PlyValues {
  readonly #lines: Lines;
  readonly #headerLines: number;

  constructor(bytes: Uint8Array, path: string, headerLines: number) {
    this.#lines = new Lines(path, bytes);
    this.#headerLines = headerLines;
  }

  next(type: PlyType): number {
    const word = this.#lines.word() ?? this.#lines.nextLine();
    if (word === undefined) return this.refuse("it must hold all values it declares", "it ends; it is cut off");
    const value = /^[-+]?(nan|inf)/i.test(word) ? NaN : Number(word);
    if (Number.isInteger(value) || type.startsWith("float")) return value;
    return this.refuse("counts and indices must be whole numbers", `one is ${word.slice(0, 20)}`);
  }

  refuse(rule: string, found: string): never {
    throw lineFault(this.#lines.file, this.#headerLines + this.#lines.line, rule, found);
  }
}

class BinaryValues implements PlyValues {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array, readonly path: string, readonly isLittle: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(type: PlyType): number {
    const at = this.#at;
    this.#at += PLY_BYTES[type];
    if (this.#at > this.#view.byteLength) {
      this.refuse("it must hold all values it declares", "it ends; it is cut off");
    }
    switch (type) {
      case "int8":
        return this.#view.getInt8(at);
      case "uint8":
        return this.#view.getUint8(at);
      case "int16":
        return this.#view.getInt16(at, this.isLittle);
      case "uint16":
        return this.#view.getUint16(at, this.isLittle);
      case "int32":
        return this.#view.getInt32(at, this.isLittle);
      case "uint32":
        return this.#view.getUint32(at, this.isLittle);
      case "float32":
        return this.#view.getFloat32(at, this.isLittle);
      case "float64":
        return this.#view.getFloat64(at, this.isLittle);
    }
  }

  refuse(rule: string, found: string): never {
    throw fault(this.path, undefined, rule, found);
  }
}
