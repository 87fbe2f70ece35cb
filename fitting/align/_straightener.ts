import type { Frame } from "../../pool/scratch.ts";
import type { Bending } from "./_bending.ts";
import { poseMatrix } from "./_pose.ts";
import { extractRotation } from "../_rotation.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";

/** A piece may become this many times longer or shorter along one axis than along the others. */
const MAX_STRETCH = 1.5;

/** Bytes a {@linkcode Straightener} leases. */
export function straightenerBytes(): number {
  return 8 * (9 + 9 + 4 + 3);
}

/**
 * Finds the similarity closest to a bent piece.
 *
 * Source: Umeyama 1991, "Least-Squares Estimation of Transformation Parameters
 * Between Two Point Patterns"; the rotation comes from a polar decomposition.
 */
export class Straightener {
  readonly #samples: SurfaceSamples;
  readonly #matrix: Float64Array;
  readonly #covariance: Float64Array;
  readonly #turn: Float64Array;
  readonly #squares: Float64Array;

  constructor(samples: SurfaceSamples, frame: Frame) {
    this.#samples = samples;
    this.#matrix = frame.f64(9);
    this.#covariance = frame.f64(9);
    this.#turn = frame.f64(4);
    this.#squares = frame.f64(3);
  }

  /**
   * Replaces `pose`, which places the bent piece, by the one that places the
   * straight piece as close to it as can be.
   *
   * @param scales Whether the scale may change.
   */
  straighten(bending: Bending, pose: Float64Array, scales: boolean): void {
    const { count, radius } = this.#samples, m = this.#matrix, c = this.#covariance, turn = this.#turn;
    poseMatrix(pose, 0, m);
    this.#compare(bending, pose);
    for (let k = 0; k < 4; k++) turn[k] = pose[1 + k];
    extractRotation(c, turn, 0);
    for (let k = 0; k < 4; k++) pose[1 + k] = turn[k];
    if (!scales) return;
    const scale = pose[0];
    pose[0] = 1;
    poseMatrix(pose, 0, m);
    let dot = 0;
    for (let k = 0; k < 9; k++) dot += m[k] * c[k];
    pose[0] = dot > 0 ? dot / (count * radius * radius) : scale;
  }

  /**
   * Writes by which factor the straight piece is to be stretched along each of its
   * own axes to come closest to the bent one.
   *
   * @param bent Pose of the bent piece.
   * @param straight Pose of the straight one.
   */
  stretchOf(bending: Bending, bent: Float64Array, straight: Float64Array, stretch: Float64Array): void {
    const { points, count, radius } = this.#samples, m = this.#matrix, r = this.#covariance, squares = this.#squares;
    poseMatrix(bent, 0, m);
    poseMatrix(straight, 0, r);
    const scaleSq = straight[0] * straight[0];
    squares.fill(0);
    stretch.fill(0);
    for (let i = 0; i < 3 * count; i += 3) {
      bending.ask(points[i], points[i + 1], points[i + 2], radius);
      const { x, y, z } = bending;
      const px = m[0] * x + m[1] * y + m[2] * z + bent[5] - straight[5];
      const py = m[3] * x + m[4] * y + m[5] * z + bent[6] - straight[6];
      const pz = m[6] * x + m[7] * y + m[8] * z + bent[7] - straight[7];
      for (let k = 0; k < 3; k++) {
        stretch[k] += (r[k] * px + r[3 + k] * py + r[6 + k] * pz) / scaleSq * points[i + k];
        squares[k] += points[i + k] * points[i + k];
      }
    }
    for (let k = 0; k < 3; k++) {
      const isFlat = squares[k] < 1e-6 * count * radius * radius; // a sheet has no thickness to stretch
      stretch[k] = isFlat ? 1 : Math.max(1 / MAX_STRETCH, Math.min(MAX_STRETCH, stretch[k] / squares[k]));
    }
  }

  /** Sums bent ⊗ straight, turned and scaled as the pose does, and moves the pose to the bent piece's centre. */
  #compare(bending: Bending, pose: Float64Array): void {
    const { points, count, radius } = this.#samples, m = this.#matrix, c = this.#covariance;
    let sx = 0, sy = 0, sz = 0;
    c.fill(0);
    for (let i = 0; i < 3 * count; i += 3) {
      bending.ask(points[i], points[i + 1], points[i + 2], radius);
      const { x, y, z } = bending;
      const px = m[0] * x + m[1] * y + m[2] * z;
      const py = m[3] * x + m[4] * y + m[5] * z;
      const pz = m[6] * x + m[7] * y + m[8] * z;
      sx += px;
      sy += py;
      sz += pz;
      for (let k = 0; k < 3; k++) {
        c[k] += px * points[i + k];
        c[3 + k] += py * points[i + k];
        c[6 + k] += pz * points[i + k];
      }
    }
    pose[5] += sx / count;
    pose[6] += sy / count;
    pose[7] += sz / count;
  }
}
