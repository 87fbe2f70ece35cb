import type { SurfaceHit } from "./surface_hit.ts";
import { type Bvh, LEAF_SIZE } from "./_bvh.ts";

/** Stands for 1 / 0 and above: large enough to decide any slab, small enough to stay finite. */
const HUGE = 1e200;

/** Slabs end this much later, for rounding (Ize 2013, "Robust BVH Ray Traversal"). */
const LATER = 1 + 2 ** -40;

/**
 * Finds the first hit of the ray `bvh.query` (origin, direction,
 * farthest distance): Woop, Benthin &
 * Wald 2013, "Watertight Ray/Triangle Intersection". The ray is sheared onto +z;
 * neighbours compute the same three edge functions, so no ray slips between.
 *
 * @returns Whether something was hit.
 */
export function rayInTree(bvh: Bvh, hit: SurfaceHit): boolean {
  const { root, faceCount, triangles, children, boxes, faceOfSlot, stackRef, stackKey, query } = bvh;
  const ox = query[0],
    oy = query[1],
    oz = query[2],
    dx = query[3],
    dy = query[4],
    dz = query[5],
    maxDistance = query[6];
  const sizeX = Math.abs(dx), sizeY = Math.abs(dy), sizeZ = Math.abs(dz);
  const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
  if (!(length > 0) || !(maxDistance >= 0)) return false;
  const ix = sizeX * HUGE < 1 ? HUGE : 1 / dx;
  const iy = sizeY * HUGE < 1 ? HUGE : 1 / dy;
  const iz = sizeZ * HUGE < 1 ? HUGE : 1 / dz;
  const jx = Math.abs(ix), jy = Math.abs(iy), jz = Math.abs(iz);
  // axis along the largest direction, and the two others in turn
  const kz = sizeX >= sizeY ? (sizeX >= sizeZ ? 0 : 2) : sizeY >= sizeZ ? 1 : 2;
  const kx = kz === 2 ? 0 : kz + 1, ky = kx === 2 ? 0 : kx + 1;
  const shearX = query[3 + kx] / query[3 + kz], shearY = query[3 + ky] / query[3 + kz], scale = 1 / query[3 + kz];
  const px = query[kx], py = query[ky], pz = query[kz];
  let best = maxDistance / length, slot = -1, w0 = 0, w1 = 0, w2 = 0, top = 0, ref = root;
  search: for (;;) {
    while (ref >= 0) {
      const o = 12 * ref, c = 2 * ref;
      let tx = (boxes[o] - ox) * ix, ty = (boxes[o + 2] - oy) * iy, tz = (boxes[o + 4] - oz) * iz;
      let hx = boxes[o + 1] * jx, hy = boxes[o + 3] * jy, hz = boxes[o + 5] * jz;
      const left = Math.max(tx - hx, ty - hy, tz - hz, 0), leftEnd = LATER * Math.min(tx + hx, ty + hy, tz + hz, best);
      tx = (boxes[o + 6] - ox) * ix;
      ty = (boxes[o + 8] - oy) * iy;
      tz = (boxes[o + 10] - oz) * iz;
      hx = boxes[o + 7] * jx;
      hy = boxes[o + 9] * jy;
      hz = boxes[o + 11] * jz;
      const right = Math.max(tx - hx, ty - hy, tz - hz, 0),
        rightEnd = LATER * Math.min(tx + hx, ty + hy, tz + hz, best);
      if (left <= leftEnd) {
        if (right <= rightEnd) {
          const leftFirst = left <= right;
          stackRef[top] = leftFirst ? children[c + 1] : children[c];
          stackKey[top++] = leftFirst ? right : left;
          ref = leftFirst ? children[c] : children[c + 1];
        } else ref = children[c];
      } else if (right <= rightEnd) ref = children[c + 1];
      else break;
    }
    if (ref < 0) {
      const first = LEAF_SIZE * ~ref, end = Math.min(faceCount, first + LEAF_SIZE);
      for (let s = first, t = 9 * first; s < end; s++, t += 9) {
        const az = triangles[t + kz] - pz, bz = triangles[t + 3 + kz] - pz, cz = triangles[t + 6 + kz] - pz;
        const ax = triangles[t + kx] - px - shearX * az, ay = triangles[t + ky] - py - shearY * az;
        const bx = triangles[t + 3 + kx] - px - shearX * bz, by = triangles[t + 3 + ky] - py - shearY * bz;
        const cx = triangles[t + 6 + kx] - px - shearX * cz, cy = triangles[t + 6 + ky] - py - shearY * cz;
        const u = cx * by - cy * bx, v = ax * cy - ay * cx, w = bx * ay - by * ax;
        if ((u < 0 || v < 0 || w < 0) && (u > 0 || v > 0 || w > 0)) continue;
        const sum = u + v + w;
        if (sum === 0) continue; // seen edge-on, or no area
        const along = scale * (u * az + v * bz + w * cz) / sum;
        if (!(along >= 0 && along <= best)) continue;
        // Ties go to the lower face.
        if (along < best || slot < 0 || faceOfSlot[s] < faceOfSlot[slot]) {
          best = along;
          slot = s;
          w0 = u / sum;
          w1 = v / sum;
          w2 = w / sum;
        }
      }
    }
    do {
      if (top === 0) break search;
      top--;
    } while (stackKey[top] > LATER * best);
    ref = stackRef[top];
  }
  if (slot < 0) return false;
  hit.face = faceOfSlot[slot];
  hit.x = ox + best * dx;
  hit.y = oy + best * dy;
  hit.z = oz + best * dz;
  hit.w0 = w0;
  hit.w1 = w1;
  hit.w2 = w2;
  hit.distanceSq = best * best * length * length;
  return true;
}
