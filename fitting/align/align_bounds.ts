import type { Scratch } from "../../pool/scratch.ts";
import { Alignment, alignmentBytes } from "./_alignment.ts";
import {
  FORWARD_AXES,
  type ForwardAxis,
  LENGTH_UNITS,
  type LengthUnit,
  UP_AXES,
  type UpAxis,
} from "./_length_units.ts";
import { BODY_REGIONS, type BodyRegion, type BodySide } from "./_regions.ts";
import type { TriangleMesh } from "../mesh.ts";
import type { SkinWeights } from "../weights/skin_weights.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import { finish, type Work } from "../work.ts";

export { BODY_REGIONS, type BodyRegion, type BodySide } from "./_regions.ts";

/** What a piece is placed on. */
export interface AlignTarget {
  /** Metres, Y up; read only. */
  readonly mesh: TriangleMesh;
  /** Built over `mesh`. */
  readonly index: SurfaceIndex;
  /** Which joints move each vertex, where it has a skeleton: that tells its parts. */
  readonly skin?: SkinWeights;
  /** Names of the joints that `skin` refers to. */
  readonly jointNames?: readonly string[];
}

/** Options for {@linkcode alignBounds}. */
export interface AlignBoundsOptions {
  /** The unit the piece was saved in. @default {"auto"} */
  units?: LengthUnit | "auto";
  /** The axis that points up in the piece. @default {"auto"} */
  upAxis?: UpAxis | "auto";
  /** The axis that points forward once that one is up. @default {"auto"} */
  forward?: ForwardAxis | "auto";
  /** Where on the body it is worn; parts are told by joints, or by the proportions of a body without. @default {"auto"} */
  region?: BodyRegion | "auto";
  /** On which side, for what is worn on one; the body's left is its own. @default {"auto"} */
  side?: BodySide | "auto";
  /**
   * Whether the piece may move once unit and axis are undone: `auto` if it does
   * not lie well where it is, `keep` never, `search` always.
   * @default {"auto"}
   */
  place?: "auto" | "keep" | "search";
  /** Whether a piece that moves may also be scaled, beyond its unit: as a whole, or along each axis of its file too. @default {"uniform"} */
  scale?: "none" | "uniform" | "axis";
  /** Where the zero of the target's coordinates, and of the result's, lies in the world, metres: a unit is undone about the world's zero. @default {[0, 0, 0]} */
  origin?: readonly [number, number, number];
  /** Where that of the piece's coordinates lies, metres. @default {origin} */
  meshOrigin?: readonly [number, number, number];
}

/** Defaults of {@linkcode AlignBoundsOptions}; steps, CLI and docs read these. */
export const ALIGN_BOUNDS_DEFAULTS: Readonly<Required<Omit<AlignBoundsOptions, "meshOrigin">>> = {
  units: "auto",
  upAxis: "auto",
  forward: "auto",
  region: "auto",
  side: "auto",
  place: "auto",
  scale: "uniform",
  origin: [0, 0, 0],
};

/** What {@linkcode alignBounds} assumed, did and measured. */
export interface AlignReport {
  /** Unit the piece was taken to be in. */
  units: LengthUnit;
  /** Metres in that unit. */
  unitFactor: number;
  /** Axis taken to point up. */
  upAxis: UpAxis;
  /** Axis taken to point forward once that one is up. */
  forward: ForwardAxis;
  /** How far the next best unit or axis is behind, 0 (as good) to 1; 1 when both were given, 0 when there was nothing to compare. */
  confidence: number;
  /** Where it lies in the end. */
  region: BodyRegion;
  /** On which side; `both` where that means nothing. */
  side: BodySide;
  /** How far the next best place of a piece that moved is behind, 0 (as good) to 1; 1 when it was kept. */
  placeConfidence: number;
  /** What that place is: the same with the piece `turned`, one `elsewhere`, or `none`. */
  rival: "none" | "turned" | "elsewhere";
  /** Nothing was moved beyond undoing unit and axis. */
  kept: boolean;
  /** How far the centre moved beyond that, metres. */
  moved: number;
  /** By which angle the piece turned beyond that, degrees. */
  rotationDeg: number;
  /** Factor beyond the unit's. */
  scale: number;
  /** Factor beside that along the x axis of the file; 1 unless `scale` is `axis`. */
  stretchX: number;
  /** The same along its y axis. */
  stretchY: number;
  /** The same along its z axis. */
  stretchZ: number;
  /** Median distance to the target, metres, at most 3 % of its size; `NaN` without a surface on both sides. */
  standOff: number;
  /** Mean difference from that distance, metres; `NaN` likewise. */
  contact: number;
  /** Share of the surface inside of the target, 0–1; `NaN` likewise. */
  insideFraction: number;
}

