import type { Topology } from "./topology.ts";

/** What is wrong with a face by itself. */
export const SOUND = 0, REPEATS_PLACE = 1, DUPLICATE = 2, ZERO_AREA = 3;

/**
 * Writes what each face is: one that names a place twice, one whose three
 * places an earlier face has too (in any order), one of zero area, or none of these.
 *
 * Faces are compared around the place of theirs that has the fewest, so that a
 * fan of any size takes linear time.
 *
 * @param kind `faceCount`, overwritten.
 */
export function judgeFaces(
  { weldedIndices, cornerOffsets, corners }: Topology,
  isZeroArea: Uint8Array,
  kind: Uint8Array,
): void {
  for (let f = 0; f < kind.length; f++) {
    const a = weldedIndices[3 * f], b = weldedIndices[3 * f + 1], c = weldedIndices[3 * f + 2];
    kind[f] = a === b || b === c || c === a ? REPEATS_PLACE : isZeroArea[f] === 1 ? ZERO_AREA : SOUND;
    if (kind[f] === REPEATS_PLACE) continue;
    let hub = a;
    if (cornerOffsets[b + 1] - cornerOffsets[b] < cornerOffsets[hub + 1] - cornerOffsets[hub]) hub = b;
    if (cornerOffsets[c + 1] - cornerOffsets[c] < cornerOffsets[hub + 1] - cornerOffsets[hub]) hub = c;
    for (let i = cornerOffsets[hub]; i < cornerOffsets[hub + 1]; i++) {
      const other = Math.floor(corners[i] / 3);
      if (other >= f) break; // corners ascend
      if (kind[other] === REPEATS_PLACE) continue;
      let shared = 0;
      for (let k = 3 * other; k < 3 * other + 3; k++) {
        if (weldedIndices[k] === a || weldedIndices[k] === b || weldedIndices[k] === c) shared++;
      }
      if (shared < 3) continue;
      kind[f] = DUPLICATE;
      break;
    }
  }
}
