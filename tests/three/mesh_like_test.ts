import { assertEquals } from "@std/assert";
import type { ArmorReport, AttributeLike, GeometryLike, MeshLike, SkinnedMeshLike } from "../../three/mod.ts";

// The signatures of @types/three 0.187 that decide whether its classes fit, in short: `copy` takes a class of
// its own, `bind` an optional matrix, `needsUpdate` can only be set. That this file compiles is the test.
interface Object3D {
  readonly isObject3D: true;
  readonly name: string;
  readonly matrixWorld: Matrix4;
  parent: Object3D | null;
  updateWorldMatrix(updateParents: boolean, updateChildren: boolean): void;
  copy(object: Object3D, recursive?: boolean): this;
}
interface Matrix4 {
  readonly isMatrix4: true;
  readonly elements: number[];
}
interface BufferAttribute {
  readonly isBufferAttribute: true;
  readonly array: Float32Array | Int16Array | Uint8ClampedArray;
  readonly itemSize: number;
  readonly count: number;
  readonly normalized: boolean;
  set needsUpdate(value: boolean);
  getX(index: number): number;
  getY(index: number): number;
  getZ(index: number): number;
  getW(index: number): number;
  setXYZ(index: number, x: number, y: number, z: number): this;
  setXYZW(index: number, x: number, y: number, z: number, w: number): this;
}
interface BufferGeometry<Attributes extends Record<string, BufferAttribute> = Record<string, BufferAttribute>> {
  name: string;
  index: BufferAttribute | null;
  attributes: Attributes;
  boundingBox: { isEmpty(): boolean } | null;
  boundingSphere: { isEmpty(): boolean } | null;
  setAttribute<K extends keyof Attributes>(name: K, attribute: Attributes[K]): this;
  setIndex(index: BufferAttribute | number[] | null): this;
  computeBoundingBox(): void;
  computeBoundingSphere(): void;
}
interface Mesh extends Object3D {
  geometry: BufferGeometry;
  material: { readonly isMaterial: true };
}
interface Skeleton {
  bones: Object3D[];
  boneInverses: Matrix4[];
  pose(): void;
}
interface SkinnedMesh extends Mesh {
  bindMode: "attached" | "detached";
  bindMatrix: Matrix4;
  boundingBox: { isEmpty(): boolean };
  boundingSphere: { isEmpty(): boolean };
  skeleton: Skeleton;
  bind(skeleton: Skeleton, bindMatrix?: Matrix4): void;
}

/** Whether every `A` is a `B`. */
type Is<A, B> = A extends B ? true : false;

Deno.test("the shapes asked for are those the types of three.js have", () => {
  const attribute: Is<BufferAttribute, AttributeLike> = true;
  const geometry: Is<BufferGeometry, GeometryLike> = true;
  const mesh: Is<Mesh, MeshLike> = true;
  const skinned: Is<SkinnedMesh, SkinnedMeshLike> = true;
  const plain: Is<Mesh, SkinnedMeshLike> = false;
  const report: Is<ArmorReport<SkinnedMesh>["mesh"], SkinnedMesh> = true;
  assertEquals([attribute, geometry, mesh, skinned, plain, report], [true, true, true, true, false, true]);
});
