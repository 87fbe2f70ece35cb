/**
 * Closest point on a thin or zero-area triangle, where the usual solution
 * (Ericson 2005, "Real-Time Collision Detection", 5.1.5) divides by almost
 * nothing. All three edges are tried as segments, of length zero if need be, then
 * the inside; the normal of f32 corners is exact up to one rounding.
 *
 * @param triangles 9 floats from `t` on.
 * @param query The point, 3 numbers.
 * @param answer Receives barycentric coordinates 1 and 2 and the squared distance.
 */
export function closestOnThinTriangle(
  triangles: Float32Array,
  t: number,
  query: Float64Array,
  answer: Float64Array,
): void {
  answer[2] = Infinity;
  for (let k = 0; k < 3; k++) trySegment(triangles, t, k, query, answer);
  tryInside(triangles, t, query, answer);
}

/** Keeps the closest point of the edge from corner `k` to the next if it is nearer than `answer`. */
function trySegment(triangles: Float32Array, t: number, k: number, query: Float64Array, answer: Float64Array): void {
  const a = t + 3 * k, b = t + 3 * ((k + 1) % 3);
  const ux = triangles[b] - triangles[a], uy = triangles[b + 1] - triangles[a + 1];
  const uz = triangles[b + 2] - triangles[a + 2];
  const px = query[0] - triangles[a], py = query[1] - triangles[a + 1], pz = query[2] - triangles[a + 2];
  const lengthSq = ux * ux + uy * uy + uz * uz, along = ux * px + uy * py + uz * pz;
  const s = along <= 0 ? 0 : along >= lengthSq ? 1 : along / lengthSq;
  const ex = px - s * ux, ey = py - s * uy, ez = pz - s * uz;
  const distanceSq = ex * ex + ey * ey + ez * ez;
  if (distanceSq >= answer[2]) return;
  answer[0] = k === 0 ? s : k === 1 ? 1 - s : 0;
  answer[1] = k === 0 ? 0 : k === 1 ? s : 1 - s;
  answer[2] = distanceSq;
}

/**
 * Keeps the foot of the perpendicular if it lies inside and is nearer than
 * `answer`. The share of the apex, opposite of the longest edge, comes from
 * heights; what is left is measured along that edge. So an error of the first,
 * large on a thin triangle, moves the point by its share of a small height only.
 */
function tryInside(triangles: Float32Array, t: number, query: Float64Array, answer: Float64Array): void {
  const k = longestEdge(triangles, t), a = t + 3 * k, b = t + 3 * ((k + 1) % 3), c = t + 3 * ((k + 2) % 3);
  const x = triangles[a], y = triangles[a + 1], z = triangles[a + 2];
  const ux = triangles[b] - x, uy = triangles[b + 1] - y, uz = triangles[b + 2] - z;
  const vx = triangles[c] - x, vy = triangles[c + 1] - y, vz = triangles[c + 2] - z;
  const px = query[0] - x, py = query[1] - y, pz = query[2] - z;
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const normalSq = nx * nx + ny * ny + nz * nz;
  if (!(normalSq > 0)) return;
  const apex = (nx * (uy * pz - uz * py) + ny * (uz * px - ux * pz) + nz * (ux * py - uy * px)) / normalSq;
  const rx = px - apex * vx, ry = py - apex * vy, rz = pz - apex * vz;
  const next = (rx * ux + ry * uy + rz * uz) / (ux * ux + uy * uy + uz * uz);
  if (!(apex >= 0 && next >= 0 && apex + next <= 1)) return;
  const ex = rx - next * ux, ey = ry - next * uy, ez = rz - next * uz;
  const distanceSq = ex * ex + ey * ey + ez * ez;
  if (distanceSq >= answer[2]) return;
  const own = Math.max(0, 1 - apex - next);
  answer[0] = k === 0 ? next : k === 1 ? own : apex;
  answer[1] = k === 0 ? apex : k === 1 ? next : own;
  answer[2] = distanceSq;
}

/** The corner from which the longest edge goes to the next one. */
function longestEdge(triangles: Float32Array, t: number): number {
  let longest = 0, longestSq = -1;
  for (let k = 0; k < 3; k++) {
    const a = t + 3 * k, b = t + 3 * ((k + 1) % 3);
    const x = triangles[b] - triangles[a], y = triangles[b + 1] - triangles[a + 1];
    const z = triangles[b + 2] - triangles[a + 2], lengthSq = x * x + y * y + z * z;
    if (lengthSq > longestSq) {
      longestSq = lengthSq;
      longest = k;
    }
  }
  return longest;
}
