import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { join, rootOf } from "../topology/_disjoint_sets.ts";
import { NO_INDEX } from "../mesh.ts";
import type { SkinWeights } from "./skin_weights.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** Two neighbours whose joints are farther from each other than this, as `jointReachWork` counts on the mean, do not belong together. */
const JUMP = 1.5;
/** Skins whose normals have a cosine below this do not belong together either, where they have little in common. */
const OPPOSED = 0.3;
/** Neighbours that share less of their weights than this have little in common. */
const LITTLE = 0.5;
/** What faces the surface less than this, a cosine, is doubtful. */
const FACING = 0.9;
/** A jump speaks against the side that faces the surface less, by this much at least. */
const LESS = 0.5;
/** A doubtful part is rejected if jumps speak against it at this share of its border. */
const JUMPING_BORDER = 0.12;
/** Nanoseconds a place takes, */
const PLACE_COST = 10;
/** and two neighbours that are compared. */
const PAIR_COST = 60;

/** What is known of the closest points; one entry a place. */
export interface Matches {
  /** Weights that were found. */
  readonly skin: SkinWeights;
  /** Metres. */
  readonly distances: Float32Array;
  /** Cosine between the normals of both surfaces. */
  readonly agreements: Float32Array;
  /** Where the surface faces at the closest point, three numbers each. */
  readonly normals: Float32Array;
  /** Areas of the mesh, square metres. */
  readonly areas: Float64Array;
}

/** What makes a match one to trust. */
export interface TrustRules {
  /** Metres. */
  readonly maxDistance: number;
  /** Cosine of the greatest angle between normals; applies to all where `flipped` is `false`. */
  readonly minAgreement: number;
  /** Whether what faces the other way may be right, as a lining is. */
  readonly flipped: boolean;
  /** `jointCount²`, from `jointReachWork`. */
  readonly reach: Uint8Array;
  /** Side of that. */
  readonly jointCount: number;
}

/** What {@linkcode trustMatches} rejected. */
export interface TrustReport {
  /** Places too far from the surface, or turned away from it. */
  farOrTurned: number;
  /** Places whose joints jump from those around. */
  jumped: number;
}

/** Bytes {@linkcode trustMatchesWork} leases. */
export function trustMatchesBytes({ weldedCount, islandCount }: { weldedCount: number; islandCount: number }): number {
  return 20 * weldedCount + 8 * islandCount;
}

/** What the parts of a decision share. */
interface Doubts {
  readonly topology: Topology;
  readonly matches: Matches;
  readonly rules: TrustRules;
  /** How well each place faces the surface; of a shell that is inside out, the other way round. */
  readonly facings: Float32Array;
  /** Sets of doubtful neighbours that met one limb; `NO_INDEX` where nothing is doubtful. */
  readonly partOf: Uint32Array;
  readonly effort: Effort;
}

/**
 * Decides which closest points to trust.
 *
 * Cloth that does not face the surface it is closest to is doubtful: it may be a
 * lining, which is right, or a shirt that met the arm beside it. Joints tell them
 * apart: those of a lining go on where the outside ends, and those of a wrong limb
 * jump all around. So doubtful parts whose joints jump to neighbours that face
 * the surface much better are rejected, and what of the wrong limb lies next to them.
 *
 * Before, only what hardly faces the surface (0.3) was doubtful, and any jump at
 * its border spoke against it: over sixteen suits with the arms at their sides
 * 2.8 % of vertices went to the wrong limb, 1.3 % now, and less in every other pose.
 *
 * @param isKnown `weldedCount`, overwritten.
 */
export function* trustMatchesWork(
  topology: Topology,
  matches: Matches,
  rules: TrustRules,
  isKnown: Uint8Array,
  scratch: Scratch,
): Work<TrustReport> {
  const { weldedCount } = topology, { distances } = matches, effort = new Effort();
  using frame = scratch.frame("trust");
  const partOf = frame.u32(weldedCount).fill(NO_INDEX), queue = frame.u32(weldedCount);
  const borders = frame.u32(weldedCount), jumps = frame.u32(weldedCount), facings = frame.f32(weldedCount);
  const doubts: Doubts = { topology, matches, rules, facings, partOf, effort };
  measureFacings(topology, matches, facings, frame);
  yield;
  let farOrTurned = 0;
  for (let w = 0; w < weldedCount; w++) {
    const isTrusted = distances[w] <= rules.maxDistance && (rules.flipped || facings[w] >= rules.minAgreement);
    isKnown[w] = isTrusted ? 1 : 0;
    if (!isTrusted) farOrTurned++;
    else if (facings[w] < FACING) partOf[w] = w;
  }
  yield* joinParts(doubts);
  yield* countJumps(doubts, borders, jumps);
  let jumped = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (partOf[w] === NO_INDEX) continue;
    const root = rootOf(partOf, w);
    if (jumps[root] < 2 || jumps[root] < JUMPING_BORDER * borders[root]) continue;
    isKnown[w] = 0;
    queue[jumped++] = w;
  }
  return { farOrTurned, jumped: yield* rejectBeside(doubts, isKnown, queue, jumped) };
}

