import type { TriangleMesh } from "../mesh.ts";

/** Rounding of f32 coordinates in a height, relative to the largest of them: four steps of 2⁻²³. */
const HEIGHT_EPSILON = 2 ** -21;

/**
 * Flags the faces whose area is zero but for rounding: the height over their
 * longest edge is less than their coordinates can tell.
 *
 * @param isZeroArea `faceCount` zeros; 1 is written where it holds.
 */
export function flagZeroAreaFaces(
  { positions, indices }: TriangleMesh,
  isZeroArea: Uint8Array,
  from: number = 0,
  end: number = isZeroArea.length,
): void {
  for (let f = from; f < end; f++) {
    const a = 3 * indices[3 * f], b = 3 * indices[3 * f + 1];
    const c = 3 * indices[3 * f + 2];
    const ax = positions[a], ay = positions[a + 1], az = positions[a + 2];
    const ux = positions[b] - ax, uy = positions[b + 1] - ay;
    const uz = positions[b + 2] - az, vx = positions[c] - ax;
    const vy = positions[c + 1] - ay, vz = positions[c + 2] - az;
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    const uu = ux * ux + uy * uy + uz * uz, vv = vx * vx + vy * vy + vz * vz;
    const longestSq = Math.max(
      uu,
      vv,
      uu + vv - 2 * (ux * vx + uy * vy + uz * vz),
    );
    const reach = Math.abs(ax) + Math.abs(ay) + Math.abs(az);
    const height = HEIGHT_EPSILON * (reach + Math.sqrt(longestSq));
    if (nx * nx + ny * ny + nz * nz <= height * height * longestSq) {
      isZeroArea[f] = 1;
    }
  }
}
