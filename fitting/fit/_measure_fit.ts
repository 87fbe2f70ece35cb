import type { Arap } from "./_arap.ts";
import type { Contact } from "./_contact.ts";
import type { Settled } from "./_place_rigid_parts.ts";
import type { Work } from "../work.ts";

/** Places between two pauses. */
const PAUSE_EVERY = 1024;

/** How the places of a garment lie. */
export interface PlaceMeasure {
  /** Share of the places in use that are inside and should not be. */
  readonly inside: number;
  /** The least signed distance of those, metres; `Infinity` without any. */
  readonly least: number;
  /** The place that has it. */
  readonly place: number;
}

/**
 * Measures how the places in use lie, those that stay too.
 *
 * @param allowed 1 for places that may be inside.
 */
export function* measurePlaces(
  { arap: { topology }, contact: { target, hit } }: { readonly arap: Arap; readonly contact: Contact },
  p: Float64Array,
  allowed: Uint8Array | undefined,
): Work<PlaceMeasure> {
  const { ringOffsets, weldedCount } = topology;
  let used = 0, inside = 0, least = Infinity, place = 0;
  for (let v = 0; v < weldedCount; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    if (ringOffsets[v] === ringOffsets[v + 1]) continue;
    used++;
    if (allowed !== undefined && allowed[v] !== 0) continue;
    const distance = target.signedDistance(p[3 * v], p[3 * v + 1], p[3 * v + 2], hit);
    if (distance < 0) inside++;
    if (distance < least) {
      least = distance;
      place = v;
    }
  }
  return { inside: inside / Math.max(1, used), least, place };
}

/** The least distance of all: of places, of what contact looked at in edges and faces, and of rigid parts; and where. */
export function closestOf(
  { vertices, worst, worstSample, sampleCount }: Contact,
  placed: Settled,
  places: PlaceMeasure,
  clearance: number,
): { minDistance: number; place: number } {
  let minDistance = places.least, place = places.place;
  if (clearance - placed.worst < minDistance) {
    minDistance = clearance - placed.worst;
    place = placed.place;
  }
  if (sampleCount > 0 && clearance - worst < minDistance) {
    minDistance = clearance - worst;
    place = vertices[3 * worstSample];
  }
  return { minDistance, place };
}

/** How far places moved, in the mean and at most. */
export function movesOf(rest: Float64Array, p: Float64Array): { meanMove: number; maxMove: number } {
  let sum = 0, maxMove = 0;
  for (let i = 0; i < p.length; i += 3) {
    const length = Math.sqrt((p[i] - rest[i]) ** 2 + (p[i + 1] - rest[i + 1]) ** 2 + (p[i + 2] - rest[i + 2]) ** 2);
    sum += length;
    if (length > maxMove) maxMove = length;
  }
  return { meanMove: 3 * sum / Math.max(1, p.length), maxMove };
}
