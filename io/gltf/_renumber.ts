import { type Numbered, type Shape, shapeOfExtension, TEXTURE_INFO } from "./_index_shapes.ts";
import type { JsonObject, JsonValue } from "./json_types.ts";

/** Where an entry of a list of one document is found in another. */
export type NewIndex = (list: Numbered, index: number) => number;

/**
 * Copies JSON of one document for another, in which everything has other
 * numbers: in the core of glTF, and in the extensions we know. One we do not
 * know comes along when it holds nothing that may be an index.
 */
export class Renumbering {
  /** Extensions that stayed behind. */
  readonly left: Set<string> = new Set();
  readonly #newIndex: NewIndex;

  /** @param newIndex Says where entries are found now. */
  constructor(newIndex: NewIndex) {
    this.#newIndex = newIndex;
  }

  /** A copy with other numbers; extras stay as they are. */
  copy(value: JsonValue, shape: Shape | undefined): JsonValue {
    if (typeof value === "number") return typeof shape === "string" ? this.#newIndex(shape, value) : value;
    if (Array.isArray(value)) return value.map((item) => this.copy(item, shape));
    return typeof value === "object" && value !== null ? this.#copyObject(value as JsonObject, shape) : value;
  }

  #copyObject(object: JsonObject, shape: Shape | undefined): JsonObject {
    const out: Record<string, JsonValue> = {};
    for (const [key, member] of Object.entries(object)) {
      if (member === undefined) continue;
      if (key === "extras") out[key] = member;
      else if (key === "extensions") {
        const extensions = this.#copyExtensions(member as JsonObject);
        if (extensions !== undefined) out[key] = extensions;
      } else out[key] = this.copy(member, shapeOfMember(shape, key, member));
    }
    return out;
  }

  #copyExtensions(extensions: JsonObject): JsonObject | undefined {
    const out: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(extensions)) {
      if (value === undefined) continue;
      const shape = shapeOfExtension(name);
      if (name === "KHR_animation_pointer") out[name] = this.#copyPointer(value as JsonObject);
      else if (shape !== undefined || !mayHoldIndices(value)) out[name] = this.copy(value, shape);
      else this.left.add(name);
    }
    return Object.keys(out).length === 0 ? undefined : out;
  }

  /** What is animated stands as text: `/materials/3/alphaCutoff`. */
  #copyPointer(extension: JsonObject): JsonObject {
    const { pointer } = extension;
    if (typeof pointer !== "string") return extension;
    const renumbered = pointer.replace(
      /^\/(?:extensions\/KHR_lights_punctual\/)?(lights|cameras|materials|meshes|nodes|textures|samplers|images)\/(\d+)/,
      (start, list, index) => `${start.slice(0, -index.length)}${this.#newIndex(list as Numbered, Number(index))}`,
    );
    return { ...extension, pointer: renumbered };
  }
}

function shapeOfMember(shape: Shape | undefined, key: string, member: JsonValue): Shape | undefined {
  if (typeof shape === "object") {
    const known = Object.hasOwn(shape, key) ? (shape as Readonly<Record<string, Shape>>)[key] : shape["*"];
    if (known !== undefined) return known;
  }
  const isTexture = /texture$/i.test(key) && typeof member === "object" && member !== null;
  return isTexture ? TEXTURE_INFO : undefined;
}

/** Whether there is a whole number in it: any may be an index. */
function mayHoldIndices(value: JsonValue): boolean {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0;
  return typeof value === "object" && value !== null &&
    Object.values(value).some((member) => member !== undefined && mayHoldIndices(member));
}
