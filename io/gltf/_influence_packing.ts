import type { InfluenceSet } from "./_vertex_space.ts";

/** Skin weights as they go into a file: sets of four, falling, each joint of a vertex once, summing to one in f32. */
export interface PackedInfluences {
  /** Places a vertex: 4 times the number of sets. */
  readonly slots: number;
  /** `slots * vertexCount`. */
  readonly joints: Uint16Array;
  /** `slots * vertexCount`. */
  readonly weights: Float32Array;
}

/** What is packed. */
export interface InfluenceInput {
  /** `influencesPerVertex * vertexCount`, each < jointCount. */
  skinJoints: Uint16Array;
  /** `influencesPerVertex * vertexCount`, each finite and >= 0. */
  skinWeights: Float32Array;
  /** Joint and weight pairs a vertex has. */
  influencesPerVertex: number;
}

/**
 * Packs skin weights. A joint named twice for a vertex gets both weights; a
 * vertex without any weight follows joint 0; unused places are joint 0, weight 0.
 *
 * @throws {RangeError} If lengths disagree, a joint is out of range, or a weight is negative or not finite.
 */
export function packInfluences(
  input: InfluenceInput,
  vertexCount: number,
  jointCount: number,
): PackedInfluences {
  const { skinJoints, skinWeights, influencesPerVertex: from } = input;
  checkInput(input, vertexCount, jointCount);
  const slots = 4 * Math.ceil(from / 4);
  const joints = new Uint16Array(slots * vertexCount),
    weights = new Float32Array(slots * vertexCount);
  for (let v = 0; v < vertexCount; v++) {
    const first = slots * v;
    let end = first, sum = 0;
    for (let i = from * v; i < from * (v + 1); i++) {
      if (skinWeights[i] === 0) continue;
      sum += skinWeights[i];
      let to = first;
      while (to < end && joints[to] !== skinJoints[i]) to++;
      if (to === end) joints[end++] = skinJoints[i];
      weights[to] += skinWeights[i];
      // A weight that grew moves up; equal ones keep their order.
      for (; to > first && weights[to - 1] < weights[to]; to--) {
        swap(joints, weights, to);
      }
    }
    if (end === first) weights[first] = 1;
    else normalize(weights, first, end, sum);
  }
  return { slots, joints, weights };
}

function swap(joints: Uint16Array, weights: Float32Array, to: number): void {
  const joint = joints[to], weight = weights[to];
  joints[to] = joints[to - 1];
  weights[to] = weights[to - 1];
  joints[to - 1] = joint;
  weights[to - 1] = weight;
}

/** Makes a row sum to one; the largest weight takes what rounding left over (validators allow 2e-7 a weight). */
function normalize(
  weights: Float32Array,
  first: number,
  end: number,
  sum: number,
): void {
  let others = 0;
  for (let i = first + 1; i < end; i++) {
    weights[i] /= sum;
    others += weights[i];
  }
  weights[first] = 1 - others;
}

function checkInput(
  { skinJoints, skinWeights, influencesPerVertex }: InfluenceInput,
  vertexCount: number,
  jointCount: number,
): void {
  const length = influencesPerVertex * vertexCount;
  if (!Number.isInteger(influencesPerVertex) || influencesPerVertex < 1) {
    throw new RangeError(
      `Cannot write skin weights as influencesPerVertex must be a whole number >= 1: current value is ${influencesPerVertex}`,
    );
  }
  if (skinJoints.length !== length || skinWeights.length !== length) {
    const found = `skinJoints holds ${skinJoints.length}, skinWeights ${skinWeights.length}`;
    throw new RangeError(
      `Cannot write skin weights as both arrays must hold ${length} numbers: ${found}`,
    );
  }
  for (let i = 0; i < length; i++) {
    if (!(skinWeights[i] >= 0 && skinWeights[i] < Infinity)) {
      throw new RangeError(
        `Cannot write skin weights as each must be finite and >= 0: skinWeights[${i}] is ${skinWeights[i]}`,
      );
    }
    if (skinWeights[i] > 0 && skinJoints[i] >= jointCount) {
      throw new RangeError(
        `Cannot write skin weights as every joint must be < ${jointCount}: skinJoints[${i}] is ${skinJoints[i]}`,
      );
    }
  }
}

/** The influences of a range of vertices, as the sets a file has. */
export function setsOf(
  { slots, joints, weights }: PackedInfluences,
  firstVertex: number,
  count: number,
): InfluenceSet[] {
  return Array.from({ length: slots / 4 }, (_, set) => {
    const start = slots * firstVertex + 4 * set,
      end = slots * (firstVertex + count);
    const layout = { step: slots, components: 4, divisor: 1, count };
    return {
      joints: { array: joints.subarray(start, end), ...layout },
      weights: { array: weights.subarray(start, end), ...layout },
    };
  });
}
