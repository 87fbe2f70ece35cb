import { memoryOf, pageBytes } from "../../pool/pages.ts";
import type { Frame } from "../../pool/scratch.ts";
import { kernelsOf } from "../surface/_kernels.ts";
import type { Rings } from "../topology/_rings.ts";
import { umbrellaPass } from "./_umbrella.ts";

/** What smoothing works on: two sets of places, and the rings where a kernel reads them. */
export interface SmoothPages {
  /** `3 * weldedCount`. */
  readonly from: Float64Array;
  /** `3 * weldedCount`. */
  readonly to: Float64Array;
  /** `weldedCount` flags of places that stay; none yet. */
  readonly pinned: Uint8Array;
  /** {@linkcode umbrellaPass} between the two, in either direction. */
  readonly umbrella: (from: Float64Array, to: Float64Array, factor: number, first: number, last: number) => void;
}

function layOut({ weldedCount, edgeCount }: { weldedCount: number; edgeCount: number }) {
  const from = 0, to = 24 * weldedCount, ringOffsets = to + 24 * weldedCount;
  const ringVertices = ringOffsets + 4 * (weldedCount + 1), pinned = ringVertices + 8 * edgeCount;
  return { from, to, ringOffsets, ringVertices, pinned, end: pinned + weldedCount };
}

/** Leases {@linkcode smoothPageBytes}. */
export function leaseSmoothPages(
  { weldedCount, edgeCount }: { weldedCount: number; edgeCount: number },
  rings: Rings,
  frame: Frame,
): SmoothPages {
  const at = layOut({ weldedCount, edgeCount }), { ringOffsets, ringVertices } = rings;
  const pages = frame.pages(at.end), { buffer } = memoryOf(pages), kernels = kernelsOf(pages);
  const from = new Float64Array(buffer, at.from, 3 * weldedCount),
    to = new Float64Array(buffer, at.to, 3 * weldedCount);
  const pinned = new Uint8Array(buffer, at.pinned, weldedCount).fill(0);
  if (kernels === undefined) {
    const umbrella: SmoothPages["umbrella"] = (from, to, factor, first, last) =>
      umbrellaPass(rings, from, to, factor, pinned, first, last);
    return { from, to, pinned, umbrella };
  }
  new Uint32Array(buffer, at.ringOffsets, ringOffsets.length).set(ringOffsets);
  new Uint32Array(buffer, at.ringVertices, ringVertices.length).set(ringVertices);
  const umbrella: SmoothPages["umbrella"] = (from, to, factor, first, last) =>
    kernels.umbrella(at.ringOffsets, at.ringVertices, at.pinned, from.byteOffset, to.byteOffset, factor, first, last);
  return { from, to, pinned, umbrella };
}

/** Bytes {@linkcode leaseSmoothPages} leases. */
export function smoothPageBytes(sizes: { weldedCount: number; edgeCount: number }): number {
  return pageBytes(layOut(sizes).end);
}
