/**
 * Skin weights from the distances to the bones: the nearest one and its neighbours in the skeleton share a point.
 *
 * @module
 */
import type { FigureJoint, JointKind, JointPlaces } from "./figure.ts";
import type { Soup } from "./isosurface.ts";
import { addScaled, between, mirrored, segmentDistance, smoothStep, type Vec3 } from "./vec.ts";

/** Skin weights and what they were made from. */
export interface Skin {
  /** Four joints a point; 0 where the weight is 0. */
  readonly joints: number[];
  /** Four weights a point, falling; multiples of 2^-16, so that their sum is 1 exactly. */
  readonly weights: number[];
  /** The joint whose bone is nearest, for each point. */
  readonly regions: number[];
}

/** Over how much difference in distance two neighbours share a point, metres. */
const BLEND: Readonly<Record<JointKind, number>> = {
  hips: 0.1,
  spine: 0.1,
  chest: 0.1,
  neck: 0.06,
  head: 0.06,
  shoulder: 0.07,
  upper_arm: 0.07,
  lower_arm: 0.06,
  hand: 0.04,
  thigh: 0.09,
  shin: 0.075,
  foot: 0.05,
  toes: 0.04,
};
/** Passes of averaging with the neighbours in the mesh, after the distances. */
const SMOOTHING = 4;
/** Weights are written as multiples of 1 / STEPS. */
const STEPS = 65536;

/**
 * Weighs every point of a symmetric body.
 *
 * @param body The body; every point off the middle plane has a mirror image.
 * @param joints The skeleton, see `listJoints`.
 * @param places Where the joints and the tips of the last ones are.
 */
export function weighSkin(body: Soup, joints: readonly FigureJoint[], places: JointPlaces): Skin {
  const bones = joints.map((joint) => boneOf(joint, places));
  const regions: number[] = [];
  let weights = body.points.map((p) => {
    const distances = bones.map(([a, b]) => segmentDistance(p, a, b));
    const allowed = joints.map(({ side }) => side === 0 || side * p[0] > 0);
    const nearest = allowed.reduce((best, ok, j) => ok && (best < 0 || distances[j] < distances[best]) ? j : best, -1);
    regions.push(nearest);
    return joints.map((joint, j) => {
      if (!allowed[j] || !related(joints, nearest, j)) return 0;
      const share = 1 - (distances[j] - distances[nearest]) / BLEND[joint.kind];
      return share > 0 ? share * share * sideShare(joint, p) : 0;
    });
  });
  weights = weights.map(normalized);
  const rings = neighbours(body);
  for (let pass = 0; pass < SMOOTHING; pass++) {
    weights = weights.map((own, v) => averaged(own, rings[v].map((n) => weights[n]), joints, body.points[v]));
  }
  const slots = weights.map(fourLargest);
  return { joints: slots.flatMap((s) => s.joints), weights: slots.flatMap((s) => s.weights), regions };
}

/** The segment a joint's points are measured from. */
function boneOf({ kind, side }: FigureJoint, places: JointPlaces): readonly [Vec3, Vec3] {
  const ends: Readonly<Record<JointKind, readonly [Vec3, Vec3]>> = {
    hips: [addScaled(places.hips, [0, -0.06, 0], 1), places.spine],
    spine: [places.spine, places.chest],
    chest: [places.chest, between(places.chest, places.neck, 0.85)],
    neck: [places.neck, places.head],
    head: [places.head, places.headTip],
    shoulder: [between(places.shoulder, places.upper_arm, 0.45), places.upper_arm],
    upper_arm: [places.upper_arm, places.lower_arm],
    lower_arm: [places.lower_arm, places.hand],
    hand: [places.hand, places.handTip],
    thigh: [between(places.thigh, places.shin, 0.1), places.shin],
    shin: [places.shin, places.foot],
    foot: [places.foot, places.toes],
    toes: [places.toes, places.toesTip],
  };
  const [a, b] = ends[kind];
  return side < 0 ? [mirrored(a), mirrored(b)] : [a, b];
}

/** Whether two joints may share a point: the same, parent and child, or children of one parent. */
function related(joints: readonly FigureJoint[], a: number, b: number): boolean {
  return a === b || joints[a].parent === b || joints[b].parent === a || joints[a].parent === joints[b].parent;
}

/** Joints of a side fade out towards the middle plane, so that the two sides meet there without a step. */
function sideShare({ side }: FigureJoint, p: Vec3): number {
  return side === 0 ? 1 : smoothStep(0, 0.04, side * p[0]);
}

function averaged(own: number[], others: number[][], joints: readonly FigureJoint[], p: Vec3): number[] {
  return normalized(own.map((w, j) => {
    const mean = others.reduce((sum, other) => sum + other[j], 0) / others.length;
    const { side } = joints[j];
    return side === 0 || side * p[0] > 0 ? (w + mean) / 2 : 0;
  }));
}

function normalized(weights: number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** The four largest weights, falling, in whole steps that add up to 1 exactly. */
function fourLargest(weights: number[]): { joints: number[]; weights: number[] } {
  const order = weights.map((_, j) => j).sort((a, b) => weights[b] - weights[a] || a - b).slice(0, 4);
  const sum = order.reduce((total, j) => total + weights[j], 0);
  const steps = order.map((j) => Math.round(weights[j] / sum * STEPS));
  steps[0] += STEPS - steps.reduce((a, b) => a + b, 0);
  return {
    joints: order.map((j, k) => steps[k] > 0 ? j : 0),
    weights: steps.map((s) => s / STEPS),
  };
}

/** The points each point shares an edge with. */
function neighbours({ points, faces }: Soup): number[][] {
  const rings = points.map(() => new Set<number>());
  for (const [a, b, c] of faces) {
    rings[a].add(b).add(c);
    rings[b].add(a).add(c);
    rings[c].add(a).add(b);
  }
  return rings.map((ring) => [...ring]);
}
