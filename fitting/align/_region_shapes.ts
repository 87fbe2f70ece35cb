import type { Frame } from "../../pool/scratch.ts";
import { BODY_PARTS } from "./_body_parts.ts";
import type { TriangleMesh } from "../mesh.ts";
import { principalAxes } from "./_principal_axes.ts";

const [HEAD, TORSO, HIPS, ARM_L, ARM_R, FORE_L, FORE_R, HAND_L, HAND_R, LEG_L, LEG_R, FOOT_L, FOOT_R] = BODY_PARTS.map(
  (_, part) => 1 << part,
);
const ARMS = ARM_L | ARM_R, FORES = FORE_L | FORE_R, HANDS = HAND_L | HAND_R;
const LEGS = LEG_L | LEG_R, FEET = FOOT_L | FOOT_R;

/** What pieces cover: sets of parts, bit `n` for part `n`. */
export const COVERED: readonly number[] = [
  HEAD,
  TORSO,
  HIPS,
  TORSO | HIPS,
  TORSO | ARMS,
  TORSO | HIPS | ARMS | FORES,
  ARM_L,
  ARM_R,
  ARM_L | FORE_L,
  ARM_R | FORE_R,
  FORE_L,
  FORE_R,
  FORES,
  HAND_L,
  HAND_R,
  HANDS,
  LEG_L,
  LEG_R,
  LEGS,
  LEGS | HIPS,
  FOOT_L,
  FOOT_R,
  FEET,
  LEG_L | FOOT_L,
  LEG_R | FOOT_R,
  LEGS | FEET,
  TORSO | HIPS | ARMS | LEGS,
  TORSO | HIPS | ARMS | FORES | LEGS,
  (1 << BODY_PARTS.length) - 1,
];

/** The first part that there is on both sides. */
const FIRST_SIDED = 3;
/** Area, three first and six second moments. */
const MOMENTS = 10;
/** Numbers of a region: centre, three axes as a row-major matrix, spread along each. */
export const REGION_STRIDE = 15;

/** Bytes {@linkcode RegionShapes} leases. */
export function regionShapesBytes(): number {
  return 8 * (MOMENTS * (BODY_PARTS.length + 1) + REGION_STRIDE * COVERED.length + 9 + 9 + 6);
}

/** Where the regions of a body lie, which way they extend and how far. */
export class RegionShapes {
  /** {@linkcode REGION_STRIDE} numbers for each of {@linkcode COVERED}: centre, axes (rows, longest first), spreads. */
  readonly shapes: Float64Array;
  /** From its right to its left, unit length; zero where no sides are known. */
  readonly left: Float64Array;
  /** The point half way between its sides. */
  readonly middle: Float64Array;

  /** @param labels Part of each vertex of the mesh. O(faceCount). */
  constructor(mesh: TriangleMesh, labels: Uint8Array, frame: Frame) {
    const moments = frame.f64(MOMENTS * BODY_PARTS.length), sum = frame.f64(MOMENTS);
    const matrix = frame.f64(9), axes = frame.f64(9);
    this.shapes = frame.f64(REGION_STRIDE * COVERED.length);
    this.left = frame.f64(3);
    this.middle = frame.f64(3);
    addMoments(mesh, labels, moments);
    measureSides(moments, this.left, this.middle);
    COVERED.forEach((mask, r) => {
      sum.fill(0);
      for (let part = 0; part < BODY_PARTS.length; part++) {
        if ((mask >> part & 1) === 1) { for (let k = 0; k < MOMENTS; k++) sum[k] += moments[MOMENTS * part + k]; }
      }
      writeShape(sum, matrix, axes, this.shapes, REGION_STRIDE * r);
    });
  }
}

/** Faces count at their centres, by their area. */
function addMoments({ positions, indices }: TriangleMesh, labels: Uint8Array, moments: Float64Array): void {
  for (let f = 0; f < indices.length; f += 3) {
    const part = labels[indices[f]], o = MOMENTS * part;
    if (!(part < BODY_PARTS.length)) continue;
    const i = 3 * indices[f], j = 3 * indices[f + 1], k = 3 * indices[f + 2];
    const ux = positions[j] - positions[i], uy = positions[j + 1] - positions[i + 1];
    const uz = positions[j + 2] - positions[i + 2], vx = positions[k] - positions[i];
    const vy = positions[k + 1] - positions[i + 1], vz = positions[k + 2] - positions[i + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const area = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const x = positions[i] + (ux + vx) / 3, y = positions[i + 1] + (uy + vy) / 3, z = positions[i + 2] + (uz + vz) / 3;
    if (!(area > 0 && area < Infinity)) continue;
    moments[o] += area;
    moments[o + 1] += area * x;
    moments[o + 2] += area * y;
    moments[o + 3] += area * z;
    moments[o + 4] += area * x * x;
    moments[o + 5] += area * y * y;
    moments[o + 6] += area * z * z;
    moments[o + 7] += area * x * y;
    moments[o + 8] += area * y * z;
    moments[o + 9] += area * z * x;
  }
}

function writeShape(sum: Float64Array, matrix: Float64Array, axes: Float64Array, out: Float64Array, at: number): void {
  const area = sum[0];
  if (!(area > 0)) {
    out.fill(NaN, at, at + REGION_STRIDE);
    return;
  }
  const x = sum[1] / area, y = sum[2] / area, z = sum[3] / area;
  matrix[0] = sum[4] / area - x * x;
  matrix[4] = sum[5] / area - y * y;
  matrix[8] = sum[6] / area - z * z;
  matrix[1] = matrix[3] = sum[7] / area - x * y;
  matrix[5] = matrix[7] = sum[8] / area - y * z;
  matrix[2] = matrix[6] = sum[9] / area - z * x;
  principalAxes(matrix, axes);
  out[at] = x;
  out[at + 1] = y;
  out[at + 2] = z;
  for (let k = 0; k < 9; k++) out[at + 3 + k] = axes[k];
  for (let k = 0; k < 3; k++) out[at + 12 + k] = Math.sqrt(Math.max(0, matrix[4 * k]));
}

/** Left and right parts alternate, from the first that has a side on. */
function measureSides(moments: Float64Array, left: Float64Array, middle: Float64Array): void {
  let lengthSq = 0;
  for (let k = 0; k < 3; k++) {
    let l = 0, r = 0, leftArea = 0, rightArea = 0;
    for (let part = FIRST_SIDED; part < BODY_PARTS.length; part += 2) {
      leftArea += moments[MOMENTS * part];
      rightArea += moments[MOMENTS * (part + 1)];
      l += moments[MOMENTS * part + 1 + k];
      r += moments[MOMENTS * (part + 1) + 1 + k];
    }
    if (!(leftArea > 0 && rightArea > 0)) return;
    left[k] = l / leftArea - r / rightArea;
    middle[k] = (l / leftArea + r / rightArea) / 2;
    lengthSq += left[k] * left[k];
  }
  const scale = lengthSq > 0 ? 1 / Math.sqrt(lengthSq) : 0;
  for (let k = 0; k < 3; k++) left[k] *= scale;
}
