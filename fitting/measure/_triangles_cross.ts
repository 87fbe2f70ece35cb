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

/**
 * How far the sides of two triangles that cross go through each other: of a side
 * the least of what its ends are off the other's plane, and of how far within the
 * other it goes through; of those that do the most. It falls to 0 where triangles come apart.
 */
export function crossingDepth(
  p: ArrayLike<number>,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
): number {
  return Math.max(piercingDepth(p, a, b, c, d, e, f), piercingDepth(p, d, e, f, a, b, c));
}

/** How far the sides of `uvw` go through `abc`. */
function piercingDepth(
  p: ArrayLike<number>,
  u: number,
  v: number,
  w: number,
  a: number,
  b: number,
  c: number,
): number {
  let deepest = 0;
  for (let k = 0; k < 3; k++) {
    const i = k === 0 ? u : k === 1 ? v : w, j = k === 0 ? v : k === 1 ? w : u;
    deepest = Math.max(deepest, sideDepth(p, i, j, a, b, c));
  }
  return deepest;
}

function sideDepth(p: ArrayLike<number>, i: number, j: number, a: number, b: number, c: number): number {
  const ax = p[a], ay = p[a + 1], az = p[a + 2], bx = p[b] - ax, by = p[b + 1] - ay, bz = p[b + 2] - az;
  const cx = p[c] - ax, cy = p[c + 1] - ay, cz = p[c + 2] - az;
  let nx = by * cz - bz * cy, ny = bz * cx - bx * cz, nz = bx * cy - by * cx;
  const length = Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), 1e-30);
  nx /= length;
  ny /= length;
  nz /= length;
  const hi = nx * (p[i] - ax) + ny * (p[i + 1] - ay) + nz * (p[i + 2] - az);
  const hj = nx * (p[j] - ax) + ny * (p[j + 1] - ay) + nz * (p[j + 2] - az);
  if (!(hi * hj < 0)) return 0;
  const along = hi / (hi - hj);
  const x = p[i] - ax + along * (p[j] - p[i]), y = p[i + 1] - ay + along * (p[j + 1] - p[i + 1]);
  const z = p[i + 2] - az + along * (p[j + 2] - p[i + 2]);
  const ex = cx - bx, ey = cy - by, ez = cz - bz;
  const within = Math.min(
    side(bx, by, bz, x, y, z, nx, ny, nz) / Math.sqrt(bx * bx + by * by + bz * bz),
    side(ex, ey, ez, x - bx, y - by, z - bz, nx, ny, nz) / Math.sqrt(ex * ex + ey * ey + ez * ez),
    -side(cx, cy, cz, x, y, z, nx, ny, nz) / Math.sqrt(cx * cx + cy * cy + cz * cz),
  );
  return Math.min(Math.abs(hi), Math.abs(hj), within);
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
