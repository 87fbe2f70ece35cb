/**
 * A similarity `x → scale · R · (x − centre) + (x, y, z)` as eight numbers in a
 * row: scale, unit quaternion (x, y, z, w), place of the centre. Many lie one
 * after the other in a `Float64Array`.
 */
export const POSE_STRIDE = 8;

/** Copies the pose at `from` of `source` to `to` of `target`; both are offsets into the arrays. */
export function copyPose(source: Float64Array, from: number, target: Float64Array, to: number): void {
  for (let k = 0; k < POSE_STRIDE; k++) target[to + k] = source[from + k];
}

/** Writes the matrix `scale · R` of the pose at `at`, row-major. */
export function poseMatrix(pose: Float64Array, at: number, out: Float64Array): void {
  const s = pose[at], x = pose[at + 1], y = pose[at + 2], z = pose[at + 3], w = pose[at + 4];
  out[0] = s * (1 - 2 * (y * y + z * z));
  out[1] = s * 2 * (x * y - z * w);
  out[2] = s * 2 * (x * z + y * w);
  out[3] = s * 2 * (x * y + z * w);
  out[4] = s * (1 - 2 * (x * x + z * z));
  out[5] = s * 2 * (y * z - x * w);
  out[6] = s * 2 * (x * z - y * w);
  out[7] = s * 2 * (y * z + x * w);
  out[8] = s * (1 - 2 * (x * x + y * y));
}

/** Turns the pose at `at` further by the rotation vector `(rx, ry, rz)`, radians, through Cayley's map: no sine needed, exact for small turns. */
export function turnPose(pose: Float64Array, at: number, rx: number, ry: number, rz: number): void {
  multiplyInto(pose, at + 1, rx / 2, ry / 2, rz / 2, 1, pose[at + 1], pose[at + 2], pose[at + 3], pose[at + 4]);
}

/** Writes the quaternion product `a · b` (first b, then a), made unit, to `out[at …]`. */
export function multiplyInto(
  out: Float64Array,
  at: number,
  ax: number,
  ay: number,
  az: number,
  aw: number,
  bx: number,
  by: number,
  bz: number,
  bw: number,
): void {
  const x = aw * bx + ax * bw + ay * bz - az * by, y = aw * by - ax * bz + ay * bw + az * bx;
  const z = aw * bz + ax * by - ay * bx + az * bw, w = aw * bw - ax * bx - ay * by - az * bz;
  const norm = 1 / Math.sqrt(x * x + y * y + z * z + w * w);
  out[at] = x * norm;
  out[at + 1] = y * norm;
  out[at + 2] = z * norm;
  out[at + 3] = w * norm;
}

/** Writes the unit quaternion of a rotation, row-major, to `out`. Source: Shepperd 1978, "Quaternion from Rotation Matrix". */
export function writeQuaternion(m: Float64Array, out: Float64Array): void {
  const trace = m[0] + m[4] + m[8];
  let i = 3, largest = trace;
  for (let k = 0; k < 3; k++) {
    if (m[4 * k] > largest) {
      largest = m[4 * k];
      i = k;
    }
  }
  if (i === 3) {
    const scale = 0.5 / Math.sqrt(1 + trace);
    out[0] = (m[7] - m[5]) * scale;
    out[1] = (m[2] - m[6]) * scale;
    out[2] = (m[3] - m[1]) * scale;
    out[3] = 0.25 / scale;
    return;
  }
  const scale = 0.5 / Math.sqrt(1 + 2 * largest - trace);
  const j = (i + 1) % 3, k = (i + 2) % 3;
  out[i] = 0.25 / scale;
  out[j] = (m[3 * i + j] + m[3 * j + i]) * scale;
  out[k] = (m[3 * i + k] + m[3 * k + i]) * scale;
  out[3] = (m[3 * k + j] - m[3 * j + k]) * scale;
}
