/**
 * The two mannequins: one way of building, two tables of measures.
 *
 * @module
 */
import { ellipsoid, loft, roundCone, type Section } from "./field.ts";
import type { Figure, FineSpot, JointPlaces, Part } from "./figure.ts";
import { addScaled, between, length, subtract, unit, type Vec3 } from "./vec.ts";

/** `[at, side, front, frontShift]`, metres; see {@linkcode Section}. */
type Row = readonly [at: number, side: number, front: number, frontShift?: number];

/** The measures of a body; all lengths in metres, lists from the trunk outwards. */
interface Measures {
  readonly name: string;
  readonly coarseEdge: number;
  readonly joints: JointPlaces;
  /** Torso sections by height. */
  readonly torso: readonly Row[];
  readonly upperArm: readonly Row[];
  readonly lowerArm: readonly Row[];
  readonly thigh: readonly Row[];
  readonly shin: readonly Row[];
  /** Radii of the neck at its base and under the skull. */
  readonly neck: readonly [number, number];
  /** Radius of the muscle from neck to shoulder. */
  readonly trapezius: number;
  /** Soft shapes on the torso: centre of the left one, half axes, blend. */
  readonly swellings: readonly (readonly [Vec3, Vec3, number])[];
  /** Scale of head, hands and feet. */
  readonly extremities: number;
}

const SLIM: Measures = {
  name: "mannequin_slim",
  coarseEdge: 0.034,
  joints: {
    hips: [0, 0.94, 0],
    spine: [0, 1.07, -0.012],
    chest: [0, 1.22, -0.022],
    neck: [0, 1.46, -0.03],
    head: [0, 1.565, -0.012],
    headTip: [0, 1.75, -0.01],
    shoulder: [0.03, 1.42, -0.022],
    upper_arm: [0.168, 1.405, -0.025],
    lower_arm: [0.385, 1.224, -0.03],
    hand: [0.575, 1.064, -0.008],
    handTip: [0.712, 0.95, 0.006],
    thigh: [0.09, 0.9, 0],
    shin: [0.105, 0.485, 0.002],
    foot: [0.112, 0.085, -0.022],
    toes: [0.128, 0.022, 0.1],
    toesTip: [0.134, 0.018, 0.175],
  },
  torso: [
    [0.88, 0.142, 0.088, -0.012],
    [0.93, 0.158, 0.096, -0.008],
    [0.99, 0.149, 0.094, -0.002],
    [1.08, 0.128, 0.085, 0.002],
    [1.18, 0.139, 0.095, -0.002],
    [1.28, 0.156, 0.105, -0.008],
    [1.36, 0.15, 0.093, -0.018],
    [1.42, 0.115, 0.07, -0.027],
    [1.46, 0.07, 0.052, -0.032],
  ],
  upperArm: [[0, 0.05, 0.053], [0.07, 0.049, 0.053], [0.15, 0.043, 0.047], [0.24, 0.037, 0.039], [0.29, 0.031, 0.032]],
  lowerArm: [[0, 0.031, 0.032], [0.05, 0.038, 0.041], [0.12, 0.034, 0.037], [0.2, 0.025, 0.029], [0.25, 0.021, 0.027]],
  thigh: [[0.03, 0.07, 0.082], [0.1, 0.079, 0.087, 0.003], [0.22, 0.07, 0.076, 0.006], [0.34, 0.056, 0.06, 0.002], [
    0.41,
    0.045,
    0.048,
  ]],
  shin: [
    [0.015, 0.041, 0.045],
    [0.07, 0.048, 0.051, -0.008],
    [0.13, 0.051, 0.054, -0.014],
    [0.24, 0.04, 0.043, -0.008],
    [0.34, 0.032, 0.036],
    [0.4, 0.032, 0.037],
  ],
  neck: [0.059, 0.052],
  trapezius: 0.042,
  swellings: [
    [[0.068, 1.285, 0.05], [0.08, 0.062, 0.048], 0.04],
    [[0.076, 0.895, -0.055], [0.078, 0.085, 0.058], 0.05],
  ],
  extremities: 1,
};

