/** Sweeps over the three pairs; four suffice for doubles. */
const SWEEPS = 8;

/**
 * Axes of a symmetric 3 × 3 matrix by Jacobi's rotations, the longest first, as
 * the rows of a rotation. The sign of an axis means nothing.
 *
 * @param matrix Row-major; becomes diagonal, its values falling.
 * @param axes Overwritten.
 */
export function principalAxes(matrix: Float64Array, axes: Float64Array): void {
  axes.fill(0);
  axes[0] = axes[4] = axes[8] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < 2; p++) {
      for (let q = p + 1; q < 3; q++) rotate(matrix, axes, p, q);
    }
  }
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < 2; k++) {
      if (matrix[4 * k + 4] > matrix[4 * k]) swap(matrix, axes, k, k + 1);
    }
  }
}

/** Makes the element at `(p, q)` zero. */
function rotate(a: Float64Array, axes: Float64Array, p: number, q: number): void {
  const off = a[3 * p + q];
  if (!(Math.abs(off) > 1e-30)) return;
  const theta = (a[4 * q] - a[4 * p]) / (2 * off);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1), s = t * c;
  for (let k = 0; k < 3; k++) {
    const x = a[3 * k + p], y = a[3 * k + q];
    a[3 * k + p] = c * x - s * y;
    a[3 * k + q] = s * x + c * y;
  }
  for (let k = 0; k < 3; k++) {
    const x = a[3 * p + k], y = a[3 * q + k];
    a[3 * p + k] = c * x - s * y;
    a[3 * q + k] = s * x + c * y;
    const u = axes[3 * p + k], v = axes[3 * q + k];
    axes[3 * p + k] = c * u - s * v;
    axes[3 * q + k] = s * u + c * v;
  }
}

/** Exchanges two axes and turns one over, so that they stay a rotation. */
function swap(a: Float64Array, axes: Float64Array, p: number, q: number): void {
  const value = a[4 * p];
  a[4 * p] = a[4 * q];
  a[4 * q] = value;
  for (let k = 0; k < 3; k++) {
    const x = axes[3 * p + k];
    axes[3 * p + k] = axes[3 * q + k];
    axes[3 * q + k] = -x;
  }
}
