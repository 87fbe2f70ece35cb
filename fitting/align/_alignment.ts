import type { Frame } from "../../pool/scratch.ts";
import type { AlignBoundsOptions, AlignReport, AlignTarget } from "./align_bounds.ts";
import { angleOf } from "../_angle_of.ts";
import { ContactFit, contactFitBytes } from "./_contact_fit.ts";
import type { PosePrior } from "./_pose_prior.ts";
import type { ForwardAxis, UpAxis } from "./_length_units.ts";
import { DistanceGrid, ExactDistance, GRID_NODES } from "./_distance_field.ts";
import { type Hypothesis, listHypotheses, MAX_HYPOTHESES, writeInPlace } from "./_hypotheses.ts";
import type { TriangleMesh } from "../mesh.ts";
import { type AlignmentParts, alignmentPartsBytes, alignmentPartsWork, SAMPLES } from "./_alignment_parts.ts";
import { PartCensus, partCensusBytes } from "./_part_census.ts";
import { PoseRanking, poseRankingBytes } from "./_pose_ranking.ts";
import { nameRegion, regionMask } from "./_regions.ts";
import { copyPose, POSE_STRIDE, poseMatrix } from "./_pose.ts";
import { PoseSearch, poseSearchBytes } from "./_pose_search.ts";
import { NEAR_TURNS } from "./_turns.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";
import type { Work } from "../work.ts";

/** Judges places. */
const SEARCH_PRIOR: PosePrior = { inside: 2, scale: 0.06, upright: 0.0006, turn: 0.004, bend: 0, scales: true };
/** For the last fit: the scale is nearly free, a turn that was decided on is not held back, and the piece may bend for a while. */
const FINAL_PRIOR: PosePrior = { inside: 4, scale: 0.02, upright: 0.0006, turn: 0, bend: 0.1, scales: true };
const FINAL_ITERATIONS = 40;
/** What stays near where its file puts it is upright as its file is, the more so where the fit is loose. */
const NEAR_PRIOR: PosePrior = { ...FINAL_PRIOR, upright: 0.0015 };
/** How many places are looked at on the surface itself, */
const SETTLED = 6;
/** how many of them are compared by the last fit, */
const FINALISTS = 3;
/** and how much worse than the best they may look before. */
const ABOUT_AS_GOOD = 1.4;

// All in longest sides of the target:
/** A piece that lies this evenly on the target is where it belongs, */
const GOOD = 0.006;
/** and this evenly for its own size. */
const GOOD_SHARE = 0.05;
/** A piece that lies more unevenly than this does not belong where it is. */
const LOOSE = 0.04;
/** A piece at least this large hangs, as a gown or a cape does, if it touches here and there and is nowhere inside. It stays. */
const HANGING_SIZE = 0.28;

/** What is nearer than this touches, */
const NEAR = 0.02;
/** and a piece hangs if what touches is that much higher than the rest, in standard deviations. */
const FROM_ABOVE = 0.6;

/** A better place must be better by this factor for the piece to be moved, */
const WORTH_FACTOR = 1.75;
/** and one that is all but where it lies, by this one. */
const WORTH_NUDGE = 1.3;
/** A piece of which so much is inside of the target was made on a slimmer one, */
const WORN = 0.6;
/** if it is no deeper than this on average, in its own size, */
const NARROW = 0.12;
/** and its faces run along the skin, by this cosine on average: it is where it belongs, and the fit widens it. */
const ALONG = 0.75;
/** A place of the file makes sense if the piece touches with this share of itself, */
const PLACED_NEAR = 0.1;
/** and is this even on the target, in its own size. */
const PLACED_SHARE = 0.07;
/** One that floats no farther off than this is half believed: a plate before the chest is not one for the back. */
const BEFORE = 0.05;
/** A piece with its middle so near to the file's zero, in its own sizes, was modelled there: its place means nothing. */
const AT_ZERO = 0.08;

/** A place at which the piece is this many times larger or smaller is another reading of its file. */
const OTHER_SIZE = 1.6;
/** A piece of which less is in the region asked for is elsewhere. */
const THERE = 0.5;
/** Forward axes of files, likeliest first, */
const FORWARDS: readonly ForwardAxis[] = ["z", "-z", "x", "-x"];
/** and how many times better a piece must lie to face another way than +Z. */
const FACING_AWAY = 1.5;

