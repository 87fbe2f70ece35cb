import { type Bvh, LEAF_SIZE } from "./_bvh.ts";

/** More than rounding can change a determinant of three differences by, as a share of the product of their sizes. */
const DETERMINANT_ERROR = 4e-14;

/**
 * The winding number of a closed surface at `bvh.query`, exactly: a ray along the
 * mesh's shortest side, out of the nearer end, counts faces it leaves through
 * against faces it enters through.
 *
 * A ray through a side or corner is counted once. Seen along the ray, a triangle
 * turns around the point as its sides cross a half-line, and what a side adds is
 * exactly the negative of what the neighbour's copy adds. Whether the point lies
 * before or behind a triangle is the sign of a determinant; where rounding could
 * turn it, the point is within rounding of the surface, or nearly so.
 *
 * @returns `NaN` in that last case.
 */
export function crossingsInTree(bvh: Bvh): number {
  const { root, faceCount, triangles, children, boxes, stackRef, query } = bvh;
  const axis = root < 0 ? 0 : shortestAxis(boxes), next = axis === 2 ? 0 : axis + 1, last = next === 2 ? 0 : next + 1;
  const u = query[axis], v = query[next], w = query[last], forward = root < 0 || u >= boxMiddle(boxes, axis);
  let crossings = 0, top = 1;
  stackRef[0] = root;
  while (top > 0) {
    const ref = stackRef[--top];
    if (ref >= 0) {
      for (let child = 2 * ref; child < 2 * ref + 2; child++) {
        const o = 6 * child, ahead = forward ? boxes[o + 2 * axis] - u : u - boxes[o + 2 * axis];
        if (Math.abs(v - boxes[o + 2 * next]) > boxes[o + 2 * next + 1]) continue;
        if (Math.abs(w - boxes[o + 2 * last]) > boxes[o + 2 * last + 1]) continue;
        if (ahead + boxes[o + 2 * axis + 1] < 0) continue;
        stackRef[top++] = children[child];
      }
      continue;
    }
    const end = 9 * Math.min(faceCount, LEAF_SIZE * (~ref + 1));
    for (let t = 9 * LEAF_SIZE * ~ref; t < end; t += 9) {
      const aw = triangles[t + last] - w, bw = triangles[t + 3 + last] - w, cw = triangles[t + 6 + last] - w;
      const aUp = aw > 0, bUp = bw > 0, cUp = cw > 0;
      if (aUp === bUp && bUp === cUp) continue;
      const av = triangles[t + next] - v, bv = triangles[t + 3 + next] - v, cv = triangles[t + 6 + next] - v;
      let turns = 0;
      if (aUp !== bUp) turns += sideTurn(av * bw - aw * bv, bUp);
      if (bUp !== cUp) turns += sideTurn(bv * cw - bw * cv, cUp);
      if (cUp !== aUp) turns += sideTurn(cv * aw - cw * av, aUp);
      if (turns === 0) continue;
      const au = triangles[t + axis] - u, bu = triangles[t + 3 + axis] - u, cu = triangles[t + 6 + axis] - u;
      const low = Math.min(au, bu, cu), high = Math.max(au, bu, cu);
      let isAhead = low > 0;
      if (low <= 0 && high >= 0) {
        const x = bv * cw - bw * cv, y = cv * aw - cw * av, z = av * bw - aw * bv;
        const determinant = au * x + bu * y + cu * z;
        const size = Math.max(high, -low) * Math.max(Math.abs(av), Math.abs(bv), Math.abs(cv)) *
          Math.max(Math.abs(aw), Math.abs(bw), Math.abs(cw));
        if (!(Math.abs(determinant) > DETERMINANT_ERROR * size)) return NaN;
        isAhead = determinant > 0 === turns > 0;
      }
      if (isAhead === forward) crossings += turns;
    }
  }
  return forward ? crossings : 0 - crossings; // -crossings may be -0, and an engine makes an object of that
}

/** What a side adds to the turns around the origin: it passes the positive half-line upwards or downwards, or passes behind. */
function sideTurn(cross: number, isUpwards: boolean): number {
  if (isUpwards) return cross > 0 ? 1 : 0;
  return cross < 0 ? -1 : 0;
}

function shortestAxis(boxes: Float32Array): number {
  let shortest = 0, least = Infinity;
  for (let axis = 0; axis < 3; axis++) {
    const low = Math.min(boxes[2 * axis] - boxes[2 * axis + 1], boxes[2 * axis + 6] - boxes[2 * axis + 7]);
    const high = Math.max(boxes[2 * axis] + boxes[2 * axis + 1], boxes[2 * axis + 6] + boxes[2 * axis + 7]);
    if (high - low < least) {
      least = high - low;
      shortest = axis;
    }
  }
  return shortest;
}

/** Roughly the middle of the mesh: that of the middles of the root's children. */
function boxMiddle(boxes: Float32Array, axis: number): number {
  return (boxes[2 * axis] + boxes[2 * axis + 6]) / 2;
}
