import { angleOf } from "../_angle_of.ts";

/** Steps of the table: linear interpolation between them is within 4e-7 rad. */
const STEPS = 2048;

/** The angle at `cos / (sin + |cos|) = 2 i / STEPS - 1`; one more, so that the last step has an end. */
export const ANGLES: Readonly<Float64Array> = Float64Array.from(
  { length: STEPS + 2 },
  (_, i) => {
    const s = Math.min(1, 2 * i / STEPS - 1);
    return angleOf(1 - Math.abs(s), s);
  },
);

/**
 * The angle in 0 to π whose sine is to its cosine as `sin` to `cos`, within
 * 4e-7 rad; `sin >= 0`, and they may not both be 0.
 *
 * For weights, where millions are needed. A polynomial for the arc tangent
 * instead of the table: 1.5e-8, but normals took 1.5 times as long, as its two
 * branches depend on the shape of each face.
 */
export function cornerAngle(sin: number, cos: number): number {
  const at = (cos / (sin + Math.abs(cos)) + 1) * (STEPS / 2);
  const i = at | 0, angle = ANGLES[i];
  return angle + (at - i) * (ANGLES[i + 1] - angle);
}
