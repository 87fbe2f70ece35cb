import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Inspection } from "../../cli/_inspect_file.ts";
import { INSPECT_SCHEMA } from "../../cli/_inspect_schema.ts";
import { fileIO } from "../../cli/file_io.ts";
import { inspectCommand } from "../../cli/inspect_command.ts";
import { ballBody } from "../recipes/_small_run.ts";
import { assertMatches } from "./_schema.ts";
import { packGlb, skinnedSquare, square } from "../io/gltf/_builder.ts";
import { DATA, hasData } from "../io/gltf/_data.ts";

/** Runs the command on bytes under a name. */
async function inspect(bytes: Uint8Array, path = "a.glb", json = false): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const files = (options: Parameters<typeof fileIO>[0]) => ({ ...fileIO(options), read: () => Promise.resolve(bytes) });
  const io = { print: (line: string) => lines.push(line), fault: () => {}, files };
  const code = await inspectCommand({ operands: [path], on: new Set(json ? ["json"] : []) }, io);
  return { code, lines };
}

async function inspectSample(name: string): Promise<string[]> {
  const path = new URL(name, DATA).pathname;
  const { lines } = await inspect(await Deno.readFile(path), name);
  assert(lines.length <= 40, `${lines.length} lines`);
  assert(lines.every((line) => line.length <= 120), lines.find((line) => line.length > 120));
  return lines;
}

/** A skinned square with something of everything. */
function everything() {
  const b = skinnedSquare();
  b.json.materials = [{ name: "cloth" }, {}];
  Object.assign(b.json.meshes[0], { extras: { targetNames: ["puff"] } });
  const [primitive] = b.json.meshes[0].primitives;
  primitive.material = 0;
  primitive.targets = [{ POSITION: b.positions(new Float32Array(12)) }];
  b.json.images = [{ uri: "cloth.png" }];
  b.json.extensionsUsed = ["ACME_glow"];
  b.json.animations = [{
    name: "walk",
    samplers: [{
      input: b.accessor(Float32Array.of(0, 1.5), "SCALAR", { min: [0], max: [1.5] }),
      output: b.accessor(new Float32Array(6), "VEC3"),
    }],
    channels: [{ sampler: 0, target: { node: 1, path: "translation" } }],
  }];
  b.mesh([{ attributes: { POSITION: 0 } }], { name: "unused" });
  return b;
}

Deno.test("inspect prints what is in a file, on one screen", async () => {
  const { code, lines } = await inspect(everything().glb());
  assertEquals(code, 0);
  const page = lines.join("\n");
  for (
    const part of [
      "a.glb: ",
      "binary glTF 2.0, made by tests",
      "card / square  cloth  4 vertices  2 faces  POSITION NORMAL JOINTS_0 WEIGHTS_0, skinned, morph",
      "1 mesh not in the scene: left alone",
      "up to 4 joints a vertex, 2 joints in use",
      "4 vertices at 4 places, 2 faces",
      "1 connected part, 1 opening",
      "1 × 1 × 0 m, if it is in metres",
      "rig: 2 joints from hip",
      "cloth, (no name)",
      "1, 1 in other files: taken along",
      "walk: 1.50 s, 1 channel",
      "ACME_glow",
      "nothing unusual",
    ]
  ) assertStringIncludes(page, part);
});

Deno.test("inspect --json prints the same as data", async () => {
  const { lines: [text] } = await inspect(everything().glb(), "a.glb", true), found: Inspection = JSON.parse(text);
  assertEquals(found.surface!.boundsMax, [1, 1, 0]);
  assertEquals([found.surface!.places, found.surface!.islandCount, found.surface!.boundaryLoops], [4, 1, 1]);
  assertEquals([found.surface!.volume, found.surface!.guess.units[0]], [null, "m"]);
  assertEquals(found.animations, [{ name: "walk", seconds: 1.5, channels: 1 }]);
  assertEquals(found.primitives[0].morphTargets, ["puff"]);
});

Deno.test("inspect --json prints what its schema says, of whatever file", async () => {
  const bad = square();
  bad.json.meshes[0].primitives[0].mode = 1;
  const files = [everything().glb(), square({ scale: [0.01, 0.01, -0.01] }).glb(), bad.glb(), ballBody()];
  for (const bytes of files) assertMatches(JSON.parse((await inspect(bytes, "a.glb", true)).lines[0]), INSPECT_SCHEMA);
});

