import type { Arap } from "./_arap.ts";
import { isRider, type RigidParts } from "./_rigid_parts.ts";
import { triangleArea } from "../_triangle_area.ts";

/** Cloth this near to the skin follows it; metres. */
const FOLLOW_RANGE = 0.02;
/** A place that stands for so much cloth is held as strongly as `hold` and `follow` say, others by their share, so that finer meshes of one shape end alike; square metres. */
const USUAL_AREA = 3e-4;
/** The most such a share: beyond, contact would be the weaker. */
const MOST_SHARE = 3;
/** What a place that stays weighs against the mean stiffness of a vertex. */
const PIN_WEIGHT = 1e4;
/** How much stiffer than cloth the edges of a part that keeps its shape are. */
const RIGID_STIFFNESS = 10;

/** A surface, its rigid parts, and 1 for places that stay. */
interface HeldSurface {
  readonly arap: Arap;
  readonly parts: RigidParts;
  readonly stays: Uint8Array;
}

/** Where it should go; see `ElasticGoal`. */
interface HeldGoal {
  readonly bound: Float64Array;
  readonly frames: Float64Array;
  readonly standOff: Float64Array;
}

/** Area of the input for each place in use, square metres. */
function areaPerPlace({ topology: { weldedIndices: t, ringOffsets, weldedCount }, rest: p }: Arap): number {
  let sum = 0, used = 0;
  for (let c = 0; c < t.length; c += 3) {
    const a = 3 * t[c], b = 3 * t[c + 1], d = 3 * t[c + 2];
    sum += triangleArea(p, a, b, d);
  }
  for (let v = 0; v < weldedCount; v++) if (ringOffsets[v] !== ringOffsets[v + 1]) used++;
  return sum / Math.max(1, used);
}

/** Sets how strongly every place is held at its goal; those that ride are taken out of the system, as they are placed at the end. */
export function holdPlaces(
  { arap, parts, stays }: HeldSurface,
  goal: HeldGoal,
  { hold, follow }: { hold: number; follow: number },
): void {
  const { topology: { ringOffsets, weldedCount }, rest, system: { edgeWeight, edgeSum, anchor } } = arap;
  const share = Math.min(MOST_SHARE, areaPerPlace(arap) / USUAL_AREA);
  for (let v = 0; v < weldedCount; v++) {
    const near = goal.standOff[v] / FOLLOW_RANGE;
    anchor[v] = share * (hold + follow / (1 + near * near * (1 + near * near))); // as exp(−near²), of arithmetic alone
    if (stays[v] === 1) {
      anchor[v] = PIN_WEIGHT;
      for (let k = 3 * v; k < 3 * v + 3; k++) goal.bound[k] = rest[k];
    }
    if (!isRider(parts, v)) continue;
    edgeWeight.fill(0, ringOffsets[v], ringOffsets[v + 1]);
    edgeSum[v] = 0;
    anchor[v] = 1;
  }
}

/** Edges of parts that keep their shape and are solved along: as in the input times one scale, and stiff. */
export function stiffenParts({ arap, parts }: HeldSurface, { frames }: HeldGoal): void {
  const { topology: { ringOffsets, ringVertices }, rest, edges, system: { edgeWeight, edgeSum } } = arap;
  for (let part = 0; part < parts.count; part++) {
    if (parts.rides[part] === 1) continue;
    const start = parts.offsets[part], end = parts.offsets[part + 1];
    let scale = 0;
    for (let i = start; i < end; i++) scale += sizeOf(frames, 9 * parts.places[i]) / (end - start);
    for (let i = start; i < end; i++) {
      const v = parts.places[i];
      for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) {
        const w = ringVertices[r];
        if (parts.partOf[w] !== part) continue;
        for (let k = 0; k < 3; k++) edges[3 * r + k] = scale * (rest[3 * v + k] - rest[3 * w + k]);
        edgeSum[v] += (RIGID_STIFFNESS - 1) * edgeWeight[r];
        edgeWeight[r] *= RIGID_STIFFNESS;
      }
    }
  }
}

/** How much a frame makes larger: the root mean square over all directions. */
export function sizeOf(frames: Float64Array, m: number): number {
  let sum = 0;
  for (let k = m; k < m + 9; k++) sum += frames[k] * frames[k];
  return Math.sqrt(sum / 3);
}
