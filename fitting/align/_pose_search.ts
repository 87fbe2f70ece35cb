import type { Frame } from "../../pool/scratch.ts";
import { Candidates, candidatesBytes } from "./_candidates.ts";
import type { ContactFit } from "./_contact_fit.ts";
import type { DistanceField, DistanceGrid } from "./_distance_field.ts";
import { copyPose, multiplyInto, POSE_STRIDE, poseMatrix, writeQuaternion } from "./_pose.ts";
import type { PosePrior } from "./_pose_prior.ts";
import type { PlacedPiece, PoseRanking } from "./_pose_ranking.ts";
import { principalAxes } from "./_principal_axes.ts";
import { COVERED, REGION_STRIDE, type RegionShapes } from "./_region_shapes.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";
import { WIDE_TURNS } from "./_turns.ts";
import type { Work } from "../work.ts";

/** Seeds lie no farther from the target than this, in its longest sides: between the feet is still near. */
const REACH = 0.06;
/** Candidates that lie nearer to each other are one place, in longest sides of the target. */
const CLOSE = 0.02;
/** A piece below this share of the target needs seeds closer together. */
const SMALL = 0.25;

/** What lies inside is judged mildly at first: a piece that is too small lies inside where it belongs. */
const ROUGH_INSIDE = 0.5;
/** A region is looked at for pieces whose extent is this part of its own, at least and at most. */
const LEAST_COVER = 0.15, MOST_COVER = 1.8;
/** One within this factor may have been made for just this region of another body. */
const MATCHING = 1.4;
/** A piece that covers less of a region is looked for all along it. */
const SMALL_COVER = 0.6;
/** Of each group the best few come a little nearer before groups are compared: seeds lie centimetres apart, and tight pieces suffer most from that. */
const POLISHED = 2, POLISHING = 4;
/** Candidates that are improved at all. */
const PROMISING = 256;

/** Bytes a {@linkcode PoseSearch} leases. */
export function poseSearchBytes(): number {
  return candidatesBytes() + 8 * (9 + 12 + 9 + 9 + 4 + 4);
}

/**
 * Looks for the places where a piece may belong: every turn at every seed (near
 * the target, and bounds to bounds), the best of each group improved, fewer and
 * more carefully from round to round.
 */
export class PoseSearch {
  /** What was found; after a search `order` lists distinct places, the best first. */
  readonly candidates: Candidates;
  readonly #fit: ContactFit;
  readonly #prior: PosePrior;
  readonly #roughPrior: PosePrior;
  readonly #samples: SurfaceSamples;
  readonly #piece: PlacedPiece;
  readonly #ranking: PoseRanking;
  readonly #matrix: Float64Array;
  readonly #pieceMin: Float64Array;
  readonly #pieceMax: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #covariance: Float64Array;
  readonly #axes: Float64Array;
  /** Turn of the piece's and a region's axes, the longest along y. */
  readonly #pieceTurn: Float64Array;
  readonly #regionTurn: Float64Array;

  /** @param bounds Of the target. */
  constructor(
    fit: ContactFit,
    piece: PlacedPiece,
    ranking: PoseRanking,
    bounds: { min: Float64Array; max: Float64Array },
    frame: Frame,
  ) {
    this.candidates = new Candidates(frame);
    this.#fit = fit;
    this.#prior = fit.prior;
    this.#roughPrior = { ...fit.prior, inside: ROUGH_INSIDE };
    this.#samples = piece.samples;
    this.#piece = piece;
    this.#ranking = ranking;
    this.#matrix = frame.f64(9);
    this.#pieceMin = frame.f64(3);
    this.#pieceMax = frame.f64(3);
    this.#min = frame.f64(3);
    this.#max = frame.f64(3);
    this.#min.set(bounds.min);
    this.#max.set(bounds.max);
    this.#covariance = frame.f64(9);
    this.#axes = frame.f64(9);
    this.#pieceTurn = frame.f64(4);
    this.#regionTurn = frame.f64(4);
    this.#measureAxes();
  }

