import type { Frame } from "../../pool/scratch.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";
import { triangleArea } from "../_triangle_area.ts";

/** A separate part is rigid when its places spread about their mean no more than this share of what the garment's do… */
const MAX_SIZE = 0.15;
/** …and it has at most this many faces. Buttons, buckles, rivets; not a sleeve. */
const MAX_FACES = 600;
/** Small parts that are all border, such as cards of hair, are what the garment is made of beyond this share of its area: no trim. */
const MAX_CARDS = 0.03;
/** A part that is said to be stiff is rigid up to this share of it: a plate, not the cuirass. */
const MAX_HINTED_SIZE = 0.5;

/** Which parts of a garment keep their shape. */
export type RigidMode = "auto" | "none" | "all";

/** The parts of a garment that keep their shape, each up to one similarity. */
export interface RigidParts {
  /** Part of each place, or `NO_INDEX` for cloth. */
  readonly partOf: Uint32Array;
  /** How many parts there are. */
  count: number;
  /** How many of them are rigid only as they are said to be stiff. */
  hintedCount: number;
  /** CSR offsets into `places`, `count + 1` in use. */
  readonly offsets: Uint32Array;
  /** Places of every part. */
  readonly places: Uint32Array;
  /** 1 for a part that hangs together with nothing else and rides on the cloth beside it; others are solved along. */
  readonly rides: Uint8Array;
  /** Sums over the part that is moved: covariance, centres, weight, spread and normals. */
  readonly sums: Float64Array;
  /** Its quaternion. */
  readonly quaternion: Float64Array;
  /** Its rotation times scale, row-major. */
  readonly matrix: Float64Array;
}

/** Numbers in `sums`, see `_place_rigid_parts.ts`. */
const SUM_COUNT = 23;

/** The counts that decide how much rigid parts lease. */
export interface RigidSizes {
  readonly weldedCount: number;
  readonly faceCount: number;
  readonly islandCount: number;
}

/**
 * Leases and finds the parts of a garment that keep their shape: small islands,
 * and larger ones that are said to be stiff (`auto`), every island (`all`), or
 * what hangs together of the places that `chosen` gives one number, whatever the mode.
 *
 * @param rest Welded places.
 * @param chosen Numbers of places, 0 for those that are not chosen.
 * @param hinted Flags of places that are said to be stiff; those of a whole garment say nothing.
 */
export function findRigidParts(
  topology: Topology,
  rest: Float64Array,
  mode: RigidMode,
  chosen: Uint8Array | undefined,
  hinted: Uint8Array | undefined,
  frame: Frame,
): RigidParts {
  const { weldedCount: n, islandCount } = topology;
  const parts: RigidParts = {
    partOf: frame.u32(n).fill(NO_INDEX),
    count: 0,
    hintedCount: 0,
    offsets: frame.u32(n + 1),
    places: frame.u32(n),
    rides: frame.u8(n),
    sums: frame.f64(SUM_COUNT),
    quaternion: frame.f64(4),
    matrix: frame.f64(9),
  };
  const sums = frame.f64(5 * islandCount), faces = frame.u32(islandCount), partOfIsland = frame.u32(islandCount);
  const isStiff = frame.u8(islandCount), isSmall = frame.u8(islandCount), hasInside = frame.u8(islandCount);
  if (chosen !== undefined) gatherChosen(topology, chosen, parts);
  else if (mode !== "none") {
    measureIslands(topology, rest, sums, faces);
    if (mode === "auto" && hinted !== undefined) flagStiffIslands(topology, hinted, isStiff);
    const whole = spreadOf(sums, 0, 5 * islandCount);
    for (let island = 0; island < islandCount; island++) {
      const size = spreadOf(sums, 5 * island, 5 * island + 5);
      if (size <= MAX_SIZE * whole && faces[island] <= MAX_FACES) isSmall[island] = 1;
    }
    if (mode === "auto" && cardShare(topology, rest, isSmall, hasInside) > MAX_CARDS) isSmall.fill(0);
    for (let island = 0; island < islandCount; island++) {
      const fits = spreadOf(sums, 5 * island, 5 * island + 5) <= MAX_HINTED_SIZE * whole;
      const isHinted = isSmall[island] === 0 && isStiff[island] === 1 && fits;
      if (isHinted) parts.hintedCount++;
      partOfIsland[island] = mode === "all" || isSmall[island] === 1 || isHinted ? parts.count++ : NO_INDEX;
    }
    if (mode === "auto" && parts.count === islandCount) parts.count = parts.hintedCount = 0; // nothing to ride on: it is all cloth
    for (let v = 0; parts.count > 0 && v < n; v++) {
      if (topology.islandOf[v] !== NO_INDEX) parts.partOf[v] = partOfIsland[topology.islandOf[v]];
    }
    if (mode === "auto") parts.rides.fill(1, 0, parts.count);
  }
  listPlaces(parts);
  return parts;
}

/** Bytes {@linkcode findRigidParts} leases. */
export function rigidPartsBytes({ weldedCount, islandCount }: RigidSizes): number {
  return weldedCount * (4 + 4 + 4 + 1) + 4 + 8 * (SUM_COUNT + 13) + islandCount * (40 + 4 + 4 + 3);
}

/** Whether a place belongs to a rigid part. */
export function isRigid({ partOf }: RigidParts, v: number): boolean {
  return partOf[v] !== NO_INDEX;
}

