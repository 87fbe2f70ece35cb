import type { Scratch } from "../../pool/scratch.ts";
import { LEAST_PLACES, MOST_FACES } from "./_small_islands.ts";
import { closestOnThinTriangle } from "../surface/_triangle.ts";
import { NO_INDEX } from "../mesh.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode islandDrift} measured. */
export interface IslandDrift {
  /**
   * How much farther apart the two spots are now by which a small island was
   * nearest to the rest, metres: the most of all. A button that slides shows here,
   * though it may still touch the cloth. 0 without a small island beside another one.
   */
  islandDriftMax: number;
  /** The mean over small islands; what came nearer counts as 0. */
  islandDriftMean: number;
}

/** The search for the nearest spot begins this near, as a share of the diagonal of the mesh, and doubles. */
const FIRST_REACH = 1 / 1024;
/** Faces between two pauses. */
const PAUSE_EVERY = 4096;

/** Exactly the bytes {@linkcode islandDrift} leases. */
export function islandDriftBytes(
  { weldedCount, faceCount, islandCount }: { weldedCount: number; faceCount: number; islandCount: number },
): number {
  return 8 * weldedCount + 8 * faceCount + 4 * (2 * islandCount + 1) + 36 + 8 * (6 + 6 + 3 + 3 + 4);
}

/**
 * Measures how far small islands, such as buttons, slid from where they sat: the
 * nearest two spots of an island and the rest of the mesh are looked up in the
 * mesh as it was, a place of one side and a point on a face of the other.
 *
 * @param restIndex Index of the mesh as it was, in any unit.
 * @param deformed Positions now, `3 * vertexCount` metres.
 * @param topology Of the mesh.
 * @param restScale How much larger the whole is now than before, see `bestSimilarity`.
 * @param scratch Leases {@linkcode islandDriftBytes}.
 * @example A tetrahedron that slid along a floor
 * ```ts
 * import { buildTopology, islandDrift, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const floor = [-9, 0, -9, -9, 0, 9, 9, 0, 0], button = [0, 0.25, 0, 1, 1, 0, 0, 1, 1, 0, 1, -1];
 * const positions = Float32Array.of(...floor, ...button);
 * const mesh = { positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5, 3, 5, 6, 3, 6, 4, 4, 6, 5) };
 * const slid = positions.map((x, i) => i >= 9 && i % 3 === 0 ? x + 1 : x);
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope), topology = buildTopology(mesh, scope, scope);
 * const { islandDriftMax } = islandDrift(index, slid, topology, 1, scope);
 * assertAlmostEquals(islandDriftMax, Math.sqrt(1 + 0.25 ** 2) - 0.25, 1e-6);
 * ```
 */
export function islandDrift(
  restIndex: SurfaceIndex,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): IslandDrift {
  return finish(islandDriftWork(restIndex, deformed, topology, restScale, scratch));
}

/** {@linkcode islandDrift} with pauses. */
export function* islandDriftWork(
  restIndex: SurfaceIndex,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): Work<IslandDrift> {
  const { weldedCount, weldedIndices, islandOf, islandCount } = topology, { positions } = restIndex.mesh;
  using frame = scratch.frame("island drift");
  const ends = frame.u32(islandCount + 1), faces = frame.u32(islandCount), members = frame.u32(weldedCount);
  const search: Search = {
    index: restIndex,
    topology,
    members,
    near: frame.u32(restIndex.faceCount),
    others: frame.u32(restIndex.faceCount),
    stamps: frame.u32(weldedCount),
    stamp: 0,
    triangle: frame.f32(9),
    box: frame.f64(6),
    bounds: frame.f64(6),
    query: frame.f64(3),
    answer: frame.f64(3),
    best: frame.f64(4),
    place: 0,
    face: -1,
  };
  let withFaces = 0;
  for (let c = 0; c < weldedIndices.length; c += 3) {
    if (c % (3 * PAUSE_EVERY) === 0) yield;
    const island = islandOf[weldedIndices[c]];
    if (!isPointed(weldedIndices, c) && island !== NO_INDEX && faces[island]++ === 0) withFaces++;
  }
  if (withFaces < 2) return { islandDriftMax: 0, islandDriftMean: 0 };
  for (let w = 0; w < weldedCount; w++) if (islandOf[w] !== NO_INDEX) ends[islandOf[w]]++;
  for (let n = 1; n <= islandCount; n++) ends[n] += ends[n - 1];
  for (let w = weldedCount - 1; w >= 0; w--) if (islandOf[w] !== NO_INDEX) members[--ends[islandOf[w]]] = w;
  boundsInto(search.bounds, positions, topology, 0, ends[islandCount], members);
  const diagonal = diagonalOf(search.bounds);
  let tested = 0, sum = 0, islandDriftMax = 0;
  for (let n = 0; n < islandCount; n++) {
    const first = ends[n], end = ends[n + 1];
    if (faces[n] === 0 || faces[n] > MOST_FACES || end - first < LEAST_PLACES) continue;
    yield;
    boundsInto(search.bounds, positions, topology, first, end, members);
    search.face = -1;
    for (let reach = FIRST_REACH * diagonal; search.face < 0 && reach < 4 * diagonal; reach *= 2) {
      yield* findNearest(search, n, first, end, reach);
    }
    if (search.face < 0) continue;
    tested++;
    const drift = Math.max(0, distanceNow(search, deformed) - restScale * Math.sqrt(search.best[0]));
    sum += drift;
    if (drift > islandDriftMax) islandDriftMax = drift;
  }
  return { islandDriftMax, islandDriftMean: sum / Math.max(1, tested) };
}

