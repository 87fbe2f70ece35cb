/**
 * Builds one index in a process that has built none, and prints the milliseconds.
 * Started by `surface_index_bench.ts`; argument: `three` or `ours`.
 */
import { readBody } from "../tests/fitting/_body.ts";
import { icosphere } from "../tests/fitting/_meshes.ts";

const mesh = readBody() ?? icosphere(5), { positions, indices } = mesh;
let build: () => unknown;
if (Deno.args[0] === "three") {
  const { BufferAttribute, BufferGeometry } = await import("three");
  const { CENTER, MeshBVH } = await import("three-mesh-bvh");
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  build = () => new MeshBVH(geometry, { strategy: CENTER });
} else {
  const { SurfaceIndex } = await import("../fitting/surface_index.ts");
  const { BufferScope } = await import("../pool/mod.ts");
  const scope = new BufferScope();
  build = () => SurfaceIndex.build(mesh, scope, scope);
}
const start = performance.now();
build();
// deno-lint-ignore no-console -- the result
console.log(performance.now() - start);
