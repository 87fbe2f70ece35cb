import type { Topology } from "./topology.ts";

/** Counts the faces at each edge of place `w`, under the other end; faces that name a place twice are none. */
export function countFacesAround(
  { cornerOffsets, corners, weldedIndices }: Topology,
  w: number,
  tally: Uint32Array,
): void {
  for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
    const c = corners[i], slot = c % 3;
    const next = weldedIndices[slot === 2 ? c - 2 : c + 1], previous = weldedIndices[slot === 0 ? c + 2 : c - 1];
    if (next === w || previous === w || next === previous) continue;
    tally[next]++;
    tally[previous]++;
  }
}
