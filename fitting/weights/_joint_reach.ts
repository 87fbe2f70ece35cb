import { Effort } from "../_effort.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { SkinWeights } from "./skin_weights.ts";
import type { Work } from "../work.ts";

/** Joints farther apart count as this far. */
export const FAR = 3;
/** A smaller weight makes no neighbours. */
const LEAST = 0.05;
/** Nanoseconds a weight takes, */
const WEIGHT_COST = 12;
/** and a pair of joints. */
const PAIR_COST = 2;

/** Bytes {@linkcode jointReachWork} works on beside its result. */
export function jointReachBytes({ influencesPerVertex }: { influencesPerVertex: number }): number {
  return 2 * 3 * influencesPerVertex;
}

/**
 * Writes how far joints are from each other on the skin: 0 for itself, 1 for two
 * that move one face together somewhere, 2 with one between them, {@linkcode FAR}
 * for the rest. So no hierarchy is needed, and it holds for any rig: a hand is
 * far from a thigh, and a finger from its neighbour but for the knuckles.
 *
 * @param out `jointCount²`, overwritten.
 * @param found `3 * influencesPerVertex`.
 */
export function* jointReachWork(
  { indices }: TriangleMesh,
  { skinJoints, skinWeights, influencesPerVertex: slots }: SkinWeights,
  jointCount: number,
  out: Uint8Array,
  found: Uint16Array,
): Work<void> {
  const effort = new Effort();
  out.fill(FAR);
  for (let c = 0; c < indices.length; c += 3) {
    let count = 0;
    for (let k = 0; k < 3; k++) {
      for (let i = indices[c + k] * slots, end = i + slots; i < end; i++) {
        if (!(skinWeights[i] >= LEAST)) continue;
        let n = 0;
        while (n < count && found[n] !== skinJoints[i]) n++;
        if (n === count) found[count++] = skinJoints[i];
      }
    }
    for (let a = 1; a < count; a++) {
      for (let b = 0; b < a; b++) out[found[a] * jointCount + found[b]] = out[found[b] * jointCount + found[a]] = 1;
    }
    yield* effort.spend(3 * slots, WEIGHT_COST);
  }
  for (let a = 0; a < jointCount; a++) {
    const row = a * jointCount;
    for (let b = 0; b < jointCount; b++) {
      if (out[row + b] !== 1) continue;
      for (let c = 0; c < jointCount; c++) if (out[b * jointCount + c] === 1 && out[row + c] === FAR) out[row + c] = 2;
      yield* effort.spend(jointCount, PAIR_COST);
    }
  }
  for (let a = 0; a < jointCount; a++) out[a * jointCount + a] = 0;
}
