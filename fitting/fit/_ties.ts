import type { Frame, Scratch } from "../../pool/scratch.ts";
import type { Effort } from "../_effort.ts";
import { closestOnThinTriangle } from "../surface/_triangle.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** What lies farther apart in the input is not tied; metres. */
const REACH = 0.012;
/** What a tie of no length weighs against the mean stiffness of a vertex, and the length that halves it, metres. */
const MOST_WEIGHT = 20, HALF_LENGTH = 0.002;
/** A place is tied to so many other islands at most: the nearest. */
const MOST_ISLANDS = 4;
/** So many places are tied at most, spread over all: the rest goes with them. */
const MOST_PLACES = 16_384;
/** What a place takes, nanoseconds, and a face that is looked at. */
const PLACE_COST = 2000, FACE_COST = 150;

/**
 * Pairs of a place and the point of another island that lies beside it: cards of
 * hair, a sole and its upper, a shirt in its trousers. Each pair keeps the vector
 * between its ends as the skin carries it, the more so the closer they are, so
 * that what one has to give way to moves the other along, and neither comes to
 * lie in or through the other.
 */
export interface Ties {
  /** How many pairs there are. */
  count: number;
  /** `4 *` place, then the three of the face. */
  readonly vertices: Uint32Array;
  /** `3 *` barycentric coordinates on the face. */
  readonly barycentric: Float64Array;
  /** What each pair weighs. */
  readonly weights: Float64Array;
  /** `3 *` what the vector from the face to the place should be, metres. */
  readonly targets: Float64Array;
}

/** A single island. */
export const NO_TIES: Ties = {
  count: 0,
  vertices: new Uint32Array(0),
  barycentric: new Float64Array(0),
  weights: new Float64Array(0),
  targets: new Float64Array(0),
};

/** The counts that decide how much ties lease. */
interface TieSizes {
  readonly weldedCount: number;
  readonly islandCount: number;
}

/** Pairs there may be. */
function mostTies({ weldedCount, islandCount }: TieSizes): number {
  return islandCount < 2 ? 0 : Math.min(MOST_ISLANDS, islandCount - 1) * Math.min(weldedCount, MOST_PLACES);
}

/** Leases room for the ties of a garment. */
export function leaseTies(topology: Topology, frame: Frame): Ties {
  const most = mostTies(topology);
  return {
    count: 0,
    vertices: frame.u32(4 * most),
    barycentric: frame.f64(3 * most),
    weights: frame.f64(most),
    targets: frame.f64(3 * most),
  };
}

/** Bytes {@linkcode leaseTies} leases. */
export function tiesBytes(sizes: TieSizes): number {
  return mostTies(sizes) * (16 + 24 + 8 + 24);
}

/** Bytes {@linkcode findTiesWork} leases from scratch. */
export function findTiesBytes({ faceCount, islandCount }: { faceCount: number; islandCount: number }): number {
  return islandCount < 2 ? 0 : 4 * faceCount + 8 * 6 + 4 * 9 + 8 * 6 + 4 * 2 * MOST_ISLANDS + 8 * 3 * MOST_ISLANDS;
}

/** What is asked for one place: the box about it, a face from it, and the nearest point of each of the nearest islands. */
interface TieSearch {
  readonly near: Uint32Array;
  readonly box: Float64Array;
  readonly corners: Float32Array;
  readonly here: Float64Array;
  readonly answer: Float64Array;
  /** How many islands were found. */
  found: number;
  /** Island and face of each, nearest first. */
  readonly islands: Uint32Array;
  readonly faces: Uint32Array;
  /** `3 *` two barycentric coordinates and the squared distance. */
  readonly points: Float64Array;
}

/**
 * Finds the ties of a garment, and what each should be: the vector in the input,
 * turned and grown with the skin beneath both ends. What the two bodies bring
 * apart or together by more than a tie may be long, such as a sleeve beside a
 * trunk, is not tied.
 *
 * @param index Of the welded input.
 * @param goal Where each place was carried, and how the skin beneath it turned.
 * @param isLeftOut Places that take no part.
 */
export function* findTiesWork(
  ties: Ties,
  index: SurfaceIndex,
  topology: Topology,
  rest: Float64Array,
  goal: { readonly bound: Float64Array; readonly frames: Float64Array },
  isLeftOut: (v: number) => boolean,
  effort: Effort,
  scratch: Scratch,
): Work<void> {
  const { weldedCount, islandCount, ringOffsets, weldedIndices: t } = topology;
  if (islandCount < 2) return;
  using frame = scratch.frame("findTies");
  const search: TieSearch = {
    near: frame.u32(t.length / 3),
    box: frame.f64(6),
    corners: frame.f32(9),
    here: frame.f64(3),
    answer: frame.f64(3),
    found: 0,
    islands: frame.u32(MOST_ISLANDS),
    faces: frame.u32(MOST_ISLANDS),
    points: frame.f64(3 * MOST_ISLANDS),
  };
  const step = Math.max(1, Math.ceil(weldedCount / MOST_PLACES));
  for (let v = 0; v < weldedCount; v += step) {
    if (ringOffsets[v] === ringOffsets[v + 1] || isLeftOut(v)) continue;
    const seen = findBeside(search, index, topology, rest, v, isLeftOut);
    for (let i = 0; i < search.found; i++) addTie(ties, search, t, rest, goal, v, i);
    yield* effort.spend(1, PLACE_COST + FACE_COST * seen);
  }
}

