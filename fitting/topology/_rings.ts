import type { Frame } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { countFacesAround } from "./_open_edges.ts";
import type { Topology } from "./topology.ts";
import type { Work } from "../work.ts";

/** What a place takes, nanoseconds. */
const PLACE_COST = 60;

/** What smoothing does at open and non-manifold edges. */
export const SMOOTH_BOUNDARIES = ["pinned", "free", "along"] as const;

/**
 * `pinned`: places there stay. `free`: they move like the others, so that openings shrink and round off. `along`: they
 * follow their neighbours along the edge only, so that an edge is evened out as a curve and the cloth does not pull it in.
 */
export type SmoothBoundary = typeof SMOOTH_BOUNDARIES[number];

/** Which places are averaged over. */
export type Rings = Pick<Topology, "ringOffsets" | "ringVertices">;

/** The neighbours each place is averaged over: those of the topology, with `along` at an open edge those on it alone. */
export function* ringsFor(topology: Topology, boundary: SmoothBoundary, frame: Frame): Work<Rings> {
  if (boundary !== "along") return topology;
  const { isBoundary, weldedCount } = topology;
  const ringOffsets = frame.u32(weldedCount + 1), ringVertices = frame.u32(topology.ringVertices.length);
  using inner = frame.frame("faces at edges");
  const tally = inner.u32(weldedCount);
  const effort = new Effort();
  let count = 0;
  for (let w = 0; w < weldedCount; w++) {
    const isOnEdge = isBoundary[w] !== 0;
    if (isOnEdge) countFacesAround(topology, w, tally);
    for (let r = topology.ringOffsets[w]; r < topology.ringOffsets[w + 1]; r++) {
      const other = topology.ringVertices[r];
      if (!isOnEdge || (tally[other] !== 2 && isBoundary[other] !== 0)) ringVertices[count++] = other;
      tally[other] = 0;
    }
    ringOffsets[w + 1] = count;
    yield* effort.spend(1, PLACE_COST);
  }
  return { ringOffsets, ringVertices };
}

/** Exactly the bytes {@linkcode ringsFor} keeps; while it runs it has 4 a place more. */
export function ringsBytes(
  { weldedCount, edgeCount }: { weldedCount: number; edgeCount: number },
  boundary: SmoothBoundary,
): number {
  return boundary === "along" ? 4 * (weldedCount + 1) + 8 * edgeCount : 0;
}
