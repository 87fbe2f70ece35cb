/**
 * Whether a side of one triangle goes through another, with its ends more than
 * `epsilon` off the other's plane: what touches, or lies in one plane, does not
 * cross. All numbers are offsets of corners in `p`; the triangles have an area.
 */
export function trianglesCross(
  p: ArrayLike<number>,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  epsilon: number,
): boolean {
  return sidesPierce(p, a, b, c, d, e, f, epsilon) || sidesPierce(p, d, e, f, a, b, c, epsilon);
}

/** Whether a side of `uvw` goes through `abc`. */
function sidesPierce(
  p: ArrayLike<number>,
  u: number,
  v: number,
  w: number,
  a: number,
  b: number,
  c: number,
  epsilon: number,
): boolean {
  const ax = p[a], ay = p[a + 1], az = p[a + 2], bx = p[b], by = p[b + 1], bz = p[b + 2];
  const cx = p[c], cy = p[c + 1], cz = p[c + 2];
  let nx = (by - ay) * (cz - az) - (bz - az) * (cy - ay);
  let ny = (bz - az) * (cx - ax) - (bx - ax) * (cz - az);
  let nz = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const length = Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), 1e-30);
  nx /= length;
  ny /= length;
  nz /= length;
  const hu = nx * (p[u] - ax) + ny * (p[u + 1] - ay) + nz * (p[u + 2] - az);
  const hv = nx * (p[v] - ax) + ny * (p[v + 1] - ay) + nz * (p[v + 2] - az);
  const hw = nx * (p[w] - ax) + ny * (p[w + 1] - ay) + nz * (p[w + 2] - az);
  if (Math.min(hu, hv, hw) >= -epsilon || Math.max(hu, hv, hw) <= epsilon) return false;
  for (let k = 0; k < 3; k++) {
    const i = k === 0 ? u : k === 1 ? v : w, j = k === 0 ? v : k === 1 ? w : u;
    const hi = k === 0 ? hu : k === 1 ? hv : hw, hj = k === 0 ? hv : k === 1 ? hw : hu;
    if (Math.min(hi, hj) >= -epsilon || Math.max(hi, hj) <= epsilon) continue;
    const along = hi / (hi - hj);
    const x = p[i] + along * (p[j] - p[i]), y = p[i + 1] + along * (p[j + 1] - p[i + 1]);
    const z = p[i + 2] + along * (p[j + 2] - p[i + 2]);
    // on the inner side of ab, bc and ca
    if (side(bx - ax, by - ay, bz - az, x - ax, y - ay, z - az, nx, ny, nz) < 0) continue;
    if (side(cx - bx, cy - by, cz - bz, x - bx, y - by, z - bz, nx, ny, nz) < 0) continue;
    if (side(ax - cx, ay - cy, az - cz, x - cx, y - cy, z - cz, nx, ny, nz) < 0) continue;
    return true;
  }
  return false;
}

/** (u × v) · n */
function side(
  ux: number,
  uy: number,
  uz: number,
  vx: number,
  vy: number,
  vz: number,
  nx: number,
  ny: number,
  nz: number,
): number {
  return (uy * vz - uz * vy) * nx + (uz * vx - ux * vz) * ny + (ux * vy - uy * vx) * nz;
}
