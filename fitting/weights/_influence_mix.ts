import type { SkinWeights } from "./skin_weights.ts";

/** Bytes of the two arrays an {@linkcode InfluenceMix} with room for `entries` influences works on. */
export function influenceMixBytes(entries: number): number {
  return 10 * entries;
}

/** Whether a stored weight counts: above 0 and finite. */
export function isWeight(weight: number): boolean {
  return weight > 0 && weight < Infinity;
}

/**
 * Collects the influences of several vertices, merged per joint, and writes the
 * greatest of them as one vertex' weights. One object serves a whole loop;
 * nothing is created after the constructor.
 */
export class InfluenceMix {
  /** How many different joints are in the mix. */
  count = 0;
  readonly #joints: Uint16Array;
  readonly #weights: Float64Array;

  /** @param joints Room for every joint that may be added, as has `weights`; the mix writes to both. Joints beyond that are left out. */
  constructor(joints: Uint16Array, weights: Float64Array) {
    this.#joints = joints;
    this.#weights = weights;
  }

  /** Forgets everything. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Adds the influences of vertex `v` of `skin`, scaled so that they sum to `share`.
   *
   * @returns Whether the vertex has any weight.
   */
  add(skin: SkinWeights, v: number, share: number): boolean {
    const { skinJoints, skinWeights, influencesPerVertex } = skin;
    const begin = v * influencesPerVertex, end = begin + influencesPerVertex;
    let sum = 0;
    for (let i = begin; i < end; i++) {
      if (isWeight(skinWeights[i])) sum += skinWeights[i];
    }
    if (sum === 0) return false;
    const scale = share / sum;
    for (let i = begin; i < end; i++) {
      if (isWeight(skinWeights[i])) {
        this.#addJoint(skinJoints[i], skinWeights[i] * scale);
      }
    }
    return true;
  }

  /** How much of the weight of vertex `v` of `skin` joints have that are in the mix, 0–1. */
  knownShare(skin: SkinWeights, v: number): number {
    const { skinJoints, skinWeights, influencesPerVertex } = skin;
    let sum = 0, known = 0;
    for (let i = v * influencesPerVertex, end = i + influencesPerVertex; i < end; i++) {
      if (!isWeight(skinWeights[i])) continue;
      sum += skinWeights[i];
      for (let k = 0; k < this.count; k++) {
        if (this.#joints[k] !== skinJoints[i]) continue;
        known += skinWeights[i];
        break;
      }
    }
    return sum > 0 ? known / sum : 0;
  }

  /**
   * Writes the mix into the slots `[begin, begin + slots)`: greatest first, ties
   * by lower joint, those below `prune` of the whole and those after
   * `maxInfluences` dropped, the rest normalised, the unused slots zero.
   *
   * @returns The dropped share of the whole, 0–1.
   */
  writeTo(
    joints: Uint16Array,
    weights: Float32Array,
    begin: number,
    slots: number,
    maxInfluences: number,
    prune: number,
  ): number {
    let whole = 0;
    for (let i = 0; i < this.count; i++) whole += this.#weights[i];
    this.#sort();
    let kept = Math.min(this.count, slots, maxInfluences);
    while (kept > 1 && this.#weights[kept - 1] < prune * whole) kept--;
    let sum = 0;
    for (let i = 0; i < kept; i++) sum += this.#weights[i];
    for (let i = 0; i < kept; i++) {
      joints[begin + i] = this.#joints[i];
      weights[begin + i] = this.#weights[i] / sum;
    }
    for (let i = kept; i < slots; i++) {
      joints[begin + i] = weights[begin + i] = 0;
    }
    return whole === 0 ? 0 : Math.max(0, 1 - sum / whole);
  }

  #addJoint(joint: number, weight: number): void {
    for (let i = 0; i < this.count; i++) {
      if (this.#joints[i] === joint) {
        this.#weights[i] += weight;
        return;
      }
    }
    if (this.count === this.#joints.length) return; // full: what comes last is left out
    this.#joints[this.count] = joint;
    this.#weights[this.count++] = weight;
  }

  /** Insertion sort: at most a few dozen entries, mostly in order already. */
  #sort(): void {
    const joints = this.#joints, weights = this.#weights;
    for (let i = 1; i < this.count; i++) {
      const joint = joints[i], weight = weights[i];
      let j = i - 1;
      while (
        j >= 0 &&
        (weights[j] < weight || (weights[j] === weight && joints[j] > joint))
      ) {
        joints[j + 1] = joints[j];
        weights[j + 1] = weights[j];
        j--;
      }
      joints[j + 1] = joint;
      weights[j + 1] = weight;
    }
  }
}
