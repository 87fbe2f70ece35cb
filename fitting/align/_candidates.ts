import type { Frame } from "../../pool/scratch.ts";
import { MAX_HYPOTHESES } from "./_hypotheses.ts";
import { copyPose, POSE_STRIDE } from "./_pose.ts";
import { COVERED } from "./_region_shapes.ts";
import { MAX_TURNS } from "./_turns.ts";

/** How many of one group are kept. */
const KEPT = 6;
/** One group a turn, two a region of the body, and the place where the piece lies. */
const CAPACITY = MAX_HYPOTHESES * (KEPT * (MAX_TURNS + 2 * COVERED.length) + 1) + 1;

/** Bytes a {@linkcode Candidates} leases. */
export function candidatesBytes(): number {
  return (CAPACITY + 1) * 8 * POSE_STRIDE + CAPACITY * (8 + 1 + 4);
}

/** Poses a piece may have on a target, each under one hypothesis, and what they cost. */
export class Candidates {
  /** How many there are; {@linkcode order} lists them. */
  count = 0;
  /** All poses; the one at {@linkcode spare} is for trying. */
  readonly poses: Float64Array;
  /** Cost of each: what they are compared by. */
  readonly costs: Float64Array;
  /** Index of the hypothesis of each. */
  readonly hypothesis: Uint8Array;
  /** After {@linkcode sortFirst} the best first. */
  readonly order: Uint32Array;
  /** Offset of a pose that is no candidate. */
  readonly spare: number = POSE_STRIDE * CAPACITY;
  /** The first of the group. */
  get begin(): number {
    return this.#begin;
  }
  #begin = 0;
  #end = 0;

  constructor(frame: Frame) {
    this.poses = frame.f64(POSE_STRIDE * (CAPACITY + 1));
    this.costs = frame.f64(CAPACITY);
    this.hypothesis = frame.u8(CAPACITY);
    this.order = frame.u32(CAPACITY);
  }

  /** Forgets all. */
  clear(): void {
    this.count = this.#begin = this.#end = 0;
  }

  /** Starts a group, of which only the best few are kept. */
  beginGroup(): void {
    this.#begin = this.#end = this.count;
  }

  /** Adds the spare pose to the group, if it costs less than the dearest of a full one; ties keep the earlier. */
  offer(cost: number, hypothesis: number): void {
    const { poses, costs } = this, isFull = this.#end - this.#begin === KEPT;
    if (!(cost < (isFull ? costs[this.#end - 1] : Infinity))) return;
    let c = isFull ? this.#end - 1 : this.#end++;
    for (; c > this.#begin && costs[c - 1] > cost; c--) {
      copyPose(poses, POSE_STRIDE * (c - 1), poses, POSE_STRIDE * c);
      costs[c] = costs[c - 1];
    }
    copyPose(poses, this.spare, poses, POSE_STRIDE * c);
    costs[c] = cost;
    this.order[this.#end - 1] = this.#end - 1;
    this.hypothesis[this.#end - 1] = hypothesis;
    this.count = this.#end;
  }

  /** Sorts the first `most` of the order by cost; ties by age. */
  sortFirst(most: number): void {
    const { costs, order } = this;
    order.subarray(0, Math.min(most, this.count)).sort((a, b) => costs[a] - costs[b] || a - b);
  }

  /** Keeps the first `most` of the order, without those that are the same place as a better one. */
  cut(most: number, closeSq: number): void {
    const { order } = this, count = Math.min(most, this.count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      let isDouble = false;
      for (let j = 0; j < kept && !isDouble; j++) isDouble = this.#areClose(order[i], order[j], closeSq);
      if (!isDouble) order[kept++] = order[i];
    }
    this.count = kept;
  }

  /** Centres near each other, about one size, and less than 14° between them, whatever the hypotheses. */
  #areClose(a: number, b: number, closeSq: number): boolean {
    const { poses } = this, p = POSE_STRIDE * a, q = POSE_STRIDE * b;
    if (!(poses[p] < 1.25 * poses[q] && poses[q] < 1.25 * poses[p])) return false;
    const dx = poses[p + 5] - poses[q + 5], dy = poses[p + 6] - poses[q + 6], dz = poses[p + 7] - poses[q + 7];
    let cosine = 0;
    for (let k = 1; k < 5; k++) cosine += poses[p + k] * poses[q + k];
    return dx * dx + dy * dy + dz * dz < closeSq && cosine * cosine > 0.985;
  }
}
