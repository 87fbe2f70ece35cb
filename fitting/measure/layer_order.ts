import type { Scratch } from "../../pool/scratch.ts";
import { lineThroughTriangle } from "./_line_through_triangle.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { vertexNormalsBytes, vertexNormalsWork } from "../normals/vertex_normals.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode layerOrder} counted: pairs of a place and another sheet above or below it. */
export interface LayerOrder {
  /** Pairs whose order could be told, before and now. */
  layersTested: number;
  /** Pairs that changed sides: a lining that came out. */
  layersInverted: number;
  /** Pairs that lost each other. */
  layersUndecided: number;
}

/** Sheets this near are layers, metres now. */
const REACH = 0.015;
/** How much farther they may be afterwards and still be compared. */
const REACH_AFTER = 3 * REACH;
/** Sheets nearer than this lie in one another, metres. */
const COINCIDENT = 2e-5;
/** Cosine to the normal above which a place that slid away is clearly on one side. */
const CLEARLY = 0.5;
/** Rings around a place that are the same sheet. */
const RINGS = 3;
/** Places between two pauses. */
const PAUSE_EVERY = 128;

/** Exactly the bytes {@linkcode layerOrder} leases. */
export function layerOrderBytes(
  { vertexCount, faceCount, weldedCount }: { vertexCount: number; faceCount: number; weldedCount: number },
): number {
  const normals = 24 * vertexCount;
  return normals +
    Math.max(vertexNormalsBytes({ vertexCount, faceCount, weldedCount }), 12 * weldedCount + 8 * faceCount + 8 * 11);
}

/**
 * Counts the sheets of a garment that changed order: coats with linings, pockets,
 * belts. At each place the nearest other sheet along the normal is looked up on
 * both sides, within 15 mm, in the mesh as it was; the same spot of that sheet,
 * two rings of faces wide, should still be on that side.
 *
 * @param restIndex Index of the mesh as it was, in any unit.
 * @param deformed Positions now, `3 * vertexCount` metres.
 * @param topology Of the mesh.
 * @param restScale How much larger the whole is now than before, see `bestSimilarity`.
 * @param scratch Leases {@linkcode layerOrderBytes}.
 * @example Two sheets that passed through each other
 * ```ts
 * import { buildTopology, layerOrder, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 0, 1, -9, 0.01, -9, 9, 0.01, -9, 0, 0.01, 18);
 * const mesh = { positions, indices: Uint32Array.of(0, 2, 1, 3, 5, 4) };
 * const swapped = positions.map((y, i) => i % 3 === 1 ? 0.01 - y : y);
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope), topology = buildTopology(mesh, scope, scope);
 * const found = layerOrder(index, swapped, topology, 1, scope);
 * assertEquals([found.layersTested, found.layersInverted], [3, 3]);
 * ```
 */
export function layerOrder(
  restIndex: SurfaceIndex,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): LayerOrder {
  return finish(layerOrderWork(restIndex, deformed, topology, restScale, scratch));
}

/** {@linkcode layerOrder} with pauses. */
export function* layerOrderWork(
  restIndex: SurfaceIndex,
  deformed: Float32Array,
  topology: Topology,
  restScale: number,
  scratch: Scratch,
): Work<LayerOrder> {
  const { mesh } = restIndex, { representative, weldedCount } = topology;
  using frame = scratch.frame("layer order");
  const normalsBefore = frame.f32(mesh.positions.length), normalsNow = frame.f32(mesh.positions.length);
  yield* vertexNormalsWork(mesh, topology, normalsBefore, scratch);
  yield* vertexNormalsWork({ positions: deformed, indices: mesh.indices }, topology, normalsNow, scratch);
  const search: Search = {
    index: restIndex,
    topology,
    deformed,
    normalsBefore,
    normalsNow,
    reach: REACH / restScale,
    least: COINCIDENT / restScale,
    near: frame.u32(restIndex.faceCount),
    box: frame.f64(6),
    answer: frame.f64(3),
    pair: frame.f64(2),
    ringStamps: frame.u32(weldedCount),
    queue: frame.u32(weldedCount),
    patchStamps: frame.u32(weldedCount),
    faceStamps: frame.u32(restIndex.faceCount),
    patches: 0,
  };
  let tested = 0, inverted = 0, undecided = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (w % PAUSE_EVERY === 0) yield;
    const i = 3 * representative[w];
    if (!hasNormal(normalsBefore, i) || !hasNormal(normalsNow, i)) continue;
    for (let side = -1; side < 2; side += 2) {
      const face = nearestSheet(search, w, side);
      if (face < 0) continue;
      const now = sideNow(search, w, face, side);
      if (now === 0) undecided++;
      else tested++;
      if (now < 0) inverted++;
    }
  }
  return { layersTested: tested, layersInverted: inverted, layersUndecided: undecided };
}

/** What the search for one pair works with. */
interface Search {
  readonly index: SurfaceIndex;
  readonly topology: Topology;
  readonly deformed: Float32Array;
  readonly normalsBefore: Float32Array;
  readonly normalsNow: Float32Array;
  /** In the unit of the mesh as it was. */
  readonly reach: number;
  readonly least: number;
  readonly near: Uint32Array;
  readonly box: Float64Array;
  /** Distance along a line, and barycentric coordinates 1 and 2. */
  readonly answer: Float64Array;
  /** Barycentric coordinates 1 and 2 of the nearest sheet. */
  readonly pair: Float64Array;
  /** `1 + place` in the rings around it. */
  readonly ringStamps: Uint32Array;
  readonly queue: Uint32Array;
  readonly patchStamps: Uint32Array;
  readonly faceStamps: Uint32Array;
  /** Patches so far: the stamp of the last. */
  patches: number;
}