/** Whether a place belongs to a part that rides on the cloth, which the solve leaves out. */
export function isRider({ partOf, rides }: RigidParts, v: number): boolean {
  return partOf[v] !== NO_INDEX && rides[partOf[v]] === 1;
}

/** Lets every part stay of which a place stays: it cannot move and keep its shape. */
export function keepWhole({ count, offsets, places }: RigidParts, stays: Uint8Array): void {
  for (let part = 0; part < count; part++) {
    let kept = 0;
    for (let i = offsets[part]; i < offsets[part + 1]; i++) kept += stays[places[i]];
    for (let i = offsets[part]; kept > 0 && i < offsets[part + 1]; i++) stays[places[i]] = 1;
  }
}

/** Places with one number that hang together are a part. */
function gatherChosen(
  { weldedCount, ringOffsets, ringVertices }: Topology,
  chosen: Uint8Array,
  parts: RigidParts,
): void {
  const { partOf, places: queue } = parts;
  for (let seed = 0; seed < weldedCount; seed++) {
    if (chosen[seed] === 0 || partOf[seed] !== NO_INDEX || ringOffsets[seed] === ringOffsets[seed + 1]) continue;
    const part = parts.count++;
    let size = 0, rides = 1;
    queue[size++] = seed;
    partOf[seed] = part;
    for (let next = 0; next < size; next++) {
      for (let r = ringOffsets[queue[next]]; r < ringOffsets[queue[next] + 1]; r++) {
        const v = ringVertices[r];
        if (chosen[v] !== chosen[seed]) rides = 0;
        else if (partOf[v] === NO_INDEX) {
          partOf[v] = part;
          queue[size++] = v;
        }
      }
    }
    parts.rides[part] = rides;
  }
  let cloth = 0;
  for (let v = 0; v < weldedCount; v++) if (partOf[v] === NO_INDEX && ringOffsets[v] !== ringOffsets[v + 1]) cloth++;
  if (cloth === 0) parts.rides.fill(0); // nothing to ride on
}

function listPlaces({ partOf, count, offsets, places }: RigidParts): void {
  let total = 0;
  for (let v = 0; v < partOf.length; v++) {
    if (partOf[v] === NO_INDEX) continue;
    offsets[partOf[v] + 1]++;
    total++;
  }
  for (let part = 0; part < count; part++) offsets[part + 1] += offsets[part]; // ends
  for (let v = partOf.length - 1; v >= 0; v--) if (partOf[v] !== NO_INDEX) places[--offsets[partOf[v] + 1]] = v;
  offsets.copyWithin(0, 1, count + 1); // what was an end is the start now
  offsets[count] = total;
}

/** Flags the islands all of whose places are hinted; none when those are all islands. */
function flagStiffIslands({ islandOf, islandCount }: Topology, hinted: Uint8Array, isStiff: Uint8Array): void {
  isStiff.fill(1);
  let soft = 0;
  for (let v = 0; v < islandOf.length; v++) {
    if (hinted[v] !== 0 || islandOf[v] === NO_INDEX || isStiff[islandOf[v]] === 0) continue;
    isStiff[islandOf[v]] = 0;
    soft++;
  }
  if (soft === 0 && islandCount > 0) isStiff.fill(0);
}

/** Which share of the garment's area small islands without a place inside their border have. */
function cardShare(
  { islandOf, isBoundary, weldedIndices: t }: Topology,
  p: Float64Array,
  isSmall: Uint8Array,
  hasInside: Uint8Array,
): number {
  for (let v = 0; v < islandOf.length; v++) {
    if (islandOf[v] !== NO_INDEX && isBoundary[v] === 0) hasInside[islandOf[v]] = 1;
  }
  let all = 0, cards = 0;
  for (let c = 0; c < t.length; c += 3) {
    const a = 3 * t[c], b = 3 * t[c + 1], d = 3 * t[c + 2], island = islandOf[t[c]];
    const area = triangleArea(p, a, b, d);
    all += area;
    if (island !== NO_INDEX && isSmall[island] === 1 && hasInside[island] === 0) cards += area;
  }
  return all > 0 ? cards / all : 0;
}

/** Sums up places of islands: `5 *` coordinates, how many there are, and squares of coordinates. */
function measureIslands(
  { islandOf, weldedIndices }: Topology,
  rest: Float64Array,
  sums: Float64Array,
  faces: Uint32Array,
): void {
  const start = islandOf.findIndex((island) => island !== NO_INDEX); // squares are of what lies about there
  for (let v = 0; v < islandOf.length; v++) {
    if (islandOf[v] === NO_INDEX) continue;
    const b = 5 * islandOf[v];
    for (let k = 0; k < 3; k++) {
      const x = rest[3 * v + k] - rest[3 * start + k];
      sums[b + k] += x;
      sums[b + 4] += x * x;
    }
    sums[b + 3]++;
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const island = islandOf[weldedIndices[c]];
    if (island !== NO_INDEX) faces[island]++;
  }
}

/** Root mean square distance of the places of islands from their mean, however they are turned, metres. */
function spreadOf(sums: Float64Array, from: number, to: number): number {
  let x = 0, y = 0, z = 0, count = 0, squares = 0;
  for (let b = from; b < to; b += 5) {
    x += sums[b];
    y += sums[b + 1];
    z += sums[b + 2];
    count += sums[b + 3];
    squares += sums[b + 4];
  }
  return Math.sqrt(Math.max(0, squares - (x * x + y * y + z * z) / count) / count);
}
