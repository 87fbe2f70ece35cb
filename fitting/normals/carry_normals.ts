import type { Scratch } from "../../pool/scratch.ts";
import { castVote } from "./_cast_vote.ts";
import { Effort } from "../_effort.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import {
  VERTEX_NORMALS_DEFAULTS,
  vertexNormalsBytes,
  type VertexNormalsOptions,
  vertexNormalsWork,
} from "./vertex_normals.ts";
import { finish, type Work } from "../work.ts";

/** A mesh as its author left it. */
export interface AuthoredNormals {
  /** Positions then, `3 * vertexCount`, in any unit. */
  readonly positions: Float32Array;
  /** Normals then, `3 * vertexCount`, unit length; zero where there is none. */
  readonly normals: Float32Array;
}

/** Options for {@linkcode carryNormals}. */
export interface CarryNormalsOptions extends VertexNormalsOptions {
  /**
   * `auto`: normals that only say how the surface lay are computed anew, those set by hand are turned with it. `keep`:
   * all are turned with it.
   * @default {"auto"}
   */
  mode?: "auto" | "keep";
}

/** Defaults of {@linkcode CarryNormalsOptions}; steps, CLI and docs read these. */
export const CARRY_NORMALS_DEFAULTS: Readonly<Required<CarryNormalsOptions>> = {
  ...VERTEX_NORMALS_DEFAULTS,
  mode: "auto",
};

/** What {@linkcode carryNormals} did. */
export interface CarryNormalsReport {
  /** Vertices whose normal was computed from the surface. */
  computed: number;
  /** Vertices whose normal was turned with the surface, wholly or in part. */
  carried: number;
  /** Vertices that got `(0, 0, 0)`. */
  verticesWithoutNormal: number;
}

/** Cosines of 3°, within which normals at one place are one; of 5° and 15°, between which one turns from computed to set by hand. */
const SAME = 0.9986295, COMPUTED = 0.9961947, BY_HAND = 0.9659258;
/** Votes below this share of their weight point nowhere. */
const VOTE_EPSILON = 1e-5;
/** What a vertex takes, nanoseconds. */
const VERTEX_COST = 700;
/** Where the parts of the work array begin: a vote, the surface's normals then and now, the turn about them. */
const THEN = 4, NOW = 8, TWIST = 12, WORK_LENGTH = 16;

/**
 * Writes the normals of a mesh that has moved since its author set them, so that what the author meant stays: smooth
 * edges smooth, hard edges hard, and normals set by hand (of hair, fur and flat cards, which do not follow the faces) at
 * the same angle to the surface as before.
 *
 * At each place, vertices whose normals differed by at most 3° are one side of an edge: the faces around any of them vote
 * for all of them, both in the mesh as it was and as it is. The first gives what the normal would have been, the second
 * what it would be now. `auto` takes the second where the author's normal lay within 5° of the first; beyond 15° the
 * author's is turned as the surface turned: its normal, and about that its edges; between the two a mix. A mesh that
 * moves as one keeps its normals to rounding, whatever they are, with `keep`.
 *
 * Source of the votes: Thürmer & Wüthrich 1998, see `vertexNormals`; sides of an edge and the turn are ours.
 *
 * @param authored The mesh as it was.
 * @param mesh As it is now; read only.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount`; overwritten; may not alias anything else here.
 * @param scratch Left as it was found, also on a throw; {@linkcode carryNormalsBytes} at the peak.
 * @param options Missing keys take {@linkcode CARRY_NORMALS_DEFAULTS}; a crease makes edges hard that were not.
 * @throws {RangeError} If a length does not fit `mesh`, or an option is out of range.
 *
 * @example A triangle lies down: its normal, which leant to the side, leans as before
 * ```ts
 * import { buildTopology, carryNormals } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices = Uint32Array.of(0, 1, 2);
 * const normals = Float32Array.of(0.6, 0, 0.8, 0.6, 0, 0.8, 0.6, 0, 0.8);
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 0, -1), indices };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), out = new Float32Array(9);
 * carryNormals({ positions, normals }, mesh, topology, out, scope);
 * [0.6, 0.8, 0].forEach((value, k) => assertAlmostEquals(out[k], value, 1e-6));
 * ```
 */
export function carryNormals(
  authored: AuthoredNormals,
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: CarryNormalsOptions = {},
): CarryNormalsReport {
  return finish(carryNormalsWork(authored, mesh, topology, out, scratch, options));
}

