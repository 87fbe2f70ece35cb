import {
  FORWARD_AXES,
  type ForwardAxis,
  LENGTH_UNITS,
  type LengthUnit,
  UP_AXES,
  type UpAxis,
} from "./_length_units.ts";
import { multiplyInto } from "./_pose.ts";

/** What a file may have been saved in. */
export interface Hypothesis {
  readonly units: LengthUnit;
  readonly unitFactor: number;
  readonly upAxis: UpAxis;
  readonly forward: ForwardAxis;
}

/** Most hypotheses there can be: four units lie within the range of sizes below, each with two axes. */
export const MAX_HYPOTHESES = 8;
/** A piece is thought to measure between these shares of the target's longest side, corner to corner. */
const SMALLEST = 0.01, LARGEST = 1.6;
/** Up axes that files really have; the others are tried only when asked for, or by the wide search. */
const USUAL_AXES: readonly UpAxis[] = ["y", "z"];

/**
 * Lists what fits the size of the piece, likeliest first. A unit or an axis that
 * is asked for is not doubted.
 *
 * @param size Diagonal of the piece in the file's unit, above 0.
 * @param targetSize Longest side of the target, metres.
 */
export function listHypotheses(
  size: number,
  targetSize: number,
  units: LengthUnit | "auto",
  upAxis: UpAxis | "auto",
  forward: ForwardAxis | "auto",
): Hypothesis[] {
  const names = units === "auto" ? plausibleUnits(size, targetSize) : [units];
  const axes = upAxis === "auto" ? USUAL_AXES : [upAxis];
  const ahead = forward === "auto" ? "z" : forward;
  return names.flatMap((name) =>
    axes.map((axis) => ({ units: name, unitFactor: LENGTH_UNITS[name], upAxis: axis, forward: ahead }))
  );
}

function plausibleUnits(size: number, targetSize: number): LengthUnit[] {
  const names = Object.keys(LENGTH_UNITS) as LengthUnit[];
  const share = (name: LengthUnit) => size * LENGTH_UNITS[name] / targetSize;
  const plausible = names.filter((name) => share(name) >= SMALLEST && share(name) <= LARGEST);
  return plausible.length > 0 ? plausible : ["m"];
}

/** Writes the turn that stands the piece upright, facing forward, to `out[at …]`. */
export function writeUpright({ upAxis, forward }: Hypothesis, out: Float64Array, at: number): void {
  const u = UP_AXES[upAxis], f = FORWARD_AXES[forward];
  multiplyInto(out, at, f[0], f[1], f[2], f[3], u[0], u[1], u[2], u[3]);
}

/**
 * Writes the pose a piece has when unit and axis are undone and nothing else moves.
 *
 * @param centre Of the samples, in the file's unit.
 * @param from Where the zero of the piece's coordinates lies in the world: a unit is undone about the world's zero.
 * @param to Where that of the pose lies.
 */
export function writeInPlace(
  hypothesis: Hypothesis,
  centre: Float64Array,
  from: readonly number[],
  to: readonly number[],
  poses: Float64Array,
  at: number,
): void {
  const s = hypothesis.unitFactor;
  const px = centre[0] + from[0], py = centre[1] + from[1], pz = centre[2] + from[2];
  poses[at] = s;
  writeUpright(hypothesis, poses, at + 1);
  const x = poses[at + 1], y = poses[at + 2], z = poses[at + 3], w = poses[at + 4];
  // v + 2 q × (q × v + w v)
  const tx = y * pz - z * py + w * px, ty = z * px - x * pz + w * py, tz = x * py - y * px + w * pz;
  poses[at + 5] = s * (px + 2 * (y * tz - z * ty)) - to[0];
  poses[at + 6] = s * (py + 2 * (z * tx - x * tz)) - to[1];
  poses[at + 7] = s * (pz + 2 * (x * ty - y * tx)) - to[2];
}
