import { namePartsOf } from "./_joint_names.ts";
import { jointRoles } from "./_joint_roles.ts";

/** A joint this near another one is taken for it at last, as a share of the skeleton's height. */
const NEAR = 0.03;

/** The joints of a skeleton, in its bind pose. */
export interface JointSet {
  /** Their names. */
  readonly jointNames: readonly string[];
  /** The joint above each, `-1` for roots. */
  readonly parentJoint: ArrayLike<number>;
  /** `3 * jointCount` places, metres. */
  readonly places: ArrayLike<number>;
}

/** How a joint found its counterpart, best first. */
export type JointMatchKind = "given" | "exact" | "normalised" | "alias" | "nearest" | "ancestor";

/** One joint and its counterpart. */
export interface JointMatch {
  /** Name in the source. */
  readonly from: string;
  /** Name in the target. */
  readonly to: string;
  /** How it was found. */
  readonly kind: JointMatchKind;
}

/** What {@linkcode mapJoints} found. */
export interface JointMap {
  /** `jointCount` of the source: the joint of the target that takes its weights; -1 only where nothing at all matched. */
  readonly jointOf: Int32Array;
  /** How each was found, in the order of the source. */
  readonly matches: readonly JointMatch[];
  /** How many by kind. */
  readonly counts: Readonly<Record<JointMatchKind, number>>;
}

/** Options for {@linkcode mapJoints}. */
export interface MapJointsOptions {
  /** Pairs that are right whatever the names say: source, target. @default {[]} */
  pairs?: readonly (readonly [from: string, to: string])[];
}

/**
 * Finds for every joint of one skeleton the joint of another that does its work.
 *
 * In turn: pairs that are given; equal names; names that differ in prefix, case,
 * separators or where the side is marked; names that mean the same part of a
 * person in the rigs of Mixamo, VRM, Unity, Unreal, Rigify, MakeHuman, Character
 * Creator and Biped; a joint
 * of the same side that nobody else took, at the same place within 3 % of the
 * skeleton's height. A joint without a counterpart hands over to the nearest one
 * above it that has one.
 *
 * @param source Whose weights are to be named anew.
 * @param target Whose joints they shall name.
 * @param options Pairs.
 * @throws {RangeError} If a pair names a joint that is not there.
 *
 * @example From a game engine's rig to Mixamo's
 * ```ts
 * import { mapJoints } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const source = { jointNames: ["pelvis", "thigh_l", "thigh_twist_01_l"], parentJoint: [-1, 0, 1], places: [0, 1, 0, 0.1, 0.9, 0, 0.1, 0.7, 0] };
 * const target = { jointNames: ["mixamorig:Hips", "mixamorig:LeftUpLeg"], parentJoint: [-1, 0], places: [0, 1, 0, 0.1, 0.9, 0] };
 * const { jointOf, matches } = mapJoints(source, target);
 * assertEquals([...jointOf], [0, 1, 1]);
 * assertEquals(matches.map(({ kind }) => kind), ["alias", "alias", "ancestor"]);
 * ```
 */
export function mapJoints(source: JointSet, target: JointSet, options: MapJointsOptions = {}): JointMap {
  const jointCount = source.jointNames.length;
  const jointOf = new Int32Array(jointCount).fill(-1), kinds: JointMatchKind[] = Array(jointCount).fill("ancestor");
  const isTaken = new Uint8Array(target.jointNames.length);
  const take = (joint: number, found: number, kind: JointMatchKind) => {
    jointOf[joint] = found;
    kinds[joint] = kind;
    isTaken[found] = 1;
  };
  for (const [from, to] of options.pairs ?? []) {
    take(indexOf(source, from, "source"), indexOf(target, to, "target"), "given");
  }
  const sourceRoles = jointRoles(source.jointNames), targetRoles = jointRoles(target.jointNames);
  const ways: [JointMatchKind, (string | undefined)[], (string | undefined)[]][] = [
    ["exact", [...source.jointNames], [...target.jointNames]],
    ["normalised", source.jointNames.map(normal), target.jointNames.map(normal)],
    ["alias", sourceRoles, targetRoles],
  ];
  // Equal names of rigs that count spines or thumbs differently are not the same joint: there, roles come first.
  if (countsDiffer(source.jointNames, sourceRoles, target.jointNames, targetRoles)) ways.unshift(ways.pop()!);
  for (const [kind, ours, theirs] of ways) {
    for (let joint = 0; joint < jointCount; joint++) {
      if (jointOf[joint] >= 0 || ours[joint] === undefined) continue;
      const found = theirs.findIndex((key, i) => key === ours[joint] && isTaken[i] === 0);
      if (found >= 0) take(joint, found, kind);
    }
  }
  takeNearest(source, target, jointOf, isTaken, take);
  handOver(source.parentJoint, jointOf);
  return report(source, target, jointOf, kinds);
}

