import { SMOOTH_FIELD_DEFAULTS, smoothField, type SmoothFieldOptions } from "../fitting/smooth/smooth_field.ts";
import { buildTopology, type Topology } from "../fitting/topology/topology.ts";
import type { BufferPool } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import type { Frame } from "../pool/scratch.ts";
import type { GeometryLike, MeshLike } from "./mesh_like.ts";
import { geometryOf, nameOf } from "./_name.ts";
import { assertKeys, pickOptions } from "./_options.ts";
import { readLocal } from "./_surface.ts";

/** Options for {@linkcode smoothDisplacements}. */
export interface SmoothDisplacementsOptions extends SmoothFieldOptions {
  /** A flag for each *vertex*: where it is set for one of the vertices at a place, the place keeps its displacement. @default {new Uint8Array(0)} */
  pinned?: Uint8Array;
  /** Where memory comes from; by default a pool of the call's own, which ends with it. */
  pool?: BufferPool;
}

/** What {@linkcode smoothDisplacements} measured, in the unit of the displacements. */
export interface SmoothDisplacementsReport {
  /** How much displacements changed on average. */
  meanChange: number;
  /** How much the one changed that changed most. */
  maxChange: number;
}

/**
 * Smooths a displacement over a surface: what was pushed in one place is shared
 * with the places around. The geometry itself is neither changed nor looked at
 * beyond what is next to what; UV seams do not hinder.
 *
 * Vertices at one place, copies at a seam, first agree on their mean.
 *
 * @param object A mesh or a geometry; read only.
 * @param displacements Caller-owned, `3 * vertexCount`; smoothed in place.
 * @param options Missing keys take `SMOOTH_FIELD_DEFAULTS` of `./fitting`.
 * @throws {TypeError} If there are no positions, or an option is unknown.
 * @throws {RangeError} If a length is wrong, the mesh is broken, or an option is out of range.
 *
 * @example A bump spreads
 * ```ts
 * import { smoothDisplacements } from "@meshtailor/meshtailor/three";
 * import { assertEquals } from "@std/assert";
 * import { BufferGeometry, Float32BufferAttribute } from "three";
 *
 * const triangle = new BufferGeometry();
 * triangle.setAttribute("position", new Float32BufferAttribute([0, 0, 0, 1, 0, 0, 0, 1, 0], 3));
 * const bump = Float32Array.of(0, 0, 4, 0, 0, 0, 0, 0, 0);
 * const { maxChange } = smoothDisplacements(triangle, bump, { iterations: 2 });
 * assertEquals([...bump], [0, 0, 1.5, 0, 0, 1.25, 0, 0, 1.25]);
 * assertEquals(maxChange, 2.5);
 * ```
 */
export function smoothDisplacements(
  object: MeshLike | GeometryLike,
  displacements: Float32Array,
  options: SmoothDisplacementsOptions = {},
): SmoothDisplacementsReport {
  const geometry = geometryOf(object), name = nameOf(object, "the geometry");
  const failed = `Cannot smooth displacements of ${name}`;
  assertKeys(failed, options, [...Object.keys(SMOOTH_FIELD_DEFAULTS), "pool"]);
  using scope = new BufferScope(options.pool, { label: "smoothDisplacements" });
  const surface = readLocal(geometry, name, scope), topology = buildTopology(surface, scope, scope);
  const { length } = surface.positions, { pinned = SMOOTH_FIELD_DEFAULTS.pinned } = options;
  assertLengths(failed, length, displacements, pinned);
  const field = scope.f64(3 * topology.weldedCount);
  const settings = { ...pickOptions(options, SMOOTH_FIELD_DEFAULTS), pinned: pinnedPlaces(topology, pinned, scope) };
  gather(topology, displacements, field, scope);
  smoothField(topology, field, scope, settings);
  return scatter(topology, field, displacements);
}

function assertLengths(failed: string, length: number, displacements: Float32Array, pinned: Uint8Array): void {
  if (displacements.length !== length) {
    throw new RangeError(`${failed} as they must be ${length} numbers: there are ${displacements.length}`);
  }
  if (pinned.length !== 0 && 3 * pinned.length !== length) {
    throw new RangeError(`${failed} as pinned must be empty or hold ${length / 3} flags: it holds ${pinned.length}`);
  }
}

function pinnedPlaces({ positionRemap, weldedCount }: Topology, pinned: Uint8Array, out: Frame): Uint8Array {
  const places = out.u8(pinned.length === 0 ? 0 : weldedCount);
  for (let v = 0; v < pinned.length; v++) if (pinned[v] !== 0) places[positionRemap[v]] = 1;
  return places;
}

/** The mean displacement of the vertices at each place. */
function gather(
  { positionRemap, weldedCount }: Topology,
  displacements: Float32Array,
  field: Float64Array,
  scratch: Frame,
): void {
  using frame = scratch.frame("gather");
  const copies = frame.u32(weldedCount);
  for (let v = 0; v < positionRemap.length; v++) {
    const w = positionRemap[v];
    copies[w]++;
    for (let k = 0; k < 3; k++) field[3 * w + k] += displacements[3 * v + k];
  }
  for (let i = 0; i < field.length; i++) field[i] /= copies[Math.floor(i / 3)];
}

function scatter(
  { positionRemap }: Topology,
  field: Float64Array,
  displacements: Float32Array,
): SmoothDisplacementsReport {
  let sum = 0, maxChange = 0;
  for (let v = 0; v < positionRemap.length; v++) {
    const w = 3 * positionRemap[v], i = 3 * v;
    const x = field[w] - displacements[i], y = field[w + 1] - displacements[i + 1];
    const z = field[w + 2] - displacements[i + 2];
    const change = Math.sqrt(x * x + y * y + z * z);
    sum += change;
    if (change > maxChange) maxChange = change;
    for (let k = 0; k < 3; k++) displacements[i + k] = field[w + k];
  }
  return { meanChange: sum / Math.max(1, positionRemap.length), maxChange };
}