  /**
   * Fills {@linkcode candidates}.
   *
   * @param turns Quaternions, applied after the hypothesis' own, tried everywhere near the target.
   */
  *searchWork(grid: DistanceGrid, turns: readonly number[]): Work<void> {
    const { candidates } = this, fit = this.#fit;
    candidates.clear();
    fit.use(grid);
    fit.prior = this.#roughPrior;
    for (let h = 0; h < this.#piece.hypotheses.length; h++) {
      this.#ranking.adopt(h);
      candidates.beginGroup();
      copyPose(this.#piece.inPlace, POSE_STRIDE * h, candidates.poses, candidates.spare);
      fit.improve(candidates.poses, candidates.spare, 6, 12); // so that it is not lost among seeds that happen to lie better
      this.#offer(h, 12);
      yield* this.#seedRegionsWork(this.#piece.regions, h);
      for (let t = 0; t < turns.length; t += 4) {
        candidates.beginGroup();
        this.#turnSpare(h, turns, t);
        this.#seedNodes(grid, h);
        this.#seedBounds(h);
        this.#polish(h);
        yield;
      }
    }
    fit.prior = this.#prior;
    const closeSq = (CLOSE * this.#piece.targetSize) ** 2;
    candidates.sortFirst(candidates.count);
    yield* this.#improveFirst(PROMISING, 6, 8);
    yield* this.#improveFirst(48, 4, 12);
    candidates.cut(48, closeSq);
    yield* this.#improveFirst(12, 1, 12);
    candidates.cut(12, closeSq);
  }

  /** Improves what was found on the surface itself, and drops what turns out to be the same. */
  *settleWork(field: DistanceField, most: number): Work<void> {
    this.#fit.use(field);
    yield* this.#improveFirst(most, 3, 10, 1);
    this.candidates.cut(most, (CLOSE * this.#piece.targetSize) ** 2);
  }

  #turnSpare(h: number, turns: readonly number[], t: number): void {
    const { poses, spare } = this.candidates, u = this.#fit.upright;
    poses[spare] = this.#piece.hypotheses[h].unitFactor;
    multiplyInto(poses, spare + 1, turns[t], turns[t + 1], turns[t + 2], turns[t + 3], u[0], u[1], u[2], u[3]);
  }

  #offerAt(x: number, y: number, z: number, h: number, stride: number): void {
    const { poses, spare } = this.candidates;
    poses[spare + 5] = x;
    poses[spare + 6] = y;
    poses[spare + 7] = z;
    this.#offer(h, stride);
  }

  #offer(h: number, stride: number): void {
    const { candidates } = this, { poses, spare } = candidates;
    this.#fit.measure(poses, spare, stride);
    candidates.offer(this.#ranking.rank(poses, spare, h), h);
  }

  /** The piece at, and beside, the middle of each region it may cover: its axes along those of the region, and each side up. */
  *#seedRegionsWork({ shapes }: RegionShapes, h: number): Work<void> {
    const { candidates } = this, { poses, spare } = candidates, turn = this.#regionTurn, piece = this.#pieceTurn;
    const extent = this.#piece.hypotheses[h].unitFactor * this.#samples.radius;
    for (let r = 0; r < COVERED.length; r++) {
      const o = REGION_STRIDE * r, sx = shapes[o + 12], sy = shapes[o + 13], sz = shapes[o + 14];
      const cover = extent / Math.sqrt(sx * sx + sy * sy + sz * sz);
      if (!(cover >= LEAST_COVER && cover <= MOST_COVER)) continue;
      const mayMatch = this.#prior.scales && cover > 1 / MATCHING && cover < MATCHING;
      writeTurn(shapes, o + 3, this.#covariance, turn);
      candidates.beginGroup();
      for (let t = 0; t < WIDE_TURNS.length; t += 4) {
        const x = WIDE_TURNS[t], y = WIDE_TURNS[t + 1], z = WIDE_TURNS[t + 2], w = WIDE_TURNS[t + 3];
        multiplyInto(poses, spare + 1, x, y, z, w, piece[0], piece[1], piece[2], piece[3]);
        const a = poses[spare + 1], b = poses[spare + 2], c = poses[spare + 3], d = poses[spare + 4];
        multiplyInto(poses, spare + 1, -turn[0], -turn[1], -turn[2], turn[3], a, b, c, d);
        poses[spare] = this.#piece.hypotheses[h].unitFactor;
        this.#seedRegion(shapes, o, h, cover < SMALL_COVER);
        if (!mayMatch) continue;
        poses[spare] /= cover;
        this.#offerAt(shapes[o], shapes[o + 1], shapes[o + 2], h, 24);
      }
      this.#polish(h);
      yield;
      candidates.beginGroup();
      for (let t = 0; t < WIDE_TURNS.length; t += 4) {
        this.#turnSpare(h, WIDE_TURNS, t);
        this.#seedRegion(shapes, o, h, cover < SMALL_COVER);
      }
      this.#polish(h);
      yield;
    }
  }

  /** Brings the best of the group a little nearer. */
  #polish(h: number): void {
    const { begin, count, poses, costs } = this.candidates;
    for (let c = begin; c < count && c < begin + POLISHED; c++) {
      this.#fit.improve(poses, POSE_STRIDE * c, 12, POLISHING);
      costs[c] = this.#ranking.rank(poses, POSE_STRIDE * c, h);
    }
  }

  #seedRegion(shapes: Float64Array, o: number, h: number, isSmall: boolean): void {
    this.#offerAt(shapes[o], shapes[o + 1], shapes[o + 2], h, 24);
    for (let k = 0; k < 3; k++) {
      const a = o + 3 + 3 * k, many = k === 0 && isSmall ? 3 : 1, step = (many === 3 ? 0.5 : 0.7) * shapes[o + 12 + k];
      for (let n = -many; n <= many; n++) {
        if (n === 0) continue;
        const x = shapes[o] + n * step * shapes[a], y = shapes[o + 1] + n * step * shapes[a + 1];
        this.#offerAt(x, y, shapes[o + 2] + n * step * shapes[a + 2], h, 24);
      }
    }
  }

