import type { Scratch } from "../../pool/scratch.ts";
import { castVote } from "./_cast_vote.ts";
import { cornerAngle } from "./_corner_angle.ts";
import { leaseNormals, normalsPageBytes, type NormalsPages } from "./_normals_pages.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Faces or vertices between two pauses. */
const CHUNK = 16_384;

/** Options for {@linkcode vertexNormals}. */
export interface VertexNormalsOptions {
  /** What a face's vote at a corner is worth: its angle there, or its area. @default {"angle"} */
  weighting?: "angle" | "area";
  /**
   * At a seam, faces turned further than this from a vertex's own faces do not
   * vote for it, radians, 0 to π: the smoothing angle of modelling tools. 0
   * keeps to the vertex's own faces, π smooths everything.
   * @default {Math.PI}
   */
  creaseRad?: number;
}

/** Defaults of {@linkcode VertexNormalsOptions}; steps, CLI and docs read these. */
export const VERTEX_NORMALS_DEFAULTS: Readonly<Required<VertexNormalsOptions>> = {
  weighting: "angle",
  creaseRad: Math.PI,
};

/** What {@linkcode vertexNormals} measured. */
export interface VertexNormalsReport {
  /** Vertices that got `(0, 0, 0)`, as no face with an area votes at their place, or the votes cancel. */
  verticesWithoutNormal: number;
}

/** Votes that leave less than this share of their weight point nowhere: the place is the rim of two layers back to back. */
const LEAST_AGREEMENT = 0.05;
/** What is left of cancelling votes below this share of their weight is rounding of the angles. */
const VOTE_EPSILON = 1e-5;
/** Rounding of f32 positions in the cosine of a crease: faces exactly at `creaseRad` vote. */
const CREASE_EPSILON = 1e-6;

/**
 * Writes unit vertex normals that agree across seams: every face at a *place*
 * votes for all vertices there.
 *
 * A crease can open only where the mesh has one, at a place with several
 * vertices. There a vertex's own faces are those that use it, and faces further
 * than `creaseRad` from the direction of these together do not vote. A vertex
 * shared by the faces on both sides of an edge cannot be split: it gets the
 * normal of all. Where layers lie back to back with the same places, the votes
 * would cancel; such vertices listen to faces within π/2 of their own.
 *
 * A vertex no face uses gets the normal of its place, or `(0, 0, 0)` where no
 * face is. Faces of zero area do not vote.
 *
 * Linear time; where a crease is looked for, (vertices × faces) at each place
 * on a seam.
 * Source: Thürmer & Wüthrich 1998, "Computing Vertex Normals from Polygonal
 * Facets"; the f64 sums, the seams and the layers are ours.
 *
 * @param mesh Wound counter-clockwise; read only. May have moved since `topology` was built.
 * @param topology Of `mesh`.
 * @param out Caller-owned, `3 * vertexCount`; overwritten; may not alias positions.
 * @param scratch Left as it was found, also on a throw; {@linkcode vertexNormalsBytes} at the peak.
 * @param options Missing keys take {@linkcode VERTEX_NORMALS_DEFAULTS}.
 * @throws {RangeError} If `out` or `topology` do not fit `mesh`, or an option is out of range.
 *
 * @example A triangle in the xy-plane faces +z
 * ```ts
 * import { buildTopology, vertexNormals } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const normals = new Float32Array(9);
 * assertEquals(vertexNormals(mesh, topology, normals, scope), { verticesWithoutNormal: 0 });
 * assertEquals([...normals], [0, 0, 1, 0, 0, 1, 0, 0, 1]);
 * ```
 */
export function vertexNormals(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: VertexNormalsOptions = {},
): VertexNormalsReport {
  return finish(vertexNormalsWork(mesh, topology, out, scratch, options));
}

