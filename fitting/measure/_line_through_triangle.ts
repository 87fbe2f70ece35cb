/**
 * Meets a line with a triangle, from either side.
 *
 * Source: Möller & Trumbore 1997, "Fast, Minimum Storage Ray/Triangle Intersection".
 *
 * @param origins,o Where the line starts: three numbers from `o` on.
 * @param directions Its direction, at `o` too; of length 1, so that the answer is in metres.
 * @param p,a,b,c Positions, and the offsets of the corners.
 * @param answer Receives the distance along the direction (negative behind) and barycentric coordinates 1 and 2.
 * @returns Whether it meets.
 */
export function lineThroughTriangle(
  origins: ArrayLike<number>,
  o: number,
  directions: ArrayLike<number>,
  p: ArrayLike<number>,
  a: number,
  b: number,
  c: number,
  answer: Float64Array,
): boolean {
  const dx = directions[o], dy = directions[o + 1], dz = directions[o + 2];
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const hx = dy * vz - dz * vy, hy = dz * vx - dx * vz, hz = dx * vy - dy * vx;
  const scale = 1 / (ux * hx + uy * hy + uz * hz);
  const sx = origins[o] - p[a], sy = origins[o + 1] - p[a + 1], sz = origins[o + 2] - p[a + 2];
  const u = scale * (sx * hx + sy * hy + sz * hz);
  if (!(u >= 0 && u <= 1)) return false;
  const gx = sy * uz - sz * uy, gy = sz * ux - sx * uz, gz = sx * uy - sy * ux;
  const v = scale * (dx * gx + dy * gy + dz * gz);
  if (!(v >= 0 && u + v <= 1)) return false;
  const along = scale * (vx * gx + vy * gy + vz * gz);
  if (!Number.isFinite(along)) return false;
  answer[0] = along;
  answer[1] = u;
  answer[2] = v;
  return true;
}