  /** Which way the piece extends. */
  #measureAxes(): void {
    const { points, count } = this.#samples, c = this.#covariance;
    for (let i = 0; i < 3 * count; i += 3) {
      for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) c[3 * a + b] += points[i + a] * points[i + b];
    }
    principalAxes(c, this.#axes);
    writeTurn(this.#axes, 0, c, this.#pieceTurn);
  }

  /** The centre of the piece at nodes near the target, the middle ones among them. */
  #seedNodes({ nx, ny, nz, step, values, x0, y0, z0 }: DistanceGrid, h: number): void {
    const spacing = this.#piece.hypotheses[h].unitFactor * this.#piece.size < SMALL * this.#piece.targetSize ? 2 : 3,
      reach = REACH * this.#piece.targetSize;
    for (let i = (nx >> 1) % spacing; i < nx; i += spacing) {
      for (let j = (ny >> 1) % spacing; j < ny; j += spacing) {
        for (let k = (nz >> 1) % spacing; k < nz; k += spacing) {
          if (values[(i * ny + j) * nz + k] <= reach) this.#offerAt(x0 + i * step, y0 + j * step, z0 + k * step, h, 12);
        }
      }
    }
  }

  /** Lower, middle or upper bounds of the piece at those of the target, on each axis. */
  #seedBounds(h: number): void {
    const a = this.#pieceMin, b = this.#pieceMax, min = this.#min, max = this.#max;
    this.#measurePiece();
    for (let i = 0; i <= 2; i++) {
      for (let j = 0; j <= 2; j++) {
        for (let k = 0; k <= 2; k++) {
          this.#offerAt(
            between(min[0] - a[0], max[0] - b[0], i),
            between(min[1] - a[1], max[1] - b[1], j),
            between(min[2] - a[2], max[2] - b[2], k),
            h,
            12,
          );
        }
      }
    }
  }

  /** Bounds of the samples under the spare pose, seen from their centre. */
  #measurePiece(): void {
    const { points, count } = this.#samples, m = this.#matrix, min = this.#pieceMin, max = this.#pieceMax;
    poseMatrix(this.candidates.poses, this.candidates.spare, m);
    min.fill(Infinity);
    max.fill(-Infinity);
    for (let i = 0; i < 3 * count; i += 3) {
      for (let k = 0; k < 3; k++) {
        const value = m[3 * k] * points[i] + m[3 * k + 1] * points[i + 1] + m[3 * k + 2] * points[i + 2];
        if (value < min[k]) min[k] = value;
        if (value > max[k]) max[k] = value;
      }
    }
  }

  *#improveFirst(most: number, stride: number, iterations: number, pauseEvery = 8): Work<void> {
    const { candidates } = this,
      { poses, costs, hypothesis, order } = candidates,
      count = Math.min(most, candidates.count);
    for (let i = 0; i < count; i++) {
      const c = order[i];
      this.#ranking.adopt(hypothesis[c]);
      this.#fit.improve(poses, POSE_STRIDE * c, stride, iterations);
      this.#fit.measureSkin(poses, POSE_STRIDE * c, stride);
      costs[c] = this.#ranking.rank(poses, POSE_STRIDE * c, hypothesis[c]);
      if (i % pauseEvery === pauseEvery - 1) yield;
    }
    candidates.sortFirst(count);
  }
}

/** The turn to a frame whose y is the first of three axes, as a quaternion; the axes are the rows of a rotation at `at`. */
function writeTurn(axes: Float64Array, at: number, matrix: Float64Array, turn: Float64Array): void {
  for (let k = 0; k < 3; k++) {
    matrix[k] = axes[at + 6 + k];
    matrix[3 + k] = axes[at + k];
    matrix[6 + k] = axes[at + 3 + k];
  }
  writeQuaternion(matrix, turn);
}

/** `lower`, the middle or `upper` for 0, 1 and 2. */
function between(lower: number, upper: number, halves: number): number {
  return lower + (upper - lower) * halves / 2;
}
