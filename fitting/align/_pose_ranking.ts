import type { Frame } from "../../pool/scratch.ts";
import type { ContactFit } from "./_contact_fit.ts";
import type { DistanceGrid } from "./_distance_field.ts";
import { type Hypothesis, MAX_HYPOTHESES, writeUpright } from "./_hypotheses.ts";
import type { LengthUnit } from "./_length_units.ts";
import type { MirrorPlanes } from "./_mirror_planes.ts";
import { POSE_STRIDE, poseMatrix } from "./_pose.ts";
import { turnSineSq } from "./_pose_prior.ts";
import type { RegionShapes } from "./_region_shapes.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";

/** How many times dearer a reading of the file is than metres: how seldom files are saved so. */
const UNLIKELINESS: Readonly<Record<LengthUnit, number>> = {
  m: 1,
  cm: 1,
  mm: 1.1,
  dm: 1.2,
  inch: 1.5,
  dam: 3,
  hm: 3,
};
/** How many times dearer half a turn away from upright is, */
const TURNED = 1.3;
/** and in spite of the file's axes being given; */
const TURNED_ALL_THE_SAME = 6;
/** and a scale per square of its logarithm; */
const SCALED = 3;
/** and a place across the middle of the body at a slant, for a piece that is alike on both sides, */
const SKEWED = 1.4;
/** or beside it, */
const ASIDE = 1.15;
/** where its own middle is no farther from the body's than this, in its length; */
const CENTRAL = 0.2;
/** and a place where the piece already lies, near the target, as share of any other. */
const IN_PLACE = 0.5;
/** How far around it that holds, in sizes of the piece and, as bodies differ, of the target. */
const AROUND = 0.25, ABOUT = 0.05;
/** What a stand-off counts, against unevenness. */
const LOOSE_FIT = 0.15;
/** What a piece counts that runs along the skin perfectly, against one of which nothing does. */
const AGREED = 0.1;
/** A piece smaller than this fits in many places: in longest sides of the target. */
const SMALL = 0.08;
/** How many times dearer a place is of which nothing lies in the region asked for. */
const OUTSIDE = 40;
/** This much of a piece is enough there: a wig reaches down to the back. */
const ENOUGH = 0.4;
/** What no piece fits better than, in longest sides of the target. */
const FINEST = 0.0005;
/** Bytes a {@linkcode PoseRanking} leases. */
export function poseRankingBytes(): number {
  return 8 * (9 + MAX_HYPOTHESES);
}

/** What is known of a piece and its target apart from how it lies there. */
export interface PlacedPiece {
  readonly samples: SurfaceSamples;
  /** Diagonal in the file's unit. */
  readonly size: number;
  /** How its file may be read. */
  readonly hypotheses: readonly Hypothesis[];
  /** Where it lies under each when nothing else moves. */
  readonly inPlace: Float64Array;
  readonly mirrors: MirrorPlanes;
  /** Of the target. */
  readonly regions: RegionShapes;
  /** Longest side of the target, metres. */
  readonly targetSize: number;
  /** Whether the user said which way the piece faces. */
  readonly isFacingKnown: boolean;
}

/**
 * Compares places a piece may have on a target. How well it fits anywhere depends
 * on the body it was made on, so what else is unlikely (rare units, turns,
 * scaling, leaving a place near the target) makes a place dearer by a factor and
 * not by a sum.
 */
export class PoseRanking {
  readonly #fit: ContactFit;
  readonly #piece: PlacedPiece;
  readonly #matrix: Float64Array;
  /** How far each hypothesis' own place is to be believed, 0 to 1. */
  readonly #believed: Float64Array;
  #wanted: { grid: DistanceGrid; labels: Uint8Array; indices: Uint32Array; mask: number } | undefined = undefined;

  /** @param fit Measured each pose that is asked about just before. */
  constructor(fit: ContactFit, piece: PlacedPiece, frame: Frame) {
    this.#fit = fit;
    this.#piece = piece;
    this.#matrix = frame.f64(9);
    this.#believed = frame.f64(MAX_HYPOTHESES);
  }

