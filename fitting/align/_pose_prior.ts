/** What is preferred, apart from contact. Weights are lengths in longest sides of the target. */
export interface PosePrior {
  /** How much more than its absolute distance a place inside counts. */
  readonly inside: number;
  /** Against scaling beyond the unit, per square of its logarithm. */
  readonly scale: number;
  /** Against small turns: what they cost at most. */
  readonly upright: number;
  /** Against large turns: what half a turn costs; less cost by the square of the sine of half their angle. */
  readonly turn: number;
  /** Against bending, per square; 0 keeps the piece as stiff as it is. */
  readonly bend: number;
  /** Whether the scale may differ from the unit at all. */
  readonly scales: boolean;
  /** Whether a fit that bends ends in factors along the piece's axes beside the scale. @default {false} */
  readonly stretches?: boolean;
}

/** Most of a small turn's price is due at this many radians (5°); a large turn is not pulled back any more. */
const UPRIGHT_ANGLE_SQ = 0.0076;
/**
 * What the pose at `at` costs apart from contact: files are mostly upright and of
 * the right size, so a piece that fits in two ways goes the way it came.
 *
 * @param upright Quaternion of the upright piece.
 */
export function poseCost(
  poses: Float64Array,
  at: number,
  upright: Float64Array,
  unitFactor: number,
  prior: PosePrior,
): number {
  const log = logarithm(poses[at] / unitFactor);
  const sineSq = turnSineSq(poses, at, upright);
  return prior.scale * log * log + prior.upright * 4 * sineSq / (4 * sineSq + UPRIGHT_ANGLE_SQ) + prior.turn * sineSq;
}

/** Square of the sine of half the angle between the pose at `at` and the upright one. */
export function turnSineSq(poses: Float64Array, at: number, upright: Float64Array): number {
  let cosine = 0;
  for (let k = 0; k < 4; k++) cosine += poses[at + 1 + k] * upright[k];
  return Math.max(0, 1 - cosine * cosine);
}

/**
 * Adds the derivatives of {@linkcode poseCost} to normal equations whose
 * unknowns are three shifts, three turns and a stretch, the latter as lengths at the end of `arm`.
 *
 * @param normal `unknowns * unknowns`, row-major.
 * @param right Right-hand sides: minus the gradient.
 * @param weight What one unit of cost weighs there.
 */
export function addPoseCost(
  normal: Float64Array,
  right: Float64Array,
  unknowns: number,
  pose: Float64Array,
  upright: Float64Array,
  unitFactor: number,
  prior: PosePrior,
  weight: number,
  arm: number,
): void {
  const log = logarithm(pose[0] / unitFactor);
  right[6] -= 2 * weight * prior.scale * log / arm;
  normal[6 * unknowns + 6] += prior.scales ? 2 * weight * prior.scale / (arm * arm) : 1;
  // the turn from upright is pose · conjugate(upright); its vector part lies along the axis
  const ux = upright[0], uy = upright[1], uz = upright[2], uw = upright[3];
  const x = pose[1], y = pose[2], z = pose[3], w = pose[4];
  const rw = w * uw + x * ux + y * uy + z * uz;
  const rx = x * uw - w * ux - y * uz + z * uy;
  const ry = y * uw - w * uy + x * uz - z * ux;
  const rz = z * uw - w * uz - x * uy + y * ux;
  const bound = 4 * (rx * rx + ry * ry + rz * rz) + UPRIGHT_ANGLE_SQ;
  const slope = weight * (prior.upright * 4 * UPRIGHT_ANGLE_SQ / (bound * bound) + prior.turn);
  right[3] -= slope * rw * rx / arm;
  right[4] -= slope * rw * ry / arm;
  right[5] -= slope * rw * rz / arm;
  for (let k = 3; k < 6; k++) normal[k * unknowns + k] += slope / (2 * arm * arm);
}

/** Odd in, and near 1 close to, the natural logarithm; arithmetic alone, as engines may round `Math.log` differently. */
function logarithm(ratio: number): number {
  return (ratio - 1 / ratio) / 2;
}
