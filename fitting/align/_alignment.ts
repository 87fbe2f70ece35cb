import type { Frame } from "../../pool/scratch.ts";
import type { AlignBoundsOptions, AlignReport, AlignTarget } from "./align_bounds.ts";
import { angleOf } from "../_angle_of.ts";
import { alignmentPartsBytes, alignmentPartsWork } from "./_alignment_parts.ts";
import { type AlignmentState, alignmentStateBytes, placeAsWritten, prepareState } from "./_alignment_state.ts";
import { type LieInPlace, lieInPlaceWork } from "./_lie_in_place.ts";
import type { TriangleMesh } from "../mesh.ts";
import { PlaceElsewhere, placeElsewhereBytes } from "./_place_elsewhere.ts";
import { poseMatrix } from "./_pose.ts";
import { nameRegion } from "./_regions.ts";
import type { Work } from "../work.ts";

/** A piece that lies more unevenly than this, in longest sides of the target, does not belong where it is. */
const LOOSE = 0.04;
/** A better place must be better by this factor for the piece to be moved, */
const WORTH_FACTOR = 1.75;
/** and one that is all but where it lies, by this one. */
const WORTH_NUDGE = 1.3;
/** A piece of which less is in the region asked for is elsewhere. */
const THERE = 0.5;

/** Bytes an {@linkcode Alignment} leases. */
export function alignmentBytes(targetVertexCount: number): number {
  return alignmentPartsBytes(targetVertexCount) + alignmentStateBytes() + placeElsewhereBytes() + 8 * 9;
}

/** One piece on its way to one target. */
export class Alignment {
  /** Whether the piece lies well once unit and axis are undone. */
  liesWell = false;
  readonly #state: AlignmentState;
  readonly #elsewhere: PlaceElsewhere;
  readonly #matrix: Float64Array;
  #confidence: number;
  #kept = true;
  /** Where the piece lies is not where it was asked for. */
  #isElsewhere = false;

  /** Measures both meshes and lists what the file may mean. */
  static *prepareWork(
    mesh: TriangleMesh,
    target: AlignTarget,
    settings: Required<AlignBoundsOptions>,
    frame: Frame,
  ): Work<Alignment> {
    return new Alignment(prepareState(yield* alignmentPartsWork(mesh, target, frame), target, settings, frame), frame);
  }

  private constructor(state: AlignmentState, frame: Frame) {
    const { units, upAxis } = state.settings;
    this.#state = state;
    this.#elsewhere = new PlaceElsewhere(state, frame);
    this.#matrix = frame.f64(9);
    this.#confidence = units !== "auto" && upAxis !== "auto" ? 1 : 0;
  }

  /** Finds the pose. */
  *placeWork(): Work<AlignReport> {
    const { samples, targetSize, census, pose, mask, settings: { place } } = this.#state;
    if (samples.count === 0 || !(targetSize > 0)) return this.#report();
    const lie = yield* lieInPlaceWork(this.#state);
    this.#confidence = lie.confidence;
    this.liesWell = lie.isGood;
    yield;
    if (this.#isPlaceAsked && census.count(pose, 0, mask) < THERE) {
      this.liesWell = false;
      this.#isElsewhere = true;
    }
    if (place === "search" || (place === "auto" && !this.liesWell)) yield* this.#moveWork(lie);
    return this.#report();
  }

  /** Writes the placed piece to `out`, which may be its own positions. */
  apply({ positions }: TriangleMesh, out: Float32Array): void {
    const { pose, samples: { centre } } = this.#state, m = this.#matrix, s = this.#elsewhere.stretch;
    poseMatrix(pose, 0, m);
    for (let i = 0; i < positions.length; i += 3) {
      const x = s[0] * (positions[i] - centre[0]), y = s[1] * (positions[i + 1] - centre[1]);
      const z = s[2] * (positions[i + 2] - centre[2]);
      out[i] = m[0] * x + m[1] * y + m[2] * z + pose[5];
      out[i + 1] = m[3] * x + m[4] * y + m[5] * z + pose[6];
      out[i + 2] = m[6] * x + m[7] * y + m[8] * z + pose[7];
    }
  }

  get #isPlaceAsked(): boolean {
    const { region, side } = this.#state.settings;
    return region !== "auto" || side !== "auto";
  }

  /** Moves the piece, unless nowhere else is so much better. */
  *#moveWork(lie: LieInPlace): Work<void> {
    const { targetSize, settings, ranking, fit, pose, hypotheses, reading } = this.#state, elsewhere = this.#elsewhere;
    const isAuto = settings.place === "auto";
    if (lie.hangs && isAuto && !this.#isElsewhere) return;
    if (lie.isNarrow && !this.#isElsewhere) {
      if (isAuto) return;
      elsewhere.stayAbout();
    } else {
      yield* elsewhere.searchWork(this.#isPlaceAsked);
      const isUneven = lie.rank > (elsewhere.isNear ? WORTH_NUDGE : WORTH_FACTOR) * elsewhere.best;
      const staysPut = !isUneven && lie.deepFraction < 0.1 && lie.cost < LOOSE * targetSize;
      if (isAuto && staysPut && !this.#isElsewhere) {
        ranking.adopt(hypotheses.indexOf(reading));
        fit.measure(pose, 0, 1);
        return;
      }
    }
    this.#kept = false;
    yield* elsewhere.finishWork();
    this.#confidence = elsewhere.confidence;
  }

  #report(): AlignReport {
    const state = this.#state, { samples, targetSize, census, mask, hypotheses, pose: p, inPlace: q } = state;
    const { standOff, contact, insideFraction } = state.fit, { units, unitFactor, upAxis, forward } = state.reading;
    if (samples.count > 0 && targetSize > 0) census.count(p, 0, mask);
    const { region, side } = nameRegion(census.counts), { stretch, placeConfidence, rival } = this.#elsewhere;
    hypotheses[0] = state.reading;
    placeAsWritten(state, 0);
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
      placeConfidence,
      rival,
      kept: this.#kept,
      moved: Math.sqrt(dx * dx + dy * dy + dz * dz),
      rotationDeg: 360 / Math.PI * angleOf(Math.sqrt(Math.max(0, 1 - cosine * cosine)), cosine),
      scale: p[0] / unitFactor,
      stretchX: stretch[0],
      stretchY: stretch[1],
      stretchZ: stretch[2],
      standOff,
      contact,
      insideFraction,
    };
  }
}
