import type { AttributeLike, GeometryLike, MeshLike, SkinnedMeshLike } from "./mesh_like.ts";
import { isBound } from "./_name.ts";

/** The greatest whole number each type of array holds; floats up to where they skip one. */
const LARGEST: Readonly<Record<string, number>> = {
  Int8Array: 0x7f,
  Uint8Array: 0xff,
  Uint8ClampedArray: 0xff,
  Int16Array: 0x7fff,
  Uint16Array: 0xffff,
  Int32Array: 0x7fffffff,
  Uint32Array: 0xffffffff,
  Float32Array: 0x1000000,
  Float64Array: Number.MAX_SAFE_INTEGER,
};

/**
 * Writes an attribute into the geometry: in place where its type can hold the
 * values, else as a new attribute of three.js' own, over memory of its own.
 *
 * @param values `itemSize * vertexCount`; integers stand for themselves. Read only, not kept.
 * @param newAttributes Gets the name when the attribute is a new one.
 */
export function storeAttribute(
  geometry: GeometryLike,
  name: "position" | "normal" | "skinIndex" | "skinWeight",
  values: Float32Array | Uint16Array,
  itemSize: 3 | 4,
  newAttributes: string[],
): void {
  const attribute = geometry.attributes[name];
  if (attribute !== undefined && canHold(attribute, values, itemSize)) {
    writeInto(attribute, values, itemSize);
    attribute.needsUpdate = true;
    return;
  }
  const Attribute = attributeClass(geometry);
  geometry.setAttribute(name, new Attribute(values.slice(), itemSize)); // a slice is plain memory, never on lease
  newAttributes.push(name);
}

/** Has bounds computed anew where they had been computed: positions have changed. */
export function refreshBounds(mesh: MeshLike): void {
  const { geometry } = mesh;
  if (geometry.boundingBox) geometry.computeBoundingBox();
  if (geometry.boundingSphere) geometry.computeBoundingSphere();
  if (isBound(mesh)) forgetPosedBounds(mesh);
}

/** A skinned mesh keeps bounds of its own, and computes them where they are `null`. */
export function forgetPosedBounds(mesh: SkinnedMeshLike): void {
  mesh.boundingBox = null;
  mesh.boundingSphere = null;
}

function canHold(attribute: AttributeLike, values: Float32Array | Uint16Array, itemSize: number): boolean {
  const type = attribute.array[Symbol.toStringTag];
  if (attribute.count !== values.length / itemSize || attribute.itemSize < itemSize) return false;
  if (type === "Float32Array" || type === "Float64Array") return true;
  if (values instanceof Float32Array || attribute.normalized) return false;
  return largestOf(values) <= (LARGEST[type] ?? -1);
}

function largestOf(values: Uint16Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > largest) largest = values[i];
  return largest;
}

function writeInto(attribute: AttributeLike, values: Float32Array | Uint16Array, itemSize: 3 | 4): void {
  for (let i = 0, v = 0; i < values.length; i += itemSize, v++) {
    if (itemSize === 3) attribute.setXYZ(v, values[i], values[i + 1], values[i + 2]);
    else attribute.setXYZW(v, values[i], values[i + 1], values[i + 2], values[i + 3]);
  }
}

/**
 * The class `BufferAttribute` of the very three.js that made the geometry, which
 * is not imported here: `setIndex` makes one of a class derived from it.
 */
function attributeClass(
  geometry: GeometryLike,
): new (array: Float32Array | Uint16Array, itemSize: number) => AttributeLike {
  const { index } = geometry;
  geometry.setIndex([0]);
  const derived = geometry.index!.constructor;
  geometry.setIndex(index);
  return Object.getPrototypeOf(derived);
}
