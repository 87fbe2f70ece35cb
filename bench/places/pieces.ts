import type { SkinWeights, TriangleMesh } from "../../fitting/mod.ts";

/** A body as its file has it; all bodies of the samples are one mesh in different shapes. */
export interface Body {
  readonly mesh: TriangleMesh;
  readonly skin: SkinWeights;
  readonly jointNames: readonly string[];
}

/** A piece as it is worn on the body it was made on, and the same piece as it is worn on the body it goes to. */
export interface Piece {
  readonly name: string;
  readonly worn: TriangleMesh;
  readonly truth: Float32Array;
  readonly body: string;
  /** It may as well be worn on the other side, or turned about itself: what counts is where its surface lies. */
  readonly isAlikeTurned: boolean;
}

/** Share of a vertex that joints move whose names match. */
type Share = (names: RegExp) => number;
/** Whether a vertex belongs to a piece: by its joints, and its place relative to the places of joints. */
type Covers = (share: Share, x: number, y: number, z: number, joint: (name: string) => Place) => boolean;
type Place = readonly [x: number, y: number, z: number];

interface Cut {
  readonly name: string;
  /** Air between skin and piece, metres. */
  readonly air: number;
  readonly covers: Covers;
  readonly isAlikeTurned?: boolean;
}

const along = (p: Place, from: Place, to: Place) => {
  let dot = 0, lengthSq = 0;
  for (let k = 0; k < 3; k++) {
    dot += (p[k] - from[k]) * (to[k] - from[k]);
    lengthSq += (to[k] - from[k]) ** 2;
  }
  return dot / lengthSq;
};
const between = (value: number, low: number, high: number) => value > low && value < high;
/** Between two joints, as shares of the way. */
const slice = (names: RegExp, from: string, to: string, low: number, high: number): Covers => (share, x, y, z, joint) =>
  share(names) > 0.5 && between(along([x, y, z], joint(from), joint(to)), low, high);

