/**
 * What this doorway asks of three.js objects: their shape, never their class.
 * So any version, copy or stand-in of three.js will do.
 */

/** Shaped like three.js' `Matrix4`: an affine map. */
export interface Matrix4Like {
  /** 16 numbers, column-major; the last row is `0, 0, 0, 1`. */
  readonly elements: ArrayLike<number>;
}

/** Shaped like a typed array of any kind. */
export interface NumberArrayLike extends ArrayLike<number> {
  /** The kind, such as `"Float32Array"`: says which numbers it can hold. */
  readonly [Symbol.toStringTag]: string;
}

/**
 * Shaped like `BufferAttribute` or `InterleavedBufferAttribute`, with numbers of
 * any type. Read and written through its own functions, so that interleaved,
 * half-float and normalized integer attributes mean what three.js says.
 */
export interface AttributeLike {
  /** Where the numbers lie. */
  readonly array: NumberArrayLike;
  /** Numbers an entry has. */
  readonly itemSize: number;
  /** Entries, one a vertex. */
  readonly count: number;
  /** Whether integers stand for shares of 1. */
  readonly normalized: boolean;
  /** Set to `true` after a write, so that the change reaches the GPU. */
  needsUpdate: boolean;
  /** The first number of an entry. */
  getX(index: number): number;
  /** The second. */
  getY(index: number): number;
  /** The third. */
  getZ(index: number): number;
  /** The fourth. */
  getW(index: number): number;
  /** Overwrites the first three numbers of an entry. */
  setXYZ(index: number, x: number, y: number, z: number): unknown;
  /** Overwrites the four numbers of an entry. */
  setXYZW(index: number, x: number, y: number, z: number, w: number): unknown;
}

/**
 * Shaped like `BufferGeometry`: triangles, indexed or not. Groups, the draw
 * range and morph attributes are neither read nor written.
 */
export interface GeometryLike {
  /** For error messages; may be empty. */
  readonly name: string;
  /** Three vertices a face; `null` where vertices follow one another. */
  readonly index: AttributeLike | null;
  /** `position` at least; `normal`, `skinIndex` and `skinWeight` may be. */
  readonly attributes: { readonly [name: string]: AttributeLike | undefined };
  /** Computed anew when positions change, unless it is `null`. */
  readonly boundingBox: unknown;
  /** Computed anew when positions change, unless it is `null`. */
  readonly boundingSphere: unknown;
  /** Adds or replaces an attribute. */
  setAttribute(name: string, attribute: AttributeLike): unknown;
  /** Replaces the index; from a list of numbers it makes an attribute of three.js' own. */
  setIndex(index: AttributeLike | number[] | null): unknown;
  /** Fills {@linkcode GeometryLike.boundingBox}. */
  computeBoundingBox(): void;
  /** Fills {@linkcode GeometryLike.boundingSphere}. */
  computeBoundingSphere(): void;
}

/** Shaped like `Mesh`. */
export interface MeshLike {
  /** For error messages; may be empty. */
  readonly name: string;
  /** The surface, in coordinates of its own. */
  readonly geometry: GeometryLike;
  /** Handed on to the skinned mesh that `bindToSkeleton` makes. */
  readonly material: unknown;
  /** From the geometry's coordinates to the world; brought up to date before it is read. */
  readonly matrixWorld: Matrix4Like;
  /** Brings {@linkcode MeshLike.matrixWorld} up to date. */
  updateWorldMatrix(updateParents: boolean, updateChildren: boolean): void;
  /** Takes over name, transform, material and all else of an object of the same class (`never`: every class has its own). */
  copy(source: never, recursive?: boolean): unknown;
}

/** Shaped like `Bone`: a joint. */
export interface BoneLike {
  /** What it is called; how joints of two skeletons find each other. */
  readonly name: string;
  /** What it hangs on; the root joint on none of the skeleton's. */
  readonly parent: unknown;
  /** Where it is now; brought up to date before it is read. */
  readonly matrixWorld: Matrix4Like;
  /** Brings {@linkcode BoneLike.matrixWorld} up to date. */
  updateWorldMatrix(updateParents: boolean, updateChildren: boolean): void;
}

/** Shaped like `Skeleton`. */
export interface SkeletonLike {
  /** The joints, as `skinIndex` counts them. */
  readonly bones: readonly BoneLike[];
  /** From the bind pose into each joint: the inverse bind matrices. */
  readonly boneInverses: readonly Matrix4Like[];
}

/** Shaped like `SkinnedMesh`. Without a skeleton it is taken as a plain mesh. */
export interface SkinnedMeshLike extends MeshLike {
  /** The joints it follows. */
  readonly skeleton: SkeletonLike;
  /** From the geometry's coordinates to the space of the bind pose. */
  readonly bindMatrix: Matrix4Like;
  /** `"attached"`: its own transform does not count, as in glTF; `"detached"`: it comes on top. */
  bindMode: string;
  /** Set to `null` when positions change, so that it is computed anew. */
  boundingBox: unknown;
  /** Set to `null` when positions change, so that it is computed anew. */
  boundingSphere: unknown;
  /** Takes over a skeleton and a copy of the bind matrix. */
  bind(skeleton: SkeletonLike, bindMatrix?: Matrix4Like): void;
}
