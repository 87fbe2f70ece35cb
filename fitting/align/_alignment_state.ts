import type { Frame } from "../../pool/scratch.ts";
import type { AlignBoundsOptions, AlignTarget } from "./align_bounds.ts";
import { type AlignmentParts, SAMPLES } from "./_alignment_parts.ts";
import { ContactFit, contactFitBytes } from "./_contact_fit.ts";
import { ExactDistance } from "./_distance_field.ts";
import { type Hypothesis, listHypotheses, MAX_HYPOTHESES, writeInPlace } from "./_hypotheses.ts";
import { PartCensus, partCensusBytes } from "./_part_census.ts";
import { copyPose, POSE_STRIDE } from "./_pose.ts";
import type { PosePrior } from "./_pose_prior.ts";
import { type PlacedPiece, PoseRanking, poseRankingBytes } from "./_pose_ranking.ts";
import { regionMask } from "./_regions.ts";

/** Judges places. */
const SEARCH_PRIOR: PosePrior = { inside: 2, scale: 0.06, upright: 0.0006, turn: 0.004, bend: 0, scales: true };
/** A piece with a middle so near to the file's zero, in its own sizes, was modelled there: its place means nothing. */
const AT_ZERO = 0.08;
/** So near to the middle of the target, in its longest sides, zero is a place like any other. */
const CENTRED = 0.25;

/** Bytes {@linkcode prepareState} leases. */
export function alignmentStateBytes(): number {
  return contactFitBytes(SAMPLES) + 8 * POSE_STRIDE * (MAX_HYPOTHESES + 2) + partCensusBytes() + poseRankingBytes();
}

/** One piece on its way to one target: what all that judges and moves it shares. */
export interface AlignmentState extends AlignmentParts, PlacedPiece {
  readonly target: AlignTarget;
  readonly settings: Required<AlignBoundsOptions>;
  readonly fit: ContactFit;
  readonly exact: ExactDistance;
  readonly ranking: PoseRanking;
  readonly census: PartCensus;
  /** How its file may be read. */
  readonly hypotheses: Hypothesis[];
  /** Whether its place means nothing, as its middle is at the file's zero. */
  readonly isAtZero: boolean;
  /** Parts the piece may lie on. */
  readonly mask: number;
  /** Judges places. */
  readonly searchPrior: PosePrior;
  /** Where the piece goes. */
  readonly pose: Float64Array;
  readonly trial: Float64Array;
  /** How its file is read in the end. */
  reading: Hypothesis;
}

/** Lists what the file may mean, and leases what judges it. */
export function prepareState(
  parts: AlignmentParts,
  target: AlignTarget,
  settings: Required<AlignBoundsOptions>,
  frame: Frame,
): AlignmentState {
  const { samples, size, bounds: { boundsMin, boundsMax }, labels } = parts;
  const targetSize = Math.max(0, ...boundsMax.map((value, k) => value - boundsMin[k]));
  const exact = new ExactDistance(target.index), searchPrior = priorFor(SEARCH_PRIOR, settings);
  const fit = new ContactFit(samples, targetSize, exact, searchPrior, frame);
  const hypotheses = listHypotheses(size, targetSize, settings.units, settings.upAxis, settings.forward);
  const inPlace = frame.f64(POSE_STRIDE * MAX_HYPOTHESES);
  const piece: PlacedPiece = { ...parts, hypotheses, inPlace, targetSize, isFacingKnown: settings.forward !== "auto" };
  const state: AlignmentState = {
    ...parts,
    ...piece,
    target,
    settings,
    fit,
    exact,
    ranking: new PoseRanking(fit, piece, frame),
    census: new PartCensus(samples, target.index, labels, frame),
    hypotheses,
    isAtZero: isAtZero(parts, settings, targetSize),
    mask: regionMask(settings.region, settings.side),
    searchPrior,
    pose: frame.f64(POSE_STRIDE),
    trial: frame.f64(POSE_STRIDE),
    reading: hypotheses[0],
  };
  for (let h = 0; h < hypotheses.length; h++) placeAsWritten(state, h);
  copyPose(inPlace, 0, state.pose, 0);
  return state;
}

/** Writes where the piece lies under hypothesis `h` when nothing else moves. */
export function placeAsWritten({ settings, samples, hypotheses, inPlace }: AlignmentState, h: number): void {
  writeInPlace(hypotheses[h], samples.centre, settings.meshOrigin, settings.origin, inPlace, POSE_STRIDE * h);
}

/** A prior as the options have it. */
export function priorFor(prior: PosePrior, { scale }: Required<AlignBoundsOptions>): PosePrior {
  return { ...prior, scales: scale !== "none", stretches: scale === "axis" };
}

/** Whether either middle of the piece, that of its surface or that of its box, is at its file's zero, and the middle of the target is not. */
function isAtZero(
  { samples: { centre }, middle, size, bounds: { boundsMin, boundsMax } }: AlignmentParts,
  { meshOrigin, origin }: Required<AlignBoundsOptions>,
  targetSize: number,
): boolean {
  const isNear = (place: readonly number[], zero: readonly number[], reach: number) =>
    place.reduce((sum, value, k) => sum + (value + zero[k]) ** 2, 0) <= reach * reach;
  const middleOfTarget = boundsMin.map((low, k) => (low + boundsMax[k]) / 2);
  return !isNear(middleOfTarget, origin, CENTRED * targetSize) &&
    (isNear([...centre], meshOrigin, AT_ZERO * size) || isNear(middle, meshOrigin, AT_ZERO * size));
}
