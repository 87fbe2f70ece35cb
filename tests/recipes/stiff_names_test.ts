import { assertEquals, assertLess } from "@std/assert";
import { findMesh, openGltf, readMesh } from "../../io/mod.ts";
import { runRecipe } from "../../recipes/mod.ts";
import { isStiffName, isStiffPart } from "../../recipes/steps/_stiff_names.ts";
import type { TriangleMesh } from "../../fitting/mod.ts";
import { facesWhere } from "../fitting/_mannequin.ts";
import { icosphere } from "../fitting/_meshes.ts";
import { Builder } from "../io/gltf/_builder.ts";
import { ballBody, memoryIO, recipeOf } from "./_small_run.ts";

Deno.test("isStiffName() knows stiff words however they are written, and what bends in spite of them", () => {
  const stiff = ["Steel.001", "belt_buckle", "chestPlate", "BUTTONS", "ARMOUR", "metal-2", "shoe sole"];
  const soft = ["template", "Armature", "LeatherArmor", "chain_mail_steel", "environment", "m", "", "Coat", "metallic"];
  assertEquals(stiff.filter((name) => !isStiffName(name)), []);
  assertEquals(soft.filter(isStiffName), []);
});

Deno.test("isStiffPart() looks at every name, but a soft material bends", () => {
  const part = { firstFace: 0, faceCount: 1 };
  assertEquals(isStiffPart({ ...part, material: undefined, names: ["prim", "Plates"] }), true);
  assertEquals(isStiffPart({ ...part, material: "m", names: ["Coat", "Scene"] }), false);
  assertEquals(isStiffPart({ ...part, material: "Cloth", names: ["armor"] }), false);
});

const SHIRT = facesWhere(icosphere(3, 1.01), (_x, y) => Math.abs(y) < 0.8);
const PLATE = facesWhere(icosphere(3, 1.03), (x, y, z) => z > 0.85 && Math.abs(x) < 0.5 && Math.abs(y) < 0.5);

/** A shirt with a separate plate in front, each of a material, in a file. */
function armored(materials: readonly [shirt: string, plate: string]): Uint8Array {
  const file = new Builder();
  file.json.materials = materials.map((name) => ({ name }));
  const primitive = ({ positions, indices }: TriangleMesh, material: number) => ({
    attributes: { POSITION: file.positions(positions) },
    indices: file.accessor(indices, "SCALAR"),
    material,
  });
  file.node({ mesh: file.mesh([primitive(SHIRT, 0), primitive(PLATE, 1)]), name: "kit" });
  return file.glb();
}

/** How unevenly the edges of the plate grew, and what the step says. */
async function fitted(materials: readonly [string, string], body = ballBody(), options = "") {
  const recipe = await recipeOf(`version: 1
inputs: { body: body.glb, kit: kit.glb }
steps:
  - fit: { mesh: kit, to: body, clearance: 40mm${options} }
outputs: { fitted: { mesh: kit, file: kit-fitted.glb } }
`);
  const io = memoryIO({ "body.glb": body, "kit.glb": armored(materials) });
  const { report } = await runRecipe(recipe, { io });
  const document = await openGltf(io.written.get("kit-fitted.glb")!, { path: "kit-fitted.glb" });
  const header = findMesh(document), positions = new Float32Array(3 * header.vertexCount);
  readMesh(document, header, { positions, indices: new Uint32Array(3 * header.faceCount) });
  const now = positions.subarray(SHIRT.positions.length), ratios: number[] = [];
  const length = (p: Float32Array, a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((k) => p[3 * a + k] - p[3 * b + k]));
  for (let c = 0; c < PLATE.indices.length; c += 3) {
    const [a, b] = PLATE.indices.subarray(c, c + 2);
    ratios.push(length(now, a, b) / length(PLATE.positions, a, b));
  }
  return {
    spread: Math.max(...ratios) / Math.min(...ratios),
    step: report.ops.find(({ label }) => label === "fit kit")!,
  };
}

Deno.test("fit keeps the shape of a separate part of steel, and says so", async () => {
  const { spread, step } = await fitted(["Wool", "Steel"]);
  assertEquals(step.measures.rigidByHint, 1);
  assertLess(spread, 1.0005);
});

for (
  const [name, materials, options] of [
    ["no part of wool", ["Wool", "Wool"], ""],
    ["not the whole, steel or not", ["Steel", "Steel"], ""],
    ["nothing by name without auto", ["Wool", "Steel"], ", rigid: none"],
  ] as const
) {
  Deno.test(`fit keeps the shape of ${name}`, async () => {
    const { spread, step } = await fitted(materials, undefined, options);
    assertEquals(step.measures.rigidByHint, 0);
    assertLess(1.001, spread);
  });
}
