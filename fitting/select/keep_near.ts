import { Effort } from "../_effort.ts";
import { assertMask } from "../_narrow.ts";
import { SurfaceHit, type SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What a signed distance costs, nanoseconds. */
const DISTANCE_COST = 2500;

/**
 * Keeps of a selection the places at some distance from a surface, **negative inside** of it.
 *
 * @param positions Of the mesh, `3 * vertexCount`, metres.
 * @param index Of the surface; one without faces keeps nothing.
 * @param min Least distance, metres, inclusive; may be `-Infinity`.
 * @param max Greatest.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags; those of other places become 0.
 * @returns How many places are left.
 * @throws {RangeError} If the mask has the wrong length.
 *
 * @example What lies within a metre of the ground
 * ```ts
 * import { buildTopology, keepNear, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const ground = { positions: Float32Array.of(-9, 0, -9, 0, 0, 9, 9, 0, -9), indices: Uint32Array.of(0, 1, 2) };
 * const mesh = { positions: Float32Array.of(0, 0.5, 0, 1, 2, 0, 0, 3, 0), indices: Uint32Array.of(0, 1, 2) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), index = SurfaceIndex.build(ground, scope);
 * const mask = Uint8Array.of(1, 1, 1);
 * assertEquals(keepNear(mesh.positions, index, -Infinity, 1, topology, mask), 1);
 * assertEquals([...mask], [1, 0, 0]);
 * ```
 */
export function keepNear(
  positions: Float32Array,
  index: SurfaceIndex,
  min: number,
  max: number,
  topology: Topology,
  mask: Uint8Array,
): number {
  return finish(keepNearWork(positions, index, min, max, topology, mask));
}

/** {@linkcode keepNear} with pauses. */
export function* keepNearWork(
  positions: Float32Array,
  index: SurfaceIndex,
  min: number,
  max: number,
  topology: Topology,
  mask: Uint8Array,
): Work<number> {
  assertMask(mask, topology);
  const effort = new Effort(), hit = new SurfaceHit();
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    if (mask[w] === 0) continue;
    const i = 3 * topology.representative[w];
    const distance = index.signedDistance(positions[i], positions[i + 1], positions[i + 2], hit);
    if (distance >= min && distance <= max) kept++;
    else mask[w] = 0;
    yield* effort.spend(1, DISTANCE_COST);
  }
  return kept;
}
