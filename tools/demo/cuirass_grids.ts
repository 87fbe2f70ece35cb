/**
 * Where the cuirass's lines run on the body, and the grids between them.
 *
 * @module
 */
import { coonsGrid, curveThrough, evenly } from "./curve.ts";
import { type Field, projectTo } from "./field.ts";
import { between, circle, smoothStep, type Vec3 } from "./vec.ts";

/** Heights of a level line at the front, the side and the back, metres. */
type Heights = readonly [number, number, number];

const HEM: Heights = [0.985, 1.015, 1.005], WAIST: Heights = [1.06, 1.076, 1.072];
/** The level lines from the hem up: skirt of two lames, belt, breast. `rows` lie between a line and the one below. */
const LEVELS: readonly { readonly at: Heights; readonly raise: number; readonly rows: number }[] = [
  { at: HEM, raise: 0.003, rows: 0 },
  { at: betweenHeights(0.5, 0), raise: 0.003, rows: 2 },
  { at: betweenHeights(0.5, 0.0016), raise: 0, rows: 1 },
  { at: WAIST, raise: 0, rows: 2 },
  { at: betweenHeights(1, 0.0012), raise: 0.003, rows: 1 },
  { at: betweenHeights(1, 0.0172), raise: 0.003, rows: 1 },
  { at: betweenHeights(1, 0.0184), raise: 0, rows: 1 },
];

/** The lines that border one side of the chest's left half; through these points moved onto the plate, metres. */
interface BorderLines {
  readonly neck: readonly Vec3[];
  /** The armhole between the armpit and the shoulder. */
  readonly arm: readonly Vec3[];
  /** Which part of the neck's line lies above the breast, not along the strap. */
  readonly neckShare: number;
  /** Which parts of the armhole's line lie above the ribs, and above ribs and breast. */
  readonly armShares: readonly [number, number];
}

const NECK_SIDE: Vec3 = [0.084, 1.475, -0.035],
  SHOULDER_END: Vec3 = [0.138, 1.455, -0.035],
  ARMPIT: Vec3 = [0.152, 1.258, -0.012];
const BREAST: BorderLines = {
  neck: [[0, 1.398, 0.05], [0.04, 1.41, 0.04], [0.074, 1.445, 0.005], NECK_SIDE],
  arm: [[0.15, 1.27, 0.028], [0.134, 1.302, 0.06], [0.118, 1.355, 0.07], [0.118, 1.425, 0.04]],
  neckShare: 0.5,
  armShares: [0.34, 0.64],
};
const BACK: BorderLines = {
  neck: [[0, 1.462, -0.1], [0.042, 1.464, -0.09], [0.074, 1.472, -0.065], NECK_SIDE],
  arm: [[0.15, 1.27, -0.05], [0.136, 1.302, -0.082], [0.122, 1.358, -0.1], [0.122, 1.425, -0.085]],
  neckShare: 0.62,
  armShares: [0.32, 0.72],
};

/** Columns from the middle to the side: below the neck, below the shoulder strap, below the arm. */
const COLUMNS = { neck: 4, strap: 5, arm: 4 } as const;
/** Rows from the belt up: to the armpit, to the neck, to the shoulder. */
const ROWS = { ribs: 7, breast: 5, strap: 5 } as const;

/** Heights between hem (0) and waist (1), plus `more` metres. */
function betweenHeights(t: number, more: number): Heights {
  const at = (k: number) => HEM[k] + (WAIST[k] - HEM[k]) * t + more;
  return [at(0), at(1), at(2)];
}

/** One quarter of the sheet. */
export interface PlateGrid {
  readonly grid: Grid;
  /** How far each of the first rows stands out, metres. */
  readonly raise: readonly number[];
  readonly front: boolean;
}

/** The left half of the sheet as two grids, breast and back, that share their points along the side and the shoulder. */
export function plateGrids(plate: Field): PlateGrid[] {
  const armhole = armholeLines(plate), { bottom, top } = armhole;
  const shoulder = ends(
    plateLine(plate, [NECK_SIDE, between(NECK_SIDE, top, 0.5), top], COLUMNS.strap),
    undefined,
    top,
  );
  const seam = ends(
    plateLine(plate, [ringPoint(plate, LEVELS.at(-1)!.at[1], 0.25), bottom], ROWS.ribs),
    undefined,
    bottom,
  );
  return [true, false].map((front) => {
    const columns = COLUMNS.neck + COLUMNS.strap + COLUMNS.arm;
    const rings = LEVELS.map(({ at }) => evenly(quarterRing(plate, at, front), columns));
    const { grid, raise } = skirtGrid(plate, rings);
    const chest = chestGrid(
      plate,
      rings.at(-1)!,
      front ? BREAST : BACK,
      front ? armhole.front : armhole.back,
      seam,
      shoulder,
    );
    return { grid: [...grid, ...chest.slice(1)], raise, front };
  });
}

/** `count + 1` points along a line drawn on the plate. */
function plateLine(plate: Field, points: readonly Vec3[], count: number): Vec3[] {
  return evenly(curveThrough(points).map((p) => projectTo(plate, p, 0, 12)), count);
}

