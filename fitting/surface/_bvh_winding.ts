import { angleOf } from "../_angle_of.ts";
import { type Bvh, LEAF_SIZE, MOMENT_STRIDE } from "./_bvh.ts";

/**
 * Generalized winding number at `bvh.query`: Barill et al. 2018, algorithm 2.
 * Subtrees farther than `beta` radii count as three terms of a series,
 * near triangles by their solid angle (Van Oosterom & Strackee 1983).
 *
 * Ours: half solid angles are not computed one by one. Each is the angle of a
 * complex number, so their sum is the angle of the product, plus whole turns
 * counted where the product passes the negative real axis; one arctangent is
 * enough for the query.
 */
export function windingInTree(bvh: Bvh, beta: number): number {
  const { root, faceCount, triangles, children, moments, stackRef, query } = bvh;
  const x = query[0], y = query[1], z = query[2], betaSq = beta * beta;
  let far = 0, re = 1, im = 0, turns = 0, top = 1;
  stackRef[0] = root;
  while (top > 0) {
    const ref = stackRef[--top];
    if (ref >= 0) {
      for (let child = 2 * ref, o = MOMENT_STRIDE * child; child < 2 * ref + 2; child++, o += MOMENT_STRIDE) {
        const dx = moments[o] - x, dy = moments[o + 1] - y, dz = moments[o + 2] - z, radius = moments[o + 3];
        const xx = dx * dx, yy = dy * dy, zz = dz * dz, distanceSq = xx + yy + zz;
        if (distanceSq <= betaSq * radius * radius) {
          stackRef[top++] = children[child];
          continue;
        }
        const inverse = 1 / distanceSq;
        const first = moments[o + 4] * dx + moments[o + 5] * dy + moments[o + 6] * dz;
        const second = moments[o + 8] * (xx - zz) + moments[o + 9] * (yy - zz) +
          2 * (dx * (moments[o + 10] * dy + moments[o + 11] * dz) + moments[o + 12] * dy * dz);
        const third = dx * (moments[o + 13] * (xx - 3 * zz) + 3 * moments[o + 16] * (yy - zz)) +
          dy * (moments[o + 14] * (yy - 3 * zz) + 3 * moments[o + 15] * (xx - zz)) +
          dz * (moments[o + 17] * (3 * xx - zz) + moments[o + 18] * (3 * yy - zz) + 6 * moments[o + 19] * dx * dy);
        far += (first + inverse * (7.5 * inverse * third - 3 * second)) * inverse * Math.sqrt(inverse);
      }
      continue;
    }
    const begin = 9 * LEAF_SIZE * ~ref, end = 9 * Math.min(faceCount, LEAF_SIZE * (~ref + 1));
    for (let t = begin; t < end; t += 9) {
      const ax = triangles[t] - x, ay = triangles[t + 1] - y, az = triangles[t + 2] - z;
      const bx = triangles[t + 3] - x, by = triangles[t + 4] - y, bz = triangles[t + 5] - z;
      const cx = triangles[t + 6] - x, cy = triangles[t + 7] - y, cz = triangles[t + 8] - z;
      const a = Math.sqrt(ax * ax + ay * ay + az * az);
      const b = Math.sqrt(bx * bx + by * by + bz * bz);
      const c = Math.sqrt(cx * cx + cy * cy + cz * cz);
      const volume = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
      const even = a * b * c + (ax * bx + ay * by + az * bz) * c + (bx * cx + by * cy + bz * cz) * a +
        (cx * ax + cy * ay + cz * az) * b;
      const size = Math.abs(volume) + Math.abs(even);
      if (!(size > 0)) continue; // at a corner, or no triangle
      const u = even / size, v = volume / size, nextRe = re * u - im * v, nextIm = re * v + im * u;
      if (im >= 0 && v >= 0 && nextIm < 0) turns++;
      else if (im < 0 && v < 0 && nextIm >= 0) turns--;
      re = nextRe;
      im = nextIm;
    }
    const size = Math.abs(re) + Math.abs(im);
    re /= size;
    im /= size;
  }
  return far / (4 * Math.PI) + angleOf(im, re) / (2 * Math.PI) + turns;
}