/** Pieces cut from the skin of a body, lifted off it. */
const CUTS: readonly Cut[] = [
  { name: "glove", air: 0.002, covers: (s) => s(/hand_l|(index|middle|ring|pinky|thumb)_.*_l/) > 0.5 },
  { name: "bracer", air: 0.006, covers: slice(/lowerarm_l/, "lowerarm_l", "hand_l", 0.15, 0.85), isAlikeTurned: true },
  {
    name: "bracelet",
    air: 0.004,
    covers: slice(/lowerarm_l|hand_l/, "lowerarm_l", "hand_l", 0.8, 0.97),
    isAlikeTurned: true,
  },
  {
    name: "finger ring",
    air: 0.001,
    covers: slice(/ring_0._l/, "ring_01_l", "ring_02_l", 0.3, 0.75),
    isAlikeTurned: true,
  },
  {
    name: "arm ring",
    air: 0.005,
    covers: slice(/upperarm_l/, "upperarm_l", "lowerarm_l", 0.4, 0.65),
    isAlikeTurned: true,
  },
  { name: "collar", air: 0.006, covers: slice(/neck/, "neck_01", "head", 0.1, 0.9) },
  {
    name: "belt",
    air: 0.008,
    covers: (_s, x, y, _z, j) => Math.abs(x) < 0.3 && between(y - j("pelvis")[1], -0.02, 0.07),
  },
  {
    name: "mask",
    air: 0.006,
    covers: (s, _x, y, z, j) => s(/head/) > 0.5 && y > j("head")[1] && z > j("head")[2] + 0.05,
  },
  {
    name: "cap",
    air: 0.008,
    covers: (s, _x, y, z, j) => s(/head/) > 0.5 && y + 0.3 * (j("head")[2] - z) > j("head")[1] + 0.13,
  },
  { name: "crown", air: 0.01, covers: (s, _x, y, _z, j) => s(/head/) > 0.5 && between(y - j("head")[1], 0.12, 0.17) },
  {
    name: "goggles",
    air: 0.008,
    covers: (s, _x, y, z, j) => s(/head/) > 0.5 && between(y - j("head")[1], 0.06, 0.11) && z > j("head")[2] + 0.05,
  },
  {
    name: "chest plate",
    air: 0.01,
    covers: (s, _x, y, z, j) => s(/spine|clavicle/) > 0.6 && z > j("spine_02")[2] + 0.02 && y > j("spine_01")[1],
  },
  {
    name: "back plate",
    air: 0.01,
    covers: (s, _x, y, z, j) => s(/spine|clavicle/) > 0.6 && z < j("spine_02")[2] - 0.02 && y > j("spine_01")[1],
  },
  { name: "cuirass", air: 0.01, covers: (s) => s(/spine|clavicle/) > 0.6 },
  {
    name: "pauldron",
    air: 0.012,
    covers: (s, _x, y, _z, j) =>
      s(/upperarm_l|clavicle_l/) > 0.5 && y > j("upperarm_l")[1] - 0.04 && s(/upperarm_l/) > 0.3,
  },
  {
    name: "knee guard",
    air: 0.01,
    covers: (s, _x, y, z, j) =>
      s(/thigh_l|calf_l/) > 0.5 && between(y - j("calf_l")[1], -0.09, 0.09) && z > j("calf_l")[2],
  },
  {
    name: "greave",
    air: 0.006,
    covers: (s, _x, y, z, j) =>
      s(/calf_l/) > 0.5 && between(along([_x, y, z], j("calf_l"), j("foot_l")), 0.1, 0.85) && z > j("calf_l")[2] - 0.03,
  },
  {
    name: "pair of greaves",
    air: 0.006,
    covers: (s, _x, y, z, j) =>
      s(/calf_/) > 0.5 && between(y - j("foot_l")[1], 0.05, 0.35) && z > j("calf_l")[2] - 0.03,
  },
  {
    name: "sock",
    air: 0.003,
    covers: (s, _x, y, _z, j) => s(/foot_l|ball_l|calf_l/) > 0.5 && y < j("foot_l")[1] + 0.08,
  },
  {
    name: "pair of socks",
    air: 0.003,
    covers: (s, _x, y, _z, j) => s(/foot_|ball_|calf_/) > 0.5 && y < j("foot_l")[1] + 0.08,
  },
  {
    name: "shirt",
    air: 0.006,
    covers: (s, _x, y, _z, j) => s(/spine|clavicle|upperarm|pelvis/) > 0.6 && y > j("pelvis")[1],
  },
  {
    name: "trousers",
    air: 0.006,
    covers: (s, _x, y, _z, j) => s(/pelvis|thigh|calf|spine_01/) > 0.6 && y < j("pelvis")[1] + 0.06,
  },
  {
    name: "briefs",
    air: 0.003,
    covers: (s, _x, y, _z, j) => s(/pelvis|thigh|spine_01/) > 0.6 && between(y - j("pelvis")[1], -0.15, 0.05),
  },
  {
    name: "bra",
    air: 0.003,
    covers: (s, _x, y, _z, j) => s(/spine/) > 0.6 && between(y - j("spine_03")[1], -0.12, 0.04),
  },
];

/** The pieces cut from the skin of `made`, as they are worn on it and on `worn`. */
export function cutPieces(made: Body, worn: Body, body: string): Piece[] {
  const joints = jointPlaces(made);
  return CUTS.map(({ name, air, covers, isAlikeTurned = false }) => {
    const { indices } = made.mesh, keep = new Uint8Array(made.mesh.positions.length / 3);
    for (let v = 0; v < keep.length; v++) {
      const [x, y, z] = made.mesh.positions.subarray(3 * v, 3 * v + 3);
      keep[v] = covers((names) => shareOf(made, v, names), x, y, z, (joint) => joints.get(joint)!) ? 1 : 0;
    }
    const faces: number[] = [];
    for (let f = 0; f < indices.length; f += 3) {
      const corners = [...indices.subarray(f, f + 3)];
      if (corners.every((v) => keep[v] === 1)) faces.push(...corners);
    }
    const used = [...new Set(faces)].sort((a, b) => a - b), renamed = new Map(used.map((v, n) => [v, n]));
    const lift = (on: Body) => Float32Array.from(used.flatMap((v) => lifted(on.mesh, normalsOf(on.mesh), v, air)));
    return {
      name,
      worn: { positions: lift(made), indices: Uint32Array.from(faces, (v) => renamed.get(v)!) },
      truth: lift(worn),
      body,
      isAlikeTurned,
    };
  });
}

