import { BufferAttribute, BufferGeometry, Vector3 } from "three";
import { CENTER, type HitPointInfo, MeshBVH } from "three-mesh-bvh";
import { closestPoints } from "../../fitting/surface/closest_points.ts";
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { SurfaceHit, SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { pointsNear } from "../../tests/fitting/_body.ts";
import { seeded } from "../../tests/fitting/_meshes.ts";
import { coldMs } from "./cold.ts";
import { bodies, facesOf, sorted } from "./meshes.ts";
import { answerOf, compilePeer, startPeer } from "./peer.ts";
import { assertAgree, type Contestant, race } from "./race.ts";
import { type Goal, type Row, row } from "./row.ts";

/** Points asked of the body as it is, and parted: about as dense on its surface. */
const POINTS = [20_000, 60_000, 60_000], ROUNDS = 7;
/** Batches write f32 and Embree computes in it. */
const TOLERANCE = 1e-5;

const TS: Goal = { kind: "at least", must: 2.2, moonshot: 2.2 };
const SIMD: Goal = { kind: "at least", must: 5.5, moonshot: 6.5 };
const EMBREE: Goal = { kind: "at least", must: 2, moonshot: 2.4 }, EMBREE_LARGE: Goal = { ...EMBREE, moonshot: 2 };

/** three's tree over the same mesh. */
export function threeTree({ positions, indices }: TriangleMesh): MeshBVH {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices.slice(), 1));
  return new MeshBVH(geometry, { strategy: CENTER });
}

function byThree(tree: MeshBVH, points: Float32Array): Contestant {
  const point = new Vector3(), target = {} as HitPointInfo;
  return () => {
    let sum = 0;
    for (let k = 0; k < points.length; k += 3) {
      sum += tree.closestPointToPoint(point.fromArray(points, k), target)!.distance;
    }
    return sum;
  };
}

function byBatch(index: SurfaceIndex, points: Float32Array, scope: BufferScope): Contestant {
  const count = points.length / 3;
  const out = {
    faces: new Int32Array(count),
    barycentric: new Float32Array(3 * count),
    distances: new Float32Array(count),
  };
  return () => {
    closestPoints(index, points, out, scope);
    return out.distances.reduce((sum, distance) => sum + distance, 0);
  };
}

/** Closest points: TypeScript and SIMD against three-mesh-bvh and Embree, points in order and not. */
export async function closestRows(folder: string, say: (line: string) => void): Promise<Row[]> {
  const program = await compilePeer("embree_closest", folder, ["-lembree3"]), rows: Row[] = [];
  if (program.startsWith("skipped")) say(program);
  const [coldSimd, coldScalar] = await coldMs([["closest"], ["closest", "scalar"]]);
  for (const [level, mesh] of bodies().entries()) {
    using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
    using plain = new BufferScope(new BufferPool({ idleMs: Infinity, wasm: false }));
    const simd = SurfaceIndex.build(mesh, scope), scalar = SurfaceIndex.build(mesh, plain), three = threeTree(mesh);
    for (const [order, offset] of [["sorted", 0.02], ["random", 0.02], ["sorted", 0.2]] as const) {
      const count = POINTS[level],
        random = pointsNear(mesh, count, offset, seeded(1)),
        points = order === "sorted" ? sorted(random) : random;
      const sizes = Int32Array.of(mesh.positions.length / 3, mesh.indices.length / 3, count);
      const embree = program.startsWith("skipped") || order === "random"
        ? undefined
        : await startPeer(program, [sizes, mesh.positions, mesh.indices, points]);
      const contestants = [byThree(three, points), byBatch(scalar, points, scope), byBatch(simd, points, scope)];
      if (embree !== undefined) contestants.push(async () => answerOf(await embree.round()));
      const result = await race(contestants, ROUNDS), [threeMs, tsMs, simdMs, embreeMs] = result.medians;
      await embree?.end();
      assertAgree(result, TOLERANCE, "closest points");
      const rate = (ms: number) => `${(count / ms).toFixed(0)} k/s`;
      const size = `${facesOf(mesh)}, ${order}, ${100 * offset} cm`, isFirst = level === 0 && rows.length === 0;
      const cold = (ms: number) => isFirst ? rate(ms) : undefined;
      const base = { size, against: "three-mesh-bvh", theirs: rate(threeMs) };
      rows.push(
        row({
          ...base,
          kernel: "closest point, TypeScript",
          ours: rate(tsMs),
          figure: threeMs / tsMs,
          goal: TS,
          cold: cold(coldScalar),
        }),
        row({
          ...base,
          kernel: "closest point, SIMD",
          ours: rate(simdMs),
          figure: threeMs / simdMs,
          goal: SIMD,
          cold: cold(coldSimd),
        }),
      );
      if (embree === undefined) continue;
      const against = embree.hello.split(",")[0], figure = embreeMs / simdMs, theirs = rate(embreeMs);
      const goal = level === 0 ? EMBREE : EMBREE_LARGE;
      rows.push(row({ kernel: "closest point, SIMD", size, against, ours: rate(simdMs), theirs, figure, goal }));
    }
  }
  return rows;
}