/** {@linkcode vertexNormals} with pauses. */
export function* vertexNormalsWork(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: Scratch,
  options: VertexNormalsOptions = {},
): Work<VertexNormalsReport> {
  const { weighting, creaseRad } = { ...VERTEX_NORMALS_DEFAULTS, ...options };
  assertInputs(mesh, topology, out);
  assertOptions(weighting, creaseRad);
  using frame = scratch.frame("vertex normals");
  const pages = leaseNormals(mesh, topology, frame), faceCount = mesh.indices.length / 3;
  pages.sums.fill(0);
  for (let f = 0; f < faceCount; f += CHUNK) {
    if (f > 0) yield;
    addVotes(pages, mesh, topology, weighting, f, Math.min(f + CHUNK, faceCount));
  }
  // no engine promises the last bit of a cosine; half a float's worth away from it all agree
  const leastCosine = creaseRad === Math.PI ? -Infinity : Math.fround(Math.cos(creaseRad)) - CREASE_EPSILON;
  const byAngle = weighting === "angle";
  const seam = { mesh, topology, byAngle, vote: pages.vote };
  const vertexCount = topology.positionRemap.length;
  let verticesWithoutNormal = 0;
  for (let v = 0; v < vertexCount; v += CHUNK) {
    if (v > 0) yield;
    verticesWithoutNormal += writeRange(out, pages, seam, leastCosine, v, Math.min(v + CHUNK, vertexCount));
  }
  return { verticesWithoutNormal };
}

/**
 * Exactly the peak bytes {@linkcode vertexNormals} leases, whatever its options.
 *
 * @example A cube fits into a page
 * ```ts
 * import { vertexNormalsBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(vertexNormalsBytes({ vertexCount: 24, faceCount: 12, weldedCount: 8 }), 65_536);
 * ```
 */
export function vertexNormalsBytes(sizes: { vertexCount: number; faceCount: number; weldedCount: number }): number {
  return normalsPageBytes(sizes);
}

function assertInputs(
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
): void {
  const { length } = mesh.positions;
  if (out.length !== length) {
    throw new RangeError(
      `Cannot write vertex normals as out must hold ${length} floats: it holds ${out.length}`,
    );
  }
  if (
    3 * topology.positionRemap.length !== length ||
    topology.weldedIndices.length !== mesh.indices.length
  ) {
    throw new RangeError(
      `Cannot compute vertex normals as the topology must be of the same mesh: it has ${topology.positionRemap.length} vertices and ${
        topology.weldedIndices.length / 3
      } faces, the mesh ${length / 3} and ${mesh.indices.length / 3}`,
    );
  }
}

function assertOptions(weighting: string, creaseRad: number): void {
  if (weighting !== "angle" && weighting !== "area") {
    throw new RangeError(
      `Cannot compute vertex normals as weighting must be "angle" or "area": current value is "${weighting}"`,
    );
  }
  if (!(creaseRad >= 0 && creaseRad <= Math.PI)) {
    throw new RangeError(
      `Cannot compute vertex normals as creaseRad must be 0 to pi: current value is ${creaseRad}`,
    );
  }
}

/** The votes of faces `begin` to `end - 1`, by a kernel if there is one. */
function addVotes(
  { kernels, at, sums }: NormalsPages,
  mesh: TriangleMesh,
  topology: Topology,
  weighting: "angle" | "area",
  begin: number,
  end: number,
): void {
  if (kernels !== undefined) {
    const table = weighting === "angle" ? at.angles : 0;
    kernels.addVotes(at.positions, at.indices, at.remap, at.sums, table, begin, end);
  } else if (weighting === "angle") addAngleVotes(sums, mesh, topology, 3 * begin, 3 * end);
  else addAreaVotes(sums, mesh, topology, 3 * begin, 3 * end);
}

/**
 * Adds each face's unit normal times its angle at each corner, and the angle,
 * to the four numbers of the place. One long loop, as everything here is:
 * half the time of vertex normals is spent in it.
 */
