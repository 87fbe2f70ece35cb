/** Sweeps of Jacobi's method at most; 4 × 4 matrices take five or six. */
const MAX_SWEEPS = 20;
/** What is left off the diagonal below this share of the squared size is rounding. */
const OFF_DIAGONAL_EPSILON = 1e-30;

/** Numbers {@linkcode turnToMatch} works in. */
export const HORN_WORK_LENGTH = 32;

/**
 * The rotation R that makes Σ y · R x greatest, for pairs of points about their
 * means. Unlike an iteration it does not depend on a start.
 *
 * Source: Horn 1987, "Closed-form Solution of Absolute Orientation Using Unit
 * Quaternions"; the eigenvectors by Jacobi's cyclic method.
 *
 * @param correlation Row-major 3 × 3 at `at`: entry (i, k) is Σ x_i y_k.
 * @param work {@linkcode HORN_WORK_LENGTH} numbers, overwritten.
 * @param quaternion Receives R as a unit quaternion (x, y, z, w) at 0.
 * @returns That greatest sum; over Σ |x|² it is the scale of the best similarity (Umeyama 1991).
 */
export function turnToMatch(
  correlation: Float64Array,
  at: number,
  work: Float64Array,
  quaternion: Float64Array,
): number {
  fillMatrix(correlation, at, work);
  let size = 0;
  for (let i = 0; i < 16; i++) size += work[i] * work[i];
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let i = 0; i < 4; i++) for (let k = i + 1; k < 4; k++) off += work[4 * i + k] * work[4 * i + k];
    if (!(off > OFF_DIAGONAL_EPSILON * size)) break;
    for (let i = 0; i < 3; i++) for (let k = i + 1; k < 4; k++) rotateAway(work, i, k);
  }
  let best = 0;
  for (let i = 1; i < 4; i++) if (work[5 * i] > work[5 * best]) best = i;
  quaternion[3] = work[16 + best];
  for (let i = 0; i < 3; i++) quaternion[i] = work[20 + 4 * i + best];
  return work[5 * best];
}

/** Horn's symmetric matrix over (w, x, y, z) in 0–15, and the unit matrix behind it. */
function fillMatrix(s: Float64Array, at: number, m: Float64Array): void {
  const xx = s[at], xy = s[at + 1], xz = s[at + 2], yx = s[at + 3], yy = s[at + 4], yz = s[at + 5];
  const zx = s[at + 6], zy = s[at + 7], zz = s[at + 8];
  m[0] = xx + yy + zz;
  m[1] = m[4] = yz - zy;
  m[2] = m[8] = zx - xz;
  m[3] = m[12] = xy - yx;
  m[5] = xx - yy - zz;
  m[6] = m[9] = xy + yx;
  m[7] = m[13] = zx + xz;
  m[10] = -xx + yy - zz;
  m[11] = m[14] = yz + zy;
  m[15] = -xx - yy + zz;
  for (let i = 0; i < 16; i++) m[16 + i] = i % 5 === 0 ? 1 : 0;
}

/** Turns entry (i, k) of the matrix to 0 and takes the eigenvectors along (Golub & Van Loan, algorithm 8.5.1). */
function rotateAway(m: Float64Array, i: number, k: number): void {
  const entry = m[4 * i + k];
  if (entry === 0) return;
  const tau = (m[5 * k] - m[5 * i]) / (2 * entry);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t), s = t * c;
  for (let r = 0; r < 4; r++) {
    const a = m[4 * r + i], b = m[4 * r + k];
    m[4 * r + i] = c * a - s * b;
    m[4 * r + k] = s * a + c * b;
  }
  for (let r = 0; r < 4; r++) {
    const a = m[4 * i + r], b = m[4 * k + r];
    m[4 * i + r] = c * a - s * b;
    m[4 * k + r] = s * a + c * b;
  }
  for (let r = 0; r < 4; r++) {
    const a = m[16 + 4 * r + i], b = m[16 + 4 * r + k];
    m[16 + 4 * r + i] = c * a - s * b;
    m[16 + 4 * r + k] = s * a + c * b;
  }
}
