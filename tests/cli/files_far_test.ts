import { assert, assertEquals } from "@std/assert";
import { parseRecipe, runRecipe } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { packGlb } from "../io/gltf/_builder.ts";
import { assertClose, readAll, reopen, type Surface } from "../io/gltf/_reading.ts";
import { ballBody, cap } from "../recipes/_small_run.ts";

const ALIGNED = `version: 1
inputs: { body: body.glb, garment: garment.glb }
steps:
  - align: { mesh: garment, to: body, units: m, upAxis: y }
  - recompute-normals: { mesh: garment }
outputs: { fitted: { mesh: garment, file: fitted.glb } }
`;

const PLACED = `version: 1
inputs: { body: body.glb, garment: garment.glb }
steps: [{ align: { mesh: garment, to: body, units: m, upAxis: y, scale: uniform } }]
outputs: { fitted: { mesh: garment, file: fitted.glb, with: [body] } }
`;

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

async function fitted(body: Uint8Array, garment: Uint8Array, text = RECIPE): Promise<Uint8Array> {
  const { recipe, issues } = await parseRecipe(text, { path: "recipe.yaml", steps: BUILT_IN_STEPS });
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

Deno.test("a recipe that aligns does the same seven kilometres away, body and garment both", async () => {
  const near = readAll(await reopen(await fitted(ballBody(), cap(0.98), ALIGNED)));
  const far = readAll(
    await reopen(await fitted(farAway(ballBody()), farAway(cap(0.98)), ALIGNED)),
    {},
    { origin: FAR },
  );
  assertClose(far.positions, near.positions, 1e-3); // a cap slides freely on a ball: rounding decides where it stops
});

/** How much the edges of the first faces of a surface grew, at least and at most. */
function growth(before: Surface, after: Surface): [number, number] {
  const length = ({ positions, indices }: Surface, c: number) =>
    Math.hypot(...[0, 1, 2].map((k) => positions[3 * indices[c] + k] - positions[3 * indices[c + 1] + k]));
  const corners = before.indices.keys().filter((c) => c % 3 < 2).toArray();
  const factors = corners.map((c) => length(after, c) / length(before, c));
  return [Math.min(...factors), Math.max(...factors)];
}

for (const [where, body, garment] of [["the garment", 0, 1], ["the body", 1, 0]] as const) {
  Deno.test(`align brings a garment to its body without a scratch when ${where} is seven kilometres away`, async () => {
    const at = (isFar: number, glb: Uint8Array) => isFar === 1 ? farAway(glb) : glb;
    const origin = body === 1 ? FAR : [0, 0, 0] as const, own = readAll(await reopen(cap(1.02)));
    const bytes = await fitted(at(body, ballBody()), at(garment, cap(1.02)), PLACED);
    const both = readAll(await reopen(bytes), {}, { origin }); // the body's file is the first
    const { vertexCount, faceCount } = own.header, first = both.header.vertexCount - vertexCount;
    const positions = both.positions.subarray(3 * first),
      indices = both.indices.slice(-3 * faceCount).map((v) => v - first);
    const [least, most] = growth(own, { ...own, positions, indices });
    assert(most / least < 1 + 1e-5, `edges grew by ${least} to ${most}`);
    assert(positions.every((x) => Math.abs(x) < 2), "it lies on the body");
    assertClose(both.positions.subarray(0, 3 * first), readAll(await reopen(ballBody())).positions, 1e-6);
  });
}
