import type { Frame } from "../../pool/scratch.ts";
import type { AlignmentState } from "./_alignment_state.ts";
import { priorFor } from "./_alignment_state.ts";
import type { AlignReport } from "./align_bounds.ts";
import { confidenceOf } from "./_confidence.ts";
import { DistanceGrid, GRID_NODES } from "./_distance_field.ts";
import type { UpAxis } from "./_length_units.ts";
import { copyPose, POSE_STRIDE, poseMatrix } from "./_pose.ts";
import type { PosePrior } from "./_pose_prior.ts";
import { PoseSearch, poseSearchBytes } from "./_pose_search.ts";
import { NEAR_TURNS } from "./_turns.ts";
import type { Work } from "../work.ts";

/** For the last fit: the scale is nearly free, a turn that was decided on is not held back, and the piece may bend for a while. */
const FINAL_PRIOR: PosePrior = { inside: 4, scale: 0.02, upright: 0.0006, turn: 0, bend: 0.1, scales: true };
const FINAL_ITERATIONS = 40;
/** What stays near where its file puts it is upright as its file is, the more so where the fit is loose. */
const NEAR_PRIOR: PosePrior = { ...FINAL_PRIOR, upright: 0.0015 };
/** How many places are looked at on the surface itself, */
const SETTLED = 10;
/** how many of them are compared by the last fit, */
const FINALISTS = 3;
/** and how much worse than the best they may look before. */
const ABOUT_AS_GOOD = 1.4;
/** A finalist that looked worse before must end better than by rounding. */
const CLEARLY = 0.999;
/** A place at which the piece is this many times larger or smaller is another reading of its file. */
const OTHER_SIZE = 1.6;

/** Bytes a {@linkcode PlaceElsewhere} leases. */
export function placeElsewhereBytes(): number {
  return poseSearchBytes() + 8 * GRID_NODES + 8 * (3 + 3 + 9 + 3);
}

/** Looks for the place where a piece belongs that does not lie well where it is, and puts it there. */
export class PlaceElsewhere {
  /** Factors along the axes of the file, beside the scale. */
  readonly stretch: Float64Array;
  /** How far the best candidate is ahead of one that is read otherwise; of one that lies elsewhere or is turned. */
  confidence = 1;
  placeConfidence = 1;
  rival: AlignReport["rival"] = "none";
  readonly #state: AlignmentState;
  readonly #search: PoseSearch;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #gridValues: Float32Array;
  readonly #gridFaces: Uint32Array;
  readonly #matrix: Float64Array;

  constructor(state: AlignmentState, frame: Frame) {
    const { fit, ranking, bounds: { boundsMin, boundsMax } } = state;
    this.#state = state;
    this.stretch = frame.f64(3);
    this.stretch.fill(1);
    this.#min = frame.f64(3);
    this.#max = frame.f64(3);
    this.#min.set(boundsMin);
    this.#max.set(boundsMax);
    this.#gridValues = frame.f32(GRID_NODES);
    this.#gridFaces = frame.u32(GRID_NODES);
    this.#matrix = frame.f64(9);
    this.#search = new PoseSearch(fit, state, ranking, { min: this.#min, max: this.#max }, frame);
  }

  /** The rank of the best place found. */
  get best(): number {
    const { costs, order } = this.#search.candidates;
    return costs[order[0]];
  }

  /** Whether the best place is under the reading the piece was given where it is. */
  get isSameReading(): boolean {
    const { hypotheses, reading } = this.#state, { hypothesis, order } = this.#search.candidates;
    return reading === hypotheses[hypothesis[order[0]]];
  }

  /** Whether that place is little but another size of where the piece lies. */
  get isNear(): boolean {
    const { pose: p, targetSize } = this.#state,
      { poses, order } = this.#search.candidates,
      at = POSE_STRIDE * order[0];
    let cosine = 0, distanceSq = 0;
    for (let k = 1; k < 5; k++) cosine += p[k] * poses[at + k];
    for (let k = 5; k < 8; k++) distanceSq += (p[k] - poses[at + k]) ** 2;
    return this.isSameReading && cosine * cosine > 0.99 && distanceSq < (0.1 * targetSize) ** 2;
  }

