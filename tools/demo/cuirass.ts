/**
 * A plate cuirass made on a body: breast and back in one sheet, with a keel, a flared skirt, rolled edges and rivets.
 *
 * @module
 */
import { onGrid } from "./body.ts";
import { type Grid, plateGrids } from "./cuirass_grids.ts";
import { type Field, loft, normalAt, projectTo, type Section, smoothMin } from "./field.ts";
import { GlbWriter } from "./glb.ts";
import { addQuad, boundaryLoops, type PlateMesh, splitAtCreases, type Uv, withMirrorImage } from "./plate_mesh.ts";
import { addRivets } from "./rivets.ts";
import { rollEdges } from "./rolled_edge.ts";
import { addScaled, between, smoothStep, type Vec3 } from "./vec.ts";

/** The swell of the breastplate, by height: it bridges what the chest leaves hollow. */
const SWELL: readonly Section[] = [
  { at: 1.09, side: 0.1, front: 0.082, frontShift: 0.006 },
  { at: 1.17, side: 0.112, front: 0.1, frontShift: 0.016 },
  { at: 1.26, side: 0.12, front: 0.106, frontShift: 0.01 },
  { at: 1.33, side: 0.1, front: 0.085, frontShift: 0 },
];

/** Rounds of evening out the grid. */
const ROUNDS = 5;
/** Faces that meet at more than about 28 degrees get a hard edge. */
const CREASE_COSINE = 0.88;

/** The .glb bytes of the cuirass for a body given as a field. */
export function cuirassGlb(body: Field): Uint8Array<ArrayBuffer> {
  const plate = plateField(body);
  const half = makeHalf(plate);
  const rivets: PlateMesh = { points: [], faces: [] };
  addRivets(rivets, plate);
  const metal = rollEdges(withMirrorImage(half), body);
  const whole = joined(metal, withMirrorImage(rivets));
  const split = splitAtCreases(whole, CREASE_COSINE);

  const glb = new GlbWriter();
  const attributes = {
    POSITION: glb.add(
      new Float32Array(split.sources.flatMap((v) => whole.points[v].map(onGrid))),
      "VEC3",
      "attributes",
      true,
    ),
    NORMAL: glb.add(new Float32Array(split.normals.flat()), "VEC3", "attributes"),
    TEXCOORD_0: glb.add(new Float32Array(split.uvs.flat()), "VEC2", "attributes"),
  };
  const indices = glb.add(new Uint16Array(split.faces.flat()), "SCALAR", "indices");
  return glb.finish({
    asset: { version: "2.0", generator: "Meshtailor demo assets" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: "cuirass", mesh: 0 }],
    meshes: [{ name: "cuirass", primitives: [{ attributes, indices, material: 0 }] }],
    materials: [{
      name: "steel",
      doubleSided: true,
      pbrMetallicRoughness: { baseColorFactor: [0.56, 0.57, 0.58, 1], metallicFactor: 1, roughnessFactor: 0.34 },
    }],
  });
}

/** The plate's surface as a field: the body, grown by the air below the plate, with the breast's swell. */
function plateField(body: Field): Field {
  const swell = loft([0, 0, 0], [0, 1, 0], [0, 0, 1], SWELL).field;
  return (x, y, z) => smoothMin(body(x, y, z) - 0.0065, swell(x, y, z), 0.03) - keel(x, y, z) - flare(y);
}

/** The ridge down the middle of the breast: sharp at x = 0, fading out below the neck. */
function keel(x: number, y: number, z: number): number {
  const t = Math.max(0, 1 - Math.abs(x) / 0.06);
  const upwards = 1 - 0.6 * smoothStep(1.3, 1.42, y), downwards = 1 - 0.5 * smoothStep(0, 0.1, 1.08 - y);
  return 0.014 * t * t * smoothStep(0, 0.06, z) * upwards * downwards;
}

/** The skirt leaves the body below the waist. */
function flare(y: number): number {
  return 0.19 * Math.max(0, 1.074 - y);
}

