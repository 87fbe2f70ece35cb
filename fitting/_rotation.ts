/** Iterations of {@linkcode extractRotation}; a warm start needs one or two, a cold one up to this many. */
const MAX_ITERATIONS = 40;
/** A turn smaller than this ends the iterations, radians squared. */
const TURN_EPSILON_SQ = 1e-18;

/**
 * The rotation closest to a 3 × 3 matrix, as a unit quaternion improved in place.
 *
 * Source: Müller, Bender, Chentanez & Macklin 2016, "A Robust Method to Extract
 * the Rotational Part of Deformations", eq. 7. Ours turns by Cayley's map, which
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
    // Σ of column of R × column of A, over Σ of column of R · column of A
    const dot = r00 * a00 + r10 * a10 + r20 * a20 + r01 * a01 + r11 * a11 + r21 * a21 + r02 * a02 + r12 * a12 +
      r22 * a22;
    const scale = 1 / (Math.abs(dot) + 1e-30);
    const tx = scale * (r10 * a20 - r20 * a10 + r11 * a21 - r21 * a11 + r12 * a22 - r22 * a12);
    const ty = scale * (r20 * a00 - r00 * a20 + r21 * a01 - r01 * a21 + r22 * a02 - r02 * a22);
    const tz = scale * (r00 * a10 - r10 * a00 + r01 * a11 - r11 * a01 + r02 * a12 - r12 * a02);
    const turnSq = tx * tx + ty * ty + tz * tz;
    if (!(turnSq > TURN_EPSILON_SQ)) break;
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
