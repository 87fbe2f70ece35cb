import type { Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Options for {@linkcode cotanLaplacian}. */
export interface CotanLaplacianOptions {
  /**
   * Two sides of a triangle are made longer than the third by at least this
   * share of the mean edge length; above 0.
   * @default {1e-6}
   */
  mollification?: number;
}

/** Defaults of {@linkcode CotanLaplacianOptions}. */
export const COTAN_LAPLACIAN_DEFAULTS: Readonly<Required<CotanLaplacianOptions>> = { mollification: 1e-6 };

/** The arrays {@linkcode cotanLaplacian} writes. */
export interface CotanLaplacianArrays {
  /**
   * A weight for each of `ringVertices`, the same from both ends: half the sum of
   * the cotangents opposite the edge. Negative where a Delaunay triangulation
   * would have another edge.
   */
  readonly edgeWeights: Float64Array;
  /** `weldedCount`: a third of the areas of the faces around each place, square metres; 0 where no face is. */
  readonly lumpedMass: Float64Array;
}

/** What {@linkcode cotanLaplacian} measured. */
export interface CotanLaplacianReport {
  /** By how much all edges count as longer than they are, metres; 0 without bad triangles. */
  addedLength: number;
}

/**
 * Writes the weights of the cotangent Laplacian and the lumped mass matrix of a
 * surface. The Laplacian is in weak form and **positive** semi-definite:
 * `(L u)[i] = Σ edgeWeights[r] * (u[i] - u[ringVertices[r]])` over the ring of
 * `i`. With the mass on the diagonal it can be factored: see `factorLdlt`.
 *
 * Triangles without area, needles and slivers have finite weights: where one is
 * too flat, *all* edges count as longer by one small length, so that the sides of
 * every triangle could close around an area. The Laplacian of such lengths is
 * positive semi-definite too; healthy triangles change by about `mollification`.
 * A face that names one place twice has no part. On edges of more than two faces
 * the faces add up. Linear time.
 *
 * Source: Pinkall & Polthier 1993, "Computing Discrete Minimal Surfaces and Their
 * Conjugates"; Sharp & Crane 2020, "A Laplacian for Nonmanifold Triangle Meshes",
 * section on intrinsic mollification; areas after Kahan 2014, "Miscalculating Area
 * and Angles of a Needle-like Triangle". No intrinsic Delaunay flips.
 *
 * @param mesh Read only; finite. May have moved since `topology` was built.
 * @param topology Of `mesh`.
 * @param out Caller-owned, overwritten.
 * @param scratch Left as it was found, also on a throw; {@linkcode cotanLaplacianBytes} at the peak.
 * @param options Missing keys take {@linkcode COTAN_LAPLACIAN_DEFAULTS}.
 * @throws {RangeError} If a length is wrong or `mollification` is not above 0.
 *
 * @example Half a unit square: the long side has no weight, the short ones half
 * ```ts
 * import { buildTopology, cotanLaplacian } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const out = { edgeWeights: new Float64Array(6), lumpedMass: new Float64Array(3) };
 * cotanLaplacian(mesh, topology, out, scope);
 * [0.5, 0.5, 0.5, 0, 0.5, 0].forEach((w, r) => assertAlmostEquals(out.edgeWeights[r], w, 1e-12));
 * out.lumpedMass.forEach((area) => assertAlmostEquals(area, 1 / 6, 1e-12));
 * ```
 */
export function cotanLaplacian(
  mesh: TriangleMesh,
  topology: Topology,
  out: CotanLaplacianArrays,
  scratch: Scratch,
  options: CotanLaplacianOptions = {},
): CotanLaplacianReport {
  return finish(cotanLaplacianWork(mesh, topology, out, scratch, options));
}

/** {@linkcode cotanLaplacian} with a pause between its passes. */
export function* cotanLaplacianWork(
  mesh: TriangleMesh,
  topology: Topology,
  out: CotanLaplacianArrays,
  scratch: Scratch,
  options: CotanLaplacianOptions = {},
): Work<CotanLaplacianReport> {
  const { mollification } = { ...COTAN_LAPLACIAN_DEFAULTS, ...options };
  assertArrays(mesh, topology, out, mollification);
  using frame = scratch.frame("cotan Laplacian");
  const lengths = frame.f64(mesh.indices.length);
  const meanLength = measureEdges(mesh.positions, topology, lengths);
  yield;
  const addedLength = lackingLength(lengths, mollification * meanLength);
  out.lumpedMass.fill(0);
  cotangentsOfLengths(lengths, addedLength, topology.weldedIndices, out.lumpedMass);
  yield;
  gatherWeights(topology, lengths, out.edgeWeights, frame.u32(topology.weldedCount));
  return { addedLength };
}

/**
 * Exactly the peak bytes {@linkcode cotanLaplacian} leases.
 *
 * @example A cube
 * ```ts
 * import { cotanLaplacianBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cotanLaplacianBytes({ faceCount: 12, weldedCount: 8 }), 320);
 * ```
 */
export function cotanLaplacianBytes(
  { faceCount, weldedCount }: { faceCount: number; weldedCount: number },
): number {
  return 24 * faceCount + 4 * weldedCount;
}

function assertArrays(
  { positions, indices }: TriangleMesh,
  { positionRemap, weldedIndices, ringVertices, weldedCount }: Topology,
  { edgeWeights, lumpedMass }: CotanLaplacianArrays,
  mollification: number,
): void {
  if (3 * positionRemap.length !== positions.length || weldedIndices.length !== indices.length) {
    throw new RangeError(
      `Cannot compute the Laplacian as the topology must be of the same mesh: it has ${positionRemap.length} vertices and ${
        weldedIndices.length / 3
      } faces, the mesh ${positions.length / 3} and ${indices.length / 3}`,
    );
  }
  if (edgeWeights.length !== ringVertices.length || lumpedMass.length !== weldedCount) {
    throw new RangeError(
      `Cannot compute the Laplacian as out must hold ${ringVertices.length} weights and ${weldedCount} masses: it holds ${edgeWeights.length} and ${lumpedMass.length}`,
    );
  }
  if (!(mollification > 0 && mollification < Infinity)) {
    throw new RangeError(
      `Cannot compute the Laplacian as mollification must be > 0: current value is ${mollification}`,
    );
  }
}

/**
 * Writes the length of the side opposite each corner; -1 at the corners of a
 * face that names one place twice.
 *
 * @returns The mean length, a side counted once for each face.
 */
function measureEdges(
  positions: Float32Array,
  { weldedIndices, representative }: Topology,
  lengths: Float64Array,
): number {
  let total = 0, count = 0;
  for (let c = 0; c < lengths.length; c += 3) {
    const i = weldedIndices[c], j = weldedIndices[c + 1], k = weldedIndices[c + 2];
    if (i === j || j === k || k === i) {
      lengths[c] = lengths[c + 1] = lengths[c + 2] = -1;
      continue;
    }
    const p = 3 * representative[i], q = 3 * representative[j], r = 3 * representative[k];
    const ax = positions[r] - positions[q], ay = positions[r + 1] - positions[q + 1];
    const az = positions[r + 2] - positions[q + 2], bx = positions[p] - positions[r];
    const by = positions[p + 1] - positions[r + 1], bz = positions[p + 2] - positions[r + 2];
    const cx = positions[q] - positions[p], cy = positions[q + 1] - positions[p + 1];
    const cz = positions[q + 2] - positions[p + 2];
    const a = Math.sqrt(ax * ax + ay * ay + az * az), b = Math.sqrt(bx * bx + by * by + bz * bz);
    const d = Math.sqrt(cx * cx + cy * cy + cz * cz);
    lengths[c] = a;
    lengths[c + 1] = b;
    lengths[c + 2] = d;
    total += a + b + d;
    count += 3;
  }
  return count === 0 ? 0 : total / count;
}

/** The least length that, added to every side, lets two sides exceed the third by `slack` everywhere. */
function lackingLength(lengths: Float64Array, slack: number): number {
  let lacking = 0;
  for (let c = 0; c < lengths.length; c += 3) {
    const a = lengths[c], b = lengths[c + 1], d = lengths[c + 2];
    if (a < 0) continue;
    const longest = Math.max(a, b, d);
    const excess = a + b + d - longest - longest;
    if (slack - excess > lacking) lacking = slack - excess;
  }
  return lacking;
}

/** Turns the length opposite each corner into half the cotangent there; adds a third of each area to its places. */
function cotangentsOfLengths(
  lengths: Float64Array,
  addedLength: number,
  weldedIndices: Uint32Array,
  lumpedMass: Float64Array,
): void {
  for (let c = 0; c < lengths.length; c += 3) {
    if (lengths[c] < 0) {
      lengths[c] = lengths[c + 1] = lengths[c + 2] = 0;
      continue;
    }
    const a = lengths[c] + addedLength, b = lengths[c + 1] + addedLength, d = lengths[c + 2] + addedLength;
    const longest = Math.max(a, b, d), shortest = Math.min(a, b, d);
    const middle = Math.max(Math.min(a, b), Math.min(Math.max(a, b), d));
    const fourAreas = Math.sqrt(
      (longest + (middle + shortest)) * (shortest - (longest - middle)) *
        (shortest + (longest - middle)) * (longest + (middle - shortest)),
    );
    const third = fourAreas / 12, scale = 0.5 / fourAreas;
    lumpedMass[weldedIndices[c]] += third;
    lumpedMass[weldedIndices[c + 1]] += third;
    lumpedMass[weldedIndices[c + 2]] += third;
    lengths[c] = (b * b + d * d - a * a) * scale;
    lengths[c + 1] = (d * d + a * a - b * b) * scale;
    lengths[c + 2] = (a * a + b * b - d * d) * scale;
  }
}

/** Adds up each ring's cotangents in the order of faces, so that an edge gets the same bits from both ends. */
function gatherWeights(
  { weldedIndices, cornerOffsets, corners, ringOffsets, ringVertices, weldedCount }: Topology,
  halfCotangents: Float64Array,
  edgeWeights: Float64Array,
  entryOf: Uint32Array,
): void {
  edgeWeights.fill(0);
  for (let v = 0; v < weldedCount; v++) {
    for (let r = ringOffsets[v]; r < ringOffsets[v + 1]; r++) entryOf[ringVertices[r]] = r;
    for (let i = cornerOffsets[v]; i < cornerOffsets[v + 1]; i++) {
      const c = corners[i], slot = c % 3;
      const next = slot === 2 ? c - 2 : c + 1, previous = slot === 0 ? c + 2 : c - 1;
      const a = weldedIndices[next], b = weldedIndices[previous];
      if (a === v || b === v || a === b) continue;
      edgeWeights[entryOf[a]] += halfCotangents[previous];
      edgeWeights[entryOf[b]] += halfCotangents[next];
    }
  }
}
