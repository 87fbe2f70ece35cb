import type { Frame } from "../../pool/scratch.ts";
import { BEND_COUNT, Bending, bendingBytes, bendWeight } from "./_bending.ts";
import { solveSymmetric } from "./_cholesky.ts";
import type { DistanceField } from "./_distance_field.ts";
import { copyPose, POSE_STRIDE, poseMatrix, turnPose } from "./_pose.ts";
import { addPoseCost, poseCost, type PosePrior } from "./_pose_prior.ts";
import { agreementOf } from "./_skin_agreement.ts";
import { selectKth } from "../_select_kth.ts";
import { Straightener, straightenerBytes } from "./_straightener.ts";
import type { SurfaceSamples } from "./_surface_samples.ts";
import type { Work } from "../work.ts";

/** Samples that are asked about between two pauses. */
const ASKED = 4;

/** Shift, turn and stretch. */
const RIGID_COUNT = 7;
const MAX_UNKNOWNS = RIGID_COUNT + BEND_COUNT;
/** Distances that differ by less are as good as equal: where the L1 norm is rounded off, in longest sides of the target. */
const FLOOR = 0.002;
/** The widest stand-off a piece can be designed with, likewise. */
const MAX_STAND_OFF = 0.03;
/** Deeper inside than this is no skin contact, likewise. */
const DEEP = 0.005;

/** Nearer than this touches, likewise. */
const NEAR = 0.02;

/** Bytes of a {@linkcode ContactFit} over `count` samples. */
export function contactFitBytes(count: number): number {
  return 8 * (3 * count + 3 + 2 * MAX_UNKNOWNS * MAX_UNKNOWNS + 3 * MAX_UNKNOWNS + 2 * POSE_STRIDE + 9 + 4 + 3) +
    2 * bendingBytes() + straightenerBytes();
}

/**
 * Judges and improves how a piece lies on a target: all of it at one stand-off
 * from the surface (the median of what it has), nothing inside.
 *
 * Cost: mean over samples of `|d - median d| + inside · max(0, -d)`, plus what
 * the prior asks. Minimised by iteratively reweighted least squares, damped as
 * Levenberg and Marquardt do. A stiff piece that is too narrow slides to where
 * that hurts least, a cuirass down to the waist. With `bend` it may widen
 * instead, only for the time of the fit, so that it stays where it belongs; the
 * similarity closest to the bent piece is the answer.
 */
export class ContactFit {
  /** Of the last measure: median distance within its limits, metres. */
  standOff: number = NaN;
  /** Mean of `|d - standOff|`, metres. */
  contact: number = NaN;
  /** Of the last measure: mean depth inside, metres. */
  depth: number = NaN;
  /** What the iterations have come to, what bending cost included, metres. */
  cost: number = NaN;
  /** Share of samples inside. */
  insideFraction: number = NaN;
  /** Share of samples deep inside. */
  deepFraction: number = NaN;
  /** Share of samples that touch the surface, from either side. */
  nearFraction: number = NaN;
  /** How far what is nearest to the surface runs along it, after a measure that `seesSkin`: see {@linkcode agreementOf}; `NaN` after others. */
  along: number = NaN;
  /** How far the pushes out of the surface agree in direction, likewise: 0 for a piece that is too narrow all around, 1 for one that has to move as a whole. */
  imbalance: number = NaN;
  /** Whether measures compare the directions of faces with those of the surface too. */
  seesSkin = false;
  /** What counts besides contact. */
  prior: PosePrior;
  /** Metres in the unit the piece is thought to be in. */
  unitFactor: number = NaN;
  /** By which factors the piece is stretched along its own axes, as the last fit with a prior that `stretches` found. */
  readonly stretch: Float64Array;
  /** Quaternion of the upright piece: turns are measured from here. */
  readonly upright: Float64Array;

  readonly #samples: SurfaceSamples;
  readonly #size: number;
  #field: DistanceField;
  readonly #distances: Float64Array;
  readonly #ordered: Float64Array;
  /** Cosines between the faces of samples and the surface nearest to them. */
  readonly #cosines: Float64Array;
  readonly #push: Float64Array;
  readonly #normal: Float64Array;
  readonly #damped: Float64Array;
  readonly #right: Float64Array;
  readonly #step: Float64Array;
  readonly #row: Float64Array;
  readonly #matrix: Float64Array;
  readonly #pose: Float64Array;
  readonly #trial: Float64Array;
  readonly #bending: Bending;
  readonly #trialBending: Bending;
  readonly #straightener: Straightener;
  #bends = false;
  #stride = 1;
  #damping = NaN;