/** Bytes an {@linkcode Alignment} leases. */
export function alignmentBytes(targetVertexCount: number): number {
  return alignmentPartsBytes(targetVertexCount) + contactFitBytes(SAMPLES) +
    8 * (6 + 9 + 3 + POSE_STRIDE * (MAX_HYPOTHESES + 2)) +
    8 * GRID_NODES + partCensusBytes() + poseRankingBytes() + poseSearchBytes();
}

/** One piece on its way to one target. */
export class Alignment {
  /** Whether the piece lies well once unit and axis are undone. */
  liesWell = false;
  readonly #samples: SurfaceSamples;
  readonly #fit: ContactFit;
  readonly #exact: ExactDistance;
  readonly #target: AlignTarget;
  readonly #labels: Uint8Array;
  readonly #settings: Required<AlignBoundsOptions>;
  readonly #hypotheses: Hypothesis[];
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
  readonly #gridFaces: Uint32Array;
  /** Parts the piece may lie on. */
  readonly #mask: number;
  readonly #census: PartCensus;
  readonly #ranking: PoseRanking;
  readonly #pose: Float64Array;
  readonly #trial: Float64Array;
  /** Factors along the axes of the file, beside the scale. */
  readonly #stretch: Float64Array;
  readonly #matrix: Float64Array;
  /** How the file is read in the end. */
  #reading: Hypothesis;
  #confidence: number;
  #kept = true;
  #placeConfidence = 1;
  #rival: AlignReport["rival"] = "none";
  /** Where the piece lies is not where it was asked for. */
  #isElsewhere = false;

  /** Measures both meshes and lists what the file may mean. */
  static *prepareWork(
    mesh: TriangleMesh,
    target: AlignTarget,
    settings: Required<AlignBoundsOptions>,
    frame: Frame,
  ): Work<Alignment> {
    return new Alignment(yield* alignmentPartsWork(mesh, target, frame), target, settings, frame);
  }

  private constructor(
    { samples, size, bounds: { boundsMin, boundsMax }, labels, regions, mirrors }: AlignmentParts,
    target: AlignTarget,
    settings: Required<AlignBoundsOptions>,
    frame: Frame,
  ) {
    this.#target = target;
    this.#settings = settings;
    this.#samples = samples;
    this.#min = frame.f64(3);
    this.#max = frame.f64(3);
    this.#inPlace = frame.f64(POSE_STRIDE * MAX_HYPOTHESES);
    this.#pose = frame.f64(POSE_STRIDE);
    this.#trial = frame.f64(POSE_STRIDE);
    this.#stretch = frame.f64(3);
    this.#stretch.fill(1);
    this.#matrix = frame.f64(9);
    this.#gridValues = frame.f32(GRID_NODES);
    this.#gridFaces = frame.u32(GRID_NODES);
    this.#mask = regionMask(settings.region, settings.side);
    this.#size = size;
    this.#min.set(boundsMin);
    this.#max.set(boundsMax);
    this.#targetSize = Math.max(0, ...boundsMax.map((value, k) => value - boundsMin[k]));
    this.#exact = new ExactDistance(target.index);
    this.#fit = new ContactFit(this.#samples, this.#targetSize, this.#exact, this.#prior(SEARCH_PRIOR), frame);
    this.#hypotheses = listHypotheses(this.#size, this.#targetSize, settings.units, settings.upAxis, settings.forward);
    this.#reading = this.#hypotheses[0];
    this.#confidence = settings.units !== "auto" && settings.upAxis !== "auto" ? 1 : 0;
    this.#labels = labels;
    const piece = {
      samples,
      size,
      hypotheses: this.#hypotheses,
      inPlace: this.#inPlace,
      mirrors,
      regions,
      targetSize: this.#targetSize,
      isFacingKnown: settings.forward !== "auto",
    };
    this.#ranking = new PoseRanking(this.#fit, piece, frame);
    this.#search = new PoseSearch(this.#fit, piece, this.#ranking, { min: this.#min, max: this.#max }, frame);
    this.#census = new PartCensus(this.#samples, target.index, this.#labels, frame);
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
    this.liesWell = this.#isGood(cost, this.#size * this.#reading.unitFactor) && this.#fit.deepFraction < 0.05;
    yield;
    if (this.#isPlaceAsked && this.#census.count(this.#pose, 0, this.#mask) < THERE) {
      this.liesWell = false;
      this.#isElsewhere = true;
    }
    if (place === "search" || (place === "auto" && !this.liesWell)) yield* this.#searchWork(cost);
    return this.#report();
  }

