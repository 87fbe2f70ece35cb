/**
 * A triangle mesh in flat arrays. A vertex is an index; where a surface has
 * seams (UVs, hard edges) one place has several vertices, see `Topology`.
 */
export interface TriangleMesh {
  /** `3 * vertexCount` coordinates, metres, Y up. */
  readonly positions: Float32Array;
  /** `3 * faceCount` vertex indices, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
}

/** Stands where an index would if there were one. */
export const NO_INDEX = 0xffffffff;

/** How many vertices `mesh` has, used by a face or not. */
export function vertexCountOf(mesh: TriangleMesh): number {
  return mesh.positions.length / 3;
}

/** How many faces `mesh` has. */
export function faceCountOf(mesh: TriangleMesh): number {
  return mesh.indices.length / 3;
}

/**
 * Refuses a mesh that would make an operation read past an array or spread NaN.
 *
 * @throws {RangeError} If a length is no multiple of three, an index has no vertex, or a coordinate is not finite.
 */
export function assertMesh(mesh: TriangleMesh): void {
  const { positions, indices } = mesh;
  if (positions.length % 3 !== 0) {
    throw new RangeError(
      `Cannot use the mesh as positions must hold 3 floats a vertex: it holds ${positions.length}`,
    );
  }
  if (indices.length % 3 !== 0) {
    throw new RangeError(
      `Cannot use the mesh as indices must hold 3 a face: it holds ${indices.length}`,
    );
  }
  const vertexCount = positions.length / 3;
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] >= vertexCount) {
      throw new RangeError(
        `Cannot use the mesh as every index must be < ${vertexCount}: indices[${i}] is ${indices[i]}`,
      );
    }
  }
  for (let i = 0; i < positions.length; i++) {
    if (!Number.isFinite(positions[i])) {
      throw new RangeError(
        `Cannot use the mesh as coordinates must be finite: positions[${i}] is ${positions[i]}`,
      );
    }
  }
}
