import type { Scratch } from "../../pool/scratch.ts";
import { angleOf } from "../_angle_of.ts";
import { Effort } from "../_effort.ts";
import { countFacesAround } from "../topology/_open_edges.ts";
import { percentilesWork } from "../_percentile.ts";
import type { Topology, TopologySizes } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What {@linkcode hemCurl} measured: how far the faces at open edges turned against the cloth behind them, degrees. */
export interface HemCurl {
  /** Open edges with cloth behind them, both before and now. */
  hemCurlTested: number;
  /** The mean. */
  hemCurlMeanDeg: number;
  /** 95 of 100 are below. */
  hemCurlP95Deg: number;
  /** The greatest. */
  hemCurlMaxDeg: number;
}

/** Places or faces a pause is thought to be worth, nanoseconds each. */
const COST = 60, EDGE_COST = 300;
const DEGREES = 180 / Math.PI;

/**
 * Measures how far the open edges of a mesh curled: the angle between the face at an edge and the cloth behind, the faces
 * around its corners that have no corner on an opening, before and now; outwards and inwards are told apart by the side
 * the edge lies on. All is zero without an open edge that has cloth behind it.
 *
 * @param rest Positions before, `3 * vertexCount`, in any unit; a turn or another size of the whole changes nothing.
 * @param deformed Positions now, as long.
 * @param topology Of the mesh.
 * @param scratch Leases {@linkcode hemCurlBytes}.
 * @example A triangle has no cloth behind its edges
 * ```ts
 * import { buildTopology, hemCurl } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 3, 0, 0, 0, 4, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2) }, scope, scope);
 * assertEquals(hemCurl(positions, positions, topology, scope).hemCurlTested, 0);
 * ```
 */
export function hemCurl(rest: Float32Array, deformed: Float32Array, topology: Topology, scratch: Scratch): HemCurl {
  return finish(hemCurlWork(rest, deformed, topology, scratch));
}

/** Exactly the bytes {@linkcode hemCurl} leases. */
export function hemCurlBytes({ weldedCount, edgeCount }: Pick<TopologySizes, "weldedCount" | "edgeCount">): number {
  return (4 + 1 + 2 * 24) * weldedCount + 8 * edgeCount + 8 * WORK_LENGTH;
}

/** A place's normal, a face's normal, the way from face to edge. */
const WORK_LENGTH = 9;

/** {@linkcode hemCurl} with pauses. */
export function* hemCurlWork(
  rest: Float32Array,
  deformed: Float32Array,
  topology: Topology,
  scratch: Scratch,
): Work<HemCurl> {
  const { weldedCount, cornerOffsets, corners, weldedIndices } = topology;
  using frame = scratch.frame("hem curl");
  const tally = frame.u32(weldedCount), isHem = frame.u8(weldedCount), changes = frame.f64(topology.edgeCount);
  const before = { p: rest, behind: frame.f64(3 * weldedCount) };
  const after = { p: deformed, behind: frame.f64(3 * weldedCount) };
  const work = frame.f64(WORK_LENGTH), effort = new Effort();
  for (let w = 0; w < weldedCount; w++) {
    flagHems(topology, w, tally, isHem);
    yield* effort.spend(1, COST);
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    addBehind(before, topology, c, isHem, work);
    addBehind(after, topology, c, isHem, work);
    yield* effort.spend(1, COST);
  }
  let count = 0, sum = 0, hemCurlMaxDeg = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (isHem[w] === 0) continue;
    countFacesAround(topology, w, tally);
    for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
      const c = corners[i], slot = c % 3;
      for (let side = 0; side < 2; side++) {
        const next = slot === 2 ? c - 2 : c + 1, previous = slot === 0 ? c + 2 : c - 1;
        const other = weldedIndices[side === 0 ? next : previous];
        if (tally[other] !== 1 || other < w) continue;
        const was = curlAt(before, topology, c - slot, w, other, work);
        const is = curlAt(after, topology, c - slot, w, other, work);
        if (was !== was || is !== is) continue;
        const turn = Math.abs(is - was), change = turn > 180 ? 360 - turn : turn;
        changes[count++] = change;
        sum += change;
        if (change > hemCurlMaxDeg) hemCurlMaxDeg = change;
      }
    }
    for (let r = topology.ringOffsets[w]; r < topology.ringOffsets[w + 1]; r++) tally[topology.ringVertices[r]] = 0;
    yield* effort.spend(1, EDGE_COST);
  }
  if (count === 0) return { hemCurlTested: 0, hemCurlMeanDeg: 0, hemCurlP95Deg: 0, hemCurlMaxDeg: 0 };
  const percentile = [0];
  yield* percentilesWork(changes, count, [0.95], percentile);
  return { hemCurlTested: count, hemCurlMeanDeg: sum / count, hemCurlP95Deg: percentile[0], hemCurlMaxDeg };
}

