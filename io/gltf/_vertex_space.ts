import { AFFINE } from "./_affine.ts";
import { type Column, openColumn } from "./_column.ts";
import { worldTransforms } from "./_hierarchy.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import { skinTransforms } from "./_skin.ts";

/** From the numbers in the file to the world: one map for all vertices, or one each. */
export interface VertexSpace {
  /** The map of all vertices; `undefined` when each has its own. */
  readonly constant: Float64Array | undefined;
  /** Writes the map of a vertex, 12 numbers. */
  transformOf(vertex: number, out: Float64Array): void;
}

/** Joints and weights of four influences a vertex. */
export interface InfluenceSet {
  /** Joints of the skin. */
  readonly joints: Column;
  /** Weights, not always summing to one. */
  readonly weights: Column;
}

/** The `JOINTS_n` and `WEIGHTS_n` of a part. */
export function influenceSets(
  document: GltfDocument,
  part: MeshPart,
): InfluenceSet[] {
  const { attributes } = document.json.meshes![part.mesh].primitives[part.primitive];
  return Array.from({ length: part.influencesPerVertex / 4 }, (_, set) => ({
    joints: openColumn(document, attributes[`JOINTS_${set}`]),
    weights: openColumn(document, attributes[`WEIGHTS_${set}`]),
  }));
}

/** The space a part lies in: its node's, or the blend of its joints (then the node is ignored, as glTF says). */
export function spaceOfPart(
  document: GltfDocument,
  part: MeshPart,
): VertexSpace {
  if (part.skin !== undefined) {
    return blendedSpace(
      skinTransforms(document, part.skin),
      influenceSets(document, part),
    );
  }
  const world = worldTransforms(document.json);
  return constantSpace(
    world.slice(AFFINE * part.node, AFFINE * (part.node + 1)),
  );
}

/** The space of one map. */
export function constantSpace(constant: Float64Array): VertexSpace {
  return { constant, transformOf: (_vertex, out) => out.set(constant) };
}

/**
 * The space of linear blend skinning: `Σ w · jointWorld · inverseBind`, weights
 * taken as shares of their sum. A vertex without any weight follows its first
 * joint, as three.js has it.
 */
export function blendedSpace(
  transforms: Float64Array,
  sets: readonly InfluenceSet[],
): VertexSpace {
  return {
    constant: undefined,
    transformOf: (vertex, out) => blend(transforms, sets, vertex, out),
  };
}

function blend(
  transforms: Float64Array,
  sets: readonly InfluenceSet[],
  vertex: number,
  out: Float64Array,
): void {
  out.fill(0);
  let sum = 0;
  for (let s = 0; s < sets.length; s++) {
    const { joints, weights } = sets[s];
    for (let c = 0; c < 4; c++) {
      const weight = weights.array[weights.step * vertex + c] / weights.divisor;
      if (weight === 0) continue;
      const at = AFFINE * joints.array[joints.step * vertex + c];
      for (let i = 0; i < AFFINE; i++) out[i] += weight * transforms[at + i];
      sum += weight;
    }
  }
  if (sum > 0) {
    for (let i = 0; i < AFFINE; i++) out[i] /= sum;
    return;
  }
  const { joints } = sets[0];
  const at = AFFINE * joints.array[joints.step * vertex];
  for (let i = 0; i < AFFINE; i++) out[i] = transforms[at + i];
}
