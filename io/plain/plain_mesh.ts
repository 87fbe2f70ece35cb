/**
 * A surface as OBJ, PLY and STL have it: corners that name a position and,
 * where there are some, a UV, a normal and a colour of their own. Faces are
 * triangles; polygons were cut into fans.
 */
export interface PlainMesh {
  /** Positions, three numbers each, in the unit and with the axes of the file. */
  readonly positions: Float64Array;
  /** UVs, two numbers each, first row at the bottom; empty when there are none. */
  readonly uvs: Float64Array;
  /** Normals, three numbers each; empty when there are none. */
  readonly normals: Float64Array;
  /** Linear colours of the positions, four numbers each, 0 to 1; empty when there are none. */
  readonly colors: Float32Array;
  /** The parts, one for each object and material. */
  readonly parts: readonly PlainPart[];
}

/** The faces of one object and material. */
export interface PlainPart {
  /** Name of the object. */
  readonly object: string | undefined;
  /** Name of the material. */
  readonly material: string | undefined;
  /** Three corners a face: which position. */
  readonly positionOf: Uint32Array;
  /** Which UV; empty when no corner of the part has one. `NONE` where one has none. */
  readonly uvOf: Uint32Array;
  /** Which normal; likewise. */
  readonly normalOf: Uint32Array;
}

/** Stands where a corner has no UV or normal. */
export const NONE = 0xffffffff;