function hasNormal(normals: Float32Array, i: number): boolean {
  return normals[i] !== 0 || normals[i + 1] !== 0 || normals[i + 2] !== 0;
}

/** The nearest other sheet along the normal on one side of a place, as it was; -1 without one. Ties go to the lower face. */
function nearestSheet(search: Search, w: number, side: number): number {
  const { index, topology, normalsBefore: n, reach, least, near, box, answer, pair } = search;
  const { positions: p } = index.mesh, { representative, weldedIndices: t } = topology;
  const i = 3 * representative[w];
  for (let k = 0; k < 3; k++) {
    const end = p[i + k] + side * reach * n[i + k];
    box[k] = Math.min(p[i + k], end);
    box[3 + k] = Math.max(p[i + k], end);
  }
  const count = index.facesInBox(box, near);
  let face = -1, nearest = reach;
  for (let m = 0; m < count; m++) {
    const c = 3 * near[m];
    const a = 3 * representative[t[c]], b = 3 * representative[t[c + 1]], d = 3 * representative[t[c + 2]];
    if (!lineThroughTriangle(p, i, n, p, a, b, d, answer)) continue;
    const distance = side * answer[0];
    if (!(distance > least && distance <= nearest) || (distance === nearest && near[m] > face)) continue;
    if (isSameSheet(search, w, c)) continue;
    nearest = distance;
    face = near[m];
    pair[0] = answer[1];
    pair[1] = answer[2];
  }
  return face;
}

/** Whether the face whose corners begin at `c` touches the rings around place `w`, or names a place twice. */
function isSameSheet({ topology, ringStamps, queue }: Search, w: number, c: number): boolean {
  const { weldedIndices: t, ringOffsets, ringVertices } = topology, stamp = w + 1;
  if (isPointed(t, c)) return true;
  if (ringStamps[w] !== stamp) {
    ringStamps[w] = stamp;
    queue[0] = w;
    for (let ring = 0, first = 0, end = 1; ring < RINGS; ring++) {
      const last = end;
      for (; first < last; first++) {
        for (let r = ringOffsets[queue[first]]; r < ringOffsets[queue[first] + 1]; r++) {
          const other = ringVertices[r];
          if (ringStamps[other] === stamp) continue;
          ringStamps[other] = stamp;
          queue[end++] = other;
        }
      }
    }
  }
  return ringStamps[t[c]] === stamp || ringStamps[t[c + 1]] === stamp || ringStamps[t[c + 2]] === stamp;
}

/** On which side the sheet is now: 1 where it was, -1 on the other, 0 if that cannot be told. */
function sideNow(search: Search, w: number, face: number, side: number): number {
  const { topology, deformed: p, normalsNow: n, answer, patchStamps, faceStamps } = search;
  const { representative, weldedIndices: t, cornerOffsets, corners } = topology;
  const i = 3 * representative[w], stamp = ++search.patches;
  let isSame = false, isOther = false;
  for (let corner = 3 * face; corner < 3 * face + 3; corner++) {
    for (let r = cornerOffsets[t[corner]]; r < cornerOffsets[t[corner] + 1]; r++) {
      const first = corners[r] - corners[r] % 3;
      if (isPointed(t, first)) continue;
      for (let k = first; k < first + 3; k++) {
        const place = t[k];
        if (patchStamps[place] === stamp) continue;
        patchStamps[place] = stamp;
        for (let s = cornerOffsets[place]; s < cornerOffsets[place + 1]; s++) {
          const f = Math.floor(corners[s] / 3), c = 3 * f;
          if (faceStamps[f] === stamp) continue;
          faceStamps[f] = stamp;
          if (isSameSheet(search, w, c)) continue;
          const a = 3 * representative[t[c]], b = 3 * representative[t[c + 1]], d = 3 * representative[t[c + 2]];
          if (!lineThroughTriangle(p, i, n, p, a, b, d, answer) || !(Math.abs(answer[0]) < REACH_AFTER)) continue;
          const distance = side * answer[0];
          if (distance > 0) isSame = true;
          else if (distance < -COINCIDENT) isOther = true;
        }
      }
    }
  }
  if (isSame || isOther) return isSame ? 1 : -1;
  const cosine = side * cosineToOldSpot(search, i, 3 * face);
  return cosine > CLEARLY ? 1 : cosine < -CLEARLY ? -1 : 0;
}

/** Whether the face whose corners begin at `c` names a place twice. */
function isPointed(t: Uint32Array, c: number): boolean {
  return t[c] === t[c + 1] || t[c + 1] === t[c + 2] || t[c + 2] === t[c];
}

/** The cosine between the normal at a vertex and the way to where its pair went. */
function cosineToOldSpot({ topology, deformed: p, normalsNow: n, pair }: Search, i: number, c: number): number {
  const { representative, weldedIndices: t } = topology, u = pair[0], v = pair[1];
  const a = 3 * representative[t[c]], b = 3 * representative[t[c + 1]], d = 3 * representative[t[c + 2]];
  let dot = 0, lengthSq = 0;
  for (let k = 0; k < 3; k++) {
    const way = (1 - u - v) * p[a + k] + u * p[b + k] + v * p[d + k] - p[i + k];
    dot += way * n[i + k];
    lengthSq += way * way;
  }
  return dot / Math.max(Math.sqrt(lengthSq), 1e-30);
}
