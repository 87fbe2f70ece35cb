import { Effort } from "../_effort.ts";
import { boundsOf } from "../bounds.ts";
import type { TriangleMesh } from "../mesh.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import { finish, type Work } from "../work.ts";

/** Whether a garment and a body are something that can be fitted at all. */
export interface LieOnBody {
  /** Least distance of the garment from the body, metres, 0 inside; as a few hundred of its faces have it. `NaN` without a face on both sides. */
  gap: number;
  /** Longest side of the garment's box over that of the body's; `NaN` likewise. */
  sizeRatio: number;
  /** Share of the body's faces, as a few hundred have it, that are not the outside of a solid, 0–1: 0 for a closed one that faces out. */
  openShare: number;
}

/** Faces that are looked at on either side. */
const SAMPLES = 256;
/** What a question about one takes, nanoseconds: its distance from afar, and its winding number. */
const ASK_COST = 20_000;
/** Just behind a face, in longest sides of the body, */
const BEHIND = 1e-4;
/** a solid winds around a place this often at least: near a hole it does not. */
const SOLID = 0.75;

/**
 * Finds out, before a fit, whether the garment is anywhere near the body and of
 * its size, and whether the body has an inside. O(faceCount) for the boxes, and a
 * few hundred questions.
 *
 * @param mesh The garment; read only.
 * @param body Index of the body.
 * @example A triangle one metre above a floor, which has no inside
 * ```ts
 * import { lieOnBody, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const floor = { positions: Float32Array.of(-4, 0, 4, 4, 0, 4, 4, 0, -4, -4, 0, -4), indices: Uint32Array.of(0, 1, 2, 0, 2, 3) };
 * const mesh = { positions: Float32Array.of(0, 1, 0, 2, 1, 0, 0, 1, 2), indices: Uint32Array.of(0, 1, 2) };
 * assertEquals(lieOnBody(mesh, SurfaceIndex.build(floor, scope)), { gap: 1, sizeRatio: 0.25, openShare: 1 });
 * ```
 */
export function lieOnBody(mesh: TriangleMesh, body: SurfaceIndex): LieOnBody {
  return finish(lieOnBodyWork(mesh, body));
}

/** {@linkcode lieOnBody} with pauses. */
export function* lieOnBodyWork(mesh: TriangleMesh, body: SurfaceIndex): Work<LieOnBody> {
  if (mesh.indices.length === 0 || body.mesh.indices.length === 0) return { gap: NaN, sizeRatio: NaN, openShare: 0 };
  const own = longestSide(mesh);
  yield;
  const size = longestSide(body.mesh);
  yield;
  yield* body.prepareInsideWork();
  const effort = new Effort(), gap = yield* gapWork(mesh, body, effort);
  return { gap, sizeRatio: own / size, openShare: yield* openShareWork(body, size, effort) };
}

function longestSide(mesh: TriangleMesh): number {
  const { boundsMin, boundsMax } = boundsOf(mesh);
  return Math.max(boundsMax[0] - boundsMin[0], boundsMax[1] - boundsMin[1], boundsMax[2] - boundsMin[2]);
}

/** Looks no farther than the least so far. */
function* gapWork({ positions, indices }: TriangleMesh, body: SurfaceIndex, effort: Effort): Work<number> {
  const hit = new SurfaceHit(), step = 3 * Math.max(1, Math.floor(indices.length / 3 / SAMPLES));
  let gap = Infinity;
  for (let c = 0; c < indices.length && gap > 0; c += step) {
    const i = 3 * indices[c], x = positions[i], y = positions[i + 1], z = positions[i + 2];
    if (body.closestPoint(x, y, z, hit, gap)) gap = body.isInside(x, y, z) ? 0 : Math.sqrt(hit.distanceSq);
    else if (body.isInside(x, y, z)) gap = 0;
    yield* effort.spend(1, ASK_COST);
  }
  return gap;
}

function* openShareWork(body: SurfaceIndex, size: number, effort: Effort): Work<number> {
  const { positions: p, indices } = body.mesh, behind = BEHIND * size;
  const step = 3 * Math.max(1, Math.floor(indices.length / 3 / SAMPLES));
  const { isClosed } = body; // one that is can be asked quickly
  let open = 0, all = 0;
  for (let c = 0; c < indices.length; c += step) {
    const i = 3 * indices[c], j = 3 * indices[c + 1], k = 3 * indices[c + 2];
    const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
    const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (!(length > 0)) continue;
    const back = behind / length;
    const x = p[i] + (ux + vx) / 3 - back * nx, y = p[i + 1] + (uy + vy) / 3 - back * ny;
    const z = p[i + 2] + (uz + vz) / 3 - back * nz;
    all++;
    if (isClosed ? !body.isInside(x, y, z) : body.windingNumber(x, y, z) < SOLID) open++;
    yield* effort.spend(1, ASK_COST);
  }
  return all > 0 ? open / all : 0;
}
