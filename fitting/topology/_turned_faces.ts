import type { Scratch } from "../../pool/scratch.ts";
import { SOUND } from "./_duplicate_faces.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Topology } from "./topology.ts";

const UNSEEN = 0, UPRIGHT = 1, TURNED = 2;

/**
 * Counts the faces to turn over so that neighbours agree: in every patch (faces
 * that hang together by edges of exactly two) the fewer of the two kinds.
 * Neighbours that cannot agree (a Moebius band) are passed over.
 *
 * @param kind What each face is; others than {@linkcode SOUND} count for nothing.
 * @param scratch `5 * faceCount` bytes.
 */
export function countTurnedFaces(topology: Topology, kind: Uint8Array, scratch: Scratch): number {
  using frame = scratch.frame("turned faces");
  const side = frame.u8(kind.length), queue = frame.u32(kind.length);
  let turned = 0;
  for (let seed = 0; seed < kind.length; seed++) {
    if (kind[seed] !== SOUND || side[seed] !== UNSEEN) continue;
    let end = 1, turnedHere = 0;
    queue[0] = seed;
    side[seed] = UPRIGHT;
    for (let at = 0; at < end; at++) {
      const f = queue[at];
      if (side[f] === TURNED) turnedHere++;
      for (let c = 3 * f; c < 3 * f + 3; c++) {
        const other = acrossEdge(topology, kind, c);
        if (other === NO_INDEX) continue;
        const g = other >>> 1;
        if (side[g] !== UNSEEN) continue;
        side[g] = (other & 1) === 0 ? side[f] : UPRIGHT + TURNED - side[f];
        queue[end++] = g;
      }
    }
    turned += Math.min(turnedHere, end - turnedHere);
  }
  return turned;
}

/**
 * The face across the edge that starts at a corner, when there is exactly one:
 * twice its number, plus one when it runs along the edge the same way.
 */
function acrossEdge({ weldedIndices, cornerOffsets, corners }: Topology, kind: Uint8Array, corner: number): number {
  const f = Math.floor(corner / 3), from = weldedIndices[corner];
  const to = weldedIndices[corner % 3 === 2 ? corner - 2 : corner + 1];
  const isFromThinner = cornerOffsets[from + 1] - cornerOffsets[from] <= cornerOffsets[to + 1] - cornerOffsets[to];
  const hub = isFromThinner ? from : to, rim = isFromThinner ? to : from;
  let found = NO_INDEX;
  for (let i = cornerOffsets[hub]; i < cornerOffsets[hub + 1]; i++) {
    const c = corners[i], slot = c % 3, g = (c - slot) / 3;
    if (g === f || kind[g] !== SOUND) continue;
    const runsOut = weldedIndices[slot === 2 ? c - 2 : c + 1] === rim;
    const runsIn = weldedIndices[slot === 0 ? c + 2 : c - 1] === rim;
    if (!runsOut && !runsIn) continue;
    if (found !== NO_INDEX) return NO_INDEX;
    found = 2 * g + (runsOut === isFromThinner ? 1 : 0);
  }
  return found;
}
