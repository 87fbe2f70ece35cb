import type { Scratch } from "../../pool/scratch.ts";
import { buildCoarseGraph, type CoarseGraph, coarseGraphBytes } from "./_coarse_graph.ts";
import { extractRotation, rotationMatrix } from "../_rotation.ts";
import { meanEdgeLength } from "../bounds.ts";
import type { TriangleMesh } from "../mesh.ts";
import { Effort } from "../_effort.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";
import { triangleArea } from "../_triangle_area.ts";

/** Options for {@linkcode bodyFrames}. */
export interface BodyFramesOptions {
  /** How far along the skin frames are averaged, metres. @default {0.2} */
  smoothRadius?: number;
}

/** Defaults of {@linkcode BodyFramesOptions}. */
export const BODY_FRAMES_DEFAULTS: Readonly<Required<BodyFramesOptions>> = { smoothRadius: 0.2 };

/** Places that are looked at together, and what each takes in a pass, nanoseconds. */
const PASS_CHUNK = 16_384, PASS_COST = 120;
/** Averaging passes at most: bounds the cost on very fine bodies. */
const MAX_PASSES = 400;

/** Bytes {@linkcode bodyFrames} leases from scratch. */
export function bodyFramesBytes(sizes: { weldedCount: number; edgeCount: number }): number {
  const { weldedCount } = sizes;
  return 8 * (18 * weldedCount /* averaged, coarse */ + weldedCount /* areas */ + 9 + 9 + 4 /* one face */) +
    coarseGraphBytes(sizes);
}

/**
 * How the skin turns and grows from one body to another: a similarity (rotation
 * times scale) for every place of the skin, averaged over a wide neighbourhood.
 *
 * A frame per triangle maps its edges and normal from source to target; its
 * rotation is the polar one, its scale the root of the area ratio. Frames go to
 * vertices by area and are then averaged along the skin without being made
 * orthogonal again: a noisy frame per triangle times the stand-off of a garment
 * is what folds garments.
 *
 * @param source The body a garment was made on.
 * @param targetPositions The other body's positions: same vertices in the same order.
 * @param topology Of `source`.
 * @param out Caller-owned, `9 * weldedCount`: row-major matrices; identity where no face is.
 * @param scratch Leases {@linkcode bodyFramesBytes}.
 * @throws {RangeError} If a length does not match.
 */
export function bodyFrames(
  source: TriangleMesh,
  targetPositions: Float32Array,
  topology: Topology,
  out: Float64Array,
  scratch: Scratch,
  options: BodyFramesOptions = {},
): void {
  finish(bodyFramesWork(source, targetPositions, topology, out, scratch, options));
}

/** {@linkcode bodyFrames} with pauses. */
export function* bodyFramesWork(
  source: TriangleMesh,
  targetPositions: Float32Array,
  topology: Topology,
  out: Float64Array,
  scratch: Scratch,
  options: BodyFramesOptions = {},
): Work<void> {
  const { smoothRadius } = { ...BODY_FRAMES_DEFAULTS, ...options };
  const { weldedCount, weldedIndices } = topology;
  if (targetPositions.length !== source.positions.length) {
    throw new RangeError(
      `Cannot compare bodies as both must have the same vertices: one has ${source.positions.length / 3}, the other ${
        targetPositions.length / 3
      }`,
    );
  }
  if (out.length !== 9 * weldedCount) {
    throw new RangeError(`Cannot write body frames as out must hold ${9 * weldedCount} values: it holds ${out.length}`);
  }
  using frame = scratch.frame("bodyFrames");
  const averaged = frame.f64(9 * weldedCount), coarse = frame.f64(9 * weldedCount);
  const areas = frame.f64(weldedCount);
  const map = frame.f64(9), rotation = frame.f64(9), quaternion = frame.f64(4);
  out.fill(0);
  for (let c = 0; c < weldedIndices.length; c += 3) {
    if (c % 3072 === 0) yield;
    const i = 3 * source.indices[c], j = 3 * source.indices[c + 1], k = 3 * source.indices[c + 2];
    const area = 2 * triangleArea(source.positions, i, j, k), targetArea = 2 * triangleArea(targetPositions, i, j, k);
    if (area === 0 || targetArea === 0) continue;
    mapFace(source.positions, targetPositions, source.indices, c, map);
    quaternion.fill(0)[3] = 1;
    extractRotation(map, quaternion, 0);
    rotationMatrix(quaternion, rotation, 0);
    const weight = area * Math.sqrt(targetArea / area);
    for (let k = 0; k < 3; k++) {
      const v = weldedIndices[c + k];
      areas[v] += area;
      for (let i = 0; i < 9; i++) out[9 * v + i] += weight * rotation[i];
    }
  }
  for (let v = 0; v < weldedCount; v++) {
    if (v % PASS_CHUNK === 0) yield;
    for (let i = 0; i < 9; i++) {
      if (areas[v] > 0) out[9 * v + i] /= areas[v];
      else out[9 * v + i] = i % 4 === 0 ? 1 : 0;
    }
  }
  yield;
  const edge = meanEdgeLength(source, topology);
  yield;
  const graph = yield* buildCoarseGraph(topology, frame);
  yield* averageAlongSkin(out, averaged, topology, graph, coarse, edge, smoothRadius);
}

/**
 * The linear map of one face, row-major: its two edges and its normal (as long
 * as the root of its double area) from source `p` to target `q`.
 */