/** The left half of the sheet, evened out and embossed. */
function makeHalf(plate: Field): PlateMesh {
  const sheet = new Sheet();
  for (const { grid, raise, front } of plateGrids(plate)) sheet.add(grid, raise, front);
  sheet.evenOut(plate);
  sheet.emboss(plate);
  return sheet.mesh;
}

/** Two quarter-turn grids that share their points along the side and the shoulder. */
class Sheet {
  readonly mesh: PlateMesh = { points: [], faces: [] };
  readonly #made = new Map<string, number>();
  readonly #raise = new Map<number, number>();

  /** Adds a grid, rows from the hem up, columns from the middle to the side; `raise` says how far the first rows stand out. */
  add(grid: Grid, raise: readonly number[], front: boolean): void {
    const names = grid.map((row) => row.map((p, i) => p && this.#point(i === 0 ? [0, p[1], p[2]] : p)));
    const rows = grid.length - 1, columns = grid[0].length - 1;
    raise.forEach((height, j) => names[j].forEach((v) => this.#raise.set(v!, height)));
    // Left half of the texture: the breast below, the back above; the mirror image takes the right half.
    const uv = (i: number, j: number): Uv => [0.5 - 0.46 * i / columns, (front ? 0.45 : 0.9) - 0.42 * j / rows];
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        const around = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]] as const;
        const ordered = front ? around : [...around].reverse();
        const corners = ordered.map(([a, b]) => names[b][a]).filter((v) => v !== undefined);
        if (corners.length === 4) addQuad(this.mesh, "sheet", corners, ordered.map(([a, b]) => uv(a, b)));
      }
    }
  }

  /** Moves free points to the middle of their neighbours and back onto the plate. */
  evenOut(plate: Field): void {
    const { points, faces } = this.mesh;
    const rings = points.map(() => new Set<number>());
    for (const { corners } of faces) {
      for (const a of corners) for (const b of corners) if (a !== b) rings[a].add(b);
    }
    const fixed = new Set([...this.#raise.keys(), ...this.#borders()]);
    for (let round = 0; round < ROUNDS; round++) {
      points.forEach((p, v) => {
        if (fixed.has(v)) return;
        const others = [...rings[v]];
        const mean = others.reduce<Vec3>((sum, n) => addScaled(sum, points[n], 1 / others.length), [0, 0, 0]);
        const moved = projectTo(plate, between(p, mean, 0.5), 0, 3);
        points[v] = p[0] === 0 ? [0, moved[1], moved[2]] : moved;
      });
    }
  }

  /** The points on open edges, but for the middle line's own. */
  #borders(): number[] {
    const loops = boundaryLoops(this.mesh), { points } = this.mesh;
    const isMiddle = (v: number) => points[v][0] === 0;
    return loops.flatMap((loop) =>
      loop.filter((v, k) => !isMiddle(v) || !isMiddle(loop.at(k - 1)!) || !isMiddle(loop[(k + 1) % loop.length]))
    );
  }

  /** Pushes raised rows out along the plate's normals. */
  emboss(plate: Field): void {
    const { points } = this.mesh;
    for (const [v, height] of this.#raise) {
      const [x, y, z] = addScaled(points[v], normalAt(plate, points[v]), height);
      points[v] = [points[v][0] === 0 ? 0 : x, y, z];
    }
  }

  #point(p: Vec3): number {
    const key = p.join();
    let v = this.#made.get(key);
    if (v === undefined) {
      v = this.mesh.points.push(p) - 1;
      this.#made.set(key, v);
    }
    return v;
  }
}

function joined(a: PlateMesh, b: PlateMesh): PlateMesh {
  const shift = a.points.length;
  const moved = b.faces.map(({ corners: [p, q, r], ...rest }) => ({
    corners: [p + shift, q + shift, r + shift] as const,
    ...rest,
  }));
  return { points: [...a.points, ...b.points], faces: [...a.faces, ...moved] };
}
