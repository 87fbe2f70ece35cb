/** The closest point of one triangle, number for number as `fitting/surface/_bvh_closest.ts` and `fitting/surface/_triangle.ts` have it. */

/** A triangle is thin where the square of twice its area is below this share of the squared sum of two squared sides. */
const THIN: f64 = 1e-8;

/** Barycentric coordinates 1 and 2, and the squared distance, of the last {@linkcode measure}. */
export let b1: f64 = 0;
export let b2: f64 = 0;
export let distanceSq: f64 = 0;

// @ts-ignore: decorator
@inline
function at(t: usize, k: usize): f64 {
  return <f64> load<f32>(t + 4 * k);
}

/** Finds the point of the triangle at `t` closest to `(x, y, z)`. */
export function measure(t: usize, x: f64, y: f64, z: f64): void {
  const ax = at(t, 0), ay = at(t, 1), az = at(t, 2);
  const ux = at(t, 3) - ax, uy = at(t, 4) - ay, uz = at(t, 5) - az;
  const vx = at(t, 6) - ax, vy = at(t, 7) - ay, vz = at(t, 8) - az;
  const px = x - ax, py = y - ay, pz = z - az;
  const uu = ux * ux + uy * uy + uz * uz, uv = ux * vx + uy * vy + uz * vz, vv = vx * vx + vy * vy + vz * vz;
  const d1 = ux * px + uy * py + uz * pz, d2 = vx * px + vy * py + vz * pz;
  const d3 = d1 - uu, d4 = d2 - uv, d5 = d1 - uv, d6 = d2 - vv;
  b1 = 0;
  b2 = 0;
  if (d1 <= 0 && d2 <= 0) {
    distanceSq = px * px + py * py + pz * pz;
    return;
  }
  if (d3 >= 0 && d4 <= d3) {
    b1 = 1;
  } else if (d6 >= 0 && d5 <= d6) {
    b2 = 1;
  } else {
    const n0 = d3 * d6 - d5 * d4, n1 = d5 * d2 - d1 * d6, n2 = d1 * d4 - d3 * d2;
    if (!(uu * vv - uv * uv > THIN * (uu + vv) * (uu + vv))) {
      measureThin(t, x, y, z);
    } else if (n2 <= 0 && d1 >= 0 && d3 <= 0) {
      b1 = d1 / uu;
    } else if (n1 <= 0 && d2 >= 0 && d6 <= 0) {
      b2 = d2 / vv;
    } else if (n0 <= 0 && d4 >= d3 && d5 >= d6) {
      b2 = (d4 - d3) / (d4 - d3 + (d5 - d6));
      b1 = 1 - b2;
    } else {
      const scale = 1 / (n0 + n1 + n2);
      b1 = n1 * scale;
      b2 = n2 * scale;
    }
  }
  const ex = px - b1 * ux - b2 * vx, ey = py - b1 * uy - b2 * vy, ez = pz - b1 * uz - b2 * vz;
  distanceSq = ex * ex + ey * ey + ez * ez;
}

/** Nearest so far on a thin triangle. */
let thinSq: f64 = 0;

function measureThin(t: usize, x: f64, y: f64, z: f64): void {
  thinSq = Infinity;
  for (let k = 0; k < 3; k++) trySegment(t, k, x, y, z);
  tryInside(t, x, y, z);
}

// @ts-ignore: decorator
@inline
function corner(t: usize, k: i32): usize {
  return t + 12 * <usize> (k % 3);
}

function trySegment(t: usize, k: i32, x: f64, y: f64, z: f64): void {
  const a = corner(t, k), b = corner(t, k + 1);
  const ux = at(b, 0) - at(a, 0), uy = at(b, 1) - at(a, 1), uz = at(b, 2) - at(a, 2);
  const px = x - at(a, 0), py = y - at(a, 1), pz = z - at(a, 2);
  const lengthSq = ux * ux + uy * uy + uz * uz, along = ux * px + uy * py + uz * pz;
  const s = along <= 0 ? 0 : along >= lengthSq ? 1 : along / lengthSq;
  const ex = px - s * ux, ey = py - s * uy, ez = pz - s * uz;
  const found = ex * ex + ey * ey + ez * ez;
  if (found >= thinSq) return;
  b1 = k == 0 ? s : k == 1 ? 1 - s : 0;
  b2 = k == 0 ? 0 : k == 1 ? s : 1 - s;
  thinSq = found;
}

function tryInside(t: usize, x: f64, y: f64, z: f64): void {
  const k = longestEdge(t), a = corner(t, k), b = corner(t, k + 1), c = corner(t, k + 2);
  const ux = at(b, 0) - at(a, 0), uy = at(b, 1) - at(a, 1), uz = at(b, 2) - at(a, 2);
  const vx = at(c, 0) - at(a, 0), vy = at(c, 1) - at(a, 1), vz = at(c, 2) - at(a, 2);
  const px = x - at(a, 0), py = y - at(a, 1), pz = z - at(a, 2);
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const normalSq = nx * nx + ny * ny + nz * nz;
  if (!(normalSq > 0)) return;
  const apex = (nx * (uy * pz - uz * py) + ny * (uz * px - ux * pz) + nz * (ux * py - uy * px)) / normalSq;
  const rx = px - apex * vx, ry = py - apex * vy, rz = pz - apex * vz;
  const next = (rx * ux + ry * uy + rz * uz) / (ux * ux + uy * uy + uz * uz);
  if (!(apex >= 0 && next >= 0 && apex + next <= 1)) return;
  const ex = rx - next * ux, ey = ry - next * uy, ez = rz - next * uz;
  const found = ex * ex + ey * ey + ez * ez;
  if (found >= thinSq) return;
  const own = 1 - apex - next > 0 ? 1 - apex - next : 0;
  b1 = k == 0 ? next : k == 1 ? own : apex;
  b2 = k == 0 ? apex : k == 1 ? next : own;
  thinSq = found;
}

function longestEdge(t: usize): i32 {
  let longest = 0, longestSq: f64 = -1;
  for (let k = 0; k < 3; k++) {
    const a = corner(t, k), b = corner(t, k + 1);
    const x = at(b, 0) - at(a, 0), y = at(b, 1) - at(a, 1), z = at(b, 2) - at(a, 2);
    const lengthSq = x * x + y * y + z * z;
    if (lengthSq > longestSq) {
      longestSq = lengthSq;
      longest = k;
    }
  }
  return longest;
}