  /** Makes the fit judge under hypothesis `h`. */
  adopt(h: number): void {
    const { hypotheses } = this.#piece;
    this.#fit.unitFactor = hypotheses[h].unitFactor;
    writeUpright(hypotheses[h], this.#fit.upright, 0);
  }

  /** Says how much the place the file gives the piece under `h` is worth, 0 to 1. */
  believe(h: number, belief: number): void {
    this.#believed[h] = belief;
  }

  /**
   * What the pose at `at` is compared by under hypothesis `h`, after it was
   * measured: misfit as share of the piece, so that a unit in which it is smaller
   * has no advantage, times what is unlikely. Values after a measure that saw skin
   * compare with each other only.
   */
  rank(poses: Float64Array, at: number, h: number): number {
    const fit = this.#fit, { hypotheses, size, targetSize } = this.#piece, { units, unitFactor } = hypotheses[h];
    const length = Math.min(poses[at], unitFactor) * size, smallness = SMALL * targetSize / length;
    const near = this.#nearness(poses, at, h);
    const misfit = fit.contact + fit.prior.inside * fit.depth + LOOSE_FIT * fit.standOff + FINEST * targetSize;
    const ratio = poses[at] / unitFactor, log = (ratio - 1 / ratio) / 2;
    return UNLIKELINESS[units] * misfit / (length + 0.05 * targetSize) * (1 + smallness * smallness) *
      this.#turnFactor(poses, at) * (1 + SCALED * log * log) * (1 - (1 - IN_PLACE) * near) *
      this.#mirrorFactor(poses, at, length) * this.#regionFactor(poses, at) *
      (Number.isNaN(fit.along) ? 1 : 1 + AGREED - fit.along);
  }

  /** Whether the pose at `at` is about where the file puts the piece, and that place makes sense. */
  staysNear(poses: Float64Array, at: number, h: number): boolean {
    return this.#nearness(poses, at, h) > 0.5;
  }

  /** Looks for places on these parts only, bit `n` for part `n`, from then on. */
  restrict(grid: DistanceGrid, labels: Uint8Array, indices: Uint32Array, mask: number): void {
    this.#wanted = { grid, labels, indices, mask };
  }

  #regionFactor(poses: Float64Array, at: number): number {
    if (this.#wanted === undefined) return 1;
    const { grid, labels, indices, mask } = this.#wanted, { points, count } = this.#piece.samples, m = this.#matrix;
    poseMatrix(poses, at, m);
    let there = 0, all = 0;
    for (let i = 0; i < 3 * count; i += 36, all++) {
      const x = points[i], y = points[i + 1], z = points[i + 2];
      const face = grid.faceNear(
        m[0] * x + m[1] * y + m[2] * z + poses[at + 5],
        m[3] * x + m[4] * y + m[5] * z + poses[at + 6],
        m[6] * x + m[7] * y + m[8] * z + poses[at + 7],
      );
      if ((mask >> labels[indices[3 * face]] & 1) === 1) there++;
    }
    return 1 + (OUTSIDE - 1) * Math.max(0, 1 - there / (ENOUGH * all));
  }

  /** Files are upright or they are not: most of the price is due for a turn of 20°. */
  #turnFactor(poses: Float64Array, at: number): number {
    const sineSq = turnSineSq(poses, at, this.#fit.upright);
    return 1 +
      ((this.#piece.isFacingKnown ? TURNED_ALL_THE_SAME : TURNED) - 1) *
        (0.6 * sineSq / (sineSq + 0.02) + 0.4 * sineSq);
  }

  /** What lies across the middle of the body and is alike on both sides has its own middle there. */
  #mirrorFactor(poses: Float64Array, at: number, length: number): number {
    const { regions: { left, middle }, mirrors: { normals, count } } = this.#piece, m = this.#matrix;
    let off = 0, best = 0;
    for (let k = 0; k < 3; k++) off += left[k] * (poses[at + 5 + k] - middle[k]);
    if (count === 0) return 1;
    if (Math.abs(off) > CENTRAL * length) return ASIDE;
    poseMatrix(poses, at, m);
    for (let n = 0; n < 3 * count; n += 3) {
      let dot = 0;
      for (let k = 0; k < 3; k++) {
        dot += left[k] * (m[3 * k] * normals[n] + m[3 * k + 1] * normals[n + 1] + m[3 * k + 2] * normals[n + 2]);
      }
      best = Math.max(best, dot * dot / (poses[at] * poses[at]));
    }
    const share = off / (CENTRAL * length), skewSq = 1 - best;
    return 1 + (SKEWED - 1) * Math.min(1, skewSq / (skewSq + 0.05) + share * share) * (1 - share * share);
  }

  /** How near the piece stays to a place that makes sense, 0 to 1. */
  #nearness(poses: Float64Array, at: number, h: number): number {
    if (this.#believed[h] === 0) return 0;
    const { inPlace: q, size, hypotheses, targetSize } = this.#piece, o = POSE_STRIDE * h;
    const dx = poses[at + 5] - q[o + 5], dy = poses[at + 6] - q[o + 6], dz = poses[at + 7] - q[o + 7];
    const reach = AROUND * size * hypotheses[h].unitFactor + ABOUT * targetSize;
    const share = (dx * dx + dy * dy + dz * dz) / (reach * reach);
    return this.#believed[h] / (1 + share * share);
  }
}
