/** What one unit of a file is: an SI length (`dam` 10 m, `hm` 100 m) or an inch. */
export type LengthUnit = "m" | "dm" | "cm" | "mm" | "inch" | "dam" | "hm";

/** Metres in each {@linkcode LengthUnit}, likeliest first. */
export const LENGTH_UNITS: Readonly<Record<LengthUnit, number>> = {
  m: 1,
  cm: 0.01,
  mm: 0.001,
  dm: 0.1,
  inch: 0.0254,
  dam: 10,
  hm: 100,
};

/** The axis that points up in a file. */
export type UpAxis = "y" | "z" | "-z" | "x" | "-x" | "-y";

/**
 * The turn that brings each {@linkcode UpAxis} to +Y, as a quaternion
 * (x, y, z, w): about X for Z (so what faces -Y then faces +Z, as Blender has
 * it), about Z for the others.
 */
export const UP_AXES: Readonly<Record<UpAxis, readonly [x: number, y: number, z: number, w: number]>> = {
  "y": [0, 0, 0, 1],
  "z": [-Math.SQRT1_2, 0, 0, Math.SQRT1_2],
  "-z": [Math.SQRT1_2, 0, 0, Math.SQRT1_2],
  "x": [0, 0, Math.SQRT1_2, Math.SQRT1_2],
  "-x": [0, 0, -Math.SQRT1_2, Math.SQRT1_2],
  "-y": [0, 0, 1, 0],
};

/** The axis that points forward in a file once its up axis is up. */
export type ForwardAxis = "z" | "-z" | "x" | "-x";

/** The turn about Y that brings each {@linkcode ForwardAxis} to +Z, as a quaternion (x, y, z, w). */
export const FORWARD_AXES: Readonly<Record<ForwardAxis, readonly [x: number, y: number, z: number, w: number]>> = {
  "z": [0, 0, 0, 1],
  "-z": [0, 1, 0, 0],
  "x": [0, -Math.SQRT1_2, 0, Math.SQRT1_2],
  "-x": [0, Math.SQRT1_2, 0, Math.SQRT1_2],
};
