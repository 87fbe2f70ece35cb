import { assertEquals, assertGreater, fail } from "@std/assert";
import { Effort } from "../../../fitting/_effort.ts";
import {
  beginContacts,
  CONTACT_CHUNK,
  findContacts,
  leaseContact,
  listSamples,
  spendSlack,
} from "../../../fitting/fit/_contact.ts";
import { beginWatch, endWatch, isWatchOver, spendWatched } from "../../../fitting/fit/_watch.ts";
import { finish } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { icosphere, seeded } from "../_meshes.ts";
import { moved } from "../_more_meshes.ts";

/** Moves a few places, mostly by a little, and now and then by more than is watched for. */
function shake(p: Float64Array, places: Uint32Array, random: () => number): void {
  const reach = random() < 0.2 ? 3e-3 : 6e-4;
  for (let i = 0; i < places.length; i++) places[i] = Math.floor(random() * p.length / 3);
  for (const v of places) for (let k = 3 * v; k < 3 * v + 3; k++) p[k] += reach * (random() - 0.5);
}

Deno.test("a watch finds the contacts a pass over all samples finds", () => {
  using scope = new BufferScope();
  const shell = moved(icosphere(3, 1.006), (x, y, z) => [x, y + 0.0052, z]); // near the ball below alone
  const { index } = indexed(icosphere(3), scope), { topology } = indexed(shell, scope);
  const rest = Float64Array.from(shell.positions), random = seeded(7), effort = new Effort();
  const contactOf = (p: Float64Array) => {
    const contact = leaseContact(topology, index, 1, scope);
    finish(listSamples(topology, rest, contact));
    contact.clearance.fill(0.001);
    for (let s = 0; s < contact.sampleCount; s += CONTACT_CHUNK) findContacts(contact, p, 0, s);
    return contact;
  };
  const all = contactOf(rest), few = contactOf(rest), p = rest.slice(), before = [rest.slice(), rest.slice()];
  const ways = new Float64Array(topology.weldedCount), spare = ways.slice();
  const places = new Uint32Array(9), movers = { places, rows: undefined, width: 3 };
  let found = 0, watched = 0, renewed = 0;
  finish(beginWatch(few, spare, effort));
  for (let round = 0; round < 60; round++) {
    shake(p, places, random);
    spendSlack(all, p, before[0], ways);
    spendWatched(few, movers, 3, p, before[1], spare);
    if (isWatchOver(few)) {
      finish(endWatch(few, effort));
      finish(beginWatch(few, spare, effort));
      renewed++;
    }
    beginContacts(all);
    beginContacts(few);
    for (let s = 0; s < all.sampleCount; s += CONTACT_CHUNK) findContacts(all, p, 0, s);
    for (let s = 0; s < few.watchedCount; s += CONTACT_CHUNK) findContacts(few, p, 0, s, few.watched, few.watchedCount);
    assertEquals(few.activeCount, all.activeCount);
    const end = 3 * all.activeCount;
    assertEquals(few.activeVertices.slice(0, end), all.activeVertices.slice(0, end));
    assertEquals(few.activeTargets.slice(0, end), all.activeTargets.slice(0, end));
    found += all.activeCount;
    watched = Math.max(watched, few.watchedCount);
  }
  finish(endWatch(few, effort));
  const fresh = contactOf(p);
  for (let s = 0; s < all.sampleCount; s++) {
    if (few.slack[s] > fresh.slack[s] + 1e-6) fail(`sample ${s} kept too much slack`);
  }
  assertGreater(found, 60);
  assertGreater(renewed, 2);
  assertGreater(0.8 * all.sampleCount, watched);
});
