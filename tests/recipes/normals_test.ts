import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { NodeIO } from "@gltf-transform/core";
import { vertexNormals } from "../../fitting/normals/vertex_normals.ts";
import { defineStep, PlanError, runRecipe } from "../../recipes/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { topologyOf } from "../fitting/_more_meshes.ts";
import { tube } from "../fitting/_tube.ts";
import { Builder } from "../io/gltf/_builder.ts";
import { memoryIO, recipeOf } from "./_small_run.ts";

/** Lays a mesh on its back, and makes it twice as wide. */
const lay = defineStep({
  name: "lay",
  summary: "Turns a mesh",
  writes: ["positions"],
  run: ({ mesh: { positions: p }, out }) => {
    for (let i = 0; i < p.length; i += 3) out.positions.set([2 * p[i], -p[i + 2], p[i + 1]], i);
    return {};
  },
});

const TUBE = tube(24, 4), COUNT = TUBE.positions.length / 3;

function normalsOf(positions: Float32Array): Float32Array {
  using scratch = new BufferScope();
  const out = new Float32Array(positions.length);
  vertexNormals({ positions, indices: TUBE.indices }, topologyOf(TUBE), out, scratch);
  return out;
}

/** A tube with what a garment may carry; its node is turned and mirrored. */
function file(normals: Float32Array | null = normalsOf(TUBE.positions), hasTangents = true): Uint8Array {
  const file = new Builder();
  const uvs = Float32Array.from(
    { length: 2 * COUNT },
    (_, i) => i % 2 === 0 ? ((i >> 1) % 24) / 24 : TUBE.positions[3 * (i >> 1) + 1],
  );
  const delta = (normals ?? TUBE.positions).map((value) => -0.5 * value);
  const mesh = file.mesh([{
    attributes: {
      POSITION: file.positions(TUBE.positions),
      TEXCOORD_0: file.accessor(uvs, "VEC2"),
      ...normals === null ? {} : { NORMAL: file.accessor(normals, "VEC3") },
      ...hasTangents
        ? {
          TANGENT: file.accessor(
            Float32Array.from({ length: 4 * COUNT }, (_, i) => i % 4 === 1 || i % 4 === 3 ? 1 : 0),
            "VEC4",
          ),
        }
        : {},
    },
    indices: file.accessor(TUBE.indices, "SCALAR"),
    targets: [{
      POSITION: file.accessor(delta, "VEC3"),
      ...normals === null ? {} : { NORMAL: file.accessor(delta, "VEC3") },
    }],
  }]);
  file.node({ mesh, scale: [-1, 1, 1] });
  return file.glb();
}

/** What a file holds after a recipe. */
async function after(steps: string, bytes: Uint8Array) {
  const text = `version: 1\ninputs: { g: g.glb }\nsteps:\n${steps}\noutputs: { o: { mesh: g, file: o.glb } }\n`;
  const { outputs, report } = await runRecipe(await recipeOf(text, [lay]), { inputs: { g: bytes }, io: memoryIO({}) });
  assert(report.ops.every(({ peakBytes, plannedBytes }) => peakBytes === plannedBytes));
  const [primitive] = (await new NodeIO().readBinary(outputs.get("o")!)).getRoot().listMeshes()[0].listPrimitives();
  const read = (name: string) => primitive.getAttribute(name)?.getArray() as Float32Array | undefined;
  const target = primitive.listTargets()[0]?.getAttribute("NORMAL")?.getArray() as Float32Array | undefined;
  return { positions: read("POSITION")!, normals: read("NORMAL")!, tangents: read("TANGENT"), target, report };
}

Deno.test("recompute-normals writes normals, tangents and the normals of morph targets that fit what was moved", async () => {
  const { positions, normals, tangents, target } = await after(
    "  - lay: { mesh: g }\n  - recompute-normals: { mesh: g }",
    file(),
  );
  const expected = normalsOf(positions);
  for (let v = 0; v < COUNT; v++) {
    const [x, y, z] = normals.subarray(3 * v, 3 * v + 3), [a, b, c, w] = tangents!.subarray(4 * v, 4 * v + 4);
    for (let k = 0; k < 3; k++) {
      assertAlmostEquals(normals[3 * v + k], expected[3 * v + k], 1e-5);
      assertAlmostEquals(target![3 * v + k], -0.5 * normals[3 * v + k], 1e-4);
    }
    assertAlmostEquals(x * a + y * b + z * c, 0, 1e-5);
    if (v % 24 === 0 || v % 24 === 23) continue; // where the texture runs back
    const next = 3 * (v % 24 < 12 ? v + 1 : v - 1), along = v % 24 < 12 ? 1 : -1;
    const way = [0, 1, 2].map((k) => along * (positions[next + k] - positions[3 * v + k]));
    assert((a * way[0] + b * way[1] + c * way[2]) / Math.hypot(...way) > 0.9, "u grows along it");
    // v falls along the bitangent: the file's v grows with what was up, which is z now
    assert(w * (x * b - y * a) < -0.9);
  }
});

Deno.test("recompute-normals keeps normals set by hand, or not, as mode has it", async () => {
  const down = Float32Array.from({ length: 3 * COUNT }, (_, i) => i % 3 === 1 ? -1 : 0);
  const steps = (mode: string) => `  - lay: { mesh: g }\n  - recompute-normals: { mesh: g, mode: ${mode} }`;
  for (const mode of ["auto", "keep"]) {
    const { normals, report } = await after(steps(mode), file(down));
    for (let i = 0; i < normals.length; i += 3) assertAlmostEquals(normals[i + 2], -1, 1e-3); // down is back now
    assertEquals(report.ops.find(({ label }) => label.startsWith("recompute"))!.measures.carried, COUNT);
  }
  const { normals, positions } = await after(steps("recompute"), file(down));
  const expected = normalsOf(positions);
  normals.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-5));
});

Deno.test("recompute-normals with only leaves the other normals to the last bit", async () => {
  const bytes = file(Float32Array.from({ length: 3 * COUNT }, (_, i) => i % 3 === 1 ? 1 : 0));
  const { normals } = await after(
    "  - select: { mesh: g, box: { y: { max: 0.5m } } }\n    as: low\n  - recompute-normals: { mesh: g, mode: recompute, only: low }",
    bytes,
  );
  for (let v = 0; v < COUNT; v++) {
    assertEquals([...normals.subarray(3 * v, 3 * v + 3)].join() === "0,1,0", TUBE.positions[3 * v + 1] > 0.5);
  }
});

Deno.test("recompute-normals takes files without normals and tangents, but for keep", async () => {
  const { normals, tangents } = await after("  - recompute-normals: { mesh: g }", file(null, false));
  assertEquals([normals.length, tangents], [3 * COUNT, undefined]);
  const error = await assertRejects(
    () => after("  - recompute-normals: { mesh: g, mode: keep }", file(null, false)),
    PlanError,
  );
  assertEquals(
    error.message,
    '"recompute-normals" needs the normals of "g", which its file does not have: write "mode: recompute"',
  );
});
