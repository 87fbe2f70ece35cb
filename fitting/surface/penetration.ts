import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import { SurfaceHit } from "./surface_hit.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import { finish, type Work } from "../work.ts";
import { triangleArea } from "../_triangle_area.ts";

/** What {@linkcode penetration} measured. Lengths are metres, shares 0–1. */
export interface PenetrationReport {
  /** Share of the vertices in use that are inside. */
  insideVertices: number;
  /** Share of the area inside, from four samples a face. */
  insideArea: number;
  /** Depth of the deepest sample; 0 when none is inside. */
  maxDepth: number;
  /** Least signed distance of all samples; negative inside, `Infinity` without a face. */
  minDistance: number;
  /** Mean distance of the vertices in use, without sign. */
  meanDistance: number;
}

/** Faces between two pauses. */
const PAUSE_EVERY = 512;
/** The three edge midpoints and the centre of a face, as barycentric coordinates. */
const SAMPLES = [0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0, 0.5, 1 / 3, 1 / 3, 1 / 3];

/** Bytes {@linkcode penetration} leases from scratch. */
export function penetrationBytes({ vertexCount }: { vertexCount: number }): number {
  return vertexCount;
}

/**
 * Measures how much of a garment is inside a body: at its vertices, and at the
 * edge midpoints and centres of its faces, where a body pokes through between
 * vertices that are all outside.
 *
 * @param mesh The garment; vertices no face uses do not count.
 * @param target Index of the body.
 * @param scratch Leases {@linkcode penetrationBytes}.
 * @example A triangle that dips one corner into a tetrahedron
 * ```ts
 * import { penetration, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const positions = new Float32Array([0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3]);
 * const body = { positions, indices: new Uint32Array([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]) };
 * const patch = { positions: new Float32Array([0.5, 0.5, 0.5, -3, 0.5, 0.5, -3, 0.5, 1]), indices: new Uint32Array([0, 1, 2]) };
 * using scope = new BufferScope();
 * const report = penetration(patch, SurfaceIndex.build(body, scope), scope);
 * assertEquals(report.insideVertices, 1 / 3);
 * assertAlmostEquals(report.maxDepth, 0.5, 1e-6);
 * ```
 */
export function penetration(mesh: TriangleMesh, target: SurfaceIndex, scratch: Scratch): PenetrationReport {
  return finish(penetrationWork(mesh, target, scratch));
}

/** {@linkcode penetration} with pauses. */
export function* penetrationWork(mesh: TriangleMesh, target: SurfaceIndex, scratch: Scratch): Work<PenetrationReport> {
  using frame = scratch.frame("penetration");
  const isUsed = frame.u8(mesh.positions.length / 3);
  const { indices } = mesh;
  for (let c = 0; c < indices.length; c++) isUsed[indices[c]] = 1;
  yield* target.prepareInsideWork();
  const vertices = yield* measureVertices(mesh, isUsed, target);
  const faces = yield* measureFaces(mesh, target);
  const minDistance = Math.min(vertices.minDistance, faces.minDistance);
  return {
    insideVertices: vertices.inside / Math.max(1, vertices.used),
    insideArea: faces.area === 0 ? 0 : Math.min(1, faces.insideArea / faces.area),
    maxDepth: Math.max(0, -minDistance),
    minDistance,
    meanDistance: vertices.distanceSum / Math.max(1, vertices.used),
  };
}

function* measureVertices({ positions: p }: TriangleMesh, isUsed: Uint8Array, target: SurfaceIndex) {
  const hit = new SurfaceHit();
  let used = 0, inside = 0, distanceSum = 0, minDistance = Infinity;
  for (let v = 0; v < isUsed.length; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    if (isUsed[v] === 0) continue;
    const distance = target.signedDistance(p[3 * v], p[3 * v + 1], p[3 * v + 2], hit);
    used++;
    if (distance < 0) inside++;
    if (distance < minDistance) minDistance = distance;
    distanceSum += Math.abs(distance);
  }
  return { used, inside, distanceSum, minDistance };
}

function* measureFaces({ positions: p, indices }: TriangleMesh, target: SurfaceIndex) {
  const hit = new SurfaceHit();
  let area = 0, insideArea = 0, minDistance = Infinity;
  for (let c = 0; c < indices.length; c += 3) {
    if (c % (3 * PAUSE_EVERY) === 0) yield;
    const i = 3 * indices[c], j = 3 * indices[c + 1], k = 3 * indices[c + 2];
    const faceArea = triangleArea(p, i, j, k);
    area += faceArea;
    for (let s = 0; s < SAMPLES.length; s += 3) {
      const u = SAMPLES[s], v = SAMPLES[s + 1], w = SAMPLES[s + 2];
      const x = u * p[i] + v * p[j] + w * p[k];
      const y = u * p[i + 1] + v * p[j + 1] + w * p[k + 1];
      const z = u * p[i + 2] + v * p[j + 2] + w * p[k + 2];
      const distance = target.signedDistance(x, y, z, hit);
      if (distance < 0) insideArea += faceArea / 4;
      if (distance < minDistance) minDistance = distance;
    }
  }
  return { area, insideArea, minDistance };
}