/** What the search for the nearest spots works with. */
interface Search {
  readonly index: SurfaceIndex;
  readonly topology: Topology;
  /** Places, island after island. */
  readonly members: Uint32Array;
  readonly near: Uint32Array;
  readonly others: Uint32Array;
  /** Search a place was asked in. */
  readonly stamps: Uint32Array;
  stamp: number;
  readonly triangle: Float32Array;
  readonly box: Float64Array;
  readonly bounds: Float64Array;
  readonly query: Float64Array;
  readonly answer: Float64Array;
  /** Squared distance, and the three barycentric coordinates. */
  readonly best: Float64Array;
  /** The place of the nearest pair… */
  place: number;
  /** …and the face of the other side; -1 while there is none. */
  face: number;
}

/** Looks for the nearest spots of island `n` and all others within `reach`: its places to their faces, then their places to its faces. */
function* findNearest(search: Search, n: number, first: number, end: number, reach: number): Work<void> {
  const { index, topology, members, others, stamps, box, bounds, best } = search;
  const { islandOf, weldedIndices: t } = topology, stamp = ++search.stamp;
  best[0] = reach * reach;
  for (let m = first; m < end; m++) tryPlace(search, members[m], n, false);
  const around = Math.sqrt(best[0]);
  for (let k = 0; k < 3; k++) {
    box[k] = bounds[k] - around;
    box[3 + k] = bounds[3 + k] + around;
  }
  const count = index.facesInBox(box, others);
  for (let m = 0; m < count; m++) {
    if (m % PAUSE_EVERY === 0) yield;
    for (let c = 3 * others[m]; c < 3 * others[m] + 3; c++) {
      if (islandOf[t[c]] === n || stamps[t[c]] === stamp) continue;
      stamps[t[c]] = stamp;
      tryPlace(search, t[c], n, true);
    }
  }
}

/** Keeps the nearest point to place `w` on the faces of island `n`, or of all others; of equals the first. */
function tryPlace(search: Search, w: number, n: number, isOwn: boolean): void {
  const { index, topology, near, triangle, box, query, answer, best } = search, { positions: p } = index.mesh;
  const { representative, weldedIndices: t, islandOf } = topology, i = 3 * representative[w];
  const reach = Math.sqrt(best[0]);
  for (let k = 0; k < 3; k++) {
    query[k] = p[i + k];
    box[k] = p[i + k] - reach;
    box[3 + k] = p[i + k] + reach;
  }
  const count = index.facesInBox(box, near);
  for (let m = 0; m < count; m++) {
    const c = 3 * near[m];
    if ((islandOf[t[c]] === n) !== isOwn || isPointed(t, c)) continue;
    for (let k = 0; k < 9; k++) triangle[k] = p[3 * representative[t[c + (k - k % 3) / 3]] + k % 3];
    closestOnThinTriangle(triangle, 0, query, answer);
    if (!(answer[2] < best[0] || (search.face < 0 && answer[2] <= best[0]))) continue;
    best[0] = answer[2];
    best[1] = 1 - answer[0] - answer[1];
    best[2] = answer[0];
    best[3] = answer[1];
    search.place = w;
    search.face = near[m];
  }
}

/** How far apart the nearest spots are in other positions. */
function distanceNow({ topology, best, place, face }: Search, p: Float32Array): number {
  const { representative, weldedIndices: t } = topology, i = 3 * representative[place];
  let distanceSq = 0;
  for (let k = 0; k < 3; k++) {
    const spot = best[1] * p[3 * representative[t[3 * face]] + k] +
      best[2] * p[3 * representative[t[3 * face + 1]] + k] +
      best[3] * p[3 * representative[t[3 * face + 2]] + k];
    distanceSq += (spot - p[i + k]) ** 2;
  }
  return Math.sqrt(distanceSq);
}

/** Whether the face whose corners begin at `c` names a place twice. */
function isPointed(t: Uint32Array, c: number): boolean {
  return t[c] === t[c + 1] || t[c + 1] === t[c + 2] || t[c + 2] === t[c];
}

/** Writes the bounds of some members: least x, y and z, then greatest. */
function boundsInto(
  bounds: Float64Array,
  p: Float32Array,
  { representative }: Topology,
  first: number,
  end: number,
  members: Uint32Array,
): void {
  for (let k = 0; k < 3; k++) {
    let low = Infinity, high = -Infinity;
    for (let m = first; m < end; m++) {
      const x = p[3 * representative[members[m]] + k];
      if (x < low) low = x;
      if (x > high) high = x;
    }
    bounds[k] = low;
    bounds[3 + k] = high;
  }
}

function diagonalOf(bounds: Float64Array): number {
  return Math.sqrt((bounds[3] - bounds[0]) ** 2 + (bounds[4] - bounds[1]) ** 2 + (bounds[5] - bounds[2]) ** 2);
}
