import type { Scratch } from "../../pool/scratch.ts";
import { cornerAngle } from "./_corner_angle.ts";
import { Effort } from "../_effort.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** What a vertex takes, nanoseconds. */
const VERTEX_COST = 400;
/** Sums shorter than this share of their weight point nowhere. */
const LEAST_AGREEMENT = 1e-4;

/**
 * Writes tangents as normal maps need them: the direction in which `u` grows, at right angles to the normal, and in the
 * fourth number the side on which `v` *falls*, as glTF has it: the bitangent is `cross(normal, tangent) * w`.
 *
 * As MikkTSpace does it, every face's direction is laid into the plane of the vertex' normal, made unit length and counts
 * by the face's angle there; vertices of one place with equal normals and texture coordinates share theirs. Unlike there,
 * a vertex between mirrored halves is not split: the half with the larger angle decides. Where no face has texture area,
 * the tangent is any direction at right angles to the normal.
 * Source: Mikkelsen 2008, "Simulation of Wrinkled Surfaces Revisited".
 *
 * @param mesh Read only.
 * @param topology Of `mesh`.
 * @param normals `3 * vertexCount`, unit length.
 * @param uvs `2 * vertexCount`, `v` from the top.
 * @param out Caller-owned, `4 * vertexCount`; overwritten.
 * @param scratch Left as it was found; nothing is leased.
 * @throws {RangeError} If a length does not fit `mesh`.
 *
 * @example A triangle with its texture upright
 * ```ts
 * import { buildTopology, vertexTangents } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope), out = new Float32Array(12);
 * const normals = Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1), uvs = Float32Array.of(0, 1, 1, 1, 0, 0);
 * vertexTangents(mesh, topology, normals, uvs, out, scope);
 * assertEquals([...out.subarray(0, 4)], [1, 0, 0, 1]);
 * ```
 */
export function vertexTangents(
  mesh: TriangleMesh,
  topology: Topology,
  normals: Float32Array,
  uvs: Float32Array,
  out: Float32Array,
  scratch: Scratch,
): void {
  finish(vertexTangentsWork(mesh, topology, normals, uvs, out, scratch));
}

/** {@linkcode vertexTangents} with pauses. */
export function* vertexTangentsWork(
  mesh: TriangleMesh,
  topology: Topology,
  normals: Float32Array,
  uvs: Float32Array,
  out: Float32Array,
  scratch: Scratch,
): Work<void> {
  const vertexCount = mesh.positions.length / 3;
  if (normals.length !== 3 * vertexCount || uvs.length !== 2 * vertexCount || out.length !== 4 * vertexCount) {
    throw new RangeError(
      `Cannot write tangents of ${vertexCount} vertices as normals, uvs and out must hold 3, 2 and 4 numbers for each: they hold ${normals.length}, ${uvs.length} and ${out.length}`,
    );
  }
  using frame = scratch.frame("tangents");
  const sum = frame.f64(8), effort = new Effort();
  for (let v = 0; v < vertexCount; v++) {
    sum.fill(0);
    addFaces(mesh, topology, normals, uvs, v, sum);
    writeTangent(normals, v, sum, out);
    yield* effort.spend(1, VERTEX_COST);
  }
}

/** Exactly the bytes {@linkcode vertexTangents} leases. */
export function vertexTangentsBytes(): number {
  return 64;
}

/** Adds the directions of the faces around a vertex, and their angles: four numbers for either side of the texture. */
function addFaces(
  mesh: TriangleMesh,
  { positionRemap, cornerOffsets, corners }: Topology,
  normals: Float32Array,
  uvs: Float32Array,
  v: number,
  sum: Float64Array,
): void {
  const { positions: p, indices } = mesh, w = positionRemap[v];
  const nx = normals[3 * v], ny = normals[3 * v + 1], nz = normals[3 * v + 2];
  for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
    const c = corners[i], slot = c % 3, a = indices[c];
    if (a !== v && !isShared(normals, uvs, a, v)) continue;
    const b = indices[slot === 2 ? c - 2 : c + 1], d = indices[slot === 0 ? c + 2 : c - 1];
    const ux = p[3 * b] - p[3 * a], uy = p[3 * b + 1] - p[3 * a + 1], uz = p[3 * b + 2] - p[3 * a + 2];
    const vx = p[3 * d] - p[3 * a], vy = p[3 * d + 1] - p[3 * a + 1], vz = p[3 * d + 2] - p[3 * a + 2];
    const s1 = uvs[2 * b] - uvs[2 * a], t1 = uvs[2 * b + 1] - uvs[2 * a + 1];
    const s2 = uvs[2 * d] - uvs[2 * a], t2 = uvs[2 * d + 1] - uvs[2 * a + 1];
    const area = s1 * t2 - s2 * t1;
    if (!(area !== 0)) continue;
    const sign = area > 0 ? 1 : -1;
    let x = sign * (ux * t2 - vx * t1), y = sign * (uy * t2 - vy * t1), z = sign * (uz * t2 - vz * t1);
    const along = x * nx + y * ny + z * nz;
    x -= along * nx;
    y -= along * ny;
    z -= along * nz;
    const length = Math.sqrt(x * x + y * y + z * z);
    if (!(length > 0)) continue;
    const cx = uy * vz - uz * vy, cy = uz * vx - ux * vz, cz = ux * vy - uy * vx;
    const angle = cornerAngle(Math.sqrt(cx * cx + cy * cy + cz * cz), ux * vx + uy * vy + uz * vz);
    const side = (cx * nx + cy * ny + cz * nz < 0) === (sign < 0) ? 0 : 4;
    sum[side] += angle * x / length;
    sum[side + 1] += angle * y / length;
    sum[side + 2] += angle * z / length;
    sum[side + 3] += angle;
  }
}

/** Whether two vertices of one place differ in nothing that tangents depend on. */
function isShared(normals: Float32Array, uvs: Float32Array, a: number, b: number): boolean {
  return uvs[2 * a] === uvs[2 * b] && uvs[2 * a + 1] === uvs[2 * b + 1] && normals[3 * a] === normals[3 * b] &&
    normals[3 * a + 1] === normals[3 * b + 1] && normals[3 * a + 2] === normals[3 * b + 2];
}

function writeTangent(normals: Float32Array, v: number, sum: Float64Array, out: Float32Array): void {
  const o = 4 * v, side = sum[3] >= sum[7] ? 0 : 4, weight = sum[side + 3];
  const length = Math.sqrt(sum[side] * sum[side] + sum[side + 1] * sum[side + 1] + sum[side + 2] * sum[side + 2]);
  out[o + 3] = side === 0 && weight > 0 ? -1 : 1; // v counts downwards
  if (length > LEAST_AGREEMENT * weight) {
    for (let k = 0; k < 3; k++) out[o + k] = sum[side + k] / length;
    return;
  }
  const x = normals[3 * v], y = normals[3 * v + 1], z = normals[3 * v + 2];
  // at right angles to the normal, in the plane of the two axes it leans to least evenly
  const isUpright = Math.abs(y) > Math.abs(x), scale = Math.sqrt(isUpright ? y * y + z * z : x * x + z * z);
  out[o] = scale === 0 ? 1 : isUpright ? 0 : z / scale;
  out[o + 1] = scale === 0 || !isUpright ? 0 : z / scale;
  out[o + 2] = scale === 0 ? 0 : isUpright ? -y / scale : -x / scale;
}
