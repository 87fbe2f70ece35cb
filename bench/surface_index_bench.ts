/**
 * Closest points, inside tests and builds against three-mesh-bvh (CENTER), in
 * turns in one process, answers compared; and the first build of a process.
 *
 * `deno run -R --allow-env --allow-run bench/surface_index_bench.ts`; without
 * `--allow-run` cold builds are left out, without the shared body an icosphere
 * takes its place. Prints the shortest times and ratios above 1 where we are faster.
 */
import { BufferAttribute, BufferGeometry, Vector3 } from "three";
import { CENTER, type HitPointInfo, MeshBVH } from "three-mesh-bvh";
import { closestPoints } from "../fitting/closest_points.ts";
import type { TriangleMesh } from "../fitting/mesh.ts";
import { INSIDE_WINDING_NUMBER, SurfaceHit, SurfaceIndex } from "../fitting/surface_index.ts";
import { BufferScope } from "../pool/mod.ts";
import { mortonOrder } from "../fitting/_morton_order.ts";
import { pointsNear, quartered, readBody } from "../tests/fitting/_body.ts";
import { icosphere, seeded } from "../tests/fitting/_meshes.ts";
import { assertAgree, raceInterleaved } from "./_interleaved.ts";

const POINT_COUNT = 20_000, ROUNDS = 5, COLD_RUNS = 7;
const scope = new BufferScope(), hit = new SurfaceHit();

function print(line: string): void {
  // deno-lint-ignore no-console -- the result
  console.log(line);
}

function peerOf({ positions, indices }: TriangleMesh): MeshBVH {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices.slice(), 1));
  return new MeshBVH(geometry, { strategy: CENTER });
}

/** The same points along a Morton curve. */
function sorted(points: Float32Array): Float32Array {
  const order = new Uint32Array(points.length / 3);
  mortonOrder(points, order, scope);
  return Float32Array.from({ length: points.length }, (_, k) => points[3 * order[Math.floor(k / 3)] + k % 3]);
}

function raceQueries(name: string, mesh: TriangleMesh, index: SurfaceIndex, peer: MeshBVH, points: Float32Array): void {
  const count = points.length / 3, point = new Vector3(), target = {} as HitPointInfo;
  const out = {
    faces: new Int32Array(count),
    barycentric: new Float32Array(3 * count),
    distances: new Float32Array(count),
  };
  const race = raceInterleaved([
    () => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += peer.closestPointToPoint(point.fromArray(points, 3 * i), target)!.distance;
      return sum;
    },
    () => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        index.closestPointAt(points, i, hit);
        sum += Math.sqrt(hit.distanceSq);
      }
      return sum;
    },
    () => {
      closestPoints(index, points, out, scope);
      return out.distances.reduce((sum, distance) => sum + distance, 0);
    },
  ], ROUNDS);
  assertAgree(race, 1e-6); // the batch writes f32
  const [three, single, batch] = race.bestMs, rate = (ms: number) => `${(count / ms).toFixed(0)} k/s`;
  print(
    `${mesh.indices.length / 3} faces, ${name}: three ${rate(three)}, closestPointAt ${rate(single)} ` +
      `(${(three / single).toFixed(2)}), closestPoints ${rate(batch)} (${(three / batch).toFixed(2)})`,
  );
}

function raceWarmBuilds(mesh: TriangleMesh): void {
  const { bestMs: [three, ours] } = raceInterleaved([
    () => peerOf(mesh).geometry.index!.count,
    () => {
      using frame = scope.frame();
      return 3 * SurfaceIndex.build(mesh, frame, frame).faceCount;
    },
  ], ROUNDS);
  print(`warm build: three ${three.toFixed(1)} ms, ours ${ours.toFixed(1)} ms (${(three / ours).toFixed(2)})`);
}

async function coldBuildMs(which: string): Promise<number> {
  const script = new URL("./_surface_cold_build.ts", import.meta.url).href;
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-R", "--allow-env", script, which] });
  return Number(new TextDecoder().decode((await command.output()).stdout));
}

async function raceColdBuilds(): Promise<void> {
  const three: number[] = [], ours: number[] = [];
  for (let run = 0; run < COLD_RUNS; run++) {
    three.push(await coldBuildMs("three"));
    ours.push(await coldBuildMs("ours"));
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const ratio = median(three) / median(ours);
  print(
    `cold build, median of ${COLD_RUNS}: three ${median(three).toFixed(1)} ms, ours ${median(ours).toFixed(1)} ms (${
      ratio.toFixed(2)
    })`,
  );
}

function timeInsideTests(index: SurfaceIndex, points: Float32Array): void {
  const count = (isInside: (x: number, y: number, z: number) => boolean) => () => {
    let inside = 0;
    for (let k = 0; k < points.length; k += 3) if (isInside(points[k], points[k + 1], points[k + 2])) inside++;
    return inside;
  };
  const race = raceInterleaved([
    count((x, y, z) => index.windingNumber(x, y, z) > INSIDE_WINDING_NUMBER),
    count((x, y, z) => index.isInside(x, y, z)),
    count((x, y, z) => index.signedDistance(x, y, z, hit) < 0),
  ], ROUNDS);
  assertAgree(race, 0);
  const [winding, inside, signed] = race.bestMs.map((ms) => (points.length / 3 / ms).toFixed(0));
  print(`inside, 0.02 m: windingNumber ${winding} k/s, isInside ${inside} k/s, signedDistance ${signed} k/s`);
}

let mesh = readBody() ?? icosphere(5);
raceWarmBuilds(mesh);
for (let size = 0; size < 2; size++) {
  const index = SurfaceIndex.build(mesh, scope, scope), peer = peerOf(mesh);
  for (const offset of [0.02, 0.2]) {
    const points = pointsNear(mesh, POINT_COUNT, offset, seeded(1));
    raceQueries(`random order, ${offset} m`, mesh, index, peer, points);
    raceQueries(`sorted, ${offset} m`, mesh, index, peer, sorted(points));
  }
  if (size === 0) timeInsideTests(index, sorted(pointsNear(mesh, POINT_COUNT, 0.02, seeded(1))));
  mesh = quartered(mesh);
}
if ((await Deno.permissions.query({ name: "run" })).state === "granted") await raceColdBuilds();
