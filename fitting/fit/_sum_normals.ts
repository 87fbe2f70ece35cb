/**
 * Normals of vertices or places, by area; not unit.
 *
 * @param indices `3 * faceCount`, into both.
 * @param p Where they are.
 * @param normals As long, overwritten.
 */
export function sumNormals(indices: Uint32Array, p: Float32Array | Float64Array, normals: Float64Array): void {
  normals.fill(0);
  for (let c = 0; c < indices.length; c += 3) {
    const a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    for (let k = 0; k < 3; k++) {
      const v = 3 * indices[c + k];
      normals[v] += nx;
      normals[v + 1] += ny;
      normals[v + 2] += nz;
    }
  }
}