/** {@linkcode carryNormals} with pauses. */
export function* carryNormalsWork(
  authored: AuthoredNormals,
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: CarryNormalsOptions = {},
): Work<CarryNormalsReport> {
  const { mode, weighting, creaseRad } = { ...CARRY_NORMALS_DEFAULTS, ...options };
  const { length } = mesh.positions;
  if (authored.positions.length !== length || authored.normals.length !== length) {
    throw new RangeError(
      `Cannot carry normals as there must be ${length} floats of positions and normals before: there are ${authored.positions.length} and ${authored.normals.length}`,
    );
  }
  const report = {
    computed: 0,
    carried: 0,
    ...yield* vertexNormalsWork(mesh, topology, out, scratch, { weighting, creaseRad }),
  };
  using frame = scratch.frame("carry normals");
  const side: Side = {
    then: { positions: authored.positions, indices: mesh.indices },
    now: mesh,
    normals: authored.normals,
    topology,
    byAngle: weighting === "angle",
    leastCosine: creaseRad === Math.PI ? -2 : Math.fround(Math.cos(creaseRad)),
    work: frame.f64(WORK_LENGTH),
  };
  const effort = new Effort(), leastKept = mode === "keep" ? 1 : 0;
  for (let v = 0; 3 * v < length; v++) {
    const share = writeNormal(side, out, v, leastKept);
    if (share > 0) report.carried++;
    else report.computed++;
    yield* effort.spend(1, VERTEX_COST);
  }
  report.computed -= report.verticesWithoutNormal;
  return report;
}

/** Exactly the peak bytes {@linkcode carryNormals} leases. */
export function carryNormalsBytes(sizes: { vertexCount: number; faceCount: number; weldedCount: number }): number {
  return Math.max(vertexNormalsBytes(sizes), 8 * WORK_LENGTH);
}

/** What the loop over vertices reads, and its numbers. */
interface Side {
  readonly then: TriangleMesh;
  readonly now: TriangleMesh;
  readonly normals: Float32Array;
  readonly topology: Topology;
  readonly byAngle: boolean;
  readonly leastCosine: number;
  readonly work: Float64Array;
}

/**
 * Writes the normal of a vertex; one that cannot be told stays as it is in `out`.
 *
 * @returns How much of it is the author's, 0 to 1.
 */
function writeNormal(side: Side, out: Float32Array, v: number, leastKept: number): number {
  const { normals, work } = side, i = 3 * v;
  const x = normals[i], y = normals[i + 1], z = normals[i + 2], length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 0.5) || !sumSide(side, v, side.then, THEN) || !sumSide(side, v, side.now, NOW)) return 0;
  const cosine = (x * work[THEN] + y * work[THEN + 1] + z * work[THEN + 2]) / length;
  const kept = Math.max(leastKept, Math.min(1, Math.max(0, (COMPUTED - cosine) / (COMPUTED - BY_HAND))));
  let nx = work[NOW], ny = work[NOW + 1], nz = work[NOW + 2];
  if (kept > 0) {
    turnWithSurface(side, v, x / length, y / length, z / length);
    nx += kept * (work[0] - nx);
    ny += kept * (work[1] - ny);
    nz += kept * (work[2] - nz);
  }
  const size = Math.sqrt(nx * nx + ny * ny + nz * nz);
  if (!(size > VOTE_EPSILON)) return 0;
  out[i] = nx / size;
  out[i + 1] = ny / size;
  out[i + 2] = nz / size;
  return kept;
}

/** Writes the unit normal of the faces on a vertex's side of the edges at its place; returns whether there is one. */
function sumSide(side: Side, v: number, mesh: TriangleMesh, to: number): boolean {
  const { topology: { positionRemap, cornerOffsets, corners }, normals, work, byAngle, leastCosine } = side;
  const { indices } = mesh, w = positionRemap[v], a = 3 * v, end = cornerOffsets[w + 1];
  let ownX = 0, ownY = 0, ownZ = 0;
  if (leastCosine > -2) {
    for (let c = cornerOffsets[w]; c < end; c++) {
      if (indices[corners[c]] !== v) continue;
      castVote(work, mesh, corners[c], byAngle);
      ownX += work[0];
      ownY += work[1];
      ownZ += work[2];
    }
  }
  const least = leastCosine * Math.sqrt(ownX * ownX + ownY * ownY + ownZ * ownZ);
  let x = 0, y = 0, z = 0, weight = 0;
  for (let c = cornerOffsets[w]; c < end; c++) {
    const u = indices[corners[c]], b = 3 * u;
    const isSame = u === v || isSameDirection(normals, a, b);
    if (!isSame) continue;
    castVote(work, mesh, corners[c], byAngle);
    if (u !== v && work[0] * ownX + work[1] * ownY + work[2] * ownZ < least * work[3]) continue;
    x += work[0];
    y += work[1];
    z += work[2];
    weight += work[3];
  }
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > VOTE_EPSILON * weight)) return false;
  work[to] = x / length;
  work[to + 1] = y / length;
  work[to + 2] = z / length;
  return true;
}