  /** Looks for places. */
  *searchWork(isPlaceAsked: boolean): Work<void> {
    const { target, targetSize, ranking, labels, mask, exact } = this.#state;
    const values = this.#gridValues, faces = this.#gridFaces;
    const grid = yield* DistanceGrid.buildWork(target.index, this.#min, this.#max, targetSize, values, faces);
    if (isPlaceAsked) ranking.restrict(grid, labels, target.mesh.indices, mask);
    yield* this.#search.searchWork(grid, NEAR_TURNS);
    yield* this.#search.settleWork(exact, SETTLED);
  }

  /** Makes the place where the piece lies the only one there is. */
  stayAbout(): void {
    const { candidates } = this.#search, { pose, hypotheses, reading } = this.#state;
    candidates.clear();
    candidates.beginGroup();
    copyPose(pose, 0, candidates.poses, candidates.spare);
    candidates.offer(0, hypotheses.indexOf(reading));
  }

  /** Fits the piece at the best place, and at others that are about as good under the same hypothesis. */
  *finishWork(): Work<void> {
    const state = this.#state, { fit, ranking, settings, pose, searchPrior, hypotheses } = state;
    const { poses, costs, order, hypothesis, count } = this.#search.candidates;
    const h = hypothesis[order[0]], best = costs[order[0]];
    this.#judgeRivals();
    state.reading = hypotheses[h];
    ranking.adopt(h);
    fit.use(state.exact);
    let least = Infinity;
    for (let i = 0, tried = 0; i < count && tried < FINALISTS; i++) {
      const c = order[i];
      if (hypothesis[c] !== h || costs[c] > ABOUT_AS_GOOD * best) continue;
      tried++;
      fit.prior = priorFor(ranking.staysNear(poses, POSE_STRIDE * c, h) ? NEAR_PRIOR : FINAL_PRIOR, settings);
      fit.begin(poses, POSE_STRIDE * c, 1);
      for (let n = 0; n < FINAL_ITERATIONS && fit.iterate(); n++) yield;
      fit.end(poses, POSE_STRIDE * c);
      fit.prior = searchPrior;
      fit.measureSkin(poses, POSE_STRIDE * c, 1);
      const cost = ranking.rank(poses, POSE_STRIDE * c, h);
      if (cost < CLEARLY * least) {
        least = cost;
        copyPose(poses, POSE_STRIDE * c, pose, 0);
        this.stretch.set(fit.stretch);
      }
    }
    fit.stretch.set(this.stretch);
    fit.measureStretched(pose, 0, 1);
    if (settings.upAxis === "auto") state.reading = { ...state.reading, upAxis: this.#axisUp(pose, 0) };
  }

  /** Says how far the best candidate is ahead of one read otherwise, and of one that lies elsewhere or is turned. */
  #judgeRivals(): void {
    const { order, costs, count, poses } = this.#search.candidates, best = order[0];
    for (let i = count - 1; i > 0; i--) {
      const other = order[i], p = POSE_STRIDE * best, q = POSE_STRIDE * other;
      const confidence = confidenceOf(costs[best], costs[other]);
      const isRead = this.#axisUp(poses, p) === this.#axisUp(poses, q) &&
        poses[p] < OTHER_SIZE * poses[q] && poses[q] < OTHER_SIZE * poses[p];
      if (!isRead) this.confidence = confidence;
      else {
        const dx = poses[p + 5] - poses[q + 5], dy = poses[p + 6] - poses[q + 6], dz = poses[p + 7] - poses[q + 7];
        this.placeConfidence = confidence;
        this.rival = dx * dx + dy * dy + dz * dz < (0.2 * this.#state.size * poses[p]) ** 2 ? "turned" : "elsewhere";
      }
    }
  }

  /** The axis of the file that points up, or most nearly so, in the pose at `at`. */
  #axisUp(poses: Float64Array, at: number): UpAxis {
    const m = this.#matrix;
    poseMatrix(poses, at, m);
    const x = m[3], y = m[4], z = m[5];
    if (Math.abs(y) >= Math.abs(x) && Math.abs(y) >= Math.abs(z)) return y < 0 ? "-y" : "y";
    if (Math.abs(z) >= Math.abs(x)) return z < 0 ? "-z" : "z";
    return x < 0 ? "-x" : "x";
  }
}
