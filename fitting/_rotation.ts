/** Iterations of {@linkcode extractRotation} at most: a warm start needs one or two, a cold one a few more. */
const MAX_ITERATIONS = 40;
/** After a turn smaller than this the next one is below rounding, as each squares the error; radians squared. */
const LAST_TURN_SQ = 1e-11;

/**
 * The rotation closest to a 3 × 3 matrix, as a unit quaternion improved in place.
 *
 * With S = A Rᵀ the best turn ω of R maximises tr(exp([ω])ᵀ S), whose gradient is
 * the axial vector of S: Newton's step solves (tr S · I − ½(S + Sᵀ)) ω = axial S.
 * Where that matrix is not positive definite, far from the answer, the step is
 * that of Müller, Bender, Chentanez & Macklin 2016, "A Robust Method to Extract
 * the Rotational Part of Deformations", eq. 7, which always climbs but takes
 * five times as many steps on a flat one-ring. Turns go by Cayley's map, which
 * needs no sine and has the same fixed point, so results do not depend on an engine.
 *
 * @param a Row-major matrix at `9 * i`; inverted ones (det < 0) give the closest proper rotation found.
 * @param q Quaternion (x, y, z, w) at `4 * i`: the start, and the result.
 */
export function extractRotation(a: Float64Array, q: Float64Array, i: number): void {
  const m = 9 * i, o = 4 * i;
  const a00 = a[m], a01 = a[m + 1], a02 = a[m + 2];
  const a10 = a[m + 3], a11 = a[m + 4], a12 = a[m + 5];
  const a20 = a[m + 6], a21 = a[m + 7], a22 = a[m + 8];
  let x = q[o], y = q[o + 1], z = q[o + 2], w = q[o + 3];
  for (let n = 0; n < MAX_ITERATIONS; n++) {
    const r00 = 1 - 2 * (y * y + z * z), r01 = 2 * (x * y - z * w), r02 = 2 * (x * z + y * w);
    const r10 = 2 * (x * y + z * w), r11 = 1 - 2 * (x * x + z * z), r12 = 2 * (y * z - x * w);
    const r20 = 2 * (x * z - y * w), r21 = 2 * (y * z + x * w), r22 = 1 - 2 * (x * x + y * y);
    const s00 = a00 * r00 + a01 * r01 + a02 * r02;
    const s11 = a10 * r10 + a11 * r11 + a12 * r12;
    const s22 = a20 * r20 + a21 * r21 + a22 * r22;
    const s01 = a00 * r10 + a01 * r11 + a02 * r12, s10 = a10 * r00 + a11 * r01 + a12 * r02;
    const s02 = a00 * r20 + a01 * r21 + a02 * r22, s20 = a20 * r00 + a21 * r01 + a22 * r02;
    const s12 = a10 * r20 + a11 * r21 + a12 * r22, s21 = a20 * r10 + a21 * r11 + a22 * r12;
    const gx = s21 - s12, gy = s02 - s20, gz = s10 - s01, trace = s00 + s11 + s22;
    const h00 = s11 + s22, h11 = s00 + s22, h22 = s00 + s11;
    const h01 = -0.5 * (s01 + s10), h02 = -0.5 * (s02 + s20), h12 = -0.5 * (s12 + s21);
    const c00 = h11 * h22 - h12 * h12, c01 = h02 * h12 - h01 * h22, c02 = h01 * h12 - h02 * h11;
    const det = h00 * c00 + h01 * c01 + h02 * c02, size = Math.abs(trace) + 1e-30;
    let tx = gx / size, ty = gy / size, tz = gz / size;
    if (h00 > 0 && h00 * h11 > h01 * h01 && det > 1e-9 * size * size * size) {
      const c11 = h00 * h22 - h02 * h02, c12 = h01 * h02 - h00 * h12, c22 = h00 * h11 - h01 * h01;
      tx = (c00 * gx + c01 * gy + c02 * gz) / det;
      ty = (c01 * gx + c11 * gy + c12 * gz) / det;
      tz = (c02 * gx + c12 * gy + c22 * gz) / det;
    }
    const turnSq = tx * tx + ty * ty + tz * tz;
    if (!(turnSq > 0)) break;
    const hx = tx / 2, hy = ty / 2, hz = tz / 2; // q ← (h, 1) q
    const nx = x + hx * w + hy * z - hz * y;
    const ny = y + hy * w + hz * x - hx * z;
    const nz = z + hz * w + hx * y - hy * x;
    const nw = w - hx * x - hy * y - hz * z;
    const norm = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + nw * nw);
    x = nx * norm;
    y = ny * norm;
    z = nz * norm;
    w = nw * norm;
    if (turnSq < LAST_TURN_SQ) break;
  }
  q[o] = x;
  q[o + 1] = y;
  q[o + 2] = z;
  q[o + 3] = w;
}

/** Writes the rotation of the quaternion at `4 * i` as a row-major matrix at `9 * i`. */
export function rotationMatrix(q: Float64Array, out: Float64Array, i: number): void {
  const x = q[4 * i], y = q[4 * i + 1], z = q[4 * i + 2], w = q[4 * i + 3], m = 9 * i;
  out[m] = 1 - 2 * (y * y + z * z);
  out[m + 1] = 2 * (x * y - z * w);
  out[m + 2] = 2 * (x * z + y * w);
  out[m + 3] = 2 * (x * y + z * w);
  out[m + 4] = 1 - 2 * (x * x + z * z);
  out[m + 5] = 2 * (y * z - x * w);
  out[m + 6] = 2 * (x * z - y * w);
  out[m + 7] = 2 * (y * z + x * w);
  out[m + 8] = 1 - 2 * (x * x + y * y);
}
