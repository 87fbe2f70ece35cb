import type { Frame } from "../pool/scratch.ts";
import type { AlignBoundsOptions, AlignReport, AlignTarget } from "./align_bounds.ts";
import { angleOf } from "./_angle_of.ts";
import { ContactFit, contactFitBytes } from "./_contact_fit.ts";
import { type PosePrior, turnSineSq } from "./_pose_prior.ts";
import type { UpAxis } from "./_length_units.ts";
import { DistanceGrid, ExactDistance, GRID_NODES } from "./_distance_field.ts";
import { type Hypothesis, listHypotheses, MAX_HYPOTHESES, writeInPlace } from "./_hypotheses.ts";
import type { TriangleMesh } from "./mesh.ts";
import { copyPose, POSE_STRIDE, poseMatrix } from "./_pose.ts";
import { PoseSearch, poseSearchBytes } from "./_pose_search.ts";
import { NEAR_TURNS, WIDE_TURNS } from "./_turns.ts";
import { sampleSurface, type SurfaceSamples, surfaceSamplesBytes } from "./_surface_samples.ts";
import { boundsOf } from "./bounds.ts";
import type { Work } from "./work.ts";

/** Places on the piece that are looked at. */
const SAMPLES = 384;
/** Judges places. */
const SEARCH_PRIOR: PosePrior = { inside: 2, scale: 0.06, turn: 0.004, bend: 0, scales: true };
/** For the last fit: the scale is nearly free, a turn that was decided on is not held back, and the piece may bend for a while. */
const FINAL_PRIOR: PosePrior = { inside: 4, scale: 0.02, turn: 0, bend: 0.1, scales: true };
const FINAL_ITERATIONS = 40;
/** How many places are compared by the last fit, */
const FINALISTS = 3;
/** and how much worse than the best they may look before. */
const ABOUT_AS_GOOD = 1.4;

// All in longest sides of the target:
/** A piece that lies this evenly on the target is where it belongs. */
const GOOD = 0.006;
/** A place found with turns near the upright one is good enough not to look further. */
const FAIR = 0.012;
/** A piece that lies more unevenly than this does not belong where it is. */
const LOOSE = 0.04;
/** A better place must be better by this much, */
const WORTH_MOVING = 0.002;
/** and by this factor, for the piece to be moved. */
const WORTH_FACTOR = 1.75;
/** A piece of which so much is inside of the target was made on a slimmer one: it is where it belongs, and too small. */
const WORN = 0.6;
/** Up to this cost in place that is for the fit to widen; above, the piece is scaled. */
const WIDENED = 0.08;
/** A piece at least this large hangs, as a gown or a cape does, if it touches here and there and is nowhere inside. It stays. */
const HANGING_SIZE = 0.4;

/** Bytes an {@linkcode Alignment} leases. */
export function alignmentBytes(): number {
  return surfaceSamplesBytes(SAMPLES) + contactFitBytes(SAMPLES) + 8 * (6 + 9 + POSE_STRIDE * (MAX_HYPOTHESES + 1)) +
    4 * GRID_NODES + poseSearchBytes();
}

/** One piece on its way to one target. */
export class Alignment {
  /** Whether the piece lies well once unit and axis are undone. */
  liesWell = false;
  readonly #samples: SurfaceSamples;
  readonly #fit: ContactFit;
  readonly #exact: ExactDistance;
  readonly #target: AlignTarget;
  readonly #settings: Required<AlignBoundsOptions>;
  readonly #hypotheses: readonly Hypothesis[];
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  /** Diagonal of the piece in its file's unit. */
  readonly #size: number;
  /** Longest side of the target, metres. */
  readonly #targetSize: number;
  /** Where the piece lies under each hypothesis when nothing else moves. */
  readonly #inPlace: Float64Array;
  readonly #search: PoseSearch;
  readonly #gridValues: Float32Array;
  readonly #pose: Float64Array;
  readonly #matrix: Float64Array;
  /** How the file is read in the end. */
  #reading: Hypothesis;
  #confidence: number;
  #kept = true;