  /** @param size Longest side of the target, metres. */
  constructor(samples: SurfaceSamples, size: number, field: DistanceField, prior: PosePrior, frame: Frame) {
    const room = samples.points.length / 3; // also where there is nothing to sample
    this.#samples = samples;
    this.#size = size;
    this.#field = field;
    this.prior = prior;
    this.upright = frame.f64(4);
    this.stretch = frame.f64(3);
    this.stretch.fill(1);
    this.#distances = frame.f64(room);
    this.#ordered = frame.f64(room);
    this.#cosines = frame.f64(room);
    this.#push = frame.f64(3);
    this.#normal = frame.f64(MAX_UNKNOWNS * MAX_UNKNOWNS);
    this.#damped = frame.f64(MAX_UNKNOWNS * MAX_UNKNOWNS);
    this.#right = frame.f64(MAX_UNKNOWNS);
    this.#step = frame.f64(MAX_UNKNOWNS);
    this.#row = frame.f64(MAX_UNKNOWNS);
    this.#matrix = frame.f64(9);
    this.#pose = frame.f64(POSE_STRIDE);
    this.#trial = frame.f64(POSE_STRIDE);
    this.#bending = new Bending(frame);
    this.#trialBending = new Bending(frame);
    this.#straightener = new Straightener(samples, frame);
  }

  /** Changes where distances come from. */
  use(field: DistanceField): void {
    this.#field = field;
  }

  /**
   * The cost of the pose at `at`, metres, judged by every `stride`-th sample.
   * Leaves what it found in the fields.
   */
  measure(poses: Float64Array, at: number, stride: number): number {
    return this.#measure(poses, at, undefined, stride);
  }

  /**
   * Improves the pose at `at`.
   *
   * @returns Its cost, without what bending cost.
   */
  improve(poses: Float64Array, at: number, stride: number, iterations: number): number {
    this.begin(poses, at, stride);
    for (let n = 0; n < iterations && this.iterate(); n++);
    return this.end(poses, at);
  }

