import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { buildTopology, penetration, SurfaceIndex } from "../../fitting/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { DATA, hasData, readSample } from "../io/gltf/_data.ts";
import { assertValid, readAll, reopen } from "../io/gltf/_reading.ts";
import { inFolder, meshtailor } from "./_process.ts";

const STEPS = {
  refit: `  - fit: { mesh: garment, from: source, to: body, clearance: 2mm }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }`,
  fit: `  - align: { mesh: garment, to: body }
  - fit: { mesh: garment, to: body, clearance: 2mm }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }`,
  transfer: `  - transfer-weights: { mesh: garment, from: body }`,
};

/** Real garments and bodies with known answers: what must hold whatever the fit. */
const CASES: {
  id: string;
  kind: keyof typeof STEPS;
  garment: string;
  body: string;
  source?: string;
  truth: string;
  mm: number;
}[] = [
  {
    id: "r02",
    kind: "refit",
    garment: "female_casualsuit01__A",
    body: "B2",
    source: "A",
    truth: "female_casualsuit01__B2",
    mm: 5.3,
  },
  { id: "r07", kind: "refit", garment: "cuirass_mid__A", body: "B1", source: "A", truth: "cuirass_mid__B1", mm: 16.6 },
  { id: "f01", kind: "fit", garment: "cuirass_low__misaligned_zup_x100", body: "A", truth: "cuirass_low__A", mm: 1 },
  {
    id: "t01",
    kind: "transfer",
    garment: "female_casualsuit01__B2",
    body: "B2",
    truth: "female_casualsuit01__B2",
    mm: 0.001,
  },
];

for (const { id, kind, garment, body, source, truth, mm } of CASES) {
  Deno.test({
    name: `cli on sample ${id}: whole, skinned, outside of the body and within ${mm} mm of the known answer`,
    ignore: !hasData,
    fn: () =>
      inFolder(async (folder) => {
        const at = (path: string) => new URL(path, DATA).pathname;
        const sourceInput = source === undefined ? "" : `source: ${at(`bodies/${source}.glb`)}, `;
        await Deno.writeTextFile(
          `${folder}/recipe.yaml`,
          `version: 1
inputs: { ${sourceInput}body: ${at(`bodies/${body}.glb`)}, garment: ${at(`garments/${garment}.glb`)} }
steps:
${STEPS[kind]}
outputs: { fitted: { mesh: garment, file: fitted.glb } }
`,
        );
        const { code, stderr } = await meshtailor([`${folder}/recipe.yaml`, "--out", folder, "-q"]);
        assertEquals([code, stderr], [0, ""]);
        const bytes = await Deno.readFile(`${folder}/fitted.glb`);
        await assertValid(bytes);

        const fitted = readAll(await reopen(bytes)), answer = readAll(await reopen(readSample(`truth/${truth}.glb`)));
        assertEquals(fitted.indices, answer.indices);
        assertEquals(meanDistance(fitted.positions, answer.positions) <= mm / 1000, true);
        assertSkinned(fitted.skinWeights!);
        assertNoCracks(fitted, readAll(await reopen(readSample(`garments/${garment}.glb`))));
        if (kind !== "transfer") assertOutside(fitted, readAll(await reopen(readSample(`bodies/${body}.glb`))));
      }),
  });
}

interface Surface {
  readonly positions: Float32Array;
  readonly indices: Uint32Array;
}

/** Mean distance between vertices of one order, metres; NaN where a coordinate is. */
function meanDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 3) sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]);
  return 3 * sum / a.length;
}

function assertSkinned(weights: Float32Array): void {
  for (let i = 0; i < weights.length; i += 4) {
    const sum = weights[i] + weights[i + 1] + weights[i + 2] + weights[i + 3];
    assert(Math.abs(sum - 1) <= 1e-6, `weights of vertex ${i / 4} sum to ${sum}`);
  }
}

/** What was one place in the input is one place in the result. */
function assertNoCracks({ positions: p }: Surface, input: Surface): void {
  using scope = new BufferScope();
  const { positionRemap, representative } = buildTopology(input, scope, scope);
  for (let v = 0; v < positionRemap.length; v++) {
    const first = representative[positionRemap[v]];
    for (let k = 0; k < 3; k++) assertEquals(p[3 * v + k], p[3 * first + k]);
  }
}

function assertOutside(garment: Surface, body: Surface): void {
  using scope = new BufferScope();
  const { insideVertices, insideArea, maxDepth } = penetration(garment, SurfaceIndex.build(body, scope), scope);
  assertEquals(insideVertices, 0);
  assertLessOrEqual(insideArea, 2e-4);
  assertLessOrEqual(maxDepth, 5e-4);
}
