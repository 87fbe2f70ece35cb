import { assert, assertEquals } from "@std/assert";
import { parseRecipe, runRecipe } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { packGlb } from "../io/gltf/_builder.ts";
import { assertClose, readAll, reopen } from "../io/gltf/_reading.ts";
import { ballBody, cap } from "../recipes/_small_run.ts";

const RECIPE = `version: 1
inputs: { body: body.glb, garment: garment.glb }
steps:
  - smooth: { mesh: garment, iterations: 3 }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }
outputs: { fitted: { mesh: garment, file: fitted.glb } }
`;

const FAR = [7000.123, 12.5, -5000.777] as const;

/** The same scene, hung from a node far away. */
function farAway(glb: Uint8Array): Uint8Array {
  const length = new DataView(glb.buffer).getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + length)));
  json.nodes.push({ name: "far", translation: FAR, children: json.scenes[0].nodes });
  json.scenes[0].nodes = [json.nodes.length - 1];
  return packGlb(JSON.stringify(json), glb.slice(28 + length));
}

async function fitted(body: Uint8Array, garment: Uint8Array): Promise<Uint8Array> {
  const { recipe, issues } = await parseRecipe(RECIPE, { path: "recipe.yaml", steps: BUILT_IN_STEPS });
  assertEquals(issues, []);
  return (await runRecipe(recipe!, { inputs: { body, garment } })).outputs.get("fitted")!;
}

Deno.test("a recipe does the same seven kilometres away, to a thousandth of a millimetre", async () => {
  const near = readAll(await reopen(await fitted(ballBody(), cap(0.98))));
  const far = readAll(
    await reopen(await fitted(farAway(ballBody()), farAway(cap(0.98)))),
    {},
    { origin: FAR },
  );
  assertClose(far.positions, near.positions, 1e-6);
  assert(far.positions.some((value) => Math.abs(value) > 0.5));
});
