import type { Frame } from "../../pool/scratch.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import { closestOnThinTriangle } from "../surface/_triangle.ts";
import type { Topology } from "../topology/topology.ts";
import type { TriangleMesh } from "../mesh.ts";

/** A second wall is looked for from so much farther off the first: a share of the distance, and metres. */
const ASIDE = 0.5, LEAST_ASIDE = 0.001;
/** It counts as much as the first where it is as near, and nothing from so much farther on: a share of the distance, and metres. */
const BAND = 0.4, LEAST_BAND = 0.001;
/** Faces that are gone over on the way to the closest of a wall. */
const MAX_STEPS = 16;
/** A place on the skin means no direction; metres. */
const ON_SURFACE = 1e-9;

/** Looks for the wall of skin across from the closest one, as where legs meet. */
export interface OtherWall {
  readonly mesh: TriangleMesh;
  readonly topology: Topology;
  readonly index: SurfaceIndex;
  /** The closest point of the other wall, after {@linkcode findOtherWall}. */
  readonly hit: SurfaceHit;
  /** The vertex, and a point that is farther from the first wall. */
  readonly point: Float64Array;
  /** Corners of a face, and what its closest point is. */
  readonly corners: Float32Array;
  readonly answer: Float64Array;
  /** How much the other wall counts, of 1 in all: up to a half. In here, as an engine makes an object of a number that is returned. */
  share: number;
}

/** Leases what a search needs. */
export function leaseOtherWall(mesh: TriangleMesh, topology: Topology, index: SurfaceIndex, frame: Frame): OtherWall {
  return {
    mesh,
    topology,
    index,
    hit: new SurfaceHit(),
    point: frame.f64(6),
    corners: frame.f32(9),
    answer: frame.f64(3),
    share: NaN,
  };
}

/** Bytes {@linkcode leaseOtherWall} leases. */
export const OTHER_WALL_BYTES = 8 * (6 + 3) + 4 * 9;

/**
 * Finds the wall across from the closest point `first` of `wall.point`, and sets
 * what it counts: the closest point of a place that is farther from the first, and
 * from there down the skin to what is closest to the point itself. So a point that
 * is as near to two walls has the same two, whichever comes first.
 */
export function findOtherWall(wall: OtherWall, first: SurfaceHit): void {
  const { index, hit, point } = wall, distance = Math.sqrt(first.distanceSq);
  wall.share = 0;
  if (distance <= ON_SURFACE) return;
  const away = ASIDE + LEAST_ASIDE / distance;
  point[3] = point[0] + away * (point[0] - first.x);
  point[4] = point[1] + away * (point[1] - first.y);
  point[5] = point[2] + away * (point[2] - first.z);
  index.closestPointAt(point, 1, hit, Infinity, first.face);
  if (hit.face === first.face) return;
  hit.distanceSq = Infinity;
  for (let step = 0; step < MAX_STEPS; step++) {
    const face = hit.face;
    descend(wall, face);
    if (hit.face === face) break;
  }
  if (hit.face === first.face) return;
  const farther = (Math.sqrt(hit.distanceSq) - distance) / (BAND * distance + LEAST_BAND);
  if (farther < 1) wall.share = farther > 0 ? 0.5 - farther * farther * (1.5 - farther) : 0.5;
}

/** Moves the hit to the closest point of a face and those around it. */
function descend({ mesh: { positions, indices }, topology, hit, point, corners, answer }: OtherWall, face: number) {
  const { weldedIndices, cornerOffsets } = topology;
  for (let k = 3 * face; k < 3 * face + 3; k++) {
    const place = weldedIndices[k];
    for (let c = cornerOffsets[place]; c < cornerOffsets[place + 1]; c++) {
      const around = Math.floor(topology.corners[c] / 3);
      for (let i = 0; i < 9; i++) corners[i] = positions[3 * indices[3 * around + (i - i % 3) / 3] + i % 3];
      closestOnThinTriangle(corners, 0, point, answer);
      if (!(answer[2] < hit.distanceSq)) continue;
      hit.face = around;
      hit.distanceSq = answer[2];
      hit.w0 = 1 - answer[0] - answer[1];
      hit.w1 = answer[0];
      hit.w2 = answer[1];
    }
  }
}