/** A skirt that hangs from the waist to the knee, and a cape from the shoulders to the calves, of a shape that follows the body. */
export function hangingPieces(made: Body, worn: Body, body: string): Piece[] {
  return [
    { name: "skirt", from: 0.6, to: 0.3, flare: 0.25, start: 0, turn: 1 },
    { name: "long skirt", from: 0.6, to: 0.06, flare: 0.3, start: 0, turn: 1 },
    { name: "cape", from: 0.8, to: 0.15, flare: 0.1, start: 0.5, turn: 0.5 },
  ].map(({ name, ...shape }) => {
    const positions = hanging(made, shape), indices: number[] = [];
    for (let r = 0; r + 1 < ROWS; r++) {
      for (let c = 0; c < COLUMNS; c++) {
        const a = r * (COLUMNS + 1) + c, b = a + COLUMNS + 1;
        indices.push(a, b, a + 1, a + 1, b, b + 1);
      }
    }
    return {
      name,
      worn: { positions, indices: Uint32Array.from(indices) },
      truth: hanging(worn, shape),
      body,
      isAlikeTurned: false,
    };
  });
}

const ROWS = 20, COLUMNS = 40;

/** Rows of a sheet around the middle: each as wide as all above it, and flaring. */
function hanging(
  { mesh: { positions } }: Body,
  { from, to, flare, start, turn }: { from: number; to: number; flare: number; start: number; turn: number },
): Float32Array {
  let height = 0, depth = 0, count = 0;
  for (let v = 0; v < positions.length; v += 3) height = Math.max(height, positions[v + 1]);
  for (let v = 0; v < positions.length; v += 3) {
    if (!between(positions[v + 1] / height, from - 0.03, from + 0.03) || Math.abs(positions[v]) > 0.115 * height) {
      continue;
    }
    depth += positions[v + 2];
    count++;
  }
  const z0 = depth / count, reach = new Float64Array(COLUMNS + 1), out = new Float32Array(3 * ROWS * (COLUMNS + 1));
  for (let r = 0; r < ROWS; r++) {
    const y = height * (from + (to - from) * r / (ROWS - 1)), next = height * (from - to) / (ROWS - 1);
    for (let c = 0; c <= COLUMNS; c++) {
      const angle = 2 * Math.PI * (start + turn * c / COLUMNS), dx = Math.cos(angle), dz = Math.sin(angle);
      let far = 0;
      for (let v = 0; v < positions.length; v += 3) {
        if (Math.abs(positions[v + 1] - y) > next || Math.abs(positions[v]) > 0.115 * height) continue;
        far = Math.max(far, positions[v] * dx + (positions[v + 2] - z0) * dz);
      }
      reach[c] = Math.max(reach[c] + (r === 0 ? 0 : flare * next), far + 0.006);
    }
    for (let c = 0; c <= COLUMNS; c++) {
      const angle = 2 * Math.PI * (start + turn * c / COLUMNS), o = 3 * (r * (COLUMNS + 1) + c);
      out[o] = reach[c] * Math.cos(angle);
      out[o + 1] = y;
      out[o + 2] = z0 + reach[c] * Math.sin(angle);
    }
  }
  return out;
}

/** Where each joint is: the middle of what it shares with the joint above is near enough, so the file's own places are not needed. */
function jointPlaces({ mesh: { positions }, skin, jointNames }: Body): Map<string, Place> {
  const sums = jointNames.map(() => [0, 0, 0, 0]);
  const { skinJoints, skinWeights, influencesPerVertex: slots } = skin;
  for (let v = 0; 3 * v < positions.length; v++) {
    for (let i = slots * v; i < slots * (v + 1); i++) {
      const parent = parentOf(jointNames[skinJoints[i]]), weight = skinWeights[i];
      for (let n = slots * v; n < slots * (v + 1); n++) {
        if (jointNames[skinJoints[n]] !== parent) continue;
        const sum = sums[skinJoints[i]], shared = weight * skinWeights[n];
        for (let k = 0; k < 3; k++) sum[k] += shared * positions[3 * v + k];
        sum[3] += shared;
      }
    }
  }
  return new Map(jointNames.map((name, j) => {
    const [x, y, z, weight] = sums[j];
    return [name, [x / weight, y / weight, z / weight]] as const;
  }));
}