/** Positions, and the sum of the normals behind each place. */
interface Cloth {
  readonly p: Float32Array;
  readonly behind: Float64Array;
}

/** Flags both ends of the open edges from `w` to higher places. */
function flagHems(topology: Topology, w: number, tally: Uint32Array, isHem: Uint8Array): void {
  countFacesAround(topology, w, tally);
  for (let r = topology.ringOffsets[w]; r < topology.ringOffsets[w + 1]; r++) {
    const other = topology.ringVertices[r];
    if (tally[other] === 1 && other > w) isHem[w] = isHem[other] = 1;
    tally[other] = 0;
  }
}

/** Adds the normal of the face at corner `c`, if it touches no opening, to its places. */
function addBehind({ p, behind }: Cloth, topology: Topology, c: number, isHem: Uint8Array, work: Float64Array): void {
  const { weldedIndices } = topology, a = weldedIndices[c], b = weldedIndices[c + 1], d = weldedIndices[c + 2];
  if (isHem[a] !== 0 || isHem[b] !== 0 || isHem[d] !== 0 || a === b || b === d || d === a) return;
  writeNormal(p, topology, c, work);
  for (let k = 0; k < 3; k++) {
    behind[3 * a + k] += work[3 + k];
    behind[3 * b + k] += work[3 + k];
    behind[3 * d + k] += work[3 + k];
  }
}

/** Writes the normal of the face at corner `c`, as long as twice its area. */
function writeNormal(
  p: Float32Array,
  { representative, weldedIndices }: Topology,
  c: number,
  work: Float64Array,
): void {
  const i = 3 * representative[weldedIndices[c]], j = 3 * representative[weldedIndices[c + 1]];
  const k = 3 * representative[weldedIndices[c + 2]];
  const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
  const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
  work[3] = uy * vz - uz * vy;
  work[4] = uz * vx - ux * vz;
  work[5] = ux * vy - uy * vx;
}

/** The angle from the cloth behind to the face at corner `c`, degrees, above 0 where the edge stands out; `NaN` without cloth behind. */
function curlAt(
  { p, behind }: Cloth,
  topology: Topology,
  c: number,
  w: number,
  other: number,
  work: Float64Array,
): number {
  const { representative, weldedIndices } = topology;
  writeNormal(p, topology, c, work);
  for (let k = 0; k < 3; k++) {
    work[k] = work[6 + k] = 0;
    for (let corner = c; corner < c + 3; corner++) {
      work[k] += behind[3 * weldedIndices[corner] + k];
      work[6 + k] -= p[3 * representative[weldedIndices[corner]] + k] / 3;
    }
    work[6 + k] += (p[3 * representative[w] + k] + p[3 * representative[other] + k]) / 2;
  }
  const x = work[0], y = work[1], z = work[2], a = work[3], b = work[4], d = work[5];
  if (x * x + y * y + z * z === 0) return NaN;
  const cx = y * d - z * b, cy = z * a - x * d, cz = x * b - y * a;
  const angle = DEGREES * angleOf(Math.sqrt(cx * cx + cy * cy + cz * cz), x * a + y * b + z * d);
  return work[6] * x + work[7] * y + work[8] * z > 0 ? angle : -angle;
}
