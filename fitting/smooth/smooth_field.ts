import type { Scratch } from "../../pool/scratch.ts";
import { assertIterations } from "./_smooth.ts";
import type { Topology } from "../topology/topology.ts";
import { NO_PINS, umbrellaPass } from "./_umbrella.ts";

/** Options for {@linkcode smoothField}. */
export interface SmoothFieldOptions {
  /** How many passes; a whole number. @default {1} */
  iterations?: number;
  /** How far a pass takes each value towards the mean of its neighbours, 0 to 1. @default {0.5} */
  strength?: number;
  /** `weldedCount` flags of places whose value stays; an empty array pins none. @default {new Uint8Array(0)} */
  pinned?: Uint8Array;
}

/** Defaults of {@linkcode SmoothFieldOptions}. */
export const SMOOTH_FIELD_DEFAULTS: Readonly<Required<SmoothFieldOptions>> = {
  iterations: 1,
  strength: 0.5,
  pinned: NO_PINS,
};

/**
 * Smooths three numbers per place, such as a displacement, over the welded
 * one-rings: what a step moved spreads to its neighbours, the shape under it is
 * not looked at.
 *
 * All places are averaged at once (Jacobi), so vertex order does not matter. A
 * constant field stays constant. Places without a neighbour keep their value.
 *
 * @param topology Whose rings are averaged over.
 * @param field `3 * weldedCount`; smoothed in place.
 * @param scratch Left as it was found, also on a throw; {@linkcode smoothFieldBytes} at the peak.
 * @param options Missing keys take {@linkcode SMOOTH_FIELD_DEFAULTS}.
 * @throws {RangeError} If a length is wrong or an option is out of range.
 *
 * @example One pass at full strength gives each place the mean of its neighbours
 * ```ts
 * import { buildTopology, smoothField } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const field = Float64Array.of(6, 0, 0, 0, 6, 0, 0, 0, 6);
 * smoothField(topology, field, scope, { strength: 1 });
 * assertEquals([...field], [0, 3, 3, 3, 0, 3, 3, 3, 0]);
 * ```
 */
export function smoothField(
  topology: Topology,
  field: Float64Array,
  scratch: Scratch,
  options: SmoothFieldOptions = {},
): void {
  using frame = scratch.frame("smooth field");
  smoothFieldInto(topology, field, frame.f64(field.length), options);
}

/**
 * {@linkcode smoothField} with a spare array of the caller's, for use inside
 * iterations: leases nothing, creates nothing.
 *
 * @param topology Whose rings are averaged over.
 * @param field `3 * weldedCount`; smoothed in place.
 * @param spare `3 * weldedCount`, another array than `field`; what it held is lost.
 * @param options Missing keys take {@linkcode SMOOTH_FIELD_DEFAULTS}.
 * @throws {RangeError} If a length is wrong or an option is out of range.
 *
 * @example A push in one place is shared with the others
 * ```ts
 * import { buildTopology, smoothFieldInto } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * const move = Float64Array.of(0, 0, 4, 0, 0, 0, 0, 0, 0), spare = scope.f64(9);
 * const options = { strength: 0.5 }; // made once, before the loop
 * for (let i = 0; i < 2; i++) smoothFieldInto(topology, move, spare, options);
 * assertEquals([...move], [0, 0, 1.5, 0, 0, 1.25, 0, 0, 1.25]);
 * ```
 */
export function smoothFieldInto(
  topology: Topology,
  field: Float64Array,
  spare: Float64Array,
  options: SmoothFieldOptions = SMOOTH_FIELD_DEFAULTS,
): void {
  // no spread here, unlike elsewhere: it would create an object in every iteration
  const { iterations = SMOOTH_FIELD_DEFAULTS.iterations } = options;
  const { strength = SMOOTH_FIELD_DEFAULTS.strength } = options;
  const { pinned = SMOOTH_FIELD_DEFAULTS.pinned } = options;
  assertPlaces(topology, field);
  assertPlaces(topology, spare);
  assertPinned(topology, pinned);
  assertIterations("Cannot smooth the field", iterations);
  assertStrength(strength);
  let from = field, to = spare;
  for (let i = 0; i < iterations; i++) {
    umbrellaPass(topology, from, to, strength, pinned, 0, topology.weldedCount);
    const next = from;
    from = to;
    to = next;
  }
  if (from !== field) field.set(from);
}

/**
 * Exactly the peak bytes {@linkcode smoothField} leases.
 *
 * @example A cube
 * ```ts
 * import { smoothFieldBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(smoothFieldBytes({ weldedCount: 8 }), 192);
 * ```
 */
export function smoothFieldBytes(
  { weldedCount }: { weldedCount: number },
): number {
  return 24 * weldedCount;
}

function assertPlaces(
  { weldedCount }: Topology,
  { length }: Float64Array,
): void {
  if (length !== 3 * weldedCount) {
    throw new RangeError(
      `Cannot smooth the field as it and its spare must hold ${3 * weldedCount} numbers: one holds ${length}`,
    );
  }
}

function assertPinned({ weldedCount }: Topology, { length }: Uint8Array): void {
  if (length !== 0 && length !== weldedCount) {
    throw new RangeError(
      `Cannot smooth the field as pinned must be empty or hold ${weldedCount} flags: it holds ${length}`,
    );
  }
}

function assertStrength(strength: number): void {
  if (!(strength >= 0 && strength <= 1)) {
    throw new RangeError(
      `Cannot smooth the field as strength must be 0 to 1: current value is ${strength}`,
    );
  }
}
