import type { Frame } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import { principalAxes } from "./_principal_axes.ts";

/** A piece whose odd moments are smaller than this, in its extent, is alike on both sides of a plane. */
const ALIKE = 0.03;
/** Six second and ten third moments. */
const MOMENTS = 16;
/** The axes of the file and the principal axes. */
const MOST = 6;

/** Bytes {@linkcode MirrorPlanes} leases. */
export function mirrorPlanesBytes(): number {
  return 8 * (MOMENTS + 3 + 9 + 9 + 3 * MOST);
}

/**
 * The planes through its middle on both sides of which a piece is alike: those
 * for which all moments that change their sign in the mirror vanish.
 */
export class MirrorPlanes {
  /** How many planes there are, at most six. */
  readonly count: number;
  /** Unit normals, `3 * count`, in the frame of the mesh. */
  readonly normals: Float64Array;

  /** O(faceCount). */
  constructor(mesh: TriangleMesh, frame: Frame) {
    const moments = frame.f64(MOMENTS), centre = frame.f64(3), matrix = frame.f64(9), axes = frame.f64(9);
    this.normals = frame.f64(3 * MOST);
    sumMoments(mesh, centre, moments);
    const extentSq = moments[0] + moments[3] + moments[5];
    let count = 0;
    if (extentSq > 0 && extentSq < Infinity) {
      axes.fill(0);
      axes[0] = axes[4] = axes[8] = 1;
      count = this.#keep(axes, moments, extentSq, 0);
      matrix.set([moments[0], moments[1], moments[2], moments[1], moments[3], moments[4], moments[2], moments[4]]);
      matrix[8] = moments[5];
      principalAxes(matrix, axes);
      count = this.#keep(axes, moments, extentSq, count);
    }
    this.count = count;
  }

  /** Adds those of three axes that are normals of such a plane. */
  #keep(axes: Float64Array, moments: Float64Array, extentSq: number, count: number): number {
    for (let k = 0; k < 3; k++) {
      const n = 3 * k, a = 3 * ((k + 1) % 3), b = 3 * ((k + 2) % 3);
      const second = Math.abs(second2(axes, n, a, moments)) + Math.abs(second2(axes, n, b, moments));
      const third = Math.abs(third3(axes, n, n, n, moments)) + Math.abs(third3(axes, n, a, a, moments)) +
        Math.abs(third3(axes, n, b, b, moments)) + Math.abs(third3(axes, n, a, b, moments));
      if (second / extentSq + third / (extentSq * Math.sqrt(extentSq)) > ALIKE) continue;
      for (let c = 0; c < 3; c++) this.normals[3 * count + c] = axes[n + c];
      count++;
    }
    return count;
  }
}

/** Centre, then moments about it: xx xy xz yy yz zz, xxx xxy xxz xyy xyz xzz yyy yyz yzz zzz, by area. */
function sumMoments(mesh: TriangleMesh, centre: Float64Array, moments: Float64Array): void {
  const { positions: p, indices } = mesh;
  let area = 0;
  for (let pass = 0; pass < 2; pass++) {
    for (let f = 0; f < indices.length; f += 3) {
      const i = 3 * indices[f], j = 3 * indices[f + 1], k = 3 * indices[f + 2];
      const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
      const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
      const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
      const weight = Math.sqrt(nx * nx + ny * ny + nz * nz);
      const x = p[i] + (ux + vx) / 3 - centre[0], y = p[i + 1] + (uy + vy) / 3 - centre[1];
      const z = p[i + 2] + (uz + vz) / 3 - centre[2];
      if (pass === 0) {
        area += weight;
        moments[0] += weight * x;
        moments[1] += weight * y;
        moments[2] += weight * z;
        continue;
      }
      const wx = weight * x, wy = weight * y, wz = weight * z;
      moments[0] += wx * x;
      moments[1] += wx * y;
      moments[2] += wx * z;
      moments[3] += wy * y;
      moments[4] += wy * z;
      moments[5] += wz * z;
      moments[6] += wx * x * x;
      moments[7] += wx * x * y;
      moments[8] += wx * x * z;
      moments[9] += wx * y * y;
      moments[10] += wx * y * z;
      moments[11] += wx * z * z;
      moments[12] += wy * y * y;
      moments[13] += wy * y * z;
      moments[14] += wy * z * z;
      moments[15] += wz * z * z;
    }
    if (pass === 0) {
      for (let c = 0; c < 3; c++) centre[c] = moments[c] / area;
      moments.fill(0);
    }
  }
  for (let m = 0; m < MOMENTS; m++) moments[m] /= area;
}

/** The second moment along axes at `a` and `b`. */
function second2(axes: Float64Array, a: number, b: number, m: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += axes[a + i] * axes[b + j] * m[SECOND[3 * i + j]];
  return sum;
}

/** The third moment along axes at `a`, `b` and `c`. */
function third3(axes: Float64Array, a: number, b: number, c: number, m: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 3; k++) sum += axes[a + i] * axes[b + j] * axes[c + k] * m[THIRD[9 * i + 3 * j + k]];
    }
  }
  return sum;
}

/** Where the moment of each pair and each triple of axes is kept. */
const SECOND = [0, 1, 2, 1, 3, 4, 2, 4, 5];
const THIRD = [6, 7, 8, 7, 9, 10, 8, 10, 11, 7, 9, 10, 9, 12, 13, 10, 13, 14, 8, 10, 11, 10, 13, 14, 11, 14, 15];