function mapFace(p: Float32Array, q: Float32Array, indices: Uint32Array, c: number, map: Float64Array): void {
  const a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
  let nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const area = Math.sqrt(nx * nx + ny * ny + nz * nz), root = 1 / Math.sqrt(area);
  nx *= root;
  ny *= root;
  nz *= root;
  const sx = q[b] - q[a], sy = q[b + 1] - q[a + 1], sz = q[b + 2] - q[a + 2];
  const tx = q[d] - q[a], ty = q[d + 1] - q[a + 1], tz = q[d + 2] - q[a + 2];
  let mx = sy * tz - sz * ty, my = sz * tx - sx * tz, mz = sx * ty - sy * tx;
  const targetRoot = 1 / Math.sqrt(Math.sqrt(mx * mx + my * my + mz * mz));
  mx *= targetRoot;
  my *= targetRoot;
  mz *= targetRoot;
  // rows of [u v n]⁻¹: v × n, n × u, u × v over the determinant
  const det = 1 / (area * Math.sqrt(area));
  const i00 = (vy * nz - vz * ny) * det, i01 = (vz * nx - vx * nz) * det, i02 = (vx * ny - vy * nx) * det;
  const i10 = (ny * uz - nz * uy) * det, i11 = (nz * ux - nx * uz) * det, i12 = (nx * uy - ny * ux) * det;
  const i20 = nx / area, i21 = ny / area, i22 = nz / area;
  map[0] = sx * i00 + tx * i10 + mx * i20;
  map[1] = sx * i01 + tx * i11 + mx * i21;
  map[2] = sx * i02 + tx * i12 + mx * i22;
  map[3] = sy * i00 + ty * i10 + my * i20;
  map[4] = sy * i01 + ty * i11 + my * i21;
  map[5] = sy * i02 + ty * i12 + my * i22;
  map[6] = sz * i00 + tz * i10 + mz * i20;
  map[7] = sz * i01 + tz * i11 + mz * i21;
  map[8] = sz * i02 + tz * i12 + mz * i22;
}

/**
 * Averages frames over `radius`: first among clusters of places, where few
 * passes reach far, then among places until the clusters no longer show.
 */
function* averageAlongSkin(
  frames: Float64Array,
  spare: Float64Array,
  topology: Topology,
  graph: CoarseGraph,
  coarse: Float64Array,
  edge: number,
  radius: number,
): Work<void> {
  if (edge === 0) return;
  const spacing = Math.sqrt(topology.weldedCount / Math.max(1, graph.count)); // of clusters, in edges
  const { count, clusterOf, sizes, offsets, neighbours } = graph;
  coarse.fill(0);
  for (let v = 0; v < topology.weldedCount; v++) {
    if (v % PASS_CHUNK === 0) yield;
    const c = clusterOf[v];
    for (let i = 0; i < 9; i++) coarse[9 * c + i] += frames[9 * v + i] / sizes[c];
  }
  yield* averagePasses(coarse, spare, count, offsets, neighbours, passesFor(radius / (spacing * edge)));
  for (let v = 0; v < topology.weldedCount; v++) {
    if (v % PASS_CHUNK === 0) yield;
    for (let i = 0; i < 9; i++) frames[9 * v + i] = coarse[9 * clusterOf[v] + i];
  }
  const { ringOffsets, ringVertices, weldedCount } = topology;
  yield* averagePasses(
    frames,
    spare,
    weldedCount,
    ringOffsets,
    ringVertices,
    passesFor(Math.min(spacing, radius / edge)),
  );
}

/** Averaging half-way to the neighbours spreads over √(passes / 2) of their distance. */
function passesFor(reach: number): number {
  return Math.min(MAX_PASSES, Math.ceil(2 * reach * reach));
}

function* averagePasses(
  frames: Float64Array,
  spare: Float64Array,
  count: number,
  offsets: Uint32Array,
  neighbours: Uint32Array,
  passes: number,
): Work<void> {
  const effort = new Effort();
  let from = frames, to = spare;
  for (let pass = 0; pass < passes; pass++) {
    for (let v = 0; v < count; v++) {
      if (v % PASS_CHUNK === 0) yield* effort.spend(Math.min(PASS_CHUNK, count - v), PASS_COST);
      const start = offsets[v], end = offsets[v + 1], share = 0.5 / Math.max(1, end - start);
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0, s8 = 0;
      for (let r = start; r < end; r++) {
        const w = 9 * neighbours[r];
        s0 += from[w];
        s1 += from[w + 1];
        s2 += from[w + 2];
        s3 += from[w + 3];
        s4 += from[w + 4];
        s5 += from[w + 5];
        s6 += from[w + 6];
        s7 += from[w + 7];
        s8 += from[w + 8];
      }
      const o = 9 * v, own = start === end ? 1 : 0.5;
      to[o] = own * from[o] + share * s0;
      to[o + 1] = own * from[o + 1] + share * s1;
      to[o + 2] = own * from[o + 2] + share * s2;
      to[o + 3] = own * from[o + 3] + share * s3;
      to[o + 4] = own * from[o + 4] + share * s4;
      to[o + 5] = own * from[o + 5] + share * s5;
      to[o + 6] = own * from[o + 6] + share * s6;
      to[o + 7] = own * from[o + 7] + share * s7;
      to[o + 8] = own * from[o + 8] + share * s8;
    }
    const other = from;
    from = to;
    to = other;
  }
  if (from !== frames) frames.set(from.subarray(0, 9 * count));
}
