import { isWeight } from "./_influence_mix.ts";
import { vertexCountOf } from "../mesh.ts";
import { assertSkinWeights, type SkinWeights } from "./skin_weights.ts";
import type { TransferWeightsOptions, WeightSource } from "./transfer_weights.ts";

/** Refuses options that are out of range, or of another mesh. */
export function assertTransferOptions(
  { method, maxInfluences, prune, maxDistance, maxAngle, rigid, rigidPlaces, smooth }: Required<
    TransferWeightsOptions
  >,
  out: SkinWeights,
  weldedCount: number,
): void {
  const refuse = (rule: string, value: unknown) => {
    throw new RangeError(`Cannot transfer skin weights as ${rule}: current value is ${value}`);
  };
  if (!["inpaint", "barycentric", "nearest"].includes(method)) {
    refuse('method must be "inpaint", "barycentric" or "nearest"', `"${method}"`);
  }
  if (!Number.isInteger(maxInfluences) || maxInfluences < 1 || maxInfluences > 8) {
    refuse("maxInfluences must be a whole number from 1 to 8", maxInfluences);
  }
  if (maxInfluences > out.influencesPerVertex) {
    throw new RangeError(
      `Cannot transfer skin weights as out must have room for ${maxInfluences} influences a vertex: it has ${out.influencesPerVertex}`,
    );
  }
  if (!(prune >= 0 && prune <= 1)) refuse("prune must be >= 0 and <= 1", prune);
  if (!(maxDistance >= 0)) refuse("maxDistance must be >= 0", maxDistance);
  if (!(maxAngle >= 0 && maxAngle <= Math.PI)) refuse("maxAngle must be >= 0 and <= π", maxAngle);
  if (rigid !== "auto" && rigid !== "none") refuse('rigid must be "auto" or "none"', `"${rigid}"`);
  if (!(Number.isInteger(smooth) && smooth >= 0)) refuse("smooth must be a whole number >= 0", smooth);
  if (rigidPlaces !== undefined && rigidPlaces.length !== weldedCount) {
    throw new RangeError(
      `Cannot transfer skin weights as rigidPlaces must hold ${weldedCount} flags: it holds ${rigidPlaces.length}`,
    );
  }
}

/** Refuses a source that has no faces or no weights, or names joints it does not have. */
export function assertWeightSource({ mesh, skin, jointCount }: WeightSource): void {
  assertSkinWeights(skin, vertexCountOf(mesh));
  if (mesh.indices.length === 0) {
    throw new RangeError(
      "Cannot transfer skin weights as the source must have faces: it has 0",
    );
  }
  let hasWeight = false;
  for (let i = 0; i < skin.skinWeights.length; i++) {
    if (!isWeight(skin.skinWeights[i])) continue;
    hasWeight = true;
    if (skin.skinJoints[i] < jointCount) continue;
    throw new RangeError(
      `Cannot transfer skin weights as every joint of the source must be < ${jointCount}: vertex ${
        Math.floor(i / skin.influencesPerVertex)
      } has ${skin.skinJoints[i]}`,
    );
  }
  if (hasWeight) return;
  throw new RangeError(
    `Cannot transfer skin weights as the source must have weights: none of its ${vertexCountOf(mesh)} vertices has any`,
  );
}
