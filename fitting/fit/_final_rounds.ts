import type { Scratch } from "../../pool/scratch.ts";
import {
  ASK_COST,
  beginContacts,
  type Contact,
  CONTACT_CHUNK,
  findContacts,
  PASS_COST,
  spendSlack,
} from "./_contact.ts";
import { MOST_KIND, moveToTargets, PLACE_KIND } from "./_contact_terms.ts";
import type { Effort } from "../_effort.ts";
import { aimLayers, type Layers, separateLayers } from "./_layers.ts";
import { findPokes, leasePokes, pokesBytes } from "./_pokes.ts";
import type { RigidParts } from "./_rigid_parts.ts";
import { crossingsBytes, findCrossings, leaseCrossings, straightenCrossings } from "./_uncross.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { beginWatch, endWatch, isWatchOver, spendWatched } from "./_watch.ts";
import type { Work } from "../work.ts";

/** What is closer than the clearance by less is there; metres. */
export const TOLERANCE = 1e-4;
/** In the first of the last projections sheets are moved apart too; contact has the last word. */
const LAYER_PROJECTIONS = 15;
/** Unsmoothed projections at the end clear what soft contact left. */
const PROJECTIONS = 30;
/** That ends when no sample lacks more, metres. */
const CLEARED = 1e-9;
/** How often new crossings of the garment with itself are put straight. */
const ROUNDS = 28;
/** That goes on while their number falls, with so many rounds of patience, and counts if no more than this share is left. */
const PATIENCE = 10, WORTH_IT = 0.6, LEAST_GAIN = 0.1;
/** How often faces are lifted over what sticks out through them. */
const POKE_ROUNDS = 8;
/** Where there is no room for the clearance, so much of it is asked for, and of that again, until nothing is inside. */
const LESS = 0.25, LESSENINGS = 4;
/** What a place takes in a pass over all, nanoseconds. */
const PLACE_COST = 60;

/** A garment that has been solved for, and what it touches. */
export interface Settling {
  readonly topology: Topology;
  /** `3 *` welded places of the input, and of the result. */
  readonly rest: Float64Array;
  readonly p: Float64Array;
  /** What `spendSlack` keeps. */
  readonly before: Float64Array;
  readonly moved: Float64Array;
  /** `4 *` what is asked of places: nothing, between sweeps. */
  readonly moves: Float64Array;
  readonly contact: Contact;
  readonly layers: Layers;
  readonly parts: RigidParts;
  /** 1 for places that do not move. */
  readonly stays: Uint8Array;
  /** Of the welded surface; its positions are overwritten. */
  readonly index: SurfaceIndex;
  /** Positions the index was built on. */
  readonly was: Float32Array;
}

/**
 * Moves the vertices of every sample that is still too close straight out, until none is; sheets are kept apart first.
 *
 * @param most Samples of a higher kind ask for nothing.
 */
export function* clearWork(settling: Settling, withLayers: boolean, effort: Effort, most = MOST_KIND): Work<void> {
  const { p, before, moved, contact, layers, stays, moves } = settling;
  const byLayers = { places: layers.vertices, rows: layers.active, width: 4 };
  const byContact = { places: contact.activeVertices, rows: undefined, width: 3 };
  yield* beginWatch(contact, moved, effort);
  contact.worst = Infinity;
  const separations = withLayers && layers.count > 0 ? LAYER_PROJECTIONS : 0;
  for (let i = 0; i < PROJECTIONS && (i < separations || contact.worst > CLEARED); i++) {
    if (i < separations) {
      aimLayers(layers, p);
      separateLayers(layers, stays, p, moves);
      yield* effort.spend(layers.count, PLACE_COST);
      spendWatched(contact, byLayers, layers.activeCount, p, before, moved);
      yield* effort.spend(contact.watchedCount, PASS_COST);
    }
    if (isWatchOver(contact)) {
      yield* endWatch(contact, effort);
      yield* beginWatch(contact, moved, effort);
    }
    beginContacts(contact);
    for (let s = 0; s < contact.watchedCount; s += CONTACT_CHUNK) {
      const asked = findContacts(contact, p, 0, s, contact.watched, contact.watchedCount);
      yield* effort.spend(ASK_COST * asked + PASS_COST * CONTACT_CHUNK, 1);
    }
    moveToTargets(contact, stays, p, moves, most);
    yield* effort.spend(contact.activeCount, PLACE_COST);
    spendWatched(contact, byContact, contact.activeCount, p, before, moved);
    yield* effort.spend(contact.watchedCount, PASS_COST);
  }
  yield* endWatch(contact, effort);
}

/** Bytes {@linkcode uncrossWork} leases from scratch. */
export function uncrossBytes(sizes: { weldedCount: number; faceCount: number }): number {
  return crossingsBytes(sizes) + 24 * sizes.weldedCount;
}