/** Whether two normals, of any length, are at most 3° apart. */
function isSameDirection(n: Float32Array, a: number, b: number): boolean {
  const dot = n[a] * n[b] + n[a + 1] * n[b + 1] + n[a + 2] * n[b + 2];
  const sizeA = n[a] * n[a] + n[a + 1] * n[a + 1] + n[a + 2] * n[a + 2];
  const sizeB = n[b] * n[b] + n[b + 1] * n[b + 1] + n[b + 2] * n[b + 2];
  return dot > 0 && dot * dot >= SAME * SAME * sizeA * sizeB;
}

/** Writes to the head of the work array a direction turned as the surface around a vertex turned. */
function turnWithSurface(side: Side, v: number, x: number, y: number, z: number): void {
  const { work: m, topology: { positionRemap, representative, ringOffsets, ringVertices }, then, now } = side;
  const w = positionRemap[v], i = 3 * representative[w];
  // how the plane changed, from the edges then (a) to now (b) in its coordinates: b aᵀ (a aᵀ)⁻¹, of which the turn is kept
  const nX = m[NOW], nY = m[NOW + 1], nZ = m[NOW + 2], isFlat = Math.abs(nX) < 0.6;
  const size = isFlat ? Math.sqrt(nY * nY + nZ * nZ) : Math.sqrt(nX * nX + nZ * nZ);
  const sX = isFlat ? 0 : -nZ / size, sY = isFlat ? nZ / size : 0, sZ = isFlat ? -nY / size : nX / size;
  const tX = nY * sZ - nZ * sY, tY = nZ * sX - nX * sZ, tZ = nX * sY - nY * sX;
  let aa = 0, ab = 0, bb = 0, pa = 0, pb = 0, qa = 0, qb = 0;
  const before = then.positions, after = now.positions;
  for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
    const j = 3 * representative[ringVertices[r]];
    layOver(m, before[j] - before[i], before[j + 1] - before[i + 1], before[j + 2] - before[i + 2]);
    const a = m[0] * sX + m[1] * sY + m[2] * sZ, b = m[0] * tX + m[1] * tY + m[2] * tZ;
    const dx = after[j] - after[i], dy = after[j + 1] - after[i + 1], dz = after[j + 2] - after[i + 2];
    const p = dx * sX + dy * sY + dz * sZ, q = dx * tX + dy * tY + dz * tZ;
    aa += a * a;
    ab += a * b;
    bb += b * b;
    pa += p * a;
    pb += p * b;
    qa += q * a;
    qb += q * b;
  }
  const cosine = pa * bb - pb * ab + qb * aa - qa * ab, sine = qa * bb - qb * ab - pb * aa + pa * ab;
  const length = Math.sqrt(cosine * cosine + sine * sine);
  m[TWIST] = length > 0 ? cosine / length : 1;
  m[TWIST + 1] = length > 0 ? sine / length : 0;
  layOver(m, x, y, z);
  const nx = m[NOW], ny = m[NOW + 1], nz = m[NOW + 2], c = m[TWIST], s = m[TWIST + 1];
  const tx = m[0], ty = m[1], tz = m[2], along = (tx * nx + ty * ny + tz * nz) * (1 - c);
  m[0] = c * tx + s * (ny * tz - nz * ty) + along * nx;
  m[1] = c * ty + s * (nz * tx - nx * tz) + along * ny;
  m[2] = c * tz + s * (nx * ty - ny * tx) + along * nz;
}

/** Turns a vector by the smallest turn from the normal then to the normal now; where they are opposite, about some axis. */
function layOver(m: Float64Array, x: number, y: number, z: number): void {
  const ax = m[THEN], ay = m[THEN + 1], az = m[THEN + 2], bx = m[NOW], by = m[NOW + 1], bz = m[NOW + 2];
  const c = ax * bx + ay * by + az * bz;
  if (c < -0.999999) {
    // half a turn about an axis at right angles: the coordinate axis farthest from the normal, straightened
    const k = Math.abs(ax) <= Math.abs(ay) && Math.abs(ax) <= Math.abs(az) ? 0 : Math.abs(ay) <= Math.abs(az) ? 1 : 2;
    const d = m[THEN + k], ux = (k === 0 ? 1 : 0) - d * ax, uy = (k === 1 ? 1 : 0) - d * ay;
    const uz = (k === 2 ? 1 : 0) - d * az, twice = 2 * (x * ux + y * uy + z * uz) / (ux * ux + uy * uy + uz * uz);
    m[0] = twice * ux - x;
    m[1] = twice * uy - y;
    m[2] = twice * uz - z;
    return;
  }
  const vx = ay * bz - az * by, vy = az * bx - ax * bz, vz = ax * by - ay * bx;
  const along = (vx * x + vy * y + vz * z) / (1 + c);
  m[0] = c * x + vy * z - vz * y + along * vx;
  m[1] = c * y + vz * x - vx * z + along * vy;
  m[2] = c * z + vx * y - vy * x + along * vz;
}
