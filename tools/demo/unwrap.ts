/**
 * Texture coordinates: a cylinder per region, cut open at the back or the inner side. Points on a cut are
 * doubled, as in every real export, so positions repeat.
 *
 * @module
 */
import type { FigureJoint, JointKind, JointPlaces } from "./figure.ts";
import type { Soup } from "./isosurface.ts";
import { addScaled, cross, dot, mirrored, subtract, turnOf, unit, type Vec3 } from "./vec.ts";

/** A mesh with its points doubled along the cuts. */
export interface Unwrapped {
  /** For each new point, the old one it repeats. */
  readonly sources: number[];
  /** Two texture coordinates a new point, in [0, 1]. */
  readonly uvs: number[];
  readonly faces: [number, number, number][];
}

/**
 * How far a chart runs on behind its cut, for the faces that lie across it, in turns; what would run on farther
 * (at the poles) is pressed together.
 */
const LAST_TURN = 1.1;

/** A cylinder around a part of the body and its place in the texture. */
interface Chart {
  readonly joints: readonly JointKind[];
  /** Start and end of the cylinder's axis. */
  readonly axis: (places: JointPlaces) => readonly [Vec3, Vec3];
  /** Where the cylinder is cut, seen from its axis; on the left side. */
  readonly cut: Vec3;
  /** `[u, v, width, height]` in the texture, for the left side or the middle. */
  readonly tile: readonly [number, number, number, number];
  /** How far the right side's tile lies beside the left one's; absent for a chart of the middle. */
  readonly rightStep?: number;
}

const CHARTS: readonly Chart[] = [
  {
    joints: ["hips", "spine", "chest", "shoulder"],
    axis: (j) => [j.hips, addScaled(j.hips, [0, 1, 0], 1)],
    cut: [0, 0, -1],
    tile: [0.01, 0.01, 0.44, 0.36],
  },
  {
    joints: ["neck", "head"],
    axis: (j) => [j.headTip, addScaled(j.headTip, [0, 1, 0], 1)],
    cut: [0, 0, -1],
    tile: [0.01, 0.4, 0.3, 0.19],
  },
  {
    joints: ["upper_arm", "lower_arm", "hand"],
    axis: (j) => [j.upper_arm, j.handTip],
    cut: [-0.64, -0.77, 0],
    tile: [0.47, 0.5, 0.15, 0.42],
    rightStep: 0.17,
  },
  {
    joints: ["thigh", "shin"],
    axis: (j) => [j.thigh, j.foot],
    cut: [-1, 0, 0],
    tile: [0.47, 0.01, 0.24, 0.46],
    rightStep: 0.26,
  },
  {
    joints: ["foot", "toes"],
    axis: (j) => [j.foot, addScaled(j.foot, [0, 0, 1], 1)],
    cut: [0, -1, 0],
    tile: [0.01, 0.62, 0.14, 0.16],
    rightStep: 0.16,
  },
];

/**
 * Unwraps a body.
 *
 * @param body Closed mesh.
 * @param regions The nearest joint of each point, an index into `joints`.
 */
export function cutSeams(
  body: Soup,
  regions: readonly number[],
  joints: readonly FigureJoint[],
  places: JointPlaces,
): Unwrapped {
  const tiles = CHARTS.flatMap((chart) => tilesOf(chart, places));
  const tileOfJoint = joints.map(({ kind, side }) =>
    tiles.findIndex((t) => t.chart.joints.includes(kind) && (t.side === 0 || t.side === side))
  );
  const faceTiles = body.faces.map((face) => majority(face.map((v) => tileOfJoint[regions[v]])));
  tiles.forEach((tile, t) =>
    tile.measure(body.faces.filter((_, f) => faceTiles[f] === t).flat().map((v) => body.points[v]))
  );

  const sources: number[] = [], uvs: number[] = [];
  const made = new Map<string, number>();
  const faces = body.faces.map((face, f) => {
    const tile = tiles[faceTiles[f]];
    const turns = face.map((v) => tile.turn(body.points[v]));
    const crossesCut = Math.max(...turns) - Math.min(...turns) > 0.5;
    return face.map((v, k) => {
      const lap = crossesCut && turns[k] < 0.5 ? 1 : 0;
      const key = `${v} ${faceTiles[f]} ${lap}`;
      let copy = made.get(key);
      if (copy === undefined) {
        copy = sources.push(v) - 1;
        uvs.push(...tile.place(turns[k] + lap, body.points[v]));
        made.set(key, copy);
      }
      return copy;
    }) as [number, number, number];
  });
  return { sources, uvs, faces };
}

/** A chart on one side of the body. */
class Tile {
  readonly chart: Chart;
  readonly side: -1 | 0 | 1;
  readonly #origin: Vec3;
  readonly #along: Vec3;
  readonly #cut: Vec3;
  readonly #tile: readonly [number, number, number, number];
  #low = 0;
  #high = 1;

  constructor(chart: Chart, side: -1 | 0 | 1, places: JointPlaces) {
    const onSide = (p: Vec3) => side < 0 ? mirrored(p) : p;
    const [a, b] = chart.axis(places);
    this.chart = chart;
    this.side = side;
    this.#origin = onSide(a);
    this.#along = unit(onSide(subtract(b, a)));
    const cut = onSide(chart.cut);
    this.#cut = unit(addScaled(cut, this.#along, -dot(cut, this.#along)));
    const [u, v, width, height] = chart.tile;
    this.#tile = [side < 0 ? u + (chart.rightStep ?? 0) : u, v, width, height];
  }

  /** Takes the extent along the axis from the points that will be placed. */
  measure(points: readonly Vec3[]): void {
    const heights = points.map((p) => this.#height(p));
    this.#low = heights.reduce((a, b) => Math.min(a, b), Infinity);
    this.#high = heights.reduce((a, b) => Math.max(a, b), -Infinity);
  }

  /** The angle of a point around the axis, from the cut; [0, 1). */
  turn(p: Vec3): number {
    const from = subtract(p, this.#origin);
    return turnOf(dot(from, this.#cut), dot(from, cross(this.#along, this.#cut)));
  }

  place(turn: number, p: Vec3): [number, number] {
    const [u, v, width, height] = this.#tile;
    return [
      u + width * Math.min(turn / LAST_TURN, 1),
      v + height * (this.#high - this.#height(p)) / (this.#high - this.#low),
    ];
  }

  #height(p: Vec3): number {
    return dot(subtract(p, this.#origin), this.#along);
  }
}

function tilesOf(chart: Chart, places: JointPlaces): Tile[] {
  const sides = chart.rightStep === undefined ? [0] as const : [1, -1] as const;
  return sides.map((side) => new Tile(chart, side, places));
}

/** The value two corners agree on, or the first corner's. */
function majority([a, b, c]: number[]): number {
  return b === c ? b : a;
}
