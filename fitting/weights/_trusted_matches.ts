import type { Scratch } from "../../pool/scratch.ts";
import { join, rootOf } from "../topology/_disjoint_sets.ts";
import { NO_INDEX } from "../mesh.ts";
import type { SkinWeights } from "./skin_weights.ts";
import type { Topology } from "../topology/topology.ts";

/** Two neighbours whose joints are farther from each other than this, as `jointReachWork` counts on the mean, do not belong together. */
const JUMP = 1.5;
/** Skins whose normals have a cosine below this face each other. */
const OPPOSED = 0;
/** Neighbours that share less of their weights than this have little in common. */
const LITTLE = 0.5;
/** What faces the surface less than this, a cosine, is doubtful. */
const FACING = 0.3;
/** What faces it more than this may stay beside what was rejected. */
const WELL_FACING = 0.7;
/** A doubtful part is rejected if its joints jump at this share of its border. */
const JUMPING_BORDER = 0.12;

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

/** Bytes {@linkcode trustMatches} leases. */
export function trustMatchesBytes({ weldedCount, islandCount }: { weldedCount: number; islandCount: number }): number {
  return 16 * weldedCount + 8 * islandCount;
}

/**
 * Decides which closest points to trust.
 *
 * Cloth that does not face the surface it is closest to is doubtful: it may be a
 * lining, which is right, or a shirt that met the arm beside it. Joints tell them
 * apart: those of a lining go on where the outside ends, and those of a wrong limb
 * jump all around. So doubtful parts whose joints jump at their border are
 * rejected, and what of the wrong limb lies next to them.
 *
 * @param isKnown `weldedCount`, overwritten.
 */
export function trustMatches(
  topology: Topology,
  matches: Matches,
  rules: TrustRules,
  isKnown: Uint8Array,
  scratch: Scratch,
): TrustReport {
  const { weldedCount, islandOf, islandCount } = topology, { distances, agreements, areas } = matches;
  using frame = scratch.frame("trust");
  const partOf = frame.u32(weldedCount).fill(NO_INDEX), queue = frame.u32(weldedCount);
  const borders = frame.u32(weldedCount), jumps = frame.u32(weldedCount), islandFacing = frame.f64(islandCount);
  for (let w = 0; w < weldedCount; w++) {
    if (islandOf[w] !== NO_INDEX) islandFacing[islandOf[w]] += areas[w] * agreements[w];
  }
  const facingOf = (w: number) => { // of a shell that is inside out, the other way round
    return islandOf[w] !== NO_INDEX && islandFacing[islandOf[w]] < 0 ? -agreements[w] : agreements[w];
  };
  let farOrTurned = 0;
  for (let w = 0; w < weldedCount; w++) {
    const isTrusted = distances[w] <= rules.maxDistance && (rules.flipped || facingOf(w) >= rules.minAgreement);
    isKnown[w] = isTrusted ? 1 : 0;
    if (!isTrusted) farOrTurned++;
    else if (facingOf(w) < FACING) partOf[w] = w;
  }
  joinParts(topology, matches, rules, partOf, borders, jumps);
  let jumped = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (partOf[w] === NO_INDEX) continue;
    const root = rootOf(partOf, w);
    if (jumps[root] < 2 || jumps[root] < JUMPING_BORDER * borders[root]) continue;
    isKnown[w] = 0;
    queue[jumped++] = w;
  }
  return { farOrTurned, jumped: rejectBeside(topology, matches, rules, isKnown, facingOf, queue, jumped) };
}

/** Joins doubtful neighbours into parts, and counts at the root of each its edges to others, and those where joints jump. */
function joinParts(
  { weldedCount, ringOffsets, ringVertices }: Topology,
  matches: Matches,
  rules: TrustRules,
  partOf: Uint32Array,
  borders: Uint32Array,
  jumps: Uint32Array,
): void {
  for (let w = 0; w < weldedCount; w++) {
    if (partOf[w] === NO_INDEX) continue;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (ringVertices[r] > w && partOf[ringVertices[r]] !== NO_INDEX) join(partOf, w, ringVertices[r]);
    }
  }
  for (let w = 0; w < weldedCount; w++) {
    if (partOf[w] === NO_INDEX) continue;
    const root = rootOf(partOf, w);
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = ringVertices[r];
      if (partOf[k] !== NO_INDEX) continue;
      borders[root]++;
      if (doJump(matches, w, k, rules)) jumps[root]++;
    }
  }
}

/** Rejects what lies beside the queue, hardly faces the surface, and belongs to the limb of the rejected. @returns How many are rejected then. */
function rejectBeside(
  { ringOffsets, ringVertices }: Topology,
  matches: Matches,
  rules: TrustRules,
  isKnown: Uint8Array,
  facingOf: (w: number) => number,
  queue: Uint32Array,
  count: number,
): number {
  for (let next = 0; next < count; next++) {
    const w = queue[next];
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = ringVertices[r];
      if (isKnown[k] === 0 || facingOf(k) > WELL_FACING || doJump(matches, w, k, rules)) continue;
      let isBetween = false;
      for (let q = ringOffsets[k]; q < ringOffsets[k + 1] && !isBetween; q++) {
        isBetween = isKnown[ringVertices[q]] === 1 && doJump(matches, k, ringVertices[q], rules);
      }
      if (!isBetween) continue;
      isKnown[k] = 0;
      queue[count++] = k;
    }
  }
  return count;
}

/**
 * Whether two neighbours met limbs that do not belong together: their joints are
 * far from each other, or they have little in common and lie on skins that face
 * each other, as those of arm and torso do.
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
