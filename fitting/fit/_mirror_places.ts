import { ASK_COST } from "./_contact.ts";
import type { Effort } from "../_effort.ts";
import { NO_INDEX } from "../mesh.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** A place lies where another's mirror image is when they are no farther apart, metres. */
const TOLERANCE = 5e-4;
/** With a smaller share of partners a garment is not alike on both sides. */
const LEAST_SHARE = 0.5;
/** What a place takes in a pass over all, nanoseconds. */
const PLACE_COST = 60;

/**
 * Finds for every place the one where its mirror image is; both must be each
 * other's, a place on the plane is its own.
 *
 * @param index Of the welded surface as it is in `rest`.
 * @param mirrorX The plane is x = `mirrorX`.
 * @param partner Overwritten: a place, or `NO_INDEX` for one without a partner.
 * @returns How many places have one.
 * @throws {RangeError} If fewer than half of the places in use do.
 */
export function* pairPlacesWork(
  { ringOffsets, weldedIndices }: Topology,
  index: SurfaceIndex,
  rest: Float64Array,
  mirrorX: number,
  partner: Uint32Array,
  effort: Effort,
): Work<number> {
  const hit = new SurfaceHit();
  let used = 0, paired = 0;
  for (let v = 0; v < partner.length; v++) {
    partner[v] = NO_INDEX;
    if (ringOffsets[v] === ringOffsets[v + 1]) continue;
    used++;
    const x = 2 * mirrorX - rest[3 * v], y = rest[3 * v + 1], z = rest[3 * v + 2];
    yield* effort.spend(1, ASK_COST);
    if (!index.closestPoint(x, y, z, hit)) continue;
    let least = TOLERANCE * TOLERANCE;
    for (let c = 3 * hit.face; c < 3 * hit.face + 3; c++) {
      const w = weldedIndices[c], i = 3 * w;
      const distanceSq = (rest[i] - x) ** 2 + (rest[i + 1] - y) ** 2 + (rest[i + 2] - z) ** 2;
      if (distanceSq > least) continue;
      least = distanceSq;
      partner[v] = w;
    }
  }
  for (let v = 0; v < partner.length; v++) {
    const w = partner[v];
    if (w === NO_INDEX) continue;
    if (partner[w] === v) paired++;
    else partner[v] = NO_INDEX; // its partner is nearer to another
  }
  yield* effort.spend(partner.length, PLACE_COST);
  if (paired >= LEAST_SHARE * used) return paired;
  throw new RangeError(
    `Cannot fit symmetrically as the garment must be alike on both sides of x = 0: ${paired} of ${used} places have a partner, at least half must; leave "symmetry" out`,
  );
}

/** Takes places and their partners to the mean of each and the other's mirror image; where one of them is fixed, both stay. */
export function symmetrise(
  partner: Uint32Array,
  mirrorX: number,
  isFixed: (v: number) => boolean,
  p: Float64Array,
): void {
  for (let v = 0; v < partner.length; v++) {
    const w = partner[v];
    if (w === NO_INDEX || w < v || isFixed(v) || isFixed(w)) continue;
    const offset = (p[3 * v] - p[3 * w]) / 2; // from the plane
    if (v === w) p[3 * v] = mirrorX;
    else {
      p[3 * v] = mirrorX + offset;
      p[3 * w] = mirrorX - offset;
    }
    for (let k = 1; k < 3; k++) p[3 * v + k] = p[3 * w + k] = (p[3 * v + k] + p[3 * w + k]) / 2;
  }
}
