import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import { percentilesWork } from "../_percentile.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";
import { triangleArea } from "../_triangle_area.ts";

/**
 * What {@linkcode densePenetration} measured. Lengths are metres, shares 0–1;
 * clearance is signed distance, negative inside. A place or sample is inside when
 * it is deeper than 10 µm: what touches is not.
 */
export interface DensePenetration {
  /** Places in use that are inside. */
  verticesInside: number;
  /** Their share. */
  insideVertices: number;
  /** Places deeper than 1 mm. */
  verticesDeeper1mm: number;
  /** Share of the area inside: seven samples a face, each for a seventh of it. */
  insideArea: number;
  /** Samples inside; one on an edge counts once. */
  samplesInside: number;
  /** How many samples there are, places not among them. */
  samples: number;
  /** Depth of the deepest place or sample; 0 when none is inside. */
  maxDepth: number;
  /** Depth of the deepest place; 0 when none is inside. */
  maxVertexDepth: number;
  /** Mean depth of the places inside. */
  meanDepth: number;
  /** Least clearance of all places and samples; `Infinity` without a face. */
  minDistance: number;
  /** Mean distance of the places in use, without sign. */
  meanDistance: number;
  /** Percentiles of the clearance of the places in use; `NaN` without one. */
  clearanceP1: number;
  /** See {@linkcode DensePenetration.clearanceP1}. */
  clearanceP5: number;
  /** See {@linkcode DensePenetration.clearanceP1}. */
  clearanceP50: number;
  /** See {@linkcode DensePenetration.clearanceP1}. */
  clearanceP95: number;
  /** See {@linkcode DensePenetration.clearanceP1}. */
  clearanceP99: number;
}

/** What lies less deep is not inside: rounding of positions in f32. */
const TOUCH = 1e-5;
/** Vertices or faces between two pauses. */
const PAUSE_EVERY = 512;
/** Centre, three inner points and three edge midpoints of a face; sample 4 + k is on the edge from corner k to the next. */
const SAMPLES = [1 / 3, 1 / 3, 1 / 3, 2 / 3, 1 / 6, 1 / 6, 1 / 6, 2 / 3, 1 / 6, 1 / 6, 1 / 6, 2 / 3]
  .concat([0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0, 0.5]);
/** What is known of an edge's midpoint. */
const UNKNOWN = 0, OUTSIDE = 1, INSIDE = 2;

/** Exactly the bytes {@linkcode densePenetration} leases. */
export function densePenetrationBytes(
  { weldedCount, edgeCount }: { weldedCount: number; edgeCount: number },
): number {
  return 8 * weldedCount + 2 * edgeCount;
}

/**
 * Measures how much of a garment is inside a body, at its places and at seven
 * samples a face: its centre, three points within and the midpoints of its edges.
 *
 * Distance changes no faster than one walks, so a sample nearer to a corner than
 * that corner's clearance is outside without a look.
 *
 * @param mesh The garment as it is now; vertices no face uses do not count.
 * @param topology Of the garment; seam copies are taken to have moved as one.
 * @param target Index of the body.
 * @param scratch Leases {@linkcode densePenetrationBytes}.
 * @example A floor that pokes through the middle of a triangle
 * ```ts
 * import { buildTopology, densePenetration, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const spike = {
 *   positions: Float32Array.of(0, 2, 0, 1, 0, 1, -1, 0, 1, 0, 0, -1),
 *   indices: Uint32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3),
 * };
 * const sheet = { positions: Float32Array.of(-9, 1, -9, 9, 1, -9, 0, 1, 18), indices: Uint32Array.of(0, 2, 1) };
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(spike, scope);
 * const found = densePenetration(sheet, buildTopology(sheet, scope, scope), index, scope);
 * assertEquals([found.verticesInside, found.samplesInside, found.samples], [0, 1, 7]);
 * assertAlmostEquals(found.insideArea, 1 / 7, 1e-6);
 * ```
 */
export function densePenetration(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  scratch: Scratch,
): DensePenetration {
  return finish(densePenetrationWork(mesh, topology, target, scratch));
}

/** {@linkcode densePenetration} with pauses. */
export function* densePenetrationWork(
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  scratch: Scratch,
): Work<DensePenetration> {
  using frame = scratch.frame("dense penetration");
  const clearance = frame.f64(topology.weldedCount), edgeState = frame.u8(2 * topology.edgeCount);
  yield* target.prepareInsideWork();
  const places = yield* measurePlaces(mesh, topology, target, clearance);
  const faces = yield* measureFaces({ mesh, topology, target, clearance, edgeState }, places.minDistance);
  const { used } = places;
  packUsed(clearance, topology);
  yield;
  const [clearanceP1, clearanceP5, clearanceP50, clearanceP95, clearanceP99] = yield* percentilesOf(clearance, used);
  return {
    verticesInside: places.inside,
    insideVertices: places.inside / Math.max(1, used),
    verticesDeeper1mm: places.deeper1mm,
    insideArea: faces.area === 0 ? 0 : Math.min(1, faces.insideArea / faces.area),
    samplesInside: faces.inside,
    samples: faces.samples,
    maxDepth: Math.max(0, -faces.minDistance),
    maxVertexDepth: Math.max(0, -places.minDistance),
    meanDepth: places.depthSum / Math.max(1, places.inside),
    minDistance: faces.minDistance,
    meanDistance: places.distanceSum / Math.max(1, used),
    clearanceP1,
    clearanceP5,
    clearanceP50,
    clearanceP95,
    clearanceP99,
  };
}