function measureFacings(
  { weldedCount, islandOf, islandCount }: Topology,
  { agreements, areas }: Matches,
  facings: Float32Array,
  scratch: Scratch,
): void {
  using frame = scratch.frame("facings");
  const islandFacing = frame.f64(islandCount);
  for (let w = 0; w < weldedCount; w++) {
    if (islandOf[w] !== NO_INDEX) islandFacing[islandOf[w]] += areas[w] * agreements[w];
  }
  for (let w = 0; w < weldedCount; w++) {
    facings[w] = islandOf[w] !== NO_INDEX && islandFacing[islandOf[w]] < 0 ? -agreements[w] : agreements[w];
  }
}

/** Joins doubtful neighbours that met one limb into parts. */
function* joinParts({ topology, matches, rules, partOf, effort }: Doubts): Work<void> {
  const { weldedCount, ringOffsets, ringVertices } = topology;
  for (let w = 0; w < weldedCount; w++) {
    yield* effort.spend(1, PLACE_COST);
    if (partOf[w] === NO_INDEX) continue;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = ringVertices[r];
      if (k > w && partOf[k] !== NO_INDEX && !doJump(matches, w, k, rules)) join(partOf, w, k);
    }
    yield* effort.spend(ringOffsets[w + 1] - ringOffsets[w], PAIR_COST);
  }
}

/** Counts at the root of each part its edges to others, and those where a jump speaks against it. */
function* countJumps(
  { topology, matches, rules, facings, partOf, effort }: Doubts,
  borders: Uint32Array,
  jumps: Uint32Array,
): Work<void> {
  const { weldedCount, ringOffsets, ringVertices } = topology;
  for (let w = 0; w < weldedCount; w++) {
    yield* effort.spend(1, PLACE_COST);
    if (partOf[w] === NO_INDEX) continue;
    const root = rootOf(partOf, w);
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = ringVertices[r];
      if (partOf[k] !== NO_INDEX && rootOf(partOf, k) === root) continue;
      borders[root]++;
      if (facings[w] + LESS < facings[k] && doJump(matches, w, k, rules)) jumps[root]++;
    }
    yield* effort.spend(ringOffsets[w + 1] - ringOffsets[w], PAIR_COST);
  }
}

/** Rejects what lies beside the queue and belongs to the limb of the rejected. @returns How many are rejected then. */
function* rejectBeside(
  { topology: { ringOffsets, ringVertices }, matches, rules, effort }: Doubts,
  isKnown: Uint8Array,
  queue: Uint32Array,
  count: number,
): Work<number> {
  for (let next = 0; next < count; next++) {
    const w = queue[next];
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = ringVertices[r];
      if (isKnown[k] === 0 || doJump(matches, w, k, rules)) continue;
      let isBetween = false;
      for (let q = ringOffsets[k]; q < ringOffsets[k + 1] && !isBetween; q++) {
        isBetween = isKnown[ringVertices[q]] === 1 && doJump(matches, k, ringVertices[q], rules);
      }
      yield* effort.spend(ringOffsets[k + 1] - ringOffsets[k], PAIR_COST);
      if (!isBetween) continue;
      isKnown[k] = 0;
      queue[count++] = k;
    }
  }
  return count;
}

/**
 * Whether two neighbours met limbs that do not belong together: their joints are
 * far from each other, or they have little in common and lie on skins that turn
 * away from one another, as those of arm and torso do.
 */
function doJump({ skin, normals: n }: Matches, a: number, b: number, { reach, jointCount }: TrustRules): boolean {
  const { skinJoints, skinWeights, influencesPerVertex: slots } = skin;
  let far = 0, common = 0;
  for (let i = a * slots; i < (a + 1) * slots && skinWeights[i] > 0; i++) {
    for (let k = b * slots; k < (b + 1) * slots && skinWeights[k] > 0; k++) {
      far += skinWeights[i] * skinWeights[k] * reach[skinJoints[i] * jointCount + skinJoints[k]];
      if (skinJoints[i] === skinJoints[k]) common += Math.min(skinWeights[i], skinWeights[k]);
    }
  }
  if (far > JUMP) return true;
  const facing = n[3 * a] * n[3 * b] + n[3 * a + 1] * n[3 * b + 1] + n[3 * a + 2] * n[3 * b + 2];
  return facing < OPPOSED && common < LITTLE;
}