Deno.test("inspect says what nodes do to their mesh, how to take one of several, and which vertices have no weight", async () => {
  const b = skinnedSquare(), { attributes } = b.json.meshes[0].primitives[0];
  attributes.WEIGHTS_0 = b.accessor(Float32Array.from([1, 0, 0, 0, ...Array(12).fill(0)]), "VEC4");
  b.node({ name: "hat", mesh: b.mesh([{ attributes: { POSITION: 0 }, mode: 5 }]), scale: [-0.5, 0.5, 0.5] });
  const page = (await inspect(b.glb(), "folder/a.glb")).lines.join("\n");
  for (
    const part of [
      "4 vertices  2 faces  POSITION, strip, node scales by 0.5 and node mirrors",
      "a recipe takes all as one mesh, or one: { file: a.glb, node: card }",
      "up to 4 joints a vertex, 2 joints in use",
      "3  vertices have no weight",
    ]
  ) assertStringIncludes(page, part);
});

Deno.test("inspect shows names that try to take over the terminal harmlessly, and long lists short", async () => {
  const b = square({ name: "\u001b[2Jgone\u0007" });
  b.json.materials = Array.from({ length: 100 }, (_, i) => ({ name: `material number ${i} ${"x".repeat(200)}` }));
  for (let n = 0; n < 50; n++) b.node({ mesh: 0, name: `copy ${n}` });
  const { lines } = await inspect(b.glb(), "evil\u001b[0m.glb");
  // deno-lint-ignore no-control-regex -- they are what must not be there
  assert(!/[\x00-\x1f\x7f]/.test(lines.join("")), JSON.stringify(lines.join("")));
  assert(lines.length < 40, `${lines.length} lines`);
  assertStringIncludes(lines.join("\n"), "and 43 more");
});

Deno.test("inspect ends with 3 when the surface cannot be used, says why, and shows the rest", async () => {
  const bad = square();
  bad.json.meshes[0].primitives[0].attributes.POSITION = bad.positions([0, 0, 0, NaN, 0, 0, 1, 1, 0, 0, 1, 0]);
  delete bad.json.accessors.at(-1).min;
  delete bad.json.accessors.at(-1).max;
  const { code, lines } = await inspect(bad.glb());
  assertEquals(code, 3);
  assertStringIncludes(lines.join("\n"), "cannot be used");
  assertStringIncludes(lines.join(" "), "vertex 1 is NaN, 0, 0");
  assertStringIncludes(lines.join("\n"), "card / square");
});

Deno.test("inspect refuses what is no mesh file in one sentence", async () => {
  await assertRejects(() => inspect(new Uint8Array(0)), SyntaxError, "a glTF file must not be empty");
  await assertRejects(() => inspect(packGlb("{}")), SyntaxError, "/asset");
});

const DIRT: readonly [file: string, row: RegExp][] = [
  ["degenerate_triangles", /20 +faces name a place twice +kept/],
  ["degenerate_triangles", /20 +faces have no area +kept/],
  ["non_manifold_edges", /12 +edges have three faces or more/],
  ["near_duplicate_vertices", /38 +places nearly repeat another/],
  ["isolated_vertices", /32 +vertices are used by no face/],
  ["inside_out", /68 +vertices repeat a place/],
  ["normals_against_winding", /1244 +faces have normals on their back/],
  ["mixed_winding", /248 +faces are turned against neighbours/],
  ["duplicate_triangles", /415 +faces are there twice/],
  ["all_vertices_unwelded", /3098 +vertices repeat a place/],
  ["morph_targets", /morph targets puff, lift/],
  ["extras_and_animation", /nod: 1.00 s, 1 channel/],
  ["quantized", /KHR_mesh_quantization \(required\)/],
  ["nan_vertices", /every vertex a face uses must be finite/],
  ["node_matrix", /looks like +metres; y up/],
];
for (const [file, row] of DIRT) {
  Deno.test({
    name: `inspect dirty/${file}.glb says ${row.source}`,
    ignore: !hasData,
    fn: async () => {
      const page = (await inspectSample(`dirty/${file}.glb`)).join("\n");
      assert(row.test(page.replaceAll(/\n +/g, " ")) || row.test(page), page);
    },
  });
}

Deno.test("inspect looks at 140,000 nodes below one", async () => {
  const b = square(), nodes = Array.from({ length: 140_000 }, () => ({}));
  b.json.nodes.push({ children: nodes.map((_, i) => i + 2) });
  for (const node of nodes) b.json.nodes.push(node);
  b.json.scenes[0].nodes.push(1);
  assertEquals((await inspect(b.glb())).code, 0);
});
