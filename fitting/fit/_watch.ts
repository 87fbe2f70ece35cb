import { type Contact, CONTACT_CHUNK, NO_SAMPLE, PASS_COST } from "./_contact.ts";
import type { Effort } from "../_effort.ts";
import type { Work } from "../work.ts";

/** Samples with more air than this need no look before something moved as far; metres. */
const WATCHED_SLACK = 1e-3;

/**
 * Lists the samples of a contact that may come too close while little moves.
 * What is cleared at the end of a fit moves few places by little, many times
 * over: a pass over all samples each time would be most of what that takes.
 *
 * @param moved Set to 0; {@linkcode spendWatched} leaves it so.
 */
export function* beginWatch(contact: Contact, moved: Float64Array, effort: Effort): Work<void> {
  const { sampleCount, slack, kinds, watched, path } = contact;
  path.fill(0);
  moved.fill(0);
  contact.travelled = 0;
  let count = 0;
  for (let from = 0; from < sampleCount; from += CONTACT_CHUNK) {
    const end = Math.min(from + CONTACT_CHUNK, sampleCount);
    for (let s = from; s < end; s++) if (slack[s] <= WATCHED_SLACK && kinds[s] !== NO_SAMPLE) watched[count++] = s;
    yield* effort.spend(CONTACT_CHUNK, PASS_COST);
  }
  contact.watchedCount = count;
}

/** Whether things moved so far that samples which are not watched may be too close. */
export function isWatchOver({ travelled }: Contact): boolean {
  return travelled >= WATCHED_SLACK;
}

/** Which places something moves: rows of `width` places each; all rows, or those that are listed. */
export interface Movers {
  readonly places: Uint32Array;
  readonly rows: Uint32Array | undefined;
  readonly width: number;
}

/**
 * Takes what places moved since `before` off the slack of the watched samples,
 * as `spendSlack` does of all, and keeps `p` as their next `before`.
 *
 * @param count Rows there are, or are listed.
 */
export function spendWatched(
  contact: Contact,
  { places, rows, width }: Movers,
  count: number,
  p: Float64Array,
  before: Float64Array,
  moved: Float64Array,
): void {
  const { watched, watchedCount, vertices, slack, path } = contact;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const row = width * (rows === undefined ? i : rows[i]);
    for (let k = row; k < row + width; k++) {
      const v = places[k],
        a = 3 * v,
        dx = p[a] - before[a],
        dy = p[a + 1] - before[a + 1],
        dz = p[a + 2] - before[a + 2];
      moved[v] = Math.sqrt(dx * dx + dy * dy + dz * dz);
      if (moved[v] > largest) largest = moved[v];
    }
  }
  if (largest === 0) return;
  contact.travelled += largest;
  for (let i = 0; i < watchedCount; i++) {
    const s = watched[i], c = 3 * s;
    slack[s] -= Math.max(moved[vertices[c]], moved[vertices[c + 1]], moved[vertices[c + 2]]);
  }
  for (let i = 0; i < count; i++) {
    const row = width * (rows === undefined ? i : rows[i]);
    for (let k = row; k < row + width; k++) {
      const v = places[k];
      path[v] += moved[v];
      moved[v] = 0; // a place in several rows moved once
      for (let a = 3 * v; a < 3 * v + 3; a++) before[a] = p[a];
    }
  }
}

/** Takes what places moved since the watch began off the slack of the samples that were not watched. */
export function* endWatch(contact: Contact, effort: Effort): Work<void> {
  const { sampleCount, watched, watchedCount, vertices, slack, path, travelled } = contact;
  if (travelled === 0) return;
  let next = 0;
  for (let from = 0; from < sampleCount; from += CONTACT_CHUNK) {
    const end = Math.min(from + CONTACT_CHUNK, sampleCount);
    for (let s = from; s < end; s++) {
      if (next < watchedCount && watched[next] === s) next++;
      else slack[s] -= Math.max(path[vertices[3 * s]], path[vertices[3 * s + 1]], path[vertices[3 * s + 2]]);
    }
    yield* effort.spend(CONTACT_CHUNK, PASS_COST);
  }
}
