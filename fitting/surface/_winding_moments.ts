/**
 * Sums over subtrees for the fast winding number: Barill, Dickson, Schmidt,
 * Levin & Jacobson 2018, "Fast Winding Numbers for Soups and Clouds", eq. 10 and
 * the three terms of the expansion in their appendix A.
 *
 * With s the place relative to a centre and n the normal, a subtree keeps
 * N = ∫ n, M = sym ∫ n ⊗ s and S = sym ∫ n ⊗ s ⊗ s. What they are contracted with
 * are derivatives of 1/r, symmetric and without trace. So M and S may lose their
 * traces and need 5 and 7 numbers where the paper keeps 9 and 27.
 *
 * The {@linkcode MOMENT_STRIDE} floats of a child: centre (area-weighted mean of
 * centroids) 0-2, radius of the ball around it that holds the subtree 3, N 4-6,
 * area 7, M xx yy xy xz yz 8-12, S xxx yyy xxy yyx xxz yyz xyz 13-19.
 */
import { type Bvh, LEAF_SIZE, MOMENT_STRIDE } from "./_bvh.ts";
import type { Work } from "../work.ts";

/** Children between two pauses. */
const CHUNK_SIZE = 8192;

/** Computes the moments of all children; boxes must be up to date. */
export function* sumMoments(bvh: Bvh): Work<void> {
  for (let end = bvh.children.length; end > 0; end -= CHUNK_SIZE) {
    sumSome(bvh, Math.max(0, end - CHUNK_SIZE), end);
    yield;
  }
}

/** Moments of the children from `begin` to `end`, the last one first, as it comes after its parent. */
function sumSome(bvh: Bvh, begin: number, end: number): void {
  const { children, moments, boxes, sums } = bvh;
  for (let i = end - 1; i >= begin; i--) {
    const child = children[i], o = MOMENT_STRIDE * i;
    sums.fill(0);
    if (child < 0) {
      const begin = 9 * LEAF_SIZE * ~child, end = 9 * Math.min(bvh.faceCount, LEAF_SIZE * (~child + 1));
      centreLeaf(bvh.triangles, begin, end, moments, o);
      for (let t = begin; t < end; t += 9) addTriangle(bvh.triangles, t, moments, o, sums);
    } else {
      const n = 2 * MOMENT_STRIDE * child;
      centrePair(moments, n, o);
      addChild(moments, n, o, sums);
      addChild(moments, n + MOMENT_STRIDE, o, sums);
      moments[o + 3] = Math.min(moments[o + 3], reachOfBox(boxes, 6 * i, moments, o));
    }
    writeWithoutTraces(sums, moments, o);
  }
}

/** Centre and area of the triangles from `begin` to `end`. */
function centreLeaf(triangles: Float32Array, begin: number, end: number, moments: Float32Array, o: number): void {
  let area = 0, x = 0, y = 0, z = 0;
  for (let t = begin; t < end; t += 9) {
    const ax = triangles[t], ay = triangles[t + 1], az = triangles[t + 2];
    const ux = triangles[t + 3] - ax, uy = triangles[t + 4] - ay, uz = triangles[t + 5] - az;
    const vx = triangles[t + 6] - ax, vy = triangles[t + 7] - ay, vz = triangles[t + 8] - az;
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const weight = Math.sqrt(nx * nx + ny * ny + nz * nz) / 2;
    area += weight;
    x += weight * (ax + (ux + vx) / 3);
    y += weight * (ay + (uy + vy) / 3);
    z += weight * (az + (uz + vz) / 3);
  }
  moments[o] = area > 0 ? x / area : triangles[begin];
  moments[o + 1] = area > 0 ? y / area : triangles[begin + 1];
  moments[o + 2] = area > 0 ? z / area : triangles[begin + 2];
  moments[o + 3] = 0;
  moments[o + 7] = area;
}