  /** Takes the pose at `at` as the start of `iterate` calls. */
  begin(poses: Float64Array, at: number, stride: number): void {
    this.#bends = this.prior.bend > 0;
    this.#stride = stride;
    this.#damping = 1e-3;
    copyPose(poses, at, this.#pose, 0);
    this.#bending.coefficients.fill(0);
    this.cost = this.#measure(this.#pose, 0, this.#bends ? this.#bending : undefined, stride);
  }

  /**
   * One step.
   *
   * @returns Whether another one may be worth it.
   */
  iterate(): boolean {
    const trialBending = this.#bends ? this.#trialBending : undefined;
    this.#assemble();
    for (let attempt = 0; attempt < 6; attempt++) {
      if (this.#solve()) {
        this.#applyStep();
        const gain = this.cost - this.#measure(this.#trial, 0, trialBending, this.#stride);
        if (gain >= 0) {
          this.cost -= gain;
          this.#damping = Math.max(this.#damping / 5, 1e-5);
          copyPose(this.#trial, 0, this.#pose, 0);
          this.#bending.coefficients.set(this.#trialBending.coefficients);
          return gain >= 1e-7 * this.#size;
        }
      }
      this.#damping = this.#damping * 6 + 1e-3;
    }
    return false;
  }

  /** Writes what the iterations came to; returns its cost, without what bending cost. */
  end(poses: Float64Array, at: number): number {
    this.stretch.fill(1);
    if (this.#bends) {
      copyPose(this.#pose, 0, this.#trial, 0);
      this.#straightener.straighten(this.#bending, this.#pose, this.prior.scales);
      if (this.prior.stretches) {
        this.#straightener.stretchOf(this.#bending, this.#trial, this.#pose, this.stretch);
      }
    }
    copyPose(this.#pose, 0, poses, at);
    return this.measureStretched(poses, at, this.#stride);
  }

  /** As {@linkcode measure}, of the piece as it is stretched. */
  measureStretched(poses: Float64Array, at: number, stride: number): number {
    if (this.stretch.every(isOne)) return this.measure(poses, at, stride);
    const { coefficients } = this.#bending;
    coefficients.fill(0);
    for (let k = 0; k < 3; k++) coefficients[4 * k] = this.stretch[k] - 1; // of the k-th linear shape along axis k
    return this.#measure(poses, at, this.#bending, stride);
  }

  /** `measure` of all samples, that sees skin, with pauses: a surface that is far away is asked for up to a millisecond a sample. */
  *measureWork(poses: Float64Array, at: number): Work<number> {
    const { count } = this.#samples;
    this.seesSkin = true;
    for (let from = 0; from < count; from += ASKED) {
      this.#ask(poses, at, undefined, 1, from, Math.min(count, from + ASKED));
      yield;
    }
    const cost = this.#conclude(poses, at, undefined, count);
    this.seesSkin = false;
    return cost;
  }

  /** {@linkcode ContactFit.measureStretched} that sees skin. */
  measureSkin(poses: Float64Array, at: number, stride: number): number {
    this.seesSkin = true;
    const cost = this.measureStretched(poses, at, stride);
    this.seesSkin = false;
    return cost;
  }

  #measure(poses: Float64Array, at: number, bending: Bending | undefined, stride: number): number {
    const n = Math.ceil(this.#samples.count / stride);
    this.#ask(poses, at, bending, stride, 0, n);
    return this.#conclude(poses, at, bending, n);
  }

  /** Asks for the distances of the samples `stride * from`, `stride * (from + 1)` and so on, up to that of `end`. */
  #ask(poses: Float64Array, at: number, bending: Bending | undefined, stride: number, from: number, end: number): void {
    const { points, normals, radius } = this.#samples, m = this.#matrix, field = this.#field, push = this.#push;
    const { seesSkin } = this, cosines = this.#cosines;
    poseMatrix(poses, at, m);
    if (from === 0) push.fill(0);
    const tx = poses[at + 5], ty = poses[at + 6], tz = poses[at + 7];
    for (let n = from, i = 3 * stride * from; n < end; i += 3 * stride, n++) {
      let x = points[i], y = points[i + 1], z = points[i + 2];
      if (bending !== undefined) {
        bending.ask(x, y, z, radius);
        x = bending.x;
        y = bending.y;
        z = bending.z;
      }
      field.ask(
        m[0] * x + m[1] * y + m[2] * z + tx,
        m[3] * x + m[4] * y + m[5] * z + ty,
        m[6] * x + m[7] * y + m[8] * z + tz,
      );
      this.#distances[n] = this.#ordered[n] = field.distance;
      if (!seesSkin) continue;
      const a = m[0] * normals[i] + m[1] * normals[i + 1] + m[2] * normals[i + 2];
      const b = m[3] * normals[i] + m[4] * normals[i + 1] + m[5] * normals[i + 2];
      const c = m[6] * normals[i] + m[7] * normals[i + 1] + m[8] * normals[i + 2];
      cosines[n] = (a * field.gx + b * field.gy + c * field.gz) / poses[at];
      if (!(field.distance < 0)) continue;
      push[0] -= field.distance * field.gx;
      push[1] -= field.distance * field.gy;
      push[2] -= field.distance * field.gz;
    }
  }

  /** The cost of the pose, from the first `n` distances. */
  #conclude(poses: Float64Array, at: number, bending: Bending | undefined, n: number): number {
    const depth = this.#judge(n), { prior } = this, push = this.#push;
    this.along = this.seesSkin ? agreementOf(this.#distances, this.#cosines, this.#ordered, n) : NaN;
    const net = Math.sqrt(push[0] * push[0] + push[1] * push[1] + push[2] * push[2]);
    this.imbalance = this.seesSkin ? depth > 0 ? net / (n * depth) : 0 : NaN;
    const bend = bending === undefined ? 0 : prior.bend * bending.energy();
    return this.contact + prior.inside * depth +
      this.#size * (bend + poseCost(poses, at, this.upright, this.unitFactor, prior));
  }

  /** Sums up the first `n` distances; returns the mean depth. */
  #judge(n: number): number {
    const distances = this.#distances, deep = -DEEP * this.#size, near = NEAR * this.#size;
    const median = selectKth(this.#ordered, n, n >> 1);
    const standOff = Math.max(0, Math.min(MAX_STAND_OFF * this.#size, median));
    let contact = 0, depth = 0, insideCount = 0, deepCount = 0, nearCount = 0;
    for (let i = 0; i < n; i++) {
      const d = distances[i];
      contact += Math.abs(d - standOff);
      if (Math.abs(d) <= near) nearCount++;
      if (d >= 0) continue;
      depth -= d;
      insideCount++;
      if (d < deep) deepCount++;
    }
    this.standOff = standOff;
    this.contact = contact / n;
    this.depth = depth / n;
    this.insideFraction = insideCount / n;
    this.deepFraction = deepCount / n;
    this.nearFraction = nearCount / n;
    return depth / n;
  }

  /** Normal equations of the reweighted problem at the pose: one long loop over samples. Every unknown is a length at the end of the arm. */
  #assemble(): void {
    const { points, count, radius } = this.#samples, { standOff, prior } = this, bends = this.#bends;
    const pose = this.#pose, bending = this.#bending, field = this.#field;
    const m = this.#matrix, row = this.#row, normal = this.#normal, right = this.#right;
    const unknowns = bends ? MAX_UNKNOWNS : RIGID_COUNT, arm = radius * pose[0], floor = FLOOR * this.#size;
    poseMatrix(pose, 0, m);
    normal.fill(0);
    right.fill(0);
    let n = 0;
    for (let i = 0; i < 3 * count; i += 3 * this.#stride, n++) {
      let x = points[i], y = points[i + 1], z = points[i + 2];
      if (bends) {
        bending.ask(x, y, z, radius);
        x = bending.x;
        y = bending.y;
        z = bending.z;
      }
      const px = m[0] * x + m[1] * y + m[2] * z;
      const py = m[3] * x + m[4] * y + m[5] * z;
      const pz = m[6] * x + m[7] * y + m[8] * z;
      field.ask(px + pose[5], py + pose[6], pz + pose[7]);
      const { distance, gx, gy, gz } = field;
      row[0] = gx;
      row[1] = gy;
      row[2] = gz;
      row[3] = (py * gz - pz * gy) / arm;
      row[4] = (pz * gx - px * gz) / arm;
      row[5] = (px * gy - py * gx) / arm;
      row[6] = prior.scales ? (px * gx + py * gy + pz * gz) / arm : 0;
      for (let b = RIGID_COUNT; b < unknowns; b++) {
        const k = (b - RIGID_COUNT) % 3;
        row[b] = (m[k] * gx + m[3 + k] * gy + m[6 + k] * gz) / pose[0] * bending.shapes[(b - RIGID_COUNT - k) / 3];
      }
      const residual = distance - standOff, weight = 1 / Math.max(Math.abs(residual), floor);
      const depthWeight = distance < 0 ? prior.inside / Math.max(-distance, floor) : 0;
      const pull = weight * residual + depthWeight * distance, stiffness = weight + depthWeight;
      for (let a = 0; a < unknowns; a++) {
        const left = stiffness * row[a];
        right[a] -= pull * row[a];
        for (let b = 0; b <= a; b++) normal[a * unknowns + b] += left * row[b];
      }
    }
    const weight = n * this.#size;
    addPoseCost(normal, right, unknowns, pose, this.upright, this.unitFactor, prior, weight, arm);
    for (let a = RIGID_COUNT; a < unknowns; a++) {
      const slope = 2 * weight * prior.bend * bendWeight(a - RIGID_COUNT) / arm;
      right[a] -= slope * bending.coefficients[a - RIGID_COUNT];
      normal[a * unknowns + a] += slope / arm;
    }
  }

  #solve(): boolean {
    const unknowns = this.#bends ? MAX_UNKNOWNS : RIGID_COUNT, damped = this.#damped, normal = this.#normal;
    this.#step.set(this.#right);
    for (let a = 0; a < unknowns; a++) {
      for (let b = 0; b < a; b++) damped[a * unknowns + b] = normal[a * unknowns + b];
      damped[a * unknowns + a] = normal[a * unknowns + a] * (1 + this.#damping) + 1e-6;
    }
    return solveSymmetric(damped, this.#step, unknowns);
  }

  /** Writes pose and bending after the step to the trial. */
  #applyStep(): void {
    const step = this.#step, trial = this.#trial, arm = this.#samples.radius * this.#pose[0];
    copyPose(this.#pose, 0, trial, 0);
    turnPose(trial, 0, step[3] / arm, step[4] / arm, step[5] / arm);
    trial[5] += step[0];
    trial[6] += step[1];
    trial[7] += step[2];
    if (this.prior.scales) trial[0] *= 1 + Math.max(-0.2, Math.min(0.2, step[6] / arm));
    if (!this.#bends) return;
    const now = this.#bending.coefficients, then = this.#trialBending.coefficients;
    for (let b = 0; b < BEND_COUNT; b++) then[b] = now[b] + step[RIGID_COUNT + b] / arm;
  }
}

function isOne(factor: number): boolean {
  return factor === 1;
}
