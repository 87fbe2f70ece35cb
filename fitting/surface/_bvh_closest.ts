import type { SurfaceHit } from "./surface_hit.ts";
import { type Bvh, LEAF_SIZE } from "./_bvh.ts";
import { closestOnThinTriangle } from "./_triangle.ts";

/** A triangle is thin where the square of twice its area is below this share of the squared sum of two squared sides. */
const THIN = 1e-8;

/**
 * A box is looked at up to this times the best squared distance: 4, as boxes give
 * four times theirs, and a little for rounding, so that ties are always seen.
 * (Along each axis the distance to a triangle and to its box differ in rounding by
 * a share of 2^-51 of the distance or of the half extent, which is larger by 2^-22
 * for that: a box that holds an equally near triangle is never skipped.)
 */
const LIMIT = 4 + 2 ** -36;

/**
 * Finds the point of the surface closest to `bvh.query`, which also holds the
 * farthest squared distance allowed: the nearer child first,
 * the other one remembered with the distance of its box. One long loop, as a call
 * for each triangle would put every number in an object of its own.
 * Triangles: Ericson 2005, "Real-Time Collision Detection", 5.1.5.
 *
 * @param hit Written if something is found.
 */
export function closestInTree(bvh: Bvh, hit: SurfaceHit): boolean {
  const { root, triangles, children, boxes, faceOfSlot, stackRef, stackKey, query, answer } = bvh;
  const x = query[0], y = query[1], z = query[2];
  let best = query[6], slot = -1, w1 = 0, w2 = 0, top = 0, ref = root;
  let limit = LIMIT * best;
  search: for (;;) {
    while (ref >= 0) {
      const o = 12 * ref, c = 2 * ref;
      // d + |d| is 2 * max(0, d) without a branch
      let dx = Math.abs(x - boxes[o]) - boxes[o + 1];
      let dy = Math.abs(y - boxes[o + 2]) - boxes[o + 3];
      let dz = Math.abs(z - boxes[o + 4]) - boxes[o + 5];
      dx += Math.abs(dx);
      dy += Math.abs(dy);
      dz += Math.abs(dz);
      const left = dx * dx + dy * dy + dz * dz;
      dx = Math.abs(x - boxes[o + 6]) - boxes[o + 7];
      dy = Math.abs(y - boxes[o + 8]) - boxes[o + 9];
      dz = Math.abs(z - boxes[o + 10]) - boxes[o + 11];
      dx += Math.abs(dx);
      dy += Math.abs(dy);
      dz += Math.abs(dz);
      const right = dx * dx + dy * dy + dz * dz;
      if (left <= right) {
        if (left > limit) break;
        if (right <= limit) {
          stackRef[top] = children[c + 1];
          stackKey[top++] = right;
        }
        ref = children[c];
      } else {
        if (right > limit) break;
        if (left <= limit) {
          stackRef[top] = children[c];
          stackKey[top++] = left;
        }
        ref = children[c + 1];
      }
    }
    if (ref < 0) {
      const first = LEAF_SIZE * ~ref;
      for (let s = first, t = 9 * first; s < first + LEAF_SIZE; s++, t += 9) {
        const ax = triangles[t], ay = triangles[t + 1], az = triangles[t + 2];
        const ux = triangles[t + 3] - ax, uy = triangles[t + 4] - ay, uz = triangles[t + 5] - az;
        const vx = triangles[t + 6] - ax, vy = triangles[t + 7] - ay, vz = triangles[t + 8] - az;
        const px = x - ax, py = y - ay, pz = z - az;
        const uu = ux * ux + uy * uy + uz * uz, uv = ux * vx + uy * vy + uz * vz, vv = vx * vx + vy * vy + vz * vz;
        const d1 = ux * px + uy * py + uz * pz, d2 = vx * px + vy * py + vz * pz;
        const d3 = d1 - uu, d4 = d2 - uv, d5 = d1 - uv, d6 = d2 - vv;
        let b1 = 0, b2 = 0, distanceSq = 0;
        if (d1 <= 0 && d2 <= 0) {
          distanceSq = px * px + py * py + pz * pz;
        } else {
          if (d3 >= 0 && d4 <= d3) {
            b1 = 1;
          } else if (d6 >= 0 && d5 <= d6) {
            b2 = 1;
          } else {
            const n0 = d3 * d6 - d5 * d4, n1 = d5 * d2 - d1 * d6, n2 = d1 * d4 - d3 * d2;
            if (!(uu * vv - uv * uv > THIN * (uu + vv) * (uu + vv))) {
              closestOnThinTriangle(triangles, t, query, answer);
              b1 = answer[0];
              b2 = answer[1];
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
        if (distanceSq <= best) {
          // Ties go to the lower face.
          if (distanceSq < best || slot < 0 || faceOfSlot[s] < faceOfSlot[slot]) {
            best = distanceSq;
            limit = LIMIT * best;
            slot = s;
            w1 = b1;
            w2 = b2;
          }
        }
      }
    }
    do {
      if (top === 0) break search;
      top--;
    } while (stackKey[top] > limit);
    ref = stackRef[top];
  }
  if (slot < 0) return false;
  const t = 9 * slot, ax = triangles[t], ay = triangles[t + 1], az = triangles[t + 2];
  hit.face = faceOfSlot[slot];
  hit.x = ax + w1 * (triangles[t + 3] - ax) + w2 * (triangles[t + 6] - ax);
  hit.y = ay + w1 * (triangles[t + 4] - ay) + w2 * (triangles[t + 7] - ay);
  hit.z = az + w1 * (triangles[t + 5] - az) + w2 * (triangles[t + 8] - az);
  hit.w0 = Math.max(0, 1 - w1 - w2);
  hit.w1 = w1;
  hit.w2 = w2;
  hit.distanceSq = best;
  return true;
}
