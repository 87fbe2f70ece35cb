import type { Frame, Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { Work } from "../work.ts";
import { CHUNK } from "./_chunk.ts";
import { flagZeroAreaFaces } from "./_zero_area.ts";

/** The arrays {@linkcode listRings} reads and fills. */
interface RingArrays {
  readonly weldedIndices: Uint32Array;
  readonly cornerOffsets: Uint32Array;
  readonly corners: Uint32Array;
  readonly isBoundary: Uint8Array;
  readonly ringOffsets: Uint32Array;
  /**
   * Two numbers a ring, side by side as they are used together: 1 + the place
   * that entered it last, and a tally of the faces with that edge, see {@linkcode FACE}.
   */
  readonly lastEntries: Uint32Array;
  readonly isZeroArea: Uint8Array;
}

/** Counts in a tally for a face of zero area. More than 65535 at one edge are not told apart. */
const FACE_OF_ZERO_AREA = 1;
/** Counts in a tally for any other face: once among all, once among these. */
const FACE = 0x10001;

/**
 * Lists neighbours in linear time without sorting: places are visited in
 * order, and each enters itself into the rings of its neighbours.
 */
export function* listRings(
  mesh: TriangleMesh,
  ownArrays: Omit<RingArrays, "lastEntries" | "isZeroArea">,
  out: Frame,
  scratch: Scratch,
): Work<Uint32Array> {
  const { isBoundary, ringOffsets } = ownArrays;
  using frame = scratch.frame("rings");
  const lastEntries = frame.u32(2 * isBoundary.length);
  const isZeroArea = frame.u8(mesh.indices.length / 3);
  const arrays = { ...ownArrays, lastEntries, isZeroArea }, placeCount = isBoundary.length;
  for (let w = 0; w < placeCount; w += CHUNK) {
    if (w > 0) yield;
    countRings(arrays, w, Math.min(w + CHUNK, placeCount));
  }
  addUp(ringOffsets);
  yield;
  for (let f = 0; f < isZeroArea.length; f += CHUNK) {
    flagZeroAreaFaces(mesh, isZeroArea, f, Math.min(f + CHUNK, isZeroArea.length));
    if (f + CHUNK < isZeroArea.length) yield;
  }
  const ringVertices = out.u32(ringOffsets[ringOffsets.length - 1]);
  lastEntries.fill(0);
  for (let end = placeCount; end > 0; end -= CHUNK) {
    if (end < placeCount) yield;
    fillRings(arrays, ringVertices, Math.max(0, end - CHUNK), end);
  }
  for (let w = 0; w < isBoundary.length; w++) {
    judgeEdge(isBoundary, lastEntries, w);
  }
  return ringVertices;
}

/** Adds what the places from `from` to `end` are neighbours of to the length of each ring, which is in `ringOffsets`. */
function countRings(arrays: RingArrays, from: number, end: number): void {
  const { weldedIndices, cornerOffsets, corners } = arrays;
  const { ringOffsets, lastEntries } = arrays;
  for (let w = from; w < end; w++) {
    for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
      const c = corners[i], slot = c % 3;
      const next = weldedIndices[slot === 2 ? c - 2 : c + 1];
      const previous = weldedIndices[slot === 0 ? c + 2 : c - 1];
      if (next !== w && lastEntries[2 * next] !== w + 1) {
        lastEntries[2 * next] = w + 1;
        ringOffsets[next]++;
      }
      if (previous !== w && lastEntries[2 * previous] !== w + 1) {
        lastEntries[2 * previous] = w + 1;
        ringOffsets[previous]++;
      }
    }
  }
}

/**
 * Fills from the back, so places enter in falling order and the ends in
 * `ringOffsets` become offsets.
 */
function fillRings(arrays: RingArrays, ringVertices: Uint32Array, from: number, end: number): void {
  const { weldedIndices, cornerOffsets, corners, isZeroArea } = arrays;
  for (let w = end - 1; w >= from; w--) {
    for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
      const c = corners[i], f = Math.floor(c / 3), slot = c - 3 * f;
      const next = weldedIndices[slot === 2 ? c - 2 : c + 1];
      const previous = weldedIndices[slot === 0 ? c + 2 : c - 1];
      // a degenerate face has an edge at most, and is no face there
      const tally = next === w || previous === w || next === previous
        ? 0
        : isZeroArea[f] === 1
        ? FACE_OF_ZERO_AREA
        : FACE;
      if (next !== w) enterRing(arrays, ringVertices, next, w, tally);
      if (previous !== w) enterRing(arrays, ringVertices, previous, w, tally);
    }
  }
}

/** Enters `w` into the ring of `owner` unless it came last, and adds to the tally of their edge. */
function enterRing(
  { isBoundary, ringOffsets, lastEntries }: RingArrays,
  ringVertices: Uint32Array,
  owner: number,
  w: number,
  tally: number,
): void {
  if (lastEntries[2 * owner] !== w + 1) {
    judgeEdge(isBoundary, lastEntries, owner);
    lastEntries[2 * owner] = w + 1;
    lastEntries[2 * owner + 1] = 0;
    ringVertices[--ringOffsets[owner]] = w;
  }
  lastEntries[2 * owner + 1] += tally;
}

/**
 * Flags the owner of a ring by the edge to the place that entered it last, as
 * all its faces are counted; the other end flags itself. A ring nobody entered
 * has no faces counted either.
 */
function judgeEdge(
  isBoundary: Uint8Array,
  lastEntries: Uint32Array,
  owner: number,
): void {
  const tally = lastEntries[2 * owner + 1];
  const all = tally & 0xffff, withArea = tally >>> 16;
  if (withArea !== 0 && withArea !== 2 && all !== 2) isBoundary[owner] = 1;
}

/** Turns counts into the ends of their ranges. */
export function addUp(counts: Uint32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
}
