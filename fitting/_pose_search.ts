import type { Frame } from "../pool/scratch.ts";
import { Candidates, candidatesBytes } from "./_candidates.ts";
import type { ContactFit } from "./_contact_fit.ts";
import type { DistanceGrid } from "./_distance_field.ts";
import { type Hypothesis, writeUpright } from "./_hypotheses.ts";
import type { LengthUnit } from "./_length_units.ts";
import { copyPose, multiplyInto, POSE_STRIDE, poseMatrix } from "./_pose.ts";
import type { PosePrior } from "./_pose_prior.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";
import type { Work } from "./work.ts";

/** Seeds lie no farther from the target than this, in its longest sides: between the feet is still near. */
const REACH = 0.06;
/** Candidates that lie nearer to each other are one place, in longest sides of the target. */
const CLOSE = 0.02;
/** A piece below this share of the target needs seeds closer together. */
const SMALL = 0.25;

/** What lies inside is judged mildly at first: a piece that is too small lies inside where it belongs. */
const ROUGH_INSIDE = 0.5;
/** How much better a place must be for a unit to be believed. */
const UNLIKELINESS: Readonly<Record<LengthUnit, number>> = {
  m: 1,
  cm: 1,
  mm: 1,
  dm: 1.05,
  inch: 1.05,
  dam: 1.5,
  hm: 1.5,
};

/** Bytes a {@linkcode PoseSearch} leases. */
export function poseSearchBytes(): number {
  return candidatesBytes() + 8 * (9 + 12);
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
  readonly #hypotheses: readonly Hypothesis[];
  readonly #size: number;
  readonly #targetSize: number;
  readonly #matrix: Float64Array;
  readonly #pieceMin: Float64Array;
  readonly #pieceMax: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;

  /**
   * @param size Diagonal of the piece in its file's unit.
   * @param min Lower corner of the target's bounds, as `max` is the upper one.
   */
  constructor(
    fit: ContactFit,
    samples: SurfaceSamples,
    hypotheses: readonly Hypothesis[],
    size: number,
    target: { min: Float64Array; max: Float64Array; size: number },
    frame: Frame,
  ) {
    this.candidates = new Candidates(frame);
    this.#fit = fit;
    this.#prior = fit.prior;
    this.#roughPrior = { ...fit.prior, inside: ROUGH_INSIDE };
    this.#samples = samples;
    this.#hypotheses = hypotheses;
    this.#size = size;
    this.#targetSize = target.size;
    this.#matrix = frame.f64(9);
    this.#pieceMin = frame.f64(3);
    this.#pieceMax = frame.f64(3);
    this.#min = frame.f64(3);
    this.#max = frame.f64(3);
    this.#min.set(target.min);
    this.#max.set(target.max);
  }

  /** Makes the fit judge under hypothesis `h`. */
  adopt(h: number): void {
    this.#fit.unitFactor = this.#hypotheses[h].unitFactor;
    writeUpright(this.#hypotheses[h].upAxis, this.#fit.upright);
  }

  /**
   * What costs under hypothesis `h` are compared by: as share of the piece, so
   * that a unit in which it is smaller has no advantage. A wide stand-off is less
   * likely than a narrow one, and so are rare units and pieces much smaller than a hand.
   *
   * @param scale Of the pose that costs this much.
   */
  rank(cost: number, scale: number, h: number): number {
    const { units, unitFactor } = this.#hypotheses[h];
    const length = Math.min(scale, unitFactor) * this.#size, smallness = 0.08 * this.#targetSize / length;
    return UNLIKELINESS[units] * (cost + 0.15 * this.#fit.standOff) / length * (1 + smallness * smallness);
  }

  /**
   * Fills {@linkcode candidates}.
   *
   * @param inPlace Where the piece lies under each hypothesis; looked at too.
   * @param turns Quaternions, applied after the hypothesis' own.
   * @param known Under which hypothesis the spare pose of the candidates is one already.
   */
  *searchWork(grid: DistanceGrid, inPlace: Float64Array, turns: readonly number[], known?: number): Work<void> {
    const { candidates } = this, fit = this.#fit;
    candidates.clear();
    fit.use(grid);
    fit.prior = this.#roughPrior;
    if (known !== undefined) {
      this.adopt(known);
      candidates.beginGroup();
      candidates.offer(fit.measure(candidates.poses, candidates.spare, 12), known);
    }
    for (let h = 0; h < this.#hypotheses.length; h++) {
      this.adopt(h);
      candidates.beginGroup();
      copyPose(inPlace, POSE_STRIDE * h, candidates.poses, candidates.spare);
      candidates.offer(fit.measure(candidates.poses, candidates.spare, 12), h);
      for (let t = 0; t < turns.length; t += 4) {
        candidates.beginGroup();
        this.#turnSpare(h, turns, t);
        this.#seedNodes(grid, h);
        this.#seedBounds(h);
        yield;
      }
    }
    fit.prior = this.#prior;
    const closeSq = (CLOSE * this.#targetSize) ** 2;
    yield* this.#improveFirst(candidates.count, 6, 8);
    yield* this.#improveFirst(48, 4, 12);
    candidates.cut(48, closeSq);
    yield* this.#improveFirst(8, 1, 12);
    candidates.cut(8, closeSq);
  }

  #turnSpare(h: number, turns: readonly number[], t: number): void {
    const { poses, spare } = this.candidates, u = this.#fit.upright;
    poses[spare] = this.#hypotheses[h].unitFactor;
    multiplyInto(poses, spare + 1, turns[t], turns[t + 1], turns[t + 2], turns[t + 3], u[0], u[1], u[2], u[3]);
  }

  #offerAt(x: number, y: number, z: number, h: number): void {
    const { candidates } = this, { poses, spare } = candidates;
    poses[spare + 5] = x;
    poses[spare + 6] = y;
    poses[spare + 7] = z;
    candidates.offer(this.#fit.measure(poses, spare, 12), h);
  }

  /** The centre of the piece at nodes near the target, the middle ones among them. */
  #seedNodes({ nx, ny, nz, step, values, x0, y0, z0 }: DistanceGrid, h: number): void {
    const spacing = this.#hypotheses[h].unitFactor * this.#size < SMALL * this.#targetSize ? 2 : 3,
      reach = REACH * this.#targetSize;
    for (let i = (nx >> 1) % spacing; i < nx; i += spacing) {
      for (let j = (ny >> 1) % spacing; j < ny; j += spacing) {
        for (let k = (nz >> 1) % spacing; k < nz; k += spacing) {
          if (values[(i * ny + j) * nz + k] <= reach) this.#offerAt(x0 + i * step, y0 + j * step, z0 + k * step, h);
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

  *#improveFirst(most: number, stride: number, iterations: number): Work<void> {
    const { candidates } = this,
      { poses, costs, hypothesis, order } = candidates,
      count = Math.min(most, candidates.count);
    for (let i = 0; i < count; i++) {
      const c = order[i];
      this.adopt(hypothesis[c]);
      const cost = this.#fit.improve(poses, POSE_STRIDE * c, stride, iterations);
      costs[c] = this.rank(cost, poses[POSE_STRIDE * c], hypothesis[c]);
      if (i % 8 === 7) yield;
    }
    candidates.sortFirst(most);
  }
}

/** `lower`, the middle or `upper` for 0, 1 and 2. */
function between(lower: number, upper: number, halves: number): number {
  return lower + (upper - lower) * halves / 2;
}