const PARENTS: Readonly<Record<string, string>> = {
  pelvis: "thigh_l", // there is no skin of the root
  spine_01: "pelvis",
  spine_02: "spine_01",
  spine_03: "spine_02",
  neck_01: "spine_03",
  head: "neck_01",
};

function parentOf(name: string): string {
  const chain = ["clavicle", "upperarm", "lowerarm", "hand"], legs = ["pelvis", "thigh", "calf", "foot", "ball"];
  const side = name.slice(-2), stem = name.slice(0, -2), finger = /^(.*_0)([23])_(.)$/.exec(name);
  if (PARENTS[name] !== undefined) return PARENTS[name];
  if (finger !== null) return `${finger[1]}${Number(finger[2]) - 1}_${finger[3]}`;
  if (/_01_/.test(name)) return `hand${side}`;
  const at = Math.max(chain.indexOf(stem), 0) || legs.indexOf(stem), list = chain.includes(stem) ? chain : legs;
  return stem === "clavicle" ? "spine_03" : list[at - 1] === "pelvis" ? "pelvis" : `${list[at - 1]}${side}`;
}

function shareOf(
  { skin: { skinJoints, skinWeights, influencesPerVertex: slots }, jointNames }: Body,
  v: number,
  names: RegExp,
): number {
  let share = 0;
  for (let i = slots * v; i < slots * (v + 1); i++) if (names.test(jointNames[skinJoints[i]])) share += skinWeights[i];
  return share;
}

const NORMALS = new WeakMap<TriangleMesh, Float64Array>();

/** Normals of all vertices that lie at one place, evened out so that a piece does not cross itself. */
function normalsOf(mesh: TriangleMesh): Float64Array {
  const known = NORMALS.get(mesh);
  if (known !== undefined) return known;
  const { positions: p, indices } = mesh, places = new Map<string, number>();
  const placeOf = Array.from({ length: p.length / 3 }, (_, v) => {
    const key = p.subarray(3 * v, 3 * v + 3).join();
    if (!places.has(key)) places.set(key, places.size);
    return places.get(key)!;
  });
  let sums = new Float64Array(3 * places.size);
  for (let f = 0; f < indices.length; f += 3) {
    const [i, j, k] = [3 * indices[f], 3 * indices[f + 1], 3 * indices[f + 2]];
    const u = [0, 1, 2].map((c) => p[j + c] - p[i + c]), w = [0, 1, 2].map((c) => p[k + c] - p[i + c]);
    const n = [u[1] * w[2] - u[2] * w[1], u[2] * w[0] - u[0] * w[2], u[0] * w[1] - u[1] * w[0]];
    for (const v of [i, j, k]) for (let c = 0; c < 3; c++) sums[3 * placeOf[v / 3] + c] += n[c];
  }
  for (let pass = 0; pass < 4; pass++) {
    normalise(sums);
    const next = sums.slice();
    for (let f = 0; f < indices.length; f += 3) {
      for (let a = 0; a < 3; a++) {
        const to = 3 * placeOf[indices[f + a]], from = 3 * placeOf[indices[f + (a + 1) % 3]];
        for (let c = 0; c < 3; c++) next[to + c] += 0.3 * sums[from + c];
      }
    }
    sums = next;
  }
  normalise(sums);
  const out = Float64Array.from({ length: p.length }, (_, i) => sums[3 * placeOf[(i - i % 3) / 3] + i % 3]);
  NORMALS.set(mesh, out);
  return out;
}

function normalise(vectors: Float64Array): void {
  for (let i = 0; i < vectors.length; i += 3) {
    const length = Math.hypot(vectors[i], vectors[i + 1], vectors[i + 2]) || 1;
    for (let k = 0; k < 3; k++) vectors[i + k] /= length;
  }
}

function lifted({ positions }: TriangleMesh, normals: Float64Array, v: number, air: number): number[] {
  return [0, 1, 2].map((k) => positions[3 * v + k] + air * normals[3 * v + k]);
}
