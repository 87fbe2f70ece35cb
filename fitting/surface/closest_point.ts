import type { TriangleMesh } from "../mesh.ts";
import type { Scratch } from "../../pool/scratch.ts";
import { type SurfaceHit, SurfaceIndex, surfaceIndexBytes } from "./surface_index.ts";

/**
 * Finds the point of a surface closest to one place. Builds a
 * {@linkcode SurfaceIndex} and drops it: keep one for a second question.
 *
 * @param mesh Indices in range, coordinates finite; read only.
 * @param point Where from, metres.
 * @param hit Overwritten if something is found.
 * @param scratch Left as it was found; {@linkcode closestPointBytes} are used.
 * @returns Whether a point was found: `false` for a mesh without faces.
 * @example The side of a triangle
 * ```ts
 * import { closestPoint, SurfaceHit } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: new Uint32Array([0, 1, 2]) };
 * using scope = new BufferScope();
 * const hit = new SurfaceHit();
 * assertEquals(closestPoint(mesh, { x: -3, y: 0.5, z: 4 }, hit, scope), true);
 * assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [0, 0.5, 0, 25]);
 * ```
 */
export function closestPoint(
  mesh: TriangleMesh,
  point: { x: number; y: number; z: number },
  hit: SurfaceHit,
  scratch: Scratch,
): boolean {
  using frame = scratch.frame("closest point");
  return SurfaceIndex.build(mesh, frame).closestPoint(point.x, point.y, point.z, hit);
}

/**
 * Bytes {@linkcode closestPoint} leases from scratch.
 *
 * @example An index
 * ```ts
 * import { closestPointBytes, surfaceIndexBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(closestPointBytes({ faceCount: 10 }), surfaceIndexBytes({ faceCount: 10 }));
 * ```
 */
export function closestPointBytes({ faceCount }: { faceCount: number }): number {
  return surfaceIndexBytes({ faceCount });
}
