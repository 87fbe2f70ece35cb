import type { Scratch } from "../../pool/scratch.ts";
import { trianglesCross } from "./_triangles_cross.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";
import { triangleArea } from "../_triangle_area.ts";
import { sharePlace } from "../topology/_share_place.ts";

/** What {@linkcode selfIntersections} counted: pairs of faces. */
export interface SelfIntersections {
  /** Pairs without a common place that cross. */
  selfIntersections: number;
  /** Those among them that did not cross before. */
  newSelfIntersections: number;
}

/** What crosses less deep does not count, metres… */
const LEAST_DEPTH = 2e-6;
/** …nor what rounding of the largest coordinate could do: two steps of f32. */
const ROUNDING = 2 ** -22;
/** Faces with less than twice this area cross nothing, square metres. */
const LEAST_AREA = 1e-16;
/** Faces between two pauses. */
const PAUSE_EVERY = 256;

/** Exactly the bytes {@linkcode selfIntersections} leases. */
export function selfIntersectionsBytes({ faceCount }: { faceCount: number }): number {
  return 4 * faceCount + 48;
}

/**
 * Counts the pairs of faces that cross: a side of one goes through the other,
 * both its ends more than 2 µm off. Faces that share a place, touch, or overlap in
 * one plane do not count.
 *
 * @param index Of the mesh as it is now.
 * @param topology Of the mesh.
 * @param rest Positions before, `3 * vertexCount`, in any unit; the same as now where nothing is to be compared.
 * @param restScale How much larger the whole is now than in `rest`.
 * @param scratch Leases {@linkcode selfIntersectionsBytes}.
 * @example Two triangles through each other, which were apart
 * ```ts
 * import { buildTopology, selfIntersections, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 2, 0, 0, 0, 2, 0, 0.5, 0.5, -1, 0.5, 0.5, 1, -5, 0.5, 1);
 * const mesh = { positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5) };
 * const rest = positions.map((x, i) => i < 9 ? x : x + 9);
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope), topology = buildTopology(mesh, scope, scope);
 * const found = selfIntersections(index, topology, rest, 1, scope);
 * assertEquals(found, { selfIntersections: 1, newSelfIntersections: 1 });
 * ```
 */
export function selfIntersections(
  index: SurfaceIndex,
  topology: Topology,
  rest: Float32Array,
  restScale: number,
  scratch: Scratch,
): SelfIntersections {
  return finish(selfIntersectionsWork(index, topology, rest, restScale, scratch));
}

/** {@linkcode selfIntersections} with pauses. */
export function* selfIntersectionsWork(
  index: SurfaceIndex,
  topology: Topology,
  rest: Float32Array,
  restScale: number,
  scratch: Scratch,
): Work<SelfIntersections> {
  const { positions: p, indices } = index.mesh, { weldedIndices: t } = topology;
  using frame = scratch.frame("self-intersections");
  const near = frame.u32(index.faceCount), box = frame.f64(6);
  let reach = 0;
  for (let c = 0; c < indices.length; c++) {
    const i = 3 * indices[c];
    reach = Math.max(reach, Math.abs(p[i]), Math.abs(p[i + 1]), Math.abs(p[i + 2]));
  }
  const epsilon = Math.max(LEAST_DEPTH, ROUNDING * reach), restEpsilon = epsilon / restScale;
  let crossing = 0, isNew = 0;
  for (let f = 0; f < index.faceCount; f++) {
    if (f % PAUSE_EVERY === 0) yield;
    if (!hasArea(p, indices, f)) continue;
    const c = 3 * f, i = 3 * indices[c], j = 3 * indices[c + 1], k = 3 * indices[c + 2];
    for (let axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(p[i + axis], p[j + axis], p[k + axis]);
      box[3 + axis] = Math.max(p[i + axis], p[j + axis], p[k + axis]);
    }
    const count = index.facesInBox(box, near);
    for (let n = 0; n < count; n++) {
      const g = near[n], d = 3 * g;
      if (g <= f || sharePlace(t, c, d) || !hasArea(p, indices, g)) continue;
      const u = 3 * indices[d], v = 3 * indices[d + 1], w = 3 * indices[d + 2];
      if (!trianglesCross(p, i, j, k, u, v, w, epsilon)) continue;
      crossing++;
      if (!trianglesCross(rest, i, j, k, u, v, w, restEpsilon)) isNew++;
    }
  }
  return { selfIntersections: crossing, newSelfIntersections: isNew };
}

function hasArea(p: Float32Array, indices: Uint32Array, f: number): boolean {
  const i = 3 * indices[3 * f], j = 3 * indices[3 * f + 1], k = 3 * indices[3 * f + 2];
  return 2 * triangleArea(p, i, j, k) > LEAST_AREA;
}