const HEAVY: Measures = {
  name: "mannequin_heavy",
  coarseEdge: 0.038,
  joints: {
    hips: [0, 0.95, 0],
    spine: [0, 1.08, -0.01],
    chest: [0, 1.235, -0.02],
    neck: [0, 1.485, -0.03],
    head: [0, 1.59, -0.01],
    headTip: [0, 1.79, -0.008],
    shoulder: [0.035, 1.445, -0.022],
    upper_arm: [0.2, 1.425, -0.025],
    lower_arm: [0.422, 1.239, -0.03],
    hand: [0.612, 1.079, -0.006],
    handTip: [0.755, 0.96, 0.008],
    thigh: [0.115, 0.9, 0],
    shin: [0.135, 0.485, 0.002],
    foot: [0.14, 0.088, -0.024],
    toes: [0.158, 0.023, 0.104],
    toesTip: [0.165, 0.019, 0.182],
  },
  torso: [
    [0.88, 0.185, 0.118, -0.01],
    [0.93, 0.204, 0.138, 0],
    [0.99, 0.208, 0.152, 0.014],
    [1.08, 0.2, 0.158, 0.026],
    [1.18, 0.192, 0.15, 0.016],
    [1.29, 0.192, 0.136, 0],
    [1.38, 0.18, 0.11, -0.016],
    [1.445, 0.138, 0.084, -0.027],
    [1.485, 0.085, 0.064, -0.032],
  ],
  upperArm: [[0, 0.062, 0.065], [0.07, 0.064, 0.067], [0.15, 0.058, 0.063], [0.24, 0.049, 0.052], [0.29, 0.042, 0.043]],
  lowerArm: [[0, 0.041, 0.042], [0.05, 0.05, 0.052], [0.12, 0.045, 0.048], [0.2, 0.033, 0.036], [0.25, 0.028, 0.032]],
  thigh: [[0.03, 0.092, 0.108], [0.1, 0.102, 0.115, 0.004], [0.22, 0.092, 0.098, 0.006], [0.34, 0.073, 0.076, 0.002], [
    0.41,
    0.058,
    0.06,
  ]],
  shin: [
    [0.015, 0.053, 0.056],
    [0.07, 0.062, 0.065, -0.008],
    [0.13, 0.064, 0.068, -0.014],
    [0.24, 0.051, 0.054, -0.008],
    [0.34, 0.041, 0.044],
    [0.4, 0.04, 0.045],
  ],
  neck: [0.075, 0.067],
  trapezius: 0.055,
  swellings: [
    [[0.08, 1.29, 0.075], [0.098, 0.075, 0.06], 0.05],
    [[0.092, 0.9, -0.075], [0.098, 0.1, 0.07], 0.06],
  ],
  extremities: 1.06,
};

/** The mannequin the cuirass is made on: 1.75 m. */
export function slimFigure(): Figure {
  return buildFigure(SLIM);
}

/** A broader one with a belly: 1.79 m. */
export function heavyFigure(): Figure {
  return buildFigure(HEAVY);
}

function buildFigure(measures: Measures): Figure {
  const { name, coarseEdge, joints } = measures;
  const parts = [...trunk(measures), ...head(measures), ...arm(measures), ...leg(measures)];
  return { name, coarseEdge, joints, parts, fineSpots: fineSpots(measures) };
}

/** Hands, feet and the head; a coarser body has them coarser too. */
function fineSpots(measures: Measures): FineSpot[] {
  const { joints, coarseEdge } = measures, scale = coarseEdge / SLIM.coarseEdge;
  const [thumbRoot, thumbTip] = thumb(measures);
  return [
    { from: between(thumbRoot, thumbTip, 0.6), to: thumbTip, radius: 0.018, edge: 0.0095 * scale },
    { from: joints.hand, to: joints.handTip, radius: 0.045, edge: 0.014 * scale },
    { from: joints.foot, to: joints.toesTip, radius: 0.05, edge: 0.0188 * scale },
    { from: joints.head, to: addScaled(joints.headTip, [0, -0.09, 0.03], 1), radius: 0.1, edge: 0.022 * scale },
  ];
}

const UP: Vec3 = [0, 1, 0], FORWARD: Vec3 = [0, 0, 1];

function sections(rows: readonly Row[], square = 0): Section[] {
  return rows.map(([at, side, front, frontShift = 0]) => ({ at, side, front, frontShift, square }));
}

function trunk({ joints, torso, trapezius, swellings }: Measures): Part[] {
  const neckSide = addScaled(joints.neck, [0.02, 0.03, -0.008], 1);
  const shoulderTop = addScaled(joints.upper_arm, [-0.02, 0.008, -0.004], 1);
  return [
    { solid: loft([0, 0, 0], UP, FORWARD, sections(torso, 0.35)), blend: 0.05 },
    ...swellings.map(([center, radii, blend]) => ({ solid: ellipsoid(center, radii), blend, paired: true })),
    { solid: roundCone(neckSide, shoulderTop, trapezius * 0.9, trapezius), blend: 0.05, paired: true },
  ];
}

