import type { Frame } from "../../pool/scratch.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Topology } from "../topology/topology.ts";

/** A separate part is rigid when its bounds are below this share of the garment's… */
const MAX_SIZE = 0.15;
/** …and it has at most this many faces. Buttons, buckles, rivets; not a sleeve. */
const MAX_FACES = 600;
/** A part that is said to be stiff is rigid up to this share of the garment's bounds: a plate, not the cuirass. */
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
  const bounds = frame.f64(6 * islandCount), faces = frame.u32(islandCount), partOfIsland = frame.u32(islandCount);
  const isStiff = frame.u8(islandCount);
  if (chosen !== undefined) gatherChosen(topology, chosen, parts);
  else if (mode !== "none") {
    measureIslands(topology, rest, bounds, faces);
    if (mode === "auto" && hinted !== undefined) flagStiffIslands(topology, hinted, isStiff);
    const whole = wholeDiagonal(bounds);
    for (let island = 0; island < islandCount; island++) {
      const size = diagonalOf(bounds, 6 * island);
      const isSmall = size <= MAX_SIZE * whole && faces[island] <= MAX_FACES;
      const isHinted = !isSmall && isStiff[island] === 1 && size <= MAX_HINTED_SIZE * whole;
      if (isHinted) parts.hintedCount++;
      partOfIsland[island] = mode === "all" || isSmall || isHinted ? parts.count++ : NO_INDEX;
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
  return weldedCount * (4 + 4 + 4 + 1) + 4 + 8 * (SUM_COUNT + 13) + islandCount * (48 + 4 + 4 + 1);
}

/** Whether a place belongs to a rigid part. */
export function isRigid({ partOf }: RigidParts, v: number): boolean {
  return partOf[v] !== NO_INDEX;
}

/** Whether a place belongs to a part that rides on the cloth, which the solve leaves out. */
export function isRider({ partOf, rides }: RigidParts, v: number): boolean {
  return partOf[v] !== NO_INDEX && rides[partOf[v]] === 1;
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

function measureIslands(
  { islandOf, weldedIndices }: Topology,
  rest: Float64Array,
  bounds: Float64Array,
  faces: Uint32Array,
): void {
  for (let i = 0; i < bounds.length; i++) bounds[i] = i % 6 < 3 ? Infinity : -Infinity;
  for (let v = 0; v < islandOf.length; v++) {
    if (islandOf[v] === NO_INDEX) continue;
    const b = 6 * islandOf[v];
    for (let k = 0; k < 3; k++) {
      bounds[b + k] = Math.min(bounds[b + k], rest[3 * v + k]);
      bounds[b + 3 + k] = Math.max(bounds[b + 3 + k], rest[3 * v + k]);
    }
  }
  for (let c = 0; c < weldedIndices.length; c += 3) {
    const island = islandOf[weldedIndices[c]];
    if (island !== NO_INDEX) faces[island]++;
  }
}

function diagonalOf(bounds: Float64Array, b: number): number {
  return Math.sqrt(
    (bounds[b + 3] - bounds[b]) ** 2 + (bounds[b + 4] - bounds[b + 1]) ** 2 + (bounds[b + 5] - bounds[b + 2]) ** 2,
  );
}

function wholeDiagonal(bounds: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    let low = Infinity, high = -Infinity;
    for (let b = 0; b < bounds.length; b += 6) {
      low = Math.min(low, bounds[b + k]);
      high = Math.max(high, bounds[b + 3 + k]);
    }
    sum += (high - low) ** 2;
  }
  return Math.sqrt(sum);
}