  constructor(mesh: TriangleMesh, target: AlignTarget, settings: Required<AlignBoundsOptions>, frame: Frame) {
    this.#target = target;
    this.#settings = settings;
    this.#samples = sampleSurface(mesh, SAMPLES, frame);
    this.#min = frame.f64(3);
    this.#max = frame.f64(3);
    this.#inPlace = frame.f64(POSE_STRIDE * MAX_HYPOTHESES);
    this.#pose = frame.f64(POSE_STRIDE);
    this.#matrix = frame.f64(9);
    this.#gridValues = frame.f32(GRID_NODES);
    this.#size = boundsOf(mesh).boundsDiagonal;
    const { boundsMin, boundsMax } = boundsOf(target.mesh);
    this.#min.set(boundsMin);
    this.#max.set(boundsMax);
    this.#targetSize = Math.max(0, ...boundsMax.map((value, k) => value - boundsMin[k]));
    this.#exact = new ExactDistance(target.index);
    this.#fit = new ContactFit(this.#samples, this.#targetSize, this.#exact, this.#prior(SEARCH_PRIOR), frame);
    this.#hypotheses = listHypotheses(this.#size, this.#targetSize, settings.units, settings.upAxis);
    this.#reading = this.#hypotheses[0];
    this.#confidence = settings.units !== "auto" && settings.upAxis !== "auto" ? 1 : 0;
    const bounds = { min: this.#min, max: this.#max, size: this.#targetSize };
    this.#search = new PoseSearch(this.#fit, this.#samples, this.#hypotheses, this.#size, bounds, frame);
    for (let h = 0; h < this.#hypotheses.length; h++) {
      this.#writeInPlace(this.#hypotheses[h], this.#inPlace, POSE_STRIDE * h);
    }
  }

  /** Finds the pose. */
  *placeWork(): Work<AlignReport> {
    if (this.#samples.count === 0 || !(this.#targetSize > 0)) {
      copyPose(this.#inPlace, 0, this.#pose, 0);
      return this.#report();
    }
    const cost = yield* this.#pickInPlaceWork(), { place } = this.#settings;
    this.liesWell = cost < GOOD * this.#targetSize && this.#fit.deepFraction < 0.05;
    yield;
    if (place === "search" || (place === "auto" && !this.liesWell)) yield* this.#searchWork(cost);
    return this.#report();
  }

  /** Writes the placed piece to `out`, which may be its own positions. */
  apply({ positions }: TriangleMesh, out: Float32Array): void {
    const pose = this.#pose, m = this.#matrix, { centre } = this.#samples;
    poseMatrix(pose, 0, m);
    for (let i = 0; i < positions.length; i += 3) {
      const x = positions[i] - centre[0], y = positions[i + 1] - centre[1], z = positions[i + 2] - centre[2];
      out[i] = m[0] * x + m[1] * y + m[2] * z + pose[5];
      out[i + 1] = m[3] * x + m[4] * y + m[5] * z + pose[6];
      out[i + 2] = m[6] * x + m[7] * y + m[8] * z + pose[7];
    }
  }

  /** Chooses the hypothesis under which the piece lies best where it is, and measures it. */
  *#pickInPlaceWork(): Work<number> {
    const fit = this.#fit, search = this.#search;
    let best = Infinity, second = Infinity, chosen = 0;
    for (let h = 0; h < this.#hypotheses.length; h++) {
      search.adopt(h);
      const value = search.rank(fit.measure(this.#inPlace, POSE_STRIDE * h, 1), this.#inPlace[POSE_STRIDE * h], h);
      if (value < best) {
        second = best;
        best = value;
        chosen = h;
      } else if (value < second) second = value;
      yield;
    }
    this.#confidence = confidenceOf(best, second);
    this.#reading = this.#hypotheses[chosen];
    copyPose(this.#inPlace, POSE_STRIDE * chosen, this.#pose, 0);
    search.adopt(chosen);
    return fit.measure(this.#pose, 0, 1);
  }

  *#searchWork(costInPlace: number): Work<void> {
    const fit = this.#fit, search = this.#search, { candidates } = search;
    if (fit.deepFraction > WORN) {
      if (costInPlace > WIDENED * this.#targetSize || this.#settings.place === "search") {
        yield* this.#refineWork(costInPlace);
      }
      return;
    }
    const deepInPlace = fit.deepFraction, length = this.#size * this.#reading.unitFactor;
    const hangs = deepInPlace < 0.01 && fit.nearFraction >= 0.05 && length > HANGING_SIZE * this.#targetSize;
    const grid = yield* DistanceGrid.buildWork(
      this.#target.index,
      this.#min,
      this.#max,
      this.#targetSize,
      this.#gridValues,
    );
    yield* search.searchWork(grid, this.#inPlace, NEAR_TURNS);
    if (this.#costOfBest() > FAIR * this.#targetSize) {
      const known = candidates.order[0];
      copyPose(candidates.poses, POSE_STRIDE * known, candidates.poses, candidates.spare);
      yield* search.searchWork(grid, this.#inPlace, WIDE_TURNS, candidates.hypothesis[known]);
    }
    const best = POSE_STRIDE * candidates.order[0], h = candidates.hypothesis[candidates.order[0]];
    fit.use(this.#exact);
    search.adopt(h);
    fit.begin(candidates.poses, best, 1);
    for (let n = 0; n < 6 && fit.iterate(); n++) yield;
    const cost = fit.end(candidates.poses, best);
    const isSameReading = this.#reading === this.#hypotheses[h];
    const isUneven = costInPlace > WORTH_FACTOR * cost + WORTH_MOVING * this.#targetSize;
    const staysPut = hangs && isSameReading || !isUneven && deepInPlace < 0.1 && costInPlace < LOOSE * this.#targetSize;
    if (this.#settings.place === "auto" && staysPut) {
      search.adopt(this.#hypotheses.indexOf(this.#reading));
      fit.measure(this.#pose, 0, 1);
      return;
    }
    this.#kept = false;
    this.#confidence = this.#searchConfidence(h);
    this.#reading = this.#hypotheses[h];
    yield* this.#finishWork(h);
  }

  /** Fits the piece about where it is and looks nowhere else. */
  *#refineWork(cost: number): Work<void> {
    const { candidates } = this.#search, h = this.#hypotheses.indexOf(this.#reading);
    candidates.clear();
    candidates.beginGroup();
    copyPose(this.#pose, 0, candidates.poses, candidates.spare);
    candidates.offer(cost, h);
    this.#kept = false;
    yield* this.#finishWork(h);
  }

  /** The last fit, of the best place and of others that are about as good under the same hypothesis. */
  *#finishWork(h: number): Work<void> {
    const fit = this.#fit, { poses, costs, order, hypothesis, count } = this.#search.candidates, best = costs[order[0]];
    fit.prior = this.#prior(FINAL_PRIOR);
    let least = Infinity;
    for (let i = 0, tried = 0; i < count && tried < FINALISTS; i++) {
      const c = order[i];
      if (hypothesis[c] !== h || costs[c] > ABOUT_AS_GOOD * best) continue;
      tried++;
      fit.begin(poses, POSE_STRIDE * c, 1);
      for (let n = 0; n < FINAL_ITERATIONS && fit.iterate(); n++) yield;
      const cost = fit.cost + SEARCH_PRIOR.turn * this.#targetSize * turnSineSq(poses, POSE_STRIDE * c, fit.upright);
      if (cost < least) {
        least = cost;
        fit.end(this.#pose, 0);
      }
    }
    fit.measure(this.#pose, 0, 1);
    if (this.#settings.upAxis === "auto") {
      this.#reading = { ...this.#reading, upAxis: upAxisOf(this.#pose, this.#matrix) };
    }
  }

  #costOfBest(): number {
    const { candidates } = this.#search, best = candidates.order[0];
    this.#search.adopt(candidates.hypothesis[best]);
    return this.#fit.measure(candidates.poses, POSE_STRIDE * best, 1);
  }

  /** By how much the best candidate of any other hypothesis is worse. */
  #searchConfidence(h: number): number {
    const { order, hypothesis, costs, count } = this.#search.candidates;
    for (let i = 1; i < count; i++) {
      if (hypothesis[order[i]] !== h) return confidenceOf(costs[order[0]], costs[order[i]]);
    }
    return 1;
  }

  #prior(prior: PosePrior): PosePrior {
    return { ...prior, scales: this.#settings.scale === "uniform" };
  }

  #writeInPlace(hypothesis: Hypothesis, poses: Float64Array, at: number): void {
    const { origin, meshOrigin } = this.#settings;
    writeInPlace(hypothesis, this.#samples.centre, meshOrigin, origin, poses, at);
  }

  #report(): AlignReport {
    const { standOff, contact, insideFraction } = this.#fit, { units, unitFactor, upAxis } = this.#reading;
    const p = this.#pose, q = this.#inPlace;
    this.#writeInPlace(this.#reading, q, 0);
    const dx = p[5] - q[5], dy = p[6] - q[6], dz = p[7] - q[7];
    const cosine = Math.abs(p[1] * q[1] + p[2] * q[2] + p[3] * q[3] + p[4] * q[4]); // of half the angle
    return {
      units,
      unitFactor,
      upAxis,
      confidence: this.#confidence,
      kept: this.#kept,
      moved: Math.sqrt(dx * dx + dy * dy + dz * dz),
      rotationDeg: 360 / Math.PI * angleOf(Math.sqrt(Math.max(0, 1 - cosine * cosine)), cosine),
      scale: p[0] / unitFactor,
      standOff,
      contact,
      insideFraction,
    };
  }
}

/** The axis of the file that points up, or most nearly so, in the pose at 0. */
function upAxisOf(pose: Float64Array, matrix: Float64Array): UpAxis {
  poseMatrix(pose, 0, matrix);
  const x = matrix[3], y = matrix[4], z = matrix[5];
  if (Math.abs(y) >= Math.abs(x) && Math.abs(y) >= Math.abs(z)) return y < 0 ? "-y" : "y";
  if (Math.abs(z) >= Math.abs(x)) return z < 0 ? "-z" : "z";
  return x < 0 ? "-x" : "x";
}

/** How far behind the second is: 0 when it costs as much, 1 when there is none. */
function confidenceOf(best: number, second: number): number {
  return second > 0 && second < Infinity ? Math.max(0, 1 - best / second) : 1;
}