function addAngleVotes(
  sums: Float64Array,
  { positions, indices }: TriangleMesh,
  { weldedIndices }: Topology,
  from: number,
  end: number,
): void {
  for (let c0 = from; c0 < end; c0 += 3) {
    const a = 3 * indices[c0], b = 3 * indices[c0 + 1];
    const c = 3 * indices[c0 + 2];
    const ax = positions[a], ay = positions[a + 1], az = positions[a + 2];
    const ux = positions[b] - ax, uy = positions[b + 1] - ay;
    const uz = positions[b + 2] - az, vx = positions[c] - ax;
    const vy = positions[c + 1] - ay, vz = positions[c + 2] - az;
    let nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const twiceArea = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (twiceArea === 0) continue;
    const scale = 1 / twiceArea;
    nx *= scale;
    ny *= scale;
    nz *= scale;
    const uv = ux * vx + uy * vy + uz * vz, uu = ux * ux + uy * uy + uz * uz;
    const angleA = cornerAngle(twiceArea, uv);
    const angleB = cornerAngle(twiceArea, uu - uv);
    const angleC = Math.PI - angleA - angleB;
    const i = 4 * weldedIndices[c0], j = 4 * weldedIndices[c0 + 1];
    const k = 4 * weldedIndices[c0 + 2];
    sums[i] += angleA * nx;
    sums[i + 1] += angleA * ny;
    sums[i + 2] += angleA * nz;
    sums[i + 3] += angleA;
    sums[j] += angleB * nx;
    sums[j + 1] += angleB * ny;
    sums[j + 2] += angleB * nz;
    sums[j + 3] += angleB;
    sums[k] += angleC * nx;
    sums[k + 1] += angleC * ny;
    sums[k + 2] += angleC * nz;
    sums[k + 3] += angleC;
  }
}

/** Adds twice each face's area, as a vector along its normal and as a number, to the four numbers of each place. */
function addAreaVotes(
  sums: Float64Array,
  { positions, indices }: TriangleMesh,
  { weldedIndices }: Topology,
  from: number,
  end: number,
): void {
  for (let c0 = from; c0 < end; c0 += 3) {
    const a = 3 * indices[c0], b = 3 * indices[c0 + 1];
    const c = 3 * indices[c0 + 2];
    const ax = positions[a], ay = positions[a + 1], az = positions[a + 2];
    const ux = positions[b] - ax, uy = positions[b + 1] - ay;
    const uz = positions[b + 2] - az, vx = positions[c] - ax;
    const vy = positions[c + 1] - ay, vz = positions[c + 2] - az;
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    const twiceArea = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const i = 4 * weldedIndices[c0], j = 4 * weldedIndices[c0 + 1];
    const k = 4 * weldedIndices[c0 + 2];
    sums[i] += nx;
    sums[i + 1] += ny;
    sums[i + 2] += nz;
    sums[i + 3] += twiceArea;
    sums[j] += nx;
    sums[j + 1] += ny;
    sums[j + 2] += nz;
    sums[j + 3] += twiceArea;
    sums[k] += nx;
    sums[k + 1] += ny;
    sums[k + 2] += nz;
    sums[k + 3] += twiceArea;
  }
}

/** What the slow path at seams needs. */
interface Seam {
  readonly mesh: TriangleMesh;
  readonly topology: Topology;
  readonly byAngle: boolean;
  /** Receives a vote: its vector, then its weight. */
  readonly vote: Float64Array;
}

/** The normals of vertices `first` to `last - 1`; a kernel leaves to us those whose place may be a seam. */
function writeRange(
  out: Float32Array,
  { kernels, at, sums, normals, doubtful }: NormalsPages,
  seam: Seam,
  leastCosine: number,
  first: number,
  last: number,
): number {
  if (kernels === undefined) return writeNormals(out, sums, seam, leastCosine, first, last);
  const hasCrease = leastCosine !== -Infinity;
  let without = kernels.writeNormals(at.sums, at.remap, at.normals, at.doubtful, hasCrease, first, last);
  out.set(normals.subarray(3 * first, 3 * last), 3 * first);
  for (let k = 1; k <= doubtful[0]; k++) {
    const v = doubtful[k], o = 3 * v, i = 4 * seam.topology.positionRemap[v];
    if (!isAtSeam(v, seam)) continue;
    const hadNone = out[o] === 0 && out[o + 1] === 0 && out[o + 2] === 0;
    if (writeOwnSide(out, v, seam, cosineAt(sums, i, leastCosine)) && hadNone) without--;
  }
  return without;
}

