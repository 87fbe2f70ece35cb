import type { Frame } from "../../pool/scratch.ts";
import { BODY_PARTS, NO_PART } from "./_body_parts.ts";
import { poseMatrix } from "./_pose.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";

/** Bytes a {@linkcode PartCensus} leases. */
export function partCensusBytes(): number {
  return 8 * (BODY_PARTS.length + 9);
}

/** Counts how much of a piece lies on each part of a body. */
export class PartCensus {
  /** How many places of the piece lie on each part, after the last count. */
  readonly counts: Float64Array;
  readonly #samples: SurfaceSamples;
  readonly #index: SurfaceIndex;
  readonly #labels: Uint8Array;
  readonly #matrix: Float64Array;
  readonly #hit: SurfaceHit = new SurfaceHit();

  /** @param labels Part of each vertex of what the index was built over. */
  constructor(samples: SurfaceSamples, index: SurfaceIndex, labels: Uint8Array, frame: Frame) {
    this.#samples = samples;
    this.#index = index;
    this.#labels = labels;
    this.counts = frame.f64(BODY_PARTS.length);
    this.#matrix = frame.f64(9);
  }

  /**
   * By how much what touches (is nearer than `near`) lies higher than the piece on average, and how far beside it,
   * in standard deviations of the piece's height and of its extent to the sides; and the height of the piece's lowest place, metres.
   */
  support(poses: Float64Array, at: number, near: number): { above: number; beside: number; lowest: number } {
    const { points, count } = this.#samples, m = this.#matrix, hit = this.#hit;
    poseMatrix(poses, at, m);
    let touching = 0, sumX = 0, sumY = 0, sumZ = 0, spread = 0, spreadAside = 0, lowest = Infinity;
    for (let i = 0; i < 3 * count; i += 3) {
      const x = points[i], y = points[i + 1], z = points[i + 2];
      const px = m[0] * x + m[1] * y + m[2] * z, py = m[3] * x + m[4] * y + m[5] * z;
      const pz = m[6] * x + m[7] * y + m[8] * z;
      spread += py * py;
      if (py + poses[at + 6] < lowest) lowest = py + poses[at + 6];
      spreadAside += px * px + pz * pz;
      if (!this.#index.closestPoint(px + poses[at + 5], py + poses[at + 6], pz + poses[at + 7], hit, near)) continue;
      touching++;
      sumX += px;
      sumY += py;
      sumZ += pz;
    }
    if (touching === 0 || !(spread > 0 && spreadAside > 0)) return { above: 0, beside: Infinity, lowest };
    return {
      above: sumY / touching / Math.sqrt(spread / count),
      beside: Math.sqrt(sumX * sumX + sumZ * sumZ) / touching / Math.sqrt(spreadAside / count),
      lowest,
    };
  }

  /** Counts in the pose at `at`; returns the share that lies on parts of the mask, 1 when there is nothing to count. */
  count(poses: Float64Array, at: number, mask: number): number {
    const { points, count } = this.#samples, m = this.#matrix, { counts } = this, hit = this.#hit;
    const { indices } = this.#index.mesh, labels = this.#labels;
    counts.fill(0);
    poseMatrix(poses, at, m);
    for (let i = 0; i < 3 * count; i += 9) {
      const x = points[i], y = points[i + 1], z = points[i + 2];
      const isFound = this.#index.closestPoint(
        m[0] * x + m[1] * y + m[2] * z + poses[at + 5],
        m[3] * x + m[4] * y + m[5] * z + poses[at + 6],
        m[6] * x + m[7] * y + m[8] * z + poses[at + 7],
        hit,
      );
      const part = isFound ? labels[indices[3 * hit.face]] : NO_PART;
      if (part < counts.length) counts[part]++;
    }
    let there = 0, all = 0;
    for (let part = 0; part < counts.length; part++) {
      all += counts[part];
      if ((mask >> part & 1) === 1) there += counts[part];
    }
    return all > 0 ? there / all : 1;
  }
}