/** The rows between the {@linkcode LEVELS}, and how far each stands out. */
function skirtGrid(plate: Field, rings: readonly Vec3[][]): { grid: Vec3[][]; raise: number[] } {
  const grid = [rings[0]], raise = [LEVELS[0].raise];
  for (let k = 1; k < LEVELS.length; k++) {
    const low = rings[k - 1], high = rings[k], { rows } = LEVELS[k];
    const upright = (a: Vec3, b: Vec3) => ends(plateLine(plate, [a, b], rows), a, b);
    grid.push(...coonsGrid(low, high, upright(low[0], high[0]), upright(low.at(-1)!, high.at(-1)!)).slice(1));
    for (let j = 1; j <= rows; j++) {
      raise.push(LEVELS[k - 1].raise + (LEVELS[k].raise - LEVELS[k - 1].raise) * j / rows);
    }
  }
  return { grid, raise };
}

/** Belt to shoulder: full rows over the ribs, then the breast beside the armhole, then the strap beside the neck. */
function chestGrid(
  plate: Field,
  belt: readonly Vec3[],
  lines: BorderLines,
  arm: ArmLines,
  seam: readonly Vec3[],
  shoulder: readonly Vec3[],
): Grid {
  const neck = curveThrough(lines.neck).map((p) => projectTo(plate, p, 0, 12));
  const fork = Math.round(lines.neckShare * (neck.length - 1));
  const chain = (a: Vec3, b: Vec3, count: number) => ends(plateLine(plate, [a, between(a, b, 0.5), b], count), a, b);

  const breastBone = ringPoint(plate, arm.breast[0][1] - 0.012, neck[0][2] > 0 ? 0 : 0.5);
  const ribsTop = [
    ...chain(breastBone, arm.breast[0], COLUMNS.neck + COLUMNS.strap),
    ...[...arm.under].reverse().slice(1),
  ];
  const ribs = coonsGrid(belt, ribsTop, chain(belt[0], breastBone, ROWS.ribs), seam);

  const breastTop = [
    ...evenly(neck.slice(0, fork + 1), COLUMNS.neck),
    ...chain(neck[fork], arm.strap[0], COLUMNS.strap).slice(1),
  ];
  const breastBottom = ribsTop.slice(0, COLUMNS.neck + COLUMNS.strap + 1);
  const breast = coonsGrid(breastBottom, breastTop, chain(breastBone, neck[0], ROWS.breast), arm.breast);

  const inner = ends(evenly(neck.slice(fork), ROWS.strap), undefined, shoulder[0]);
  const strap = coonsGrid(breastTop.slice(COLUMNS.neck), shoulder, inner, arm.strap);
  const nothing = new Array<undefined>(COLUMNS.neck).fill(undefined);
  return [...ribs, ...breast.slice(1), ...strap.slice(1).map((points) => [...nothing, ...points])];
}

/** One side of the armhole: above the ribs, beside the breast, beside the strap. */
interface ArmLines {
  readonly under: readonly Vec3[];
  readonly breast: readonly Vec3[];
  readonly strap: readonly Vec3[];
}

/** The armhole as one smooth closed line, parted at the armpit and at the shoulder. */
function armholeLines(plate: Field): { front: ArmLines; back: ArmLines; bottom: Vec3; top: Vec3 } {
  // Two points more at either end, so that the curve is smooth at the armpit too.
  const around = [
    BACK.arm[1],
    BACK.arm[0],
    ARMPIT,
    ...BREAST.arm,
    SHOULDER_END,
    ...[...BACK.arm].reverse(),
    ARMPIT,
    BREAST.arm[0],
    BREAST.arm[1],
  ];
  const steps = 16;
  const curve = curveThrough(around, steps).map((p) => projectTo(plate, p, 0, 12));
  const start = 2 * steps, middle = (3 + BREAST.arm.length) * steps, end = curve.length - 2 * steps;
  const parted = (line: Vec3[], shares: readonly [number, number]): ArmLines => {
    const [a, b] = shares.map((share) => Math.round(share * (line.length - 1)));
    return {
      under: evenly(line.slice(0, a + 1), COLUMNS.arm),
      breast: evenly(line.slice(a, b + 1), ROWS.breast),
      strap: evenly(line.slice(b), ROWS.strap),
    };
  };
  return {
    front: parted(curve.slice(start, middle + 1), BREAST.armShares),
    back: parted(curve.slice(middle, end).reverse(), BACK.armShares),
    bottom: curve[start],
    top: curve[middle],
  };
}

/** Points by row and column; rows may be shorter at the end and have holes at the start. */
export type Grid = (Vec3 | undefined)[][];

/** The quarter of a ring around the body from the middle (front or back) to the left side, `heights` at front, side and back. */
function quarterRing(plate: Field, heights: Heights, front: boolean): Vec3[] {
  const steps = 48;
  return Array.from({ length: steps + 1 }, (_, k) => {
    const t = k / steps;
    const height = (front ? heights[0] : heights[2]) * (1 - smoothStep(0, 1, t)) + heights[1] * smoothStep(0, 1, t);
    return ringPoint(plate, height, front ? t / 4 : 0.5 - t / 4);
  });
}

/** Where a level ray from the body's axis leaves the plate; `turn` 0 is forward, 1/4 to the left. */
function ringPoint(plate: Field, height: number, turn: number): Vec3 {
  const [forward, left] = circle(turn);
  let inner = 0, outer = 0.4;
  for (let k = 0; k < 40; k++) {
    const middle = (inner + outer) / 2;
    if (plate(left * middle, height, forward * middle) < 0) inner = middle;
    else outer = middle;
  }
  return [left * inner, height, forward * inner];
}

/** The points with the first and the last one replaced, so that neighbouring curves meet in the same bits. */
function ends(points: readonly Vec3[], first = points[0], last = points[points.length - 1]): Vec3[] {
  return [first, ...points.slice(1, -1), last];
}
