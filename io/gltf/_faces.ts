import type { Column } from "./_column.ts";

/** Primitive modes that make faces. */
export const TRIANGLES = 4, TRIANGLE_STRIP = 5, TRIANGLE_FAN = 6;

/** How the corners of a primitive follow each other. */
export interface FaceSource {
  /** 4, 5 or 6. */
  readonly mode: number;
  /** Indices, or `undefined` when vertices are used in order. */
  readonly indices: Column | undefined;
  /** Vertices of the primitive. */
  readonly vertexCount: number;
}

/** How many corners a primitive lists. */
export function cornerCount(source: FaceSource): number {
  return source.indices?.count ?? source.vertexCount;
}

/** How many faces a primitive declares: at most this many come out of {@linkcode writeFaces}. */
export function declaredFaces(mode: number, corners: number): number {
  return mode === TRIANGLES ? Math.floor(corners / 3) : Math.max(0, corners - 2);
}

/**
 * Writes the faces, three vertices each, `firstVertex` added, and returns how
 * many there are. A strip turns every other face and joins its parts with faces
 * that use a vertex twice; those are dropped (in lists they stay: they are data).
 *
 * @param out Where faces go from `start` on; `undefined` only counts.
 * @param isMirrored Turns every face, for nodes that mirror.
 */
export function writeFaces(
  source: FaceSource,
  out: Uint32Array | undefined,
  start: number,
  firstVertex: number,
  isMirrored: boolean,
): number {
  const { mode, indices } = source;
  if (mode === TRIANGLES && out === undefined) {
    return Math.floor(cornerCount(source) / 3);
  }
  const array = indices?.array, step = indices?.step ?? 1;
  const end = mode === TRIANGLES ? cornerCount(source) : Math.max(0, cornerCount(source) - 2);
  const second = isMirrored ? 2 : 1, third = 3 - second;
  let to = start;
  for (let i = 0; i < end; i += mode === TRIANGLES ? 3 : 1) {
    // Strip: i, i+1, i+2 and for odd i: i, i+2, i+1. Fan: i+1, i+2, 0 (glTF 2.0, 3.7.2.1).
    const odd = mode === TRIANGLE_STRIP ? i & 1 : 0;
    let a = mode === TRIANGLE_FAN ? i + 1 : i;
    let b = mode === TRIANGLE_FAN ? i + 2 : i + 1 + odd;
    let c = mode === TRIANGLE_FAN ? 0 : i + 2 - odd;
    if (array !== undefined) {
      a = array[step * a];
      b = array[step * b];
      c = array[step * c];
    }
    if (mode !== TRIANGLES && (a === b || b === c || c === a)) continue;
    if (out !== undefined) {
      out[to] = firstVertex + a;
      out[to + second] = firstVertex + b;
      out[to + third] = firstVertex + c;
    }
    to += 3;
  }
  return (to - start) / 3;
}
