import type { Topology } from "./topology/topology.ts";

/** Keeps what is flagged in both; returns how many places that are. */
export function narrow(mask: Uint8Array, marks: Uint8Array): number {
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    if (marks[w] === 0) mask[w] = 0;
    else if (mask[w] !== 0) kept++;
  }
  return kept;
}

/** Refuses a selection that is not of this surface. */
export function assertMask(mask: Uint8Array, { weldedCount }: Topology): void {
  if (mask.length === weldedCount) return;
  throw new RangeError(
    `Cannot select as the mask must hold a flag for each of the ${weldedCount} places: it holds ${mask.length}`,
  );
}