function indexOf({ jointNames }: JointSet, name: string, which: string): number {
  const found = jointNames.indexOf(name);
  if (found >= 0) return found;
  throw new RangeError(
    `Cannot map joints as a pair must name joints of the ${which}: "${name}" is none of its ${jointNames.length}, such as "${
      jointNames[0]
    }"`,
  );
}

/** Whether one name has two meanings in the two rigs, as `spine 1` and the proximal joint of a thumb have. */
function countsDiffer(
  names: readonly string[],
  roles: readonly (string | undefined)[],
  otherNames: readonly string[],
  otherRoles: readonly (string | undefined)[],
): boolean {
  const role = new Map(names.map((name, i) => [normal(name), roles[i]]));
  return otherNames.some((name, i) => {
    const key = normal(name);
    return role.has(key) && role.get(key) !== otherRoles[i];
  });
}

/** A name without what rigs write in different ways. */
function normal(name: string): string {
  const { side, stem } = namePartsOf(name);
  return `${stem} ${side}`;
}

function takeNearest(
  source: JointSet,
  target: JointSet,
  jointOf: Int32Array,
  isTaken: Uint8Array,
  take: (joint: number, found: number, kind: JointMatchKind) => void,
): void {
  const limit = NEAR * heightOf(target.places);
  const sides = target.jointNames.map((name) => namePartsOf(name).side);
  for (let joint = 0; joint < jointOf.length; joint++) {
    if (jointOf[joint] >= 0) continue;
    const { side } = namePartsOf(source.jointNames[joint]);
    let nearest = -1, nearestSq = limit * limit;
    for (let k = 0; k < isTaken.length; k++) {
      if (isTaken[k] === 1 || sides[k] !== side) continue;
      let sq = 0;
      for (let a = 0; a < 3; a++) sq += (source.places[3 * joint + a] - target.places[3 * k + a]) ** 2;
      if (!(sq < nearestSq)) continue;
      nearest = k;
      nearestSq = sq;
    }
    if (nearest >= 0) take(joint, nearest, "nearest");
  }
}

function heightOf(places: ArrayLike<number>): number {
  let least = Infinity, most = -Infinity;
  for (let i = 1; i < places.length; i += 3) {
    least = Math.min(least, places[i]);
    most = Math.max(most, places[i]);
  }
  return Math.max(0, most - least);
}

/** Gives joints without a counterpart that of the nearest one above; above whom there is none, that of the first that has one. */
function handOver(parentJoint: ArrayLike<number>, jointOf: Int32Array): void {
  const first = jointOf.find((found) => found >= 0) ?? -1, own = jointOf.slice();
  for (let joint = 0; joint < jointOf.length; joint++) {
    let at = joint;
    for (let steps = 0; at >= 0 && own[at] < 0 && steps < own.length; steps++) at = parentJoint[at];
    jointOf[joint] = at >= 0 && own[at] >= 0 ? own[at] : first;
  }
}

function report(source: JointSet, target: JointSet, jointOf: Int32Array, kinds: readonly JointMatchKind[]): JointMap {
  const counts = { given: 0, exact: 0, normalised: 0, alias: 0, nearest: 0, ancestor: 0 };
  const matches = source.jointNames.map((from, joint): JointMatch => {
    counts[kinds[joint]]++;
    return { from, to: target.jointNames[jointOf[joint]] ?? "", kind: kinds[joint] };
  });
  return { jointOf, matches, counts };
}
