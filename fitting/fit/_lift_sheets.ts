import type { Scratch } from "../../pool/scratch.ts";
import type { Binding } from "./bind_to_body.ts";
import { Effort } from "../_effort.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** The most that sheets are lifted together, metres: what lies deeper is pushed out alone. */
const MAX_LIFT = 0.006;
/** A lift fades over this height above the sheet that needs it, metres, and over no less than twice the lift. */
const FADE = 0.012;
/** How often the lift is averaged along the skin. */
const PASSES = 6;
/** What a garment vertex takes, nanoseconds, and a place of skin in a pass. */
const ASK_COST = 3000, PASS_COST = 60;

/** Bytes {@linkcode liftSheetsWork} leases from scratch. */
export function liftSheetsBytes(garment: { weldedCount: number }, body: { weldedCount: number }): number {
  return 8 * garment.weldedCount /* distances */ + 8 * 2 * body.weldedCount /* lift, spare */;
}

/**
 * Lifts a garment that was carried to a body: where its lowest sheet is too close
 * to the skin, all sheets above the place rise with it, the less the higher they
 * are, so that their order stays. Pushed out one by one, they would end on one shell.
 *
 * A vertex at distance d over a place that needs a lift l, so that the lowest
 * sheet there was at c − l, goes to d + l · max(0, 1 − (d − c + l) / max(12 mm, 2 l)),
 * which grows with d.
 *
 * @param binding Where the garment was carried; `bound` is changed.
 * @param skin Connectivity of the body it came from.
 * @param target Index of the body.
 * @param allowInside 1 for places that may be inside: they need no lift, and get none.
 */
export function* liftSheetsWork(
  { bound, seats, shares }: Binding,
  skin: Topology,
  target: SurfaceIndex,
  clearance: number,
  allowInside: Uint8Array | undefined,
  scratch: Scratch,
): Work<void> {
  const { weldedIndices } = skin;
  using frame = scratch.frame("liftSheets");
  const distances = frame.f64(seats.length), lift = frame.f64(skin.weldedCount), spare = frame.f64(skin.weldedCount);
  const hit = new SurfaceHit(), effort = new Effort();
  for (let v = 0; v < seats.length; v++) {
    if (allowInside !== undefined && allowInside[v] !== 0) continue;
    const distance = target.signedDistance(bound[3 * v], bound[3 * v + 1], bound[3 * v + 2], hit);
    distances[v] = distance;
    const need = Math.min(MAX_LIFT, clearance - distance);
    for (let k = 0; k < 3; k++) {
      const place = weldedIndices[3 * seats[v] + k], felt = need * Math.min(1, 3 * shares[3 * v + k]);
      if (felt > lift[place]) lift[place] = felt;
    }
    yield* effort.spend(1, ASK_COST);
  }
  for (let pass = 0; pass < PASSES; pass++) {
    spreadLift(skin, lift, spare);
    yield* effort.spend(skin.weldedCount, PASS_COST);
  }
  for (let v = 0; v < seats.length; v++) {
    if (allowInside !== undefined && allowInside[v] !== 0) continue;
    let by = 0;
    for (let k = 0; k < 3; k++) by += shares[3 * v + k] * lift[weldedIndices[3 * seats[v] + k]];
    const above = distances[v] - clearance + by;
    const share = above > 0 ? 1 - above / Math.max(FADE, 2 * by) : 1;
    yield* effort.spend(1, ASK_COST);
    if (by === 0 || share <= 0) continue;
    const distance = target.signedDistance(bound[3 * v], bound[3 * v + 1], bound[3 * v + 2], hit);
    if (!(Math.abs(distance) > 1e-9)) continue;
    const scale = share * by / distance;
    bound[3 * v] += scale * (bound[3 * v] - hit.x);
    bound[3 * v + 1] += scale * (bound[3 * v + 1] - hit.y);
    bound[3 * v + 2] += scale * (bound[3 * v + 2] - hit.z);
  }
}

/** Each place takes the most that it or the mean of those beside it needs. */
function spreadLift({ weldedCount, ringOffsets, ringVertices }: Topology, lift: Float64Array, spare: Float64Array) {
  spare.set(lift);
  for (let v = 0; v < weldedCount; v++) {
    const start = ringOffsets[v], end = ringOffsets[v + 1];
    let sum = 0;
    for (let r = start; r < end; r++) sum += spare[ringVertices[r]];
    if (sum > spare[v] * (end - start)) lift[v] = sum / (end - start);
  }
}
