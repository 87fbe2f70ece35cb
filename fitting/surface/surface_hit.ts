/**
 * A place on a surface, written by a query and meant to be used again by the
 * next one. Fields start as `NaN`, not `0`, so that the engine stores them as
 * doubles from the first write on and a query creates nothing.
 *
 * @example One hit serves many queries
 * ```ts
 * import { SurfaceHit, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: new Uint32Array([0, 1, 2]) };
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope), hit = new SurfaceHit();
 * index.closestPoint(0.25, 0.5, 3, hit);
 * assertEquals([hit.face, hit.x, hit.y, hit.z, hit.distanceSq], [0, 0.25, 0.5, 0, 9]);
 * assertEquals([hit.w0, hit.w1, hit.w2], [0.25, 0.25, 0.5]);
 * ```
 */
export class SurfaceHit {
  /** Index of the face, `-1` before the first hit. */
  face: number = -1;
  /** The point on the surface, metres. */
  x: number = NaN;
  /** The point on the surface, metres. */
  y: number = NaN;
  /** The point on the surface, metres. */
  z: number = NaN;
  /** Barycentric coordinate of the face's corner 0; `w0 + w1 + w2` is 1. */
  w0: number = NaN;
  /** Barycentric coordinate of the face's corner 1. */
  w1: number = NaN;
  /** Barycentric coordinate of the face's corner 2. */
  w2: number = NaN;
  /** Square of the distance between the query point and the hit, square metres. */
  distanceSq: number = NaN;
}
