import type { Scratch } from "../../pool/scratch.ts";
import { join } from "./_disjoint_sets.ts";
import { SOUND, ZERO_AREA } from "./_duplicate_faces.ts";
import { NO_INDEX } from "../mesh.ts";
import type { Topology } from "./topology.ts";

/** Edges by the faces that meet there. */
export interface EdgeCensus {
  /** Edges with one face. */
  boundaryEdges: number;
  /** Connected chains of such edges; openings that touch in a place are one. */
  boundaryLoops: number;
  /** Edges with three faces or more. */
  nonManifoldEdges: number;
  /** Edges with two faces that run along it the same way: one of them is turned over. */
  turnedEdges: number;
}

/**
 * Counts the edges of sound faces. A face of zero area may stitch a gap or lie on
 * the surface: an edge has two faces when it has with them or without.
 *
 * @param kind What each face is; others than {@linkcode SOUND} and {@linkcode ZERO_AREA} count for nothing.
 * @param scratch `16 * weldedCount` bytes.
 */
export function countEdges(topology: Topology, kind: Uint8Array, scratch: Scratch): EdgeCensus {
  const { weldedCount, weldedIndices, cornerOffsets, corners } = topology;
  using frame = scratch.frame("edge census");
  const forward = frame.u32(weldedCount), backward = frame.u32(weldedCount), chain = frame.u32(weldedCount);
  const stitches = frame.u32(weldedCount);
  chain.fill(NO_INDEX);
  const census = { boundaryEdges: 0, boundaryLoops: 0, nonManifoldEdges: 0, turnedEdges: 0 };
  for (let w = 0; w < weldedCount; w++) {
    for (let i = cornerOffsets[w]; i < cornerOffsets[w + 1]; i++) {
      const c = corners[i], slot = c % 3, is = kind[(c - slot) / 3];
      const next = weldedIndices[slot === 2 ? c - 2 : c + 1], previous = weldedIndices[slot === 0 ? c + 2 : c - 1];
      if (is === SOUND) {
        forward[next]++;
        backward[previous]++;
      } else if (is === ZERO_AREA) {
        stitches[next]++;
        stitches[previous]++;
      }
    }
    for (let r = topology.ringOffsets[w]; r < topology.ringOffsets[w + 1]; r++) {
      const other = topology.ringVertices[r], faces = forward[other] + backward[other];
      if (other > w) {
        if (faces === 2) census.turnedEdges += forward[other] === 1 ? 0 : 1;
        else if (faces + stitches[other] === 2) { /* stitched */ }
        else if (faces > 2) census.nonManifoldEdges++;
        else if (faces === 1) {
          census.boundaryEdges++;
          join(chain, w, other);
        }
      }
      forward[other] = backward[other] = stitches[other] = 0;
    }
  }
  for (let w = 0; w < weldedCount; w++) if (chain[w] === w) census.boundaryLoops++;
  return census;
}
