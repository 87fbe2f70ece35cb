import type { Frame } from "../../pool/scratch.ts";
import type { Effort } from "../_effort.ts";
import { askMove, takeMove } from "./_moves.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";
import { sumNormals } from "./_sum_normals.ts";

/** A vertex of the body pokes through a face of the garment at most so deep beneath it; what lies deeper is for contact; metres. */
const REACH = 0.01;
/** What a vertex of the body takes, nanoseconds, and a face of it. */
const RAY_COST = 1500, FACE_COST = 40;

/** Directions out of the body at its vertices. */
export interface Pokes {
  readonly target: SurfaceIndex;
  /** `3 *` unit normals of the body's vertices, by area; zero where no face is. */
  readonly normals: Float64Array;
  readonly hit: SurfaceHit;
  /** Where a ray met the garment. */
  readonly point: Float64Array;
}

/** Leases and fills the directions. */
export function* leasePokes(target: SurfaceIndex, frame: Frame, effort: Effort): Work<Pokes> {
  const { positions: p, indices } = target.mesh, normals = frame.f64(p.length), point = frame.f64(3);
  sumNormals(indices, p, normals);
  yield* effort.spend(indices.length / 3, FACE_COST);
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.sqrt(normals[v] ** 2 + normals[v + 1] ** 2 + normals[v + 2] ** 2);
    const scale = length > 0 ? 1 / length : 0;
    for (let k = v; k < v + 3; k++) normals[k] *= scale;
  }
  return { target, normals, hit: new SurfaceHit(), point };
}

/** Bytes {@linkcode leasePokes} leases. */
export function pokesBytes({ vertexCount }: { vertexCount: number }): number {
  return 8 * 3 * vertexCount + 8 * 3;
}

/**
 * Finds vertices of the body that stick out through the middle of a face of the
 * garment, by a ray inwards from each, and lifts the faces over them where asked.
 *
 * @param index Of the welded garment as it is now.
 * @param moves `4 *` zeros, and so again afterwards.
 * @param isLeftOut 1 for places of the garment that do not move, or may be inside.
 * @returns How many there were.
 */
export function* findPokes(
  { target, normals, hit, point }: Pokes,
  index: SurfaceIndex,
  { weldedIndices: t }: Topology,
  isLeftOut: Uint8Array,
  clearance: Float64Array,
  isLifted: boolean,
  p: Float64Array,
  moves: Float64Array,
  effort: Effort,
): Work<number> {
  const q = target.mesh.positions;
  let found = 0;
  for (let v = 0; v < q.length; v += 3) {
    yield* effort.spend(1, RAY_COST);
    const nx = normals[v], ny = normals[v + 1], nz = normals[v + 2];
    if (nx === 0 && ny === 0 && nz === 0) continue;
    if (!index.rayHit(q[v], q[v + 1], q[v + 2], -nx, -ny, -nz, hit, REACH)) continue;
    const c = 3 * hit.face, a = t[c], b = t[c + 1], d = t[c + 2], { w0, w1, w2 } = hit;
    point[0] = hit.x;
    point[1] = hit.y;
    point[2] = hit.z;
    if (isLeftOut[a] + isLeftOut[b] + isLeftOut[d] > 0 || !target.isInsideAt(point, 0)) continue;
    found++;
    if (!isLifted) continue;
    const wanted = w0 * clearance[a] + w1 * clearance[b] + w2 * clearance[d];
    const lack = Math.sqrt(hit.distanceSq) + wanted, give = w0 * w0 + w1 * w1 + w2 * w2, say = lack * lack;
    const x = lack * nx, y = lack * ny, z = lack * nz;
    askMove(moves, 4 * a, w0, w0, give, say, x, y, z);
    askMove(moves, 4 * b, w1, w1, give, say, x, y, z);
    askMove(moves, 4 * d, w2, w2, give, say, x, y, z);
  }
  for (let v = 0; isLifted && v < isLeftOut.length; v++) takeMove(moves, v, p);
  return found;
}
