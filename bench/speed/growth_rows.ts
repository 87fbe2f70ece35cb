import { closestPoints } from "../../fitting/surface/closest_points.ts";
import { laplacianSmooth } from "../../fitting/smooth/laplacian_smooth.ts";
import { SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import { buildTopology } from "../../fitting/topology/topology.ts";
import { vertexNormals } from "../../fitting/normals/vertex_normals.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { pointsNear } from "../../tests/fitting/_body.ts";
import { seeded } from "../../tests/fitting/_meshes.ts";
import { body, shakenGrid } from "./meshes.ts";
import { race } from "./race.ts";
import { type Goal, type Row, row } from "./row.ts";

const GOAL: Goal = { kind: "at most", must: 1.15, moonshot: 1.05 };

/** What is done before the clock starts; returns what is timed. */
type Prepared = () => number;

const JOBS: Record<string, (count: number, scope: BufferScope) => Prepared> = {
  "closest points, queries"(count, scope) {
    const { mesh } = body(), index = SurfaceIndex.build(mesh, scope), points = pointsNear(mesh, count, 0.02, seeded(1));
    const out = {
      faces: new Int32Array(count),
      barycentric: new Float32Array(3 * count),
      distances: new Float32Array(count),
    };
    return () => closestPoints(index, points, out, scope);
  },
  "weld, rings, islands, loops, vertices"(count, scope) {
    const mesh = shakenGrid(Math.round(Math.sqrt(count)));
    return () => {
      using frame = scope.frame();
      return buildTopology(mesh, frame, frame).edgeCount;
    };
  },
  "index build, vertices"(count, scope) {
    const mesh = shakenGrid(Math.round(Math.sqrt(count)));
    return () => {
      using frame = scope.frame();
      return SurfaceIndex.build(mesh, frame).faceCount;
    };
  },
  "normals, vertices"(count, scope) {
    const mesh = shakenGrid(Math.round(Math.sqrt(count))), topology = buildTopology(mesh, scope, scope);
    const out = new Float32Array(mesh.positions.length);
    return () => vertexNormals(mesh, topology, out, scope).verticesWithoutNormal;
  },
  "10 smoothing iterations, vertices"(count, scope) {
    const mesh = shakenGrid(Math.round(Math.sqrt(count))), topology = buildTopology(mesh, scope, scope);
    const out = new Float32Array(mesh.positions.length);
    return () => laplacianSmooth(mesh, topology, out, scope).maxMove;
  },
};

/** The exponent of time over size, from a thousand to a million. */
export async function growthRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [kernel, prepare] of Object.entries(JOBS)) {
    using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
    const small = prepare(1000, scope), large = prepare(1_000_000, scope);
    const [{ medians: [smallMs] }, { medians: [largeMs] }] = [await race([small], 40), await race([large], 3)];
    const figure = Math.log(largeMs / smallMs) / Math.log(1000);
    const times = `${smallMs.toFixed(2)} → ${largeMs.toFixed(0)} ms`;
    rows.push(
      row({
        kernel: `growth: ${kernel}`,
        size: "1k → 1M",
        against: "",
        ours: times,
        theirs: "",
        figure,
        unit: "",
        goal: GOAL,
      }),
    );
  }
  return rows;
}
