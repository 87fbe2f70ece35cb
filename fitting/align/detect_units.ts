import type { Scratch } from "../../pool/scratch.ts";
import { Alignment, alignmentBytes } from "./_alignment.ts";
import type { LengthUnit, UpAxis } from "./_length_units.ts";
import { ALIGN_BOUNDS_DEFAULTS, type AlignTarget } from "./align_bounds.ts";
import type { TriangleMesh } from "../mesh.ts";
import { finish } from "../work.ts";

export {
  FORWARD_AXES,
  type ForwardAxis,
  LENGTH_UNITS,
  type LengthUnit,
  UP_AXES,
  type UpAxis,
} from "./_length_units.ts";

/** Options for {@linkcode detectUnits}. */
export interface DetectUnitsOptions {
  /** Where the zero of all coordinates lies in the world, metres: a unit is undone about the world's zero. @default {[0, 0, 0]} */
  origin?: readonly [x: number, y: number, z: number];
}

/** What {@linkcode detectUnits} found. */
export interface UnitsReport {
  /** The likeliest unit. */
  units: LengthUnit;
  /** Metres in that unit. */
  unitFactor: number;
  /** The likeliest up axis. */
  upAxis: UpAxis;
  /** How far the next best reading is behind, 0 (as good) to 1. */
  confidence: number;
  /** Whether the piece lies well on the target once unit and axis are undone. If not, the answer is a guess: only placing the piece can tell. */
  liesWell: boolean;
}

/** What {@linkcode detectUnits} leases from scratch, whatever the meshes. */
export function detectUnitsBytes(sizes: { targetVertexCount: number }): number {
  return alignmentBytes(sizes.targetVertexCount);
}

/**
 * Judges in what unit, and with which axis up, a piece was saved: by its size
 * against the target, and by how it lies on it when that is undone.
 *
 * @param mesh The piece; read only.
 * @param target What it was made for, roughly.
 * @param scratch {@linkcode detectUnitsBytes}.
 * @param options Missing keys take the defaults above.
 * @example A plate in front of a wall, saved in centimetres with Z up
 * ```ts
 * import { detectUnits, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const indices = Uint32Array.of(0, 1, 2, 0, 2, 3);
 * const wall = { positions: Float32Array.of(-1, 0, 0, 1, 0, 0, 1, 2, 0, -1, 2, 0), indices };
 * const plate = { positions: Float32Array.of(-50, -0.5, 50, 50, -0.5, 50, 50, -0.5, 150, -50, -0.5, 150), indices };
 * const { units, upAxis, liesWell } = detectUnits(plate, { mesh: wall, index: SurfaceIndex.build(wall, scope) }, scope);
 * assertEquals({ units, upAxis, liesWell }, { units: "cm", upAxis: "z", liesWell: true });
 * ```
 */
export function detectUnits(
  mesh: TriangleMesh,
  target: AlignTarget,
  scratch: Scratch,
  options: DetectUnitsOptions = {},
): UnitsReport {
  const { origin = ALIGN_BOUNDS_DEFAULTS.origin } = options;
  const settings = { ...ALIGN_BOUNDS_DEFAULTS, ...options, meshOrigin: origin, place: "keep" } as const;
  using frame = scratch.frame("detect units");
  const alignment = finish(Alignment.prepareWork(mesh, target, settings, frame));
  const { units, unitFactor, upAxis, confidence } = finish(alignment.placeWork());
  return { units, unitFactor, upAxis, confidence, liesWell: alignment.liesWell };
}
