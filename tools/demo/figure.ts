/**
 * What a mannequin is made of: joints and the solids blended around them, each with how far it blends.
 *
 * @module
 */
import { type Field, smoothMin, type Solid } from "./field.ts";
import { mirrored, type Vec3 } from "./vec.ts";

/** The joints on the middle plane, parents first, with their parents. */
export const MIDDLE_JOINTS = {
  hips: undefined,
  spine: "hips",
  chest: "spine",
  neck: "chest",
  head: "neck",
} as const;

/** The joints that exist on both sides (`.L` and `.R`), parents first, with their parents. */
export const PAIRED_JOINTS = {
  shoulder: "chest",
  upper_arm: "shoulder",
  lower_arm: "upper_arm",
  hand: "lower_arm",
  thigh: "hips",
  shin: "thigh",
  foot: "shin",
  toes: "foot",
} as const;

/** A joint on the middle plane. */
export type MiddleJoint = keyof typeof MIDDLE_JOINTS;
/** A joint of a limb, without its side. */
export type PairedJoint = keyof typeof PAIRED_JOINTS;
/** Any joint, without its side. */
export type JointKind = MiddleJoint | PairedJoint;

/** The place of every joint of the middle and the left side, and the tips of the last ones; metres. */
export type JointPlaces = Readonly<Record<JointKind | "headTip" | "handTip" | "toesTip", Vec3>>;

/** One solid of a figure. */
export interface Part {
  readonly solid: Solid;
  /** Size of the fillet to everything listed before, metres. */
  readonly blend: number;
  /** Present on both sides: given for the left, mirrored for the right. */
  readonly paired?: boolean;
}

/** Where triangles must be finer: around a segment. */
export interface FineSpot {
  readonly from: Vec3;
  readonly to: Vec3;
  /** How far around the segment, metres. */
  readonly radius: number;
  /** Wanted edge length there, metres. */
  readonly edge: number;
}

/** A mannequin before it is meshed. */
export interface Figure {
  readonly name: string;
  readonly joints: JointPlaces;
  readonly parts: readonly Part[];
  /** Wanted edge length where nothing finer is asked for, metres. */
  readonly coarseEdge: number;
  /** On the left side and the middle. */
  readonly fineSpots: readonly FineSpot[];
}

/** The blended union of a figure's parts, cut flat at the floor; symmetric in x to the last bit. */
export function figureField(figure: Figure): Field {
  const floorBlend = 0.014;
  return (signedX, y, z) => {
    const x = Math.abs(signedX);
    let distance = 1;
    for (const { solid, blend, paired } of figure.parts) {
      if (mayChange(solid, distance + blend, x, y, z)) distance = smoothMin(distance, solid.field(x, y, z), blend);
      if (paired && mayChange(solid, distance + blend, -x, y, z)) {
        distance = smoothMin(distance, solid.field(-x, y, z), blend);
      }
    }
    return -smoothMin(-distance, y, floorBlend);
  };
}

/** Whether a solid can be nearer than `reach`; spares most parts most points. */
function mayChange({ center, radius }: Solid, reach: number, x: number, y: number, z: number): boolean {
  const dx = x - center[0], dy = y - center[1], dz = z - center[2], far = Math.max(0, reach) + radius;
  return dx * dx + dy * dy + dz * dz < far * far;
}

/** A joint of the finished skeleton. */
export interface FigureJoint {
  readonly name: string;
  readonly kind: JointKind;
  /** -1 right, 0 middle, 1 left. */
  readonly side: -1 | 0 | 1;
  /** Index of the parent, -1 for the root. */
  readonly parent: number;
  /** World position, metres. */
  readonly place: Vec3;
}

/** All joints, parents before children: the middle, then the left side, then the right. */
export function listJoints(places: JointPlaces): FigureJoint[] {
  const joints: FigureJoint[] = [];
  const add = (kind: JointKind, parent: string | undefined, side: -1 | 0 | 1) => {
    const suffix = side === 0 ? "" : side > 0 ? ".L" : ".R";
    const parentNames = [parent + suffix, parent];
    joints.push({
      name: kind + suffix,
      kind,
      side,
      parent: joints.findIndex((j) => parentNames.includes(j.name)),
      place: side < 0 ? mirrored(places[kind]) : places[kind],
    });
  };
  for (const [kind, parent] of Object.entries(MIDDLE_JOINTS)) add(kind as MiddleJoint, parent, 0);
  for (const side of [1, -1] as const) {
    for (const [kind, parent] of Object.entries(PAIRED_JOINTS)) add(kind as PairedJoint, parent, side);
  }
  return joints;
}