/** The build of an index, cold and warm, and inside tests. */
export async function indexRows(): Promise<Row[]> {
  const [mesh] = bodies(), size = facesOf(mesh), three = "three-mesh-bvh CENTER";
  const [cold, coldScalar, coldThree, coldInside] = await coldMs([["build"], ["build", "scalar"], ["threeBuild"], [
    "inside",
  ]]);
  using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
  const { medians: [warmThree, warm] } = await race([
    () => threeTree(mesh).geometry.index!.count,
    () => {
      using frame = scope.frame();
      return 3 * SurfaceIndex.build(mesh, frame).faceCount;
    },
  ], ROUNDS);
  const index = SurfaceIndex.build(mesh, scope), points = sorted(pointsNear(mesh, 100_000, 0.02, seeded(1)));
  const hit = new SurfaceHit(), count = points.length / 3;
  const inside = await race([
    () => countWhere(count, (i) => index.isInsideAt(points, i)),
    () => countWhere(count, (i) => index.signedDistance(points[3 * i], points[3 * i + 1], points[3 * i + 2], hit) < 0),
  ], ROUNDS);
  assertAgree(inside, 0, "inside tests");
  const [insideMs, signedMs] = inside.medians, ms = (value: number) => `${value.toFixed(1)} ms`;
  const rate = (value: number) => `${(count / value / 1000).toFixed(2)} M/s`,
    insideGoal: Goal = { kind: "at least", must: 0.5, moonshot: 2 };
  const build: Goal = { kind: "at most", must: 1.1, moonshot: 0.5 };
  return [
    row({
      kernel: "index build, cold, SIMD",
      size,
      against: three,
      ours: ms(cold),
      theirs: ms(coldThree),
      figure: cold / coldThree,
      goal: build,
      cold: ms(cold),
    }),
    row({
      kernel: "index build, cold, TypeScript",
      size,
      against: three,
      ours: ms(coldScalar),
      theirs: ms(coldThree),
      figure: coldScalar / coldThree,
      goal: build,
      cold: ms(coldScalar),
    }),
    row({
      kernel: "index build, warm, SIMD",
      size,
      against: three,
      ours: ms(warm),
      theirs: ms(warmThree),
      figure: warm / warmThree,
    }),
    row({
      kernel: "inside test, 100k points",
      size,
      against: "",
      ours: rate(insideMs),
      theirs: "",
      figure: count / insideMs / 1000,
      unit: " M/s",
      goal: insideGoal,
      cold: `${(20_000 / coldInside / 1000).toFixed(2)} M/s`,
    }),
    row({
      kernel: "signed distance, 100k points",
      size,
      against: "",
      ours: rate(signedMs),
      theirs: "",
      figure: count / signedMs / 1000,
      unit: " M/s",
    }),
  ];
}

function countWhere(count: number, isSo: (i: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < count; i++) if (isSo(i)) found++;
  return found;
}
