import { finish, type Work } from "../work.ts";
import type { Scratch } from "../../pool/scratch.ts";
import { SurfaceHit } from "./surface_hit.ts";
import { type SurfaceIndex, treeOf } from "./surface_index.ts";
import type { Bvh } from "./_bvh.ts";
import { BATCH_SIZE } from "./_index_layout.ts";
import { findClosestBatch } from "./_simd_closest.ts";
import { mortonOrder, mortonOrderBytes } from "./_morton_order.ts";

/** Queries between two pauses. */
const QUERIES_PER_PAUSE = 2048;

/** Where {@linkcode closestPoints} writes; caller-owned, each overwritten in full. */
export interface ClosestPointsOut {
  /** `pointCount` faces, `-1` where nothing was found. */
  readonly faces: Int32Array;
  /** `3 * pointCount` barycentric coordinates in corner order, sum 1; zeros where nothing was found. */
  readonly barycentric: Float32Array;
  /** `pointCount` distances, metres, unsigned; `Infinity` where nothing was found. */
  readonly distances: Float32Array;
}

/** Options for {@linkcode closestPoints}. */
export interface ClosestPointsOptions {
  /** What lies farther is not found; metres, inclusive. @default {Infinity} */
  maxDistance?: number;
  /**
   * `pointCount` faces thought to be near, such as the answers of the last time,
   * -1 where none is known; an empty array knows none. Changes the time, not the answers.
   *
   * @default {new Int32Array(0)}
   */
  startFaces?: Int32Array;
}

/** Defaults of {@linkcode ClosestPointsOptions}. */
export const CLOSEST_POINTS_DEFAULTS: Readonly<Required<ClosestPointsOptions>> = {
  maxDistance: Infinity,
  startFaces: new Int32Array(0),
};

/**
 * Finds the closest surface point of many points: the answers of
 * {@linkcode SurfaceIndex.closestPoint}, in the caller's order. Points are visited
 * along a Morton curve, each starting at the answer of the one before, which
 * makes an unordered set about twice as fast.
 *
 * @param index Any index; used, not changed.
 * @param points `3 * pointCount` coordinates, metres; may not alias `out`.
 * @param out Arrays of the lengths stated there.
 * @param scratch Left as it was found; {@linkcode closestPointsBytes} are used.
 * @param options Missing keys take {@linkcode CLOSEST_POINTS_DEFAULTS}.
 * @returns How many points found something.
 * @throws {RangeError} If an array has the wrong length.
 *
 * @example Two points over a triangle
 * ```ts
 * import { closestPoints, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: new Uint32Array([0, 1, 2]) };
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope);
 * const out = { faces: new Int32Array(2), barycentric: new Float32Array(6), distances: new Float32Array(2) };
 * assertEquals(closestPoints(index, new Float32Array([0.25, 0.5, 3, 2, 0, 0]), out, scope), 2);
 * assertEquals([...out.distances], [3, 1]);
 * assertEquals([...out.barycentric], [0.25, 0.25, 0.5, 0, 1, 0]);
 * ```
 */
export function closestPoints(
  index: SurfaceIndex,
  points: Float32Array,
  out: ClosestPointsOut,
  scratch: Scratch,
  options: ClosestPointsOptions = {},
): number {
  return finish(closestPointsWork(index, points, out, scratch, options));
}

/**
 * {@linkcode closestPoints} with a pause every 2048 points.
 *
 * @example Driven to the end
 * ```ts
 * import { closestPointsWork, finish, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: new Uint32Array([0, 1, 2]) };
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope);
 * const out = { faces: new Int32Array(1), barycentric: new Float32Array(3), distances: new Float32Array(1) };
 * assertEquals(finish(closestPointsWork(index, new Float32Array([0, 0, 2]), out, scope)), 1);
 * ```
 */
export function* closestPointsWork(
  index: SurfaceIndex,
  points: Float32Array,
  out: ClosestPointsOut,
  scratch: Scratch,
  options: ClosestPointsOptions = {},
): Work<number> {
  const { maxDistance, startFaces } = { ...CLOSEST_POINTS_DEFAULTS, ...options };
  const pointCount = points.length / 3;
  assertLength("points", points.length, 3 * Math.trunc(pointCount));
  assertLength("out.faces", out.faces.length, pointCount);
  assertLength("out.barycentric", out.barycentric.length, 3 * pointCount);
  assertLength("out.distances", out.distances.length, pointCount);
  if (startFaces.length > 0) assertLength("startFaces", startFaces.length, pointCount);
  using frame = scratch.frame("closest points");
  const order = frame.u32(pointCount), hit = new SurfaceHit();
  mortonOrder(points, order, frame);
  yield;
  const bvh = treeOf(index), maxSq = maxDistance >= 0 && bvh.faceCount > 0 ? maxDistance * maxDistance : NaN;
  let found = 0;
  for (let begin = 0; begin < pointCount; begin += BATCH_SIZE) {
    const end = Math.min(pointCount, begin + BATCH_SIZE);
    found += queryRange(bvh, points, order, begin, end, hit, out, maxSq, startFaces);
    if (end % QUERIES_PER_PAUSE === 0) yield;
  }
  return found;
}

/**
 * Bytes {@linkcode closestPoints} leases from scratch.
 *
 * @example 16 a point
 * ```ts
 * import { closestPointsBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = (pointCount: number) => closestPointsBytes({ pointCount });
 * assertEquals(bytes(1000) - bytes(0), 16_000);
 * ```
 */
export function closestPointsBytes({ pointCount }: { pointCount: number }): number {
  return 4 * pointCount + mortonOrderBytes(pointCount);
}

/** Answers the points `order[begin]` to `order[end - 1]`, at most a batch. */
function queryRange(
  bvh: Bvh,
  points: Float32Array,
  order: Uint32Array,
  begin: number,
  end: number,
  hit: SurfaceHit,
  out: ClosestPointsOut,
  maxSq: number,
  startFaces: Int32Array,
): number {
  const { batchPoints, batchFaces, batchResults } = bvh, { faces, barycentric, distances } = out;
  const hasStarts = startFaces.length > 0;
  for (let i = begin, to = 0, k = 0; i < end; i++, to++, k += 3) {
    const p = order[i], from = 3 * p;
    batchPoints[k] = points[from];
    batchPoints[k + 1] = points[from + 1];
    batchPoints[k + 2] = points[from + 2];
    batchFaces[to] = hasStarts ? startFaces[p] : -1;
  }
  findClosestBatch(bvh, end - begin, maxSq, hit);
  let found = 0;
  for (let i = begin, from = 0, k = 0; i < end; i++, from++, k += 4) {
    const p = order[i], to = 3 * p, face = batchFaces[from];
    faces[p] = face;
    if (face >= 0) {
      barycentric[to] = batchResults[k];
      barycentric[to + 1] = batchResults[k + 1];
      barycentric[to + 2] = batchResults[k + 2];
      distances[p] = Math.sqrt(batchResults[k + 3]);
      found++;
    } else {
      barycentric[to] = barycentric[to + 1] = barycentric[to + 2] = 0;
      distances[p] = Infinity;
    }
  }
  return found;
}

function assertLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new RangeError(`Cannot find closest points as ${name} must hold ${expected} elements: it holds ${length}`);
}
