/**
 * Area of a triangle.
 *
 * @param p Coordinates; corners begin at `i`, `j` and `k`.
 */
export function triangleArea(p: Float32Array | Float64Array, i: number, j: number, k: number): number {
  const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
  const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
  return Math.sqrt(x * x + y * y + z * z) / 2;
}