  /** Writes the placed piece to `out`, which may be its own positions. */
  apply({ positions }: TriangleMesh, out: Float32Array): void {
    const pose = this.#pose, m = this.#matrix, { centre } = this.#samples, s = this.#stretch;
    poseMatrix(pose, 0, m);
    for (let i = 0; i < positions.length; i += 3) {
      const x = s[0] * (positions[i] - centre[0]), y = s[1] * (positions[i + 1] - centre[1]);
      const z = s[2] * (positions[i + 2] - centre[2]);
      out[i] = m[0] * x + m[1] * y + m[2] * z + pose[5];
      out[i + 1] = m[3] * x + m[4] * y + m[5] * z + pose[6];
      out[i + 2] = m[6] * x + m[7] * y + m[8] * z + pose[7];
    }
  }

  #isGood(cost: number, length: number): boolean {
    return cost < Math.min(GOOD * this.#targetSize, GOOD_SHARE * length);
  }

  /** Chooses the reading under which the piece lies best where it is, and measures it. */
  *#pickInPlaceWork(): Work<number> {
    const fit = this.#fit, ranking = this.#ranking, hypotheses = this.#hypotheses;
    let best = Infinity, second = Infinity, chosen = 0;
    for (let h = 0; h < hypotheses.length; h++) {
      const value = yield* this.#faceInPlace(h);
      if (value < best) {
        second = best;
        best = value;
        chosen = h;
      } else if (value < second) second = value;
      yield;
    }
    this.#confidence = confidenceOf(best, second);
    this.#reading = hypotheses[chosen];
    copyPose(this.#inPlace, POSE_STRIDE * chosen, this.#pose, 0);
    ranking.adopt(chosen);
    return yield* fit.measureWork(this.#pose, 0);
  }

  /** Turns hypothesis `h` to the side on which the piece lies best where it is; returns its rank. */
  *#faceInPlace(h: number): Work<number> {
    const fit = this.#fit, ranking = this.#ranking, hypotheses = this.#hypotheses, asked = hypotheses[h];
    const sides = this.#settings.forward === "auto" ? FORWARDS : [asked.forward];
    const length = this.#size * asked.unitFactor;
    let best = Infinity, chosen = asked, belief = 0;
    for (const forward of sides) {
      hypotheses[h] = { ...asked, forward };
      ranking.adopt(h);
      this.#writeInPlace(hypotheses[h], this.#inPlace, POSE_STRIDE * h);
      yield* fit.measureWork(this.#inPlace, POSE_STRIDE * h);
      ranking.believe(h, 0);
      const value = ranking.rank(this.#inPlace, POSE_STRIDE * h, h) * (forward === asked.forward ? 1 : FACING_AWAY);
      const isAdopted = forward === asked.forward || this.#isGood(fit.contact + 2 * fit.depth, length);
      if (!(value < best) || !isAdopted) continue;
      best = value;
      chosen = hypotheses[h];
      belief = this.#beliefIn(h);
    }
    ranking.believe(h, belief);
    hypotheses[h] = chosen;
    ranking.adopt(h);
    this.#writeInPlace(chosen, this.#inPlace, POSE_STRIDE * h);
    return best;
  }

  /** How far to believe the place of the file, just measured: whether it is at the target, and none that a modelling tool gives to everything. */
  #beliefIn(h: number): number {
    const { origin } = this.#settings, { unitFactor } = this.#hypotheses[h], o = POSE_STRIDE * h, fit = this.#fit;
    const length = unitFactor * this.#size, size = this.#targetSize;
    let fromZeroSq = 0;
    for (let k = 0; k < 3; k++) fromZeroSq += (this.#inPlace[o + 5 + k] + origin[k]) ** 2;
    if (fromZeroSq <= (AT_ZERO * length) ** 2 || fit.contact >= PLACED_SHARE * length + GOOD * size) return 0;
    if (fit.nearFraction > PLACED_NEAR) return 1;
    return fit.standOff + fit.contact < BEFORE * size ? 0.5 : 0;
  }

  /** Whether the piece, measured where it is, lies inside as one does that was made on a slimmer target. */
  *#isNarrowWork(length: number): Work<boolean> {
    const fit = this.#fit;
    if (this.#isElsewhere || fit.deepFraction <= WORN || fit.depth >= NARROW * length) return false;
    return (yield* fit.alongWork(this.#pose, 0)) > ALONG;
  }

  get #isPlaceAsked(): boolean {
    return this.#settings.region !== "auto" || this.#settings.side !== "auto";
  }

  *#searchWork(costInPlace: number): Work<void> {
    const fit = this.#fit, search = this.#search, ranking = this.#ranking, { candidates } = search;
    const length = this.#size * this.#reading.unitFactor, deepInPlace = fit.deepFraction;
    if (yield* this.#isNarrowWork(length)) {
      if (this.#settings.place === "search") yield* this.#refineWork();
      return;
    }
    const hangs = deepInPlace < 0.01 && fit.nearFraction >= 0.02 && length > HANGING_SIZE * this.#targetSize &&
      this.#census.support(this.#pose, 0, NEAR * this.#targetSize) > FROM_ABOVE;
    const here = this.#hypotheses.indexOf(this.#reading), rankInPlace = ranking.rank(this.#pose, 0, here);
    const grid = yield* DistanceGrid.buildWork(
      this.#target.index,
      this.#min,
      this.#max,
      this.#targetSize,
      this.#gridValues,
      this.#gridFaces,
    );
    if (this.#isPlaceAsked) ranking.restrict(grid, this.#labels, this.#target.mesh.indices, this.#mask);
    yield* search.searchWork(grid, NEAR_TURNS);
    yield* search.settleWork(this.#exact, SETTLED);
    const h = candidates.hypothesis[candidates.order[0]];
    const isSameReading = this.#reading === this.#hypotheses[h];
    const isNear = isSameReading && this.#isNearPlace(candidates.poses, POSE_STRIDE * candidates.order[0]);
    const isUneven = rankInPlace > (isNear ? WORTH_NUDGE : WORTH_FACTOR) * candidates.costs[candidates.order[0]];
    const staysPut = hangs && isSameReading || !isUneven && deepInPlace < 0.1 && costInPlace < LOOSE * this.#targetSize;
    if (this.#settings.place === "auto" && staysPut && !this.#isElsewhere) {
      ranking.adopt(here);
      fit.measure(this.#pose, 0, 1);
      return;
    }
    this.#kept = false;
    this.#judgeRivals();
    this.#reading = this.#hypotheses[h];
    yield* this.#finishWork(h);
  }

  /** Whether the pose at `at` is little but another size of where the piece lies. */
  #isNearPlace(poses: Float64Array, at: number): boolean {
    const p = this.#pose;
    let cosine = 0, distanceSq = 0;
    for (let k = 1; k < 5; k++) cosine += p[k] * poses[at + k];
    for (let k = 5; k < 8; k++) distanceSq += (p[k] - poses[at + k]) ** 2;
    return cosine * cosine > 0.99 && distanceSq < (0.1 * this.#targetSize) ** 2;
  }

  /** Fits the piece about where it is and looks nowhere else. */
  *#refineWork(): Work<void> {
    const { candidates } = this.#search, h = this.#hypotheses.indexOf(this.#reading);
    candidates.clear();
    candidates.beginGroup();
    copyPose(this.#pose, 0, candidates.poses, candidates.spare);
    candidates.offer(0, h);
    this.#kept = false;
    yield* this.#finishWork(h);
  }

  /** The last fit, of the best place and of others that are about as good under the same hypothesis. */
  *#finishWork(h: number): Work<void> {
    const fit = this.#fit,
      ranking = this.#ranking,
      { poses, costs, order, hypothesis, count } = this.#search.candidates;
    const best = costs[order[0]];
    ranking.adopt(h);
    fit.use(this.#exact);
    let least = Infinity;
    for (let i = 0, tried = 0; i < count && tried < FINALISTS; i++) {
      const c = order[i];
      if (hypothesis[c] !== h || costs[c] > ABOUT_AS_GOOD * best) continue;
      tried++;
      fit.prior = this.#prior(ranking.staysNear(poses, POSE_STRIDE * c, h) ? NEAR_PRIOR : FINAL_PRIOR);
      fit.begin(poses, POSE_STRIDE * c, 1);
      for (let n = 0; n < FINAL_ITERATIONS && fit.iterate(); n++) yield;
      fit.end(poses, POSE_STRIDE * c);
      fit.prior = this.#prior(SEARCH_PRIOR);
      fit.measureStretched(poses, POSE_STRIDE * c, 1);
      const cost = ranking.rank(poses, POSE_STRIDE * c, h);
      if (cost < least) {
        least = cost;
        copyPose(poses, POSE_STRIDE * c, this.#pose, 0);
        this.#stretch.set(fit.stretch);
      }
    }
    fit.stretch.set(this.#stretch);
    fit.measureStretched(this.#pose, 0, 1);
    if (this.#settings.upAxis === "auto") {
      this.#reading = { ...this.#reading, upAxis: upAxisOf(this.#pose, this.#matrix) };
    }
  }

  /** Says how far the best candidate is ahead of one read otherwise, and of one that lies elsewhere or is turned. */
  #judgeRivals(): void {
    const { order, costs, count, poses } = this.#search.candidates, best = order[0];
    this.#confidence = this.#placeConfidence = 1;
    for (let i = count - 1; i > 0; i--) {
      const other = order[i], p = POSE_STRIDE * best, q = POSE_STRIDE * other;
      const confidence = confidenceOf(costs[best], costs[other]);
      const isRead = this.#axisUp(poses, p) === this.#axisUp(poses, q) &&
        poses[p] < OTHER_SIZE * poses[q] && poses[q] < OTHER_SIZE * poses[p];
      if (!isRead) this.#confidence = confidence;
      else {
        const dx = poses[p + 5] - poses[q + 5], dy = poses[p + 6] - poses[q + 6], dz = poses[p + 7] - poses[q + 7];
        this.#placeConfidence = confidence;
        this.#rival = dx * dx + dy * dy + dz * dz < (0.2 * this.#size * poses[p]) ** 2 ? "turned" : "elsewhere";
      }
    }
  }

  #axisUp(poses: Float64Array, at: number): UpAxis {
    copyPose(poses, at, this.#trial, 0);
    return upAxisOf(this.#trial, this.#matrix);
  }

  #prior(prior: PosePrior): PosePrior {
    const { scale } = this.#settings;
    return { ...prior, scales: scale !== "none", stretches: scale === "axis" };
  }

  #writeInPlace(hypothesis: Hypothesis, poses: Float64Array, at: number): void {
    const { origin, meshOrigin } = this.#settings;
    writeInPlace(hypothesis, this.#samples.centre, meshOrigin, origin, poses, at);
  }

  #report(): AlignReport {
    const { standOff, contact, insideFraction } = this.#fit, { units, unitFactor, upAxis, forward } = this.#reading;
    const p = this.#pose, q = this.#inPlace;
    if (this.#samples.count > 0 && this.#targetSize > 0) this.#census.count(p, 0, this.#mask);
    const { region, side } = nameRegion(this.#census.counts);
    this.#writeInPlace(this.#reading, q, 0);
    const dx = p[5] - q[5], dy = p[6] - q[6], dz = p[7] - q[7];
    const cosine = Math.abs(p[1] * q[1] + p[2] * q[2] + p[3] * q[3] + p[4] * q[4]); // of half the angle
    return {
      units,
      unitFactor,
      upAxis,
      forward,
      confidence: this.#confidence,
      region,
      side,
      placeConfidence: this.#placeConfidence,
      rival: this.#rival,
      kept: this.#kept,
      moved: Math.sqrt(dx * dx + dy * dy + dz * dz),
      rotationDeg: 360 / Math.PI * angleOf(Math.sqrt(Math.max(0, 1 - cosine * cosine)), cosine),
      scale: p[0] / unitFactor,
      stretchX: this.#stretch[0],
      stretchY: this.#stretch[1],
      stretchZ: this.#stretch[2],
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
