/**
 * What every step stands on: connectivity, normals, smoothing, stretch. Peer
 * for normals: three's `BufferGeometry.computeVertexNormals`, which weighs by
 * area and knows no seams.
 *
 * `deno bench --allow-env bench/mesh_kernels_bench.ts`
 */
import { BufferAttribute, BufferGeometry } from "three";
import { edgeStretch } from "../fitting/edge_stretch.ts";
import { laplacianSmooth } from "../fitting/laplacian_smooth.ts";
import type { TriangleMesh } from "../fitting/mesh.ts";
import { smoothFieldInto } from "../fitting/smooth_field.ts";
import { taubinSmooth } from "../fitting/taubin_smooth.ts";
import { buildTopology } from "../fitting/topology.ts";
import { vertexNormals, type VertexNormalsOptions } from "../fitting/vertex_normals.ts";
import { BufferScope } from "../pool/mod.ts";
import { meshOf, seeded, wavyGrid } from "../tests/fitting/_meshes.ts";
import { shuffled, unwelded } from "../tests/fitting/_more_meshes.ts";

const scratch = new BufferScope();
let sink = 0; // read at exit, so nothing is optimized away
globalThis.addEventListener("unload", () => {
  if (Number.isNaN(sink)) throw new RangeError("A benchmark computed NaN");
});

/** A wavy sheet with every coordinate shaken, as no artist's faces are alike. */
function shakenGrid(n: number): TriangleMesh {
  const { positions, indices } = wavyGrid(n), random = seeded(1);
  const amplitude = 0.5 / n;
  for (let i = 0; i < positions.length; i++) {
    positions[i] += amplitude * (random() - 0.5);
  }
  return { positions, indices };
}

const sheets: Record<string, TriangleMesh> = {
  "1k": shakenGrid(32),
  "100k": shakenGrid(317),
  "100k shuffled": shuffled(shakenGrid(317), 1).mesh,
  "100k unwelded": unwelded(shakenGrid(130)),
  "100k at one place": meshOf(new Float32Array(300_000), []),
};

for (const [name, mesh] of Object.entries(sheets)) {
  Deno.bench(`buildTopology ${name}`, { group: "topology" }, () => {
    using out = scratch.frame();
    sink += buildTopology(mesh, out, scratch).edgeCount;
  });
}

for (const size of ["1k", "100k", "100k unwelded"]) {
  const mesh = sheets[size], group = `normals ${size}`;
  const topology = buildTopology(mesh, new BufferScope(), scratch);
  const out = new Float32Array(mesh.positions.length);
  const geometry = new BufferGeometry()
    .setAttribute("position", new BufferAttribute(mesh.positions, 3))
    .setIndex(new BufferAttribute(mesh.indices, 1));
  Deno.bench(`three ${size}`, { group, baseline: true }, () => {
    geometry.computeVertexNormals();
    sink += geometry.getAttribute("normal").array[0];
  });
  const variants: VertexNormalsOptions[] = [
    { weighting: "area" },
    { weighting: "angle" },
    { weighting: "angle", creaseRad: 0.9 },
  ];
  for (const options of variants) {
    const name = `vertexNormals ${size} ${JSON.stringify(options)}`;
    Deno.bench(name, { group }, () => {
      vertexNormals(mesh, topology, out, scratch, options);
      sink += out[0];
    });
  }
}

for (const size of ["1k", "100k", "100k shuffled"]) {
  const mesh = sheets[size], group = `smoothing ${size}`;
  const topology = buildTopology(mesh, new BufferScope(), scratch);
  const out = new Float32Array(mesh.positions.length);
  const field = new Float64Array(3 * topology.weldedCount);
  const spare = new Float64Array(field.length);
  Deno.bench(`laplacianSmooth ${size}, 10 iterations`, {
    group,
    baseline: true,
  }, () => {
    sink += laplacianSmooth(mesh, topology, out, scratch).maxMove;
  });
  Deno.bench(`taubinSmooth ${size}, 10 iterations`, { group }, () => {
    sink += taubinSmooth(mesh, topology, out, scratch).maxMove;
  });
  const options = { iterations: 10 };
  Deno.bench(`smoothFieldInto ${size}, 10 passes`, { group }, () => {
    smoothFieldInto(topology, field, spare, options);
    sink += field[0];
  });
  Deno.bench(`edgeStretch ${size}`, { group }, () => {
    sink += edgeStretch(mesh, out, topology, scratch).max;
  });
}
