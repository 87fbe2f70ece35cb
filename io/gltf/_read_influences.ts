import { nearestJoints, parentsOf } from "./_hierarchy.ts";
import type { MeshHeader } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import { type JointUnion, unionOfJoints } from "./_skin.ts";
import { type InfluenceSet, influenceSets } from "./_vertex_space.ts";

/** Weights whose sum is this close to one are kept bit for bit. */
const SUM_TOLERANCE = 1e-6;

/** What {@linkcode readInfluences} fills. */
export interface InfluenceArrays {
  /** `influencesPerVertex * vertexCount`. */
  readonly skinJoints: Uint16Array;
  /** `influencesPerVertex * vertexCount`. */
  readonly skinWeights: Float32Array;
}

/**
 * Writes joints (of the union of all skins of the surface) and weights of every
 * vertex: falling, summing to one, unused places joint 0 and weight 0. Parts no
 * joint moves follow the joint they hang from, or the first root joint.
 */
export function readInfluences(
  document: GltfDocument,
  header: MeshHeader,
  out: InfluenceArrays,
): void {
  const union = unionOfJoints(document, header.skins),
    slots = header.influencesPerVertex;
  const nearest = nearestJoints(document.json, union.nodes),
    root = rootJoint(document, union, nearest);
  for (const part of header.parts) {
    if (part.sharesVertices) continue;
    const start = slots * part.firstVertex,
      end = start + slots * part.vertexCount;
    out.skinJoints.fill(0, start, end);
    out.skinWeights.fill(0, start, end);
    if (part.skin === undefined) {
      followOne(
        out,
        start,
        end,
        slots,
        nearest[part.node] < 0 ? root : nearest[part.node],
      );
    } else {readPartInfluences(
        influenceSets(document, part),
        union.jointOf.get(part.skin)!,
        part.vertexCount,
        slots,
        start,
        out,
      );}
  }
}

function readPartInfluences(
  sets: readonly InfluenceSet[],
  jointOf: Uint16Array,
  vertexCount: number,
  slots: number,
  start: number,
  { skinJoints, skinWeights }: InfluenceArrays,
): void {
  for (let v = 0; v < vertexCount; v++) {
    const first = start + slots * v;
    let end = first, sum = 0;
    for (let s = 0; s < sets.length; s++) {
      const { joints, weights } = sets[s];
      for (let c = 0; c < 4; c++) {
        const weight = weights.array[weights.step * v + c] / weights.divisor;
        if (weight <= 0) continue;
        // Insertion keeps weights falling; equal ones keep the order of the file.
        let to = end++;
        for (; to > first && skinWeights[to - 1] < weight; to--) {
          skinWeights[to] = skinWeights[to - 1];
          skinJoints[to] = skinJoints[to - 1];
        }
        skinWeights[to] = weight;
        skinJoints[to] = jointOf[joints.array[joints.step * v + c]];
        sum += weight;
      }
    }
    if (end === first) {
      skinJoints[first] = jointOf[sets[0].joints.array[sets[0].joints.step * v]];
      skinWeights[first] = 1;
    } else if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      for (let i = first; i < end; i++) skinWeights[i] /= sum;
    }
  }
}

function followOne(
  { skinJoints, skinWeights }: InfluenceArrays,
  start: number,
  end: number,
  slots: number,
  joint: number,
): void {
  for (let at = start; at < end; at += slots) {
    skinJoints[at] = joint;
    skinWeights[at] = 1;
  }
}

/** The first joint without a joint above it: rigid parts that hang from no joint follow it. */
function rootJoint(
  document: GltfDocument,
  union: JointUnion,
  nearest: Int32Array,
): number {
  const parents = parentsOf(document.json);
  return Math.max(
    0,
    union.nodes.findIndex((node) => parents[node] < 0 || nearest[parents[node]] < 0),
  );
}
