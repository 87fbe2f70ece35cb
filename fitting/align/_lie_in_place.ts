import { type AlignmentState, placeAsWritten } from "./_alignment_state.ts";
import { confidenceOf } from "./_confidence.ts";
import type { ForwardAxis } from "./_length_units.ts";
import { copyPose, POSE_STRIDE } from "./_pose.ts";
import type { Work } from "../work.ts";

// All in longest sides of the target:
/** A piece that lies this evenly on the target is where it belongs, */
const GOOD = 0.006;
/** and this evenly for its own size. */
const GOOD_SHARE = 0.05;
/** A piece at least this large hangs, as a gown or a cape does, if it touches here and there, and is hardly inside. It stays. */
const HANGING_SIZE = 0.28, HARDLY_INSIDE = 0.2;
/** What is nearer than this touches: of what hangs at least so much of itself; it runs along the skin so far, */
const NEAR = 0.02, HELD = 0.02, HANGS_ALONG = 0.7;
/** and what touches is that much higher than the rest, and not farther beside it, in standard deviations. */
const FROM_ABOVE = 0.6, BALANCED = 0.7;
/** It reaches no farther below the soles, in longest sides of the target. */
const BELOW = 0.05;

/** A piece of which so much is inside of the target was made on a slimmer one, */
const WORN = 0.6;
/** if it is no deeper than this on average, in its own size, where all of it is inside, and less deep the less of it is: a cap sinks into a taller head in part, */
const NARROW = 0.12;
/** its faces run along the skin so far, */
const ALONG = 0.75;
/** and it would have to grow rather than to move: it is where it belongs, and the fit widens it. */
const ONE_SIDED = 0.5;
/** A place of the file makes sense if the piece touches with this share of itself, */
const PLACED_NEAR = 0.1;
/** and is this even on the target, in its own size. */
const PLACED_SHARE = 0.07;
/** One that floats no farther off than this is half believed: a plate before the chest is not one for the back. */
const BEFORE = 0.05;

/** Forward axes of files, likeliest first, */
const FORWARDS: readonly ForwardAxis[] = ["z", "-z", "x", "-x"];
/** and how many times better a piece must lie to face another way than +Z. */
const FACING_AWAY = 1.5;

/** A reading under which the piece hangs, or lies well on the skin, running along it so far, is that many times likelier: nothing comes there by chance. */
const SNUG = 0.9, SNUG_FACTOR = 0.1;

/** How a piece lies where its file puts it, under the likeliest reading. */
export interface LieInPlace {
  /** What it costs there, metres. */
  readonly cost: number;
  /** The same as it is ranked. */
  readonly rank: number;
  /** Share of it deep inside the target. */
  readonly deepFraction: number;
  /** Whether it lies well. */
  readonly isGood: boolean;
  /** Whether it lies inside as one does that was made on a slimmer target. */
  readonly isNarrow: boolean;
  /** Whether it hangs from the target. */
  readonly hangs: boolean;
  /** How far the next best reading is behind. */
  readonly confidence: number;
}

/** Chooses the reading under which the piece lies best where it is, and judges how it lies there. */
export function* lieInPlaceWork(state: AlignmentState): Work<LieInPlace> {
  const { fit, ranking, hypotheses, inPlace, pose, size } = state;
  let best = Infinity, second = Infinity, chosen = 0;
  for (let h = 0; h < hypotheses.length; h++) {
    const value = yield* faceInPlaceWork(state, h);
    if (value < best) {
      second = best;
      best = value;
      chosen = h;
    } else if (value < second) second = value;
    yield;
  }
  const reading = state.reading = hypotheses[chosen], length = size * reading.unitFactor;
  copyPose(inPlace, POSE_STRIDE * chosen, pose, 0);
  ranking.adopt(chosen);
  const cost = yield* fit.measureWork(pose, 0), { deepFraction, depth, along, imbalance } = fit;
  return {
    cost,
    rank: ranking.rank(pose, 0, chosen),
    deepFraction,
    isGood: isGood(state, cost, length) && deepFraction < 0.05,
    isNarrow: deepFraction > WORN && depth < NARROW * (2 * deepFraction - 1) * length && along > ALONG &&
      imbalance < ONE_SIDED,
    hangs: hangsAt(state, pose, 0, length),
    confidence: confidenceOf(best, second),
  };
}

function isGood({ targetSize }: AlignmentState, cost: number, length: number): boolean {
  return cost < Math.min(GOOD * targetSize, GOOD_SHARE * length);
}

/** Whether the piece, measured there just now, hangs from the target in the pose at `at`. */
function hangsAt(
  { fit, census, targetSize, isAtZero, bounds: { boundsMin } }: AlignmentState,
  poses: Float64Array,
  at: number,
  length: number,
): boolean {
  if (isAtZero || fit.deepFraction >= HARDLY_INSIDE || fit.nearFraction < HELD || fit.along < HANGS_ALONG) return false;
  if (length <= HANGING_SIZE * targetSize) return false;
  const { above, beside, lowest } = census.support(poses, at, NEAR * targetSize);
  return above > FROM_ABOVE && beside < BALANCED && lowest > boundsMin[1] - BELOW * targetSize;
}

/** Turns hypothesis `h` to the side on which the piece lies best where it is; returns its rank. One that was modelled at zero faces as files do. */
function* faceInPlaceWork(state: AlignmentState, h: number): Work<number> {
  const { fit, ranking, hypotheses, inPlace, settings, size, isAtZero } = state, asked = hypotheses[h];
  const sides = settings.forward === "auto" && !isAtZero ? FORWARDS : [asked.forward];
  const length = size * asked.unitFactor;
  let best = Infinity, chosen = asked, belief = 0;
  for (const forward of sides) {
    hypotheses[h] = { ...asked, forward };
    ranking.adopt(h);
    placeAsWritten(state, h);
    yield* fit.measureWork(inPlace, POSE_STRIDE * h);
    ranking.believe(h, 0);
    const isWell = isGood(state, fit.contact + 2 * fit.depth, length), facesAway = forward !== asked.forward;
    const isSnug = !isAtZero && !facesAway &&
      (isWell && fit.along > SNUG || hangsAt(state, inPlace, POSE_STRIDE * h, length));
    const value = ranking.rank(inPlace, POSE_STRIDE * h, h) * (isSnug ? SNUG_FACTOR : facesAway ? FACING_AWAY : 1);
    if (!(value < best) || facesAway && !isWell) continue;
    best = value;
    chosen = hypotheses[h];
    belief = beliefIn(state, h);
  }
  ranking.believe(h, belief);
  hypotheses[h] = chosen;
  ranking.adopt(h);
  placeAsWritten(state, h);
  return best;
}

/** How far to believe the place of the file, just measured: whether it is at the target, and none that a modelling tool gives to everything. */
function beliefIn({ hypotheses, fit, size, targetSize, isAtZero }: AlignmentState, h: number): number {
  const length = hypotheses[h].unitFactor * size;
  if (isAtZero || fit.contact >= PLACED_SHARE * length + GOOD * targetSize) return 0;
  if (fit.nearFraction > PLACED_NEAR) return 1;
  return fit.standOff + fit.contact < BEFORE * targetSize ? 0.5 : 0;
}