/** Centre and area of both children of the node at `moments[n]`. */
function centrePair(moments: Float32Array, n: number, o: number): void {
  const m = n + MOMENT_STRIDE, area = moments[n + 7] + moments[m + 7];
  const share = area > 0 ? moments[n + 7] / area : 0.5;
  for (let axis = 0; axis < 3; axis++) {
    moments[o + axis] = share * moments[n + axis] + (1 - share) * moments[m + axis];
  }
  moments[o + 3] = 0;
  moments[o + 7] = area;
}

/** Adds a triangle's share of N, M and S and widens the radius. */
function addTriangle(triangles: Float32Array, t: number, moments: Float32Array, o: number, sums: Float64Array): void {
  const x = moments[o], y = moments[o + 1], z = moments[o + 2];
  const ax = triangles[t] - x, ay = triangles[t + 1] - y, az = triangles[t + 2] - z;
  const bx = triangles[t + 3] - x, by = triangles[t + 4] - y, bz = triangles[t + 5] - z;
  const cx = triangles[t + 6] - x, cy = triangles[t + 7] - y, cz = triangles[t + 8] - z;
  const ux = bx - ax, uy = by - ay, uz = bz - az, vx = cx - ax, vy = cy - ay, vz = cz - az;
  const nx = (uy * vz - uz * vy) / 2, ny = (uz * vx - ux * vz) / 2, nz = (ux * vy - uy * vx) / 2;
  const mx = ax + bx + cx, my = ay + by + cy, mz = az + bz + cz;
  addFirst(sums, nx, ny, nz);
  addSecond(sums, nx, ny, nz, mx / 3, my / 3, mz / 3);
  // the mean of s ⊗ s over a triangle: corners and three times the centroid, over 12
  const xx = ax * ax + bx * bx + cx * cx + mx * mx, xy = ax * ay + bx * by + cx * cy + mx * my;
  const yy = ay * ay + by * by + cy * cy + my * my, xz = ax * az + bx * bz + cx * cz + mx * mz;
  const zz = az * az + bz * bz + cz * cz + mz * mz, yz = ay * az + by * bz + cy * cz + my * mz;
  addThird(sums, nx / 12, ny / 12, nz / 12, xx, yy, zz, xy, xz, yz);
  const a = ax * ax + ay * ay + az * az, b = bx * bx + by * by + bz * bz, c = cx * cx + cy * cy + cz * cz;
  moments[o + 3] = Math.max(moments[o + 3], Math.sqrt(Math.max(a, b, c)) * (1 + 1e-6));
}

/** Adds the moments of the child at `moments[c]`, moved to the centre at `moments[o]`. */
function addChild(moments: Float32Array, c: number, o: number, sums: Float64Array): void {
  const dx = moments[c] - moments[o], dy = moments[c + 1] - moments[o + 1], dz = moments[c + 2] - moments[o + 2];
  const nx = moments[c + 4], ny = moments[c + 5], nz = moments[c + 6];
  const xx = moments[c + 8], yy = moments[c + 9], xy = moments[c + 10], xz = moments[c + 11], yz = moments[c + 12];
  addFirst(sums, nx, ny, nz);
  sums[3] += xx;
  sums[4] += yy;
  sums[5] -= xx + yy;
  sums[6] += xy;
  sums[7] += xz;
  sums[8] += yz;
  addSecond(sums, nx, ny, nz, dx, dy, dz);
  addThird(sums, nx, ny, nz, dx * dx, dy * dy, dz * dz, dx * dy, dx * dz, dy * dz);
  addThird(sums, 2 * dx, 2 * dy, 2 * dz, xx, yy, -xx - yy, xy, xz, yz);
  const s = c + 13;
  sums[9] += moments[s];
  sums[10] += moments[s + 1];
  sums[11] -= moments[s + 4] + moments[s + 5];
  sums[12] += moments[s + 2];
  sums[13] += moments[s + 3];
  sums[14] += moments[s + 4];
  sums[15] += moments[s + 5];
  sums[16] -= moments[s] + moments[s + 3];
  sums[17] -= moments[s + 1] + moments[s + 2];
  sums[18] += moments[s + 6];
  moments[o + 3] = Math.max(moments[o + 3], (Math.sqrt(dx * dx + dy * dy + dz * dz) + moments[c + 3]) * (1 + 1e-6));
}

