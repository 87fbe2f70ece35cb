import type { Effort } from "../_effort.ts";
import type { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Work } from "../work.ts";

/** So close to the surface the direction to it means nothing: the face's normal is taken, metres. */
const ON_SURFACE = 1e-9;
/** Vertices that are looked at in one call. */
export const CHUNK = 512;
/** What a vertex takes, nanoseconds: to ask its distance, to pass over, to smooth. */
export const ASK_COST = 3000, SKIP_COST = 5;

/**
 * What the phases share; all arrays are leased by the caller. Numbers with a
 * fraction go from function to function in here, as an engine makes an object of
 * each that is passed; they start as `NaN` so that it stores them as doubles.
 */
export interface FitState {
  readonly target: SurfaceIndex;
  /** Welded positions at the start. */
  readonly rest: Float64Array;
  /** Displacement of each welded vertex. */
  readonly move: Float64Array;
  /** `move` as it was before it was smoothed. */
  readonly before: Float64Array;
  /** How far each vertex may still move before its distance must be asked again, metres. */
  readonly slack: Float64Array;
  /** The closest face of the last query: the next one starts there. */
  readonly lastFace: Int32Array;
  /** 1 for places that do not move. */
  readonly stays: Uint8Array;
  readonly hit: SurfaceHit;
  /** Where the vertex is that was asked for last. */
  readonly point: Float64Array;
  readonly clearance: number;
  /** Its signed distance, `Infinity` without a surface; the closest point is in `hit`. */
  distance: number;
  /** How much of what a vertex lacks it is pushed out, and of what it has too much drawn in. */
  push: number;
  pull: number;
  /** The largest violation of the last projection, metres. */
  worst: number;
  /** The vertex it is at. */
  worstVertex: number;
  /** The largest move of the last projection, metres. */
  largest: number;
}

/** Asks for the signed distance of welded vertex `v` where it is now. */
function ask(state: FitState, v: number): void {
  const { target, rest, move, lastFace, hit, point } = state;
  for (let k = 0; k < 3; k++) point[k] = rest[3 * v + k] + move[3 * v + k];
  state.distance = Infinity;
  if (!target.closestPointAt(point, 0, hit, Infinity, lastFace[v])) return;
  lastFace[v] = hit.face;
  const distance = Math.sqrt(hit.distanceSq);
  state.distance = target.isInsideAt(point, 0) ? -distance : distance;
}

/** Begins a projection that pushes out by `push` of what is lacking, and draws in by `pull` of what is too much. */
export function beginProjection(state: FitState, push: number, pull: number): void {
  state.push = push;
  state.pull = pull;
  state.worst = 0;
  state.largest = 0;
}

/**
 * Moves those of {@linkcode CHUNK} vertices from `from` on that are too close out
 * by `push` of what they lack, and others in by `pull` of what they have too much.
 *
 * @returns How many were asked for.
 */
export function project(state: FitState, from: number): number {
  const { slack, move, point, hit, clearance, push, pull } = state;
  const end = Math.min(from + CHUNK, slack.length);
  let asked = 0;
  for (let v = from; v < end; v++) {
    if ((slack[v] > 0 && pull === 0) || state.stays[v] === 1) continue;
    asked++;
    ask(state, v);
    const distance = state.distance, lack = clearance - distance;
    if (lack > state.worst) {
      state.worst = lack;
      state.worstVertex = v;
    }
    const by = lack > 0 ? push * lack : pull * lack;
    if (Math.abs(by) > state.largest) state.largest = Math.abs(by);
    slack[v] = -lack - Math.abs(by);
    if (by === 0 || distance === Infinity) continue;
    if (Math.abs(distance) <= ON_SURFACE) {
      moveAlongNormal(state, v, by);
      continue;
    }
    const scale = by / distance; // the direction from the surface, turned round inside
    move[3 * v] += scale * (point[0] - hit.x);
    move[3 * v + 1] += scale * (point[1] - hit.y);
    move[3 * v + 2] += scale * (point[2] - hit.z);
  }
  return asked;
}

/** Moves a vertex that lies on the surface: the direction to its closest point means nothing. */
function moveAlongNormal({ target, move, hit }: FitState, v: number, by: number): void {
  const { positions: p, indices } = target.mesh;
  const a = 3 * indices[3 * hit.face], b = 3 * indices[3 * hit.face + 1], c = 3 * indices[3 * hit.face + 2];
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const scale = by / Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), Number.MIN_VALUE);
  move[3 * v] += scale * nx;
  move[3 * v + 1] += scale * ny;
  move[3 * v + 2] += scale * nz;
}

/** Shortens the smoothed displacement and takes what each vertex moved off its slack. */
export function damp({ move, before, slack }: FitState, damping: number): void {
  for (let v = 0; v < slack.length; v++) {
    let movedSq = 0;
    for (let i = 3 * v; i < 3 * v + 3; i++) {
      move[i] *= damping;
      movedSq += (move[i] - before[i]) ** 2;
    }
    slack[v] -= Math.sqrt(movedSq);
  }
}

/** Counts the vertices that are inside. */
export function* countInside(state: FitState, effort: Effort): Work<number> {
  let inside = 0;
  for (let v = 0; v < state.slack.length; v++) {
    if (v % CHUNK === 0) yield* effort.spend(CHUNK, ASK_COST);
    ask(state, v);
    if (state.distance < 0) inside++;
  }
  return inside;
}
