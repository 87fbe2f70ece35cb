import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import type { TriangleMesh } from "../mesh.ts";
import { assertMask } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Corners to go over in one call, a multiple of 3, and nanoseconds each takes. */
const CHUNK = 3 * 32_768, CORNER_COST = 10;

/** Half a float's worth off a cosine, of which no engine promises the last bit. */
const COSINE_EPSILON = 1e-6;

/**
 * Keeps of a selection the places whose surface faces a direction: the sum of the faces there, each with its area, points
 * there within an angle. What the file says of normals does not matter.
 *
 * @param mesh Read only.
 * @param topology Of `mesh`.
 * @param direction Of any length above 0.
 * @param withinRad The greatest angle, radians, 0 to π.
 * @param mask `weldedCount` flags; those of other places become 0, also where no face with an area is.
 * @param scratch Left as it was found; {@linkcode keepFacingBytes} are leased.
 * @returns How many places are left.
 * @throws {RangeError} If the mask has the wrong length or the direction none.
 *
 * @example A triangle that faces the viewer
 * ```ts
 * import { buildTopology, keepFacing } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * assertEquals(keepFacing(mesh, topology, [0, 0, 1], 0.1, Uint8Array.of(1, 1, 1), scope), 3);
 * assertEquals(keepFacing(mesh, topology, [0, 1, 1], 0.1, Uint8Array.of(1, 1, 1), scope), 0);
 * ```
 */
export function keepFacing(
  mesh: TriangleMesh,
  topology: Topology,
  direction: ArrayLike<number>,
  withinRad: number,
  mask: Uint8Array,
  scratch: Scratch,
): number {
  return finish(keepFacingWork(mesh, topology, direction, withinRad, mask, scratch));
}

/** {@linkcode keepFacing} with pauses. */
export function* keepFacingWork(
  mesh: TriangleMesh,
  topology: Topology,
  direction: ArrayLike<number>,
  withinRad: number,
  mask: Uint8Array,
  scratch: Scratch,
): Work<number> {
  assertMask(mask, topology);
  const dx = direction[0], dy = direction[1], dz = direction[2];
  const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
  if (!(length > 0 && length < Infinity)) {
    throw new RangeError(`Cannot select by direction as it must have a length above 0: it is ${dx}, ${dy}, ${dz}`);
  }
  using frame = scratch.frame("facing");
  const sums = frame.f64(3 * mask.length);
  const effort = new Effort();
  for (let c = 0; c < mesh.indices.length; c += CHUNK) {
    const end = Math.min(c + CHUNK, mesh.indices.length);
    sumFaces(sums, mesh, topology, c, end);
    yield* effort.spend(end - c, CORNER_COST);
  }
  const leastCosine = Math.fround(Math.cos(withinRad)) - COSINE_EPSILON;
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    if (mask[w] === 0) continue;
    const x = sums[3 * w], y = sums[3 * w + 1], z = sums[3 * w + 2];
    const size = Math.sqrt(x * x + y * y + z * z);
    if (size > 0 && x * dx + y * dy + z * dz >= leastCosine * size * length) kept++;
    else mask[w] = 0;
  }
  return kept;
}

/** Exactly the bytes {@linkcode keepFacing} leases. */
export function keepFacingBytes({ weldedCount }: { weldedCount: number }): number {
  return 24 * weldedCount;
}

function sumFaces(
  sums: Float64Array,
  { positions: p, indices }: TriangleMesh,
  { weldedIndices }: Topology,
  first: number,
  last: number,
): void {
  for (let c = first; c < last; c += 3) {
    const i = 3 * indices[c], j = 3 * indices[c + 1], k = 3 * indices[c + 2];
    const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
    const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    for (let corner = c; corner < c + 3; corner++) {
      const at = 3 * weldedIndices[corner];
      sums[at] += nx;
      sums[at + 1] += ny;
      sums[at + 2] += nz;
    }
  }
}