/** Moves what belongs to places in use to the front. */
function packUsed(clearance: Float64Array, { cornerOffsets }: Topology): void {
  let next = 0;
  for (let w = 0; w < clearance.length; w++) {
    if (cornerOffsets[w] !== cornerOffsets[w + 1]) clearance[next++] = clearance[w];
  }
}

function* percentilesOf(clearance: Float64Array, used: number): Work<number[]> {
  const found: number[] = [];
  yield* percentilesWork(clearance, used, [0.01, 0.05, 0.5, 0.95, 0.99], found);
  return found;
}

function* measurePlaces({ positions: p }: TriangleMesh, topology: Topology, target: SurfaceIndex, out: Float64Array) {
  const { representative, cornerOffsets } = topology, hit = new SurfaceHit();
  let used = 0, inside = 0, deeper1mm = 0, depthSum = 0, distanceSum = 0, minDistance = Infinity;
  for (let w = 0; w < out.length; w++) {
    if (w % PAUSE_EVERY === 0) yield;
    out[w] = NaN;
    if (cornerOffsets[w] === cornerOffsets[w + 1]) continue;
    const i = 3 * representative[w], distance = target.signedDistance(p[i], p[i + 1], p[i + 2], hit);
    out[w] = Number.isNaN(distance) ? Infinity : distance; // a body without faces
    used++;
    distanceSum += Math.abs(out[w]);
    if (out[w] < minDistance) minDistance = out[w];
    if (distance < -1e-3) deeper1mm++;
    if (!(distance < -TOUCH)) continue;
    inside++;
    depthSum -= distance;
  }
  return { used, inside, deeper1mm, depthSum, distanceSum, minDistance };
}

interface FaceMeasuring {
  readonly mesh: TriangleMesh;
  readonly topology: Topology;
  readonly target: SurfaceIndex;
  readonly clearance: Float64Array;
  readonly edgeState: Uint8Array;
}

function* measureFaces({ mesh, topology, target, clearance, edgeState }: FaceMeasuring, least: number) {
  const { positions: p } = mesh, { representative, weldedIndices } = topology, hit = new SurfaceHit();
  let area = 0, insideArea = 0, samples = 0, inside = 0, minDistance = least;
  for (let c = 0; c < weldedIndices.length; c += 3) {
    if (c % (3 * PAUSE_EVERY) === 0) yield;
    const a = weldedIndices[c], b = weldedIndices[c + 1], d = weldedIndices[c + 2];
    if (a === b || b === d || d === a) continue;
    const i = 3 * representative[a], j = 3 * representative[b], k = 3 * representative[d];
    const faceArea = triangleArea(p, i, j, k);
    area += faceArea;
    for (let s = 0; s < 7; s++) {
      const edge = s < 4
        ? -1
        : s === 4
        ? slotOf(topology, a, b)
        : s === 5
        ? slotOf(topology, b, d)
        : slotOf(topology, d, a);
      if (edge >= 0 && edgeState[edge] !== UNKNOWN) {
        if (edgeState[edge] === INSIDE) insideArea += faceArea / 7;
        continue;
      }
      samples++;
      const u = SAMPLES[3 * s], v = SAMPLES[3 * s + 1], w = SAMPLES[3 * s + 2];
      const x = u * p[i] + v * p[j] + w * p[k], y = u * p[i + 1] + v * p[j + 1] + w * p[k + 1];
      const z = u * p[i + 2] + v * p[j + 2] + w * p[k + 2];
      const bound = Math.max(
        clearance[a] - distance(p, i, x, y, z),
        clearance[b] - distance(p, j, x, y, z),
        clearance[d] - distance(p, k, x, y, z),
      );
      let isInside = false;
      if (!(bound > 0 && bound >= minDistance)) {
        const found = target.signedDistance(x, y, z, hit);
        if (found < minDistance) minDistance = found;
        isInside = found < -TOUCH;
      }
      if (edge >= 0) edgeState[edge] = isInside ? INSIDE : OUTSIDE;
      if (!isInside) continue;
      inside++;
      insideArea += faceArea / 7;
    }
  }
  return { area, insideArea, samples, inside, minDistance };
}

/** Where the ring of the lower of two neighbours holds the other. */
function slotOf({ ringOffsets, ringVertices }: Topology, a: number, b: number): number {
  const low = Math.min(a, b), high = Math.max(a, b);
  let r = ringOffsets[low];
  while (ringVertices[r] !== high) r++;
  return r;
}

function distance(p: Float32Array, i: number, x: number, y: number, z: number): number {
  const dx = p[i] - x, dy = p[i + 1] - y, dz = p[i + 2] - z;
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
