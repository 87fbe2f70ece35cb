import type { Scratch } from "../../pool/scratch.ts";
import type { Effort } from "../_effort.ts";
import { ASK_COST } from "./_contact.ts";
import { NO_INDEX, type TriangleMesh } from "../mesh.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";
import { triangleArea } from "../_triangle_area.ts";

/** A part of a garment that comes no deeper into its body than this lies there by mistake; metres. */
const LEAST_DEPTH = 0.015;
/** So does one that could be brought out without changing its edges by more than this share, root mean square. */
const LEAST_DISTORTION = 0.4;

/** Bytes {@linkcode flagBuriedWork} leases from scratch. */
export function flagBuriedBytes({ weldedCount }: { weldedCount: number }): number {
  return weldedCount * (24 /* feet */ + 8 /* depths */ + 4 /* queue */ + 4 /* part */) + 16;
}

/**
 * Flags what was made to lie in the body, such as the underside of a bob that
 * closes through the face: places that hang together inside the body a garment
 * was made on, where they reach deep and would be torn or crumpled if each was
 * brought to the skin. A sheet that dips under the skin would hardly be changed.
 *
 * @param flags 1 is written for places that lie in the body by design.
 * @returns How many were flagged.
 */
export function* flagBuriedWork(
  { positions }: TriangleMesh,
  topology: Topology,
  body: SurfaceIndex,
  flags: Uint8Array,
  effort: Effort,
  scratch: Scratch,
): Work<number> {
  const { weldedCount: n, representative, ringOffsets, ringVertices } = topology;
  using frame = scratch.frame("flagBuried");
  const feet = frame.f64(3 * n), depths = frame.f64(n), queue = frame.u32(n), partOf = frame.u32(n).fill(NO_INDEX);
  const sums = frame.f64(2), hit = new SurfaceHit();
  yield* body.prepareInsideWork();
  for (let v = 0; v < n; v++) {
    const i = 3 * representative[v];
    for (let k = 0; k < 3; k++) feet[3 * v + k] = positions[i + k];
    yield* effort.spend(1, ASK_COST);
    if (ringOffsets[v] === ringOffsets[v + 1] || !body.isInsideAt(positions, representative[v])) continue;
    if (!body.closestPoint(positions[i], positions[i + 1], positions[i + 2], hit)) continue;
    feet[3 * v] = hit.x;
    feet[3 * v + 1] = hit.y;
    feet[3 * v + 2] = hit.z;
    depths[v] = Math.sqrt(hit.distanceSq);
  }
  let flagged = 0;
  for (let seed = 0; seed < n; seed++) {
    if (!(depths[seed] > 0) || partOf[seed] !== NO_INDEX) continue;
    let size = 0, deepest = 0;
    queue[size++] = seed;
    partOf[seed] = seed;
    for (let next = 0; next < size; next++) {
      const v = queue[next];
      if (depths[v] > deepest) deepest = depths[v];
      for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) {
        const w = ringVertices[r];
        if (!(depths[w] > 0) || partOf[w] !== NO_INDEX) continue;
        partOf[w] = seed;
        queue[size++] = w;
      }
    }
    yield* effort.spend(size, ASK_COST);
    if (deepest < LEAST_DEPTH) continue;
    sums.fill(0);
    for (let i = 0; i < size; i++) addDistortion(positions, topology, feet, queue[i], sums);
    if (!(sums[0] >= LEAST_DISTORTION * LEAST_DISTORTION * sums[1])) continue;
    for (let i = 0; i < size; i++) flags[queue[i]] = 1;
    flagged += size;
  }
  return flagged;
}

/** Adds what the faces at a place would have to bear on the way to the skin: area times the square of the change of their edges, and area. */
function addDistortion(
  p: Float32Array,
  { representative, weldedIndices: t, cornerOffsets, corners }: Topology,
  feet: Float64Array,
  v: number,
  sums: Float64Array,
): void {
  for (let n = cornerOffsets[v]; n < cornerOffsets[v + 1]; n++) {
    const c = corners[n] - corners[n] % 3;
    const area = triangleArea(p, 3 * representative[t[c]], 3 * representative[t[c + 1]], 3 * representative[t[c + 2]]);
    if (!(area > 0)) continue;
    let change = 0;
    for (let k = 0; k < 3; k++) {
      const a = t[c + k], b = t[c + (k + 1) % 3], i = 3 * representative[a], j = 3 * representative[b];
      let was = 0, is = 0;
      for (let axis = 0; axis < 3; axis++) {
        was += (p[i + axis] - p[j + axis]) ** 2;
        is += (feet[3 * a + axis] - feet[3 * b + axis]) ** 2;
      }
      change += (Math.sqrt(is / was) - 1) ** 2 / 3;
    }
    sums[0] += area * change;
    sums[1] += area;
  }
}
