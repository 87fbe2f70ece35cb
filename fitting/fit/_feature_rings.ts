import type { Frame } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import type { Rings } from "../topology/_rings.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** What takes part in lines that a displacement is not spread across. */
export interface FeatureLines {
  /** Edges bent more than this, radians; π for none. */
  readonly featureAngle: number;
  /** Whether open edges do: `keep`; with `free` they do not. */
  readonly openings: "free" | "keep";
}

/** What a place takes, nanoseconds. */
const PLACE_COST = 300;
/** Rounding in the cosine of an angle: an edge bent exactly so much is not sharp. */
const EPSILON = 1e-6;

/**
 * The neighbours each place is averaged over: all of them, but at a line, an open
 * or a sharp edge, those along the line alone. So what is pushed on one side
 * never reaches the other, and a line moves as the curve it is.
 *
 * @param rest `3 * weldedCount` places; the bend of an edge is measured here, whichever way faces are wound.
 */
export function* featureRings(
  topology: Topology,
  rest: Float64Array,
  lines: FeatureLines,
  frame: Frame,
): Work<Rings> {
  if (!hasLines(lines)) return topology;
  const { weldedCount, ringOffsets: offsets, ringVertices: vertices } = topology;
  const ringOffsets = frame.u32(weldedCount + 1), ringVertices = frame.u32(vertices.length);
  using inner = frame.frame("faces at edges");
  const faces = inner.u32(weldedCount), apexes = inner.u32(2 * weldedCount), isLine = inner.u8(weldedCount);
  // no engine promises the last bit of a cosine; half a float's worth away from it all agree
  const leastCosine = lines.featureAngle === Math.PI ? -Infinity : Math.fround(Math.cos(lines.featureAngle)) - EPSILON;
  const effort = new Effort();
  let count = 0;
  for (let w = 0; w < weldedCount; w++) {
    listApexes(topology, w, faces, apexes);
    let isOnLine = false;
    for (let r = offsets[w]; r < offsets[w + 1]; r++) {
      const other = vertices[r];
      isLine[other] = faces[other] === 2
        ? Number(bendCosine(rest, w, other, apexes) < leastCosine)
        : Number(lines.openings === "keep" && topology.isBoundary[w] !== 0 && topology.isBoundary[other] !== 0);
      if (isLine[other] !== 0) isOnLine = true;
      faces[other] = 0;
    }
    for (let r = offsets[w]; r < offsets[w + 1]; r++) {
      if (!isOnLine || isLine[vertices[r]] !== 0) ringVertices[count++] = vertices[r];
    }
    ringOffsets[w + 1] = count;
    yield* effort.spend(1, PLACE_COST);
  }
  return { ringOffsets, ringVertices };
}

/** Bytes {@linkcode featureRings} leases at most. */
export function featureRingsBytes(
  { weldedCount, edgeCount }: { weldedCount: number; edgeCount: number },
  lines: FeatureLines,
): number {
  return hasLines(lines) ? 4 * (weldedCount + 1) + 8 * edgeCount + (4 + 8 + 1) * weldedCount : 0;
}

function hasLines({ featureAngle, openings }: FeatureLines): boolean {
  return openings === "keep" || featureAngle < Math.PI;
}

/** For each neighbour of `w`, how many faces lie at the edge to it, and the third corners of the first two. */
function listApexes(
  { cornerOffsets, corners, weldedIndices: t }: Topology,
  w: number,
  faces: Uint32Array,
  apexes: Uint32Array,
): void {
  for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
    const face = corners[i] - corners[i] % 3, a = t[face + (corners[i] + 1) % 3], b = t[face + (corners[i] + 2) % 3];
    if (a === w || b === w || a === b) continue;
    if (faces[a] < 2) apexes[2 * a + faces[a]] = b;
    if (faces[b] < 2) apexes[2 * b + faces[b]] = a;
    faces[a]++;
    faces[b]++;
  }
}

/** Cosine of the angle between the two faces at an edge, 1 where they lie flat or one has no area; the same from both ends. */
function bendCosine(p: Float64Array, v: number, w: number, apexes: Uint32Array): number {
  const a = 3 * Math.min(v, w), b = 3 * Math.max(v, w);
  const c = 3 * Math.min(apexes[2 * w], apexes[2 * w + 1]), d = 3 * Math.max(apexes[2 * w], apexes[2 * w + 1]);
  const ex = p[b] - p[a], ey = p[b + 1] - p[a + 1], ez = p[b + 2] - p[a + 2];
  const fx = p[c] - p[a], fy = p[c + 1] - p[a + 1], fz = p[c + 2] - p[a + 2];
  const gx = p[d] - p[a], gy = p[d + 1] - p[a + 1], gz = p[d + 2] - p[a + 2];
  const mx = ey * fz - ez * fy, my = ez * fx - ex * fz, mz = ex * fy - ey * fx;
  const nx = gy * ez - gz * ey, ny = gz * ex - gx * ez, nz = gx * ey - gy * ex;
  const size = Math.sqrt((mx * mx + my * my + mz * mz) * (nx * nx + ny * ny + nz * nz));
  return size > 0 ? (mx * nx + my * ny + mz * nz) / size : 1;
}
