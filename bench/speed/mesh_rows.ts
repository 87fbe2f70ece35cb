import { BufferAttribute, BufferGeometry } from "three";
import { laplacianSmooth } from "../../fitting/smooth/laplacian_smooth.ts";
import { buildTopology } from "../../fitting/topology/topology.ts";
import { vertexNormals } from "../../fitting/normals/vertex_normals.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { coldMs } from "./cold.ts";
import { shakenGrid } from "./meshes.ts";
import { answerOf, compilePeer, startPeer } from "./peer.ts";
import { assertAgree, type Contestant, race } from "./race.ts";
import { type Goal, type Row, row } from "./row.ts";

const ROUNDS = 15;
const NORMALS: Goal = { kind: "at least", must: 5, moonshot: 14 };
const SMOOTH: Goal = { kind: "at most", must: 4, moonshot: 1.8 };
const TOPOLOGY: Goal = { kind: "at most", must: 40, moonshot: 20 };

const ms = (value: number) => `${value.toFixed(1)} ms`;

/** Normals, smoothing and connectivity of 100,489 vertices. */
export async function meshRows(folder: string, say: (line: string) => void): Promise<Row[]> {
  const mesh = shakenGrid(317), size = "100k vertices";
  using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
  using plain = new BufferScope(new BufferPool({ idleMs: Infinity, wasm: false }));
  const topology = buildTopology(mesh, scope, scope), out = new Float32Array(mesh.positions.length);
  const geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(mesh.positions, 3))
    .setIndex(new BufferAttribute(mesh.indices, 1));
  const [coldNormals, coldSmooth, coldTopology] = await coldMs([["normals"], ["smooth"], ["topology"]]);
  const checksum = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let k = 0; k < values.length; k++) sum += Math.abs(values[k]);
    return sum;
  };
  const normalsBy = (scope: BufferScope, weighting: "area" | "angle"): Contestant => () => {
    vertexNormals(mesh, topology, out, scope, { weighting });
    return out[1];
  };
  const normals = await race([
    () => {
      geometry.computeVertexNormals();
      return geometry.getAttribute("normal").array[1];
    },
    normalsBy(plain, "area"),
    normalsBy(scope, "area"),
  ], ROUNDS);
  assertAgree(normals, 1e-4, "normals");
  const angles = await race([normalsBy(plain, "angle"), normalsBy(scope, "angle")], ROUNDS);
  assertAgree(angles, 0, "normals on both paths");
  const [three, area, areaSimd] = normals.medians, [angle, angleSimd] = angles.medians;
  const vs = { size, against: "three", theirs: ms(three) };
  const rows = [
    row({ ...vs, kernel: "normals by area, TypeScript", ours: ms(area), figure: three / area }),
    row({ ...vs, kernel: "normals by area, SIMD", ours: ms(areaSimd), figure: three / areaSimd, goal: NORMALS }),
    row({ ...vs, kernel: "normals by angle (three: area), TypeScript", ours: ms(angle), figure: three / angle }),
    row({
      ...vs,
      kernel: "normals by angle (three: area), SIMD",
      ours: ms(angleSimd),
      figure: three / angleSimd,
      cold: ms(coldNormals),
    }),
  ];

  const program = await compilePeer("smooth", folder);
  if (program.startsWith("skipped")) say(program);
  const { ringOffsets, ringVertices, isBoundary, representative } = topology;
  const places = Float64Array.from(
    { length: 3 * representative.length },
    (_, k) => mesh.positions[3 * representative[Math.floor(k / 3)] + k % 3],
  );
  const native = program.startsWith("skipped") ? undefined : await startPeer(program, [
    Int32Array.of(representative.length, ringVertices.length),
    ringOffsets,
    ringVertices,
    places,
    isBoundary,
  ]);
  const smoothBy = (scope: BufferScope): Contestant => () => {
    laplacianSmooth(mesh, topology, out, scope);
    return NaN;
  };
  const smoothing = await race([
    smoothBy(plain),
    smoothBy(scope),
    ...(native === undefined ? [] : [async () => answerOf(await native.round())]),
  ], ROUNDS);
  await native?.end();
  const [smooth, smoothSimd, nativeMs] = smoothing.medians, sum = checksum(out);
  if (native !== undefined && !(Math.abs(smoothing.checksums[2] - sum) <= 1e-6 * sum)) {
    throw new RangeError(
      `Cannot compare smoothing as the sums must agree: they are ${sum} and ${smoothing.checksums[2]}`,
    );
  }
  const by = { size, against: "native C++", theirs: native === undefined ? "" : ms(nativeMs) };
  const goal = native === undefined ? undefined : SMOOTH;
  rows.push(
    row({
      ...by,
      kernel: "10 smoothing iterations, TypeScript",
      ours: ms(smooth),
      figure: smooth / (nativeMs ?? NaN),
      goal,
    }),
    row({
      ...by,
      kernel: "10 smoothing iterations, SIMD",
      ours: ms(smoothSimd),
      figure: smoothSimd / (nativeMs ?? NaN),
      goal,
      cold: ms(coldSmooth),
    }),
  );

  const weld = await race([() => {
    using frame = scope.frame();
    return buildTopology(mesh, frame, scope).edgeCount;
  }], ROUNDS);
  const [weldMs] = weld.medians;
  rows.push(row({
    kernel: "weld, rings, islands, loops",
    size,
    against: "",
    theirs: "",
    ours: ms(weldMs),
    figure: weldMs,
    unit: " ms",
    goal: TOPOLOGY,
    cold: ms(coldTopology),
  }));
  return rows;
}
