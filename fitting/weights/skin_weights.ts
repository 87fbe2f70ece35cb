import type { Scratch } from "../../pool/scratch.ts";
import { InfluenceMix, influenceMixBytes } from "./_influence_mix.ts";

/**
 * Which joints move a vertex and how much: `influencesPerVertex` slots a vertex.
 *
 * Normalised weights fall from slot to slot (ties by lower joint), sum to 1,
 * and a slot that is not used holds joint 0 with weight 0.
 */
export interface SkinWeights {
  /** `influencesPerVertex * vertexCount` joint indices. */
  readonly skinJoints: Uint16Array;
  /** `influencesPerVertex * vertexCount` weights, 0–1. */
  readonly skinWeights: Float32Array;
  /** Slots a vertex has; glTF stores them in sets of four. */
  readonly influencesPerVertex: number;
}

/** Options for {@linkcode normalizeSkinWeights}. */
export interface NormalizeSkinWeightsOptions {
  /** How many influences a vertex may keep, at most `influencesPerVertex`. @default {Infinity} */
  maxInfluences?: number;
  /** Influences below this share of a vertex' weight are dropped; the greatest stays. @default {0} */
  prune?: number;
}

/** Defaults of {@linkcode NormalizeSkinWeightsOptions}. */
export const NORMALIZE_SKIN_WEIGHTS_DEFAULTS: Readonly<
  Required<NormalizeSkinWeightsOptions>
> = { maxInfluences: Infinity, prune: 0 };

/** What {@linkcode normalizeSkinWeights} found. */
export interface NormalizeSkinWeightsReport {
  /** Vertices that have no weight at all, and stay so. */
  unweighted: number;
  /** The greatest share of one vertex' weight that was dropped, 0–1. */
  droppedInfluenceMax: number;
}

/**
 * Refuses weights that do not belong to a mesh of `vertexCount` vertices.
 *
 * @throws {RangeError} If there is no whole number of slots >= 1, or an array has the wrong length.
 * @example
 * ```ts
 * import { assertSkinWeights } from "@meshtailor/meshtailor/fitting";
 * import { assertThrows } from "@std/assert";
 *
 * const skin = { skinJoints: new Uint16Array(8), skinWeights: new Float32Array(8), influencesPerVertex: 4 };
 * assertSkinWeights(skin, 2);
 * assertThrows(() => assertSkinWeights(skin, 3), RangeError, "must hold 12 entries: it holds 8");
 * ```
 */
export function assertSkinWeights(
  skin: SkinWeights,
  vertexCount: number,
): void {
  const { influencesPerVertex } = skin;
  if (!Number.isInteger(influencesPerVertex) || influencesPerVertex < 1) {
    throw new RangeError(
      `Cannot use the skin weights as influencesPerVertex must be a whole number >= 1: current value is ${influencesPerVertex}`,
    );
  }
  const entries = influencesPerVertex * vertexCount;
  for (const key of ["skinJoints", "skinWeights"] as const) {
    if (skin[key].length !== entries) {
      throw new RangeError(
        `Cannot use the skin weights as ${key} must hold ${entries} entries: it holds ${skin[key].length}`,
      );
    }
  }
}

/** What {@linkcode normalizeSkinWeights} leases from scratch. */
export function normalizeSkinWeightsBytes(
  sizes: { influencesPerVertex: number },
): number {
  return influenceMixBytes(sizes.influencesPerVertex);
}

/**
 * Merges, prunes, sorts and normalises the weights of every vertex, in place.
 *
 * Weights that are not above 0 (or not finite) count as absent. The stored
 * floats of a vertex sum to 1 within 1e-6.
 *
 * @param skin Overwritten.
 * @param scratch {@linkcode normalizeSkinWeightsBytes}.
 * @param options Missing keys take {@linkcode NORMALIZE_SKIN_WEIGHTS_DEFAULTS}.
 * @throws {RangeError} If an array has the wrong length.
 * @example Doubled joints merge and the greatest comes first
 * ```ts
 * import { normalizeSkinWeights } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const skin = { skinJoints: Uint16Array.of(3, 5, 5, 0), skinWeights: Float32Array.of(1, 1, 2, 0), influencesPerVertex: 4 };
 * assertEquals(normalizeSkinWeights(skin, scope), { unweighted: 0, droppedInfluenceMax: 0 });
 * assertEquals([...skin.skinJoints], [5, 3, 0, 0]);
 * assertEquals([...skin.skinWeights], [0.75, 0.25, 0, 0]);
 * ```
 */
export function normalizeSkinWeights(
  skin: SkinWeights,
  scratch: Scratch,
  options: NormalizeSkinWeightsOptions = {},
): NormalizeSkinWeightsReport {
  const { maxInfluences, prune } = {
    ...NORMALIZE_SKIN_WEIGHTS_DEFAULTS,
    ...options,
  };
  const { skinJoints, skinWeights, influencesPerVertex } = skin;
  const vertexCount = skinWeights.length / influencesPerVertex;
  assertSkinWeights(skin, vertexCount);
  using frame = scratch.frame();
  const mix = new InfluenceMix(
    frame.u16(influencesPerVertex),
    frame.f64(influencesPerVertex),
  );
  let unweighted = 0, droppedInfluenceMax = 0;
  for (let v = 0; v < vertexCount; v++) {
    mix.clear();
    mix.add(skin, v, 1);
    if (mix.count === 0) unweighted++;
    const dropped = mix.writeTo(
      skinJoints,
      skinWeights,
      v * influencesPerVertex,
      influencesPerVertex,
      maxInfluences,
      prune,
    );
    if (dropped > droppedInfluenceMax) droppedInfluenceMax = dropped;
  }
  return { unweighted, droppedInfluenceMax };
}
