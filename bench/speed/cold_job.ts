/**
 * Does one job once, in a process that has done nothing else, and prints its CPU
 * time in milliseconds. Started by `cold.ts` with the name of the job.
 */
import { SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import { closestPoints } from "../../fitting/surface/closest_points.ts";
import { laplacianSmooth } from "../../fitting/smooth/laplacian_smooth.ts";
import { analyzeLdlt, factorLdlt, leaseLdltFactor, solveLdlt } from "../../fitting/solver/sparse_ldlt.ts";
import { buildTopology } from "../../fitting/topology/topology.ts";
import { vertexNormals } from "../../fitting/normals/vertex_normals.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { pointsNear } from "../../tests/fitting/_body.ts";
import { seeded, wavyGrid } from "../../tests/fitting/_meshes.ts";
import { laplacianSystem } from "../../tests/fitting/_sparse.ts";
import { body, shakenGrid } from "./meshes.ts";
import { cpuMs } from "./race.ts";

/** Queries of {@linkcode JOBS}. */
const POINTS = 20_000;

/** Prepares a job and returns what is timed. */
const JOBS: Record<string, (scope: BufferScope) => Promise<() => unknown> | (() => unknown)> = {
  build(scope) {
    const { mesh } = body();
    return () => SurfaceIndex.build(mesh, scope);
  },
  async threeBuild() {
    const { BufferAttribute, BufferGeometry } = await import("three"),
      { CENTER, MeshBVH } = await import("three-mesh-bvh");
    const { positions, indices } = body().mesh, geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3)).setIndex(new BufferAttribute(indices, 1));
    return () => new MeshBVH(geometry, { strategy: CENTER });
  },
  closest(scope) {
    const { mesh } = body(),
      points = pointsNear(mesh, POINTS, 0.02, seeded(1)),
      index = SurfaceIndex.build(mesh, scope);
    const out = {
      faces: new Int32Array(POINTS),
      barycentric: new Float32Array(3 * POINTS),
      distances: new Float32Array(POINTS),
    };
    return () => closestPoints(index, points, out, scope);
  },
  inside(scope) {
    const { mesh } = body(),
      points = pointsNear(mesh, POINTS, 0.02, seeded(1)),
      index = SurfaceIndex.build(mesh, scope);
    return () => {
      for (let i = 0; i < POINTS; i++) index.isInsideAt(points, i);
    };
  },
  normals(scope) {
    const mesh = shakenGrid(317), topology = buildTopology(mesh, scope, scope);
    return () => vertexNormals(mesh, topology, new Float32Array(mesh.positions.length), scope);
  },
  smooth(scope) {
    const mesh = shakenGrid(317), topology = buildTopology(mesh, scope, scope);
    return () => laplacianSmooth(mesh, topology, new Float32Array(mesh.positions.length), scope);
  },
  topology(scope) {
    const mesh = shakenGrid(317);
    return () => buildTopology(mesh, scope, scope);
  },
  ldlt(scope) {
    const system = laplacianSystem(wavyGrid(141), { mass: 1, stiffness: 1e-3 });
    const x = Float64Array.from({ length: 3 * system.diagonal.length }, (_, k) => k % 7);
    return () => {
      const factor = leaseLdltFactor(analyzeLdlt(system.pattern, scope, scope), scope);
      factorLdlt(system, factor, scope);
      solveLdlt(factor, x);
    };
  },
};

const [name, path] = Deno.args;
const job = await JOBS[name](new BufferScope(new BufferPool({ idleMs: Infinity, wasm: path !== "scalar" })));
const start = cpuMs();
job();
// deno-lint-ignore no-console -- the result
console.log(cpuMs() - start);
