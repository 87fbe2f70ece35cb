import type { Scratch } from "../../pool/scratch.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Work } from "../work.ts";
import { CHUNK } from "./_chunk.ts";

/** The arrays {@linkcode floodIslands} reads and fills. */
interface IslandArrays {
  readonly cornerOffsets: Uint32Array;
  readonly ringOffsets: Uint32Array;
  readonly ringVertices: Uint32Array;
  readonly islandOf: Uint32Array;
}

/** Numbers the islands by their lowest place: each flood starts at the lowest place not yet reached. */
export function* floodIslands(arrays: IslandArrays, scratch: Scratch): Work<number> {
  const { cornerOffsets, ringOffsets, ringVertices, islandOf } = arrays;
  using frame = scratch.frame("islands");
  const queue = frame.u32(islandOf.length);
  islandOf.fill(NO_INDEX);
  let islandCount = 0;
  for (let start = 0; start < islandOf.length; start++) {
    if (islandOf[start] !== NO_INDEX) continue;
    if (cornerOffsets[start] === cornerOffsets[start + 1]) continue; // no face
    islandOf[start] = islandCount;
    queue[0] = start;
    for (let head = 0, tail = 1; head < tail; head++) {
      if (head % CHUNK === CHUNK - 1) yield;
      const w = queue[head];
      for (let i = ringOffsets[w]; i < ringOffsets[w + 1]; i++) {
        const neighbour = ringVertices[i];
        if (islandOf[neighbour] !== NO_INDEX) continue;
        islandOf[neighbour] = islandCount;
        queue[tail++] = neighbour;
      }
    }
    islandCount++;
  }
  return islandCount;
}
