import { LENGTH_UNITS, type LengthUnit, type UpAxis } from "./_length_units.ts";
import { boundsOf } from "../bounds.ts";
import type { TriangleMesh } from "../mesh.ts";

/** Options for {@linkcode guessFrame}. */
export interface GuessFrameOptions {
  /** Where the zero of all coordinates lies in the world. @default {[0, 0, 0]} */
  origin?: readonly [x: number, y: number, z: number];
}

/** What {@linkcode guessFrame} makes of a mesh alone. */
export interface FrameGuess {
  /** Units in which it would be of a size people wear or are, likeliest first; empty when there is none. */
  units: LengthUnit[];
  /** The axis it is taken to stand along; `unclear` where two will do. */
  upAxis: UpAxis | "unclear";
  /** The axis it is most alike on both sides of: from hand to hand. */
  sideAxis: "x" | "y" | "z";
}

/** The longest side of a body or of something worn, metres: from a ring to a cape. */
const SMALLEST = 0.015, LARGEST = 2.6;
/** One side is longer than the other when it is by this factor. */
const LONGER = 1.25;
/** A mesh stands on the ground when this share of it at most is below, and no other axis comes near that. */
const SUNK = 0.1, CLEARLY = 0.2;
/** A mesh this many of its sizes away in a second direction stands nowhere near zero. */
const BESIDE = 1;
/** Slabs along an axis that are held against those from the other end. */
const SLABS = 32;
const AXES = ["x", "y", "z"] as const;

/**
 * Guesses the unit and the up axis of a mesh from its size and shape alone:
 * bodies and what they wear are alike left and right, stand on or float above
 * the ground at zero, and are mostly taller than deep. A guess for a person to
 * look at; `align` judges against a body.
 *
 * O(faceCount), no temporaries of its size.
 *
 * @param mesh Read only.
 * @param options The origin.
 * @example A tent that leans forward, in centimetres
 * ```ts
 * import { guessFrame } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(-20, 0, -10, 20, 0, -10, 20, 0, 10, -20, 0, 10, 0, 160, 5);
 * const indices = Uint32Array.of(0, 1, 2, 0, 2, 3, 0, 4, 1, 1, 4, 2, 2, 4, 3, 3, 4, 0);
 * const { units, upAxis, sideAxis } = guessFrame({ positions, indices });
 * assertEquals([units[0], upAxis, sideAxis], ["cm", "y", "x"]);
 * ```
 */
export function guessFrame(mesh: TriangleMesh, options: GuessFrameOptions = {}): FrameGuess {
  const { origin = [0, 0, 0] } = options;
  const { boundsMin, boundsMax } = boundsOf(mesh), size = boundsMin.map((low, c) => Math.max(0, boundsMax[c] - low));
  const unlikeness = AXES.map((_, axis) => sidesDiffer(mesh, axis, boundsMin[axis], size[axis]));
  const side = unlikeness.indexOf(Math.min(...unlikeness)), longest = Math.max(...size);
  const units = Object.entries(LENGTH_UNITS) as [LengthUnit, number][];
  return {
    units: units.filter(([, metres]) => longest * metres >= SMALLEST && longest * metres <= LARGEST).map(([unit]) =>
      unit
    ),
    upAxis: upAxisOf(boundsMin.map((low, c) => low + origin[c]), size, side),
    sideAxis: AXES[side],
  };
}

/** The one of the two other axes along which the mesh is on one side of zero; or else is longer, where it lies about zero. */
function upAxisOf(lowest: readonly number[], size: readonly number[], side: number): UpAxis | "unclear" {
  const [a, b] = [0, 1, 2].filter((axis) => axis !== side);
  const above = [a, b].map((axis) =>
    size[axis] > 0 ? Math.max(lowest[axis], -lowest[axis] - size[axis]) / size[axis] : -1
  );
  const standing = above[0] > above[1] ? 0 : 1, other = 1 - standing;
  if (above[other] > BESIDE) return "unclear";
  if (above[standing] > -SUNK && above[standing] > above[other] + CLEARLY) {
    const axis = [a, b][standing];
    return lowest[axis] >= -lowest[axis] - size[axis] ? AXES[axis] : `-${AXES[axis]}`;
  }
  if (!(Math.max(size[a], size[b]) > LONGER * Math.min(size[a], size[b]))) return "unclear";
  return AXES[size[a] > size[b] ? a : b];
}

/** How much of the surface has no counterpart at the same distance from the other end of an axis, 0 to 2. */
function sidesDiffer({ positions, indices }: TriangleMesh, axis: number, low: number, size: number): number {
  if (!(size > 0)) return 2;
  const slabs = new Float64Array(SLABS);
  let total = 0;
  for (let f = 0; f < indices.length; f += 3) {
    const i = 3 * indices[f], j = 3 * indices[f + 1], k = 3 * indices[f + 2];
    const ux = positions[j] - positions[i], uy = positions[j + 1] - positions[i + 1];
    const uz = positions[j + 2] - positions[i + 2], vx = positions[k] - positions[i];
    const vy = positions[k + 1] - positions[i + 1], vz = positions[k + 2] - positions[i + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const area = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const middle = (positions[i + axis] + positions[j + axis] + positions[k + axis]) / 3;
    slabs[Math.min(SLABS - 1, Math.floor(SLABS * (middle - low) / size))] += area;
    total += area;
  }
  let difference = 0;
  for (let s = 0; s < SLABS; s++) difference += Math.abs(slabs[s] - slabs[SLABS - 1 - s]);
  return total > 0 ? difference / total : 2;
}