/** What {@linkcode alignBounds} leases from scratch, whatever the meshes. */
export function alignBoundsBytes(sizes: { targetVertexCount: number }): number {
  return alignmentBytes(sizes.targetVertexCount);
}

/**
 * Places a mesh on a target: undoes the unit and the up axis of its file and,
 * unless it lies well then, looks for the place, turn and size where all of it
 * lies close to the target's surface at one stand-off.
 *
 * Nothing is guessed silently: the report says what was assumed and how sure it
 * is. A piece that fits in several places (a knee guard, a plain plate) goes
 * where it needs to turn least. O(vertexCount) plus a search of fixed size.
 *
 * @param mesh The piece; read only. What no face uses is carried along but has no say.
 * @param target Stays.
 * @param out Caller-owned, as long as the mesh's positions; overwritten; may alias them.
 * @param scratch {@linkcode alignBoundsBytes}.
 * @param options Missing keys take {@linkcode ALIGN_BOUNDS_DEFAULTS}.
 * @throws {RangeError} If `out` has the wrong length or an option is none of its values.
 */
export function* alignBoundsWork(
  mesh: TriangleMesh,
  target: AlignTarget,
  out: Float32Array,
  scratch: Scratch,
  options: AlignBoundsOptions = {},
): Work<AlignReport> {
  const { origin = ALIGN_BOUNDS_DEFAULTS.origin } = options;
  const settings = { ...ALIGN_BOUNDS_DEFAULTS, meshOrigin: origin, ...options };
  assertSettings(mesh, out, settings);
  using frame = scratch.frame("align bounds");
  const alignment = yield* Alignment.prepareWork(mesh, target, settings, frame);
  const report = yield* alignment.placeWork();
  alignment.apply(mesh, out);
  return report;
}

/**
 * Runs {@linkcode alignBoundsWork} without a pause; same arguments, same result.
 *
 * @throws {RangeError} As {@linkcode alignBoundsWork}.
 * @example A plate 5 mm in front of a wall, saved in centimetres with Z up
 * ```ts
 * import { alignBounds, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const indices = Uint32Array.of(0, 1, 2, 0, 2, 3);
 * const wall = { positions: Float32Array.of(-1, 0, 0, 1, 0, 0, 1, 2, 0, -1, 2, 0), indices };
 * const plate = { positions: Float32Array.of(-50, -0.5, 50, 50, -0.5, 50, 50, -0.5, 150, -50, -0.5, 150), indices };
 * const out = new Float32Array(12);
 * const target = { mesh: wall, index: SurfaceIndex.build(wall, scope) };
 * const { units, upAxis, kept } = alignBounds(plate, target, out, scope);
 * assertEquals({ units, upAxis, kept }, { units: "cm", upAxis: "z", kept: true });
 * assertEquals([...out.subarray(0, 3)], [...Float32Array.of(-0.5, 0.5, 0.005)]);
 * ```
 */
export function alignBounds(
  mesh: TriangleMesh,
  target: AlignTarget,
  out: Float32Array,
  scratch: Scratch,
  options: AlignBoundsOptions = {},
): AlignReport {
  return finish(alignBoundsWork(mesh, target, out, scratch, options));
}

function assertSettings(mesh: TriangleMesh, out: Float32Array, settings: Required<AlignBoundsOptions>): void {
  const { positions } = mesh, { units, upAxis, forward, region, side, place, scale, origin } = settings;
  if (out.length !== positions.length) {
    throw new RangeError(`Cannot align the mesh as out must hold ${positions.length} floats: it holds ${out.length}`);
  }
  assertOneOf("units", units, ["auto", ...Object.keys(LENGTH_UNITS)]);
  assertOneOf("upAxis", upAxis, ["auto", ...Object.keys(UP_AXES)]);
  assertOneOf("forward", forward, ["auto", ...Object.keys(FORWARD_AXES)]);
  assertOneOf("region", region, ["auto", ...Object.keys(BODY_REGIONS)]);
  assertOneOf("side", side, ["auto", "left", "right", "both"]);
  assertOneOf("place", place, ["auto", "keep", "search"]);
  assertOneOf("scale", scale, ["none", "uniform", "axis"]);
  for (const [name, zero] of [["origin", origin], ["meshOrigin", settings.meshOrigin]] as const) {
    if (zero.length === 3 && zero.every(Number.isFinite)) continue;
    throw new RangeError(
      `Cannot align the mesh as ${name} must be three finite numbers: current value is [${zero.join(", ")}]`,
    );
  }
}

function assertOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new RangeError(
    `Cannot align the mesh as ${name} must be one of ${allowed.join(", ")}: current value is "${value}"`,
  );
}