function head({ joints, neck, extremities: s }: Measures): Part[] {
  const at = (x: number, down: number, z: number): Vec3 => addScaled(joints.headTip, [x, -down, z + 0.006], s);
  const size = (x: number, y: number, z: number): Vec3 => [x * s, y * s, z * s];
  return [
    { solid: roundCone(addScaled(joints.neck, UP, -0.02), at(0, 0.14, -0.01), neck[0], neck[1]), blend: 0.045 },
    { solid: ellipsoid(at(0, 0.09, -0.012), size(0.075, 0.09, 0.095)), blend: 0.03 },
    { solid: ellipsoid(at(0, 0.125, 0.018), size(0.062, 0.088, 0.072)), blend: 0.03 },
    { solid: ellipsoid(at(0, 0.192, 0.046), size(0.034, 0.03, 0.036)), blend: 0.045 },
    { solid: ellipsoid(at(0, 0.122, 0.086), size(0.011, 0.028, 0.016)), blend: 0.022 },
  ];
}

/** Root and tip of the thumb. */
function thumb({ joints: { hand, handTip }, extremities: s }: Measures): [Vec3, Vec3] {
  const axis = unit(subtract(handTip, hand));
  const place = (along: number, forward: number) => addScaled(addScaled(hand, axis, along * s), FORWARD, forward * s);
  return [place(0.026, 0.022), place(0.094, 0.06)];
}

function arm(measures: Measures): Part[] {
  const { joints: { upper_arm, lower_arm, hand, handTip }, upperArm, lowerArm, extremities: s } = measures;
  const [thumbRoot, thumbTip] = thumb(measures);
  const palm: Section[] = [
    { at: -0.015 * s, side: 0.022 * s, front: 0.026 * s },
    { at: 0.03 * s, side: 0.021 * s, front: 0.034 * s, frontShift: 0.001 },
    { at: 0.08 * s, side: 0.019 * s, front: 0.04 * s, frontShift: 0.001 },
    { at: 0.125 * s, side: 0.0155 * s, front: 0.037 * s },
    { at: 0.162 * s, side: 0.013 * s, front: 0.029 * s },
  ];
  return [
    { solid: loft(upper_arm, subtract(lower_arm, upper_arm), FORWARD, sections(upperArm)), blend: 0.045, paired: true },
    { solid: loft(lower_arm, subtract(hand, lower_arm), FORWARD, sections(lowerArm)), blend: 0.014, paired: true },
    { solid: loft(hand, subtract(handTip, hand), FORWARD, palm), blend: 0.02, paired: true },
    { solid: roundCone(thumbRoot, thumbTip, 0.018 * s, 0.0145 * s), blend: 0.018, paired: true },
  ];
}

function leg({ joints, thigh, shin, extremities: s }: Measures): Part[] {
  const { foot, toes, toesTip } = joints;
  const knee = joints.shin;
  const heel: Vec3 = [foot[0] - 0.002, 0, foot[2] - 0.022 * s];
  const direction = subtract([toesTip[0], 0, toesTip[2]], heel);
  const reach = length(direction);
  const sole: Section[] = [
    { at: -0.005, side: 0.03 * s, front: 0.045 * s, frontShift: 0.027 * s },
    { at: reach * 0.3, side: 0.032 * s, front: 0.045 * s, frontShift: 0.026 * s },
    { at: reach * 0.62, side: 0.043 * s, front: 0.036 * s, frontShift: 0.016 * s },
    { at: reach * 0.82, side: 0.042 * s, front: 0.03 * s, frontShift: 0.008 * s },
    { at: reach * 0.91, side: 0.033 * s, front: 0.027 * s, frontShift: 0.004 * s },
  ];
  const instep = addScaled(toes, [-0.008, 0.004, -0.02], s);
  return [
    { solid: loft(joints.thigh, subtract(knee, joints.thigh), FORWARD, sections(thigh)), blend: 0.05, paired: true },
    { solid: loft(knee, subtract(foot, knee), FORWARD, sections(shin)), blend: 0.018, paired: true },
    { solid: loft(heel, direction, UP, sole), blend: 0.03, paired: true },
    {
      solid: roundCone(addScaled(foot, [0, -0.012, 0.012], s), instep, 0.036 * s, 0.018 * s),
      blend: 0.03,
      paired: true,
    },
  ];
}