/**
 * Puts new crossings of the garment with itself straight, clearing contact after
 * each round. What comes of it is kept if much fewer cross then, and nothing is
 * closer to the body than before.
 *
 * @returns How many pairs of faces that lay by each other still cross; the largest violation of contact is in `contact.worst`.
 */
export function* uncrossWork(settling: Settling, effort: Effort, scratch: Scratch): Work<number> {
  const { topology, rest, p, before, moved, contact, parts, stays, index, was } = settling;
  using frame = scratch.frame("uncross");
  const crossings = leaseCrossings(topology, index, was, frame), best = frame.f64(p.length);
  const surface = index.mesh.positions;
  let left = 0, least = Infinity, since = 0, worst = contact.worst, wanted = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    surface.set(p);
    yield* index.refitWork();
    yield* findCrossings(crossings, topology, effort);
    const { count, sum } = crossings;
    since = sum < (1 - LEAST_GAIN) * least ? 0 : since + 1;
    least = Math.min(least, sum);
    if (round === 0 || (sum <= (1 - LEAST_GAIN) * wanted && contact.worst <= Math.max(worst, TOLERANCE))) {
      wanted = round === 0 ? WORTH_IT * sum / (1 - LEAST_GAIN) : sum;
      left = count;
      worst = contact.worst;
      best.set(p);
    }
    if (count === 0 || round === ROUNDS || since >= PATIENCE) break;
    yield* straightenCrossings(crossings, topology, parts, stays, rest, p, effort);
    spendSlack(contact, p, before, moved);
    yield* clearWork(settling, false, effort);
  }
  p.set(best);
  contact.worst = worst;
  return left;
}

/** Bytes {@linkcode clearPokesWork} leases from scratch. */
export function clearPokesBytes(sizes: { weldedCount: number }, body: { vertexCount: number }): number {
  return pokesBytes(body) + sizes.weldedCount;
}

/**
 * Lifts faces over vertices of the body that stick out through their middles, and clears contact after each round.
 *
 * @param allowed 1 for places that may be inside.
 * @returns How many vertices of the body still stick out.
 */
export function* clearPokesWork(
  settling: Settling,
  allowed: Uint8Array | undefined,
  effort: Effort,
  scratch: Scratch,
): Work<number> {
  const { topology, p, before, moved, moves, contact, stays, index } = settling;
  using frame = scratch.frame("clearPokes");
  const pokes = yield* leasePokes(contact.target, frame, effort), isLeftOut = frame.u8(stays.length);
  for (let v = 0; v < stays.length; v++) {
    if (stays[v] === 1 || (allowed !== undefined && allowed[v] !== 0)) isLeftOut[v] = 1;
  }
  for (let round = 0;; round++) {
    index.mesh.positions.set(p);
    yield* index.refitWork();
    const count = yield* findPokes(
      pokes,
      index,
      topology,
      isLeftOut,
      contact.clearance,
      round < POKE_ROUNDS,
      p,
      moves,
      effort,
    );
    if (count === 0 || round === POKE_ROUNDS) return count;
    spendSlack(contact, p, before, moved);
    yield* clearWork(settling, false, effort);
  }
}

/**
 * Takes what is still inside out with less than the clearance, as between thighs
 * that touch: there what is at the clearance from one is inside the other. What
 * comes close to the smaller clearance moves, no farther than that. The last step:
 * then contact measures against the clearance again.
 *
 * @param pokes How many vertices of the body stick out.
 * @returns How many still do.
 */
export function* clearWithLessWork(
  settling: Settling,
  allowed: Uint8Array | undefined,
  clearance: number,
  pokes: number,
  effort: Effort,
  scratch: Scratch,
): Work<number> {
  const { p, contact } = settling;
  let least = clearance, left = pokes;
  if (contact.worst <= clearance && left === 0) return left;
  for (let i = 0; i < LESSENINGS && (contact.worst > least || left > 0); i++) {
    least *= LESS;
    contact.clearance.fill(least);
    yield* clearWork(settling, false, effort);
    left = yield* clearPokesWork(settling, allowed, effort, scratch);
  }
  // edges do not bend: where walls do and leave no room, places at least come out
  if (contact.worst > least) yield* clearWork(settling, false, effort, PLACE_KIND);
  contact.clearance.fill(clearance);
  contact.slack.fill(0);
  beginContacts(contact);
  for (let s = 0; s < contact.sampleCount; s += CONTACT_CHUNK) {
    const asked = findContacts(contact, p, 0, s);
    yield* effort.spend(ASK_COST * asked + PASS_COST * CONTACT_CHUNK, 1);
  }
  return left;
}