/** Whether the votes at `sums[i]` cancel, as where two layers lie back to back. */
function cancelsAt(sums: Float64Array, i: number): boolean {
  const x = sums[i], y = sums[i + 1], z = sums[i + 2], weight = sums[i + 3], least = LEAST_AGREEMENT * weight;
  return weight > 0 && x * x + y * y + z * z <= least * least;
}

/** The least cosine that counts there: at cancelling votes no face turned away does. */
function cosineAt(sums: Float64Array, i: number, leastCosine: number): number {
  return cancelsAt(sums, i) ? Math.max(leastCosine, 0) : leastCosine;
}

/** Gives each vertex the direction of its place's votes, or of those that count at its side of a crease. */
function writeNormals(
  out: Float32Array,
  sums: Float64Array,
  seam: Seam,
  leastCosine: number,
  from: number,
  end: number,
): number {
  const { positionRemap } = seam.topology;
  const hasCrease = leastCosine !== -Infinity;
  let without = 0;
  for (let v = from; v < end; v++) {
    const i = 4 * positionRemap[v], o = 3 * v;
    const x = sums[i], y = sums[i + 1], z = sums[i + 2], weight = sums[i + 3];
    const lengthSq = x * x + y * y + z * z;
    if ((cancelsAt(sums, i) || (hasCrease && weight > 0)) && isAtSeam(v, seam)) {
      if (writeOwnSide(out, v, seam, cosineAt(sums, i, leastCosine))) continue;
    }
    const noise = VOTE_EPSILON * weight;
    if (lengthSq <= noise * noise) {
      out[o] = out[o + 1] = out[o + 2] = 0;
      without++;
      continue;
    }
    const scale = 1 / Math.sqrt(lengthSq);
    out[o] = x * scale;
    out[o + 1] = y * scale;
    out[o + 2] = z * scale;
  }
  return without;
}

/** Whether faces at the place of `v` use another vertex than `v`. */
function isAtSeam(v: number, { mesh, topology }: Seam): boolean {
  const { positionRemap, cornerOffsets, corners } = topology;
  const { indices } = mesh;
  const w = positionRemap[v];
  for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
    if (indices[corners[i]] !== v) return true;
  }
  return false;
}

/**
 * Writes the normal of `v` from its own faces and those within the crease of
 * their common direction.
 *
 * @returns Whether there was such a direction.
 */
function writeOwnSide(
  out: Float32Array,
  v: number,
  { mesh, topology, byAngle, vote }: Seam,
  leastCosine: number,
): boolean {
  const { positionRemap, cornerOffsets, corners } = topology;
  const { indices } = mesh;
  const w = positionRemap[v], end = cornerOffsets[w + 1];
  let ownX = 0, ownY = 0, ownZ = 0, ownWeight = 0;
  for (let i = cornerOffsets[w]; i < end; i++) {
    const c = corners[i];
    if (indices[c] !== v) continue;
    castVote(vote, mesh, c, byAngle);
    ownX += vote[0];
    ownY += vote[1];
    ownZ += vote[2];
    ownWeight += vote[3];
  }
  const ownLength = Math.sqrt(ownX * ownX + ownY * ownY + ownZ * ownZ);
  if (ownLength <= VOTE_EPSILON * ownWeight) return false;
  const cosineScale = leastCosine * ownLength;
  let x = 0, y = 0, z = 0, weight = 0;
  for (let i = cornerOffsets[w]; i < end; i++) {
    const c = corners[i];
    castVote(vote, mesh, c, byAngle);
    const along = vote[0] * ownX + vote[1] * ownY + vote[2] * ownZ;
    if (indices[c] !== v && along < cosineScale * vote[3]) continue;
    x += vote[0];
    y += vote[1];
    z += vote[2];
    weight += vote[3];
  }
  const length = Math.sqrt(x * x + y * y + z * z);
  if (length <= VOTE_EPSILON * weight) return false;
  out[3 * v] = x / length;
  out[3 * v + 1] = y / length;
  out[3 * v + 2] = z / length;
  return true;
}
