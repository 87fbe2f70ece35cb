import { assert, assertEquals } from "@std/assert";
import { hcSmooth } from "../../fitting/smooth/hc_smooth.ts";
import { laplacianSmooth } from "../../fitting/smooth/laplacian_smooth.ts";
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { taubinSmooth } from "../../fitting/smooth/taubin_smooth.ts";
import { buildTopology } from "../../fitting/topology/topology.ts";
import { vertexNormals, type VertexNormalsOptions } from "../../fitting/normals/vertex_normals.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { readBody } from "./_body.ts";
import { icosphere, meshOf, seeded, unitCube, wavyGrid } from "./_meshes.ts";
import { shuffled, unwelded } from "./_more_meshes.ts";
import { degenerateSoup, triangleSoup } from "./_surface_oracle.ts";

/** Two layers back to back, the second turned: their votes cancel. */
function backToBack(): TriangleMesh {
  const { positions, indices } = wavyGrid(4), count = positions.length / 3;
  const turned = [...indices].map((_, c) => count + indices[c - c % 3 + 2 - c % 3]);
  return meshOf([...positions, ...positions], [...indices, ...turned]);
}

const body = readBody();
const SHAPES: Record<string, TriangleMesh> = {
  "a cube": unitCube(),
  "a cube of loose faces": unwelded(unitCube()),
  "a sphere": icosphere(3),
  "a sheet in random order": shuffled(wavyGrid(40), 1).mesh,
  "a soup": triangleSoup(301, 7),
  "degenerate faces": degenerateSoup(8),
  "two layers back to back": backToBack(),
  "unused vertices": meshOf([...icosphere(1).positions, 7, 7, 7, 8, 8, 8], [...icosphere(1).indices]),
  "no faces": meshOf([1, 2, 3], []),
  ...(body === undefined ? {} : { "a body": body }),
};

/** What `run` writes with and without SIMD. */
function onBothPaths(run: (scope: BufferScope) => unknown[]): [unknown[], unknown[]] {
  const [simd, scalar] = [true, false].map((wasm) => {
    using scope = new BufferScope(new BufferPool({ wasm, idleMs: Infinity }));
    return run(scope);
  });
  return [simd, scalar];
}

const NORMALS: VertexNormalsOptions[] = [
  {},
  { weighting: "area" },
  { creaseRad: 0.9 },
  { creaseRad: 0 },
  { weighting: "area", creaseRad: 1.5 },
];
for (const [name, mesh] of Object.entries(SHAPES)) {
  for (const scale of [1, 1e6, 1e-6]) {
    const positions = mesh.positions.map((x) => scale * x), { indices } = mesh;
    Deno.test(`normals with SIMD are those of TypeScript to the last bit: ${name} times ${scale}`, () => {
      for (const options of NORMALS) {
        const [simd, scalar] = onBothPaths((scope) => {
          const topology = buildTopology({ positions, indices }, scope, scope),
            out = new Float32Array(positions.length);
          const { verticesWithoutNormal } = vertexNormals({ positions, indices }, topology, out, scope, options);
          return [verticesWithoutNormal, ...new Uint32Array(out.buffer)];
        });
        assertEquals(simd, scalar);
      }
    });
    Deno.test(`smoothing with SIMD is that of TypeScript to the last bit: ${name} times ${scale}`, () => {
      for (const smooth of [laplacianSmooth, taubinSmooth, hcSmooth]) {
        for (const boundary of ["pinned", "free", "along"] as const) {
          const [simd, scalar] = onBothPaths((scope) => {
            const topology = buildTopology({ positions, indices }, scope, scope);
            const out = new Float32Array(positions.length), options = { iterations: 3, boundary };
            const { maxMove, meanMove } = smooth({ positions, indices }, topology, out, scope, options);
            return [maxMove, meanMove, ...new Uint32Array(out.buffer)];
          });
          assertEquals(simd, scalar);
        }
      }
    });
  }
}

Deno.test("normals and smoothing use the kernels again: no new memory the second time", () => {
  using pool = new BufferPool({ idleMs: Infinity });
  using scope = new BufferScope(pool);
  const mesh = icosphere(3),
    topology = buildTopology(mesh, scope, scope),
    out = new Float32Array(mesh.positions.length);
  const run = () => {
    vertexNormals(mesh, topology, out, scope);
    laplacianSmooth(mesh, topology, out, scope);
  };
  run();
  const { allocatedBytes } = pool.getStats(), random = seeded(3);
  for (let k = 0; k < 3; k++) {
    mesh.positions[k] += random();
    run();
  }
  assertEquals(pool.getStats().allocatedBytes, allocatedBytes);
  assert(out.every(Number.isFinite));
});
