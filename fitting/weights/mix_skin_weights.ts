import type { Scratch } from "../../pool/scratch.ts";
import { InfluenceMix, influenceMixBytes } from "./_influence_mix.ts";
import { assertSkinWeights, type SkinWeights } from "./skin_weights.ts";

/** Options for {@linkcode mixSkinWeights}. */
export interface MixSkinWeightsOptions {
  /** How much of the new weights comes in, 0–1. @default {1} */
  mix?: number;
  /** Flags of joints that change; the others keep what they have. @default all */
  joints?: Uint8Array | undefined;
  /** Flags of vertices that change. @default all */
  vertices?: Uint8Array | undefined;
  /** How many influences a vertex may keep. @default {Infinity} */
  maxInfluences?: number;
  /** Influences below this share are dropped. @default {0} */
  prune?: number;
}

/** What {@linkcode mixSkinWeights} did. */
export interface MixReport {
  /** Vertices that changed. */
  changed: number;
  /** Vertices whose other joints had nothing, so that all of the new weights were taken. */
  replaced: number;
}

/** What {@linkcode mixSkinWeights} leases from scratch. */
export function mixSkinWeightsBytes(
  { influencesPerVertex, baseInfluencesPerVertex }: { influencesPerVertex: number; baseInfluencesPerVertex: number },
): number {
  const entries = influencesPerVertex + baseInfluencesPerVertex;
  return influenceMixBytes(entries) + 6 * entries;
}

/**
 * Lets new weights into old ones, in part: by a share, for some joints, at some
 * vertices. What other joints have stays as it is until all is made to sum to 1.
 *
 * @param base The old weights; read only.
 * @param jointOf The joint of `skin`'s skeleton for each joint of `base`; `undefined` where both count the same.
 * @param skin The new weights; overwritten by the mix.
 * @param scratch {@linkcode mixSkinWeightsBytes}.
 * @param options Missing keys change everything.
 * @throws {RangeError} If an array has the wrong length or `mix` is out of range.
 * @example One joint of two, half
 * ```ts
 * import { mixSkinWeights } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const old = { skinJoints: Uint16Array.of(0, 1), skinWeights: Float32Array.of(0.5, 0.5), influencesPerVertex: 2 };
 * const skin = { skinJoints: Uint16Array.of(1, 2), skinWeights: Float32Array.of(0.5, 0.5), influencesPerVertex: 2 };
 * mixSkinWeights(old, undefined, skin, scope, { joints: Uint8Array.of(0, 1, 0), mix: 1 });
 * assertEquals([...skin.skinJoints], [0, 1]);
 * assertEquals([...skin.skinWeights], [0.5, 0.5]);
 * ```
 */
export function mixSkinWeights(
  base: SkinWeights,
  jointOf: ArrayLike<number> | undefined,
  skin: SkinWeights,
  scratch: Scratch,
  options: MixSkinWeightsOptions = {},
): MixReport {
  const { mix = 1, joints, vertices, maxInfluences = Infinity, prune = 0 } = options;
  const slots = skin.influencesPerVertex, vertexCount = skin.skinWeights.length / slots;
  assertSkinWeights(skin, vertexCount);
  assertSkinWeights(base, vertexCount);
  if (!(mix >= 0 && mix <= 1)) {
    throw new RangeError(`Cannot mix skin weights as mix must be >= 0 and <= 1: current value is ${mix}`);
  }
  using frame = scratch.frame("mix weights");
  const entries = slots + base.influencesPerVertex;
  const table = new InfluenceMix(frame.u16(entries), frame.f64(entries));
  const one = { skinJoints: frame.u16(entries), skinWeights: frame.f32(entries), influencesPerVertex: entries };
  let changed = 0, replaced = 0;
  for (let v = 0; v < vertexCount; v++) {
    const isChanged = vertices === undefined || vertices[v] > 0;
    if (isChanged) changed++;
    const taken = gather(base, jointOf, skin, v, isChanged ? mix : 0, isChanged ? joints : undefined, one);
    table.clear();
    if (taken > 0) {
      table.add(one, 0, 1);
      table.writeTo(skin.skinJoints, skin.skinWeights, v * slots, slots, maxInfluences, prune);
    } else if (isChanged) replaced++;
  }
  return { changed, replaced };
}

/** Lists what one vertex is to have, before it sums to 1; returns the sum. */
function gather(
  base: SkinWeights,
  jointOf: ArrayLike<number> | undefined,
  skin: SkinWeights,
  v: number,
  mix: number,
  joints: Uint8Array | undefined,
  out: SkinWeights,
): number {
  let at = 0, sum = 0;
  for (let k = 0; k < 2; k++) {
    const from = k === 0 ? base : skin, slots = from.influencesPerVertex;
    for (let i = v * slots; i < (v + 1) * slots; i++, at++) {
      const joint = k === 0 && jointOf !== undefined ? jointOf[from.skinJoints[i]] : from.skinJoints[i];
      const changes = joints === undefined || joints[joint] === 1;
      const share = k === 0 ? (changes ? 1 - mix : 1) : changes ? mix : 0;
      out.skinJoints[at] = Math.max(0, joint);
      out.skinWeights[at] = joint < 0 || !(from.skinWeights[i] > 0) ? 0 : share * from.skinWeights[i];
      sum += out.skinWeights[at];
    }
  }
  return sum;
}