/** How far the farthest corner of the box at `boxes[b]` is from the centre at `moments[o]`. */
function reachOfBox(boxes: Float32Array, b: number, moments: Float32Array, o: number): number {
  const x = Math.abs(moments[o] - boxes[b]) + boxes[b + 1];
  const y = Math.abs(moments[o + 1] - boxes[b + 2]) + boxes[b + 3];
  const z = Math.abs(moments[o + 2] - boxes[b + 4]) + boxes[b + 5];
  return Math.sqrt(x * x + y * y + z * z);
}

// Full sums: N 0-2, M xx yy zz xy xz yz 3-8, S xxx yyy zzz xxy yyx xxz yyz zzx zzy xyz 9-18.

function addFirst(sums: Float64Array, nx: number, ny: number, nz: number): void {
  sums[0] += nx;
  sums[1] += ny;
  sums[2] += nz;
}

/** Adds the symmetric part of `n ⊗ d` to M. */
function addSecond(
  sums: Float64Array,
  nx: number,
  ny: number,
  nz: number,
  dx: number,
  dy: number,
  dz: number,
): void {
  sums[3] += nx * dx;
  sums[4] += ny * dy;
  sums[5] += nz * dz;
  sums[6] += (nx * dy + ny * dx) / 2;
  sums[7] += (nx * dz + nz * dx) / 2;
  sums[8] += (ny * dz + nz * dy) / 2;
}

/** Adds the symmetric part of `n ⊗ q` to S; `q` is symmetric. */
function addThird(
  sums: Float64Array,
  nx: number,
  ny: number,
  nz: number,
  xx: number,
  yy: number,
  zz: number,
  xy: number,
  xz: number,
  yz: number,
): void {
  sums[9] += nx * xx;
  sums[10] += ny * yy;
  sums[11] += nz * zz;
  sums[12] += (2 * nx * xy + ny * xx) / 3;
  sums[13] += (2 * ny * xy + nx * yy) / 3;
  sums[14] += (2 * nx * xz + nz * xx) / 3;
  sums[15] += (2 * ny * yz + nz * yy) / 3;
  sums[16] += (2 * nz * xz + nx * zz) / 3;
  sums[17] += (2 * nz * yz + ny * zz) / 3;
  sums[18] += (nx * yz + ny * xz + nz * xy) / 3;
}

/** Writes N, and M and S less the part that their traces make up. */
function writeWithoutTraces(sums: Float64Array, moments: Float32Array, o: number): void {
  for (let axis = 0; axis < 3; axis++) moments[o + 4 + axis] = sums[axis];
  const trace = (sums[3] + sums[4] + sums[5]) / 3;
  moments[o + 8] = sums[3] - trace;
  moments[o + 9] = sums[4] - trace;
  moments[o + 10] = sums[6];
  moments[o + 11] = sums[7];
  moments[o + 12] = sums[8];
  const tx = (sums[9] + sums[13] + sums[16]) / 5, ty = (sums[10] + sums[12] + sums[17]) / 5;
  const tz = (sums[11] + sums[14] + sums[15]) / 5;
  moments[o + 13] = sums[9] - 3 * tx;
  moments[o + 14] = sums[10] - 3 * ty;
  moments[o + 15] = sums[12] - ty;
  moments[o + 16] = sums[13] - tx;
  moments[o + 17] = sums[14] - tz;
  moments[o + 18] = sums[15] - tz;
  moments[o + 19] = sums[18];
}