/** Finds the nearest points of other islands beside a place. Returns how many faces were looked at. */
function findBeside(
  search: TieSearch,
  index: SurfaceIndex,
  { islandOf, weldedIndices: t }: Topology,
  rest: Float64Array,
  v: number,
  isLeftOut: (v: number) => boolean,
): number {
  const { near, box, corners, here, answer } = search;
  for (let k = 0; k < 3; k++) {
    box[k] = rest[3 * v + k] - REACH;
    box[3 + k] = rest[3 * v + k] + REACH;
  }
  search.found = 0;
  const count = index.facesInBox(box, near);
  for (let n = 0; n < count; n++) {
    const c = 3 * near[n], island = islandOf[t[c]];
    if (island === islandOf[v] || isLeftOut(t[c]) || isLeftOut(t[c + 1]) || isLeftOut(t[c + 2])) continue;
    for (let k = 0; k < 9; k++) corners[k] = rest[3 * t[c + (k - k % 3) / 3] + k % 3] - rest[3 * v + k % 3];
    closestOnThinTriangle(corners, 0, here, answer);
    if (answer[2] < REACH * REACH) keepNearest(search, island, near[n]);
  }
  return count;
}

/** Puts the answer among the nearest islands, one point of each; of equally near ones the lower face. */
function keepNearest(search: TieSearch, island: number, face: number): void {
  const { islands, faces, points, answer } = search;
  let at = 0;
  while (at < search.found && islands[at] !== island) at++;
  const isNew = at === search.found;
  if (!isNew && !isNearer(search, face, at)) return;
  if (isNew && search.found < MOST_ISLANDS) search.found++;
  else if (isNew) {
    at--;
    if (!isNearer(search, face, at)) return;
  }
  for (; at > 0 && isNearer(search, face, at - 1); at--) {
    islands[at] = islands[at - 1];
    faces[at] = faces[at - 1];
    points.copyWithin(3 * at, 3 * at - 3, 3 * at);
  }
  islands[at] = island;
  faces[at] = face;
  for (let k = 0; k < 3; k++) points[3 * at + k] = answer[k];
}

function isNearer({ answer, points, faces }: TieSearch, face: number, than: number): boolean {
  return answer[2] < points[3 * than + 2] || (answer[2] === points[3 * than + 2] && face < faces[than]);
}

/** Ties a place to the `i`th of the islands beside it. */
function addTie(
  ties: Ties,
  { faces, points }: TieSearch,
  t: Uint32Array,
  rest: Float64Array,
  { bound, frames }: { readonly bound: Float64Array; readonly frames: Float64Array },
  v: number,
  i: number,
): void {
  const { vertices, barycentric, weights, targets, count } = ties, c = 3 * faces[i];
  vertices[4 * count] = v;
  for (let k = 0; k < 3; k++) vertices[4 * count + 1 + k] = t[c + k];
  const w1 = points[3 * i], w2 = points[3 * i + 1], lengthSq = points[3 * i + 2];
  barycentric[3 * count] = 1 - w1 - w2;
  barycentric[3 * count + 1] = w1;
  barycentric[3 * count + 2] = w2;
  const x = across(ties, rest, 0), y = across(ties, rest, 1), z = across(ties, rest, 2);
  let apartSq = 0;
  for (let k = 0; k < 3; k++) {
    let carried = 0;
    for (let s = 0; s < 4; s++) {
      const share = s === 0 ? 0.5 : 0.5 * barycentric[3 * count + s - 1], m = 9 * vertices[4 * count + s] + 3 * k;
      carried += share * (frames[m] * x + frames[m + 1] * y + frames[m + 2] * z);
    }
    targets[3 * count + k] = carried;
    apartSq += (across(ties, bound, k) - carried) ** 2;
  }
  if (apartSq >= REACH * REACH) return;
  const near = (1 - lengthSq / (REACH * REACH)) * (1 - apartSq / (REACH * REACH));
  weights[count] = MOST_WEIGHT * near * near / (1 + lengthSq / (HALF_LENGTH * HALF_LENGTH));
  ties.count++;
}

/** One coordinate of the vector from face to place of the tie after the last. */
function across({ vertices, barycentric, count }: Ties, p: Float64Array, axis: number): number {
  let sum = p[3 * vertices[4 * count] + axis];
  for (let k = 0; k < 3; k++) sum -= barycentric[3 * count + k] * p[3 * vertices[4 * count + 1 + k] + axis];
  return sum;
}

/** image += Σ_i weight_i CᵀC d, where C takes the face's point from the place. */
export function applyTies(
  { count, vertices, barycentric, weights }: Ties,
  d: Float64Array,
  image: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const v = 3 * vertices[4 * i],
      a = 3 * vertices[4 * i + 1],
      b = 3 * vertices[4 * i + 2],
      c = 3 * vertices[4 * i + 3];
    const wa = barycentric[3 * i], wb = barycentric[3 * i + 1], wc = barycentric[3 * i + 2], weight = weights[i];
    for (let j = 0; j < 3; j++) {
      const r = weight * (d[v + j] - wa * d[a + j] - wb * d[b + j] - wc * d[c + j]);
      image[v + j] += r;
      image[a + j] -= wa * r;
      image[b + j] -= wb * r;
      image[c + j] -= wc * r;
    }
  }
}

/** rhs += Σ_i weight_i Cᵀt, and their share of the diagonal. */
export function addTies(
  { count, vertices, barycentric, weights, targets }: Ties,
  rhs: Float64Array,
  diagonal: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    for (let s = 0; s < 4; s++) {
      const v = vertices[4 * i + s], share = s === 0 ? 1 : -barycentric[3 * i + s - 1];
      diagonal[v] += weights[i] * share * share;
      for (let j = 0; j < 3; j++) rhs[3 * v + j] += weights[i] * share * targets[3 * i + j];
    }
  }
}
