import { type Bvh, LEAF_SIZE } from "./_bvh.ts";

/** Boxes of the tree are a centre and a half extent, rounded: this share more of the half extent holds all they should. */
const WIDER = 1 + 2 ** -20;

/**
 * Lists the faces whose own boxes meet the box `bvh.query` (least x, y, z, then
 * greatest; touching counts), in the order of the tree.
 *
 * @param faces Overwritten from 0 on; as long as the mesh has faces.
 * @returns How many there are.
 */
export function facesInBoxOfTree(bvh: Bvh, faces: Uint32Array): number {
  const { root, faceCount, triangles, children, boxes, faceOfSlot, stackRef, query } = bvh;
  const minX = query[0], minY = query[1], minZ = query[2], maxX = query[3], maxY = query[4], maxZ = query[5];
  const x = (minX + maxX) / 2, y = (minY + maxY) / 2, z = (minZ + maxZ) / 2;
  const halfX = (maxX - minX) / 2, halfY = (maxY - minY) / 2, halfZ = (maxZ - minZ) / 2;
  let found = 0, top = 1;
  stackRef[0] = root;
  while (top > 0) {
    const ref = stackRef[--top];
    if (ref >= 0) {
      for (let child = 2 * ref, o = 6 * child; child < 2 * ref + 2; child++, o += 6) {
        if (Math.abs(x - boxes[o]) > WIDER * (halfX + boxes[o + 1])) continue;
        if (Math.abs(y - boxes[o + 2]) > WIDER * (halfY + boxes[o + 3])) continue;
        if (Math.abs(z - boxes[o + 4]) > WIDER * (halfZ + boxes[o + 5])) continue;
        stackRef[top++] = children[child];
      }
      continue;
    }
    const first = LEAF_SIZE * ~ref, end = Math.min(faceCount, first + LEAF_SIZE);
    for (let s = first, t = 9 * first; s < end; s++, t += 9) {
      const ax = triangles[t], bx = triangles[t + 3], cx = triangles[t + 6];
      if (Math.max(ax, bx, cx) < minX || Math.min(ax, bx, cx) > maxX) continue;
      const ay = triangles[t + 1], by = triangles[t + 4], cy = triangles[t + 7];
      if (Math.max(ay, by, cy) < minY || Math.min(ay, by, cy) > maxY) continue;
      const az = triangles[t + 2], bz = triangles[t + 5], cz = triangles[t + 8];
      if (Math.max(az, bz, cz) < minZ || Math.min(az, bz, cz) > maxZ) continue;
      faces[found++] = faceOfSlot[s];
    }
  }
  return found;
}
